"""Whether a report tells of an incident that is known or of a new one; where several could be meant the sender is asked."""

from dutydesk.clock import MINUTE, SECOND
from dutydesk.domain.messages import MessageRecorded, Option
from dutydesk.domain.nearby import Near
from dutydesk.domain.readings import Reading
from dutydesk.domain.routes import AskBack, Route, ToIncident, ToNew
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import Context, Found


def same_or_new(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    """An incident that is known, a question which of them, or a new one."""
    sure = [p for p in around.proposals if p.sure and any(f.id == p.incident for f in around.incidents)]
    if sure:
        return ToIncident(sure[0].incident, sure[0].why or "reader")
    if asked := _asked_about(reading, around):
        return ToIncident(asked, "answers_page")
    alike = [f for f in around.incidents if _alike(f, recorded, reading, context.at, context.rules)]
    if len(alike) == 1:
        return ToIncident(alike[0].id, "same_place_and_time")
    if len(alike) > 1:
        return _ask_which(alike)
    if follows := _continues(recorded, reading, around, context):
        return ToIncident(follows, "same_sender")
    maybe = {p.incident for p in around.proposals} | {f.id for f in around.incidents if _recent(f, context)}
    return ToNew(tuple(sorted(maybe)))


def _asked_about(reading: Reading, around: Near) -> str | None:
    """The incident of the one page that waits for this sender, when the text names no other place and no other kind."""
    about = {str(p.body["incident"]) for p in around.pages if p.body["incident"]}
    asked = [f for f in around.incidents if f.id in about]
    if len(asked) != 1 or not _kinds_agree(asked[0].body, reading):
        return None
    elsewhere = reading.places and asked[0].body["unit"] and reading.places[0].code != asked[0].body["unit"]
    return None if elsewhere else asked[0].id


def _ask_which(alike: list[Found]) -> Route:
    options = [Option(kind="incident", id=f.id, label=str(f.body["title"])[:30]) for f in alike[:8]]
    return AskBack((*options, Option(kind="new", label="另一件新情况")))


def _alike(found: Found, recorded: MessageRecorded, reading: Reading, at: int, rules: Rules) -> bool:
    """The same unit, a kind that does not contradict, last heard of within the window: the same incident."""
    body = found.body
    fresh = at - int(body["last_report_at"]) <= rules.intake.same_incident_minutes * MINUTE
    same_unit = bool(body["unit"]) and body["unit"] == (recorded.unit if not reading.places else reading.places[0].code)
    return fresh and same_unit and _kinds_agree(body, reading) and (_is_works(body) or _groups_agree(body, reading))


def _kinds_agree(body: dict[str, object], reading: Reading) -> bool:
    if not body["category"] or not reading.category:
        return True
    return body["category"] == reading.category


def _is_works(body: dict[str, object]) -> bool:
    """An enterprise is one place; a town is many, so there the kind must be the same, not only the category."""
    return str(body["unit"]).startswith("E-")


def _groups_agree(body: dict[str, object], reading: Reading) -> bool:
    known = str(body.get("code") or "")
    return not known or not reading.code or known[:3] == reading.code[:3]


def _continues(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> str | None:
    """The sender's own incident of a moment ago, when this text names no other place, or says it is a follow-up."""
    open_ids = {f.id for f in around.incidents}
    window = context.rules.intake.join_window_s * SECOND
    for earlier in around.recent:
        incident, age = earlier.body["incident"], context.at - int(earlier.body["received_at"])
        if incident not in open_ids or recorded.sender[:1] != "+":
            continue
        cut = bool((earlier.body["reading"] or {}).get("cut_off"))
        asked = bool(earlier.body["asked"]) and age <= context.rules.intake.choice_window_s * SECOND
        if asked and not reading.places:
            return str(incident)
        if reading.kind in ("续报", "终报") or (age <= window and (cut or not reading.is_emergency)):
            return str(incident)
    return None


def _recent(found: Found, context: Context[object]) -> bool:
    return context.at - int(found.body["last_report_at"]) <= context.rules.intake.same_incident_minutes * MINUTE
