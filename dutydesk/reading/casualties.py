"""Who was hurt and how many: finds each mention of people with a number, a none, or a word that says only "some".

A mention is one claim at one place of the text; what the claims add up to is decided in `ledger.py`. It must never make
a number that has no place in the text.
"""

import re
from dataclasses import dataclass
from itertools import islice

from dutydesk.domain.readings import Figure
from dutydesk.reading import words
from dutydesk.reading.numerals import Number, numbers
from dutydesk.reading.slots import Slot, slots
from dutydesk.reading.text import Text

_REACH = 26  # code points between a number and its status word: the longest in the news read was 24
_MOST = 160  # numbers and words weighed in one text: the news read have 60 at most; pairing them is quadratic
_GOES_ON = re.compile(
    r",?(?:后|并|但|已)?(?:全部|均|都|无一|经抢救|经送|经医|送医|送院|抢救无效|不幸|当场|已被|被送"
    r"|已无|无生命|已没|没了?(?=生命|呼吸|心跳)|已确认|确认(?=死亡|遇难)|(?:重伤|受伤|轻伤|骨折|昏迷)(?=送|[,。;]|$))"
)
_AND = re.compile(r"[^。!?\n;,、和及与\d]{0,10}(?:、|和|及|与|以及)(?:另外?)?$")
_NEGATION = re.compile(
    r"(?:(?<!有)无(?!锡|为|棣|极|线|名|证|照)|(?<!有)没有?|没(?:伤|砸|死|出)着?|未(?!央)|暂无|尚无|并无|不存在|冇|未有|没得|莫得)"
    r"(?:造成|发生|出现|砸着|伤着|伤到|发现|接到|收到|导致|任何|新增|再有|因此|听说|关于|报告|有|见|致|闻)*"
    r"(?:一?个?人员?|旅客|乘客|群众|师生|学生|居民|司乘|村民|儿童|其他|工人|重大|大的)*(?:因灾|因此|的)?(?:发生|出现|被|受|重大)?$"
)
_DENIED_BEHIND = re.compile(
    r"[:,]?(?:人员|情况)?(?:都|均|全|也)?(?:没有?(?![^,。]{0,3}(?:报告|消息|统计))|无|零|为零|0(?!\d)|没出)(?=[,。;!]|$)"
)
_LISTED = re.compile(r"^(?:人员|人)?(?:、|和|及|或|与|以及|或者|,)?(?:人员|无|没有|被)*$")
_HARMLESS = re.compile(
    r"(?:(?<![\d一二两三四五六七八九十余多])人|大家|都|人员|司机|驾驶员|均)(?:都|均)?(?:没事|无恙|没伤着|冇事)|(?<!伤)没(?:有)?(?:伤着|砸着|伤到|砸到|烧着|碰着)人|未伤及人员|未伤人|(?<!伤)没有?伤人|(?<!有)没有?人(?:受)?伤"
)
_GONE = re.compile(
    r"没救过来|没抢救过来|没救活|人(?:当场|已经|就)(?:没了|不行了|走了)|,当场(?:就)?没了?(?=[,。]|$)|(?<![\d一二两三四五六七八九十个俩仨])人不行了|(?<![\d一二两三四五六七八九十个俩仨])人没了(?![\d一二两三四五俩仨])|当场没气"
)
_WHETHER = re.compile(r"(?:是否|有无|有没有|可能|不排除|如有|若有|是不是)[^,。;]{0,8}$")
_PREVENT = re.compile(r"(?:防止|避免|以免|确保|严防|杜绝|减少|降低|以防|谨防|防范|造成或可能造成)[^,。;]{0,8}$")
_SOME = re.compile(
    r"(?:多[人名位]|[数几][十百千]?[多余]?[人名位个]|若干|部分|有人|许多|大量|大批|不少|个别|一些|有(?:个别)?(?:工人|群众|乘客|学生|村民)|有些)[^,。;\d]{0,10}$"
)
_ONE = re.compile(
    r"(?:司机|驾驶员|驾驶人|骑车人|骑手|男子|女子|妇女|老人|老太|男孩|女孩|小孩|孩子|产妇|孕妇|女的|男的|女生|男生|教师|老师|婴儿|钓鱼人|机手|外卖员|农妇|师傅|焊工|矿工|驴友|游客|少女|少年|女孩|男童|女童|死者|乘客|店主|户主|业主|老板|船长|机长|工人|学生|住户|老头|大爷|大妈|环卫工|保安|行人|电工|村民|小伙|老汉|女士|先生|[\u4e00-\u9fff]某[\u4e00-\u9fff]?(?:\([^)]{1,16}\))?|该(?:伤者|男子|女子|患者)|受害人|被害人|阿婆|阿公|大叔|老妇|店员|路人)"
    r"(?:头部|腿部|手臂|身上)?(?:因|经|在|被|已|也|当场|不幸|全力|送医|送院|医院|抢救|救治|医治|无效|后|伤重|受|严重|轻微|溺水|触电|坠楼|坠落|确认|宣布|宣告|多处|身受|身负|打捞(?:上岸|出水|起来)?|找到时?|发现时?|已于|\d{1,2}[时点](?:\d{1,2}分)?|上岸|救起|,)*$"
)
_MANY = re.compile(
    r"们|两|多名|[二三四五六七八九十\d]+名|[二三四五六七八九十\d]+人|等|部分|多个|家属|哪|谁|救护|受伤司机和|一些|有"
)
_IN_VAIN = re.compile(
    r"(?:经抢救|抢救无效|救治无效|送医(?:院)?(?:后|途中)?|送[^,。]{1,8}医院(?:后)?)(?:经抢救无效|不治|后)?$"
)
_VICTIM = re.compile(r"(?<=[压撞轧砸踩咬淹烧电熏]死)(?:了)?(?:驾驶员|司机|老人|村民|行人|老汉|男子|女子|小孩|孩子)")
_STATES = frozenset({"deaths", "seriously_injured", "injured", "missing"})
_STORY = 60  # code points from the one person to what became of them
_ACTED = re.compile(r"(?:[打砍捅刺咬撞砸炸击]伤|杀害|[打砍捅刺撞砸]死)$")
_ABOARD = re.compile(r"[船机艇舱](?:上|内)(?:共?有|还有|共|载有)?$")
_ENDS = re.compile(r"[,。;、!?)\s死伤重轻失被亡困]|$")
_WATER = re.compile(r"下水(?!道)|船|溺|失联|失踪|游泳|下河|河里|河边|水库|水塘|池塘|海里|沉下|落水|江里")
_NOUN = re.compile(r"^(?:人员|者|员|群众|患者|矿工|职工|工人|村民|乘客|学生|司机|病人|人(?!数)|的)")


