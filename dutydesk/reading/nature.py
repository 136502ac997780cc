"""Is it a report at all, and is it a drill. Words only; no figures.

A drill word decides nothing: it is a proposal that the desk checks against its open drills. It must never turn a text
that tells of harm into an advertisement or a greeting.
"""

import re
from dataclasses import dataclass

from dutydesk.domain.readings import Nature
from dutydesk.reading import evidence, stage
from dutydesk.reading.text import Text

_DRILL = re.compile(
    r"演练|演习|模拟(?:发生|场景|假设)|桌面推演|拉动(?:训练|测试)|假想|假设(?:发生|在)|(?:^|[(\[])(?:练习|训练|测试|模拟)[)\]:]"
)
_NOT_DRILL = re.compile(
    r"(?:非|不是|并非|不属于|不系|非属)[^,。]{0,3}(?:演练|演习)|(?:演练|演习)(?:中|时|期间|过程中?|结束后?|刚结束)[^。]{0,14}(?:发生|突发|受伤|死亡|起火|晕倒|真)|真实[^,。]{0,4}[,。]?[^,。]{0,4}非演|真的?[^,。]{0,3}不是演|真出(?:了)?事|真的出(?:了)?事"
)
_RUMOUR = re.compile(
    r"(?<!并)(?<!及)(?<!时)辟谣|(?:编造|捏造|散布|散播)[^。]{0,50}(?:谣言|虚假|不实)|[系为是属](?:谣言|谣传|虚假)|造谣者?(?:已|被)|不实信息|纯属虚构|系旧闻|发布者已被|谣言已"
    r"|(?:网传|流传)[^。]{0,6}(?:图片|视频|照片|截图|消息|信息)[^。]{0,6}(?:为|系|是|并?非)(?:外地|异地|旧|假|往年|他地|摆拍|合成|[去前]年|本)"
)
# what was looked into and found to be nothing
_CLEARED = re.compile(
    r"虚惊一场|一场虚惊|现场[^。,]{0,6}(?:无|未发现|没有)(?:火情|明火|险情|异常|火灾)(?!.*(?:但|伤|亡))"
)
# what somebody told, looked into and found to be nothing
_FALSE_TALE = re.compile(
    r"(?:网传|网上|网[友民]|有人|传言|群里|帖文?|视频|消息|图片|爆料|反映)[^。]{2,70}(?:经(?:核|查|了解|调查)|核[实查])[^。]{0,4}?"
    r"(?:[^。]{0,8}(?:不属实|不实(?!际)|不存在|无此[事情类]|未(?:发生|发现|接到)|没有(?:发生|接到)|并[未无非])|,?(?:我|本|全|辖)?[区市县镇校](?:域|境)?内?(?:并?无|没有)(?![人伤明])"
    r"|,?(?:实际)?[系为是][^。,]{0,16}(?:正常|误|旧|谣|排气|蒸[汽气]|检修|施工|试[压验车机]|测试|外地|异地|往年|[去前]年|拍摄|演[练习]|恶作剧))"
)
_MAYBE_RUMOUR = re.compile(
    r"谣言|传言不实|不属实|虚假信息|造谣|旧闻|并未发生|没有发生此|经核实[^。]{0,12}(?:无此事|不存在|没有此|未发生)|网传[^。]{0,40}(?:不实|假的|未发生)|虚惊一场|报假警|谎报警情|烟感误报|误触|系误报|为误报|是误报|误报警|虚警|并非火灾|不是火灾|是假的|不要信|别信"
)
_ADVERT = re.compile(
    r"退订|回[TNtd]+|[一二三四五六七八九]折|票价|上映|档期|大片|全场|电话咨询|详询|客服(?!全不|都不|不在|失联|没人)|保费|身故|(?<!运价太)低价|保真|取件码|五险|代办|拒收请回|优惠|促销|特价|打折|\d折|贷款|低息|额度|秒到账|红包|领取|抽奖|中奖|开业|盛大|新品|会员|积分|加微信|点击链接|http|www\.|办证|发票|楼盘(?!停工|烂尾|业主|项目|逾期)|首付|购房(?!人|者|户|业主|款)|抢购|便宜|上门|专业|团购|大酬宾|满\d+减|速来抢|欲购|只要\d|立减|满减|包邮|理财|收益率|免费试|招聘|月薪|话费|流量包"
)
_NOTICE = re.compile(
    r"请(?:各|于|务必|准时|按时|将|参加|做好|尽快|及时|认真|大家|注意|加强|你|贵|立即(?:组织|开展|报送))|关于.{2,40}的(?:通知|通报|函|请示)|会议|培训|召开|报送(?:至|材料|表)|学习|部署|检查|排查|值班表|值班安排|视频会|填报|截止日期|工作要点|定于|拟于|将于|计划(?:停|于)|印发|传达|活动|自查|督查|放假|调休|例行|周报|月报|总结|宣传|应急预案|提醒"
)
_TIP = re.compile(
    r"(?:色|象|发布|雷电|暴雨|大风|高温|台风|寒潮|大雾|山洪|灾害|火险|等级)[^。,]{0,6}预警|预警(?:信号|信息)|天气预报|气象台|预计(?:今|明|未来|受|夜|\d+(?:[日月]|时至|[~-]))|未来\d+(?:小时|天)|请注意(?:防范|安全|防)|注意防范|温馨提示|阵风\d|局部有|(?:明显|大幅|剧烈)降温|蓝色预警|黄色预警|橙色预警|红色预警|气温|多云|小雨|风力|森林火险(?:等级|气象)"
)
_QUESTION = re.compile(
    r"(?:新闻(?:联播)?|电视上?|网上)说[^。]{0,16}\?$|哪里有|什么时候到账|请问|咨询|想问|问下|问一下|打听|啥时候|什么时候|怎么(?:办理|登记|申请|领|赔)|去哪(?:里|儿)?(?:登记|办|领|交)|麻烦(?:您|你)?(?:签|给|帮|查|发)|报销|[吗么呢][?]?$"
)
_PAST = re.compile(
    r"全年|较上年|同比|环比|去年(?:全|共|[\d一二三四五六七八九十]+月)|上半年|下半年|季度|调查报告|追究|年度|历年|近年来?|纪念|回顾|警示教育|案例|判决|宣判|被判|公诉|开庭|立案|先进|表彰|荣立|荣获|称号|立功|嘉奖|[一二三]等功|默哀|今年以来|查处|见义勇为|凯旋|捐款|挂牌督办|举一反三|引以为戒|被约谈|去年(?:今日|今天|我)|[一二三四五六七八九十]年前|导则|复产验收|死亡\d+人以上|被困\d+人以上"
)
# the past as a lesson or a sum, plain enough to outweigh the dead that it counts
_HISTORY = re.compile(
    r"吸取教训|上月[^。]{0,8}(?:事故|通报)|事故通报学习|同比|环比|一审|宣判|被告人|被判处|挂牌督办|引以为戒|被约谈|去年[^。]{0,16}(?:发生|火灾|事故)[^。]{0,8}起|去年今[日天]|(?:共|累计)?发生[^,。]{0,10}\d{2,}起|今年以来[^。]{0,20}\d+起|年度[^。]{0,12}发生|调查报告|[二三四五六七八九十]年前的今天|[\d一二三四五六七八九十]周年|默哀|历年|凯旋|表彰|捐款"
)
# long past, told as a story or as history
_LONG_AGO = re.compile(
    r"(?<!\d)1[89]\d\d年|[四五六七八九]十年代|据(?:史料|记载|史载)|年轻(?:时|的时候)|小时候|当年|(?:[一二三四五六七八九十]{1,3}|(?<!\d)\d{1,3})年前的今天|(?<!\d)\d{1,3}周年"
)
# a day on which something is remembered
_JUBILEE = re.compile(
    r"年前的今天|[一二三四五六七八九十\d]周年|[一二两三四五六七八九十\d]年(?:过去|后的今天|来,)|今天是第.{1,4}个|(?:公祭|纪念|悼念)(?:日|仪式|活动)|铭记历史|缅怀|逝者安息|祭日|忌日|寄托哀思"
)
# how one should act if it ever came to it
_ADVICE = re.compile(
    r"遇有|凡(?:发生|遇)|必须[^。]{0,16}报告|请勿|切勿|严禁|如遇|若遇|若发生|一旦发生|谨防|猛于虎|高发(?:季|期)|不要惊慌|请勿恐慌|怎么逃生|该?怎么办|如何(?:逃生|避险|自救)|教您|做好(?:防范|消毒|预防|转移准备)|必须牢记|请牢记|(?:提示|提醒)[:,]|已有\d*[^,。]{0,4}被骗|都是诈骗"
)
_DENIAL = re.compile(
    r"请(?:大家|广大市民|市民|群众)?(?:放心|勿(?:传播|信|恐慌|轻信))|火警误报|^误报|系(?:施工|正常|谣言|旧闻|拆除)|无此事|实为普通|传言不属实|勿信谣|虚警|没有起火|无险情"
)
_PLANNED = re.compile(
    r"例行|为(?:做好|确保|保障)[^,。]{0,16}(?:保障|工作|安全)|因[^,。]{0,16}(?:改造|检修|维护|迁改|切割|切改|施工|清洗|维修)[^。]{0,40}(?:停水|停电|停气|停暖|封闭|管制|绕行|停供)|(?:检修|维护|施工|改造)[^。]{0,20}停[水电气暖]|请转告|计划停|(?:停[水电气暖]|供[水电气热])(?:通知|公告|预告)|将(?:于|对|停|在)|拟于|定于"
)
_ALARM = re.compile(
    r"求救|救命|速来|快来|快派|请求(?:支援|特警|增援|救援|派|直升)|报警|警戒|已封|封路|封闭|抢修|抢险|救援|搜救|没救过来|没气|抬出来|人命|血糊|出事|紧急(?!通知)|冒烟|味(?:道)?(?:很|呛|冲|刺|大)|刺鼻|呛人|着了|塌|堵了|围了|打起来|闹|恢复(?:供|通)|续报|终报|首报|初报|断了|不见了|死了|翻白|冒|淹|漏|受伤|伤了|砸"
)
# what has gone wrong, told by its result: a verb of harm with a complement, or a state that should not be
_PLIGHT = re.compile(
    r"(?:绞|扯|栽|顶|磕|蹿|窜|烂|鼓|拖|喷|塌|垮|倒|断|裂|炸|爆|烧|着|冒|漏|淹|冲|埋|压|砸|撞|翻|沉|坠|摔|夹|卡|卷|咬|踩|轧|碾|刮|掀|劈|冻|旱|熏|呛|蛰|蜇|泡|堵|围|困|搁|挤|拦|砍|捅|抢|偷|劫|绑|溜|滑|掉|灌|溃|崩|打|吹|挖|陷|失|毒|烫|电|闷|停|瘫|锁|关)"
    r"(?:上了|掉了|进去|一片|一大片|不起来|死|伤|断|坏|毁|垮|倒|塌|翻|沉|没|住|穿|破|走|下来|下去|出来|起来|开了|进[水来]|成一?片|成冰|满|晕|昏|着了|烂|飞|歪|灵|稳|控|衡)了?"
    r"|浮上来|捞出来|没了(?=生命|呼吸|心跳|[,。]|$)|没回家|联系不[上到]|走丢|走失|迷路|变成?了?[^,。]{0,3}[黑红黄白绿蓝]色?|出事|歪了|快(?:倒|塌|断|掉)了|没法(?:走|过|喝|住)|过不[去来]|停课|停工|抢险|进不去|没(?:回来|动静|上来|出来|下来|消息|反应|呼吸|心跳|意识|知觉|音讯|刨出|联系|气了)|找不[到见着]|不见了?(?=[,。]|$)|[动走出喘睁开打站停拉]不[了来去动上通开住清]|[取拿抽下上爬推拔敲撬喊叫止劝]不(?:出来?|下来?|上来?|过来|醒|应|答应|开|动|住|听)|全是血|没影了?|人看不到|不应[,。]?$|止不住|不(?:能|敢)(?:喝|动|走|通|出|下)|看不见|停在半|关机|下落|不省人事|昏(?:过去|迷|倒)|晕(?:倒|过去)|倒地|抽搐|口吐|流血|咳血"
    r"|(?:聚|围|堵|坐|躺|跪|挤|举|拉|喊|扔|困|卡|冻|泡|埋|压|关|排)(?:在|着|满|了)(?!线)|推搡|打交|口号|扬言|起哄|求救|求援|洗胃|送医|住院|高烧|头晕|发麻|隔离|密接|疑似|检出|复燃|漂(?:满|走|航|着)|失灵|失控|失稳|断流|断供|停航|停摆|停产|排爆|搜捕|打捞|封堵|扑火|打火|脱落|绝收|打光|受灾|塌陷|管涌|渗水|打滑|滞留|臭|刺鼻|怪味|油味|航弹"
)
_SHORT = 80  # code points of a message of the street
_MESSAGE = 100  # code points up to which the second opinion may overrule: longer texts tell circumstances
# code points that make an opinion by themselves: a shorter text must also name something that the rules know
_WORDS = 24
_NO_REPORT, _A_REPORT, _A_TOLD_REPORT = -0.7, 1.5, 1.0  # log odds; the last when a cause or harm is found
_PLAINLY = 3.0  # a score from which a kind of quiet text is named
# in a short text: people and things of which something bad is said without any name for it
_BEINGS = re.compile(
    r"(?:人|娃|孩|老[头汉伯爷奶太]|大[爷妈娘]|司机|工友|小[伙王李张刘]|兄弟|两口|一家|学生|妈|爸|爹|女的|男的|哥|姐|邻居)[^。]{0,10}"
    r"(?:不动|没?[人]?应$|不应|不醒|趴|晕|哭|在喊|大喊|喘不|卡着|吓|没影|没上来|没下来|不认人|叫不|断了|流血|血|发抖|打滚|栽|没气|起不来|站不|走不出|逃|没跑|没了|被?[^。,]{0,4}[拉拖绑扣带]走)"
    r"|(?:好多|几十|几百|上百|一地|一堆)[^。,]{0,3}人[^。]{0,6}(?:躺|哭|跑|踩|倒|围|堵|病|吐)|都在(?:跑|哭|喊|吐|逃)|没人应|敲不开|喊救"
)
_THINGS = re.compile(
    r"(?:墙|楼|房|屋|路|桥|山|坡|坝|堤|车|船|电梯|水|烟|火|气|管|塔|树|线|机器|棚|窗|厂|井|罐|桶|锅炉|地上?|街)[^。,]{0,6}"
    r"(?:裂|歪|斜|塌|塌了|倒了|断了|冒|往里灌|漏|灌|喷|窜|淹|滚下|炸|晃得|漂|发[红黑臭]|变[红黑臭色]|瘫|红通通|通红|打转|全没|落下去|在走|斜了|压趴|压扁|烧|着了|顶开|掀|飞了|碎|陷)"
    r"|(?:水|味|气|烟|电脑|机器|泵|系统)[^。,]{0,10}(?:飘油|冲得|柴油味|汽油味|一股|自己停|乱码|锁了|呛)|嘶嘶|吱吱|哗哗|地动|不敢(?:开灯|开火|睡|进|出门|喝)|全瘫|瘫了|像瀑布|一片[黑红白火]|忽上忽下|砸了|咔咔|轰隆|滋滋|呼呼"
)
# a state that is as it should be
_NORMAL = re.compile(
    r"(?:水位|运行|秩序|生产|供应|一切|生命体征|各项指标)(?:均|都|总体|基本)?(?:平稳|正常)|无灾情|无险情|未发现异常|不用出警|无需出警|自行协商|协商(?:走|解决)了|(?:都|全)好着|好着呢|没啥(?:事|问题|异常)|低于(?:汛限|警戒)|水质(?:检测)?合格|已复位|无需(?:恐慌|担心)"
)
# words of worlds that are not the desk's: sport, stage, stock exchange, ceremony, courts
_ELSEWHERE = re.compile(
    r"比赛|联赛|球队|球员|球迷|[主客]场|冠军|决赛|季后赛|揭幕战|赛季|教练|主帅|进球|锦标赛|公开赛|世界杯|[男女][篮排足]|中超|英超|西甲|意甲|CBA|NBA|比分|击败|战胜|险胜|夺冠|晋级|首发|转会|退役|选手|竞赛|承办|同台"
    r"|娱乐圈|明星|粉丝|演员|导演|歌手|主演|主持人|综艺|电影|电视剧|动画片|灾难片|票房|恋情|离婚|结婚|婚礼|庆生|出轨|热搜|网友们|微博发|偶像|女星|男星|影后|影帝"
    r"|股[价份票市]|涨停|跌停|收盘|开盘|A股|沪指|[深创]成?指|大盘|北向资金|个股|两市|期货|基点|逆回购|上市公司|营收|净利|融资|收购|董事会|董事长|股东|财报|板块|市值|基金公司|裁员|挂牌价|亿美元|亿欧元"
    r"|开幕|闭幕|峰会|论坛|博览会|会见|访问|签署|典礼|颁奖|获奖|大会|享年|院士|逝世|辞职|任职|约谈|发布会|新机|旗舰|售价|召回|车型|配置|上线|新品"
    r"|均价|房源|楼市|买房|万起|学区|民宿|旅游|游园|景点|打卡地|风景|星座|喜获|喜迁|脱贫|致富|贫困户|招工|最美|豪砸|奇遇"
    r"|一审|二审|法院|检察院|公诉|受贿|贪污|判处|被告|有期徒刑|荣立|[一二三]等功|捐赠|捐助|募捐|慰问|概算|预算|评审|一封信|采访|征文|纪录片|播出|收看|今日话题|保命|宣告|公告|理赔|定损"
)
_GREETING = re.compile(
    r"新年快乐|节日快乐|中秋快乐|国庆快乐|生日快乐|恭祝|祝(?:您|你|大家|各位|领导)|辛苦了|您好$|你好$|^(?:你好|您好|在吗|早上好|晚上好|下午好|早|谢谢|多谢|感谢|哈哈|嗯+|晚安|收到谢谢)[!。,~]*(?:在吗|谢谢)?[?!。]*$|早安|端午安康|恭喜"
)
_ANSWER = re.compile(
    r"^(?:\[[^\]]{1,12}\])?(?:(?:已?收到|收悉|明白|知道了|已阅|已?知悉|遵命|没问题|马上(?:办|去|核实|落实)|正在核实|立即落实|已转达|已落实|已安排|签收|确认收到"
    r"|回执|已传达|已通知|照办|同意|无补充|暂无补充|没有新情况)|(?:好的?|了解|是的?|1|行|可以|OK|ok|Ok|嗯)(?=$|[。,!~]))"
)
_SAFE = re.compile(
    r"未(?:接到|收到)[^,。]{0,6}(?:突发|险情|灾情|异常)|社会面(?:平稳|稳定)|一切正常|无异常|平安无事|零报告|无(?:突发|重大|特殊)(?:事件|情况)|没有(?:突发|异常)|未发生(?:突发|安全|任何|各类|重大)|值班正常|情况正常|报平安|(?:已|都|均|全部)(?:安全)?(?:进港|回港|返港|靠港|进[^,。]{1,6}避风|抵港)|平安(?=(?:抵|返|到|归)|[,。!]|$)"
)


