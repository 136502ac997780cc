"""What the claims of one text add up to: sums over clauses, "of whom", corrections, totals that replace earlier ones.

It must never prefer an unknown to a figure that the text says, nor a figure to a "none" said later.
"""

import re
from dataclasses import dataclass, field
from itertools import groupby

from dutydesk.domain.readings import Figure, lowest
from dutydesk.reading.numerals import add, highest
from dutydesk.reading.scan import Mention
from dutydesk.reading.text import Text
from dutydesk.reading.vocabulary import alternatives

_TOTAL = re.compile(
    r"累计|共计|总计|合计|升至|增至|增加[至到]|上升[至到]|升到|总数|更正为|应为|改为|实为|最新|(?<!一)共(?!同|有\d+人乘)"
)
_REPLACES = re.compile(r"升至|增至|增加[至到]|上升[至到]|升到|更正为|更正|应为|改为|实为|最新|核减|修正|现在是|现为")
_NEWER = re.compile(r"截[至止]|目前|现在|现已|已有|最终|更正|最新|确认|升至|上升|增至|累计|仍|尚有|还有|还在")
_THE_REST = re.compile(r"其余|余下|剩余|剩下")
_OF_WHOM = re.compile(r"其中|包括|包含|(?<!包)含(?=\d)|里面|有\d+人?名?(?:是|为)")
_EXTRA = re.compile(r"(?:另外?|还有?|[又也]有?|此外|再有|新增|随后)[^,。;]{0,10}$")
_STALE = re.compile(
    r"(?:原报|刚才报|刚报|报死|报了|(?<!更正)前报|此前|之前|先前|原来|初报|上次|误报|不是|而非|并非|前期|首报|核载|昨[日天]报|由|从)[^,。;]{0,10}$"
)
_BACKGROUND = re.compile(
    r"去年|前年|历史上|曾经?(?:发生|造成|有)|每年|年均|据统计,?(?:20\d\d|今年|全国)|同期|以往|上一次|(?:自|从).{0,12}以来|回顾|此前发生"
)
_ALL_OUT = re.compile(alternatives("ledger", "all_out"))
_ALL_FOUND = re.compile(alternatives("ledger", "all_found"))
# said and at once taken back: 3死!!!不对 是3伤
_RETRACTED = re.compile(
    r"(?:^|[,。!?;.])(?:哦|啊|噢)?不[对是](?:[,。!]+|$|是|应|共)|(?:刚才|上面|前面)?(?:打|写|说|报|发)错了?[,。:]?(?:了|应该?|是|更正)"
)
_DIED_OF_IT = re.compile(r"抢救|救治|医治|送医|途中|不治|无效")
_HELD = re.compile(r"[困埋压]|救出")
_STILL = re.compile(r"在找|仍有|尚有|还有|仍被困|剩余|下落不明|仍在")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_INCREASE = re.compile(r"新增(?:加)?[^,。;]{0,8}$")
_FOUND = re.compile(r"(?:找到|搜寻到|搜到|寻获|发现|打捞[起上出]|救[出起])了?(?:最后)?$")
_REMAINS = re.compile(r"仍|尚|还有|还在|其余|余下|剩")
_THIS_TIME = re.compile(r"今[天日早晨晚]|(?:本|这|此)次|这回|刚才|刚刚|[;。]")
_HARMS = frozenset({"harmed", "deaths", "injured", "seriously_injured", "missing", "trapped"})
_LATEST = frozenset({"missing", "trapped"})


@dataclass(slots=True)
class Entry:
    """One field settled: the figure, where it was read, and whether the text calls it unknown or only some."""

    figure: Figure = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    unknown: bool = False
    vague: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    mention: Mention
    sentence: int
    subset: bool
    extra: bool
    total: bool
    newer: bool
    replaces: bool


