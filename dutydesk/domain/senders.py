"""Who sends a message, and where what it tells of lies: from the directory, the signed link and the reading. Pure."""

from dataclasses import dataclass

from dutydesk.domain import papers
from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.messages import MessageRecorded, RecordMessage
from dutydesk.domain.readings import Reading
from dutydesk.domain.verbs import Found


@dataclass(frozen=True, slots=True)
class Identity:
    contact: str | None = None
    name: str | None = None
    unit: str | None = None
    unit_name: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    unit: str | None
    name: str
    division: str


def identify(recorded: RecordMessage, user: Found | None, directory: Directory, own_unit: str) -> Identity:
    """Who sends: proven by link, or known by registered number, or a unit's duty telephone; otherwise nobody known."""
    sender, contact, unit = recorded.sender, recorded.contact, recorded.unit
    person = directory.contact_by_id.get(contact or "") or directory.contact_by_phone.get(sender)
    person = person or directory.contact_by_email.get(sender)
    if person:
        home = directory.unit_by_code.get(person.unit)
        return Identity(person.id, person.name, person.unit, home.name if home else "", home.division if home else "")
    if leader := directory.leader_by_phone.get(sender):
        return Identity(None, leader.name, None, leader.post, "")
    if user and user.open and (desk := directory.unit_by_code.get(own_unit)):
        return Identity(None, str(user.body["name"]), desk.code, desk.name, desk.division)
    home = directory.unit_by_code.get(unit or "") or directory.unit_by_phone.get(sender)
    home = home or directory.unit_by_email.get(sender)
    if home:
        return Identity(None, None, home.code, home.name, home.division)
    return Identity()


def author(recorded: MessageRecorded) -> str:
    """Who speaks, as a key that names no one: contact:…, unit:… or unknown."""
    if recorded.contact:
        return f"contact:{recorded.contact}"
    return f"unit:{recorded.unit}" if recorded.unit else "unknown"


def way(recorded: MessageRecorded) -> str:
    """By which way somebody answered: "line" from desk to desk, since "link" is a touch on a page we sent the address of."""
    return "line" if recorded.channel == "link" else recorded.channel


def place(recorded: MessageRecorded, reading: Reading, directory: Directory) -> Place:
    """Where it happened as far as known: the place stated, the place read, else where the sender's unit lies."""
    stated = papers.stated(recorded.exchange, directory)
    for candidate in () if stated else reading.places[:1]:
        if candidate.score >= 0.8 and (unit := directory.unit_by_code.get(candidate.code)):
            return Place(unit.code, unit.name, unit.division)
    home = stated or directory.unit_by_code.get(recorded.unit or "")
    if home is None:
        return Place(None, "", recorded.division)
    return Place(home.code if _is_scene(home) else None, home.name, home.division)


def _is_scene(unit: Unit) -> bool:
    return unit.kind in ("town", "enterprise")


def title(recorded: MessageRecorded, reading: Reading, spot: Place) -> str:
    """One line for the strip: place and what, or the first words of the text."""
    where = reading.place_text or (f"{recorded.unit_name}报:" if recorded.unit_name else spot.name)
    if reading.subtype:
        return f"{where}{reading.subtype}"[:60]
    return (" ".join(recorded.text.split()) or recorded.channel)[:40]
