"""Days that people name instead of a date: 国庆, 大年初一, 中秋. Facts and look-up only.

It must never guess: a feast of the moon in a year that the table lacks is not resolved.
"""

from datetime import date, timedelta

_FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "五一": (5, 1), "国庆": (10, 1), "国庆节": (10, 1), "十一": (10, 1)}
# Day of the first moon (春节), 清明, 端午, 中秋, from the notices of the State Council on public holidays.
_LUNAR = {
    2023: ("0122", "0405", "0622", "0929"),
    2024: ("0210", "0404", "0610", "0917"),
    2025: ("0129", "0404", "0531", "1006"),
    2026: ("0217", "0405", "0619", "0925"),
    2027: ("0206", "0405", "0609", "0915"),
    2028: ("0126", "0404", "0528", "1003"),
}


def holiday(name: str, today: date) -> date | None:
    """The latest such holiday not after today; None when its year is not in the table."""
    if name in _FIXED:
        month, day = _FIXED[name]
        this = date(today.year, month, day)
        return this if this <= today else date(today.year - 1, month, day)
    found = [on for year in (today.year, today.year - 1) if (on := _lunar(name, year)) and on <= today]
    return found[0] if found else None


def _lunar(name: str, year: int) -> date | None:
    if year not in _LUNAR:
        return None
    spring, clear, dragon, autumn = (date(year, int(d[:2]), int(d[2:])) for d in _LUNAR[year])
    if "初" in name:
        return spring + timedelta(days="一二三四五六七".find(name[-1]))
    days = {"除夕": -1, "大年三十": -1, "年三十": -1, "春节": 0, "元宵": 14, "元宵节": 14}
    if name in days:
        return spring + timedelta(days=days[name])
    return {"清": clear, "端": dragon, "中": autumn}[name[0]]
