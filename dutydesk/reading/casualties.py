"""Who was hurt and how many: finds each mention of people with a number, a none, or a word that says only "some".

A mention is one claim at one place of the text; what the claims add up to is decided in `ledger.py`. It must never make
a number that has no place in the text.
"""

import re

from dutydesk.reading import unnumbered, words
from dutydesk.reading.numerals import Number, numbers
from dutydesk.reading.scan import NEGATION, Mention, Scan, Word
from dutydesk.reading.slots import Slot
from dutydesk.reading.text import Text
from dutydesk.reading.vocabulary import alternatives

_REACH = 26  # code points between a number and its status word: the longest in the news read was 24
_GOES_ON = re.compile(
    r",?(?:后|并|但|已)?(?:全部|均|都|无一|经抢救|经送|经医|送医|送院|抢救无效|不幸|当场|已被|被(?:紧急)?送"
    r"|已无|无生命|无呼吸|无心跳|没呼吸|没心跳|已没|没了?(?=生命|呼吸|心跳)|已确认|确认(?=死亡|遇难)|(?:重伤|受伤|轻伤|骨折|昏迷)(?=送|[,。;]|$)|(?:被|经)?(?:搜救|搜寻|打捞|发现|找到)[^,。;]{0,6}[已时])"
)
_AND = re.compile(r"[^。!?\n;,、和及与\d]{0,10}(?:、|和|及|与|以及)(?:另外?)?$")
_LIST = re.compile(r"(?:、|和|及|与|以及)[\u4e00-\u9fff]{1,10}$")  # 消防官兵9人|、保安人员|1人、新闻记者4人受伤
_MOST_LISTED = 5
# what is said behind a number outdoes the word before it: 救出被困人员2名,经抢救无效死亡
_OUTDOES = {
    "trapped": {"rescued", "deaths"},
    "missing": {"rescued", "deaths"},
    "rescued": {"deaths"},
    "treated": {"rescued", "deaths"},
}
_ALL_OF = re.compile(r",?(?:后|并|但|已)?(?:均|都|全部|无一)")
_TAKEN_IN = re.compile(
    r"(?:收治|接收|接诊|救治)[^,。;\d]{0,4}$"
)  # 收治伤员868人: of all hospitals, not the hurt of this event
_ATTACKERS = re.compile(
    r"(?:袭击者|歹徒|暴徒|嫌疑人|嫌犯|恐怖分子|劫匪|凶手|枪手|匪徒|暴恐分子|武装分子|绑匪|逃犯)[^,。;]{0,6}$"
)
_HARMLESS = re.compile(alternatives("casualties", "harmless"))
_ACTED = re.compile(r"(?:[打砍捅刺咬撞砸炸击]伤|杀害|[打砍捅刺撞砸]死)$")
_ENDS = re.compile(r"[,。;、!?)\s死伤重轻失被亡困]|$")
_NOUN = re.compile(r"(?:人员|者|员|群众|患者|矿工|职工|工人|村民|乘客|学生|司机|病人|人(?!数)|的)")


def mentions(text: Text, found: list[Number] | None = None) -> list[Mention]:
    """Every claim about people in the order of the text."""
    scan = Scan(text, numbers(text.plain) if found is None else found)
    for match in _HARMLESS.finditer(text.plain):
        scan.out.append(Mention("injured", 0, match.start(), match.end(), none=True))
    if not scan.words and not unnumbered.GONE.search(text.plain):
        unnumbered.cases(scan)
        return scan.out
    for place, slot in enumerate(scan.slots):
        _pair(scan, slot, scan.slots[place + 1] if place + 1 < len(scan.slots) else None)
    unnumbered.without_number(scan)
    unnumbered.cases(scan)
    unnumbered.aboard(scan)
    unnumbered.saved(scan)
    return sorted(scan.out, key=lambda m: (m.start, m.end))


