"""A demand that a person acknowledge, in words: it goes along a policy that was frozen into it when it started."""

from collections.abc import Iterable
from typing import ClassVar

from dutydesk.domain.asking import Asks
from dutydesk.domain.deliveries import How
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.readings import Value
from dutydesk.domain.rules import Policy
from dutydesk.domain.submissions import LineTurn
from dutydesk.domain.verbs import Command, Event


class Call(Value):
    """One person called in one way. `callee` names them by key (user:…, contact:…, unit:…, leader:…), `delivery` the message."""

    who: str
    callee: str
    how: How
    delivery: str


class StartPage(Command):
    policy: str
    subject: str
    incident: str | None = None
    message: str | None = None
    unit: str | None = None
    division: str = ""
    shared: bool = False  # another may have started it for the same reason: then nothing happens
    level: str = ""
    signs: bool = False  # whether answering it signs for the incident; a question or a legal clock's page does not
    asks: Asks = "sign"
    asker: str = ""  # the stream that is told the answers, under `asked`
    asked: str = ""
    event: str = ""  # of the incident, for a desk that is asked over a line
    files: tuple[ExchangeFile, ...] = ()  # that go along over a line

    def begins(self) -> bool:
        return not self.shared


class AcknowledgePage(Command):
    """Somebody answered. `quiet`: no complaint when the page is over already."""

    who: str
    how: str
    answer: str = ""
    message: str | None = None
    quiet: bool = False


class AskMoreTime(Command):
    """「延时」: the clock of this step is pushed on, at most an hour, with the reason kept."""

    who: str
    how: str
    minutes: int
    reason: str = ""


class NoteUndelivered(Command):
    """A call could not be delivered, or `unanswered`: it rang and nobody took it up. When nobody of the step is left, the next
    step starts at once; unanswered, not before the step was called as often as its policy says."""

    delivery: str
    callee: str
    code: str
    unanswered: bool = False


class Escalate(Command):
    """An officer does not wait for the clock."""


class CancelPage(Command):
    reason: str


class PageStarted(Event):
    private: ClassVar[frozenset[str]] = frozenset({"subject", "files"})
    policy: Policy
    subject: str
    incident: str | None = None
    message: str | None = None
    unit: str | None = None
    division: str = ""
    level: str = ""
    signs: bool = False
    started_at: int
    asks: Asks = "sign"
    asker: str = ""
    asked: str = ""
    event: str = ""
    files: tuple[ExchangeFile, ...] = ()


class PageStepStarted(Event):
    """A step begins: who is called how, and until when they have. `late_by` microseconds when its clock ran out unseen."""

    private: ClassVar[frozenset[str]] = frozenset({"names", "addresses", "texts"})
    step: int
    round: int
    calls: tuple[Call, ...]
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    begun_at: int = 0
    answer_by: int
    late_by: int = 0
    why: str = "started"
    purpose: str = "page"
    division: str = ""


class PageAcknowledged(Event):
    private: ClassVar[frozenset[str]] = frozenset({"answer"})
    who: str
    how: str
    answer: str
    step: int
    asked_in_step: int | None
    after: int
    incident: str | None
    unsent: tuple[str, ...] = ()
    message: str | None = None
    asker: str = ""
    asked: str = ""


class PageAnsweredLate(Event):
    """An answer that came after it was over: kept and shown."""

    private: ClassVar[frozenset[str]] = frozenset({"answer"})
    who: str
    how: str
    answer: str
    message: str | None = None
    asker: str = ""
    asked: str = ""


class PageExtended(Event):
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    who: str
    how: str
    minutes: int
    reason: str
    answer_by: int


class PageCallFailed(Event):
    """A call that did not get through; `unanswered`: it rang, which is no fault of the channel."""

    delivery: str
    callee: str
    code: str
    unanswered: bool = False


def callees(failed: Iterable[PageCallFailed], *, unanswered: bool) -> list[str]:
    """Whom the channel did not reach, or who did not take the call up; each once, by key."""
    return list(dict.fromkeys(one.callee for one in failed if one.unanswered is unanswered))


class PageCarried(Event):
    """How far the question came over a line; whoever asked hears of it."""

    delivery: str
    status: LineTurn
    receipt: str = ""
    at: int
    asker: str = ""
    asked: str = ""


class PageExhausted(Event):
    """The last step expired as often as the policy allows: nobody answered. It stays on the board and sounds."""

    step: int
    late_by: int = 0
    asker: str = ""
    asked: str = ""


class PageCancelled(Event):
    reason: str
    unsent: tuple[str, ...] = ()
    asker: str = ""
    asked: str = ""
