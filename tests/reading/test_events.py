"""What happened: the leading cause, the others, and what only looks like one."""

import csv
import re
from datetime import datetime

import pytest

from dutydesk.clock import BEIJING
from dutydesk.reading import read
from dutydesk.reading.events import code_names, rules
from dutydesk.reading.text import resource

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("胶州市胶莱街道某化工厂发生爆炸,3人死亡", "12D01"),
        ("青银高速一客车与货车相撞后起火燃烧,3人死亡", "12H02"),
        ("四川宜宾长宁县发生6.0级地震,全城停电", "11C02"),
        ("某村民房着火,1人受伤", "12G03"),
        ("李沧区一高层公寓23层着火", "12G04"),
        ("崂山北宅街道大崂村后山起山火了", "11G01"),
        ("某小学37名学生午饭后呕吐腹泻", "13B03"),
        ("一家三口一氧化碳中毒送医", "13C03"),
        ("某村连日强降雨引发山体滑坡,2人被埋", "11D01"),
        ("某煤矿瓦斯爆炸,5人被困", "12A01"),
        ("工地脚手架坍塌,3人被压", "12C01"),
        ("渔船在海上沉没,4人失踪", "12J08"),
        ("一客车翻入江中,24人失踪", "12H03"),
        ("二百余名村民堵住国道讨说法", "14A13"),
        ("男子持刀砍人,1死2伤", "14B01"),
        ("火车站发生暴力恐怖袭击,29人死亡", "14F16"),
        ("某养殖场发生非洲猪瘟疫情", "13E04"),
        ("广场灯会发生踩踏,8人受伤", "12S01"),
        ("电梯困人,6人被困", "12N04"),
        ("某路燃气管道被挖断,疏散200人", "12P09"),
    ],
)
def test_leading_cause(text: str, code: str) -> None:
    found = read(text, AT)
    assert found.code == code
    assert found.subtype == code_names()[code]
    assert found.is_emergency


def test_the_other_causes_are_kept() -> None:
    found = read("青银高速胶州段一客车与货车相撞后起火燃烧,3人死亡", AT)
    assert any(code.startswith("12G") for code in found.other_codes)


def test_a_denied_cause_does_not_lead() -> None:
    found = read("某路两车相撞,2人受伤,未引发火灾", AT)
    assert found.code == "12H02"
    assert not any(code.startswith("12G") for code in found.other_codes)


def test_every_rule_names_a_code_of_the_standard() -> None:
    assert {rule.code for rule in rules()} <= set(code_names())


def test_every_rule_can_match_its_own_key() -> None:
    assert all(rule.keys and all(rule.keys) for rule in rules())
    assert all(re.compile(rule.near) for rule in rules())


def test_every_line_of_the_table_is_whole() -> None:
    """A comma in a pattern that is not quoted would cut the pattern off without a word."""
    lines = list(csv.reader(resource("events.csv").splitlines()))
    assert all(len(line) == 4 for line in lines)
    assert {line[0] for line in lines[1:]} <= set(code_names())


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("江西彭泽县棉船镇江堤出现管涌,砂石在往外翻", "11A"),
        ("电动车楼道充电起火,5楼有两人被困", "12G"),
        ("京港澳高速43台车连环撞,三四个人不行了", "12H"),
    ],
)
def test_a_name_is_not_a_cause(text: str, group: str) -> None:
    assert (read(text, AT).code or "").startswith(group)
