"""Where a message can go: an open page, whoever asked, an open question, an incident, a new one, or a person."""

from dataclasses import dataclass

from dutydesk.domain.messages import Option


@dataclass(frozen=True, slots=True)
class ToPage:
    """`incident`: the page asked about it, and what else the answer says belongs there too."""

    page: str
    who: str
    text: str
    minutes: int | None = None
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ToAsker:
    """An answer over a link to what a stream of ours asked."""

    asker: str
    who: str
    text: str
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ToQuestion:
    message: str
    choice: int


@dataclass(frozen=True, slots=True)
class ToIncident:
    incident: str
    why: str


@dataclass(frozen=True, slots=True)
class AskBack:
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ToPerson:
    reason: str


@dataclass(frozen=True, slots=True)
class ToNew:
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantsLink:
    """A contact asks for the address of their reporting page."""


Route = WantsLink | ToPage | ToAsker | ToQuestion | ToIncident | AskBack | ToPerson | ToNew
