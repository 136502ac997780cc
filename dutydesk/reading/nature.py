"""Is it a report at all, and is it a drill. Words only; no figures.

A drill word decides nothing: it is a proposal that the desk checks against its open drills. It must never turn a text
that tells of harm into an advertisement or a greeting.
"""

import re
from dataclasses import dataclass

from dutydesk.domain.readings import Nature
from dutydesk.reading import evidence, stage
from dutydesk.reading.text import Text
from dutydesk.reading.vocabulary import alternatives

_DRILL = re.compile(
    r"演练|演习|模拟(?:发生|场景|假设)|桌面推演|拉动(?:训练|测试)|假想|假设(?:发生|在)|(?:^|[(\[])(?:练习|训练|测试|模拟)[)\]:]"
)
_NOT_DRILL = re.compile(alternatives("nature", "not_drill"))
_RUMOUR = re.compile(alternatives("nature", "rumour"))
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
_MAYBE_RUMOUR = re.compile(alternatives("nature", "maybe_rumour"))
_ADVERT = re.compile(alternatives("nature", "advert"))
_NOTICE = re.compile(alternatives("nature", "notice"))
_TIP = re.compile(alternatives("nature", "tip"))
_QUESTION = re.compile(alternatives("nature", "question"))
_PAST = re.compile(alternatives("nature", "past"))
# the past as a lesson or a sum, plain enough to outweigh the dead that it counts
_HISTORY = re.compile(alternatives("nature", "history"))
# long past, told as a story or as history
_LONG_AGO = re.compile(
    r"(?<!\d)1[89]\d\d年|[四五六七八九]十年代|据(?:史料|记载|史载)|年轻(?:时|的时候)|小时候|当年|老辈人|民国|(?:[一二三四五六七八九十]{1,3}|(?<!\d)\d{1,3})年前的今天|(?<!\d)\d{1,3}周年"
)
# a day on which something is remembered
_JUBILEE = re.compile(
    r"年前的今天|[一二三四五六七八九十\d]周年|[一二两三四五六七八九十\d]年(?:过去|后的今天|来,)|今天是第.{1,4}个|(?:公祭|纪念|悼念)(?:日|仪式|活动)|铭记历史|缅怀|逝者安息|祭日|忌日|寄托哀思"
)
# how one should act if it ever came to it
_ADVICE = re.compile(alternatives("nature", "advice"))
_DENIAL = re.compile(
    r"请(?:大家|广大市民|市民|群众)?(?:放心|勿(?:传播|信|恐慌|轻信))|火警误报|^误报|系(?:施工|正常|谣言|旧闻|拆除)|无此事|实为普通|传言不属实|勿信谣|虚警|没有起火|无险情"
)
_PLANNED = re.compile(alternatives("nature", "planned"))
_ALARM = re.compile(alternatives("nature", "alarm"))
# what has gone wrong, told by its result: a verb of harm with a complement, or a state that should not be
_PLIGHT = re.compile(alternatives("nature", "plight"))
_SHORT = 80  # code points of a message of the street
_MESSAGE = 100  # code points up to which the second opinion may overrule: longer texts tell circumstances
_WORDS = 16  # code points that make an opinion by themselves: a shorter text that names nothing must be a plain cry
# log odds of the second opinion: from which it makes a report; when a cause or harm is found; when neither is, to keep one
_A_REPORT, _A_TOLD_REPORT, _A_BARE_REPORT = 1.3, 0.5, 0.5
_A_CRY = 2.0
_EVIDENCE, _QUIET = 0.3, 0.5  # what a point of evidence adds to it, and a point of another kind of text takes from it
_FIRM = 12.0  # score of a cause that stands beside a figure of harm against any opinion
_PLAINLY = 3.0  # a score from which a kind of quiet text is named
# in a short text: people and things of which something bad is said without any name for it
_BEINGS = re.compile(alternatives("nature", "beings"))
_THINGS = re.compile(alternatives("nature", "things"))
# a state that is as it should be
_NORMAL = re.compile(alternatives("nature", "normal"))
# words of worlds that are not the desk's: sport, stage, stock exchange, ceremony, courts
_ELSEWHERE = re.compile(alternatives("nature", "elsewhere"))
_GREETING = re.compile(alternatives("nature", "greeting"))
_ANSWER = re.compile(
    r"^(?:\[[^\]]{1,12}\])?(?:(?:已?收到|收悉|明白|知道了|已阅|已?知悉|遵命|没问题|马上(?:办|去|核实|落实)|正在核实|立即落实|已转达|已落实|已安排|签收|确认收到"
    r"|回执|已传达|已通知|照办|同意|无补充|暂无补充|没有新情况)|(?:好的?|了解|是的?|1|行|可以|OK|ok|Ok|嗯)(?=$|[。,!~]))"
)
_SAFE = re.compile(alternatives("nature", "safe"))


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
    return _agreed(plain, signs, _by_rules(plain, signs, weight), weight)


