"""Which report of a row a text is: first, follow-up or final; a correction; cut off in the middle. Words only.

It must never take a second person's first account for a follow-up: that alone decides nothing about the incident.
"""

import re

from dutydesk.domain.readings import Kind
from dutydesk.reading.text import Text

_FOLLOW = re.compile(
    r"续报|后续报告|续情|续:|情况更新|最新(?:进展|情况|消息|[:,])|进展情况|更新[::]|补报|补充报告|再报|跟进|追加报告|(?:第[二三四五六七八九十]|[二三四五六七八九]|2|3|4|5)(?:次报告|报)|核报|更正"
)
_FINAL = re.compile(
    r"终报|结报|最终报告|(?:救援|处置|搜救|搜寻|抢险|扑救|倒罐|清障|转运|施救|清理)(?:工作)?(?:已)?(?:全部)?(?:于[^,。]{2,14})?(?:结束|完毕|终止)|处置完毕|全部处置|应急响应(?:已)?(?:终止|解除|结束)|事件(?:已)?(?:平息|处置结束|办结|处置完)|已全部恢复正常|善后(?:工作)?(?:已)?(?:完成|结束|完毕|处理完毕)|最终(?:确认|核定|统计)|搜救(?:工作)?(?:结束|完毕)|后事处理完毕|(?:现场|事故|路面)[^,。]{0,4}(?:清理|处理|处置)(?:工作)?完毕|交通(?:已)?恢复(?:正常)?|没漏气了|已排除险情|居民(?:已|都)?(?:全部)?(?:回家|返回)|最终[^,。]{0,6}\d+人"
)
_FIRST = re.compile(r"首报|初报|快报|速报|第一次报告|首次报告|突发事件报告")
_GROWN = re.compile(
    r"(?:升至|升到|增至|增加[至到]|上升[至到]|增为)|(?:又|再)(?:有|找到|发现|救出?|捞|挖|搜|抬)[^,。]{0,4}\d|死亡人数(?:已)?(?:达到|更新)|刚才(?:报|说)的|前面(?:报|说)|上(?:一|次)(?:报|条)|接(?:上|前)[报条]|之前(?:报|说)的|原报|前报|改为|应为|更新为"
)
OVER = re.compile(
    r"(?:全部|均|都|已)(?:被|已|安全)?(?:救出|获救|找到|落地|脱险|救起|升井|劝返|散去|离开|恢复)[^。\d]{0,4}(?:[,。]|$)|人群?(?:都|已)?散了|解除(?:封闭|警戒|管控|封控)|恢复通行|群众(?:已|都)?(?:返回|回家)|秩序(?:已)?恢复|恢复(?:正常|供电|供水|供气|供热|通车|畅通)|线路开通|已拖离|处置完|处理完毕|解封(?!时间)|找到了|被困人员救出|(?:火|明火)(?:已)?(?:灭了|全部扑灭)[,。]?(?:是|无|没)|无大碍|(?:护送|安全)(?:下山|返回)|已平息|已解除|圆满结束"
)
_OPEN = re.compile(r"仍|还有|尚有|继续|正在|剩|失联\d|[1-9一二两三四五六七八九十]+人(?:失联|失踪|被困|下落不明)|个没了")
_GOING = re.compile(
    r"^(?:[^,。:]{0,12}[:,])?(?:截[至止到]|累计|续|接上|回复)|已控制住|控制住|火灭了|(?:火|火灾)[^。]{0,14}扑灭|已协商|累计(?:确诊|转移|报告|发现|病例)|经[^,。]{0,12}(?:确诊|检验|核实|检测|确认)|已搜救出|比刚才|续抱|(?:已)?(?:又|再)(?:救出|找到|发现|有)|失联的[^。]{0,10}找到|扩大|累计\d+[人例]"
)
_SETTLING = re.compile(
    r"查明|得到控制|基本控制|已扑灭|熄灭|新增(?:死亡|受伤|病例|确诊|感染|转移)|脱离危险|出院|抢通|确认(?:死亡|遇难)|找到\d|打捞(?:起|出)|搜救中|继续搜|再次|病情稳定|已封控|退水|水位下降|复燃"
)
# an event spoken of as known already: its name, not its happening, then how it stands now
_KNOWN = re.compile(
    r"(?:事故|火灾|爆炸|爆燃|闪爆|坍塌|倒塌|垮塌|滑坡|翻车|侧翻|追尾|相撞|坠[江河湖水崖机]|地震|泥石流|塌方|着火|起火|透水|冒顶|中毒|泄漏|溺水|踩踏|沉船|火场|决口|失火|山火)(?:事故|事件|现场|灾害|处|受伤|中|里)?"
    r"(?:已|目前|截至|今早|今日|搜救|救援|又|伤者|死者|被困|遇险|失联|[,:]?(?:目前|截至|现)|\d+人全部|[^,。]{0,4}(?:已吊起|已找到|已送|都(?:检查|找到|救出)|救上来|共致))"
    r"|的火(?:灭|已|扑)|那(?:个|边|家|起|辆|车|艘|条|栋)[^,。]{0,10}(?:(?:爆炸|火)(?![了啦锅灾])|火灾|事故|现场|检测|目前|又)|共同?致\d|^[^,。]{0,12}(?:被[埋困]|落水|失联|失踪|走失)的?[^,。]{0,8}(?:均|都|全部|已|被|今)[^,。]{0,10}(?:挖出|救出|找到|捞|获救)|还有\d+人没|又走了|又找到|又救|又发现|又挖出|伤者增至|死者增至|仍无(?:消息|音讯)|检查完了|(?:都|均|全)(?:捞|救|挖|找|抬)(?:出来|上来|到)了|此前已(?:死亡|遇难)|全部安全(?:下山|升井|下来|撤离)|(?:尚未|还没)取得联系"
)
# what came of a known event, told without an hour: 大巴事故27人受伤, 伤者已手术, 遗体找到
_CAME_OF_IT = re.compile(
    r"(?:事故|灾害|事件|火灾|爆炸|爆燃|坍塌|倒塌|垮塌|塌方|滑坡|山洪|泥石流|\d级地震|车祸|侧翻|坠[江河湖机库坡崖]|溃坝|险情|伤人案|行凶案|冲撞案|突出|碰撞|溺水|中毒)(?:事故|灾害|事件)?:?"
    r"(?:(?:共|已|目前)*(?:造成|致|确认|发现)\d|(?:已?救|已?搜救?|已?挖)出|\d{1,3}[人死名]|[一两三四五六七八九十]死|伤者|死者|最后|司机|暂无|受损)"
    r"|仍在(?:燃烧|搜救)|遗体(?:找到|打捞)|(?:司机|案)[^,。]{0,10}(?:抓获|控制|刑拘)|案[^,。]{0,12},嫌疑人已|伤者(?:已|均|转)|伤者\d|昨[夜晚]死亡|现为\d死|已确认\d|系施工|油污系|气味系|已?升井\d|已止[漏住]|方量约"
)
_BEGINS = re.compile(r"发生|突发|爆发|出现|刚才|刚刚|快来|快派")
_PUT_OUT = re.compile(
    r"(?:火灾?|明火)(?:已)?(?:经)?(?:全部)?(?:扑灭|灭)了?[,。](?:[^,。]{0,10}[,。])?(?:无|没有?|未)[^,。]{0,6}伤|困人?[^,。]{0,6}救出|劝离,|散去,"
)
_CORRECTION = re.compile(
    r"更正|应为|改为|修正|纠正|订正|误报|写错|报错|说错|核减|不是\d|打错|错了|有误|以此为准|核实后为|原报"
)
_CUT = re.compile(
    r"(?:[,、:(\[]|\.\.\.|…|造成|导致|目前|发生|其中|现场|位于|已|正在|的|和|与|在|约|共|受|死|请|有|因|一|被|无|未)$"
)


