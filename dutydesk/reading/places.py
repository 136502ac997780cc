"""Where it happened: the most specific place string of the text, as written, and the names in it.

Cuts the text into stretches at times, marks and verbs, and takes the stretch that looks most like one place. It must
never return words that the text does not have side by side.
"""

import re
from dataclasses import dataclass

from dutydesk.reading.gazetteer import Gazetteer, Hit
from dutydesk.reading.moments import Moment
from dutydesk.reading.text import Text
from dutydesk.reading.vocabulary import alternatives

_TAIL = re.compile(alternatives("places", "tail"))
_COUNTRIES = alternatives("places", "countries")
_AFTER = re.compile(
    r"(?:(?:附近|门口|门前|对面|旁边|旁|一带|路段|境内|之间|交界处|交界地区|交叉口|交叉路口|交汇处|路口|西侧|东侧|南侧|北侧|[东西南北]面|楼下|楼顶|地下室|内|里|处|上|外|边|\([^)]{1,24}\)))+"
)
_CUT = re.compile(alternatives("places", "cut"))
_STOP = re.compile(alternatives("places", "stop"))
_LEAD = re.compile(rf"(?:{alternatives('places', 'lead')})+(?=.)")
# characters that end a place as words of their own, and begin names of roads
_IN_NAMES = frozenset("正将致时因无遇遭共")
# characters that lead to a place behind other words, and begin a name where nothing stands before them
_NAMES_BEGIN = frozenset("和与及许日人一往向那于")
_OPENINGS = frozenset({"", *",。;:!?\n(["})
_ROAD_NAME = re.compile(
    r"(?![全各本该此两几多])[\u4e00-\u9fff]{1,2}(?:村(?![民里上])|社区|屯|寨|镇(?![民上])|[东西南北中]?[一二三四五六七八九支]?路|大?街|大道|广场|小区|花园)"
)
_BEFORE_NAMES = frozenset({"城市", "首都", "首府", "省会"})
_OWNED = re.compile(r"[”\"]?(?:所属|名下|接送|出发|开往|驶往|的(?:一辆|班车|校车|客车))")
_BOUND_FOR = ("开往", "驶往", "前往", "发往", "飞往")
_OWNER = re.compile(
    r"(?:公司|集团|船厂|车队)(?:所属|名下|的)?(?:一|两|\d)[辆艘条架]"
)  # 某客运公司|一辆大巴: whose, not where
_BOTH_ENDS = re.compile(r".?(?:方向|区间)")  # 都匀到麻江方向, 萍乡北至宜春区间: one stretch, not two places
_RETOLD = 5  # sentences into a text where the event may be told again with a more exact place
_BREAKS_OUT = re.compile(r"(?:突然)?(?:发生|突发|[爆暴]发|起火|着火)")
_POST = re.compile(
    r"(?<![A-Za-z\d])[Kk]\d|(?:高速|高速?公路|[国省县乡]道|线|方向|段)[^,。距约长]{0,8}\d(?:公里|千米|[Kk][Mm])"
)
_ASIDE = re.compile(r"家住|住在|上述|户籍|医院|殡仪馆|公安局|派出所|政府|指挥部")
_ANY = re.compile(r"一(?:家|座|栋|幢|处|所|个|间|辆|艘|条|乡村|民[居房宅])|某")
_NAMED = re.compile(r"公司|[^一某].厂|矿|集团|学校|小学|中学|大学|医院|酒店|小区|大厦|广场|市场|号")
_SCENE = re.compile(
    r"(?:事故|火灾|爆炸|坍塌|事发|灾害|车祸|事件|案件)(?:地点|现场)?(?:发生)?(?:在|于|位于|为)$|(?:途[经径]|行经|[行驶]至|行驶到|开到)$"
)
_SIGNATURE = 20  # code points of a last clause that may name who writes, or where
_LEAST = -3.4  # a stretch worth less is no place: 主要为高空坠物
# words behind which the name of a division opens a place: 引发筠连县…, 有罐车向叶县…
_LED_BY = re.compile(
    r"(?:(?<!方)向|接|引发|触碰|触损|撞上|进入|突?袭击?|席卷|波及|影响|造成|致使|导致|致|抵达|[今昨][早晚晨夜日天]|[上中下][午]|凌晨|的|打砸|围堵|围攻|冲击|返航|备降|迫降|受|对|给|把|将|有|使)$"
)
# what tells a story, not a place, before the name of a division: 一架客机起飞后返航|揭阳潮汕机场
_STORY = re.compile(
    r"(?:\d|[一二两三四五六七八九十])+余?(?:名|辆|架|艘|个|位|条|台|只|人|起|车|家)|[后时被将把因已正着了过并为使让请]|发生|组织|结伴|驾驶|乘坐|前往|途中"
)
_NO_PLACE = re.compile(alternatives("places", "no_place"))
_FOREIGN = re.compile(_COUNTRIES)
_DATELINE = re.compile(
    r"^[^。,!?]{0,12}?(?:新华|中新|中央社|法新社|路透社|中国网|人民网|中广|央视|光明|本报|快报|晚报|日报|晨报|早报|商报|时报|都市报|新闻网|在线|网讯|社讯|报讯|电台|国际在线|快讯)[^。,!?]{0,24}?(?:电(?=[\d\u4e00-\u9fff()])[)]?|讯|消息|报道|信息)[::]?(?:[(][^)]{0,40}[)])?"
)
_SOURCE = re.compile(r"[^,。;]{0,10}(?:获悉|了解到|宣传部|新闻办|官方网站|通报|消息|网站|介绍)")
_NAME = re.compile(
    r"(?!其中|洪涝|灾害|这|那|他|她|我|你|有|没|是|不|又|再|正|已|还|请|快|好|老|火|雨|风|死|伤|救|听|怀疑|估计|目前|现场|消防|公安|应急)[\u4e00-\u9fff]{3,14}"
)
_REPORTER = re.compile(
    r"(?:政府|应急局?|应急管理局|消防|公安|分局|派出所|疾控|卫健|街道办?|镇|乡|区|县|市|州|局|委|办|队|中心|村|社区|指挥部|台网?)?(?:续报|终报|首报|初报|更新|快报|续抱|报告|通报|报)[0-9一二三四五六]*[:,]|(?:政府|应急局?|应急管理局|消防|公安|分局|派出所|疾控|卫健|局|委|办|队|中心|村委|指挥部|台网?)[:,]|[0-9一二三四五六]*:(?!\d)|(?:应急|消防|公安|交警|分局|防指|疾控|续报|终报|更新|卫健|官方|发布|网警|警方)"
)
_SENDER = re.compile(r"(?:^|[,。:])(?:我|我们|俺|这里|这边|这)?是$")
_SPECIFIC = re.compile(
    r"村|路|街|号|厂|公司|楼|小区|桥|隧道|站|学校|小学|中学|幼儿园|医院|酒店|公里|[Kk]\d|仓库|工地|矿|海域|水库|河|大厦|商场|市场|国道|高速|省道|店|社区|镇|乡|街道|组|公园|码头"
)


