"""Expressions of time in a text: which day, which part of it, which clock, as written. Finds; `times.py` decides.

Resolved against the time of receipt in Asia/Shanghai. It must never place an occurrence in the future when a past
reading exists.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import Precision
from dutydesk.reading.holidays import holiday
from dutydesk.reading.numerals import chinese_value
from dutydesk.reading.vocabulary import alternatives

_CN = "零一二两三四五六七八九十廿卅"
_CNS = "[一二三四五六七八九十]{1,3}"
_D2 = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_DAYWORD = (
    "今天|今日|今早|今晨|今晚|今夜|今|昨天|昨日|夜儿|昨晚|昨夜|昨晨|昨早|昨|前天|"
    "前日|前晚|前夜|大前天|当天|当日|当晚|当夜|当早|次日|第二天|翌日|琴日|今朝|今儿|昨儿|夜来"
)
_PERIOD = "凌晨|清晨|早晨|早上|早间|上午|中午|正午|晌午|下午|午后|午间|傍晚|傍黑|晚上|晚间|夜里|夜间|深夜|半夜|后半夜|午夜|夜晚|夜|晚|早|晨"
_HOLIDAY = (
    "元旦|劳动节|五一|国庆节?|十一|除夕|大年三十|年三十|"
    "大年初[一二三四五六七]|正月初[一二三四五六七]|年初[一二三四五六七]|春节|元宵节?|清明节?|端午节?|中秋节?"
)
# where an expression can begin at all: the rest of the pattern is tried nowhere else
_FIRST = rf"\d{_CN},的半刚方适头今去前本上昨这周星礼夜大当次第翌琴元劳国除年正春清端中凌早晌下午傍晚深后晨左许日"
MOMENT = re.compile(
    rf"(?=[{_FIRST}])(?:(?P<ago>(?P<half>半个?多?|{_D2}(?P<ahalf>个半|个多)?)(?P<unit>小时|个小时|钟头|个钟头|分钟|分)(?:钟)?(?:左右|许)?(?:之?前|以前))"
    r"|(?P<just>(?<!比)刚才(?!报|说|发|讲|那|的|提|打错|写|上面|错)|刚刚|方才|适才|头先)"
    rf"|(?P<iso>(?<!\d)20\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?:[T ]?(?P<ih>\d{{1,2}}):(?P<im>\d{{2}})(?::\d{{2}})?)?"
    rf"|(?:(?:(?P<year>(?<!\d)(?:20|19)?\d{{2}}|二[零0〇]..)年|(?P<yword>今年|去年|前年))?"
    rf"(?:(?P<month>{_D2})月份?|(?P<mword>本月|上月|上个月))?"
    rf"(?P<day>(?<![\dA-Za-z月.路街巷弄村])(?<!大道)(?!{_CNS}号(?![上中下凌清早晚傍深夜\d,。当在发])){_D2}|(?<=月){_D2})[日号]"
    rf"(?!{alternatives('moments', 'no_day')})"
    r"(?:\((?:周|星期|今|昨|前|本)?[\u4e00-\u9fff]?\))?"
    rf"|(?:今|昨|前)[天日]?(?:[早晚晨])?\((?:(?P<pmonth>{_D2})月)?(?P<pday>{_D2})日?\)日?"
    rf"|(?P<month2>{_D2})月(?P<day2>{_D2})(?![\d日号个])"
    rf"|(?P<week>上上?个?周|上上?个?星期|上个?礼拜|本周|这周|周|星期|礼拜)(?P<wday>[一二三四五六日天1-6])(?!边|围|期|年|岁|转|长|界|刊|报|角|[一二三四五六七八九十])"
    rf"|(?P<dword>{_DAYWORD})(?!年|后|春|冬|夏|秋)"
    rf"|(?P<holiday>{_HOLIDAY})(?=[当上下中凌早晚傍午期,日夜假长]|\d\d:)(?:长?假期?(?:期间)?)?)?"
    rf"[,的]?(?:当天|当日|当(?=[晚夜早])|日)?(?P<period>{_PERIOD})?[,]?"
    rf"(?:(?P<h24>(?<![\d.])(?<!\d:)\d{{1,2}}):(?P<m24>[0-5]\d)(?::\d{{2}})?(?!\d)分?"
    rf"|(?P<hour>{_D2})(?:时(?!代|常|段|候|速|间|隔|限|有|任|刻|尚|期)|点(?!位|燃|击|评|名|火|钟方|状|对|子|多?[零一二三四五六七八九\d]+级)钟?)"
    rf"(?:(?P<many>多|来钟|来)|(?P<half2>半)|(?P<quarter>[一三1-3])刻|(?P<minute>{_D2})(?:分(?!钟|之|局|公司|队|别|厂|店|行|部|院)(?:\d{{1,2}}(?:\.\d)?秒)?|(?![\d级:.公月日号个人名米台辆死伤%车岁余多万度秒户条十口家两路艘层楼栋间处起头只位例车船架节条连组级])))?)?(?P<fuzzy>左右|许|前后)?)"
)
_FIRST_HOUR = {
    "凌晨": 0,
    "半夜": 0,
    "后半夜": 0,
    "清晨": 5,
    "早晨": 5,
    "早上": 5,
    "早间": 5,
    "早": 5,
    "晨": 5,
    "上午": 8,
    "中午": 11,
    "正午": 11,
    "晌午": 11,
    "午间": 11,
    "下午": 12,
    "午后": 12,
    "傍晚": 16,
    "傍黑": 16,
    "晚上": 18,
    "晚间": 18,
    "夜里": 18,
    "夜间": 18,
    "深夜": 21,
    "午夜": 22,
    "夜晚": 18,
    "夜": 18,
    "晚": 18,
}
_LATE = frozenset({"下午", "午后", "傍晚", "傍黑", "晚上", "晚间", "夜里", "夜间", "深夜", "夜晚", "夜", "晚"})
_DAY_PERIODS = {
    "今早": "早上",
    "今晨": "清晨",
    "今晚": "晚上",
    "今夜": "夜里",
    "昨晚": "晚上",
    "昨夜": "夜里",
    "昨晨": "清晨",
    "昨早": "早上",
    "前晚": "晚上",
    "前夜": "夜里",
    "当晚": "晚上",
    "当夜": "夜里",
    "当早": "早上",
    "今朝": "早上",
}
_MOST = 64  # expressions of time looked at in one text: the news read have 20 at most
# 早一点, 往北一点: a bit, no clock
_A_BIT = frozenset("有差早晚近远大小多少快慢高低好来去过上下前后轻重点西北南东深浅松紧")
_AHEAD = timedelta(days=30)  # 9月5日 said on the 3rd is a plan, not last year's
_DAYS_BACK = {"今": 0, "琴": 0, "昨": 1, "前": 2, "大": 3, "夜": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """One expression: where it stands, the local time it means, how precise it is, whether it names its own day."""

    start: int
    end: int
    at: datetime
    precision: Precision
    dated: bool
    period: str | None = None


class Reference(NamedTuple):
    """The time of receipt in Asia/Shanghai; `clock` False when only its date is known."""

    at: datetime
    clock: bool


def value_of(word: str) -> int | None:
    """Two digits, Arabic or Chinese, as a number."""
    if word.isdigit():
        return int(word)
    if len(word) > 1 and word[0] == "零":
        return value_of(word[1:])
    return chinese_value(word) if word else None


def moments(plain: str, reference: Reference) -> list[Moment]:
    """Every expression of time in order; each without a day of its own inherits the day said before it."""
    out: list[Moment] = []
    base: date | None = None
    for match in MOMENT.finditer(plain):
        if match.end() == match.start():
            continue
        if len(out) == _MOST:
            break
        found = _moment(match, reference, base)
        if found is not None:
            out.append(found)
            base = found.at.date()
    return out


def _midnight(on: date) -> datetime:
    return datetime.combine(on, datetime.min.time(), tzinfo=BEIJING)


def _moment(match: re.Match[str], reference: Reference, base: date | None) -> Moment | None:
    if match["ago"] or match["just"]:
        return _ago(match, reference)
    if match["iso"]:
        return _iso(match)
    period = match["period"] or _DAY_PERIODS.get(match["dword"] or "")
    day = _day(match, reference, base)
    if day is None and not _clocked(match) and not _solid_period(match):
        return None
    if _clocked(match):
        return _clock(match, day, period, reference, base)
    if day is None and not period:
        return None
    on = day or base or reference.at.date()
    if period:
        first = _midnight(on) + timedelta(hours=_FIRST_HOUR[period])
        return Moment(*_trimmed(match), first, "part_of_day", day is not None, period)
    return Moment(*_trimmed(match), _midnight(on), "day", True)


def _clocked(match: re.Match[str]) -> bool:
    return bool(match["hour"] or match["h24"])


def _solid_period(match: re.Match[str]) -> bool:
    return bool(match["period"]) and len(match["period"]) > 1 and "半夜" not in match["period"]


def _ago(match: re.Match[str], reference: Reference) -> Moment:
    minutes = 0
    if match["ago"]:
        count = 0.5 if match["half"].startswith("半") else float(value_of(match["half"].rstrip("个半多")) or 0)
        count += 0.5 if (match["ahalf"] or "") == "个半" else 0
        minutes = round(count * (60 if "时" in match["unit"] or "钟头" in match["unit"] else 1))
    at = (reference.at - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    return Moment(match.start(), match.end(), at, "minute" if reference.clock else "day", True)


def _iso(match: re.Match[str]) -> Moment | None:
    year, month, day = (int(part) for part in re.split(r"[-/.]", match["iso"]))
    on = _date(year, month, day)
    if on is None:
        return None
    if match["ih"] and int(match["ih"]) < 24 and int(match["im"]) < 60:
        at = _midnight(on) + timedelta(hours=int(match["ih"]), minutes=int(match["im"]))
        return Moment(match.start(), match.end(), at, "minute", True)
    return Moment(match.start(), match.end(), _midnight(on), "day", True)


def _clock(
    match: re.Match[str], day: date | None, period: str | None, reference: Reference, base: date | None
) -> Moment | None:
    hour = value_of(match["hour"] or match["h24"])
    minute, precision = _minute(match)
    if match.group() in {"一点", "一点钟"} and match.string[match.start() - 1 : match.start()] in _A_BIT:
        return None
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    on = day or base or reference.at.date()
    hour, shift = _hour(hour, period)
    at = _midnight(on) + timedelta(days=shift, hours=hour, minutes=minute)
    if reference.clock and period is None and _twelve_hours(match):
        later = at + timedelta(hours=12)
        at = later if at.hour < 12 and on == reference.at.date() and later <= reference.at else at
    if day is None and base is None and reference.clock and at > reference.at + timedelta(minutes=30):
        at -= timedelta(days=1)
    start, end = _trimmed(match)
    return Moment(start, end, at, precision, day is not None, period)


def _twelve_hours(match: re.Match[str]) -> bool:
    """10点20 and 8:55 leave morning or evening open; 10时20分 and 08:55 are of 24 hours."""
    if match["h24"]:
        return len(match["h24"]) == 1
    return "点" in match.group()


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    words = match.group()
    start = match.start() + len(words) - len(words.lstrip(",的"))
    return start, match.start() + len(words.rstrip(",的"))


def _minute(match: re.Match[str]) -> tuple[int | None, Precision]:
    if match["m24"]:
        return int(match["m24"]), "minute"
    if match["half2"]:
        return 30, "minute"
    if match["quarter"]:
        return 15 * (value_of(match["quarter"]) or 0), "minute"
    if match["minute"]:
        return value_of(match["minute"]), "minute"
    return 0, "hour"


def _hour(hour: int, period: str | None) -> tuple[int, int]:
    """The hour of 24 and how many days later it falls: 晚12点 is the next day's 0, 昨晚1点 is past midnight."""
    if hour == 24:
        return 0, 1
    if period in _LATE and hour < 12:
        night = period not in {"下午", "午后", "傍晚", "傍黑"}
        return (hour, 1) if night and hour < 5 else (hour + 12, 0)
    if period in {"晚上", "晚间", "夜里", "深夜", "晚", "夜", "午夜", "半夜"} and hour == 12:
        return 0, 1
    if period in {"中午", "正午", "晌午", "午间"} and hour < 4:
        return hour + 12, 0
    if period in {"午夜", "半夜", "深夜"} and 9 <= hour < 12:
        return hour + 12, 0
    return (0, 0) if period == "凌晨" and hour == 12 else (hour, 0)


