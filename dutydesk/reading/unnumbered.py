"""Claims without a number of their own: a none, a some, a question, and the one person whom a sentence names.

It must never make one person of several, nor a zero of a question.
"""

import re

from dutydesk.reading.scan import NEGATION, Mention, Scan, Word
from dutydesk.reading.slots import Slot, alone
from dutydesk.reading.vocabulary import alternatives

_DENIED_BEHIND = re.compile(
    r"[:,]?(?:人员|情况|的)?(?:都|均|全|也)?(?:没有?(?![^,。]{0,3}(?:报告|消息|统计))|无|零|为零|0(?!\d)|没出)(?=[,。;!]|$)"
)
_LISTED = re.compile(r"^(?:人员|人)?(?:、|和|及|或|与|以及|或者|,)?(?:人员|无|没有|被)*$")
GONE = re.compile(
    r"没救过来|没抢救过来|没救活|人(?:当场|已经|就)(?:没了|不行了|走了)|,当场(?:就)?没了?(?=[,。]|$)|(?<![\d一二两三四五六七八九十个俩仨])人不行了|(?<![\d一二两三四五六七八九十个俩仨])人没了(?![\d一二两三四五俩仨])|当场没气"
)
_OTHERS = re.compile(r"新增|再有")  # 未接到新增伤亡: no more than were told, not none
_SEARCHED = re.compile(r"发现|找到|收到")
_WHETHER = re.compile(r"(?:是否|有无|有没有|可能|不排除|如有|若有|是不是)[^,。;]{0,8}$")
_PREVENT = re.compile(r"(?:防止|避免|以免|确保|严防|杜绝|减少|降低|以防|谨防|防范|造成或可能造成)[^,。;]{0,8}$")
_SOME = re.compile(
    r"(?:多[人名位]|[数几][十百千]?[多余]?[人名位个]|若干|部分|有人|许多|大量|大批|不少|个别|一些|有(?:个别)?(?:工人|群众|乘客|学生|村民)|有些)[^,。;\d]{0,10}$"
)
_ONE = re.compile(
    rf"(?:{alternatives('unnumbered', 'one')})"
    rf"(?:头部?|腿部?|手臂?|身上|脸部?|胳膊|脚|眼睛?|腰|背部?)?(?:{alternatives('unnumbered', 'then')})*$"
)
_MANY = re.compile(
    r"们|两|多名|[二三四五六七八九十\d]+名|[二三四五六七八九十\d]+人|等|部分|多个|家属|哪|谁|救护|受伤司机和|一些|有"
)
_IN_VAIN = re.compile(
    r"(?:经抢救|抢救无效|救治无效|送医(?:院)?(?:后|途中)?|送[^,。]{1,8}医院(?:后)?)(?:经抢救无效|不治|后)?$"
)
_VICTIM = re.compile(r"(?<=[压撞轧砸踩咬淹烧电熏]死)(?:了)?(?:驾驶员|司机|老人|村民|行人|老汉|男子|女子|小孩|孩子)")
_STATES = frozenset({"deaths", "seriously_injured", "injured", "missing"})
_SAVED_HURT = re.compile(
    r"(?:均|都|已经?|被|全部|先后|成功|破拆|安全)*(?:救出|救起|救上来|拉上来|弄出来|抬出来?),?(?:均|都|全部)?(?:因|有|是)?"
    r"(?:吸入|呛|骨折|[轻重]?受?伤|送医|送往?[^,。]{0,10}医院|送医院)(?!检查|体检)"
)
_ALL = re.compile(r"(?:均|都|全部?)(?:已经?|被|经[^,。;]{0,8})?(?:确认|宣告)?$")
_DIED_SINCE = re.compile(r"\((?:后|已|均|都|全部|经|送|至|医院?|抢救|救治|无效|不治|伤重|先后|不幸)*$")
_HURT = frozenset({"injured", "seriously_injured", "treated"})
_STORY = 60  # code points from the one person to what became of them
_ABOARD = re.compile(r"[船机艇舱](?:上|内)(?:共?有|还有|共|载有)?$")