# places that every text may have and that name none
_NAMELESS = re.compile(
    rf"(?:{alternatives('places', 'nameless')})"
    r"(?:里面?|外|上|下|边上?|口|旁|面|内|顶|处|附近)?|全[市县区镇城村].*|\d+楼.*"
)


@dataclass(frozen=True, slots=True)
class Where:
    """The place string with its stretch of the plain text; the names found anywhere in the text; the county."""

    start: int
    end: int
    hits: tuple[Hit, ...]
    county: str | None

    @property
    def found(self) -> bool:
        return self.end > self.start


def where(text: Text, gazetteer: Gazetteer, moments: tuple[Moment, ...]) -> Where:
    """Find the place of the event, and the county that it says or implies."""
    hits = gazetteer.find(text.plain[:600])
    found = _stretches(text, hits, moments)
    score, start, end = max(found, default=(0.0, 0, 0), key=lambda one: (one[0], -one[1]))
    if score < _LEAST:
        start = end = 0
    start, end = _finer(text, start, end, found, hits)
    start, end = _in_full(text.plain, start, end, found)
    inside = [hit for hit in hits if start <= hit.start < end]
    county = gazetteer.county(text.plain[start:end], [_shift(hit, start) for hit in inside]) if end > start else None
    if county is None:
        near = text.plain[: text.sentence_end(start)][:600]
        county = gazetteer.county(near, [h for h in hits if h.end <= len(near) and not _on_the_way(near, h)])
    if county is None:
        county = _signed(text.plain[:600], hits, gazetteer)
    return Where(start, end, tuple(hits), county)


