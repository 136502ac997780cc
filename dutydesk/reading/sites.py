"""What names one scene and no other: villages, roads, buildings, works by the name they bear; directions; an event's nickname.

Two texts that give one kind of site two different names speak of two scenes. It must never take a common word for a name.
"""

import re
from functools import lru_cache

from dutydesk.reading.text import prepare
from dutydesk.reading.vocabulary import alternatives

_KINDS = {
    "village": "自然村|行政村|村|社区|屯|寨",
    "road": "大道|大街|路|街|巷|胡同",
    "bridge": "特大桥|大桥|立交桥|高架桥|桥",
    "tunnel": "隧道",
    "building": "大厦|大楼|广场|商厦|公寓|酒店|宾馆|饭店|小区|花园|家园|嘉园|公馆|雅苑|苑",
    "shop": "超市|商场|市场",
    "works": "有限公司|公司|煤矿|金矿|铁矿|矿业|煤业|铸造|化工厂|化工|集团|[\u4e00-\u9fff]厂",
    "school": "小学|中学|幼儿园|学院|大学",
    "hospital": "卫生院|医院",
    "reservoir": "水库|水电站",
}
_CLASS = {word.replace("[\u4e00-\u9fff]", ""): name for name, words in _KINDS.items() for word in words.split("|")}
_SITE = re.compile(rf"([\u4e00-\u9fff]{{2,8}}?)({'|'.join(_KINDS.values())})")
_LEADS = re.compile(r"^(?:.*[与和及的在至到往近旁某第]|一家?|[东西南北]侧)")
_COMMON = re.compile(
    r"中心|人民|第?[一二三四五六七八九十]+|实验|农贸|综合|附属|县城|城关|某某?|工业|产业|居民|高速|公|铁|环城|商业|步行|停车|施工|项目|化工|食品|建材|附近|对面|中医|妇幼|精细|村镇|新村|本地"
)
_DIRECTION = re.compile(
    r"(?:[往向去朝至][^,。;]{0,1}([\u4e00-\u9fff]{2})方向|([\u4e00-\u9fff]{2})方向|([上下]行)|([左右][洞线幅]))"
)
# a part of a site that has a sign of its own: 三车间, 4号机组, B5地块
_PART = re.compile(
    r"([一二三四五六七八九十\d]{1,2}|[\u4e00-\u9fff]{2})(车间)|([一二三四五六七八九十\d]{1,3})(?:号|#)?(机组|号楼|栋|号罐|号炉|号泊位|号井)|([A-Z]\d{0,2})(地块|座|区)"
)
_LEVELS = (("小学",), ("中学", "初中", "高中"), ("幼儿园",), ("大学", "学院"))
_SECTION = re.compile(r"([\u4e00-\u9fff]{2})(?:[市县区])?段(?!时)")
_WIDE = re.compile(r"全[县市区州省镇乡旗]|\d{1,2}个(?:乡镇|镇|乡|街道|县)|各乡镇|普降|大部分?地区|多地")
_THINGS = re.compile(alternatives("sites", "things"))
# ways of coming to harm, that one event may share with any other or change from report to report
_MANNERS = re.compile(
    "坍塌|爆炸|起火|滑坡|泥石流|山洪|溺水|中毒|呕吐|腹泻|发热|持刀|讨薪|堵路|草原|森林|碾压|侧翻|追尾|相撞|坠河|坠湖|坠崖|透水|瓦斯|冒顶|氯|液氨|硫化氢|水库|村民"
)
_PEOPLE = re.compile(
    r"(?P<child>男孩|女孩|男童|女童|小孩|孩子|儿童|幼儿|学生|娃)|(?P<adult>男子|女子|老人|老汉|钓鱼|司机|工人|妇女|大爷|大妈|民警|医生)"
)
_ALIKE = {
    "大巴": "客车",
    "中巴": "客车",
    "着火": "起火",
    "火灾": "起火",
    "客机": "飞机",
    "货船": "货轮",
    "自建房": "民房",
    "氯气": "氯",
}
_NICKNAME = re.compile(r"[“\"](\d{1,2})[・.](\d{1,2})[”\"]|(?<!\d)(\d{1,2})・(\d{1,2})(?!\d)")
# one more of the kind: 又有两辆小车相撞, 又有60多名业主聚集; but not 又有1人抢救无效
_AGAIN = re.compile(alternatives("sites", "again"))


