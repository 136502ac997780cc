"""The figures of a watch, counted from its entries; every figure keeps the seqs it was counted from. Unknown is not zero:
a time that was never measured is None."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from statistics import median
from typing import Any

from dutydesk.clock import SECOND
from dutydesk.domain.circulars import Figure, Item
from dutydesk.domain.counted import Counted
from dutydesk.domain.deliveries import UNREACHED

# figure → the event types it counts; one entry, one count
_COUNTED = {
    "received": ("MessageRecorded",),
    "repeated": (),
    "from_unknown": (),
    "opened": ("IncidentOpened",),
    "closed": ("IncidentClosed",),
    "merged": ("IncidentMerged",),
    "false_reports": (),
    "pages": ("PageStarted",),
    "pages_answered": ("PageAcknowledged",),
    "pages_late": (),
    "pages_exhausted": ("PageExhausted",),
    "late_answers": ("PageAnsweredLate",),
    "clocks_started": ("ObligationOpened",),
    "clocks_met": ("ObligationMet",),
    "clocks_late": ("ObligationMissed",),
    "undelivered": (),
    "uncertain": (),
    "instructions": ("InstructionLogged",),
    "instructions_done": ("InstructionStruckOff",),
    "handled_by_person": ("MessageHeld",),
    "corrections": ("FactFixed", "CircularCorrected"),
    "clock_steps": ("ClockStepped",),
    "sent_up": ("SubmissionSent",),
}
# event type → the figures that it counts for only if it says so
_JUDGED: dict[str, dict[str, Callable[[Mapping[str, Any]], bool]]] = {
    "MessageRecorded": {
        "repeated": lambda said: bool(said.get("repeat_of")),
        "from_unknown": lambda said: not (said.get("contact") or said.get("unit")),
    },
    "IncidentClosed": {"false_reports": lambda said: said["outcome"] == "false"},
    "PageStepStarted": {"pages_late": lambda said: said.get("why") == "no_answer"},
    "DeliveryRejected": {"undelivered": lambda said: said["retry_at"] is None},
    "DeliveryRefused": {"undelivered": lambda _said: True},
    "DeliveryStatusChanged": {"undelivered": lambda said: said["status"] in UNREACHED},
    "DeliveryUncertain": {"uncertain": lambda said: said["retry_at"] is None},
}
_ALWAYS = {
    type_: [figure for figure, types in _COUNTED.items() if type_ in types] for type_ in chain(*_COUNTED.values())
}
NAMES = (*_COUNTED, "answer_median", "answer_slowest", "open_at_end", "unsigned_at_end")


# event type → the figures that it always counts for, and those that its words decide
_BY_TYPE = {type_: (_ALWAYS.get(type_, []), list(_JUDGED.get(type_, {}).items())) for type_ in {*_ALWAYS, *_JUDGED}}
TYPES = frozenset(_BY_TYPE)
READ = frozenset({*_JUDGED, "PageAcknowledged"})  # types of which more counts than that they are there


@dataclass(slots=True)
class Count:
    """Takes a watch's entries one after the other. Drills are not counted."""

    seqs: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    answers: list[tuple[int, int]] = field(default_factory=list)

    def take(self, entry: Counted) -> None:
        """One more entry, in the journal's order."""
        if entry.drill or entry.type not in _BY_TYPE:
            return
        always, judged = _BY_TYPE[entry.type]
        for figure in always:
            self.seqs[figure].append(entry.seq)
        for figure, holds in judged:
            if holds(entry.body):
                self.seqs[figure].append(entry.seq)
        if entry.type == "PageAcknowledged":
            self.answers.append((entry.body["after"], entry.seq))

    def figures(self, open_at_end: Iterable[tuple[int, bool]]) -> tuple[Figure, ...]:
        """All figures. `open_at_end`: (seq, signed for) of incidents still open."""
        left = list(open_at_end)
        self.seqs["open_at_end"] = [seq for seq, _signed in left]
        self.seqs["unsigned_at_end"] = [seq for seq, signed in left if not signed]
        plain = (
            Figure(name=n, value=len(self.seqs[n]), seqs=tuple(self.seqs[n]))
            for n in NAMES
            if not n.startswith("answer_")
        )
        return (*plain, *_answer_times(self.answers))


def figures(entries: Iterable[Counted], open_at_end: Iterable[tuple[int, bool]]) -> tuple[Figure, ...]:
    """All figures of a watch at once."""
    count = Count()
    for entry in entries:
        count.take(entry)
    return count.figures(open_at_end)


def _answer_times(answers: list[tuple[int, int]]) -> tuple[Figure, Figure]:
    """Seconds from the start of a page to its answer."""
    seqs = tuple(seq for _after, seq in answers)
    if not answers:
        return Figure(name="answer_median", value=None, unit="s"), Figure(name="answer_slowest", value=None, unit="s")
    after, slowest = max(answers)
    middle = round(median(a for a, _ in answers) / SECOND)
    return (
        Figure(name="answer_median", value=middle, unit="s", seqs=seqs),
        Figure(name="answer_slowest", value=round(after / SECOND), unit="s", seqs=(slowest,)),
    )


def summary(found: tuple[Figure, ...]) -> str:
    """Two sentences for a leader; the figures carry the rest."""
    value = {f.name: f.value for f in found}
    parts = [
        f"收到来报{value['received']}条",
        f"立事件{value['opened']}件、了结{value['closed']}件、未了{value['open_at_end']}件",
        f"呼叫{value['pages']}次、签收{value['pages_answered']}次",
    ]
    if value["answer_median"] is not None:
        parts.append(f"签收中位{value['answer_median']}秒、最慢{value['answer_slowest']}秒")
    faults = [
        (value["pages_late"], "次超时升级"),
        (value["pages_exhausted"], "次无人签收"),
        (value["clocks_late"], "个法定时限超期"),
        (value["undelivered"], "条未送达"),
    ]
    said = "、".join(f"{n}{words}" for n, words in faults if n)
    return ",".join(parts) + "。" + (f"其中{said}。" if said else "无超时、无未送达。")


def items(rows: Iterable[tuple[str, dict[str, object]]]) -> tuple[Item, ...]:
    """One line an incident: number, title, state, last word."""
    return tuple(
        Item(text=f"{body['number']} {body['title']}:{body['last_word']}", stream=stream, state=str(body["status"]))
        for stream, body in rows
    )