def _signed(plain: str, hits: list[Hit], gazetteer: Gazetteer) -> str | None:
    """The county that the last words name: a signature (郾城区应急管理局) or an address put behind."""
    begun = max(plain.rfind(mark, 0, len(plain) - 2) for mark in "。!?;,\n") + 1
    if not 0 < len(plain) - begun <= _SIGNATURE:
        return None
    return gazetteer.county(plain[begun:], [_shift(hit, begun) for hit in hits if hit.start >= begun])


def _grade(plain: str, start: int, end: int, hits: list[Hit]) -> int:
    """How exactly a stretch says where: the tiers of division it names, the words for a site, a kilometre post."""
    tiers = {min(p.tier for p in h.meanings) for h in hits if start <= h.start < end}
    return len(tiers) + min(4, len(_SPECIFIC.findall(plain[start:end]))) + bool(_POST.search(plain, start, end))


def _finer(text: Text, start: int, end: int, found: list[tuple[float, int, int]], hits: list[Hit]) -> tuple[int, int]:
    """重庆巫山县27日发生…。27日12时,巫山县笃坪乡某煤矿突发…: the event told again, with a more exact place."""
    for score, first, last in found:
        later = (
            first >= end
            and text.sentence(first) <= _RETOLD
            and score > 0
            and not _ASIDE.search(text.plain, first, last)
        )
        if later and _tells_more(text, (start, end), (first, last), hits):
            start, end = first, last
    return start, end


def _tells_more(text: Text, before: tuple[int, int], behind: tuple[int, int], hits: list[Hit]) -> bool:
    plain = text.plain
    scene = _SCENE.search(plain, max(0, behind[0] - 8), behind[0]) is not None
    if plain[behind[0] : behind[1]] in plain[before[0] : before[1]] or _only_division(behind, hits):
        return False
    again = scene or _BREAKS_OUT.match(plain, behind[1]) is not None
    gain = _grade(plain, *behind, hits) - _grade(plain, *before, hits)
    inner = _lies_within(before, behind, hits)
    some = _ANY.search(plain, *before) is not None
    unsited = not _has_site(plain, *before, hits)
    near = text.sentence(behind[0]) <= text.sentence(before[0]) + 1 and not _ANY.search(plain, *behind)
    travelled = scene and _origin(plain, *before)
    return (
        travelled
        or (again and inner and gain >= (0 if scene else 1))
        or (scene and (unsited or (some and gain >= 0)))
        or (again and some and _NAMED.search(plain, *behind) is not None)
        or (gain > 0 and bool(_POST.search(plain, *behind)) and not _POST.search(plain, *before))
        or (gain > 1 and inner and (unsited or some) and near)
    )


def _origin(plain: str, start: int, end: int) -> bool:
    """Where a vehicle came from or to whom it belongs: 从丰县某小学接送学生, 某幼儿园所属校车."""
    led = plain[start - 1 : start + 1]
    return "从" in led or _OWNED.match(plain, end) is not None


def _only_division(place: tuple[int, int], hits: list[Hit]) -> bool:
    return any((h.start, h.end) == place and h.is_division for h in hits)


def _has_site(plain: str, start: int, end: int, hits: list[Hit]) -> bool:
    """Whether a stretch says more than the names of divisions."""
    return any(not _within_name(found, hits) for found in _SPECIFIC.finditer(plain, start, end))


def _lies_within(outer: tuple[int, int], inner: tuple[int, int], hits: list[Hit]) -> bool:
    """Whether both stretches name one division, or the second a division within one of the first."""
    ours = [h for h in hits if outer[0] <= h.start < outer[1]]
    theirs = [h for h in hits if inner[0] <= h.start < inner[1]]
    if {h.name for h in ours} & {h.name for h in theirs}:
        return True
    stems = {p.division[: 2 * p.tier] for h in ours for p in h.meanings if p.tier < 4}
    return any(p.division[:size] in stems for h in theirs for p in h.meanings for size in (2, 4, 6))


