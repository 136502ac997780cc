"""How contacts' numbers and the pairs (互建) stood at the end of a period, for each district and for all: each figure with its entries.

Units and contacts are those the directory has when it is counted, and count by the entries that listed them; a proven number by the
answer that proved it, or by the listing that brought the date of its proof; a pair by what its sides said last. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any, NamedTuple

from dutydesk.domain import pair_lists, pair_rules
from dutydesk.domain.circulars import Figure, Item
from dutydesk.domain.coverage import COVERED, ROLES, Proven, first_two, proven_at, stands
from dutydesk.domain.directory import Contact, Directory
from dutydesk.domain.pairs import PairAsked, PairConfirmed, PairDisputed, PairLapsed
from dutydesk.domain.tallies import UnitTally
from dutydesk.domain.verbs import Event

NAMES = ("units", "covered", "contacts", "proven", "pairs", "pairs_confirmed", "pairs_half", "pairs_disputed")
_STANDING = {
    "confirmed": "pairs_confirmed",
    "town_only": "pairs_half",
    "unit_only": "pairs_half",
    "disputed": "pairs_disputed",
}
Seqs = dict[tuple[str, str], list[int]]  # (district, figure) → entries


class Proof(NamedTuple):
    """When which number answered last, and the entry that says so."""

    at: int
    number: str
    seq: int


class PairThen(NamedTuple):
    """A pair's row as it stood, and the entries of what its sides had said last."""

    body: Mapping[str, Any]
    seqs: tuple[int, ...]


class Known(NamedTuple):
    """What the journal says up to the end: proofs by contact, pairs by id, and the last entry that listed each unit and contact."""

    proofs: Mapping[str, Proof]
    pairs: Mapping[str, PairThen]
    listed: Mapping[str, int]  # by stream


class Days(NamedTuple):
    """For how long a proof, and what a side said, holds."""

    proving: int
    pairing: int


def pair_then(id: str, entries: Iterable[tuple[int, Event]]) -> PairThen | None:
    """A pair from its entries up to the end; None where it had not begun."""
    history, said = list(entries), dict[str, int]()
    for seq, event in history:
        match event:
            case PairLapsed():
                said.clear()
            case PairAsked():
                said.pop(event.side, None)
            case PairConfirmed() | PairDisputed():
                said[event.side] = seq
    state = reduce(pair_rules.book.evolve, (event for _seq, event in history), pair_rules.book.blank)
    row = pair_rules.book.project(id, state)
    return PairThen(row.body, tuple(sorted(said.values()))) if row else None


def by_district(directory: Directory, known: Known, at: int, days: Days) -> tuple[UnitTally, ...]:
    """The districts in the order of their codes, and after them all together; nothing where the directory has nobody to cover."""
    seqs, counts = Seqs(), dict[tuple[str, str], int]()
    for district, figure, found in (*_numbers(directory, known, at, days), *_pairs(directory, known, at, days)):
        for key in ((district, figure), ("", figure)):
            counts[key] = counts.get(key, 0) + 1
            seqs.setdefault(key, []).extend(found)
    named = {unit.code: unit.name for unit in directory.units}
    places = sorted({place for place, _figure in counts if place})
    rows = [*places, ""] if places else []
    return tuple(_row(place, named.get(place, place) if place else "合计", counts, seqs) for place in rows)


def _row(place: str, name: str, counts: Mapping[tuple[str, str], int], seqs: Seqs) -> UnitTally:
    figures = tuple(
        Figure(name=figure, value=counts.get((place, figure), 0), seqs=tuple(sorted(seqs.get((place, figure), ()))))
        for figure in NAMES
    )
    return UnitTally(unit=place, name=name, kind="district" if place else "all", division=place, figures=figures)


def _numbers(directory: Directory, known: Known, at: int, days: Days) -> Iterator[tuple[str, str, list[int]]]:
    """For each town and enterprise: (district, figure, entries) once for each figure it counts for."""
    proven = {contact: Proven(proof.at, proof.number) for contact, proof in known.proofs.items()}
    for unit in (unit for unit in directory.units if unit.kind in COVERED and len(unit.division) >= 6):
        place, held = unit.division[:6], list[int]()
        yield place, "units", _listing(known, f"unit/{unit.code}")
        people = first_two(directory.contacts_of.get(unit.code, ()))
        for contact in people:
            yield place, "contacts", _listing(known, f"contact/{contact.id}")
            if stands(contact, proven, at, days.proving):
                held += (one := _proved_by(contact, proven, known))
                yield place, "proven", one
        if sum(stands(contact, proven, at, days.proving) for contact in people) == len(ROLES):
            yield place, "covered", held


def _proved_by(contact: Contact, proven: Mapping[str, Proven], known: Known) -> list[int]:
    """The answer that proved it, where it is the later one; else the listing that says when it was verified."""
    proof = known.proofs.get(contact.id)
    answered = proof is not None and proven_at(contact, proven) == proof.at
    return [proof.seq] if proof and answered else _listing(known, f"contact/{contact.id}")


def _pairs(directory: Directory, known: Known, at: int, days: Days) -> Iterator[tuple[str, str, list[int]]]:
    for pair in (pair for pair in pair_lists.pairs(directory) if len(pair.unit.division) >= 6):
        place, then = pair.unit.division[:6], known.pairs.get(pair.id)
        yield place, "pairs", _listing(known, f"unit/{pair.unit.code}")
        status, *_ = pair_lists.standing(pair, then.body if then else None, at, days.pairing)
        if then and (figure := _STANDING.get(status)):
            yield place, figure, list(then.seqs)


def _listing(known: Known, stream: str) -> list[int]:
    return [known.listed[stream]] if stream in known.listed else []


def item(found: Iterable[UnitTally], days: Days) -> tuple[Item, ...]:
    """One paragraph of the circular; none where nobody is to be covered."""
    whole = next((one.counts() for one in found if one.kind == "all"), None)
    if whole is None:
        return ()
    text = (
        f"镇街、企业{whole['units']}家,甲、乙角号码{days.proving}天内都核验过的{whole['covered']}家;"
        f"甲、乙角联络员{whole['contacts']}人,号码{days.proving}天内核验过的{whole['proven']}人。"
    )
    if whole["pairs"]:
        text += (
            f"镇街与单位互建{whole['pairs']}对,双方已确认{whole['pairs_confirmed']}对,"
            f"仅一方确认{whole['pairs_half']}对,有误待改{whole['pairs_disputed']}对。"
        )
    return (Item(text=text, stream="", section="coverage"),)