def _pair(scan: Scan, slot: Slot, after: Slot | None) -> None:
    if slot.kind == "house":
        return
    left = _word_before(scan, slot)
    if slot.kind == "bare":
        _pair_bare(scan, slot, left)
        return
    right = _words_after(scan, slot, after)
    saved_one = left is not None and scan.plain.startswith("者", left.end)  # 获救者1人受伤
    if left is not None and not (right and (saved_one or right[-1].field in _OUTDOES.get(left.field, ()))):
        _claim(scan, slot, left, noun=False)
    elif right:
        word = _strongest(right)
        noun = bool(_NOUN.match(scan.plain, word.end)) or scan.plain[word.start : word.end] in {
            "伤者",
            "伤员",
            "死者",
            "遗体",
            "尸体",
        }
        _claim(
            scan, slot, word, noun=noun and (word is right[-1] or scan.plain[word.start : word.end] in {"遗体", "尸体"})
        )
        for other in right:
            other.used = True
    elif after is not None and (shared := _word_shared(scan, slot)) is not None:
        _claim(scan, slot, shared, noun=False, joined=True)
        shared.used = False


def _word_shared(scan: Scan, slot: Slot) -> Word | None:
    """外籍游客3人、国内游客9人受伤: the word behind the last of several numbers that stand in a row."""
    place = scan.slots.index(slot)
    for after in scan.slots[place + 1 : place + _MOST_LISTED]:
        between = scan.plain[slot.end : after.start]
        apart = after.kind != "people" or after.start - slot.end > 12
        if apart or not (_AND.search(between) or _LIST.match(between)) or _word_before(scan, after) is not None:
            return None
        following = next((s for s in scan.slots if s.start > after.start), None)
        if further := _words_after(scan, after, following):
            return _strongest(further)
        slot = after
    return None


def _pair_bare(scan: Scan, slot: Slot, left: Word | None) -> None:
    """死3伤5 and 3死5伤: a number without 人 counts only when it touches its word and measures nothing else."""
    follows = words.COMPACT.match(scan.plain, slot.end)
    nearest = next((w for w in scan.words if w.start == slot.end and not w.used), None) if follows else None
    touching = left is not None and slot.start - left.end <= 6 and not words.MEASURE.match(scan.plain, slot.end)
    if left is not None and touching and not scan.plain[slot.number.core].isdigit():
        touching = bool(_ENDS.match(scan.plain, slot.end))
    if left is not None and touching and _close(scan.plain[left.end : slot.start]):
        _claim(scan, slot, left, noun=False)
    elif nearest is not None and nearest.field in {
        "deaths",
        "injured",
        "seriously_injured",
        "lightly_injured",
        "missing",
        "trapped",
    }:
        _claim(scan, slot, nearest, noun=False)


def _close(gap: str) -> bool:
    return gap in {
        "",
        ":",
        "者",
        "者:",
        "人数",
        "人数:",
        "人员",
        "人员:",
        "了",
        "约",
        "人数为",
        "-",
        "=",
        "人数约",
        "的",
    }


def _word_before(scan: Scan, slot: Slot) -> Word | None:
    """The unused word that a link joins to the number: 死亡人数已升至|18人."""
    for place in range(len(scan.words) - 1, -1, -1):
        word = scan.words[place]
        if word.end > slot.start or word.used:
            if word.end <= slot.start:
                return None
            continue
        match = words.LINK.match(scan.plain, word.end)
        if match is None or not slot.start <= match.end() <= max(slot.start, slot.number.core):
            return None
        return _acting(scan, place)
    return None


def _acting(scan: Scan, place: int) -> Word | None:
    """救出被困人员3人 counts the rescued: a word of rescue just before the word found is the one that acts."""
    word = scan.words[place]
    if place and word.field in {"trapped", "missing", "affected", "injured"}:
        before = scan.words[place - 1]
        if before.field in {"rescued", "evacuated"} and word.start - before.end <= 3 and not before.used:
            word.used = True
            return before
    return None if word.field == "harmed" else word


