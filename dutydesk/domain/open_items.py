"""What is open and goes to the next watch, found by kind of row and told in one line each.

Every kind named here is listed whether or not it exists yet; a row says itself what it is (number, title, text, status, due). What only
becomes a burden at times (a delivery that nobody knows about) has a rule of its own here.
"""

from collections.abc import Callable, Iterable
from typing import Any

from dutydesk.domain.deliveries import UNREACHED
from dutydesk.domain.handovers import Heap, Item
from dutydesk.domain.verbs import Found, Look

KINDS = (
    "incident",
    "obligation",
    "submission",
    "dispatch",
    "page",
    "question",
    "verification",
    "instruction",
    "message",
    "delivery",
    "check",
    "checkin",
    "inward",
    "downward",
    "linetest",
    "leave",
    "circular",
)
LISTED = 60  # items of a kind that are listed; more are counted
LOOKED_AT = 500  # open rows of a kind that are looked at
LONGEST = 60  # characters of a title: a line or two of the card
_WAITING = frozenset({"recorded", "failed", "held", "asked"})
_TITLES = ("title", "subject", "name", "text", "summary", "reason")
_DUES = ("due_at", "answer_by", "next_at")
_OWNERS = ("assigned_to", "owner", "signed_by", "person", "unit_name", "by")


def listing(look: Look, watch: str) -> tuple[tuple[Item, ...], tuple[Heap, ...]]:
    """Everything open, kind by kind, and the notes of the watch that goes."""
    items: list[Item] = []
    heaps: list[Heap] = []
    for kind in KINDS:
        found = [row for row in look.open_rows(kind, LOOKED_AT) if not row.drill and _BURDEN.get(kind, _any)(row.body)]
        if found:
            heaps.append(Heap(kind=kind, open=len(found)))
            items += [_item(look, row) for row in found[:LISTED]]
    notes = list(_notes(look, watch))
    heaps += [Heap(kind="note", open=len(notes))] if notes else []
    return (*items, *notes), tuple(heaps)


def _any(_body: dict[str, Any]) -> bool:
    return True


_BURDEN: dict[str, Callable[[dict[str, Any]], bool]] = {
    "delivery": lambda body: bool(body.get("uncertain")) or body.get("status") in UNREACHED,
    "message": lambda body: body.get("status") in _WAITING,
    "leave": lambda body: body.get("status") == "requested",
    "page": lambda body: body.get("asks") != "pair",  # hundreds of a round, and nobody has to act on them
}


def _item(look: Look, row: Found) -> Item:
    body = row.body
    return Item(
        kind=row.kind,
        id=row.id,
        title=_title(body),
        state=str(body.get("status", "")),
        due_at=next((int(body[name]) for name in _DUES if isinstance(body.get(name), int)), None),
        owner=next((str(body[name]) for name in _OWNERS if body.get(name)), ""),
        marks=tuple(_marks(look, row)),
    )


def _title(body: dict[str, Any]) -> str:
    number = body.get("number") or ""
    said = next((str(part[name]) for part in (body, body.get("draft") or {}) for name in _TITLES if part.get(name)), "")
    return f"{number} {said}".strip()[:LONGEST]


def _marks(look: Look, row: Found) -> Iterable[str]:
    body = row.body
    if row.kind == "incident" and not body.get("signed_by"):
        yield "unsigned"
    if any(figure.get("doubts") for figure in _figures(body)):
        yield "disputed"
    if body.get("uncertain"):
        yield "uncertain"
    due = next((body[name] for name in _DUES if isinstance(body.get(name), int)), None)
    if due is not None and due < look.at:
        yield "overdue"
    if (owner := body.get("assigned_to")) and not _serves(look, str(owner)):
        yield "owner_gone"


def _figures(body: dict[str, Any]) -> list[dict[str, Any]]:
    figures = body.get("figures")
    return [figure for figure in figures.values() if isinstance(figure, dict)] if isinstance(figures, dict) else []


def _serves(look: Look, owner: str) -> bool:
    found = look.row("user", owner.removeprefix("user:"))
    return bool(found and found.open)


def _notes(look: Look, watch: str) -> Iterable[Item]:
    row = look.row("watch", watch)
    for index, note in enumerate(row.body.get("notes", ()) if row else ()):
        yield Item(kind="note", id=f"{watch}.{index}", title=str(note["text"])[:LONGEST], owner=str(note["by"]))
