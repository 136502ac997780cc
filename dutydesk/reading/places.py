"""Where it happened: the most specific place string of the text, as written, and the names in it.

Cuts the text into stretches at times, marks and verbs, and takes the stretch that looks most like one place. It must
never return words that the text does not have side by side.
"""

import re
from dataclasses import dataclass

from dutydesk.reading.gazetteer import Gazetteer, Hit
from dutydesk.reading.moments import Moment
from dutydesk.reading.text import Text

_TAIL = re.compile(
    r"(?:自治[区州县旗]|特别行政区|新区|开发区|高新区|保税区|示范区|风景区|景区|园区|社区|小区|华庭|花园|名苑|雅苑|佳苑|公馆|名都|家园|新村|新城|山庄|庄园|湿地|大集|集市|影城|会所|卡口|门站|机构|项目部?|大门|大厅|候车室|化工|电镀|橡胶|石化|钢铁|纺织|制药|电子|食品|厂区|校区|库区|矿区|城区|郊区|市区|山区|林区|牧区|灾区|片区|港区|辖区|住宅区|生活区|服务区|作业区|工业区|度假区|地区|湾区|街区"
    r"|街道办事处|街道办|街道|省|市(?!场|民|长|委|政|区|级|[东西南北]部)|县(?!长|委|城|级)|镇(?!长|定|政)|乡(?!亲|长)|旗|盟(?!友)|村(?!民|长|里|头)|[屯庄寨]|组(?!织)|区(?!域|委|间)|州|村委会|居委会|大队|生产队|自然村|牧场|林场|农场|渔场|养殖场|猪场"
    r"|(?:桩号\d{1,4}\+\d{1,3}|[Kk]\d{1,4}(?:\+\d{1,3})?[Mm]?(?:公里|千米|米)?处?)|\d{1,4}(?:\.\d{1,3})?(?:公里|千米|[Kk][Mm])(?:处|\+?\d{1,3}[米Mm]?处?)?(?:加\d{1,3}米)?处?"
    r"|[东西南北][外内]环|外环|绕城|大道|大街|公路|高速路|高速|国道|省道|县道|乡道|环路|环线|快速路|立交桥|高架桥|高架|路口|路段|交叉口|交叉路口|交汇处|十字路口|丁字路口|岔路口|匝道|路(?!人|面|过|透|外|滑|况|径)|街(?!道)|巷|弄|胡同|里|段|线(?!上|索)|桥|隧道|涵洞|桥洞|收费站|出口|入口|口岸|车站|火车站|汽车站|客运站|地铁站|加油站|加气站|泵站|变电站|水电站|电站|电厂|站台|站"
    r"|矿业|煤业|油田|平台|砖窑|养殖[户场]|零售店|专卖店|泊位|不夜城|步行街|美食街|栈道|天桥|观潮点|采石场|塘口|隔离场|隔离区|断面|[江湖渠]段|湖区|库区|山谷|沟谷|(?<=[\u4e00-\u9fff])谷(?!物|子)|弯道|管廊|[工产物][业流]园|生产区|罐区|装置区|研究所|采区|立井(?!口)|斜井(?!口)|井区|看台|游泳馆|训练场|基地|别墅|洋房|老宅|院落|[化工科]园|盐化园|大集|渡口|水闸|船闸|枢纽|灯塔|油库|气库|客运码头|校门口"
    r"|有限责任公司|有限公司|股份公司|总公司|分公司|公司|企业|储罐|作业点|集团|化工厂|厂房|工厂|厂|煤矿|铁矿|金矿|矿井|矿山|矿|车间|仓库|库房|冷库|工地|施工现场|作业现场|标段|区间|上行|下行|斜井口|竖井|井口|洞口|关口|沟口|桥头|外墙|作业面|工作面|巷道|码头|港|锚地|海域|海面|海边|近海|沿海|沿岸|外海|水域|航道|岛|半岛|湾|礁|滩|水库|水塘|池塘|鱼塘|污水池|沉淀池|化粪池|清水池|发酵池|污泥池|养鸡场|养猪场|养牛场|料场|货场|堆场|危废库|油库|湖|河|江|溪|沟|渠|河段|河道|河堤|堤坝|大坝|尾矿库|山(?!火|体|洪)|岭|峰|峡谷|坡|山坡|坳|坪|洞|草原|森林"
    r"|大厦|大楼|写字楼|宿舍楼|宿舍|教学楼|居民楼|住宅楼|楼(?!道|板|梯)|号楼|单元|\d+室|\d+层|\d+楼|号院|大院|院|公寓|广场|商场|商城|商品城|[材居金具装鞋饰车]城|作坊|购物中心|中心|超市|市场|菜场|批发城|商铺|店铺|门面|饭店|酒店|宾馆|旅馆|民宿|酒吧|歌厅|KTV|网吧|浴池|浴室|足浴城|餐厅|餐馆|饭馆|食堂|小吃店|火锅店|快餐店|面包店|小食店|店(?!主)|民房|民宅|住宅|平房|自建房|出租屋|出租房|农户家中?|[家宅]中|院内|客栈|古城|老街|棚户区|工棚"
    r"|大学|学院|中学|小学|学校|幼儿园|医院|卫生院|诊所|养老院|敬老院|福利院|监狱|看守所|派出所|法院|政府|机场|公园|游乐园|乐园|动物园|体育馆|体育场|影院|剧院|教堂|清真寺|寺庙|寺|庙|博物馆|图书馆|\d+号(?!码)"
    r"|共和国|首都|首府|州|半岛|群岛|高原|沙漠|峡|东北部|西北部|东南部|西南部|(?<!全)(?:南部|北部|东部|西部|中部)|之间|交界处|交界地区|附近|门口|门前|旁边|对面|楼下|楼顶|顶部|地下室|地下车库|车库|停车场|境内|西侧|东侧|南侧|北侧|[东西南北]面|[东西南北]侧|下游|上游|处(?![理置罚于分长]))"
)
_COUNTRIES = (
    "日本|韩国|朝鲜|蒙古国|俄罗斯|印度尼西亚|印尼|印度|巴基斯坦|阿富汗|伊朗|伊拉克|叙利亚|土耳其|以色列|巴勒斯坦|沙特|也门|埃及|利比亚|苏丹|索马里|肯尼亚|尼日利亚|加纳|南非|马来西亚|新加坡|泰国|缅甸|越南|老挝|柬埔寨|菲律宾|孟加拉国|尼泊尔|不丹|斯里兰卡"
    "|英国|法国|德国|意大利|西班牙|葡萄牙|荷兰|比利时|希腊|乌克兰|波兰|美国|加拿大|墨西哥|巴西|智利|秘鲁|阿根廷|哥伦比亚|委内瑞拉|厄瓜多尔|海地|古巴|洪都拉斯|澳大利亚|新西兰|斐济|汤加|台湾|车臣"
)
_AFTER = re.compile(
    r"(?:(?:附近|门口|门前|对面|旁边|旁|一带|路段|境内|之间|交界处|交界地区|交叉口|交叉路口|交汇处|路口|西侧|东侧|南侧|北侧|[东西南北]面|楼下|楼顶|地下室|内|里|处|上|外|边|\([^)]{1,24}\)))+"
)
_CUT = re.compile(
    r"[。!?\n;,:\[\]<>]|(?:记者|通讯员|据|获悉|消息|接报|接到|接群众|(?:群里|网上|有人|朋友圈|邻居|听人|街坊|人家)[都在]?说|报告|报警|报称|反映|称|电(?=\d)|讯|我[县市区镇乡村省州]|本[县市区镇乡村省](?!级)|我们村|俺们?村|您好|紧急|你好|值班室|值班员|领导|收到|汇报|情况|续报\d*|首报|初报|终报|快报|速报|专报|突发|注意|(?:上条|前条|刚才)(?:信息)?更正|更正)"
    r"|(?:行驶至|行至|途经|途径|驶至|行经|开到|运行至|驶入|位于|围堵|围攻|打砸|发现|撞上|撞击|触碰|地点在|地点|地址|发生于|发生在|事发|案发|(?<![现存所正])在(?!建)|(?<![由关等属对至])于)"
)
_STOP = re.compile(
    r"发生|发现|施工队|挖断|失稳|失控|跑路|漏(?=[氨氯油气酸苯液])|断网|停航|断航|取不出|不能|有(?=船|车|大量)|在下|停机|突发|爆发|出现|起火|着火|失火|燃起|着了|冒烟|冒出|爆炸|炸了|相撞|碰撞|追尾|刮擦|剐蹭|撞上|撞到|撞了|撞|翻车|侧翻|翻覆|坠落|坠入|坠楼|坠江|坠|坍塌|倒塌|垮塌|塌方|塌陷|塌了|塌|崩塌|滑坡|泄漏|泄露|漏气|漏油|被淹|进水|淹|溺水|落水|触电|中毒|遭遇|遭受|遭|遇|受(?=[灾伤损困害惊阻淹袭影台强暴降洪雨冻旱热污爆])|被|有人|有(?=\d|[一二两三多几数])|因|由于|突降|连续|持续|大火|地震|火灾|车祸|事故|暴雨|山体滑坡|泥石流|停电|停水|聚集|打架|斗殴|持刀|砍人|转移|疏散|撤离|电梯|水位|农民工|工人|燃气|异常|超标|浓度|水面|浒苔|赤潮|业主|储户|家长(?!里)|司机|旅客|乘客|病人|患者|游客(?!中心)|食盐|抢购|输油|输气|破裂|断裂|爆裂|爆管|脱轨|脱线|举横幅|举着|集会|游行|水体|呈|左发|死亡|受伤|冻雨|冰雹|龙卷风|大风(?!车)|暴雪|洪水|泥石流|路外|骑行|游玩|登岸|搬|清理|拆除|装修(?!店|公司|材料)|挖出|挖断|上访|静坐|罢运|停运|走散|脱逃|劫持|挟持|行凶|捅|沟槽|浇筑|接受|各大|多个|多地|各地|多处|一名罪犯|两拨|两伙|出工|遇险|失火|连日|近日|施工时|增至|累计|\d+个|共(?=转|疏|出)|[东西南北]部(?=\d)|一辆|一名|一位|一艘|一条|一只|两辆|多辆|\d+辆|\d+名|\d+艘|两车|三车|\d车|搁浅|沉没|失踪|走失|食物|部分|多名|群众|(?<=[^名])学生|村民(?!小组|委)|居民(?!楼|区|委|小|住|自建|房|点)|游客(?!中心)|工人(?!新村|路|文化)"
    r"|(?:已|正在|正|目前|造成|导致|致|开始|全部|无|没有|组织|的一起|时|火势|(?<!施工)(?<!作业)现场|将|启动|震感|里氏|明火|进行|举行|召开|调查|救援|附近海域有|施工(?=时|中|过程))"
)
_LEAD = re.compile(
    r"(?:在(?!建)|关于|位于|于|从|沿|由|我|该|的|当地|,|、|市民(?!广场|中心|公园)|刚才|刚刚|现(?!场)|今|又|日|内(?!蒙)|一(?=[^\d]{0,2}(?:路|区|村))|左右|许|一起|起|向|往|经|发生|和|与|及|我们这里?的?|我们|咱们?|俺们?|阿拉|我哋|这里?|那里?|那边|是|好像|可能|听说|有|个|人|区域|发现|看到|听说|进入|前往|来到)+(?=.)"
)
# characters that end a place as words of their own, and begin names of roads
_IN_NAMES = frozenset("正将致时因无遇遭共")
# characters that lead to a place behind other words, and begin a name where nothing stands before them
_NAMES_BEGIN = frozenset("和与及许日人一往向那于")
_OPENINGS = frozenset({"", *",。;:!?\n(["})
_ROAD_NAME = re.compile(
    r"(?![全各本该此两几多])[\u4e00-\u9fff]{1,2}(?:村(?![民里上])|社区|屯|寨|镇(?![民上])|[东西南北中]?[一二三四五六七八九支]?路|大?街|大道|广场|小区|花园)"
)
_SIGNATURE = 20  # code points of a last clause that may name who writes, or where
_LEAST = -3.4  # a stretch worth less is no place: 主要为高空坠物
# words behind which the name of a division opens a place: 引发筠连县…, 有罐车向叶县…
_LED_BY = re.compile(
    r"(?:(?<!方)向|接|引发|触碰|触损|撞上|进入|袭击|波及|影响|造成|致使|导致|抵达|[今昨][早晚晨夜日天]|[上中下][午]|凌晨|的|打砸|围堵|围攻|冲击|返航|备降|迫降|受|对|给|把|将|有|使)$"
)
# what tells a story, not a place, before the name of a division: 一架客机起飞后返航|揭阳潮汕机场
_STORY = re.compile(
    r"(?:\d|[一二两三四五六七八九十])+余?(?:名|辆|架|艘|个|位|条|台|只|人|起|车|家)|[后时被将把因已正着了过并为使让请]|发生|组织|结伴|驾驶|乘坐|前往|途中"
)
_NO_PLACE = re.compile(
    r"(?:约|近|共|有)?(?:\d+|[一二两三四五六七八九十百千]{1,3})(?:余|多)?(?:条|名|人|个(?!村)|辆|台|家|栋|间|户|艘|处|千伏|头|只)"
    r"|涉事|主要|秩序|抓获|进入|清理|抢险|承诺|恢复|组织|指导|协调|调派|伤者|死者|嫌疑|焚烧|打砸|反对|抗议|要求|镇上|村上|乡上|街上|路上|县里|市里|镇里|村里|省里|区里|们|还|各|每|几|[上成][百千万]|来自|副?[省市县区镇州][长委]|想|咨询|下长坡|下坡|转弯|超车|倒车"
)
_FOREIGN = re.compile(_COUNTRIES)
_DATELINE = re.compile(
    r"^[^。,!?]{0,12}?(?:新华|中新|中国网|人民网|中广|央视|光明|本报|快报|晚报|日报|晨报|早报|商报|时报|都市报|新闻网|在线|网讯|社讯|报讯|电台|国际在线|快讯)[^。,!?]{0,24}?(?:电(?=[\d\u4e00-\u9fff(])|讯|消息|报道|信息)[::]?(?:[(][^)]{0,40}[)])?"
)
_SOURCE = re.compile(r"[^,。;]{0,10}(?:获悉|了解到|宣传部|新闻办|官方网站|通报|消息|网站|介绍)")
_NAME = re.compile(
    r"(?!其中|洪涝|灾害|这|那|他|她|我|你|有|没|是|不|又|再|正|已|还|请|快|好|老|火|雨|风|死|伤|救|听|怀疑|估计|目前|现场|消防|公安|应急)[\u4e00-\u9fff]{3,14}"
)
_REPORTER = re.compile(
    r"(?:政府|应急局?|应急管理局|消防|公安|分局|派出所|疾控|卫健|街道办?|镇|乡|区|县|市|州|局|委|办|队|中心|村|社区|指挥部|台网?)?(?:续报|终报|首报|初报|更新|快报|续抱|报告|通报|报)[0-9一二三四五六]*[:,]|(?:政府|应急局?|应急管理局|消防|公安|分局|派出所|疾控|卫健|局|委|办|队|中心|村委|指挥部|台网?)[:,]|[0-9一二三四五六]*:(?!\d)|(?:应急|消防|公安|交警|分局|防指|疾控|续报|终报|更新|卫健|官方|发布|网警)"
)
_SENDER = re.compile(r"(?:^|[,。:])(?:我|我们|俺|这里|这边|这)?是$")
_SPECIFIC = re.compile(
    r"村|路|街|号|厂|公司|楼|小区|桥|隧道|站|学校|小学|中学|幼儿园|医院|酒店|公里|[Kk]\d|仓库|工地|矿|海域|水库|河|大厦|商场|市场|国道|高速|省道|店|社区|镇|乡|街道|组|公园|码头"
)


# places that every text may have and that name none
_NAMELESS = re.compile(
    r"(?:[上下]游|水厂|厂|矿|店|库|院|校|线路|接触网|电网|交通|厂区|大厅|沟|泵站|路口|现场|楼|门|火线|水库|沙滩|公交车|教堂|家|屋|医院|学校|工地|车间|村|路|路面|河|河面|江面|桥|井|山|附近|周边|区间|酒店|大坝|大桥|公园|码头|隧道|地下车库|小区|水沟|田|船|车|池|池塘|田坎|龙门|待渡车|岸|海面|哪)"
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
        return not any(h.end == hit.start - 1 for h in hits) and "方向" not in plain[hit.end : hit.end + 3]
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
        r"出来|自己|暂未|没人|还$|井下还|[了着](?=.)|不对|送医|当局|下令|过程中|所乘坐|庆祝|通报|跑路|物资|强降雨|首页|模拟|假设|系统|突然|多数",
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