def _is_asked(plain: str, word: Word) -> bool:
    """伤没伤人, 死没死: a question in itself."""
    around = plain[max(0, word.start - 2) : word.end + 2]
    return "伤没伤" in around or "死没死" in around


def cases(scan: Scan) -> None:
    """新增18例: a number of cases with no word of illness beside it counts the ill."""
    if any(m.field == "ill" and m.figure is not None for m in scan.out):
        return
    claimed = {m.number for m in scan.out}
    for slot in scan.slots:
        if slot.start not in claimed and scan.plain[slot.end - 1 : slot.end] == "例" and not slot.number.vague:
            scan.out.append(Mention("ill", slot.figure, slot.start, slot.end, number=slot.start))


def aboard(scan: Scan) -> None:
    """渔船失联,船上9人: those aboard a craft that is missing, or held fast (被风浪困住,船上共11人)."""
    words = [w for w in scan.words if w.field in {"missing", "trapped"} and not w.used]
    if not words or any(m.field in {words[0].field, "rescued"} and m.figure is not None for m in scan.out):
        return
    claimed = {m.number for m in scan.out}
    for slot in scan.slots:
        if slot.kind == "people" and slot.start not in claimed and _ABOARD.search(scan.plain[: slot.start][-8:]):
            scan.out.append(Mention(words[0].field, slot.figure, slot.start, slot.end, number=slot.start))


def saved(scan: Scan) -> None:
    """被困两人已救出,均骨折: those brought out are the hurt when the words behind say so."""
    if any(m.field in {"injured", "treated", "deaths"} and m.figure for m in scan.out):
        return
    for slot in scan.slots:
        found = _SAVED_HURT.match(scan.plain, slot.end) if slot.kind == "people" else None
        if found and not slot.number.vague:
            scan.out.append(Mention("treated", slot.figure, slot.start, found.end(), number=slot.start))


def _lone(scan: Scan, word: Word) -> Slot | None:
    """一名外卖员掉进井里,捞起已无生命体征: the only person whom the sentence names, counted by nothing nearer."""
    begun = max(scan.plain.rfind(stop, 0, word.start) for stop in "。!?\n;") + 1
    people = [s for s in scan.slots if s.kind == "people" and begun <= s.start < word.start]
    if word.field not in _STATES or len(people) != 1 or people[0].figure != 1 or word.start - people[0].end > _STORY:
        return None
    claimed = any(m.number == people[0].start or m.field == word.field for m in scan.out)
    return None if claimed or scan.plain[people[0].start - 2 : people[0].start] in {"其中", "另有"} else people[0]


def _all_of_them(scan: Scan, word: Word) -> Slot | None:
    """2名男子被压,相继挖出,均已死亡: all of the only people whom the sentence counts."""
    if word.field not in {"deaths", "injured"} or not _ALL.search(scan.plain[max(0, word.start - 14) : word.start]):
        return None
    begun = max(scan.plain.rfind(stop, 0, word.start) for stop in "。!?\n;") + 1
    people = [s for s in scan.slots if s.kind == "people" and begun <= s.start < word.start]
    told = any(m.field == word.field for m in scan.out)
    return people[0] if len(people) == 1 and not told and word.start - people[0].end <= _STORY else None


def _bracketed(scan: Scan, word: Word) -> Slot | None:
    """救出1人(骨折): what stands alone in brackets is said of the people counted before them."""
    if scan.plain[word.start - 1 : word.start] != "(" or word.start < 2:
        return None
    return next((slot for slot in scan.slots if slot.kind == "people" and slot.end == word.start - 1), None)


def _of_them_all(scan: Scan, word: Word) -> Mention | None:
    """4人受伤(后经医院抢救无效死亡): the hurt whom the bracket behind them calls dead."""
    opened = _DIED_SINCE.search(scan.plain, max(0, word.start - 20), word.start)
    if word.field != "deaths" or opened is None:
        return None
    return next((m for m in scan.out if m.end == opened.start() and m.figure and m.field in _HURT), None)


