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


@pytest.mark.parametrize(
    "text",
    [
        "县委书记到王庄煤矿检查安全生产工作，深入采煤工作面了解瓦斯治理和顶板管理情况。",
        "今天是第18个全国防灾减灾日，18年前的今天，一场8.0级大地震夺去了数万人的生命。",
        "去年“7·31”洪水冲毁的三座桥梁已全部重建通车，沿线村民出行恢复便利。",
        "我市与大学签约共建矿山灾害救援实验室，围绕瓦斯爆炸、透水等事故救援技术开展攻关。",
        "主队昨晚104-99力克对手，末节火力全开，全场沸腾。",
    ],
)
def test_what_an_office_or_a_newspaper_does_about_events_is_no_report(text: str) -> None:
    assert not read(text, AT).is_emergency


def test_a_plea_to_spread_no_rumours_makes_no_denial_of_a_police_notice() -> None:
    text = "2026年11月22日16时许，我市S206线渔潭村路段两车相撞，造成2人死亡、4人受伤。请勿传谣、勿信谣。临湘市公安局"
    found = read(text, AT)
    assert (found.nature, found.deaths, found.injured) == ("report", 2, 4)


def test_a_fresh_time_and_what_happened_behind_it_outweigh_the_words_of_an_office() -> None:
    text = "11月23日9时许，宣威市一小学部分学生早餐后呕吐。截至14时，50名学生症状好转，其中42名拟于明日出院，教学秩序正常。"
    assert read(text, AT).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        "网信办：有网民发布“胶州一化工厂氯气泄漏死了二十多人”，经核实，系企业试压排水蒸气，无泄漏无伤亡，已联系删帖",
        "回复：经核，我区无学校食物中毒情况，网传图片为外地",
    ],
)
def test_what_was_looked_into_and_found_to_be_nothing_is_a_rumour_denied(text: str) -> None:
    found = read(text, AT)
    assert (found.nature, found.deaths) == ("rumour_denied", None)


def test_what_was_looked_into_and_found_true_is_a_report() -> None:
    assert read("有人称平度明村一仓库冒烟，经核实，系仓库起火，火势较大，正在扑救", AT).is_emergency


def test_a_day_long_past_with_its_year_is_remembered_and_not_reported() -> None:
    assert not read("2013年11月22日青岛输油管道爆炸62人遇难，愿逝者安息", AT).is_emergency
    assert read("2026年11月22日青岛输油管道爆炸62人遇难", AT).is_emergency


def test_an_order_to_look_into_something_is_no_report_of_it() -> None:
    assert not read("请核实：网传你区有学校食堂食物中毒，半小时内回复", AT).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        "延时10 正在接另一个电话",
        "正在接另一个电话",
        "正在开车",
        "手机快没电了",
        "人不在,找副镇长",
        "在高速上,不方便接电话",
        "正在往现场赶",
        "信号不好听不清",
        "已派人去看了",
    ],
)
def test_what_somebody_called_says_of_themselves_is_no_report(text: str) -> None:
    assert not read(text, AT).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        "经核实，报警人看到河里漂着的是一个橱窗模特，虚惊一场。",
        "昨晚梦见老屋着火，吓醒了，今天打个电话回家",
        "四线小城房价又涨了，刚需到底该不该上车？",
        "沪指今日崩盘式下跌，券商板块全线失守，两市四千股飘绿。",
        "隔壁工地半夜还在打桩，窗户嗡嗡响，打了三次热线都没人管。",
    ],
)
def test_dreams_markets_quarrels_with_neighbours_and_what_was_cleared_are_no_reports(text: str) -> None:
    assert not read(text, AT).is_emergency


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("村里一条黑狗见人就咬，今天咬伤7个人", "public_health"),
        ("地铁2号线施工工地塌了，路面陷了个大坑", "accident"),
        ("有人开车冲卡撞倒两名辅警逃了", "social_security"),
        ("福利院有孩子手上嘴里起疱，现在二十多个了", "public_health"),
        ("雪一直没停，进山的路全封死了，两个村断电三天", "natural_disaster"),
    ],
)
def test_what_is_told_without_its_name_has_its_class(text: str, category: str) -> None:
    assert read(text, AT).category == category