def settle(text: Text, mentions: list[Mention], name: str, year: int = 0) -> Entry:
    """The entry for one field, from all claims about it."""
    entry = Entry()
    own = [
        m
        for m in mentions
        if (m.field == name or (m.field == "harmed" and name in {"deaths", "injured"} and m.figure in (0, None)))
        and not _is_retracted(text.plain, m, mentions)
    ]
    figures = [c for m in own if m.figure is not None and not m.none and (c := _weigh(text, m, own, year, mentions))]
    strong = [c for c in figures if not c.mention.weak] or figures[:1]
    nouns = [c for c in strong if not c.mention.noun or _is_the_rest(text.plain, c.mention)] or strong
    plain = [c for c in nouns if not c.subset] or nouns
    _sum_up(entry, plain, name)
    zeros = [m for m in own if m.none and name != "affected"]  # 未受影响 says nothing of how many are hit
    if name == "trapped" and (out := _all_out(text)) is not None:
        entry.figure, entry.spans = 0, [out]
    if name == "missing" and (found := _ALL_FOUND.search(text.plain)) and not _STILL.search(text.plain):
        entry.figure, entry.spans = 0, [found.span()]
    if zeros and (entry.figure is None or (name in _LATEST and zeros[-1].start > entry.spans[-1][0])):
        entry.figure, entry.spans = 0, [(zeros[0].start, zeros[0].end)]
    if entry.figure is None:
        entry.vague = any(m.vague for m in own)
        entry.unknown = not entry.vague and any(m.figure is None for m in own)
    return entry


def _all_out(text: Text) -> tuple[int, int] | None:
    """全部救出: nobody is trapped any more, unless the text says that some still are."""
    match = _ALL_OUT.search(text.plain)
    if match is not None and match.group().startswith("搜救") and not _HELD.search(text.plain):
        return None
    if match is None or _STILL.search(text.plain):
        return None
    return match.span()


def _weigh(text: Text, mention: Mention, mentions: list[Mention], year: int, everybody: list[Mention]) -> _Claim | None:
    start = text.sentence_start(mention.start)
    before = text.plain[start : mention.start]
    near = before[-14:]
    if _STALE.search(near) or _is_background(before[-60:]):
        return None
    if mention.noun and mention.field == "missing" and _FOUND.search(near):
        return None
    if start and any(int(said) < year for said in _YEAR.findall(before)):
        return None
    fresh = text.plain[
        max(start, mention.start - 20, *(m.end for m in mentions if m.end <= mention.start)) : mention.end
    ]
    survive = _survive(mention, mentions, everybody)
    return _Claim(
        mention,
        text.sentence(mention.start),
        _is_subset(text.plain, start, mention, mentions, everybody),
        (bool(_EXTRA.search(near)) and not (survive or _is_the_rest(text.plain, mention)))
        or _beside(mention, mentions),
        bool(_TOTAL.search(fresh)) and not _INCREASE.search(near),
        bool(_NEWER.search(fresh))
        or (mention.field in _LATEST and bool(_THE_REST.search(fresh)))
        or survive
        or _left_over(mention, mentions, everybody),
        bool(_REPLACES.search(fresh)),
    )


def _beside(mention: Mention, own: list[Mention]) -> bool:
    """消防官兵9人、保安1人受伤: the numbers of one row add up, even where they are alike."""
    return any(m.joined and m.end == mention.end and m.start < mention.start for m in own)


def _left_over(mention: Mention, own: list[Mention], everybody: list[Mention]) -> bool:
    """9人被冲走,4人获救,3人遇难,2人失联: those still missing, when others of the first number were found in between."""
    earlier = [m.end for m in own if m.figure is not None and m.end <= mention.start]
    return (
        mention.field == "missing"
        and bool(earlier)
        and any(m.field in {"rescued", "deaths"} and max(earlier) <= m.start < mention.start for m in everybody)
    )


def _survive(mention: Mention, own: list[Mention], everybody: list[Mention]) -> bool:
    """5名工人坠落,2人死亡,另3人伤情稳定: the hurt who are left of a first number when its dead are counted off."""
    left = mention.figure
    if mention.field not in {"injured", "treated"} or not isinstance(left, int):
        return False
    hurt = [(m.end, m.figure) for m in own if isinstance(m.figure, int) and m.end <= mention.start]
    died = [(m.start, m.figure) for m in everybody if m.field == "deaths" and isinstance(m.figure, int)]
    return any(end <= start < mention.start and all_ == left + dead for end, all_ in hurt for start, dead in died)


