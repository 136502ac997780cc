"""Whether a contact's number still answers (号码核验): one short question every so many days; any reply proves it, silence does not."""

from typing import Any, ClassVar, NamedTuple

from dutydesk.domain.asking import NoteAnswer, NoteSilence, NoteStopped
from dutydesk.domain.directory import Contact
from dutydesk.domain.pages import StartPage
from dutydesk.domain.verbs import Act, Ask, Book, Command, Context, Event, Row
from dutydesk.errors import Refused


class AskProof(Command):
    """Ask the contact now. `quiet` (a round): where it cannot be asked, nothing happens."""

    contact: str
    quiet: bool = False


class MarkProven(Command):
    """An officer reached the contact at this number."""

    contact: str


class NoteReached(Command):
    """The contact answered something else from this number: that proves it as well."""

    contact: str
    number: str
    how: str
    who: str


class ProofAsked(Event):
    private: ClassVar[frozenset[str]] = frozenset({"number", "subject"})
    contact: str
    unit: str
    number: str
    page: str
    policy: str
    subject: str
    division: str
    at: int


class ContactProven(Event):
    """The number answered."""

    private: ClassVar[frozenset[str]] = frozenset({"number"})
    contact: str
    unit: str
    number: str
    division: str = ""
    how: str
    at: int
    by: str


class ProofMissed(Event):
    """Nobody answered, or the question was called off."""

    reason: str
    at: int


class Proof(NamedTuple):
    asked: ProofAsked | None = None
    asks: int = 0
    proven: ContactProven | None = None
    missed: ProofMissed | None = None


def decide(state: Proof, command: Command, context: Context[None]) -> list[Event]:
    waiting = state.asked is not None and state.missed is None and not _answered(state)
    match command:
        case AskProof() | MarkProven():
            return _wished(state, command, context)
        case NoteReached():
            contact = context.directory.contact_by_id.get(command.contact)
            if contact is None or contact.phones[:1] != (command.number,):
                return []
            said = command.model_dump(include={"contact", "number", "how"}) | _place(contact, context)
            return [ContactProven(**said, at=context.at, by=command.who)]
        case NoteAnswer() if state.asked:
            asked = state.asked
            said = asked.model_dump(include={"contact", "unit", "number", "division"})
            return [ContactProven(**said, how=command.how, at=context.at, by=command.who)]
        case NoteSilence() if waiting:
            return [ProofMissed(reason="no_answer", at=context.at)]
        case NoteStopped() if waiting:
            return [ProofMissed(reason=command.reason, at=context.at)]
    return []


def _answered(state: Proof) -> bool:
    return bool(state.asked and state.proven and state.proven.at >= state.asked.at)


def _wished(state: Proof, command: AskProof | MarkProven, context: Context[None]) -> list[Event]:
    contact = context.directory.contact_by_id.get(command.contact)
    if contact is None or not contact.phones:
        return _no(command, "通讯录里没有这位联络员,或没有号码")
    if isinstance(command, MarkProven):
        said = {"contact": contact.id, "number": contact.phones[0]} | _place(contact, context)
        return [ContactProven(**said, how="console", at=context.at, by=context.by)]
    proving = context.rules.checks.proving
    policy = {"A": proving.contact_policy, "B": proving.deputy_policy}.get(contact.role, "")
    if not policy:
        return _no(command, "没有配置号码核验的呼叫办法(checks.toml),或不是A、B角")
    if state.asked and state.missed is None and not _answered(state):
        return _no(command, "已经在核验这个号码")
    first = next(c for c in context.directory.contacts_of[contact.unit] if c.role == contact.role)
    if first.id != contact.id:
        return _no(command, "同一单位同一角色只核验排在最前的一位")
    return [_asked(state, contact, policy, context)]


def _place(contact: Contact, context: Context[None]) -> dict[str, str]:
    unit = context.directory.unit_by_code.get(contact.unit)
    return {"unit": contact.unit, "division": unit.division if unit else ""}


def _no(command: Command, why: str) -> list[Event]:
    if isinstance(command, AskProof) and command.quiet:
        return []
    raise Refused(why)


def _asked(state: Proof, contact: Contact, policy: str, context: Context[None]) -> ProofAsked:
    unit = context.directory.unit_by_code.get(contact.unit)
    return ProofAsked(
        contact=contact.id,
        unit=contact.unit,
        number=contact.phones[0],
        page=f"n{contact.id}-{state.asks + 1}",
        policy=policy,
        subject=context.rules.phrase("proof_question", name=contact.name, unit=unit.name if unit else contact.unit),
        division=unit.division if unit else "",
        at=context.at,
    )


def evolve(state: Proof, event: Event) -> Proof:
    match event:
        case ProofAsked():
            return state._replace(asked=event, asks=state.asks + 1, missed=None)
        case ContactProven():
            return state._replace(proven=event, missed=None)
        case ProofMissed():
            return state._replace(missed=event)
    return state


def follow_up(id: str, event: Event) -> list[Act]:
    if not isinstance(event, ProofAsked):
        return []
    page = StartPage(
        **event.model_dump(include={"policy", "subject", "unit", "division"}),
        asks="presence",
        asker=f"proof/{id}",
        asked=event.contact,
    )
    return [Ask(f"page/{event.page}", page)]


def project(_id: str, state: Proof) -> Row | None:
    known = state.proven or state.asked
    if known is None:
        return None
    waiting = bool(state.asked and state.missed is None and not _answered(state))
    body: dict[str, Any] = {
        "contact": known.contact,
        "unit": known.unit,
        "number": state.proven.number if state.proven else "",
        "proven_at": state.proven.at if state.proven else None,
        "how": state.proven.how if state.proven else "",
        "asked_at": state.asked.at if state.asked else None,
        "missed_at": state.missed.at if state.missed else None,
        "status": "asking" if waiting else "missed" if state.missed else "proven",
    }
    return Row(body, open=waiting, division=(state.asked or known).division)


book = Book(
    kind="proof",
    blank=Proof(),
    events=(ProofAsked, ContactProven, ProofMissed),
    decide=decide,
    evolve=evolve,
    project=project,
    follow_up=follow_up,
)
