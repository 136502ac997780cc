"""One report as a comparison sees it: when, where by which names, which ships and kilometre posts, which kinds of event.

Features only, each computed once; `cluster.py` decides. It must never look beyond the one report.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import Reading
from dutydesk.reading.gazetteer import Hit
from dutydesk.reading.moments import value_of
from dutydesk.reading.reader import national
from dutydesk.reading.sites import directions, is_wide, named, nickname, once_more, sections, things
from dutydesk.reading.text import prepare
from dutydesk.reading.vocabulary import alternatives

_FAMILIES = (
    (
        "fire",
        (
            "12A",
            "12B",
            "12C",
            "12D",
            "12E",
            "12F",
            "12G",
            "12H04",
            "12N",
            "12P",
            "12Q",
            "12T",
            "12U",
            "12Y",
            "13C",
            "11G",
            "14F",
        ),
    ),
    ("traffic", ("12H", "12D02", "12D03", "12D01", "12P01", "11D", "12G07", "12P04", "12Y", "14B05", "12R", "12E02")),
    ("water", ("12J", "12Y", "12H03", "12Q04")),
    ("rail", ("12K", "12L", "12P08", "11D", "12Y")),
    (
        "weather",
        ("11A", "11B", "11D", "11E", "12P13", "12P01", "12P07", "12P08", "12P10", "12Y", "12C", "12H04", "11H"),
    ),
    ("quake", ("11C",)),
    ("collapse", ("12C", "12Y", "12P04", "12P13", "12P01", "11D", "12B", "12A")),
    ("pests", ("11F", "13E")),
    ("health", ("13", "12Y", "12D04", "12F", "14B04")),
    ("people", ("14", "12S")),
)
_GENERIC = re.compile(alternatives("reports", "generic"))
# a unit that bears a name of its own, and the names that are none
_UNIT = re.compile(
    r"([\u4e00-\u9fff]{2})(煤矿|金矿|铁矿|铜矿|矿业|煤业|化工|水库|小区|花园|中学|小学|幼儿园|医院|大桥|隧道|市场|酒店|宾馆|大厦|公园|景区|码头|监狱|工业园|电厂|钢厂|林场|管廊)"
)
_NO_NAME = re.compile(
    r"第[一二三四五六七八九十]|[一二三某两各该本我市县区镇乡村省州].|.[家处所个座某市县区镇乡村级大小在于]"
    r"|实验|人民|中心|附近|农贸|综合|地下|居民|学生|部分"
)
_ROAD = re.compile(alternatives("reports", "road"))
_MOTORWAYS = {
    "京哈": "G1", "京沪": "G2", "京台": "G3", "京港澳": "G4", "京昆": "G5", "京藏": "G6", "京新": "G7", "绥满": "G10", "鹤大": "G11",
    "珲乌": "G12", "沈海": "G15", "荣乌": "G18", "青银": "G20", "青兰": "G22", "长深": "G25", "连霍": "G30", "济广": "G35", "宁洛": "G36",
    "沪陕": "G40", "沪蓉": "G42", "大广": "G45", "沪渝": "G50", "二广": "G55", "杭瑞": "G56", "沪昆": "G60", "包茂": "G65", "福银": "G70",
    "泉南": "G72", "兰海": "G75", "厦蓉": "G76", "汕昆": "G78", "广昆": "G80", "银昆": "G85",
}  # fmt: skip
_MOTORWAY = re.compile(
    rf"(?:[GS]\d{{1,4}})?(?:{'|'.join(_MOTORWAYS)}|[\u4e00-\u9fff]{{2}})高速(?:公路)?|[GS]\d{{1,4}}(?!\d)"
)
_SUBSTANCE = re.compile(r"氨|氯|苯|硫化氢|甲醇|液化气|天然气|燃气|煤气|汽油|柴油|盐酸|硫酸|硝酸|甲醛")
_AGE = re.compile(r"(\d{1,2})岁")
_GROUP = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九十]{1,3})[名个位](驴友|矿工|学生|工人|船员|游客|村民|儿童|老人|孩子|小孩|登山者|队员|师生|民工|渔民|钓鱼人)"
)
# an event spoken of by its name, not by its happening: 渣土车事故造成…, 自建房垮塌事故被压5人…
_BY_NAME = re.compile(
    r"(?:事故|灾害|事件|案件?|险情|火灾|火情|爆炸|爆燃|燃爆|坍塌|倒塌|垮塌|塌方|滑坡|洪灾|山洪|地震|车祸|[碰相]撞|翻坠|侧翻|坠[江河湖机崖坡桥楼谷沟落]|中毒|追尾|沉船|溺水|落水|山火|泄漏|中毒|透水|管涌)(?:事故|事件|灾害)?"
    r"(?:[:：]|中|仍|现场|已|目前|截至|最新|又|续报|终报|共|造成|致|被[困埋压]|救援|搜救|失联|伤者|死者|救出|明火|死亡|伤亡|搜出|\d{1,3}[名人死亡伤]|司机|肇事|嫌疑)|救援[:：]|倒罐"
)
# how it stands now, said without saying that it began
_OUTCOME = re.compile(alternatives("reports", "outcome"))
# spoken of as known to the reader: 仲村倒架子的都送医了, 流亭桥洞那车里捞出一人
_PHRASES = re.compile(r"生命体征|生命危险|抢救无效|嫌疑人?|初步|工作人员|正在搜|安全|不同程度|[今昨]日|时许|无人")
_SPOKEN_OF = re.compile(
    r"[倒塌落撞伤烧着困埋沉翻淹](?:架子|水|冰|车|房|树|墙|船|火)?的(?:都|也|已|捞|救|人|几个|司机|俩|[一二三四]个)"
    r"|那(?:车|火|船|辆车|个人)里?(?:捞|救|抬|挖|扒|灭|找到|送)|更正前报|补报"
)
_TOWN_KIND = re.compile(r"(?:街道|苏木|镇|乡)$")
_HAPPENING = re.compile(r"发生|突发|爆发|出现")
_NOT_NAMES = re.compile(r"[^\u4e00-\u9fffA-Za-z]+|[镇乡县市旗]")
_CRAFT = re.compile(r"[“\"]([^”\"]{2,12})[”\"]|([\u4e00-\u9fff]{1,3}(?:渔|运|养|货)?[\u4e00-\u9fff]?\d{4,6})(?!\d)")
_HOSPITAL = re.compile(r"[^,。;、]{0,10}医院")
_PORT_OF_HOME = re.compile(r"[鲁浙闽粤琼桂苏沪辽冀津皖赣湘鄂][\u4e00-\u9fff]{0,3}\d{4,6}$")  # 救起|浙普渔61208
_POST = re.compile(
    r"[Kk](\d{1,4})|(?<![\d.])(\d{1,4})(?:\.\d+)?(?:公里|千米|[Kk][Mm])(?:\+\d{1,3})?(?:处|附近|路段|加)"
)
_VEHICLE = re.compile(r"[罐槽货挂客轿]车|车辆|大巴|高速|罐車")
_JUST = re.compile(r"刚才|刚刚|剛才|剛剛|刚")


@dataclass(frozen=True)
class Report:
    """One report as the comparison sees it: text, time of receipt, reading, and the sender when known."""

    text: str
    reference: datetime | date
    reading: Reading
    sender: str | None = None

    @cached_property
    def received(self) -> datetime:
        """The time of receipt in Asia/Shanghai; noon of a bare date."""
        if not isinstance(self.reference, datetime):
            return datetime.combine(self.reference, datetime.min.time(), tzinfo=BEIJING) + timedelta(hours=12)
        return self.reference.astimezone(BEIJING) if self.reference.tzinfo else self.reference.replace(tzinfo=BEIJING)

    @cached_property
    def window(self) -> tuple[datetime, datetime] | None:
        """When it happened, as a window; None when the text does not say."""
        said = self.reading.occurred_at
        if said is None:
            return None
        if len(said) > 10 and _JUST.search(self.text) and said[:16] == f"{self.received:%Y-%m-%dT%H:%M}":
            return self.received - timedelta(minutes=60), self.received
        start = datetime.fromisoformat(said if len(said) > 10 else f"{said}T00:00+08:00")
        width = {"minute": 0, "hour": 59, "part_of_day": 24 * 60 - 1, "day": 24 * 60 - 1}[
            self.reading.occurred_precision or "day"
        ]
        return start, start + timedelta(minutes=width)

    @cached_property
    def plain(self) -> str:
        """The part of the text that is compared, in plain form."""
        return prepare(self.text[:240]).plain

    @cached_property
    def plain_long(self) -> str:
        return prepare(self.text[:300]).plain

    @cached_property
    def hits(self) -> list[Hit]:
        return national().find(self.plain)

    @cached_property
    def place_hits(self) -> list[Hit]:
        return national().find(self.reading.place_text or "")

    @cached_property
    def names(self) -> frozenset[str]:
        """Pairs of characters of the place that names it, without province, city, county and common words."""
        return _pairs(_without_roads(_without_divisions(self.reading.place_text or "", self.place_hits)))

    @cached_property
    def core(self) -> frozenset[str]:
        """As `names`, without the town."""
        return _pairs(_without_roads(self.bare_place))

    @cached_property
    def all_names(self) -> frozenset[str]:
        return _pairs(_without_roads(_without_divisions(self.plain, self.hits)))

    @cached_property
    def runs(self) -> frozenset[str]:
        """Four characters in a row of a name that may stand anywhere in the head of the text: 新宇生物科技."""
        words = _without_divisions(self.plain[:60], [h for h in self.hits if h.end <= 60], towns=True)
        parts = _NOT_NAMES.split(_GENERIC.sub("|", _PHRASES.sub("|", _without_roads(words))))
        return frozenset(part[i : i + 4] for part in parts for i in range(len(part) - 3))

    @cached_property
    def towns(self) -> frozenset[str]:
        return frozenset(c.code for c in self.reading.places if len(c.code) == 9 and c.code.isdigit())

    @cached_property
    def full_county(self) -> str | None:
        """The county when the text itself writes it in full."""
        county = self.reading.county
        return county if county and county in self.plain_long else None

    @cached_property
    def crafts(self) -> frozenset[str]:
        plain = self.plain_long
        found = (m[1] or m[2] for m in _CRAFT.finditer(plain) if not (m[1] and nickname(m.group())))
        return frozenset(own.group() if (own := _PORT_OF_HOME.search(name)) else name for name in found)

    @cached_property
    def units(self) -> frozenset[str]:
        """Mines, works, schools … by the two characters of their name and the kind: 金佳煤矿."""
        plain = self.plain
        return frozenset(m.group() for m in _UNIT.finditer(plain) if not _NO_NAME.fullmatch(m[1]))

    @cached_property
    def roads(self) -> frozenset[str]:
        """Roads by their number; a national motorway written by name alone has its number too."""
        plain = self.plain
        named = {number for name, number in _MOTORWAYS.items() if name in plain}
        return frozenset({m.group() for m in _ROAD.finditer(plain)} | named)

    @cached_property
    def divisions(self) -> frozenset[str]:
        """Names of divisions in the text, without what makes them one: 岳阳."""
        return frozenset(
            h.name[:2]
            for h in self.hits
            if h.is_division
            and min(p.tier for p in h.meanings) < 4
            and not _HOSPITAL.match(self.plain, h.end)  # where the hurt were taken is not where it happened
        )

    @cached_property
    def provinces(self) -> frozenset[str]:
        """Provinces (two digits) that the names in the text leave no doubt of."""
        found = set()
        for hit in self.hits:
            codes = {place.code[:2] for place in hit.meanings if place.code.isdigit()}
            if len(codes) == 1 and not (hit.short and min(p.tier for p in hit.meanings) > 2):
                found |= codes
        return frozenset(found)

    @cached_property
    def substances(self) -> frozenset[str]:
        return frozenset(_SUBSTANCE.findall(self.plain))

    @cached_property
    def ages(self) -> frozenset[str]:
        return frozenset(_AGE.findall(self.plain))

    @cached_property
    def later(self) -> bool:
        """Whether the text follows an earlier one: it says so, or names the event without saying that it happened."""
        if self.reading.kind in {"续报", "终报"}:
            return True
        known = _BY_NAME.search(self.head) or _SPOKEN_OF.search(self.head) or self.nickname
        return not self.timed and bool(known) and not _HAPPENING.search(self.head)

    @cached_property
    def head(self) -> str:
        return self.plain[:160]

    @cached_property
    def timed(self) -> bool:
        """Whether the text says the hour at which it happened."""
        return self.reading.occurred_precision in {"minute", "hour"}

    @cached_property
    def tells_outcome(self) -> bool:
        """Whether the text says how it stands and not that it began: 落水的人捞上来了."""
        return not self.timed and bool(_OUTCOME.search(self.head)) and not _HAPPENING.search(self.head)

    @cached_property
    def tells_of_known(self) -> bool:
        """Whether a text that is no surer report speaks of how a known event stands: 锦绣城业主已劝离,秩序恢复."""
        return self.reading.nature == "unsure" and (self.later or self.tells_outcome)

    @cached_property
    def nickname(self) -> tuple[int, int] | None:
        return nickname(self.head)

    @cached_property
    def once_more(self) -> bool:
        return once_more(self.text)

    @cached_property
    def sites(self) -> dict[str, frozenset[str]]:
        return named(self.bare_place)

    @cached_property
    def sections(self) -> frozenset[str]:
        return sections(self.plain)

    @cached_property
    def wide(self) -> bool:
        return is_wide(self.plain)

    @cached_property
    def things(self) -> frozenset[str]:
        fishing = {"渔船"} if any("渔" in name for name in self.crafts) else set()
        return things(self.plain) | fishing

    @cached_property
    def cities(self) -> frozenset[str]:
        """First four digits of the cities that the names in the text may lie in."""
        return frozenset(c.code[:4] for c in self.reading.places if c.code.isdigit() and not c.code.startswith("00", 2))

    @cached_property
    def directions(self) -> frozenset[str]:
        return directions(self.plain)

    @cached_property
    def bare_place(self) -> str:
        """The place string without its divisions and towns: 大连|新港."""
        return _without_divisions(self.reading.place_text or "", self.place_hits, towns=True).strip("|")

    @cached_property
    def town_names(self) -> frozenset[str]:
        """Towns that the text writes in full, by their bare name."""
        return frozenset(
            _TOWN_KIND.sub("", h.name) for h in self.hits if h.is_division and min(p.tier for p in h.meanings) == 4
        )

    @cached_property
    def groups(self) -> frozenset[tuple[int | None, str]]:
        """The people whom the text counts by what they are: 5名驴友."""
        return frozenset((value_of(m[1]), m[2]) for m in _GROUP.finditer(self.plain))

    @cached_property
    def counties(self) -> frozenset[str]:
        """The county, or every county that its short name may mean: 栖霞 is one of 烟台 and one of 南京."""
        if self.reading.county:
            return frozenset({self.reading.county})
        named = (c.name for c in self.reading.places if len(c.code) == 6 and not c.code.endswith("00"))
        return frozenset(re.split(r"[省市州盟](?=.)", name)[-1] for name in named)

    @cached_property
    def posts(self) -> tuple[int, ...]:
        found = tuple(int(m[1] or m[2]) for m in _POST.finditer(self.reading.place_text or ""))
        return found or tuple(int(m[1]) for m in _POST.finditer(self.plain) if m[1])

    @cached_property
    def families(self) -> frozenset[str]:
        """The kinds of event that the leading cause may turn out to be: 冒烟 becomes 火灾, a tanker crash a leak."""
        code = self.reading.code
        if code is None:
            return frozenset()
        found = {name for name, prefixes in _FAMILIES if code.startswith(prefixes)}
        if code.startswith("12D") and not _VEHICLE.search(self.text):
            found.discard("traffic")
        return frozenset(found)


def _pairs(words: str) -> frozenset[str]:
    parts = _NOT_NAMES.split(_GENERIC.sub("|", words))
    return frozenset(part[i : i + 2] for part in parts for i in range(len(part) - 1))


def _without_roads(words: str) -> str:
    """A motorway runs through a hundred counties: its name is no name of a place."""
    return _MOTORWAY.sub("|", words)


def _without_divisions(words: str, hits: list[Hit], *, towns: bool = False) -> str:
    out, at = [], 0
    for hit in hits:
        tier = min(p.tier for p in hit.meanings)
        if tier <= 2 or (tier == 3 and (not hit.short or hit.start in {0, at})) or (tier == 4 and towns):
            out.append(words[at : hit.start])
            at = hit.end
    return "|".join([*out, words[at:]])