def _in_full(plain: str, start: int, end: int, found: list[tuple[float, int, int]]) -> tuple[int, int]:
    """小武基村 … 北京市朝阳区小武基村: of one place written twice, the one that says more before it."""
    name = plain[start:end]
    fuller = [(a, a + at + len(name)) for _, a, b in found if (at := plain[a:b].find(name)) > 0]
    return max(fuller, default=(start, end), key=lambda one: one[1] - one[0]) if len(name) >= 2 else (start, end)


def _on_the_way(plain: str, hit: Hit) -> bool:
    """从四川邻水驶往重庆: where a vehicle comes from or goes to says nothing of where it stopped."""
    around = plain[max(0, hit.start - 6) : hit.start] + "|" + plain[hit.end : hit.end + 4]
    return bool(re.search(r"(?:开往|驶往|前往|往|来自|籍|从[^,。]{0,5})\||\|(?:驶往|开往|籍|方向|牌照|至)", around))


def _shift(hit: Hit, by: int) -> Hit:
    return Hit(hit.start - by, hit.end - by, hit.name, hit.meanings, hit.short)


def _stretches(text: Text, hits: list[Hit], moments: tuple[Moment, ...]) -> list[tuple[float, int, int]]:
    plain = text.plain[:600]
    dateline = _DATELINE.match(plain)
    opening = dateline.end() if dateline else 0
    cuts = sorted(
        {
            (0, 0),
            *((m.start(), m.end()) for m in _CUT.finditer(plain)),
            *((m.start, m.end) for m in moments if m.start < 600),
            (opening, opening),
            *((h.start, h.start) for h in hits if _opens_a_place(plain, h, hits)),
        }
    )
    inner = hits
    cuts = [
        c
        for c in cuts
        if not any(h.start < c[0] < h.end or (h.start <= c[0] and c[1] <= h.end and c[1] > c[0]) for h in inner)
        and not any(m.start < c[0] and c[1] < m.end for m in moments)
    ]
    out = []
    for place, (opened, start) in enumerate(cuts):
        end = cuts[place + 1][0] if place + 1 < len(cuts) else len(plain)
        if end - start >= 2 and (found := _place_in(plain, start, min(end, start + 60), hits)):
            first, last = found
            out.append((_score(plain, opened, first, last, hits, text.sentence(first), moments), first, last))
    return [found for found in out if found[1] >= opening] or out


def _opens_a_place(plain: str, hit: Hit, hits: list[Hit]) -> bool:
    """Whether the words before the name of a division lead to it: 引发|筠连县, 到|江陵县, but not 都匀到麻江."""
    if not hit.is_division:
        return False
    if plain[hit.start - 1 : hit.start] in {"到", "至", "往", "赴"}:
        return not any(h.end == hit.start - 1 for h in hits) and not _BOTH_ENDS.match(plain, hit.end)
    return bool(_LED_BY.search(plain[max(0, hit.start - 4) : hit.start]))


def _place_in(plain: str, start: int, end: int, hits: list[Hit]) -> tuple[int, int] | None:
    lead = _LEAD.match(plain, start, end)
    start = _past(lead, hits) if lead else start
    stop = next((m for m in _STOP.finditer(plain, start, end) if _is_stop(plain, m, hits)), None)
    limit = stop.start() if stop else end
    ends = (
        [m.end() for m in _FOREIGN.finditer(plain, start, limit)]
        + [m.end() for m in _TAIL.finditer(plain, start, limit)]
        + [h.end for h in hits if start <= h.start and h.end <= limit]
    )
    if (
        not ends
        and stop is not None
        and plain.startswith(("发生", "突发"), stop.start())
        and 3 <= stop.start() - start <= 24
        and not re.search(r"[了着的是]|事故|事件|后", plain[start : stop.start()])
    ):
        return start, stop.start()
    if (
        not ends
        and stop is not None
        and 3 <= stop.start() - start <= 14
        and _NAME.fullmatch(plain, start, stop.start())
    ):
        return start, stop.start()
    if not ends:
        return None
    last = max(ends)
    if plain.startswith("时间", last):
        return None
    if plain[last - 2 : last] in _BEFORE_NAMES and 2 <= limit - last <= 6 and plain[last:limit].isalpha():
        last = limit  # 巴东部城市|拉合尔
    first = next((h.start for h in hits if start < h.start < last and h.is_division), start)
    if any(not _within_name(m, hits) for m in _STORY.finditer(plain, start, first)):
        start = first
    after = _AFTER.match(plain, last, max(limit, min(len(plain), last + 1) if plain[last : last + 1] == "(" else limit))
    last = after.end() if after else last
    if plain.count("(", start, last) > plain.count(")", start, last) and plain[last : last + 1] == ")":
        last += 1
    return (start, last) if last - start >= 2 else None