def is_drill(text: Text) -> bool:
    """Whether the text reads as practice: 演练 and its kin, unless it says that it is none."""
    if not _DRILL.search(text.plain) or _NOT_DRILL.search(text.plain):
        return False
    return _marked(text.plain) or len(text.plain) < 400


def _marked(plain: str) -> bool:
    return bool(re.match(r".{0,16}(?:演练|演习|模拟)", plain))


@dataclass(frozen=True, slots=True)
class Signs:
    """What the other parts found, as far as it tells a report from other texts."""

    happening: float = 0.0
    harm: bool = False
    moved: bool = False
    placed: bool = False
    known: bool = False
    clock: bool = False
    timed: bool = False
    denied: bool = False
    drill: bool = False
    planned: bool = False
    happened: bool = False
    old: bool = False
    opinion: float = 0.0


def nature(text: Text, signs: Signs) -> Nature:
    """The kind of text: the signs of a report against those of every other kind; doubt is `unsure`."""
    plain = text.plain
    if not plain.strip():
        return "unsure"
    if signs.drill:
        return (
            "notice"
            if (_DRILL_SUMMARY.search(plain) and not _DRILL_HEAD.match(plain))
            or (
                (_FUTURE.search(plain) or _ABOUT_DRILL.search(plain))
                and not signs.harm
                and not _DRILL_HEAD.match(plain)
            )
            else "drill"
        )
    if _FALSE_TALE.search(plain[:300]) or (_CLEARED.search(plain[:300]) and not signs.harm):
        return "rumour_denied"
    rumour = bool(_RUMOUR.search(plain[:300]))
    weight = evidence.weigh(plain, _facts(plain, signs, rumour=rumour), signs.happening)
    if rumour and weight <= evidence.CERTAIN:
        return "rumour_denied"
    return _agreed(plain, signs, _by_rules(plain, signs, weight))


