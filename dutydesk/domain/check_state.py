"""How a spot check looks after its events, and the load of a unit."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from dutydesk.clock import DAY, SECOND, day
from dutydesk.domain.checks import (
    AppealDismissed,
    AppealUpheld,
    CheckAnswered,
    CheckAppealed,
    CheckFailed,
    CheckPassed,
    CheckStarted,
    CheckVoided,
    RecheckDue,
    RecheckPutOff,
)
from dutydesk.domain.verbs import Event, Found, Look, Row


class Check(NamedTuple):
    started: CheckStarted | None = None
    answers: tuple[CheckAnswered, ...] = ()
    result: CheckPassed | CheckFailed | CheckVoided | None = None
    recheck_at: int | None = None
    recheck: str = ""
    appeal: CheckAppealed | None = None
    decided: AppealUpheld | AppealDismissed | None = None

    @property
    def status(self) -> str:
        match self.result:
            case CheckPassed():
                return "passed"
            case CheckVoided():
                return "void"
            case CheckFailed():
                if isinstance(self.decided, AppealUpheld):
                    return "withdrawn"
                return "appealed" if self.appeal and not self.decided else "failed"
        return "answered" if self.answers else "asking"


def evolve(state: Check, event: Event) -> Check:
    match event:
        case CheckStarted():
            return state._replace(started=event)
        case CheckAnswered():
            return state._replace(answers=(*state.answers, event))
        case CheckPassed() | CheckVoided():
            return state._replace(result=event, recheck_at=None)
        case CheckFailed():
            return state._replace(result=event, recheck_at=event.recheck_at)
        case RecheckPutOff():
            return state._replace(recheck_at=event.next_at)
        case RecheckDue():
            return state._replace(recheck=event.check, recheck_at=None)
        case CheckAppealed():
            return state._replace(appeal=event)
        case AppealUpheld():
            return state._replace(decided=event, recheck_at=None)
        case AppealDismissed():
            return state._replace(decided=event)
    return state


def had(look: Look, unit: str, days: int) -> list[int]:
    """When the unit was checked, or asked about its pairs, within the last days, the oldest first."""
    dates = (day(look.at - n * DAY) for n in range(days + 1))
    found = {(row.kind, row.id): row for date in dates for row in look.by_ref("check.unit", f"{unit}|{date}")}
    times = (int(at) for row in found.values() for at in row.body.get("times", (row.body["at"],)))
    return sorted(at for at in times if at > look.at - days * DAY)


def free_at(had_at: list[int], most: int, days: int, at: int) -> int:
    """When a unit may be checked again under the load: now, or when the oldest that stands in the way is old enough."""
    return max(at, had_at[-most] + days * DAY) if len(had_at) >= most else at


class Heard(NamedTuple):
    """What the lines say of a check's calls: rings before one was taken up, and how each ended."""

    rings: int | None
    ends: tuple[tuple[str, str], ...]  # status, code


def heard(deliveries: Iterable[Found], ring_seconds: int) -> Heard:
    """Read the deliveries of the check's page."""
    bodies = [one.body for one in deliveries]
    waits = [body["picked_at"] - body["rang_at"] for body in bodies if body.get("rang_at") and body.get("picked_at")]
    rings = -(-min(waits) // (ring_seconds * SECOND)) if waits else None
    return Heard(rings, tuple((str(body["status"]), str(body["code"])) for body in bodies))


def project(_id: str, state: Check) -> Row | None:
    started = state.started
    if started is None:
        return None
    result, failed = state.result, state.result if isinstance(state.result, CheckFailed) else None
    named = {"number", "unit", "name", "target", "way", "origin", "of", "nth", "page", "at", "by"}
    body: dict[str, Any] = started.model_dump(include=named) | {
        "limit": started.rings,
        "status": state.status,
        "reason": failed.reason if failed else getattr(result, "reason", ""),
        "note": getattr(result, "note", ""),
        "rings": getattr(result, "rings", None),
        "judged_by": getattr(result, "by", ""),
        "judged_at": result.at if result else None,
        "answers": [answer.model_dump(mode="json") for answer in state.answers],
        "recheck_at": state.recheck_at,
        "recheck": state.recheck,
        "appeal": state.appeal.text if state.appeal else "",
        "appeal_files": [one.shown for one in state.appeal.files] if state.appeal else [],
        "appealed_by": state.appeal.by if state.appeal else "",
        "appealed_at": state.appeal.at if state.appeal else None,
        "decision": state.decided.reason if state.decided else "",
        "decided_by": state.decided.by if state.decided else "",
    }
    is_open = state.status in ("asking", "answered", "appealed") or state.recheck_at is not None
    return Row(body, open=is_open, division=started.division, refs=_refs(started, failed is not None))


def _refs(started: CheckStarted, is_failed: bool) -> tuple[tuple[str, str], ...]:
    again = (("about", f"check/{started.of}"),) if started.of else ()
    failed = (("verdict.unit", started.unit),) if is_failed else ()
    return (*failed, ("check.unit", f"{started.unit}|{day(started.at)}"), *again)
