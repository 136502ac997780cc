"""Telephones as a person or a test uses them: expect a text, reply, pick up, press a key, hang up. All waiting is on
what happens, not on time.

Every text, call and mail that arrived must be expected by somebody; `unexpected` lists what nobody did.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from dutydesk.simulator.carrier import HANDSET_OFF, Carrier, Rejection
from dutydesk.simulator.exchange import Exchange
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Answering, Call, Card, Mail, Media, Sms, new_sid, route_of

Found = TypeVar("Found")


class Waiter(Protocol):
    """Waits until `look` finds something, letting the desk and the company work meanwhile; fails with `describe`'s
    words."""

    def __call__(self, look: Callable[[], Found | None], describe: Callable[[], str]) -> Awaitable[Found]: ...


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What a phone needs of the company."""

    network: Network
    carrier: Carrier
    exchange: Exchange
    until: Waiter


class Phone:
    """One telephone, by its number."""

    def __init__(self, board: Switchboard, number: str) -> None:
        self._board = board
        self.number = number

    @property
    def card(self) -> Card:
        """Whose it is and how it behaves."""
        return self._board.network.card(self.number)

    @property
    def texts(self) -> list[Sms]:
        """Everything that reached this phone by SMS, oldest first."""
        return [s for s in self._board.network.texts.values() if s.to == self.number and s.arrived]

    @property
    def calls(self) -> list[Call]:
        """Every call to or from this phone, oldest first."""
        return [c for c in self._board.network.calls.values() if c.person == self.number]

    async def expect_sms(self, *words: str) -> Sms:
        """The oldest text not yet expected that holds all `words`; fails when none comes."""
        sms = await self._board.until(lambda: _first(self.texts, words), lambda: self._missing("an SMS", words))
        sms.expected = True
        return sms

    async def send(self, text: str, *, to: str | None = None, media: Sequence[tuple[str, bytes]] = ()) -> Sms:
        """Writes to the desk, by default at the number of this phone's own route. `media`: (content type, bytes)."""
        kept = [Media(new_sid("ME"), content_type, content) for content_type, content in media]
        return self._board.carrier.send(self.card, to or self._desk_number(), text, kept)

    async def reply(self, text: str) -> Sms:
        """Writes to the number the last text came from, when this phone can write there at all."""
        last = [s.sender for s in self.texts if s.route == route_of(self.number)]
        return await self.send(text, to=last[-1] if last else None)

    def reject_sms(self, *words: str, code: int = HANDSET_OFF) -> "Refusal":
        """The next text with all `words` ends with error `code` and never arrives. Await it to see it happen."""
        rejection = Rejection(self.number, words, code)
        self._board.carrier.rejections.append(rejection)
        return Refusal(self._board, rejection)

    async def expect_ring(self) -> "LiveCall":
        """A call that rings here and was not yet expected; it goes on ringing."""
        call = await self._board.until(self._ringing, lambda: self._missing("a ringing call", ()))
        call.expected = True
        return LiveCall(self._board, call)

    async def expect_call(self, *words: str) -> "LiveCall":
        """Picks up the call that rings and listens until all `words` were said."""
        live = await self.expect_ring()
        await live.answer()
        await live.hear(*words)
        return live

    async def expect_missed_call(self) -> Call:
        """A call that ended here without anybody picking up."""

        def look() -> Call | None:
            return next((c for c in self.calls if c.over and not c.expected), None)

        call = await self._board.until(look, lambda: self._missing("a missed call", ()))
        call.expected = True
        return call

    async def dial(self) -> "LiveCall":
        """Calls the desk."""
        live = LiveCall(self._board, self._board.exchange.dial(self.card))
        await live.settled()
        return live

    def when_called(self, answering: Answering) -> None:
        """From now on a call here rings, or is at once busy, not answered, failed, or taken by a machine."""
        self.card.answering = answering

    def switch_off(self) -> None:
        """Texts end undelivered (30003), calls are not answered."""
        self.card.switched_on = False

    def switch_on(self) -> None:
        """Undoes `switch_off`."""
        self.card.switched_on = True

    @property
    def unexpected(self) -> list[str]:
        """What arrived here and nobody expected, in words."""
        return unexpected(self.texts, self.calls)

    def _desk_number(self) -> str:
        account = self._board.network.account
        return account.mainland_number if route_of(self.number) == "mainland" else account.number

    def _ringing(self) -> Call | None:
        return next((c for c in self.calls if c.status == "ringing" and not c.expected), None)

    def _missing(self, what: str, words: Sequence[str]) -> str:
        named = f" with {', '.join(map(repr, words))}" if words else ""
        return f"{self.number} did not get {what}{named}; it got: {self.unexpected or 'nothing'}"


