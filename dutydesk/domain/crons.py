"""Recurring instants as cron rules (minute hour day month weekday, Asia/Shanghai), computed by APScheduler's trigger."""

from functools import cache

from apscheduler.triggers.cron import CronTrigger

from dutydesk.clock import SECOND, from_datetime, to_datetime

ZONE = "Asia/Shanghai"


def checked(text: str) -> str:
    """The rule as given. Raises ValueError when it is none, or names weekdays by number."""
    try:
        CronTrigger.from_crontab(text, timezone=ZONE)
    except ValueError:
        raise ValueError("不是 cron 写法:应是“分 时 日 月 星期”五项,如 30 8 * * *") from None
    if any(c.isdigit() for c in text.split()[4]):  # cron counts from Sunday, APScheduler from Monday
        raise ValueError("星期请写英文缩写(mon-fri),不要写数字")
    return text


def following(rule: str, after: int) -> int:
    """The first instant of a rule later than `after`."""
    return from_datetime(trigger(rule).get_next_fire_time(None, to_datetime(after + SECOND)))


@cache
def trigger(rule: str) -> CronTrigger:
    """A rule, parsed once."""
    return CronTrigger.from_crontab(rule, timezone=ZONE)
