"""The words of harm: which words say dead, hurt, missing, trapped …, and which look so but are not."""

import re
from functools import cache

from dutydesk.reading.vocabulary import alternatives

_STATES = (
    "harmed", "deaths", "seriously_injured", "lightly_injured", "injured", "missing", "trapped", "rescued", "evacuated", "affected",
    "ill", "treated",
)  # fmt: skip
STATUS = {state: alternatives("harm", state) for state in _STATES}
_NOT = alternatives("harm", "not")
_FIELDS = {f"f_{field}": field for field in STATUS}


@cache
def status_pattern() -> re.Pattern[str]:
    """One pattern over all status words; `lastgroup` names the field, `skip` the look-alikes."""
    skip = _NOT.replace("抢救无效|", "").replace("救治无效|", "")
    return re.compile(f"(?P<skip>{skip})|" + "|".join(f"(?P<f_{f}>{words})" for f, words in STATUS.items()))


def field_of(group: str | None) -> str | None:
    """The field that a group of `status_pattern` stands for; None for a look-alike."""
    return _FIELDS.get(group or "")


PEOPLE = alternatives("harm", "people")
AFTER_NUMBER = re.compile(rf"(?P<people>{PEOPLE})|(?P<house>户)")
MEASURE = re.compile(
    r"[时点分秒日月号年岁天小公千米吨辆台架车栋间层楼头只处次起条件元万度级届%‰.:/\-余多几个两来头匹尾羽匹株颗箱桶袋斤片种批家栋幢亩]|"
    r"公顷|[省国县乡]道|号线|第|ml|k|m|K|M|\d"
)
COMPACT = re.compile(
    r"重(?=[\d一二两三四五六七八九十])|轻(?=[,。;)]|$)|死|伤|亡|重伤|轻伤|轻微伤|失踪|失联|被困|遇难|失"
)
LINK = re.compile(
    r"(?:[^\d,。;:、!?\n]{1,5},共(?=[\d一二两三四五六七八九十]))?"
    r"(?:[^\d,。;:、!?\n]{0,6}?(?=人数|人员|群众|乘客|旅客|居民|村民|职工|师生|游客|人口|"
    r"员工|学生|观众|病人|住户|商户|业主|游客))?(?:观众|人数|人员|群众|乘客|旅客|居民|村民|职工|师生|游客|"
    r"人口|员工|学生|工人|矿工|司机|驾驶员|者|总数|的|病人|累计|儿童|老人|船员|渔民)?"
    r"(?:(?:均|都)?[系为是](?:同)?一家(?:老小)?)?(?:[由从]原?来?的?\d{1,6}[人名])?(?:\d{1,7}户)?"
    r"(?:了?(?:[一二两三四五六七八九十]|\d{1,3})(?:个?(?:村|小区|社区)|栋楼?|幢楼?|层楼?)[,、]?)?"
    r"(?:已经?过|已经|已|现|目前|暂|总数|初步|至少|共计|共有|共|累计|合计|核实|统计|确认|达到?|为|"
    r"是|有|了|约|计|又|至|到|增加?|上升|升|改|变|更正|应|估计|大概|可能|差不多|"
    r"[:(=\[\]“”/\-~])*"
)
RESCUERS = re.compile(
    r"消防|官兵|民警|干警|救援|医护|队员|干部|党员|志愿者|专家|指战员|警力|战士|武警|搜救|潜水|警察|交警|力量|医生|护士|救护"
)
SENT_OUT = re.compile(r"(?:出动|调派|调集|派出|组织|投入|增派|调动|集结|参战)[^,。;]{0,16}$")
BOUND = re.compile(r"以上|以下|以内|左右|上下")
