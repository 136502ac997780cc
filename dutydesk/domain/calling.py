"""Who a step of a policy means just now, by which numbers, and the words they are called with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.pages import Call, PageStarted, PageStepStarted
from dutydesk.domain.rules import Rules, Step
from dutydesk.domain.superiors import linked
from dutydesk.domain.verbs import ERASED, Context, Look

UNNUMBERED = "-"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be called. `key` names them without naming them."""

    key: str
    name: str
    phone: str = ""
    email: str = ""
    who: str = ""
    link: str = ""  # the unit code under which a line joins us to it


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is on watch: its officers and its leaders (two on holidays), with their numbers."""

    officers: tuple[Person, ...] = ()
    leaders: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """A step resolved: people, the ways to call them, and the roles that nobody fills."""

    people: tuple[Person, ...]
    how: tuple[str, ...]
    unreachable: tuple[str, ...]


def desk(look: Look) -> Desk:
    """The watch as it stands on the board."""
    watch = next((f for f in look.by_ref("watch.current", "1") if f.open), None)
    if watch is None:
        return Desk()
    leading = dict.fromkeys(filter(None, (watch.body["leader"], *watch.body.get("leaders", ()))))
    return Desk(_users(look, watch.body["officers"]), _users(look, leading))


def watch_leader(look: Look) -> Person | None:
    """The leader of the watch on duty, first of two on holidays; None when nobody leads it."""
    return next(iter(desk(look).leaders), None)


def _users(look: Look, names: Iterable[str]) -> tuple[Person, ...]:
    return tuple(person for name in names if (person := _user(look, name)))


def _user(look: Look, username: str) -> Person | None:
    found = look.row("user", username)
    if found is None or not found.open:
        return None
    return Person(f"user:{username}", found.body["name"], found.body["phone"] or "", found.body["email"] or "")


def resolve(step: Step, page: PageStarted, desk: Desk, context: Context[object]) -> Called:
    """The people a step means. A role with nobody who has a number or address for the step's ways is named as unreachable."""
    people: dict[str, Person] = {}
    missing: list[str] = []
    for who in step.who:
        found = [p for p in _role(who, page, desk, context) if _ways(p, step.how)]
        if not found and not (who in ("watch", "watch_leader") and "console" in step.how):
            missing.append(who)
        people.update((p.key, Person(p.key, p.name, p.phone, p.email, who)) for p in found)
    return Called(tuple(people.values()), step.how, tuple(missing))


def by_link(called: Called, page: PageStarted, context: Context[object]) -> Called:
    """The same step and, where a question is put to a desk that a line joins us to, that desk over its line."""
    unit = context.directory.unit_by_code.get(page.unit or "")
    asks = page.asker.startswith("verification/")
    if unit is None or not (asks and linked(unit.code, context.rules)):
        return called
    (desk,) = _unit(unit)
    known = {person.key: person for person in called.people}
    known[desk.key] = replace(known.get(desk.key, replace(desk, phone="", email="", who="unit")), link=unit.code)
    return replace(called, people=tuple(known.values()))


def _ways(person: Person, how: tuple[str, ...]) -> list[str]:
    own = [way for way in how if (way in ("sms", "voice") and person.phone) or (way == "mail" and person.email)]
    return ["link", *own] if person.link else own


def _role(who: str, page: PageStarted, desk: Desk, context: Context[object]) -> list[Person]:
    directory = context.directory
    unit = directory.unit_by_code.get(page.unit or "")
    match who:
        case "watch":
            return list(desk.officers) or _unit(directory.unit_by_code.get(context.rules.desk.unit))
        case "watch_leader":
            return list(desk.leaders)
        case "contact" | "deputy":
            return _contact(directory, page.unit or "", "A" if who == "contact" else "B")
        case "unit":
            return _unit(unit)
        case "town" | "district":
            code = page.division[: 9 if who == "town" else 6]
            return _unit(directory.unit_by_code.get(code)) if len(code) == (9 if who == "town" else 6) else []
        case "department":
            return _unit(directory.unit_by_code.get(unit.department or "")) if unit else []
        case "province" | "state":
            return [p for u in directory.units if u.kind == "desk" and u.tier == who for p in _unit(u)]
    return _leaders(directory, page.level)