def _is_background(before: str) -> bool:
    """去年…死3人: of another time, unless the words came back to this one (今天又冒顶)."""
    found = list(_BACKGROUND.finditer(before))
    return bool(found) and not _THIS_TIME.search(before, found[-1].end())


def _is_retracted(plain: str, mention: Mention, mentions: list[Mention]) -> bool:
    """3死!!!不对,是3伤: what stands before the retraction, when a claim of people stands behind it."""
    back = _RETRACTED.search(plain, mention.end, mention.end + 40)
    return back is not None and any(m.start >= back.start() and m.field in _HARMS for m in mentions)


def _is_subset(plain: str, sentence: int, mention: Mention, mentions: list[Mention], everybody: list[Mention]) -> bool:
    """ "Of whom" behind an earlier claim of the same field, or a breakdown in brackets behind one."""
    earlier = [
        m for m in mentions if m.field == mention.field and sentence <= m.start < mention.start and m.figure is not None
    ]
    if not earlier:
        return False
    if _is_the_rest(plain, mention):
        return False
    between = plain[earlier[0].end : mention.start]
    if _DIED_OF_IT.search(plain, mention.start, mention.end) and _other_group(mention, everybody, earlier[0]):
        return False
    if between.count("(") > between.count(")"):
        return True
    return bool(_OF_WHOM.search(between))


def _is_the_rest(plain: str, mention: Mention) -> bool:
    """33人被困,24人获救,另外9人仍在搜救: those left over, neither more of them nor a part."""
    return mention.field in _LATEST and bool(_REMAINS.search(plain, max(0, mention.start - 6), mention.end))


def _other_group(mention: Mention, mentions: list[Mention], earlier: Mention) -> bool:
    """1人当场死亡、3人受伤,其中1人抢救无效死亡: the part is of the hurt named just before, not of the dead."""
    before = [m for m in mentions if earlier.end <= m.start and m.end <= mention.start and m.figure is not None]
    return bool(before) and before[-1].field in {"injured", "seriously_injured", "treated"}


def _sum_up(entry: Entry, claims: list[_Claim], name: str) -> None:
    """Sentence by sentence: what a sentence adds up to replaces, joins or only repeats what stood before it."""
    previous = -9
    for sentence, group in groupby(claims, key=lambda claim: claim.sentence):
        told = list(group)
        first, figure, spans = _within(told)
        newest = any(claim.replaces for claim in told) or (name in _LATEST and first.newer)
        if entry.figure is not None and first.extra and sentence - previous <= 1 and not newest:
            entry.figure, entry.spans = add(entry.figure, figure), [*entry.spans, *spans]
        elif entry.figure is None or newest or _outgrows(figure, entry.figure):
            entry.figure, entry.spans = figure, spans
        previous = sentence


def _within(claims: list[_Claim]) -> tuple[_Claim, Figure, list[tuple[int, int]]]:
    """The claims of one sentence: a sum over its clauses, unless one of them says the total."""
    figure: Figure = None
    spans: list[tuple[int, int]] = []
    led = newly = False
    for claim in claims:
        mention = claim.mention
        span = (mention.start, mention.end)
        total = claim.total or claim.replaces or (claim.newer and not claim.extra)
        if (
            figure is None
            or total
            or (newly and not claim.extra)
            or (mention.leads and not led and _outgrows(mention.figure, figure))
        ):
            figure, spans = mention.figure, [span]
        elif claim.extra or mention.figure != figure or highest(figure) <= 3:
            figure, spans = add(figure, mention.figure), [*spans, span]
        led, newly = mention.leads, claim.extra and (newly or figure == mention.figure)
    return claims[0], figure, spans


def _outgrows(new: Figure, old: Figure) -> bool:
    return max(lowest(new), highest(new)) > max(lowest(old), highest(old))