def named(words: str) -> dict[str, frozenset[str]]:
    """Kind of site → the names that a place string without its divisions gives to sites of that kind."""
    out: dict[str, set[str]] = {}
    for part in words.split("|"):
        for match in _SITE.finditer(part):
            kind = _CLASS.get(match[2]) or _CLASS[match[2][1:]]
            name = _LEADS.sub("", match[1] + (match[2][0] if match[2] not in _CLASS else ""))
            if len(name) >= 2 and not _COMMON.fullmatch(name):
                out.setdefault(kind, set()).add(name)
    return {kind: frozenset(names) for kind, names in out.items()}


def differ(a: dict[str, frozenset[str]], b: dict[str, frozenset[str]], text_a: str, text_b: str) -> str | None:
    """The kind of site to which the two give names that have nothing in common; None when no kind has."""
    if (part := _other_part(text_a, text_b)) is not None:
        return part
    for kind in a.keys() & b.keys():
        if not any(_known(name, text_b) for name in a[kind]) and not any(_known(name, text_a) for name in b[kind]):
            return kind
    return None


def _other_part(one: str, other: str) -> str | None:
    """The kind of part whose signs differ: a first and a third workshop, a school of children and one of youths."""
    parts_a, parts_b = _parts(one), _parts(other)
    for kind in parts_a.keys() & parts_b.keys():
        if not parts_a[kind] & parts_b[kind]:
            return kind
    levels_a, levels_b = _schools(one), _schools(other)
    return "school" if levels_a and levels_b and not levels_a & levels_b else None


@lru_cache(maxsize=512)  # each new report is compared with every open one
def _parts(text: str) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for match in _PART.finditer(text):
        sign, kind = (group for group in match.groups() if group)
        out.setdefault(kind, set()).add(sign)
    return out


@lru_cache(maxsize=512)
def _schools(text: str) -> set[int]:
    return {level for level, words in enumerate(_LEVELS) if any(word in text for word in words)}


def sections(text: str) -> frozenset[str]:
    """The reaches of a road or a line: 黔西段."""
    return frozenset(match[1] for match in _SECTION.finditer(text))


def is_wide(text: str) -> bool:
    """Whether the text tells of a whole county or of many towns, not of one scene."""
    return bool(_WIDE.search(text))


def things(text: str) -> frozenset[str]:
    """What was struck and how, by words that tell one event from another: 客车, 透水, 业主."""
    people = {match.lastgroup or "" for match in _PEOPLE.finditer(text)}
    return frozenset(
        {_ALIKE.get(word, word) for word in _THINGS.findall(text)} | (people if len(people) == 1 else set())
    )


def other_things(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether both name what was struck and nothing of it is the same: a coach and a school bus."""
    one, other = ({t for t in told if not _MANNERS.fullmatch(t)} for told in (a, b))
    return bool(one and other) and not one & other


def _known(name: str, text: str) -> bool:
    return any(name[i : i + 2] in text for i in range(len(name) - 1))


def directions(text: str) -> frozenset[str]:
    """Where a road leads on the side named, and which track or tube: 往烟台方向, 上行, 右洞."""
    return frozenset(next(filter(None, match.groups())) for match in _DIRECTION.finditer(text))


def nickname(text: str) -> tuple[int, int] | None:
    """Month and day by which an event is called: “3·21”爆炸事故."""
    match = _NICKNAME.search(text)
    found = [int(part) for part in match.groups() if part] if match else []
    return (found[0], found[1]) if found and found[0] <= 12 and found[1] <= 31 else None


def once_more(raw: str) -> bool:
    """Whether the text tells of one more event of a kind that was there before."""
    return bool(_AGAIN.search(prepare(raw[:200]).plain))
