"""Reads one text into a `Reading`: calls each part once and writes what they found. Pure, deterministic, total.

It must never raise for any text, and never put a figure into the reading without a span.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import FIGURES, Bounds, Figure, Level, Reading, Span, lowest
from dutydesk.reading import amounts, events, frames, nature, places, stage, times
from dutydesk.reading.casualties import mentions
from dutydesk.reading.gazetteer import Gazetteer
from dutydesk.reading.ledger import Entry, settle
from dutydesk.reading.levels import LevelTable
from dutydesk.reading.moments import Moment, Reference
from dutydesk.reading.numerals import add, numbers
from dutydesk.reading.opinion import opinion
from dutydesk.reading.text import Text, prepare

_STATED = re.compile(
    r"(?<!可能为)(?<!达到)(?:属|为|定为|定级为|判定为|初判为?|构成|系|发生|一起|起)?(特别重大|重大|较大|一般)(?:级|性)?(?:生产安全|道路交通|交通|火灾|自然|地质|突发|环境|公共卫生|食品安全|刑事|社会安全|安全生产|森林|建筑|煤矿)*(?:事故|事件|灾害|险情|火灾|级别)"
)
_UNKNOWN = re.compile(
    r"(?P<what>伤亡|死亡|死伤|受伤|失踪|失联|被困|人员|遇难|财产损失)(?:人员|人数|情况|数字|数|原因)*(?:和|及|、|与)?(?:财产损失|损失|被困|火灾原因|原因|失踪|失联)?(?:人员|人数|情况|数字|数)*"
    r"[^,。;\d]{0,6}?(?:不详|不明|不清|未知|待查|待核|待进一步|待确认|待统计|待定|尚不|正在?(?:进一步)?(?:核实|统计|核查|调查|了解|确认|排查|清点|核对|搜救|查)|有待|核实中|统计中|确认中|了解中|暂不|未确认|无法|还不知道|不晓得|不知道|没搞清|没弄清|不确定|再报|续报|另报)"
)
_UNKNOWN_BEFORE = re.compile(
    r"(?:正在?(?:进一步)?(?:核实|统计|核查|了解|确认|清点|排查)|不知道|不清楚|不晓得|暂不清楚|还不清楚|尚不清楚|无法确认|有没有|有无|是否有?)[^,。;\d]{0,8}?(?P<what>伤亡|死亡|死伤|受伤|失踪|被困|人员)"
)
_ASKED = {
    "伤亡": ("deaths", "injured"),
    "死伤": ("deaths", "injured"),
    "人员": ("deaths", "injured"),
    "死亡": ("deaths",),
    "遇难": ("deaths",),
    "受伤": ("injured",),
    "失踪": ("missing",),
    "失联": ("missing",),
    "被困": ("trapped",),
    "财产损失": ("direct_loss_cny",),
}
_MESSAGE = 160  # code points up to which the second opinion weighs the causes: a longer text names its own
_TOLD = 1.7  # of a guess: one word at least that belongs to a class
_EARLIER = timedelta(days=2)  # a sentence about a day before that tells another event
_CHECKED = re.compile(r"(?:送医|送院|入院|医院|留院)(?:检查|观察|排查|体检)")
_SILENT = frozenset({"advertisement", "notice", "tip", "greeting", "answer", "rumour_denied"})
_ILLNESS = ("11", "13A", "13B", "13D", "13E", "13F", "13G", "13Y")
_SICK = _ILLNESS[1:]
_POISON = ("12", "13B", "13C", "14")  # acute poisoning counts among the hurt: 493号 art. 3


@cache
def national() -> Gazetteer:
    return Gazetteer.national()


def read(
    text: str, reference: datetime | date, gazetteer: Gazetteer | None = None, levels: LevelTable | None = None
) -> Reading:
    """Read one text received at `reference` (naive: Asia/Shanghai; a bare date: some time on that day).

    Without `levels` a level is proposed only when the text states one. Never raises for any text.
    """
    prepared = prepare(text)
    if not prepared.plain.strip():
        return Reading()
    return _Reader(prepared, _local(reference), gazetteer or national()).reading(levels)


def _local(reference: datetime | date) -> Reference:
    if not isinstance(reference, datetime):
        evening = datetime.combine(reference, datetime.max.time(), tzinfo=BEIJING).replace(second=0, microsecond=0)
        return Reference(evening, clock=False)
    return Reference(
        reference.astimezone(BEIJING) if reference.tzinfo else reference.replace(tzinfo=BEIJING), clock=True
    )


class _Reader:
    """The parts of one reading while it is being made."""

    def __init__(self, text: Text, reference: Reference, gazetteer: Gazetteer) -> None:
        self.text = text
        self.year = reference.at.year
        self.reference = reference
        self.numbers = numbers(text.plain)
        self.mentions = mentions(text, self.numbers)
        self.when = times.when(text, reference)
        self.where = places.where(text, gazetteer, self.when.all)
        self.names = [(hit.start, hit.end) for hit in self.where.hits if hit.is_division]
        self.events = events.events(text, self.names)
        self.gazetteer = gazetteer
        self.opinion = opinion(text.plain)
        self.spans: dict[str, tuple[Span, ...]] = {}

    def reading(self, levels: LevelTable | None) -> Reading:
        drill = nature.is_drill(self.text)
        harm = tuple(
            m.start
            for m in self.mentions
            if m.figure is not None
            and not m.none
            and m.field in {"deaths", "injured", "seriously_injured", "missing", "trapped"}
        )
        placed = bool(self.where.hits) or self.where.found
        moved = any(
            m.figure is not None and m.field in {"evacuated", "ill", "affected", "rescued", "lightly_injured"}
            for m in self.mentions
        )
        signs = nature.Signs(
            happening=_strength(self.events),
            harm=bool(harm),
            happened=bool(self.where.hits or harm)
            and frames.happened(self.text, self.when.occurred, self.events, harm, self.reference),
            moved=moved,
            placed=placed,
            known=bool(self.where.hits),
            clock=self.when.occurred is not None and self.when.occurred.precision in {"minute", "hour"},
            timed=self.when.occurred is not None,
            denied=any(m.none and m.field in {"harmed", "deaths", "injured"} for m in self.mentions),
            drill=drill,
            planned=self.when.planned,
            opinion=self.opinion.report,
            old=frames.is_old(self.text, self.when.occurred, self.when.as_of, self.reference),
        )
        kind_of_text = nature.nature(self.text, signs)
        emergency = kind_of_text == "report"
        if kind_of_text in _SILENT:
            return Reading(nature=kind_of_text, is_drill=drill, cut_off=stage.is_cut_off(self.text))
        if emergency and not self.events:
            self.events = self._guessed()
        if len(self.text.plain) <= _MESSAGE:
            self.events = events.weighed(self.events, self.opinion.classes)
        fields = {**self._figures(), **self._what(), **self._times(), **self._place()}
        draft = Reading.model_validate(
            {
                **fields,
                "nature": kind_of_text,
                "is_emergency": emergency,
                "is_drill": drill,
                "kind": stage.kind(
                    self.text,
                    emergency=emergency or drill,
                    timed=self.when.occurred is not None or self.when.reported is not None,
                    bare=emergency and not self.events and not self.where.found,
                    opinion=self.opinion.kinds,
                ),
                "correction": stage.is_correction(self.text),
                "cut_off": stage.is_cut_off(self.text),
                "spans": self.spans,
            }
        )
        level = self._level(draft, levels)
        return draft.model_copy(update={"level": level, "spans": dict(self.spans)})

    def _guessed(self) -> list[events.Event]:
        """For a report without a rule: a class by its words; none for a bare answer of figures (伤1人)."""
        found = events.guess(self.text, self.names, self.opinion.classes)
        told = self.where.found or self.where.hits or found.score >= _TOLD or not self.mentions
        return [found] if told else []

    def _note(self, name: str, stretches: Iterable[tuple[int, int]]) -> None:
        self.spans[name] = tuple(self.text.span(start, end) for start, end in stretches)

    def _what(self) -> dict[str, object]:
        if not self.events:
            return {}
        lead, *others = self.events
        if lead.end > lead.start:
            self._note("code", [(lead.start, lead.end)])
        rest = [e.code for e in others if e.code[:3] != lead.code[:3] and e.score >= lead.score - 7]
        return {
            "category": lead.category,
            "code": lead.code,
            "subtype": events.subtype(lead.code),
            "other_codes": tuple(dict.fromkeys(rest)),
        }

    def _times(self) -> dict[str, object]:
        out: dict[str, object] = {}
        found: tuple[tuple[str, Moment | None], ...] = (
            ("occurred_at", self.when.occurred),
            ("as_of", self.when.as_of),
            ("reported_at", self.when.reported),
        )
        for name, moment in found:
            if moment is not None:
                out[name] = times.iso(moment)
                self._note(name, [(moment.start, moment.end)])
        return {**out, "occurred_precision": times.precision(self.when.occurred)}

    def _place(self) -> dict[str, object]:
        found = self.where
        out: dict[str, object] = {"county": found.county, "places": self.gazetteer.candidates(list(found.hits))}
        if found.found:
            out["place_text"] = self.text.written(found.start, found.end)
            self._note("place_text", [(found.start, found.end)])
        return out

    def _figures(self) -> dict[str, object]:
        told = [m for m in self.mentions if not self._of_earlier(m.start)]
        ledger = {name: settle(self.text, told, name, self.year) for name in (*FIGURES, "lightly_injured", "treated")}
        ledger["households"] = amounts.households(self.text.plain, self.numbers)
        ledger["direct_loss_cny"] = amounts.loss(self.text.plain, self.numbers)
        ledger["area_m2"] = amounts.area(self.text.plain, self.numbers)
        self._all_injured(ledger)
        self._gravely_hurt_who_died(ledger["seriously_injured"])
        self._being_verified(ledger)
        for name in FIGURES:
            if ledger[name].figure is not None:
                self._note(name, ledger[name].spans)
        return {
            **{name: ledger[name].figure for name in FIGURES},
            "unknown": tuple(n for n in FIGURES if ledger[n].figure is None and ledger[n].unknown),
            "vague": tuple(n for n in FIGURES if ledger[n].figure is None and ledger[n].vague),
        }

    def _of_earlier(self, position: int) -> bool:
        """上月23日,该市一座清真寺遭袭,12人身亡: what a sentence tells that begins days before the event."""
        if self.when.occurred is None:
            return False
        begun, since = self.text.sentence_start(position), self.when.occurred.at.date() - _EARLIER
        dated = [m for m in self.when.all if begun <= m.start < position and m.dated]
        return bool(dated) and all(m.at.date() < since for m in dated)

    def _all_injured(self, ledger: dict[str, Entry]) -> None:
        """All injured: the said total, or the grave and the light together; the treated when nothing else is said."""
        total, grave, light = ledger["injured"], ledger["seriously_injured"], ledger["lightly_injured"]
        sick = bool(self.events) and self.events[0].code.startswith(_SICK)  # the gravely ill are ill, not hurt
        parts = [entry for entry in (grave, light) if entry.figure and not sick]
        if parts and (total.figure is None or self._apart(total, parts)):
            for entry in parts:
                total.figure, total.spans = add(total.figure, entry.figure), [*total.spans, *entry.spans]
            if lowest(ledger["treated"].figure) > lowest(total.figure) and not _CHECKED.search(self.text.plain):
                total.figure, total.spans = ledger["treated"].figure, ledger["treated"].spans
        poisoned = bool(self.events) and self.events[0].code.startswith(_POISON)
        if bool(self.events) and self.events[0].code.startswith(("13A", "13B")):
            poisoned = "食物中毒" in self.text.plain or (poisoned and "中毒" in self.text.plain)
        if ledger["treated"].figure and total.figure is None and self._are_others(ledger["treated"], ledger["deaths"]):
            target = ledger["ill"] if self.events and self.events[0].code.startswith("13") else total
            if target.figure is None:
                target.figure, target.spans = ledger["treated"].figure, ledger["treated"].spans
        illness = bool(self.events) and self.events[0].code.startswith(_ILLNESS)
        if ledger["ill"].figure and ledger["affected"].figure is None and illness:
            ledger["affected"].figure, ledger["affected"].spans = ledger["ill"].figure, ledger["ill"].spans
        if (
            poisoned
            and ledger["ill"].figure
            and (total.figure is None or lowest(total.figure) < lowest(ledger["ill"].figure))
        ):
            total.figure, total.spans = self._surviving(ledger["ill"], ledger["deaths"]), ledger["ill"].spans
        elif isinstance(total.figure, int):
            total.figure -= self._died_of_these(total)

    def _gravely_hurt_who_died(self, grave: Entry) -> None:
        """5人重伤。5名重伤者均抢救无效死亡: none of them is gravely hurt any more."""
        for dead in (m for m in self.mentions if m.field == "deaths" and isinstance(m.figure, int)):
            if "重伤" in self.text.plain[dead.start : dead.end] and isinstance(grave.figure, int):
                grave.figure = max(0, grave.figure - lowest(dead.figure)) or None

    def _are_others(self, treated: Entry, dead: Entry) -> bool:
        """一个当场没了,一个送医院: who is treated is not the one who died; 送医1人。1人死亡 may be."""
        return dead.figure != treated.figure or (bool(dead.spans) and treated.spans[0][0] >= dead.spans[-1][1])

    def _surviving(self, hurt: Entry, dead: Entry) -> Figure:
        """3人中毒,2人死亡: who died of it is no longer among the hurt."""
        if not (isinstance(hurt.figure, int) and isinstance(dead.figure, int) and dead.spans):
            return hurt.figure
        if self.events and self.events[0].code.startswith("13B"):
            return hurt.figure
        after = hurt.spans[0][1] <= dead.spans[0][0] and hurt.figure > dead.figure
        return hurt.figure - dead.figure if after else hurt.figure

    def _died_of_these(self, hurt: Entry) -> int:
        """18人受伤,其中3人抢救无效死亡; 5人受伤,2人经抢救无效死亡,另3人伤情稳定; 2名伤者不治: the dead of the hurt."""
        if not hurt.spans or not isinstance(hurt.figure, int):
            return 0
        told = [m for m in self.mentions if isinstance(m.figure, int) and m.start >= hurt.spans[-1][1]]
        for dead in (m for m in told if m.field == "deaths" and lowest(m.figure) < hurt.figure):
            between = self.text.plain[hurt.spans[-1][1] : dead.start]
            rest = any(
                m.field in {"treated", "injured"} and lowest(m.figure) + lowest(dead.figure) == hurt.figure
                for m in told
            )
            near = len(between) < 24 and "。" not in between and ("其中" in between or rest)
            if near or re.search("伤[者员]", self.text.plain[dead.start : dead.end]):
                return lowest(dead.figure)
        return 0

    def _apart(self, total: Entry, parts: list[Entry]) -> bool:
        """2人重伤、3人受伤 are five: the plain number stands behind the grave one, in one sentence, with no 其中."""
        said = lowest(total.figure)
        if not said or any(lowest(entry.figure) > said for entry in parts):
            return bool(said)
        first, last = parts[0].spans[0], total.spans[0]
        between = self.text.plain[first[1] : last[0]] if first[1] <= last[0] else "其中"
        return len(between) < 8 and not re.search(r"[。共总]|其中|包括", between)

    def _being_verified(self, ledger: dict[str, Entry]) -> None:
        for pattern in (_UNKNOWN, _UNKNOWN_BEFORE):
            for match in pattern.finditer(self.text.plain):
                for name in _ASKED[match["what"]]:
                    ledger[name].unknown = True

    def _level(self, draft: Reading, levels: LevelTable | None) -> Level | None:
        if not draft.is_emergency:
            return None
        proposed = levels.propose(draft) if levels else None
        match = _STATED.search(self.text.plain)
        if match and proposed is None:
            self._note("level", [match.span(1)])
            return _level_word(match[1])
        return proposed


def _strength(found: list[events.Event]) -> float:
    """The score of the leading cause; one found by a single character counts for less."""
    if not found:
        return 0.0
    return found[0].score if any(e.end - e.start > 1 for e in found[:3]) else min(11.0, found[0].score)


def _level_word(word: str) -> Level:
    words: dict[str, Level] = {"特别重大": "特别重大", "重大": "重大", "较大": "较大", "一般": "一般"}
    return words[word]


def figure_as_json(figure: Figure) -> int | dict[str, int] | None:
    """A figure as INTERFACES says: an integer, `{"min": n}` and the like, or null."""
    return figure.model_dump(exclude_none=True) if isinstance(figure, Bounds) else figure
