"""How much speaks for a report and how much against it, over all that a text says: a sum of weighted signs.

The weights were fitted on the texts for work and on sentences of general news, then rounded; a sign is a family of
words or a fact that another part found, never a single text. The sum only corrects: `nature.py` asks it where its own
rules would err. It must never hang on one word alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dutydesk.reading.vocabulary import alternatives

BASE = -6.3
CERTAIN = 3.0  # from here a text is a report, whatever its other words
DOUBT_PLACED, DOUBT = -2.6, -0.5  # below it none: with a known place or a figure, and without
_SHORT, _LONG = 30, 140  # code points: shorter is a cry or a headline, longer tells circumstances


@dataclass(frozen=True, slots=True)
class Sign:
    """A family of words: what it weighs when `most` different ones stand in the first `reach` code points."""

    words: re.Pattern[str]
    reach: int
    most: int
    weight: float

    def weigh(self, plain: str) -> float:
        """The part of the weight that the words found make up."""
        return self.weight * min(self.most, len(set(self.words.findall(plain[: self.reach])))) / self.most


ACTS = re.compile(alternatives("evidence", "acts"))
_WORDS = (
    Sign(ACTS, 200, 3, -2.0),
    Sign(
        re.compile(
            r"请(?!求|愿|示)|应当|应(?=[及立做])|严禁|切勿|禁止|注意|不得|必须|如果|如遇|如有|一旦|可(?=拨|以|到|通过|向)|建议|需要|要做到|要求"
        ),
        240,
        3,
        -2.6,
    ),
    Sign(re.compile(r"(了)(?!解|结|如)"), 240, 1, 1.5),
    Sign(re.compile(r"刚才|刚刚|刚(?=[发起着从到在被]|有)|突然|突发"), 240, 1, 0.7),
    Sign(re.compile(r"目前|现场|现(?=已|有|在)|截[至止]"), 400, 1, 0.4),
    Sign(
        re.compile(
            r"(?:火灾|地震|爆炸|滑坡|泥石流|山洪|洪水|洪涝|地质灾害|事故|灾害|矿难|车祸|中毒|踩踏|溺水|疫情|台风|暴雨|瓦斯|泄漏|猪瘟|登革热|燃气)(?:事故|灾害|事件)?的?"
            r"(?:防控|防治|防范|预防|应急|救援(?:技术|知识|培训|能力|体系|基地|比武|装备)|处置(?:能力|培训|预案)|隐患|风险|知识|保险|理赔|案例|警示|教训|统计|起数|形势|调查报告|责任|赔偿|纠纷|"
            r"模拟|体验|逃生|自救|科普|宣传|题材|多发|高发|易发|频发|救助|重建|遗址|纪念|监测|预警|治理|检查|流行季|发生率)"
        ),
        300,
        2,
        -1.0,
    ),
    Sign(re.compile(r"法院|检察|判处|判决|被告|宣判|庭审|涉案|罚款|处罚|立案|抽检|不合格|召回"), 300, 2, -0.9),
    Sign(
        re.compile(
            r"会议|通知|公告|公示|通告|招标|项目|签约|工程(?!车|队)|竣工|方案|预案|标准|规定|条例|规程|纪念|活动|工作组|督导|检查|调研|培训|演练|建设|改造|服务|报名|考试|接种|体检|报销|政策|办理|预算|采购"
        ),
        240,
        4,
        -0.7,
    ),
    Sign(
        re.compile(
            r"顺利|圆满|全覆盖|提升|增强|恢复重建|重建|竣工|表彰|感谢|优秀|先进|荣|锦旗|突破|启用|投运|通车|交付|成效"
        ),
        300,
        2,
        -1.8,
    ),
    Sign(re.compile(r"网传|谣|不实|不属实|误报|传言|虚假"), 300, 2, -1.4),
    Sign(re.compile(r"还好|幸好|没事|不用担心|好在|不要紧张|不要惊慌|无需|正常|平稳"), 200, 1, -1.2),
    Sign(
        re.compile(
            r"(?<![\d.])\d{1,3}[-:比]\d{1,3}(?![\d.+])(?=[^\d]{0,6}(?:[胜负平]|领先|力克|击败|战胜|淘汰|逆转|不敌|的比分|横扫))|(?:[胜负以]|力克|击败|战胜|不敌|落后|领先)\d{1,3}[-:比]\d{1,3}"
        ),
        300,
        1,
        -1.0,
    ),
    Sign(
        re.compile(
            r"抓获|破获|捣毁|告破|打掉|端掉|侦破|缴获|查获|落网|被捕|拘留|批捕|起诉|归案|投案|获刑|约谈|停职|召回"
        ),
        300,
        2,
        -2.0,
    ),
    Sign(re.compile(r"嫌疑人|作案|歹徒|持刀|行凶"), 300, 1, -1.3),
)
_NAMED = {
    "harm": 1.0,
    "moved": 1.3,
    "denied": 1.2,
    "placed": 0.8,
    "known": 2.2,
    "clock": 1.3,
    "happened": 1.6,
    "planned": -0.5,
    "old": -4.0,
    "strong_notice": -2.1,
    "chatter": -1.9,
    "question": -2.0,
    "office": -2.9,
    "elsewhere": -2.2,
    "maybe_rumour": -1.4,
    "rumour": -1.9,
    "beings": 1.2,
    "things": 0.8,
    "alarm": 1.1,
    "plight": 3.0,
    "follows": 1.1,
    "over": 0.4,
}
_STRENGTHS = ((1.0, 2.2), (10.0, 1.9), (15.0, 0.6), (17.0, 1.1))  # of the leading cause, from which score on
_ACT_WITHOUT_HAPPENING = -2.1


def weigh(plain: str, facts: Mapping[str, float], strength: float) -> float:
    """The evidence that the text is a report; `facts` by the names above, each from 0 to 1; `strength` of the cause."""
    score = BASE + sum(sign.weigh(plain) for sign in _WORDS)
    score += sum(weight * facts[name] for name, weight in _NAMED.items())
    score += sum(weight for least, weight in _STRENGTHS if strength >= least)
    score += 1.1 * (len(plain) < _SHORT) + 1.4 * (len(plain) >= _LONG)
    if not facts["happened"]:
        score += _ACT_WITHOUT_HAPPENING * min(3, len(set(ACTS.findall(plain[:200])))) / 3
    return score
