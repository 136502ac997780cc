"""What a decision on a leave or a swap tells, and whom: whoever asked, with who stands in or why not, and whoever stands in.

Once a decision, by the telephone or mail that the desk has of them; who has neither is shown as not told.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dutydesk.clock import to_datetime
from dutydesk.domain.deliveries import How, QueueDelivery
from dutydesk.domain.leaves import LeaveApproved, LeaveRefused, LeaveRequested, Need, Told
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Act, Ask, Look, Promise

_WHAT = {"leave": "请假", "swap": "换班"}


class Address(NamedTuple):
    """A user's name and where they are reached; both empty: nowhere."""

    name: str
    phone: str = ""
    email: str = ""

    @property
    def way(self) -> tuple[How | None, str]:
        """By what, and to where."""
        if self.phone:
            return "sms", self.phone
        return ("mail", self.email) if self.email else (None, "")


class Notices(NamedTuple):
    """Whom a decision tells, in which words; as its event keeps them."""

    told: tuple[Told, ...] = ()
    addresses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def addresses(look: Look, people: Sequence[str]) -> dict[str, Address]:
    """Where users in service are reached."""
    rows = {name: look.row("user", name) for name in dict.fromkeys(people) if name}
    return {
        name: Address(row.body["name"], row.body.get("phone") or "", row.body.get("email") or "")
        for name, row in rows.items()
        if row and row.open
    }


def askers(asked: LeaveRequested) -> tuple[str, ...]:
    """Whose leave it is, and whoever asked for it in their name."""
    kind, _, user = asked.by.partition(":")
    return tuple(dict.fromkeys((asked.person, user if kind == "user" else asked.person)))


def of_approval(asked: LeaveRequested, needs: Sequence[Need], known: Mapping[str, Address], rules: Rules) -> Notices:
    """Whoever asked hears who stands in at each duty; each who stands in hears of theirs."""
    what, first = _WHAT[asked.kind], askers(asked)
    changes = ";".join(_changed(need, known) for need in needs)
    text = rules.phrase("leave_approved", what=what, period=_period(asked), duties=changes or "其间没有班")
    texts = dict.fromkeys(first, text)
    for person in (need.stand_in for need in needs):
        own = ";".join(_changed(need, known) for need in needs if person in (need.stand_in, need.out))
        mine = rules.phrase("leave_stand_in", what=what, name=_name(asked.person, known), duties=own)
        texts.setdefault(person, mine)
    return _notices(texts, known)


def of_refusal(asked: LeaveRequested, reason: str, known: Mapping[str, Address], rules: Rules) -> Notices:
    """Whoever asked hears why not."""
    text = rules.phrase("leave_refused", what=_WHAT[asked.kind], period=_period(asked), reason=reason)
    return _notices(dict.fromkeys(askers(asked), text), known)


def _notices(texts: Mapping[str, str], known: Mapping[str, Address]) -> Notices:
    reached = [(person, known[person].way, text) for person, text in texts.items() if person in known]
    return Notices(
        tuple(Told(person=person, how=how) for person, (how, _), _text in reached),
        tuple(address for _person, (_how, address), _text in reached),
        tuple(text for *_, text in reached),
    )


def _changed(need: Need, known: Mapping[str, Address]) -> str:
    return f"{_day(need.starts_at)}{need.name}由{_name(need.stand_in, known)}替{_name(need.out, known)}"


def _name(person: str, known: Mapping[str, Address]) -> str:
    return known[person].name if person in known else person


def _period(asked: LeaveRequested) -> str:
    return f"{_moment(asked.starts_at)}至{_moment(asked.ends_at)}"


def _moment(at: int) -> str:
    return f"{_day(at)}{to_datetime(at):%H:%M}"


def _day(at: int) -> str:
    moment = to_datetime(at)
    return f"{moment.month}月{moment.day}日"


def queued(id: str, event: LeaveApproved | LeaveRefused) -> list[Act]:
    """A message to each, promised once a decision."""
    found = zip(event.told, event.addresses, event.texts, strict=True)
    return [_queue(id, told, address, text) for told, address, text in found if told.how]


def _queue(id: str, told: Told, address: str, text: str) -> Act:
    assert told.how
    queue = QueueDelivery(
        how=told.how,
        to=address,
        text=text,
        purpose="roster",
        about=f"leave/{id}",
        promise=Promise.REPEATABLE,
        subject="请假",
        callee=f"user:{told.person}",
    )
    return Ask(f"delivery/l{id}.{told.person}", queue)