def _by_rules(plain: str, signs: Signs, weight: float) -> Nature:
    """What the words and facts say, before the second opinion is asked."""
    if (_LONG_AGO.search(plain[:60]) and not signs.timed) or (_JUBILEE.search(plain[:160]) and not signs.happened):
        return "notice"
    return "report" if weight > evidence.CERTAIN else _by_words(plain, signs, weight)


def _agreed(plain: str, signs: Signs, said: Nature) -> Nature:
    """The second opinion overrules where it is sure, the text is a message, and nothing firm stands against it."""
    if len(plain) > _MESSAGE:
        return said
    if said == "report":
        return "unsure" if signs.opinion < _NO_REPORT and not (signs.happened and signs.harm) else said
    if len(plain) < _WORDS and not _names_something(signs):
        return said
    quiet = max(_quiet_scores(plain, signs).values())
    told = signs.happening > 0 or signs.harm or signs.moved
    return "report" if signs.opinion > (_A_TOLD_REPORT if told else _A_REPORT) and quiet <= 0 else said


def _names_something(signs: Signs) -> bool:
    return signs.happening > 0 or signs.harm or signs.moved or signs.placed or signs.known or signs.denied


def _by_words(plain: str, signs: Signs, weight: float) -> Nature:
    """The signs of a report against the strongest other kind; what all words together speak against is no report."""
    report = _report_score(plain, signs)
    scores = _quiet_scores(plain, signs)
    scores["notice"] += 3.0 * (signs.planned and not signs.timed and not signs.harm)
    quiet, score = max(scores.items(), key=lambda found: found[1])
    if score <= 0 and len(plain) < _SHORT:
        report += 1.0 * bool(_BEINGS.search(plain)) + 1.0 * bool(_THINGS.search(plain))
    if score > 0 and score >= report:
        return quiet
    told = signs.known or signs.harm or signs.moved or signs.denied
    doubt = evidence.DOUBT_PLACED if told else evidence.DOUBT
    if weight < doubt and not (signs.happened and signs.harm):
        return quiet if score >= _PLAINLY else "unsure"
    return "report" if report >= (1.5 if score <= 0 else 2.5) else "unsure"