def _within_name(found: re.Match[str], hits: list[Hit]) -> bool:
    return any(h.start <= found.start() < h.end for h in hits)


def _past(lead: re.Match[str], hits: list[Hit]) -> int:
    """Behind the words that lead to a place, but not into a name that begins like one: 日照, 于都, 从化, 和平小学."""
    if lead.group() in _NAMES_BEGIN and lead.string[lead.start() - 1 : lead.start()] in _OPENINGS:
        return lead.start()
    return next((h.start for h in hits if lead.start() <= h.start < lead.end() < h.end), lead.end())


def _is_stop(plain: str, found: re.Match[str], hits: list[Hit]) -> bool:
    """A word that ends a place, unless it is a part of a name: 平度|市, 正阳路, 致远路."""
    if found.group() in _IN_NAMES and _ROAD_NAME.match(plain, found.end()):
        return False
    return not _within_name(found, hits)


def _behind_brackets(plain: str, at: int) -> int:
    """于田县(北纬35.6,东经81.6)发生: the brackets say where, the verb stands behind them."""
    close = plain.find(")", at, at + 40) if plain[at : at + 1] == "(" else -1
    return close + 1 if close > 0 else at


def _score(
    plain: str, opened: int, start: int, end: int, hits: list[Hit], sentence: int, moments: tuple[Moment, ...]
) -> float:
    words = plain[start:end]
    names = [hit for hit in hits if start <= hit.start < end]
    score = (
        2.0 * len({min(p.tier for p in h.meanings) for h in names})
        + (1.5 if _FOREIGN.search(words) else 0)
        + 1.2 * min(4, len(_SPECIFIC.findall(words)))
    )
    score -= 1.2 * min(sentence, 6) + (1.5 if end - start > 34 else 0)
    led = plain[max(0, opened) : start]
    score += 2.0 if re.search(r"位于|地点|地址|在|于|围堵|围攻|打砸|撞上|行至|事发|途经|驶至", led) else 0
    if plain[end : end + 1] == ":" or _REPORTER.match(plain, end) or _SENDER.search(plain[max(0, start - 4) : start]):
        score -= 3.0
    if re.search(
        r"出来|自己|暂未|没人|还$|井下还|[了着](?=.)|不对|送医|当局|下令|过程中|所乘坐|庆祝|通报|跑路|物资|强降雨|首页|模拟|假设|系统|突然|多数|家住|住在",
        words,
    ):
        score -= 4.0
    if not names and _NAMELESS.fullmatch(words):
        score -= 1.5
    if _NO_PLACE.match(words):
        score -= 6.0
    if not names and not _TAIL.search(words):
        score -= 2.0
    if re.match(r"其中|一些|几名|两名|全省|全市|面积|事件|各|请|每", words):
        score -= 5.0
    if _SOURCE.match(plain, end):
        score -= 3.0
    if plain.startswith(("接警", "接报", "接到"), end):
        score -= 4.0
    if led.endswith(_BOUND_FOR) or plain.endswith(_BOUND_FOR, 0, start):
        score -= 4.0
    if _OWNER.match(plain, end - 2) or led.endswith(("住在", "家住")) or plain.endswith(("住在", "家住"), 0, start):
        score -= 3.0
    end = next((m.end for m in moments if m.start == end), _behind_brackets(plain, end))
    follows = plain[end : end + 14]
    score += (
        3.0
        if plain.startswith(("发生", "突发", "爆发"), end)
        else 2.5
        if _STOP.match(plain, end)
        else (1.0 if _STOP.search(follows) else 0)
    )
    if re.search(
        r"政府|公安局|交警|消防|医院|派出所|指挥部|应急|宣传部|卫生局|气象|地震局|台网|新闻|支队|大队|局$|委$|公安",
        words,
    ) and not re.search(r"路|街|村|小区", words):
        score -= 4.0
    return score
