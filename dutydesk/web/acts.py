"""Which commands people may give from the console, and which role may give which. The one place that says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dutydesk.domain import (
    checkins,
    checks,
    circulars,
    deliveries,
    desks,
    dispatches,
    downwards,
    drills,
    faults,
    frames,
    handovers,
    holiday_rosters,
    incidents,
    instructions,
    inwards,
    leaves,
    linetests,
    messages,
    obligations,
    pages,
    pair_rounds,
    pairs,
    peers,
    periods,
    plans,
    proofs,
    reporting,
    rosters,
    submissions,
    uses,
    verifications,
    watches,
)
from dutydesk.domain.verbs import Command
from dutydesk.web.people import CHIEFS, DESK, Person

Fields = dict[str, Any]
CALLERS = DESK  # who may type in a telephone call
PAGED = DESK | {"leader", "unit"}  # who may be called, and so may answer


def _as_sent(_person: Person, fields: Fields) -> Fields:
    return fields


def _in_person(person: Person, fields: Fields) -> Fields:
    """Who answers, and how, is what we know and not what is said."""
    return fields | {"who": person.by, "how": "console"}


def _acknowledging(person: Person, fields: Fields) -> Fields:
    return _in_person(person, fields) | {"message": None, "quiet": False}


def _directly(_person: Person, fields: Fields) -> Fields:
    """What a person asks directly is whether it is so, or the word of the duty room above; rounds of a dispatch are asked by it."""
    asked = fields | {"dispatch": "", "round": 0}
    return asked if fields.get("asks") == "guidance" else asked | {"asks": "truth", "files": [], "attach": False}


def _signing(person: Person, fields: Fields) -> Fields:
    """Who signs, and how, is what we know; that a leader agreed by telephone is what a chief says."""
    return fields | {"who": person.by, "how": "console"}


def _receipt(_person: Person, fields: Fields) -> Fields:
    """An officer types in what came by telephone or on paper; a link and a key speak for themselves."""
    return fields | {"how": fields["how"] if fields.get("how") in ("phone", "paper") else "console"}


def _typed_in(_person: Person, fields: Fields) -> Fields:
    return fields | {"how": "console"}


def _by_hand(_person: Person, fields: Fields) -> Fields:
    """What an officer logs came by telephone or on paper; only a line says of itself where its answer goes."""
    return fields | {"reply_to": "", "late_too": False, "files": []}


def _aloud(_person: Person, fields: Fields) -> Fields:
    return fields | {"quiet": False}


def _own_seat(person: Person, fields: Fields) -> Fields:
    """An officer takes and leaves their own seat; chiefs seat others."""
    if person.role in CHIEFS:
        return {"username": person.username} | fields
    return fields | {"username": person.username}


def _joining(person: Person, fields: Fields) -> Fields:
    seated = _own_seat(person, fields)
    return seated if person.role in CHIEFS else seated | {"as_leader": False}


def _own_leave(person: Person, fields: Fields) -> Fields:
    """An officer asks for themselves; chiefs ask for others too."""
    if person.role in CHIEFS:
        return {"person": person.username} | fields
    return fields | {"person": person.username}


def _as_chief(person: Person, fields: Fields) -> Fields:
    return fields | {"chief": person.role in CHIEFS}


def _with_role(person: Person, fields: Fields) -> Fields:
    return fields | {"role": person.role}


def _anywhere(_id: str, _wish: Command) -> bool:
    return True


def _of_its_contact(id: str, wish: Command) -> bool:
    return isinstance(wish, (proofs.AskProof, proofs.MarkProven)) and wish.contact == id


def _of_its_pair(id: str, wish: Command) -> bool:
    return isinstance(wish, pairs.MarkPair) and id == pairs.pair_id(wish.town, wish.unit)


def _of_its_unit(id: str, wish: Command) -> bool:
    return isinstance(wish, pairs.AskPairs) and wish.unit == id


def _in_its_month(id: str, wish: Command) -> bool:
    return isinstance(wish, rosters.PlanRoster) and wish.month == id


@dataclass(frozen=True, slots=True)
class Act:
    """One command: on which kind of stream, for which roles. `complete` adds what the person does not choose (`forced` fields);
    `names` are fields that name another thing, by kind, which must be there and in sight. `begins`: the stream may be new.
    `signs`: a signature, so a second factor must have been given lately.
    `fits`: whether the command belongs to a stream of this id."""

    kind: str
    command: type[Command]
    roles: frozenset[str] = DESK
    complete: Callable[[Person, Fields], Fields] = _as_sent
    forced: frozenset[str] = frozenset()
    names: tuple[tuple[str, str], ...] = ()
    begins: bool = False
    signs: bool = False
    fits: Callable[[str, Command], bool] = _anywhere

    @property
    def name(self) -> str:
        return self.command.__name__


def _table(acts: Iterable[Act]) -> dict[tuple[str, str], Act]:
    return {(act.kind, act.name): act for act in acts}


_CHIEF = frozenset({"chief"})
_ANSWER = frozenset({"who", "how", "message", "quiet"})
ROLES: dict[tuple[str, str], Act] = _table(
    (
        Act("message", messages.AttachMessage, names=(("incident", "incident"),)),
        Act("message", messages.OpenFromMessage),
        Act("message", messages.DismissMessage),
        Act("message", messages.RestoreMessage),
        Act("incident", incidents.SignForIncident),
        Act("incident", incidents.AssignIncident, names=(("to", "user"),)),
        Act("incident", incidents.NoteIncident, DESK | {"leader"}),
        Act("incident", incidents.FixFact),
        Act("incident", incidents.FixFigure),
        Act("incident", incidents.SetFlags),
        Act("incident", incidents.MergeIncident, names=(("into", "incident"),)),
        Act("incident", incidents.SplitIncident),
        Act("incident", incidents.CloseIncident),
        Act("incident", incidents.ReopenIncident),
        Act("incident", incidents.CallFor),
        Act("page", pages.AcknowledgePage, PAGED, _acknowledging, _ANSWER),
        Act("page", pages.AskMoreTime, PAGED, _in_person, frozenset({"who", "how"})),
        Act("page", pages.Escalate),
        Act("page", pages.CancelPage, CHIEFS),
        Act("instruction", instructions.LogInstruction, names=(("incident", "incident"),), begins=True),
        Act("instruction", instructions.PassOn),
        Act("instruction", instructions.GiveFeedback),
        Act("instruction", instructions.StrikeOff, CHIEFS, signs=True),
        Act(
            "verification",
            verifications.AskUnits,
            complete=_directly,
            names=(("incident", "incident"), ("message", "message")),
            forced=frozenset({"dispatch", "round"}),
            begins=True,
        ),
        Act("dispatch", dispatches.StartDispatch, names=(("incident", "incident"),), begins=True),
        Act("dispatch", dispatches.AskAgain),
        Act("dispatch", dispatches.SetUnits),
        Act("dispatch", dispatches.EndDispatch),
        Act("checkin", checkins.StartCheckIn, names=(("incident", "incident"),), begins=True),
        Act("checkin", checkins.EndCheckIn),
        Act("check", checks.StartCheck, begins=True),
        Act("check", checks.JudgeCheck),
        Act("check", checks.AppealCheck),
        Act("check", checks.DecideCheckAppeal, CHIEFS),
        Act("proof", proofs.AskProof, complete=_aloud, forced=frozenset({"quiet"}), begins=True, fits=_of_its_contact),
        Act("proof", proofs.MarkProven, begins=True, fits=_of_its_contact),
        Act("pairround", pair_rounds.StartPairRound, begins=True),
        Act("pairing", pairs.AskPairs, complete=_aloud, forced=frozenset({"quiet"}), begins=True, fits=_of_its_unit),
        Act("pair", pairs.MarkPair, begins=True, fits=_of_its_pair),
        Act("linetest", linetests.TestLines, begins=True),
        Act("period", periods.MarkPeriod, begins=True),
        Act("period", periods.EndPeriod),
        Act(
            "inward",
            inwards.LogInward,
            complete=_by_hand,
            forced=frozenset({"reply_to", "late_too"}),
            names=(("incident", "incident"), ("message", "message")),
            begins=True,
        ),
        Act("inward", inwards.TakeInward),
        Act("inward", inwards.AnswerInward),
        Act("inward", inwards.CloseInward),
        Act("downward", downwards.SendDown, names=(("incident", "incident"),), begins=True),
        Act("downward", downwards.TakeAnswer),
        Act("downward", downwards.EndDown),
        Act("verification", verifications.AskMore),
        Act("verification", verifications.Conclude),
        Act("incident", reporting.DraftSubmission),
        Act("incident", reporting.ReportByPhone),
        Act("incident", reporting.DetachFile),
        Act("incident", reporting.TransferIncident),
        Act("incident", reporting.NoteTransferReceipt, complete=_typed_in, forced=frozenset({"how"})),
        Act("submission", submissions.WriteDraft),
        Act("submission", submissions.CheckSubmission),
        Act(
            "submission",
            submissions.SignSubmission,
            CHIEFS | {"leader"},
            _signing,
            frozenset({"who", "how"}),
            signs=True,
        ),
        Act("submission", submissions.SendSubmission),
        Act("submission", submissions.NoteReceipt, complete=_receipt),
        Act("submission", submissions.ConfirmByPhone),
        Act("submission", submissions.WithdrawSubmission, CHIEFS, forced=frozenset({"quiet"})),
        Act("obligation", obligations.MeetObligation),
        Act("obligation", obligations.MoveObligation, CHIEFS),
        Act("obligation", obligations.LiftObligation, CHIEFS, forced=frozenset({"quiet"})),
        Act("delivery", deliveries.ConfirmDelivery),
        Act("delivery", deliveries.ResendDelivery),
        Act("watch", watches.JoinWatch, complete=_joining, names=(("username", "user"),)),
        Act("watch", watches.LeaveWatch, complete=_own_seat, names=(("username", "user"),)),
        Act("watch", watches.EndWatch, complete=_as_chief, forced=_CHIEF),
        Act("watch", watches.NoteWatch),
        Act("watch", watches.BeginHandover),
        Act("handover", handovers.ConfirmHandover, complete=_as_chief, forced=_CHIEF),
        Act("handover", handovers.RefuseHandover, complete=_as_chief, forced=_CHIEF),
        Act("roster", rosters.PlanRoster, CHIEFS, begins=True, fits=_in_its_month),
        Act("roster", rosters.SetDuty, CHIEFS),
        Act("holiday", holiday_rosters.SendRoster, CHIEFS),
        Act("unitroster", holiday_rosters.GiveRoster),
        Act("leave", leaves.RequestLeave, complete=_own_leave, begins=True),
        Act("leave", leaves.ApproveLeave, CHIEFS, _with_role, frozenset({"role"})),
        Act("leave", leaves.RefuseLeave, CHIEFS),
        Act("leave", leaves.WithdrawLeave, complete=_as_chief, forced=_CHIEF),
        Act("circular", circulars.AskEventCircular, names=(("incident", "incident"),), begins=True),
        Act("circular", circulars.EditCircular),
        Act("circular", circulars.CorrectCircular),
        Act("fault", faults.RecordFault, CHIEFS, names=(("incident", "incident"),), begins=True),
        Act("fault", faults.AppealFault),
        Act("fault", faults.DecideAppeal, CHIEFS),
        Act("use", uses.MarkUse, names=(("incident", "incident"),), begins=True),
        Act("circular", circulars.IssueCircular, CHIEFS, signs=True),
        Act("desk", desks.Redact, frozenset({"administrator"}), signs=True),
        Act("peer", peers.ResumePeer, CHIEFS),
        Act("frame", frames.SettleFrame),
        Act("plan", plans.StartPlan, names=(("incident", "incident"),), begins=True),
        Act("plan", plans.TickStep),
        Act("plan", plans.SkipStep),
        Act("plan", plans.EndPlan),
        Act("drill", drills.OpenDrill, CHIEFS, begins=True),
        Act("drill", drills.CloseDrill, CHIEFS),
    )
)


def allowed(role: str) -> dict[str, list[str]]:
    """The commands of a role, by kind."""
    found: dict[str, list[str]] = {}
    for act in ROLES.values():
        if role in act.roles:
            found.setdefault(act.kind, []).append(act.name)
    return found