@dataclass(frozen=True, slots=True)
class Mention:
    """One claim: the field, the figure (None with `vague`), where it stands, and the shape it has."""

    field: str
    figure: Figure
    start: int
    end: int
    vague: bool = False
    none: bool = False
    noun: bool = False
    weak: bool = False
    number: int = -1

    @property
    def leads(self) -> bool:
        """Whether the word stands before its number: 死亡3人."""
        return self.number > self.start


@dataclass(slots=True)
class _Word:
    field: str
    start: int
    end: int
    used: bool = False


class _Scan:
    """One pass over one text: the numbers, the words, and the pairs found so far."""

    def __init__(self, text: Text, found: list[Number]) -> None:
        self.plain = text.plain
        self.words = [
            _Word(_in_water(text.plain, match, field), match.start(), match.end())
            for match in islice(words.status_pattern().finditer(text.plain), _MOST)
            if (field := words.field_of(match.lastgroup)) is not None
        ]
        self.slots = slots(text.plain, found[:_MOST])
        self.starts = {slot.start for slot in self.slots if slot.kind == "people"}
        self.ends = {slot.end for slot in self.slots}
        self.bare_ends = {slot.end for slot in self.slots if slot.kind == "bare"}
        self.out: list[Mention] = []


def _in_water(plain: str, match: re.Match[str], field: str) -> str:
    """没上来 and 仍在搜救 of a mine, a well or a ruin are trapped, of open water missing."""
    if match.group().startswith(("没上来", "仍在", "正在")) and _WATER.search(
        plain, max(0, match.start() - 40), match.start()
    ):
        return "missing"
    return field