def _day(match: re.Match[str], reference: Reference, base: date | None) -> date | None:
    today = reference.at.date()
    if match["dword"]:
        return _day_word(match["dword"], today, base)
    if match["pday"]:
        return _partial(None, value_of(match["pmonth"]) if match["pmonth"] else None, match["pday"], today)
    if match["day"] or match["day2"]:
        month = _month(match, today)
        year, word = _year(match, today), match["day"] or match["day2"]
        if year is None and month is None and base is not None and (near := _beside(base, word, today)):
            return near
        return _partial(year, month, word, today)
    if match["wday"]:
        return _weekday(match["week"], match["wday"], today)
    return holiday(match["holiday"], today) if match["holiday"] else None


def _day_word(word: str, today: date, base: date | None) -> date:
    if word[0] == "当":
        return base or today
    if word[0] in "次第翌":
        return (base or today - timedelta(days=1)) + timedelta(days=1)
    return today - timedelta(days=_DAYS_BACK.get(word[0], 0))


def _year(match: re.Match[str], today: date) -> int | None:
    if match["yword"]:
        return today.year - {"今年": 0, "去年": 1, "前年": 2}[match["yword"]]
    if not match["year"]:
        return None
    if not match["year"].isdigit():
        digits = "".join(
            str("零一二三四五六七八九".find(c)) if c in "零一二三四五六七八九" else c for c in match["year"]
        )
        return int(digits) if digits.isdigit() else None
    return int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)


