"""Contacts' numbers and pairs by district, as a period's circular counts them: each figure with the entries it was counted from."""

from dutydesk.clock import DAY
from dutydesk.domain.coverage_figures import Days, Known, Proof, by_district, item, pair_then
from dutydesk.domain.directory import Contact, Directory, Unit
from dutydesk.domain.pairs import AskPairs, MarkPair, PairAsked, PairConfirmed
from dutydesk.domain.proofs import ContactProven
from dutydesk.domain.tallies import UnitTally
from dutydesk.domain.verbs import split
from tests.domain.test_pairs import P1, both, desk
from tests.kit import World, phone

DAYS = Days(proving=90, pairing=180)


def known(w: World, upto: int | None = None) -> Known:
    """What a journal says, its entries numbered from 0."""
    journal = [(n, stream, event) for n, (stream, event, _) in enumerate(w.journal) if upto is None or n <= upto]
    proofs = {e.contact: Proof(e.at, str(e.number), n) for n, _, e in journal if isinstance(e, ContactProven)}
    names = {split(stream)[1] for _, stream, _ in journal if split(stream)[0] == "pair"}
    pairs = {id: pair_then(id, [(n, e) for n, stream, e in journal if stream == f"pair/{id}"]) for id in names}
    listed = {stream: n for n, stream, e in journal if type(e).__name__ in ("UnitListed", "ContactListed")}
    return Known(proofs, {id: one for id, one in pairs.items() if one}, listed)


def counted(w: World, upto: int | None = None) -> dict[str, UnitTally]:
    return {one.unit: one for one in by_district(w.listed, known(w, upto), w.at, DAYS)}


def types(w: World, one: UnitTally, name: str) -> list[str]:
    found = next(figure for figure in one.figures if figure.name == name)
    return [type(w.journal[seq][1]).__name__ for seq in found.seqs]


def test_what_nobody_has_said_yet_counts_as_there_and_not_as_proven() -> None:
    counts = counted(desk(2))["370281"].counts()
    assert (counts["units"], counts["covered"], counts["contacts"], counts["proven"]) == (3, 0, 4, 0)
    assert (counts["pairs"], counts["pairs_confirmed"], counts["pairs_disputed"]) == (2, 0, 0)


def test_a_confirmed_pair_counts_by_the_two_confirmations_and_proves_both_numbers() -> None:
    w = desk()
    both(w)
    district = counted(w)["370281"]
    assert {name: district.counts()[name] for name in ("pairs_confirmed", "proven")} == {
        "pairs_confirmed": 1,
        "proven": 2,
    }
    assert types(w, district, "pairs_confirmed") == ["PairConfirmed", "PairConfirmed"]
    assert types(w, district, "proven") == ["ContactProven", "ContactProven"]
    assert types(w, district, "units") == ["UnitListed", "UnitListed"]
    assert counted(w)[""].counts() == district.counts(), "all together, of the one district there is"


def test_one_side_and_a_dispute_are_told_apart_and_the_later_word_counts() -> None:
    w = desk()
    said = {"town": "T1", "unit": "E-1", "side": "town"}
    w.handle(P1, MarkPair.model_validate(said | {"right": True}))
    assert counted(w)["370281"].counts()["pairs_half"] == 1
    w.handle(P1, MarkPair.model_validate(said | {"right": False, "text": "换人了"}))
    district = counted(w)["370281"]
    assert (district.counts()["pairs_half"], district.counts()["pairs_disputed"]) == (0, 1)
    assert types(w, district, "pairs_disputed") == ["PairDisputed"]


def test_a_side_that_is_asked_anew_has_said_nothing_yet() -> None:
    w = desk()
    both(w)
    pair = [(n, event) for n, (stream, event, _) in enumerate(w.journal) if stream == P1]
    (town,) = [event for _, event in pair if isinstance(event, PairAsked) and event.side == "town"]
    (unit,) = [n for n, event in pair if isinstance(event, PairConfirmed) and event.side == "unit"]
    found = pair_then(split(P1)[1], [*pair, (len(w.journal), town)])
    assert found is not None
    assert (found.seqs, found.body["sides"]["town"]["status"]) == ((unit,), "asking")


def test_what_came_after_the_period_is_not_in_it() -> None:
    w = desk()
    end = len(w.journal) - 1
    both(w)
    assert counted(w, end)["370281"].counts()["pairs_confirmed"] == 0
    assert counted(w)["370281"].counts()["pairs_confirmed"] == 1


def test_what_was_proven_or_confirmed_long_ago_counts_no_more() -> None:
    w = desk()
    both(w)
    w.at += 91 * DAY
    assert (counted(w)["370281"].counts()["proven"], counted(w)["370281"].counts()["pairs_confirmed"]) == (0, 1)
    w.at += 90 * DAY
    assert counted(w)["370281"].counts()["pairs_confirmed"] == 0


def test_a_unit_is_covered_by_an_a_and_a_b_and_a_date_of_the_list_counts_by_the_listing() -> None:
    unit = Unit(code="T9", name="九镇", kind="town", division="370281009", parent="370281")
    people = (
        Contact(id="A9", unit="T9", name="甲", role="A", phones=(phone(90),), verified_on="2026-11-01"),
        Contact(id="B9", unit="T9", name="乙", role="B", phones=(phone(91),), verified_on="2026-11-01"),
    )
    listed = Directory(units=(unit,), contacts=people)
    found = Known({}, {}, {"unit/T9": 1, "contact/A9": 2, "contact/B9": 3})
    district, whole = by_district(listed, found, desk().at, DAYS)
    assert district.counts() | {"covered": 1, "proven": 2, "pairs": 0} == district.counts()
    assert next(one.seqs for one in district.figures if one.name == "covered") == (2, 3)
    assert item((district, whole), DAYS)[0].text == (
        "镇街、企业1家,甲、乙角号码90天内都核验过的1家;甲、乙角联络员2人,号码90天内核验过的2人。"
    )


def test_a_desk_without_towns_and_enterprises_has_no_such_section() -> None:
    assert by_district(Directory(), Known({}, {}, {}), 0, DAYS) == ()
    assert item((), DAYS) == ()


def test_an_asking_alone_counts_for_nothing() -> None:
    w = desk()
    w.handle("pairing/T1", AskPairs(unit="T1"))

    assert {n: v for n, v in counted(w)["370281"].counts().items() if n.startswith("pairs_") and v} == {}