def _words_after(scan: Scan, slot: Slot, after: Slot | None) -> list[Word]:
    """The words of harm between the number and the end of its clause or the next number of people."""
    end = _reach(scan.plain, slot.end, alone=slot.figure == 1)
    if after is not None and after.kind != "bare":
        end = min(end, after.start)
    found = [
        w
        for w in scan.words
        if slot.end <= w.start < end
        and not w.used
        and w.start not in scan.bare_ends
        and not _has_object(scan, w)
        and w.field != "harmed"
        and not _bracketed(scan.plain, slot.end, w.start)
        and not (w.end in scan.starts and "," in scan.plain[slot.end : w.start])
    ]
    if found and _is_rescuer(scan.plain, slot, found[0]):
        return []
    return [w for w in found if not _denied(scan.plain, slot.end, w)]


def _has_object(scan: Scan, word: Word) -> bool:
    """两个醉汉打伤1名辅警: the hurt stand behind a verb that someone does to them."""
    if not _ACTED.search(scan.plain, max(0, word.start - 1), word.end):
        return False  # the common case, and cheap
    return word.end in scan.starts and not {word.start, word.start - 1} & scan.ends


def _bracketed(plain: str, start: int, at: int) -> bool:
    """14人受伤(重伤2人): what stands in brackets tells of others than the number before them."""
    return plain.count("(", start, at) > plain.count(")", start, at)


def _denied(plain: str, start: int, word: Word) -> bool:
    return bool(NEGATION.search(plain[max(start, word.start - 10) : word.start]))


def _is_rescuer(plain: str, slot: Slot, word: Word) -> bool:
    if word.field not in {"rescued", "evacuated", "trapped", "treated", "affected"}:
        return False
    if words.SENT_OUT.search(plain[max(0, slot.start - 20) : slot.start]):
        return True
    return bool(words.RESCUERS.search(plain[slot.end : word.start]))


def _reach(plain: str, start: int, *, alone: bool = False) -> int:
    """The end of the clause that a number opens; of one person nothing that is said of all (均已遇难)."""
    at, limit = start, min(len(plain), start + _REACH)
    while at < limit:
        char = plain[at]
        if char in "([" and (close := plain.find(")" if char == "(" else "]", at, at + 40)) > 0:
            limit = min(len(plain), limit + close - at)
            at = close
        elif char in "。!?\n;,:":
            if char != "," or not _GOES_ON.match(plain, at) or (alone and _ALL_OF.match(plain, at)):
                return at
        elif char == "、" and not _GOES_ON.match(plain, at + 1) and not _symptoms(plain, at):
            return at
        at += 1
    return limit


def _symptoms(plain: str, at: int) -> bool:
    return plain[at - 2 : at] in {"呕吐", "头晕", "恶心", "腹痛", "发热", "乏力"}


def _strongest(found: list[Word]) -> Word:
    for field in ("deaths", "rescued"):
        for word in found:
            if word.field == field and (field == "deaths" or found[0].field in {"trapped", "missing"}):
                return word
    grave = [word for word in found if word.field in {"seriously_injured", "lightly_injured"}]
    if grave and found[0].field == "injured":
        return grave[0]
    return next((word for word in found if word.field not in {"treated"}), found[0])


def _claim(scan: Scan, slot: Slot, word: Word, *, noun: bool, joined: bool = False) -> None:
    word.used = True
    start, end = min(slot.start, word.start), max(slot.end, word.end)
    attacker = word.field == "deaths" and bool(_ATTACKERS.search(scan.plain, max(0, start - 16), start))
    scan.out.append(
        Mention(
            word.field,
            slot.figure,
            start,
            end,
            vague=slot.number.vague,
            noun=noun,
            weak=attacker
            or (word.field == "injured" and bool(_TAKEN_IN.search(scan.plain, max(0, start - 8), word.start))),
            joined=joined,
            number=slot.start,
        )
    )
