"""Is it a report at all, is it a drill, which report of a row is it, is it whole. Words only; no figures.

A drill word decides nothing: it is a proposal that the desk checks against its open drills. It must never turn a text
that tells of harm into an advertisement or a greeting.
"""

import re
from dataclasses import dataclass

from dutydesk.domain.readings import Kind, Nature
from dutydesk.reading.text import Text

_DRILL = re.compile(
    r"演练|演习|模拟(?:发生|场景|假设)|桌面推演|拉动(?:训练|测试)|假想|假设(?:发生|在)|(?:^|[(\[])(?:练习|训练|测试|模拟)[)\]:]"
)
_NOT_DRILL = re.compile(
    r"(?:非|不是|并非|不属于|不系|非属)[^,。]{0,3}(?:演练|演习)|(?:演练|演习)(?:中|时|期间|过程中?|结束后?|刚结束)[^。]{0,14}(?:发生|突发|受伤|死亡|起火|晕倒|真)|真实[^,。]{0,4}[,。]?[^,。]{0,4}非演|真的?[^,。]{0,3}不是演"
)
_RUMOUR = re.compile(
    r"辟谣|[系为是属](?:谣言|谣传|虚假)|造谣者?(?:已|被)|不实信息|不信谣|传谣|纯属虚构|系旧闻|发布者已被|谣言已"
)
_MAYBE_RUMOUR = re.compile(
    r"谣言|谣传|传言不实|不属实|虚假信息|造谣|旧闻|并未发生|没有发生此|经核实[^。]{0,12}(?:无此事|不存在|没有此|未发生)|网传[^。]{0,40}(?:不实|假的|未发生)|虚惊一场|报假警|谎报警情|烟感误报|误触|系误报|为误报|是误报|误报警|虚警|并非火灾|不是火灾|是假的|不要信|别信"
)
_ADVERT = re.compile(
    r"退订|回[TNtd]+|拒收请回|优惠|促销|特价|打折|\d折|贷款|低息|额度|秒到账|红包|领取|抽奖|中奖|开业|盛大|新品|会员|积分|加微信|点击链接|http|www\.|办证|发票|楼盘|首付|购房|抢购|便宜|上门|专业|团购|大酬宾|满\d+减|速来抢|欲购|只要\d|立减|满减|包邮|理财|收益率|免费试|招聘|月薪|话费|流量包"
)
_NOTICE = re.compile(
    r"请(?:各|于|务必|准时|按时|将|参加|做好|尽快|及时|认真|大家|注意|加强|你|贵|立即(?:组织|开展|报送))|关于.{2,40}的(?:通知|通报|函|请示)|会议|培训|召开|报送(?:至|材料|表)|学习|部署|检查|排查|值班表|值班安排|视频会|填报|截止日期|工作要点|定于|拟于|将于|计划(?:停|于)|印发|传达|活动|自查|督查|放假|调休|例行|周报|月报|总结|宣传|应急预案|提醒"
)
_TIP = re.compile(
    r"预警|天气预报|气象台|预计(?:今|明|未来|受|夜|\d)|未来\d+(?:小时|天)|请注意(?:防范|安全|防)|注意防范|温馨提示|阵风\d|局部有|降温|蓝色预警|黄色预警|橙色预警|红色预警|气温|多云|小雨|风力|森林火险等级"
)
_QUESTION = re.compile(
    r"请问|咨询|想问|问下|问一下|打听|啥时候|什么时候|怎么(?:办理|登记|申请|领|赔)|去哪(?:里|儿)?(?:登记|办|领|交)|麻烦(?:您|你)?(?:签|给|帮|查|发)|报销|[吗么呢][?]?$"
)
_PAST = re.compile(
    r"全年|较上年|同比|环比|去年(?:全|共|[\d一二三四五六七八九十]+月)|上半年|下半年|季度|调查报告|追究|年度|历年|近年来?|纪念|回顾|警示教育|案例|判决|公诉|开庭|立案|先进|表彰|死亡\d+人以上|被困\d+人以上"
)
_PLANNED = re.compile(
    r"因[^,。]{0,16}(?:改造|检修|维护|迁改|切割|切改|施工|清洗|维修)[^。]{0,40}(?:停水|停电|停气|停暖|封闭|管制|绕行|停供)|计划停|(?:停[水电气暖]|供[水电气热])(?:通知|公告|预告)|将(?:于|对|停|在)|拟于|定于"
)
_ALARM = re.compile(
    r"求救|救命|速来|快来|快派|请求(?:支援|特警|增援|救援|派|直升)|报警|警戒|已封|封路|封闭|抢修|抢险|救援|搜救|没救过来|没气|抬出来|人命|血糊|出事|紧急(?!通知)|冒烟|味(?:道)?(?:很|呛|冲|刺|大)|刺鼻|呛人|着了|塌|堵了|围了|打起来|闹|恢复(?:供|通)|续报|终报|首报|初报|断了|不见了|死了|翻白|冒|淹|漏|受伤|伤了|砸"
)
_GREETING = re.compile(
    r"新年快乐|节日快乐|中秋快乐|国庆快乐|生日快乐|恭祝|祝(?:您|你|大家|各位|领导)|辛苦了|您好$|你好$|^(?:你好|您好|在吗|早上好|晚上好|下午好|早|谢谢|多谢|感谢|哈哈|嗯+|晚安|收到谢谢)[!。,~]*(?:在吗|谢谢)?[?!。]*$|早安|端午安康|恭喜"
)
_ANSWER = re.compile(
    r"^(?:\[[^\]]{1,12}\])?(?:(?:已?收到|收悉|明白|知道了|已阅|已?知悉|遵命|没问题|马上(?:办|去|核实|落实)|正在核实|立即落实|已转达|已落实|已安排|签收|确认收到"
    r"|回执|已传达|已通知|照办|同意|无补充|暂无补充|没有新情况)|(?:好的?|了解|是的?|1|行|可以|OK|ok|Ok|嗯)(?=$|[。,!~]))"
)
_SAFE = re.compile(
    r"一切正常|无异常|平安无事|零报告|无(?:突发|重大|特殊)(?:事件|情况)|没有(?:突发|异常)|未发生(?:突发|安全|任何|各类|重大)|值班正常|情况正常|平安"
)
_FOLLOW = re.compile(
    r"续报|后续报告|续情|续:|情况更新|最新(?:进展|情况|消息)|进展情况|更新[::]|补报|补充报告|再报|跟进|追加报告|(?:第[二三四五六七八九十]|[二三四五六七八九]|2|3|4|5)(?:次报告|报)|核报|更正"
)
_FINAL = re.compile(
    r"终报|结报|最终报告|(?:救援|处置|搜救|搜寻|抢险|扑救)(?:工作)?(?:已)?(?:全部)?(?:结束|完毕|终止)|处置完毕|全部处置|应急响应(?:已)?(?:终止|解除|结束)|事件(?:已)?(?:平息|处置结束|办结|处置完)|已全部恢复正常|善后(?:工作)?(?:已)?(?:完成|结束|处理完毕)|最终(?:确认|核定|统计)|搜救结束|后事处理完毕|现场已清理完毕"
)
_FIRST = re.compile(r"首报|初报|快报|速报|第一次报告|首次报告|突发事件报告")
_GROWN = re.compile(
    r"(?:升至|升到|增至|增加[至到]|上升[至到]|增为)|(?:又|再)(?:有|找到|发现|救出)[^,。]{0,3}\d|死亡人数(?:已)?(?:达到|更新)|刚才(?:报|说)的|前面(?:报|说)|上(?:一|次)(?:报|条)|接(?:上|前)[报条]|之前(?:报|说)的|原报|前报|改为|应为|更新为"
)
_OVER = re.compile(
    r"(?:全部|均|都|已)(?:被|已|安全)?(?:救出|获救|找到|落地|脱险|救起|升井|劝返|散去|离开|恢复)[^。\d]{0,4}(?:[,。]|$)|秩序(?:已)?恢复|恢复(?:正常|供电|供水|供气|供热|通车|畅通)|线路开通|已拖离|处置完|处理完毕|找到了|被困人员救出|(?:火|明火)(?:已)?(?:灭了|全部扑灭)[,。]?(?:是|无|没)|已平息|已解除|圆满结束"
)
_OPEN = re.compile(r"仍|还有|尚有|继续|正在|剩|失联\d|[1-9一二两三四五六七八九十]+人(?:失联|失踪|被困|下落不明)|个没了")
_GOING = re.compile(
    r"^(?:[^,。:]{0,12}[:,])?(?:截[至止到]|累计|续|接上|回复)|已控制住|控制住|火灭了|(?:火|火灾)[^。]{0,14}扑灭|已协商|累计(?:确诊|转移|报告|发现|病例)|经[^,。]{0,12}(?:确诊|检验|核实|检测|确认)|已搜救出|比刚才|续抱|(?:已)?(?:又|再)(?:救出|找到|发现|有)|失联的[^。]{0,10}找到|扩大|累计\d+[人例]"
)
_SETTLING = re.compile(
    r"查明|得到控制|基本控制|已扑灭|熄灭|新增(?:死亡|受伤|病例|确诊|感染|转移)|脱离危险|出院|抢通|确认(?:死亡|遇难)|找到\d|打捞(?:起|出)|搜救中|继续搜|再次|病情稳定|已封控|退水|水位下降|复燃"
)
_CORRECTION = re.compile(
    r"更正|应为|改为|修正|纠正|订正|误报|写错|报错|说错|核减|不是\d|打错|错了|有误|以此为准|核实后为|原报"
)
_CUT = re.compile(
    r"(?:[,、:(\[]|\.\.\.|…|造成|导致|目前|发生|其中|现场|位于|已|正在|的|和|与|在|约|共|受|死|请|有|因|一|被|无|未)$"
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
    timed: bool = False
    denied: bool = False
    drill: bool = False


def nature(text: Text, signs: Signs) -> Nature:
    """The kind of text: the signs of a report against those of every other kind; doubt is `unsure`."""
    plain = text.plain
    if not plain.strip():
        return "unsure"
    if signs.drill:
        return (
            "notice"
            if (_FUTURE.search(plain) or _ABOUT_DRILL.search(plain)) and not signs.harm and not _DRILL_HEAD.match(plain)
            else "drill"
        )
    if _RUMOUR.search(plain[:300]):
        return "rumour_denied"
    report = _report_score(plain, signs)
    quiet, score = max(_quiet_scores(plain).items(), key=lambda found: found[1])
    if score > 0 and score >= report:
        return quiet
    return "report" if report >= (1.7 if score <= 0 else 2.5) else "unsure"


def _report_score(plain: str, signs: Signs) -> float:
    score = (
        (3.0 if signs.happening >= 12 else 2.0 if signs.happening > 0 else 0.0)
        + 2.0 * signs.harm
        + 1.0 * signs.moved
        + 1.5 * signs.denied
    )
    score += 1.0 * signs.placed + 0.7 * signs.timed + min(2.0, 1.0 * len(set(_ALARM.findall(plain[:300]))))
    return score + (0.7 if _HAPPENED.search(plain) else 0.0)


def _quiet_scores(plain: str) -> dict[Nature, float]:
    """How strongly the text looks like each other kind; a long text has such words by chance."""
    head = plain[:240]
    short = len(plain) < 60
    return {
        "rumour_denied": 4.8 * bool(_MAYBE_RUMOUR.search(head)),
        "advertisement": 3.0 * len(set(_ADVERT.findall(head))),
        "notice": 3.0 * min(2, len(set(_STRONG_NOTICE.findall(head)))) * (1.0 if len(plain) < 140 else 0.4)
        + 1.6 * len(set(_NOTICE.findall(head))) * (1.0 if len(plain) < 140 else 0.6)
        + 3.0 * bool(_CITIZEN.search(head)) + 3.0 * bool(_FUTURE.search(head)) + 3.5 * bool(_CHATTER.search(head)) * short
        + 4.0 * bool(_QUESTION.search(head)) + 5.5 * bool(_PAST.search(plain[:140]))
        + 4.5 * bool(_PLANNED.search(head)) + 4.0 * bool(_SAFE.search(head)),
        "tip": (5.5 if _is_tip(head) else 0.0),
        "greeting": 4.5 if _GREETING.search(head) else 0.0,
        "answer": 4.0 if short and _ANSWER.match(plain) else 0.0,
    }  # fmt: skip


_STRONG_NOTICE = re.compile(
    r"培训|讲座|宣传|投诉|表扬|锦旗|感谢|邮箱|反馈意见|通知[\])】:]|\[[^\]]{0,8}(?:通知|提示|宣传|公告|提醒)|提示[:,]|提醒(?:您|广大|大家|各)|缴费|验证码|快递|取件|菜价|一斤|块钱|节目|堵车|堵成|堵死了|体检|征兵|严禁|禁止|修订|征求意见|整改|老婆|老公|妈,|爸,|儿子|闺女|回家吃|加班"
    r"|年会|接上级|转告|牢记|不轻信|人次|值班(?:表|安排|员名单)|轮值|材料|方案|台账|报名|考试|选举|换届|评比|验收|督导|观摩|慰问|座谈|签到|打卡|工资条|会商|部署会|防范(?:措施|工作)|隐患(?:排查|整治)|应急预案|标书|招标|采购|合同|推进|落实情况|购|涨价|售|招生|天气|请假|变更为|通讯录|群文件|多少钱|几块|防溺水|家长书|暑假|寒假|安检|入户|年检|维保|试鸣|公告|公示|温馨|科普|知识|小贴士|须知|倡议|承诺书|责任书|检查组|迎检|复工复产|爆破作业|绕行|交通管制|限行|接孩子|家长会|作业本|汇报材料|总结|考核|任命|退休|生日|婚礼|满月|聚会|旅游团报|房租|租房|二手|转让|\d块\d|便宜"
)
_DRILL_HEAD = re.compile(r"[\[(]?(?:应急|实战|综合|消防)?(?:演练|演习|模拟)[^。]{0,2}(?:[\]):,!]|演练|信息)")
_CITIZEN = re.compile(
    r"路灯|井盖|噪音|扰民|停车位|违停|物业|油烟|占道经营|违建|开锁|钥匙|钱包|身份证|户口本|社保|医保|公积金|公交卡|猫丢|狗丢|找猫|找狗|垃圾分类|网购|退货"
    r"|拍摄|剧组|拍戏|取景|影视|焰火晚会|烟花秀|计划烧除|点烧|调试|试运行|试验|集训|比武|拉练|礼炮"
)
_ABOUT_DRILL = re.compile(
    r"(?:举行|开展|组织|举办|搞一次|参加|观摩)[^。]{0,14}(?:演练|演习)|(?:演练|演习)(?:圆满|顺利|总结|方案|脚本|经费|通知|评估|照片|简报|报名)|^通知"
)
_FUTURE = re.compile(
    r"明天|明日|明早|明晚|明后|后天|下周|下月|下个月|下午请|今晚请|近期将|拟|预计(?=[明下今])|届时|准备(?:开|召|组织)|之前报|前报(?:送|来)"
)
_CHATTER = re.compile(
    r"笑死|累死|热死|气死|饿死|急死|忙死|困死|爆满|炸锅|火爆|爆款|心态|要命了|死心|死活|打死(?:也|都)|爆单|刷爆|哈哈|呵呵|亲们|宝子|一起吃|吃饭|打麻将|看电影|电影|电视剧|小说|游戏|比赛|进球|直播|演唱会|剧情"
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


def kind(text: Text, *, emergency: bool, timed: bool = True) -> Kind | None:
    """First report, follow-up or final, by its own words; a report that says nothing of it is a first one."""
    plain = text.plain
    head = plain[:60]
    for pattern, name in ((_FINAL, "终报"), (_FOLLOW, "续报"), (_FIRST, "首报")):
        if pattern.search(head) and re.search(name if name != "首报" else "首报|初报", head):
            return "终报" if name == "终报" else "续报" if name == "续报" else "首报"
    if not emergency:
        return None
    if _FINAL.search(plain) or (_OVER.search(plain) and not _OPEN.search(plain)):
        return "终报"
    if _FIRST.search(head):
        return "首报"
    if not timed and _SETTLING.search(plain[:140]):
        return "续报"
    return "续报" if _FOLLOW.search(plain) or _GROWN.search(plain) or _GOING.search(plain[:140]) else "首报"


def is_correction(text: Text) -> bool:
    return bool(_CORRECTION.search(text.plain))


def is_cut_off(text: Text) -> bool:
    """Whether the text stops in the middle: at a comma, an opened bracket, or a word that calls for another."""
    plain = text.plain.rstrip()
    if len(plain) < 8:
        return False
    opened = plain.count("(") > plain.count(")")
    return bool(_CUT.search(plain)) or (opened and plain.rfind("(") > len(plain) - 20)
