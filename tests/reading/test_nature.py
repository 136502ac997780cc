"""Report, drill, answer, greeting, advertisement, notice, tip, denied rumour; first, follow-up, final; cut off."""

from datetime import datetime

import pytest

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import Kind, Nature
from dutydesk.reading import read

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("胶州市胶莱街道某厂着火了,快来", "report"),
        ("【演练】胶州市胶莱街道某厂发生火灾,3人被困", "drill"),
        ("演练演练演练，某化工厂泄漏，请各单位响应", "drill"),
        ("收到，马上核实", "answer"),
        ("您好，祝您中秋快乐，阖家幸福", "greeting"),
        ("【某银行】您的贷款额度已提升，点击链接领取，回T退订", "advertisement"),
        ("通知：今日下午3点在镇政府会议室召开安全生产会议，请准时参加", "notice"),
        ("暴雨黄色预警：预计今夜到明天有大雨，请注意防范", "tip"),
        ("辟谣：网传某化工厂爆炸死12人系谣言，请勿传播", "rumour_denied"),
        ("请问山火扑灭没有？", "notice"),
        ("", "unsure"),
        ("   \n ", "unsure"),
    ],
)
def test_nature(text: str, nature: Nature) -> None:
    assert read(text, AT).nature == nature


@pytest.mark.parametrize(
    "text", ["收到", "暴雨黄色预警：预计今夜有大雨，请注意防范", "辟谣：网传某化工厂爆炸死12人系谣言"]
)
def test_what_is_no_report_says_no_figures_and_no_place(text: str) -> None:
    found = read(text, AT)
    assert (found.is_emergency, found.deaths, found.place_text, found.code) == (False, None, None, None)


@pytest.mark.parametrize("text", ["这不是演练！！某厂真泄漏了，2人灼伤", "消防演练时发生真火灾，烧伤1人"])
def test_not_a_drill_is_a_report(text: str) -> None:
    found = read(text, AT)
    assert (found.is_drill, found.is_emergency) == (False, True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("胶州市某厂发生火灾，2人受伤", "首报"),
        ("续报：胶州市某厂火灾死亡人数升至3人", "续报"),
        ("胶州市某厂火灾续报二：死亡3人", "续报"),
        ("终报：胶州市某厂火灾救援结束，死亡3人", "终报"),
        ("截至15时，胶州市某厂火灾已造成3人死亡", "续报"),
        ("电梯困人已处置完，6人全部救出", "终报"),
    ],
)
def test_kind(text: str, kind: Kind) -> None:
    assert read(text, AT).kind == kind


def test_a_correction_is_marked() -> None:
    assert read("更正：某厂火灾死亡应为2人", AT).correction
    assert not read("某厂火灾死亡2人", AT).correction


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("胶州市某厂发生火灾，造成", True),
        ("胶州市某厂发生火灾，2人受伤（其中", True),
        ("胶州市某厂发生火灾，2人受伤。", False),
    ],
)
def test_a_text_cut_off_is_marked(text: str, cut: bool) -> None:
    assert read(text, AT).cut_off is cut
