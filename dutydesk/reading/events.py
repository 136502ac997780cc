"""What happened: category and GB/T 35561 code, the leading cause first, the others kept.

The table `data/events.csv` holds the words; weights say which cause leads when one text has several. It must never
take a cause that the text denies (未引发火灾) for one that it reports.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from dutydesk.domain.readings import Category
from dutydesk.reading.text import Text, resource
from dutydesk.reading.vocabulary import alternatives

_DENIED = re.compile(
    r"(?:差[点些]儿?|险些|未|无|没有?|不会|不是|并非|排除|防止|防范|预防|避免|以防|杜绝|严防|尚无|暂无)(?:造成|引发|引起|发生|出现|波及|任何|有|导致|因)?[^,。;、]{0,3}$"
)
_PREVENT = re.compile(r"(?:防止|防范|预防|避免|以防|严防|谨防|次生|注意)[^,。;]{0,10}$")
_FIGURATIVE = re.compile(alternatives("events", "figurative"))
_THEN = re.compile(r"(?:引发|引起|导致|造成|继而|随后|并|后|致)[^,。;]{0,8}$")
_CATEGORIES: dict[str, Category] = {
    "11": "natural_disaster",
    "12": "accident",
    "13": "public_health",
    "14": "social_security",
}
_FIRE_AFTER, _FIRE_BEFORE = frozenset("车箭辣热爆锅腿鸡龙炬星药山凤了红候"), frozenset("怒战圣热如灯香肝")
_REACH = 1_500  # code points in which a cause is looked for: later ones are history or comment
_BEFORE, _BEHIND = 34, 22
_FIRM, _SUPPORT = 12.0, 0.8  # from which score a cause supports others of its class, and by how much
_OPINION = 1.2  # points of score that one unit of log probability is worth
_TRIES = 24  # places of one word that are looked at: a text may be one word a thousand times


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: any of the keys, with `near` in the words around it."""

    code: str
    weight: float
    keys: tuple[str, ...]
    near: str


@dataclass(frozen=True, slots=True)
class Event:
    """A cause found: code, score, and the key with its place."""

    code: str
    score: float
    start: int
    end: int

    @property
    def category(self) -> Category:
        return _CATEGORIES[self.code[:2]]


# no 动车, which is a train; no 轮, which is a ship; of the same length
_LOOK_ALIKES = (("电动车", "电瓶车"), ("三轮", "三车"), ("车轮", "车胎"))
_MACROS = {
    "vehicle": "车(?!间|站|库|棚|位|牌|险|场)|大巴|中巴|挂|轿|摩托|依维柯|面包|货拉拉|罐|客运|公交|的士|皮卡|越野|渣土|电瓶|三轮",
    "craft": "船 货轮 客轮 渔轮 油轮 邮轮 拖轮 轮渡 散货轮 艇",
}


@cache
def rules() -> tuple[Rule, ...]:
    """The table of causes; `{vehicle}` and `{craft}` in it stand for all words of that family."""
    rows = csv.DictReader(_expanded(resource("events.csv")).splitlines())
    return tuple(Rule(r["code"], float(r["weight"]), tuple(r["keys"].split()), r["near"]) for r in rows)


def _expanded(table: str) -> str:
    for name, words in _MACROS.items():
        table = table.replace("{" + name + "}", words)
    return table


@cache
def code_names() -> dict[str, str]:
    """GB/T 35561 code → its Chinese term."""
    return {row["code"]: row["name"] for row in csv.DictReader(resource("gbt35561_codes.csv").splitlines())}


def events(text: Text, names: Sequence[tuple[int, int]] = ()) -> list[Event]:
    """Every cause that the text reports, the leading one first; one per code.

    `names` are the stretches of the plain text that name places: 棉船镇 has no ship in it.
    """
    text_of_cause = text.plain[:_REACH]
    for look_alike, plainly in _LOOK_ALIKES:
        text_of_cause = text_of_cause.replace(look_alike, plainly)
    plain = _without(_FIGURATIVE.sub(lambda match: "\x00" * len(match.group()), text_of_cause), names)
    best: dict[str, Event] = {}
    for place, keys in sorted(_present(plain).items()):
        found = _apply(rules()[place], keys, plain)
        if found and (found.code not in best or best[found.code].score < found.score):
            best[found.code] = found
    return sorted(_supported(list(best.values())), key=lambda e: (-e.score, e.start, e.code))


def _supported(found: list[Event]) -> list[Event]:
    """Where no cause of nature leads, a class is the likelier the more words of the text speak for it."""
    if not found or max(found, key=lambda e: (e.score, -e.start)).code.startswith("11"):
        return found
    firm = [e for e in found if e.score >= _FIRM]
    return [replace(e, score=e.score + _SUPPORT * min(2, _others(e, firm))) for e in found]


def _others(one: Event, firm: list[Event]) -> int:
    """Causes of the same class that other words of the text speak of."""
    return sum(e.category == one.category and (e.end <= one.start or e.start >= one.end) for e in firm)


def _without(plain: str, names: Sequence[tuple[int, int]]) -> str:
    for start, end in names:
        plain = plain[:start] + "\x00" * (min(end, len(plain)) - start) + plain[end:] if start < len(plain) else plain
    return plain


@cache
def _index() -> dict[str, tuple[tuple[int, str], ...]]:
    """First character → the rules and keys that begin with it: most of the table is never looked at."""
    out: dict[str, list[tuple[int, str]]] = {}
    for place, rule in enumerate(rules()):
        for key in rule.keys:
            out.setdefault(key[0], []).append((place, key))
    return {first: tuple(found) for first, found in out.items()}