def mentions(text: Text, found: list[Number] | None = None) -> list[Mention]:
    """Every claim about people in the order of the text."""
    scan = _Scan(text, numbers(text.plain) if found is None else found)
    for match in _HARMLESS.finditer(text.plain):
        scan.out.append(Mention("injured", 0, match.start(), match.end(), none=True))
    if not scan.words and not _GONE.search(text.plain):
        _cases(scan)
        return scan.out
    for place, slot in enumerate(scan.slots):
        _pair(scan, slot, scan.slots[place + 1] if place + 1 < len(scan.slots) else None)
    _without_number(scan)
    _cases(scan)
    _aboard(scan)
    return sorted(scan.out, key=lambda m: (m.start, m.end))


def _pair(scan: _Scan, slot: Slot, after: Slot | None) -> None:
    if slot.kind == "house":
        return
    left = _word_before(scan, slot)
    if slot.kind == "bare":
        _pair_bare(scan, slot, left)
        return
    right = _words_after(scan, slot, after)
    if left is not None and not (
        right and right[-1].field in {"rescued", "deaths"} and left.field in {"trapped", "missing"}
    ):
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
    elif after is not None and after.kind == "people" and _AND.search(scan.plain[slot.end : after.start]):
        further = _words_after(scan, after, None)
        if further and after.start - slot.end <= 12:
            word = _strongest(further)
            _claim(scan, slot, word, noun=False)
            word.used = False


def _pair_bare(scan: _Scan, slot: Slot, left: _Word | None) -> None:
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


def _word_before(scan: _Scan, slot: Slot) -> _Word | None:
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


def _acting(scan: _Scan, place: int) -> _Word | None:
    """救出被困人员3人 counts the rescued: a word of rescue just before the word found is the one that acts."""
    word = scan.words[place]
    if place and word.field in {"trapped", "missing", "affected", "injured"}:
        before = scan.words[place - 1]
        if before.field in {"rescued", "evacuated"} and word.start - before.end <= 3 and not before.used:
            word.used = True
            return before
    return None if word.field == "harmed" else word


def _words_after(scan: _Scan, slot: Slot, after: Slot | None) -> list[_Word]:
    """The words of harm between the number and the end of its clause or the next number of people."""
    end = _reach(scan.plain, slot.end)
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
    ]
    if found and _is_rescuer(scan.plain, slot, found[0]):
        return []
    return [w for w in found if not _denied(scan.plain, slot.end, w)]


def _has_object(scan: _Scan, word: _Word) -> bool:
    """两个醉汉打伤1名辅警: the hurt stand behind a verb that someone does to them."""
    if not _ACTED.search(scan.plain, max(0, word.start - 1), word.end):
        return False  # the common case, and cheap
    return word.end in scan.starts and not {word.start, word.start - 1} & scan.ends


def _bracketed(plain: str, start: int, at: int) -> bool:
    """14人受伤(重伤2人): what stands in brackets tells of others than the number before them."""
    return plain.count("(", start, at) > plain.count(")", start, at)


def _denied(plain: str, start: int, word: _Word) -> bool:
    return bool(_NEGATION.search(plain[max(start, word.start - 10) : word.start]))


def _is_rescuer(plain: str, slot: Slot, word: _Word) -> bool:
    if word.field not in {"rescued", "evacuated", "trapped", "treated", "affected"}:
        return False
    if words.SENT_OUT.search(plain[max(0, slot.start - 20) : slot.start]):
        return True
    return bool(words.RESCUERS.search(plain[slot.end : word.start]))


def _reach(plain: str, start: int) -> int:
    at, limit = start, min(len(plain), start + _REACH)
    while at < limit:
        char = plain[at]
        if char in "([" and (close := plain.find(")" if char == "(" else "]", at, at + 40)) > 0:
            limit = min(len(plain), limit + close - at)
            at = close
        elif char in "。!?\n;,:":
            if char != "," or not _GOES_ON.match(plain, at):
                return at
        elif char == "、" and not _GOES_ON.match(plain, at + 1) and not _symptoms(plain, at):
            return at
        at += 1
    return limit


