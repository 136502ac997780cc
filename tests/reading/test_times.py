"""When it happened, with the precision said; reporting and "as of" times are something else."""

from datetime import date, datetime

import pytest

from dutydesk.clock import BEIJING
from dutydesk.reading import read

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)  # a Monday


@pytest.mark.parametrize(
    ("words", "at", "precision"),
    [
        ("21日14时48分", "2026-11-21T14:48+08:00", "minute"),
        ("11月23日14:20", "2026-11-23T14:20+08:00", "minute"),
        ("11月23日 14时20分许", "2026-11-23T14:20+08:00", "minute"),
        ("2026年11月22日8时5分", "2026-11-22T08:05+08:00", "minute"),
        ("2026-11-22 10:24", "2026-11-22T10:24+08:00", "minute"),
        ("二十一日下午三点半", "2026-11-21T15:30+08:00", "minute"),
        ("11月二十二日晚七时四十分", "2026-11-22T19:40+08:00", "minute"),
        ("今天凌晨3时许", "2026-11-23T03:00+08:00", "hour"),
        ("昨天下午1点多", "2026-11-22T13:00+08:00", "hour"),
        ("今早六点多", "2026-11-23T06:00+08:00", "hour"),
        ("昨晚11点", "2026-11-22T23:00+08:00", "hour"),
        ("昨晚1点", "2026-11-23T01:00+08:00", "hour"),
        ("昨晚", "2026-11-22", "part_of_day"),
        ("周六上午", "2026-11-21", "part_of_day"),
        ("上周五下午三点一刻", "2026-11-20T15:15+08:00", "minute"),
        ("国庆节当天", "2026-10-01", "day"),
        ("大年初一00:20", "2026-02-17T00:20+08:00", "minute"),
        ("半小时前", "2026-11-23T14:20+08:00", "minute"),
        ("40分钟前", "2026-11-23T14:10+08:00", "minute"),
        ("刚才", "2026-11-23T14:50+08:00", "minute"),
        ("25日14时", "2026-10-25T14:00+08:00", "hour"),
        ("12月30日9时", "2025-12-30T09:00+08:00", "hour"),
        ("21时许", "2026-11-22T21:00+08:00", "hour"),
        ("１４时２０分", "2026-11-23T14:20+08:00", "minute"),
        ("今（23）日上午9时", "2026-11-23T09:00+08:00", "hour"),
    ],
)
def test_occurrence(words: str, at: str, precision: str) -> None:
    found = read(f"{words}，胶州市胶莱街道某厂发生火灾，2人受伤", AT)
    assert (found.occurred_at, found.occurred_precision) == (at, precision)


def test_morning_or_evening_is_the_one_just_past() -> None:
    evening = datetime(2026, 11, 23, 22, 30, tzinfo=BEIJING)
    assert read("10点20分胶州市某厂着火", evening).occurred_at == "2026-11-23T22:20+08:00"
    assert read("10时20分胶州市某厂着火", evening).occurred_at == "2026-11-23T10:20+08:00"


def test_as_of_is_not_the_occurrence() -> None:
    found = read("11月22日14时20分，胶州市某厂爆炸，截至23日8时，造成3人死亡", AT)
    assert found.occurred_at == "2026-11-22T14:20+08:00"
    assert found.as_of == "2026-11-23T08:00+08:00"


def test_the_report_is_not_the_occurrence() -> None:
    found = read("14时10分接群众报警，胶州市胶莱街道某小区起火", AT)
    assert (found.occurred_at, found.reported_at) == (None, "2026-11-23T14:10+08:00")


def test_the_dateline_of_a_newspaper_is_not_the_occurrence() -> None:
    found = read("新华网济南11月23日电 11月22日早上，23省道胶州市胶莱街道附近发生两车相撞，2人死亡", AT)
    assert found.occurred_at == "2026-11-22"


def test_a_coarse_word_gives_way_to_a_finer_one_of_the_same_day() -> None:
    found = read("昨天凌晨，胶州市某隧道发生车祸。昨日凌晨2时15分左右，一辆客车在隧道内追尾，3人死亡", AT)
    assert found.occurred_at == "2026-11-22T02:15+08:00"


def test_a_bare_date_of_receipt_gives_no_clock() -> None:
    found = read("刚才胶州市某厂着火", date(2026, 11, 23))
    assert (found.occurred_at, found.occurred_precision) == ("2026-11-23", "day")


@pytest.mark.parametrize("text", ["胶州市5号楼着火", "胶州市某厂着火，明火已于扑灭", "比刚才多43人,胶州市某村转移97人"])
def test_silent_texts_have_no_time(text: str) -> None:
    assert read(text, AT).occurred_at is None


@pytest.mark.parametrize(
    "text",
    [
        "香港中路8号写字楼冒烟,2人被困",
        "团岛路3号疑似燃气泄漏",
        "世纪大道12号起火",
        "西村8号民房倒塌",
        "长江巷6号着火,无人伤亡",
    ],
)
def test_a_house_number_is_not_a_day(text: str) -> None:
    assert read(text, datetime(2026, 11, 23, 21, 56, tzinfo=BEIJING)).occurred_at is None


def test_a_day_said_as_number_still_is_one() -> None:
    assert (
        read("8号下午3点,胶州湾大桥追尾", datetime(2026, 11, 23, 21, 56, tzinfo=BEIJING)).occurred_at
        == "2026-11-08T15:00+08:00"
    )


def test_a_numbered_vessel_is_no_day_of_the_month() -> None:
    said = "泊里镇港前大道88号澜渚石化2号反应釜爆炸,1人死亡,5人受伤"
    assert read(said, AT).occurred_at is None
    assert read("11月2日反应釜爆炸,1人死亡", AT).occurred_at == "2026-11-02"
    assert read("11月2号反应釜爆炸,1人死亡", AT).occurred_at == "2026-11-02"


def test_a_bit_is_no_clock_and_a_post_is_no_day() -> None:
    assert read("沈海高速即墨北下来一点好几辆车撞一块了", AT).occurred_at is None
    assert read("基坑边坡垮下,2号位和3号位的两名被土压住", AT).occurred_at is None
    assert read("下午一点平度明村一仓库起火", AT).occurred_at == "2026-11-23T13:00+08:00"


@pytest.mark.parametrize(
    ("text", "occurred"),
    [
        ("21日17时许,被困12人中4人获救升井。19日3时30分,平度市一座煤矿发生透水", "2026-11-19T03:30+08:00"),
        ("21日晚,记者从交警支队了解到,21日18时许,平度市南京路两车相撞", "2026-11-21T18:00+08:00"),
        ("平度市一栋民房爆炸,4人死亡。事发在早上八时半,出动30辆消防车", "2026-11-23T08:30+08:00"),
        ("昨天上午,平度市一工地脚手架坍塌。上午10点左右,消防队员发现被埋工人", "2026-11-22"),
        ("据平度市民政局21日21时统计,雪灾造成3人死亡", None),
        ("平度市一辆中巴坠崖。这辆车昨日早上8时从县城出发,13时左右翻下深沟", "2026-11-22T13:00+08:00"),
    ],
)
def test_the_time_of_the_event_among_the_times_of_a_press_text(text: str, occurred: str | None) -> None:
    assert read(text, AT).occurred_at == occurred