def _present(plain: str) -> dict[int, list[str]]:
    """The rules that have a key in the text, with those keys in the order of the text's characters."""
    out: dict[int, list[str]] = {}
    index = _index()
    for first in dict.fromkeys(plain):
        for place, key in index.get(first, ()):
            if len(key) == 1 or key in plain:
                out.setdefault(place, []).append(key)
    return out


def _apply(rule: Rule, keys: list[str], plain: str) -> Event | None:
    for key in keys:
        at = -1
        for _ in range(_TRIES):
            at = plain.find(key, at + 1, at + 400 if at >= 0 else len(plain))
            if at < 0:
                break
            if not _no_fire(plain, key, at) and _stands(rule, plain, at, at + len(key)):
                bonus = _bonus(plain, at, natural=rule.code.startswith("11"))
                return Event(rule.code, rule.weight + bonus, at, at + len(key))
    return None


def _no_fire(plain: str, key: str, at: int) -> bool:
    """热火队, 火车站, 如火如荼: a 火 that burns nothing; 发烧, 还烧: a heat of the body."""
    if key == "烧":
        return at > 0 and plain[at - 1] in "发高低退还又着" and plain[at + 1 : at + 2] not in "起着了毁死"
    return key == "火" and (plain[at + 1 : at + 2] in _FIRE_AFTER or plain[at - 1 : at] in _FIRE_BEFORE) and at > 0


def _stands(rule: Rule, plain: str, start: int, end: int) -> bool:
    before = plain[max(0, start - 14) : start]
    if _DENIED.search(before) or _PREVENT.search(before):
        return False
    return not rule.near or bool(_pattern(rule.near).search(plain[max(0, start - _BEFORE) : end + _BEHIND]))


def warm() -> None:
    """Compile the whole table at once: for a process that answers many texts and has a time for each."""
    for rule in rules():
        _pattern(rule.near)


@cache
def _pattern(near: str) -> re.Pattern[str]:
    """Compiled when a text first has a key of the rule: most of the table is never needed, and the start stays short."""
    return re.compile(near)


def _bonus(plain: str, at: int, *, natural: bool) -> float:
    """Earlier is more; what another cause brought about is less."""
    bonus = 3.0 * (1 - min(at, 240) / 240) + (1.0 if natural else 0.0)
    return bonus - (2.5 if not natural and _THEN.search(plain[max(0, at - 10) : at]) else 0.0)


_SOFT = (
    (
        "14A99",
        re.compile(
            r"闹|吵|骂|喊|围着|围了|聚|堵|拦|横住|横幅|口号|讨|动了?锹|取钱|房款|补偿|罚款|集资|本金|念经|传教|造谣|罢|说法|赔偿|征地|欠|工钱|业主|横幅|上百人|情绪|推搡|"
            r"商户|村民们|不让|阻|信访|抗议|罢"
        ),
    ),
    (
        "14B99",
        re.compile(r"嫌疑|嫌犯|持刀|拿刀|棍|枪|抢|偷|劫|骗|拐|杀|砍|捅|尾随|打人|歹徒|蒙面|赎金|毒品|逃犯|威胁|扬言"),
    ),
    (
        "13G00",
        re.compile(
            r"病|咳|疹|红斑|低烧|打针|疫苗|接种|班上|蜱|狗咬|发烧|发热|吐|泻|拉肚子|疫|感染|医生|过敏|皮疹|养殖|食堂|吃了|喝了|头晕|恶心|"
            r"疑似|确诊|隔离|采样|疾控|[猪鸡羊鸭]死|死[猪鸡羊牛鸭鱼]"
        ),
    ),
    (
        "11Y00",
        re.compile(
            r"雨|水位|裂口|滚石|落石|晃|摇|圩|涨水|漫|河水|山体|风[大力]|大风|雪|雷|浪|震|旱|虫|涝|冰|潮水|霜|洪|山上|坡|泥|庄稼|"
            r"亩|塌方|堤|坝|减产|成灾"
        ),
    ),
    (
        "12Y00",
        re.compile(
            r"厂|车|船|工人|工地|炸|爆|火|烟|煤|气|油|电|楼|桥|矿|机|罐|井|漏|摔|掉|溺|坠|夹|压|"
            r"撞|翻|塌|捞|救|失联|没回来|吊|管|堵车|断|施工|下水|水库边|水塘|池"
        ),
    ),
)


def guess(text: Text, names: Sequence[tuple[int, int]] = (), classes: Mapping[Category, float] | None = None) -> Event:
    """For a report whose cause no rule knows: the class that its words suggest, and the second opinion `classes`."""
    plain = _without(text.plain[:_REACH], names)
    best, most = Event("12Y00", 0.5, 0, 0), -99.0
    for code, pattern in _SOFT:
        found = list(pattern.finditer(plain))
        one = Event(code, 0.7 + len({m.group() for m in found}), *(found[0].span() if found else (0, 0)))
        weight = one.score + _OPINION * classes.get(one.category, 0.0) if classes else one.score
        if (found or classes) and weight > most:
            best, most = one, weight
    return best


def weighed(found: list[Event], classes: Mapping[Category, float]) -> list[Event]:
    """The causes in order again, each class weighed by the second opinion: log probabilities by class."""
    likeliest = max(classes.values())
    behind = {name: _OPINION * (chance - likeliest) for name, chance in classes.items()}
    return sorted(found, key=lambda e: (-e.score - behind[e.category], e.start, e.code))


def subtype(code: str) -> str | None:
    return code_names().get(code)