def _facts(plain: str, signs: Signs, *, rumour: bool) -> dict[str, float]:
    """What evidence weighs beside its own words: the facts of the other parts and the families of words of this one."""
    short = len(plain) < _SHORT
    head = plain[:240]
    return {
        "harm": signs.harm, "moved": signs.moved, "denied": signs.denied, "placed": signs.placed, "known": signs.known,
        "clock": signs.clock, "happened": signs.happened, "planned": signs.planned, "rumour": rumour, "old": signs.old,
        "strong_notice": min(2, len(set(_STRONG_NOTICE.findall(head)))) / 2,
        "chatter": bool(_CHATTER.search(head)), "question": bool(_QUESTION.search(head)),
        "office": bool(_OFFICE.search(plain[:70])), "elsewhere": min(4, len(set(_ELSEWHERE.findall(head)))) / 4,
        "maybe_rumour": bool(_MAYBE_RUMOUR.search(head)),
        "beings": short and bool(_BEINGS.search(plain)), "things": short and bool(_THINGS.search(plain)),
        "alarm": min(3, len(set(_ALARM.findall(plain[:300])))) / 3,
        "plight": min(3, len(set(_PLIGHT.findall(plain[:300])))) / 3,
        "follows": stage.follows(plain),
        "over": bool(stage.OVER.search(plain)),
    }  # fmt: skip


