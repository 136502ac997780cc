"""Which report of a row a text is: first, follow-up or final; a correction; cut off in the middle.

The words say it; in a message they are overruled by the second opinion where it is plainly of another mind.

It must never take a second person's first account for a follow-up: that alone decides nothing about the incident.
"""

import re
from collections.abc import Mapping

from dutydesk.domain.readings import Kind
from dutydesk.reading.text import Text
from dutydesk.reading.vocabulary import alternatives

_FOLLOW = re.compile(
    r"续报|后续报告|续情|续:|情况更新|最新(?:进展|情况|消息|[:,])|进展情况|更新[::]|补报|补充报告|再报|跟进|追加报告|(?:第[二三四五六七八九十]|[二三四五六七八九]|2|3|4|5)(?:次报告|报)|核报|更正"
)
_FINAL = re.compile(alternatives("stage", "final"))
_FIRST = re.compile(r"首报|初报|快报|速报|第一次报告|首次报告|突发事件报告")
_GROWN = re.compile(alternatives("stage", "grown"))
OVER = re.compile(alternatives("stage", "over"))
_OPEN = re.compile(r"仍|还有|尚有|继续|正在|剩|失联\d|[1-9一二两三四五六七八九十]+人(?:失联|失踪|被困|下落不明)|个没了")
_GOING = re.compile(alternatives("stage", "going"))
_SETTLING = re.compile(
    r"查明|得到控制|基本控制|已扑灭|熄灭|新增(?:死亡|受伤|病例|确诊|感染|转移)|脱离危险|出院|抢通|确认(?:死亡|遇难)|找到\d|打捞(?:起|出)|搜救中|继续搜|再次|病情稳定|已封控|退水|水位下降|复燃"
)
# an event spoken of as known already: its name, not its happening, then how it stands now
_KNOWN = re.compile(alternatives("stage", "known"))
# what came of a known event, told without an hour: 大巴事故27人受伤, 伤者已手术, 遗体找到
_CAME_OF_IT = re.compile(alternatives("stage", "came_of_it"))
_BEGINS = re.compile(r"发生|突发|爆发|出现|刚才|刚刚|快来|快派")
_PUT_OUT = re.compile(
    r"(?:火灾?|明火)(?:已)?(?:经)?(?:全部)?(?:扑灭|灭)了?[,。](?:[^,。]{0,10}[,。])?(?:无|没有?|未)[^,。]{0,6}伤|困人?[^,。]{0,6}救出|劝离,|散去,"
)
_CORRECTION = re.compile(
    r"更正|应为|改为|修正|纠正|订正|误报|写错|报错|说错|核减|不是\d|打错|错了|有误|以此为准|核实后为|原报"
)
_CUT = re.compile(
    r"(?:[,、:(\[]|\.\.\.|…|造成|导致|目前|发生|其中|现场|位于|已|正在|的|和|与|在|约|共|受|死|请|有|因|一|被|无|未)$"
)


_BEGUN = re.compile(
    r"发生|突发|爆发|出现|突然|失稳|起火|着火|自燃|突起|失控|被|遭|撞|翻|塌|坠|泄漏|爆炸|追尾|落水|触电|被埋|被困"
)
_FOUND_DEAD = re.compile(r"找到[^。]{0,12}(?:无生命|遇难|牺牲|死亡|无体征)|均(?:无生命|遇难|牺牲)")
_AS_OF = re.compile(r"截[至止]")


def follows(plain: str) -> bool:
    """Whether the text speaks of an event known before."""
    known = _GOING.search(plain[:100]) or _KNOWN.search(plain[:140])
    return bool(known or _FOLLOW.search(plain[:80]) or _GROWN.search(plain[:120]) or _FINAL.search(plain))


_MESSAGE = 100  # code points up to which the second opinion has a say
_AGAINST_FIRST, _AGAINST_LATER = 1.0, 2.0  # log odds from which it overrules what the words say


def kind(
    text: Text,
    *,
    emergency: bool,
    timed: bool = True,
    bare: bool = False,
    opinion: Mapping[Kind, float] | None = None,
) -> Kind | None:
    """First report, follow-up or final, by its own words; a report that says nothing of it is a first one.

    `bare`: the text names neither an event nor a place, only figures: an answer to a question; `opinion`: log
    probabilities of the second opinion.
    """
    plain = text.plain
    head = plain[:60]
    for pattern, name in ((_FINAL, "终报"), (_FOLLOW, "续报"), (_FIRST, "首报")):
        if pattern.search(head) and re.search(name if name != "首报" else "首报|初报", head):
            return "终报" if name == "终报" else "续报" if name == "续报" else "首报"
    if not emergency:
        return None
    if bare:
        return "续报"
    said = _stage(plain, timed=timed)
    return _agreed(said, opinion) if opinion and len(plain) <= _MESSAGE else said


def _agreed(said: Kind, opinion: Mapping[Kind, float]) -> Kind:
    other = max(opinion, key=lambda name: opinion[name])
    limit = _AGAINST_FIRST if said == "首报" else _AGAINST_LATER
    return other if opinion[other] - opinion[said] > limit else said


def _stage(plain: str, *, timed: bool) -> Kind:
    """Which report of a row a text is that does not name itself so."""
    head = plain[:60]
    begun = timed and bool(_BEGUN.search(plain[:160]))
    if _FINAL.search(plain) and not begun:
        return "终报"
    if not timed and OVER.search(plain) and not _OPEN.search(plain) and not _FOUND_DEAD.search(plain):
        return "终报"
    if _FIRST.search(head):
        return "首报"
    if not timed and (_SETTLING.search(plain[:140]) or _AS_OF.search(plain[:80])):
        return "续报"
    if not timed and not _BEGINS.search(plain[:140]):
        if _PUT_OUT.search(plain[:80]) and not _OPEN.search(plain):
            return "终报"
        if _CAME_OF_IT.search(plain[:100]):
            return "续报"
    if not begun and _KNOWN.search(plain[:140]):
        return "续报"
    if begun and not _FOLLOW.search(head) and not _GROWN.search(plain):
        return "首报"
    return "续报" if _FOLLOW.search(plain) or _GROWN.search(plain) or _GOING.search(plain[:140]) else "首报"


def is_correction(text: Text) -> bool:
    """Whether the text takes back something that was said before."""
    return bool(_CORRECTION.search(text.plain))


def is_cut_off(text: Text) -> bool:
    """Whether the text stops in the middle: at a comma, an opened bracket, or a word that calls for another."""
    plain = text.plain.rstrip()
    if len(plain) < 8:
        return False
    opened = plain.count("(") > plain.count(")")
    return bool(_CUT.search(plain)) or (opened and plain.rfind("(") > len(plain) - 20)
