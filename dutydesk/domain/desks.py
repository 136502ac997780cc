"""The desk about itself: starts, steps of its clock, channels that stopped, an officer's remark. One stream, `desk/main`."""

from dataclasses import dataclass, replace
from typing import ClassVar

from dutydesk.domain.verbs import Book, Command, Context, Event, Row
from dutydesk.errors import Refused


class NoteStart(Command):
    """A hub began to serve."""

    version: str


class NoteClockStep(Command):
    """The wall clock moved by more than a second between two entries, or against the monotonic clock."""

    before: int
    after: int


class NoteChannel(Command):
    """A channel stopped (wrong credentials, provider away) or works again."""

    channel: str
    ok: bool
    detail: str = ""


class Redact(Command):
    """Erase the private part of entry `seq`, on a ground."""

    seq: int
    ground: str


class DeskStarted(Event):
    version: str


class ClockStepped(Event):
    before: int
    after: int


class ChannelStopped(Event):
    private: ClassVar[frozenset[str]] = frozenset({"detail"})
    channel: str
    detail: str = ""


class ChannelRestored(Event):
    channel: str


class Redacted(Event):
    seq: int
    ground: str
    by: str


@dataclass(frozen=True, slots=True)
class DeskState:
    version: str = ""
    stopped: tuple[tuple[str, str], ...] = ()
    clock_steps: int = 0


def decide(state: DeskState, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case NoteStart():
            return [DeskStarted(version=command.version)]
        case NoteClockStep():
            return [ClockStepped(before=command.before, after=command.after)]
        case NoteChannel(ok=False) if command.channel not in dict(state.stopped):
            return [ChannelStopped(channel=command.channel, detail=command.detail[:300])]
        case NoteChannel(ok=True) if command.channel in dict(state.stopped):
            return [ChannelRestored(channel=command.channel)]
        case Redact():
            if not command.ground.strip():
                raise Refused("抹除要写明依据")
            return [Redacted(seq=command.seq, ground=command.ground, by=context.by)]
    return []


def evolve(state: DeskState, event: Event) -> DeskState:
    match event:
        case DeskStarted():
            return replace(state, version=event.version)
        case ClockStepped():
            return replace(state, clock_steps=state.clock_steps + 1)
        case ChannelStopped():
            return replace(state, stopped=(*state.stopped, (event.channel, event.detail)))
        case ChannelRestored():
            return replace(state, stopped=tuple(s for s in state.stopped if s[0] != event.channel))
    return state


def project(_id: str, state: DeskState) -> Row | None:
    stopped = [{"channel": channel, "detail": detail} for channel, detail in state.stopped]
    return Row({"version": state.version, "stopped": stopped, "clock_steps": state.clock_steps})


book = Book(
    kind="desk",
    blank=DeskState(),
    events=(DeskStarted, ClockStepped, ChannelStopped, ChannelRestored, Redacted),
    decide=decide,
    evolve=evolve,
    project=project,
)