def _report_score(plain: str, signs: Signs) -> float:
    score = (
        (3.0 if signs.happening >= 12 else 2.0 if signs.happening > 0 else 0.0)
        + 2.0 * signs.harm
        + 1.0 * signs.moved
        + 1.5 * signs.denied
        + 4.0 * signs.happened
        + min(2.0, 1.0 * len(set(_ALARM.findall(plain[:300]))))
        + 1.0 * min(2, len(set(_PLIGHT.findall(plain[:300]))))
    )
    if score == 0.0 and (len(plain) > 45 or _ELSEWHERE.search(plain)):
        return 0.0  # a place and a time: a match, a fair, a wedding
    score += 1.0 * signs.placed + 0.7 * signs.timed + 1.5 * (len(plain) >= 140 and signs.happening >= 14)
    return score + (0.7 if _HAPPENED.search(plain) else 0.0)


def _quiet_scores(plain: str, signs: Signs) -> dict[Nature, float]:
    """How strongly the text looks like each other kind; a long text has such words by chance."""
    head, opening = plain[:240], plain[:70]
    short = len(plain) < 60
    timed, hurt = signs.timed, signs.timed and signs.harm
    return {
        "rumour_denied": max(4.8 * bool(_MAYBE_RUMOUR.search(head)), 6.5 * bool(_DENIAL.search(head))),
        "advertisement": 3.0 * len(set(_ADVERT.findall(head))),
        "notice": 3.0 * min(2, len(set(_STRONG_NOTICE.findall(head)))) * (1.0 if len(plain) < 140 else 0.4)
        + 1.6 * len(set(_NOTICE.findall(head))) * (1.0 if len(plain) < 140 else 0.6)
        + 3.0 * bool(_CITIZEN.search(head)) + 3.0 * bool(_FUTURE.search(head)) + 5.0 * bool(_CHATTER.search(head)) * short
        + 4.0 * bool(_QUESTION.search(head)) + 5.5 * bool(_PAST.search(plain[:140]))
        + 6.0 * bool(_PLANNED.search(head)) + 4.0 * bool(_SAFE.search(head)) + 5.0 * bool(_NORMAL.search(head)) * (len(plain) < 80)
        + 8.0 * signs.old
        + (2.5 if timed else 5.5) * bool(_HISTORY.search(plain[:140])) + 3.5 * min(2, len(_ADVICE.findall(head)))
        + (2.0 if hurt else 6.0) * bool(_OFFICE.search(opening)) + 9.0 * bool(_SUM_OF_A_YEAR.search(opening))
        + 3.0 * bool(_FAMILY.search(opening)) * (signs.happening < 12)
        + 1.5 * min(4, len(set(_ELSEWHERE.findall(head)))),
        "tip": (5.5 if _is_tip(head) else 0.0),
        "greeting": 4.5 if _GREETING.search(head) else 0.0,
        "answer": 4.0 if short and _ANSWER.match(plain) else 0.0,
    }  # fmt: skip