_BEGUN = re.compile(
    r"发生|突发|爆发|出现|突然|失稳|起火|着火|自燃|突起|失控|被|遭|撞|翻|塌|坠|泄漏|爆炸|追尾|落水|触电|被埋|被困"
)
_FOUND_DEAD = re.compile(r"找到[^。]{0,12}(?:无生命|遇难|牺牲|死亡|无体征)|均(?:无生命|遇难|牺牲)")
_AS_OF = re.compile(r"截[至止]")


def follows(plain: str) -> bool:
    """Whether the text speaks of an event known before."""
    known = _GOING.search(plain[:100]) or _KNOWN.search(plain[:140])
    return bool(known or _FOLLOW.search(plain[:80]) or _GROWN.search(plain[:120]) or _FINAL.search(plain))


def kind(text: Text, *, emergency: bool, timed: bool = True, bare: bool = False) -> Kind | None:
    """First report, follow-up or final, by its own words; a report that says nothing of it is a first one.

    `bare`: the text names neither an event nor a place, only figures: an answer to a question.
    """
    plain = text.plain
    head = plain[:60]
    for pattern, name in ((_FINAL, "终报"), (_FOLLOW, "续报"), (_FIRST, "首报")):
        if pattern.search(head) and re.search(name if name != "首报" else "首报|初报", head):
            return "终报" if name == "终报" else "续报" if name == "续报" else "首报"
    if not emergency:
        return None
    if bare:
        return "续报"
    return _stage(plain, timed=timed)


def _stage(plain: str, *, timed: bool) -> Kind:
    """Which report of a row a text is that does not name itself so."""
    head = plain[:60]
    begun = timed and bool(_BEGUN.search(plain[:160]))
    if _FINAL.search(plain) and not begun:
        return "终报"
    if not timed and OVER.search(plain) and not _OPEN.search(plain) and not _FOUND_DEAD.search(plain):
        return "终报"
    if _FIRST.search(head):
        return "首报"
    if not timed and (_SETTLING.search(plain[:140]) or _AS_OF.search(plain[:80])):
        return "续报"
    if not timed and not _BEGINS.search(plain[:140]):
        if _PUT_OUT.search(plain[:80]) and not _OPEN.search(plain):
            return "终报"
        if _CAME_OF_IT.search(plain[:100]):
            return "续报"
    if not begun and _KNOWN.search(plain[:140]):
        return "续报"
    if begun and not _FOLLOW.search(head) and not _GROWN.search(plain):
        return "首报"
    return "续报" if _FOLLOW.search(plain) or _GROWN.search(plain) or _GOING.search(plain[:140]) else "首报"


def is_correction(text: Text) -> bool:
    """Whether the text takes back something that was said before."""
    return bool(_CORRECTION.search(text.plain))


def is_cut_off(text: Text) -> bool:
    """Whether the text stops in the middle: at a comma, an opened bracket, or a word that calls for another."""
    plain = text.plain.rstrip()
    if len(plain) < 8:
        return False
    opened = plain.count("(") > plain.count(")")
    return bool(_CUT.search(plain)) or (opened and plain.rfind("(") > len(plain) - 20)