def _by_name(scan: Scan, word: Word) -> int | None:
    """8岁儿子滑入深水区溺亡: where the one person of the sentence stands who is named by age or trade and counted by nothing."""
    begun = max(scan.plain.rfind(stop, 0, word.start) for stop in "。!?\n;") + 1
    counted = any(s.kind == "people" and begun <= s.start < word.start for s in scan.slots)
    if word.field not in _STATES or counted or any(m.field == word.field for m in scan.out):
        return None
    person = alone(scan.plain, max(begun, word.start - _STORY), word.start)
    return person[0] if person else None


def without_number(scan: Scan) -> None:
    negated_at = -99
    for match in GONE.finditer(scan.plain):
        if not any(m.field == "deaths" for m in scan.out) and not _MANY.search(
            scan.plain[max(0, match.start() - 14) : match.start()]
        ):
            scan.out.append(Mention("deaths", 1, match.start(), match.end(), weak=True))
    for word in scan.words:
        if word.used:
            continue
        before = scan.plain[max(0, word.start - 22) : word.start]
        found = NEGATION.search(before)
        if _PREVENT.search(before) or (found and word.field == "missing" and _SEARCHED.search(found.group())):
            continue
        if _is_asked(scan.plain, word) or (_WHETHER.search(before) and not (found and "可能" in before)):
            scan.out.append(Mention(word.field, None, word.start, word.end))
        elif _DENIED_BEHIND.match(scan.plain, word.end) and word.field not in {"treated", "ill"}:
            scan.out.append(Mention(word.field, 0, word.start, word.end, none=True))
        elif (
            found
            and word.field == "deaths"
            and re.match(r"(?:的)?报告[^。]{0,6}(?:核|统计)", scan.plain[word.end : word.end + 16])
        ):
            scan.out.append(Mention(word.field, None, word.start, word.end))
        elif found and _OTHERS.search(found.group()) and word.field != "affected":
            continue
        elif found or (0 <= word.start - negated_at <= 6 and _LISTED.match(scan.plain[negated_at : word.start])):
            start = word.start - (len(before) - found.start()) if found else word.start
            scan.out.append(Mention(word.field, 0, start, word.end, none=True))
            negated_at = word.end
        elif _SOME.search(before) or (
            word.field == "harmed" and re.match(r"很多|惨重|不少|较多|挺多|严重", scan.plain[word.end : word.end + 2])
        ):
            scan.out.append(Mention(word.field, None, word.start, word.end, vague=True))
        elif _VICTIM.match(scan.plain, word.end) and word.field == "deaths":
            scan.out.append(Mention("deaths", 1, word.start - 1, word.end, weak=True))
        elif word.field == "deaths" and _IN_VAIN.search(before) and not any(m.field == "deaths" for m in scan.out):
            scan.out.append(Mention("deaths", 1, word.start, word.end, weak=True))
        elif (hurt := _of_them_all(scan, word)) is not None:
            scan.out.remove(hurt)
            scan.out.append(Mention("deaths", hurt.figure, hurt.start, word.end, number=hurt.number))
        elif (inner := _bracketed(scan, word)) is not None:
            scan.out.append(Mention(word.field, inner.figure, inner.start, word.end, number=inner.start))
        elif (them := _all_of_them(scan, word)) is not None:
            scan.out.append(Mention(word.field, them.figure, them.start, word.end, number=them.start))
        elif (lone := _lone(scan, word)) is not None:
            scan.out.append(Mention(word.field, 1, lone.start, word.end, weak=True, number=lone.start))
        elif (person := _by_name(scan, word)) is not None:
            scan.out.append(Mention(word.field, 1, person, word.end, weak=True))
        elif (
            word.field not in {"evacuated", "affected"}
            and (one := _ONE.search(before))
            and not _MANY.search(before[max(0, one.start() - 6) :])
        ):
            scan.out.append(Mention(word.field, 1, word.start - len(before) + one.start(), word.end, weak=True))