# the work of offices about events, and those who write or ask about them
_OFFICE = re.compile(
    r"作出[^。]{0,20}(?:处罚|决定)|发言人|答记者问|强烈谴责|慰问电|专家(?::|称)|责令|停产整顿|会议纪要|会议(?:听取|强调|要求|指出|研究|审议)|(?:组织|开展|举办|召开|举行)[^。]{0,30}(?:培训|会(?!议室)|活动|宣讲|讲座|整治|推演|约谈|座谈|竞赛|观摩|大比武|培训班)"
    r"|专题(?:培训|会)|结案|移送司法|移送检察|调查组(?:成员|组成)|成员调整|整改(?:情况|方案|台账|报告)|解读|读懂|征文|心得|观后|那一年|为什么|微信同号|理赔找|找我们|警示教育|典型事故"
    r"|^(?:您好|你好)?[,!。]?(?:请问|咨询|想问|打听|问一下)|补助标准|是多少[?。]?$|停[水电气暖](?:检修|改造|维护|施工)|讲述|的?故事|大赛|等奖|祝贺|同期|持平|较去年|再发一份|发我|督导|调研|竣工|奠基|揭牌|挂牌仪式|投入使用|印发|出台|修订|急救知识|招标|中标|隐患点|已全部落实|落实监测|监测责任人|(?:局|热线|部门|中心|物业)回复[:,]|您反映|末班车|首末班|免费(?:接种|发放|体检|检测)|传闻不实|纯属不实|经营正常|听说你们|还好吧|善后工作进行评估|公共?布[^。]{0,8}典型|隐患(?:综合)?(?:治理|整治)|[一二三]等功|台账|为期[^。]{0,4}(?:天|月)的|封闭施工|爆破拆除|不必惊慌|汇总模板|模板见|见附件|政策(?:问答|解答)|可以申请|测试信息|完成[^。]{0,8}测试|(?:拖车|搭电|换胎|维修|开锁)[^。]{0,12}服务|24小时服务|(?:能不能|可不可以|要不要|是不是要)[^。,]{0,12}[?]?$|(?:巡查|巡检|值班)(?:日报|日志|记录:今日)|未发现(?:险情|异常)"
    r"|^(?:[^,。:]{0,10}:)?(?:请|速|烦请|麻烦)(?:你[^,。]{0,4})?(?:速|尽快|立即|马上)?(?:核实|核查|查一下|了解)[^。]{0,60}(?:回复|反馈|上报|报结果|回电)|(?:动火|吊装|检维修|受限空间|临时用电|高处)[^,。]{0,4}作业[^,。]{0,4}(?:报备|票|许可|计划|申请|审批)"
    r"|请不要|(?:请|及时|立即|应|可|发现[^,。]{0,6})拨打1|(?:期间|时)[^。]{0,10}请勿|[一二三四五六七八九十\d]周年"
)
_SUM_OF_A_YEAR = re.compile(
    r"(?:前|1-|1至|1—)[\d一二三四五六七八九十]+个?月(?:份)?[,，]?[^。]{0,30}(?:起|下降|上升)|\d+起[^。]{0,30}(?:下降|上升|减少|增长)|(?:双|三|全面)下降|降幅|(?:上周|本周|上月|本月|当月|季度|年内)[^。]{0,20}(?:接报|发生|查处|处置|出警|受理)[^。]{0,14}\d+(?:起|次|件)"
)
_FAMILY = re.compile(r"老婆|老公|妈,|爸,|儿子|闺女")
_STRONG_NOTICE = re.compile(
    r"培训|讲座|宣传(?!部)|投诉|表扬|锦旗|感谢|邮箱|反馈意见|反诈|处置及时|通报表扬|通知[\])】:]|\[[^\]]{0,8}(?:通知|提示|宣传|公告|提醒)|提示[:,]|提醒(?:您|广大|大家|各)|缴费|验证码|快递(?:到|已|请|放|来)|取件|菜价|一斤|块钱|节目|堵车|堵成|堵死了|体检(?!查出|出|发现)|征兵|禁止|修订|征求意见|整改|回家吃|加班"
    r"|年会|接上级|转告|牢记|不轻信|人次|值班(?:表|安排|员名单)|轮值|(?<!保温)(?<!易燃)(?<!可燃)(?<!装修)(?<!建筑)(?<!装饰)材料|方案|台账|报名(?:截止|开始|时间|表)|考试(?:时间|安排|通知|科目)|选举|换届|评比|验收|督导|观摩|慰问|座谈|签到|打卡|工资条|会商|部署会|防范(?:措施|工作)|隐患(?:排查|整治|\d+处|[一二三四五六七八九十]+处)|应急预案|标书|概算|评审|治理费用|立项|可研|讲解|宣讲|走进(?:社区|校园|企业|农村)|教(?:居民|学生|群众|大家)|您(?:所)?反映的|个工作日|工单|捐赠|招标|采购|合同|推进|落实情况|购|涨价|(?:预|特|热|待|在|开|现房?出)售|售[价房楼]|招生|天气|请假(?!的)|变更为|通讯录|群文件|多少钱|几块|防溺水|家长书|暑假|寒假|安检(?:时间|通知|上门)|各网格员|巡查(?!发现|时|中|员|到|的)|入户|年检|维保|试鸣|公告|公示|温馨|科普|知识|小贴士|须知|倡议|承诺书|责任书|检查组|迎检|复工复产|爆破作业|绕行|交通管制|限行|接孩子|家长会|作业本|汇报材料|总结|考核|任命|退休|生日|婚礼|满月|(?<!人)聚会|旅游团报|房租|租房|二手|转让|\d块\d|便宜"
)
_DRILL_HEAD = re.compile(
    r"这是(?:一次)?演[习练]|[\[(]?(?:应急|实战|综合|消防)?(?:演练|演习|模拟)(?!结束|总结|通知|方案|完毕|圆满)[^。]{0,2}(?:[\]):,!]|演练(?!结束|总结|通知|方案|完毕|圆满)|信息)"
)
_CITIZEN = re.compile(
    r"打不着火|(?:半夜|深夜|夜里|通宵|每天晚上)[^。]{0,6}(?:施工|打桩|装修|放音乐|唱歌|跳舞|叫卖)|报修|路灯|井盖|噪音|扰民|停车位|违停|物业费|物业不管|油烟|占道经营|违建|开锁|钥匙|钱包|身份证|户口本|社保|医保|公积金|公交卡|猫丢|狗丢|找猫|找狗|垃圾分类|网购|退货"
    r"|拍摄|剧组|拍戏|取景|影视|焰火晚会|烟花秀|计划烧除|点烧|调试|试运行|试验|集训|比武|拉练|礼炮"
)
_DRILL_SUMMARY = re.compile(r"演[习练](?:总结|(?:已)?(?:圆满|顺利)?结束|题目|脚本|方案)|推演题目|拉动测试")
_ABOUT_DRILL = re.compile(
    r"(?:举行|开展|组织|举办|搞一次|参加|观摩)[^。]{0,14}(?:演练|演习)|达到预期|参演(?:单位|人员|队伍)|(?:开展|组织)[^。]{0,20}推演|(?:演练|演习)(?:圆满|顺利|总结|方案|脚本|经费|通知|评估|照片|简报|报名)|(?:演练|演习)用|(?:演练|演习)的(?:音像|资料|照片|总结|影像|视频|材料|记录)|(?:昨[天日]|前[天日]|上周|日前)[^,。]{0,8}(?:演练|演习)中?[,]|^通知"
)
_FUTURE = re.compile(
    r"明天|明日|明早|明晚|明后|后天|下周|下月|下个月|下午请|今晚请|近期将|拟|预计(?=[明下今])|届时|准备(?:开|召|组织)|之前报|前报(?:送|来)"
)
_CHATTER = re.compile(
    r"真热|真冷|好热|笑死|累死|想死|吵死|球赛(?:太|真|好)|球迷笑|油价(?!太高)|每升|请假(?!的)|梦见|做了?个?梦|刚?看完|早点[^。]{0,4}睡|不去(?:上学|幼儿园|上班)|热死|气死|饿死|急死|忙死|困死|爆满|真美|好美|真好|真堵|全勤|可高兴|有救了|炸药桶|别惹|灾难片|特效|[这那]部(?:片|电影|剧)|炸锅|火爆(?!燃|炸|裂)|爆款|心态|要命了|死心|死活|打死(?:也|都)|爆单|刷爆|哈哈|呵呵|亲们|宝子|一起吃|吃饭|打麻将|看电影|电影|电视剧|小说|游戏|比赛|进球|直播|演唱会|剧情"
)
_HAPPENED = re.compile(
    r"(?:发生|突发|出现|已|现场|正在|目前|接报|造成|报警|救援|扑救|着了|烧|塌了|赶往|处置|刚才|刚刚)"
)


def _is_tip(plain: str) -> bool:
    return bool(_TIP.search(plain)) and not re.search(
        r"(?:已|目前|共|初步统计|造成|导致)[^。]{0,12}(?:受灾|倒塌|被淹|转移|死亡|受伤|被困|受损|损失)", plain
    )


def _is_notice(plain: str) -> bool:
    found = len(_NOTICE.findall(plain))
    return found >= 2 or (found == 1 and not _HAPPENED.search(plain))