class LiveCall:
    """A call in the hands of the person."""

    def __init__(self, board: Switchboard, call: Call) -> None:
        self._board = board
        self.call = call

    @property
    def said(self) -> str:
        """Everything spoken so far."""
        return "\n".join(self.call.said)

    async def answer(self) -> None:
        """Picks up, and listens until a key is asked for or the call ends."""
        await self._act("answered")

    async def let_ring_out(self) -> None:
        """Nobody picks up."""
        await self._act("no-answer")

    async def be_busy(self) -> None:
        """The line is engaged."""
        await self._act("busy")

    async def fail(self) -> None:
        """The network cannot reach the phone."""
        await self._act("failed")

    async def leave_to_machine(self) -> None:
        """An answering machine picks up."""
        await self._act("machine")

    async def hear(self, *words: str) -> str:
        """Listens until all `words` were said; gives everything said so far."""
        await self._board.until(
            lambda: self.call if all(w in self.said for w in words) else None,
            lambda: f"the call to {self.call.person} never said {words}; it said: {self.said!r}",
        )
        return self.said

    async def press(self, keys: str) -> str:
        """Presses keys when asked for them; gives what is said next."""
        before = len(self.call.said)
        await self._board.until(lambda: self._listening(keys), lambda: f"no key was asked for; it said: {self.said!r}")
        self._board.exchange.press(self.call, keys)
        await self.settled()
        return "\n".join(self.call.said[before:])

    async def stay_silent(self) -> str:
        """Presses nothing until the desk gives up waiting; gives what is said next."""
        before = len(self.call.said)
        self._board.exchange.stay_silent(self.call)
        await self.settled()
        return "\n".join(self.call.said[before:])

    async def hang_up(self) -> None:
        """Puts the receiver down."""
        await self._board.exchange.end(self.call)

    async def settled(self) -> None:
        """Returns when a key is asked for or the call is over."""
        await self._board.until(
            lambda: self.call if self.call.over or self._board.exchange.waiting(self.call) else None,
            lambda: f"the call to {self.call.person} hangs in {self.call.status}; it said: {self.said!r}",
        )

    async def _act(self, outcome: str) -> None:
        self._board.exchange.pick_up(self.call, outcome)
        await self.settled()

    def _listening(self, keys: str) -> Call | None:
        if self.call.over:
            raise AssertionError(f"pressed {keys}, but the call was over; it said: {self.said!r}")
        return self.call if self._board.exchange.waiting(self.call) else None


class Refusal:
    """An armed rejection; awaiting it gives the text that was rejected."""

    def __init__(self, board: Switchboard, rejection: Rejection) -> None:
        self._board = board
        self._rejection = rejection

    def __await__(self) -> Generator[object, None, Sms]:
        return self._wait().__await__()

    async def _wait(self) -> Sms:
        caught: asyncio.Future[Sms] = self._rejection.caught
        wanted = self._rejection
        return await self._board.until(
            lambda: caught.result() if caught.done() else None,
            lambda: f"{wanted.number} was sent nothing with {wanted.words} to reject",
        )


class Mailbox:
    """One e-mail address."""

    def __init__(self, board: Switchboard, address: str) -> None:
        self._board = board
        self.address = address

    @property
    def mails(self) -> list[Mail]:
        """Everything that came, oldest first."""
        return [m for m in self._board.network.mails if m.to == self.address]

    async def expect_mail(self, *words: str) -> Mail:
        """The oldest mail not yet expected whose subject and text hold all `words`."""
        mail = await self._board.until(
            lambda: next((m for m in self.mails if not m.expected and _holds(m, words)), None),
            lambda: f"{self.address} did not get a mail with {words}; it got: {[m.subject for m in self.mails]}",
        )
        mail.expected = True
        return mail


def unexpected(texts: Iterable[Sms], calls: Iterable[Call]) -> list[str]:
    """The texts that arrived and the calls that nobody expected, in words."""
    lines = [f"SMS to {s.to}: {s.body}" for s in texts if s.arrived and not s.expected]
    return lines + [f"call to {c.to} ({c.status}): {' '.join(c.said)}" for c in calls if not c.expected]


def _first(texts: Sequence[Sms], words: Sequence[str]) -> Sms | None:
    return next((s for s in texts if not s.expected and all(w in s.body for w in words)), None)


def _holds(mail: Mail, words: Sequence[str]) -> bool:
    return all(w in mail.subject or w in mail.text for w in words)