def _month(match: re.Match[str], today: date) -> int | None:
    if match["mword"]:
        return today.month if match["mword"] == "本月" else (today.month - 2) % 12 + 1
    word = match["month"] or match["month2"]
    return value_of(word) if word else None


def _partial(year: int | None, month: int | None, word: str, today: date) -> date | None:
    """The latest day not after tomorrow that fits what was said; a month and a day may lie some weeks ahead: a plan."""
    day = value_of(word)
    if day is None:
        return None
    if year is not None:
        return _date(year, month or today.month, day)
    if month is not None:
        this = _date(today.year, month, day)
        return this if this and this <= today + _AHEAD else _date(today.year - 1, month, day)
    this = _date(today.year, today.month, day)
    if this and this <= today + timedelta(days=1):
        return this
    last = today.replace(day=1) - timedelta(days=1)
    return _date(last.year, last.month, day)


def _beside(base: date, word: str, today: date) -> date | None:
    """8月4日 … 5日: a bare day is the one nearest to the date that the text said before it, not after tomorrow."""
    day = value_of(word)
    months = (base.replace(day=1) - timedelta(days=1), base, base.replace(day=28) + timedelta(days=5))
    found = [on for month in months if day and (on := _date(month.year, month.month, day))]
    near = min(found, key=lambda on: abs(on - base), default=None)
    return near if near and abs(near - base) <= timedelta(days=14) and near <= today + timedelta(days=1) else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(week: str, word: str, today: date) -> date:
    wanted = "一二三四五六日".find(word) if word in "一二三四五六日" else (6 if word == "天" else int(word) - 1)
    monday = today - timedelta(days=today.weekday())
    if week.startswith("上"):
        return monday - timedelta(weeks=week.count("上")) + timedelta(days=wanted)
    day = monday + timedelta(days=wanted)
    return day if day <= today else day - timedelta(weeks=1)