def _unit(unit: Unit | None) -> list[Person]:
    return [Person(f"unit:{unit.code}", unit.name, unit.phone or "", unit.email or "")] if unit else []


def _contact(directory: Directory, unit: str, role: str) -> list[Person]:
    found = [c for c in directory.contacts_of.get(unit, ()) if c.role == role]
    return [Person(f"contact:{c.id}", c.name, c.phones[0] if c.phones else "", c.email or "") for c in found[:1]]


def _leaders(directory: Directory, level: str) -> list[Person]:
    """Leaders who are told at this level, those told of least first (not the mayor for a small thing); unknown: who is told of most."""
    told = [x for x in directory.leaders if level in x.levels] if level else []
    widest = max((len(x.levels) for x in directory.leaders), default=0)
    on_call = told or [x for x in directory.leaders if len(x.levels) == widest]
    on_call.sort(key=lambda x: (-len(x.levels), x.id))
    return [Person(f"leader:{x.id}", x.name, x.phones[0] if x.phones else "", x.email or "") for x in on_call[:2]]


class Place(NamedTuple):
    """Where a step stands in its policy, when it began, until when it waits, why it began and how late."""

    step: int
    round: int
    begun_at: int
    answer_by: int
    why: str
    late_by: int


def step_started(called: Called, page: PageStarted, rules: Rules, prefix: str, place: Place) -> PageStepStarted:
    """The event of a step with one call a person and way."""
    planned = [(p, way) for p in called.people for way in _ways(p, called.how)]
    calls, names, addresses, texts = [], [], [], []
    for index, (person, way) in enumerate(planned):
        calls.append(
            Call.model_validate({"who": person.who, "callee": person.key, "how": way, "delivery": f"{prefix}.{index}"})
        )
        names.append(person.name)
        addresses.append(person.link if way == "link" else person.email if way == "mail" else person.phone)
        texts.append(
            question(page, place.begun_at, rules).to_text() if way == "link" else words(page, way, person.phone, rules)
        )
    return PageStepStarted(
        step=place.step,
        round=place.round,
        begun_at=place.begun_at,
        division=page.division,
        calls=tuple(calls),
        names=tuple(names),
        addresses=tuple(addresses),
        texts=tuple(texts),
        unreachable=called.unreachable,
        answer_by=place.answer_by,
        why=place.why,
        late_by=place.late_by,
    )


def question(page: PageStarted, at: int, rules: Rules) -> Exchange:
    """What is asked, as a paper for a line; its number is the page's, put in where that is known."""
    return Exchange(
        kind="question",
        number=UNNUMBERED,
        desk=rules.desk.unit or "desk",
        desk_name=rules.desk.name[:300],
        event=page.event,
        title=page.subject[:300],
        text=page.subject,
        issued_at=at,
        files=page.files,
    )


def numbered(paper: str, page: str) -> str:
    """A question over a line bears the number of its page, which the answer refers to."""
    return paper if paper == ERASED else Exchange.from_text(paper).model_copy(update={"number": page}).to_text()


def words(page: PageStarted, way: str, number: str, rules: Rules) -> str:
    """What is sent or said. `{link}` stays for the outbox, which alone can sign one. A question has phrases of its own."""
    kind, subject = ("page" if page.asks == "sign" else page.asks), page.subject
    if way == "voice":
        return rules.phrase(f"{kind}_voice", subject=subject)
    if way == "mail":
        return rules.phrase(f"{kind}_mail", subject=subject, link="{link}")
    sender = rules.sender_for(number, "sms")
    link = "{link}" if sender and sender.links else ""
    phrase = f"{kind}_sms" if rules.can_answer_sms(number) else f"{kind}_sms_one_way"
    return rules.phrase(phrase, subject=subject, link=link)