def _symptoms(plain: str, at: int) -> bool:
    return plain[at - 2 : at] in {"呕吐", "头晕", "恶心", "腹痛", "发热", "乏力"}


def _strongest(found: list[_Word]) -> _Word:
    for field in ("deaths", "rescued"):
        for word in found:
            if word.field == field and (field == "deaths" or found[0].field in {"trapped", "missing"}):
                return word
    grave = [word for word in found if word.field in {"seriously_injured", "lightly_injured"}]
    if grave and found[0].field == "injured":
        return grave[0]
    return next((word for word in found if word.field not in {"treated"}), found[0])


def _claim(scan: _Scan, slot: Slot, word: _Word, *, noun: bool) -> None:
    word.used = True
    start, end = min(slot.start, word.start), max(slot.end, word.end)
    scan.out.append(Mention(word.field, slot.figure, start, end, vague=slot.number.vague, noun=noun, number=slot.start))


def _is_asked(plain: str, word: _Word) -> bool:
    """伤没伤人, 死没死: a question in itself."""
    around = plain[max(0, word.start - 2) : word.end + 2]
    return "伤没伤" in around or "死没死" in around


def _cases(scan: _Scan) -> None:
    """新增18例: a number of cases with no word of illness beside it counts the ill."""
    if any(m.field == "ill" and m.figure is not None for m in scan.out):
        return
    claimed = {m.number for m in scan.out}
    for slot in scan.slots:
        if slot.start not in claimed and scan.plain[slot.end - 1 : slot.end] == "例" and not slot.number.vague:
            scan.out.append(Mention("ill", slot.figure, slot.start, slot.end, number=slot.start))


def _aboard(scan: _Scan) -> None:
    """渔船失联,船上9人: those aboard a craft that is missing."""
    if not any(w.field == "missing" and not w.used for w in scan.words):
        return
    if any(m.field in {"missing", "rescued"} and m.figure is not None for m in scan.out):
        return
    claimed = {m.number for m in scan.out}
    for slot in scan.slots:
        if slot.kind == "people" and slot.start not in claimed and _ABOARD.search(scan.plain[: slot.start][-8:]):
            scan.out.append(Mention("missing", slot.figure, slot.start, slot.end, number=slot.start))


def _lone(scan: _Scan, word: _Word) -> Slot | None:
    """一名外卖员掉进井里,捞起已无生命体征: the only person whom the sentence names, counted by nothing nearer."""
    begun = max(scan.plain.rfind(stop, 0, word.start) for stop in "。!?\n;") + 1
    people = [s for s in scan.slots if s.kind == "people" and begun <= s.start < word.start]
    if word.field not in _STATES or len(people) != 1 or people[0].figure != 1 or word.start - people[0].end > _STORY:
        return None
    claimed = any(m.number == people[0].start or m.field == word.field for m in scan.out)
    return None if claimed or scan.plain[people[0].start - 2 : people[0].start] in {"其中", "另有"} else people[0]


def _without_number(scan: _Scan) -> None:
    negated_at = -99
    for match in _GONE.finditer(scan.plain):
        if not any(m.field == "deaths" for m in scan.out) and not _MANY.search(
            scan.plain[max(0, match.start() - 14) : match.start()]
        ):
            scan.out.append(Mention("deaths", 1, match.start(), match.end(), weak=True))
    for word in scan.words:
        if word.used:
            continue
        before = scan.plain[max(0, word.start - 22) : word.start]
        found = _NEGATION.search(before)
        if _PREVENT.search(before):
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
        elif (lone := _lone(scan, word)) is not None:
            scan.out.append(Mention(word.field, 1, lone.start, word.end, weak=True, number=lone.start))
        elif (
            word.field not in {"evacuated", "affected"}
            and (one := _ONE.search(before))
            and not _MANY.search(before[max(0, one.start() - 6) :])
        ):
            scan.out.append(Mention(word.field, 1, word.start - len(before) + one.start(), word.end, weak=True))