def _by_rules(plain: str, signs: Signs, weight: float) -> Nature:
    """What the words and facts say, before the second opinion is asked."""
    if (_LONG_AGO.search(plain[:60]) and not signs.timed) or (_JUBILEE.search(plain[:160]) and not signs.happened):
        return "notice"
    return "report" if weight > evidence.CERTAIN else _by_words(plain, signs, weight)


def _agreed(plain: str, signs: Signs, said: Nature, weight: float) -> Nature:
    """In a message the second opinion overrules where it outweighs the evidence, and the words of other kinds of text."""
    if len(plain) > _MESSAGE:
        return said
    told = signs.happening > 0 or signs.harm or signs.moved or stage.follows(plain)
    quiet = max(_quiet_scores(plain, signs).values())
    if said == "report":
        firm = signs.harm and (signs.happened or (signs.happening >= _FIRM and quiet <= 0))
        against = signs.opinion + _EVIDENCE * weight < 0 and not firm
        bare = not told and not signs.denied and signs.opinion < _A_BARE_REPORT
        return "unsure" if against or bare else said
    return "report" if signs.opinion - _QUIET * quiet > _needed(plain, signs, told=told) else said


def _needed(plain: str, signs: Signs, *, told: bool) -> float:
    """Log odds from which the second opinion makes a report of a message: the less it names, the more."""
    if len(plain) < _WORDS and not _names_something(signs):
        return _A_CRY
    return _A_TOLD_REPORT if told else _A_REPORT


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
_OFFICE = re.compile(alternatives("nature", "office"))
_SUM_OF_A_YEAR = re.compile(alternatives("nature", "sum_of_a_year"))
_FAMILY = re.compile(r"老婆|老公|妈,|爸,|儿子|闺女")
_STRONG_NOTICE = re.compile(alternatives("nature", "strong_notice"))
_DRILL_HEAD = re.compile(
    r"这是(?:一次)?演[习练]|[\[(]?(?:应急|实战|综合|消防)?(?:演练|演习|模拟)(?!结束|总结|通知|方案|完毕|圆满)[^。]{0,2}(?:[\]):,!]|演练(?!结束|总结|通知|方案|完毕|圆满)|信息)"
)
_CITIZEN = re.compile(alternatives("nature", "citizen"))
_DRILL_SUMMARY = re.compile(r"演[习练](?:总结|(?:已)?(?:圆满|顺利)?结束|题目|脚本|方案)|推演题目|拉动测试")
_ABOUT_DRILL = re.compile(alternatives("nature", "about_drill"))
_FUTURE = re.compile(
    r"明天|明日|明早|明晚|明后|后天|下周|下月|下个月|下午请|今晚请|近期将|拟|预计(?=[明下今])|届时|准备(?:开|召|组织)|之前报|前报(?:送|来)"
)
_CHATTER = re.compile(alternatives("nature", "chatter"))
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
