"""People and money: sums over clauses, "of whom", none, some, being verified, and what is no casualty."""

from datetime import datetime

import pytest

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import Bounds, Figure, Reading
from dutydesk.reading import read

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)


def reading(text: str) -> Reading:
    return read(f"胶州市胶莱街道某化工厂发生爆炸,{text}", AT)


@pytest.mark.parametrize(
    ("text", "deaths"),
    [
        ("造成3人死亡", 3),
        ("死亡3失联2重伤5", 3),
        ("两死一伤", 2),
        ("死3伤5", 3),
        ("当场死亡5人,另有2人送医后死亡", 7),
        ("现场死亡5人。另有2人送医后死亡。", 7),
        ("一名3岁男童当场死亡,一名15岁少年送医后不治身亡", 2),
        ("4人死亡(2人当场死亡,2人经抢救不治身亡)", 4),
        ("三男两女全部死亡", 5),
        ("车上11人(5女6男)全部死亡", 11),
        ("一名老人和两名儿童死亡", 3),
        ("死亡人数由5人上升至8人", 8),
        ("死亡人数已升至18人", 18),
        ("7人死亡,其中5人当场死亡,2人送医后死亡", 7),
        ("更正:死亡应为2人,不是3人", 2),
        ("撞死4人", 4),
        ("死者5名", 5),
        ("死亡至少9人", Bounds(min=9)),
        ("多人受伤,无人死亡", 0),
        ("无人员伤亡", 0),
        ("未造成人员伤亡", 0),
        ("暂无人员伤亡", 0),
        ("没有死人", 0),
        ("冇人伤亡", 0),
        ("死了俩", 2),
        ("工人没救过来", 1),
        ("6人死亡。事故造成6人死亡,3人重伤。", 6),
        ("已找到3名遇难者遗体", 3),
        ("死亡3人受伤2人", 3),
        ("造成3人死伤", None),
        ("伤亡情况正在核实", None),
        ("现场情况不明", None),
        ("死亡率下降", None),
    ],
)
def test_deaths(text: str, deaths: Figure) -> None:
    assert reading(text).deaths == deaths


@pytest.mark.parametrize(
    ("text", "injured", "grave"),
    [
        ("5人受伤,其中2人重伤", 5, 2),
        ("14人受伤(重伤2人)", 14, 2),
        ("6人死亡,3人重伤,14人轻微伤", 17, 3),
        ("重伤5人,轻伤6人", 11, 5),
        ("两人受重伤,两人受轻伤", 4, 2),
        ("21人受伤(其中重伤5人、轻伤16人,已全部送医)", 21, 5),
        ("3名工人、2名路人受伤", 5, None),
        ("十余人受伤", Bounds(min=10), None),
        ("近百人受伤", Bounds(max=100), None),
        ("司机受轻伤", 1, None),
        ("没人受伤", 0, None),
        ("没伤着人", 0, None),
        ("3人送医", 3, None),
    ],
)
def test_injured(text: str, injured: Figure, grave: Figure) -> None:
    found = reading(text)
    assert (found.injured, found.seriously_injured) == (injured, grave)


@pytest.mark.parametrize(
    ("text", "field", "figure"),
    [
        ("3人失联", "missing", 3),
        ("2人下落不明", "missing", 2),
        ("3人失联,目前仍有1人失联", "missing", 1),
        ("7个人联系不上", "missing", 7),
        ("5人被困", "trapped", 5),
        ("被困5人全部救出", "trapped", 0),
        ("救出被困人员3人", "rescued", 3),
        ("出动消防员30人,疏散群众200人", "evacuated", 200),
        ("紧急转移安置灾区群众2919户9496人", "evacuated", 9496),
        ("10512户49789人受灾", "affected", 49_789),
        ("10512户49789人受灾", "households", 10_512),
        ("直接经济损失约1200万元", "direct_loss_cny", 12_000_000),
        ("初步测算损失达1亿多元", "direct_loss_cny", Bounds(min=100_000_000)),
        ("过火面积约500平方米", "area_m2", 500),
        ("过火面积约200亩", "area_m2", 133_400),
        ("占地面积2600平方米", "area_m2", None),
    ],
)
def test_other_figures(text: str, field: str, figure: Figure) -> None:
    assert getattr(reading(text), field) == figure


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("伤亡情况正在核实", "deaths"),
        ("人员伤亡不详", "injured"),
        ("是否有人员伤亡不清楚", "deaths"),
        ("有没有人受伤还在查", "injured"),
    ],
)
def test_being_verified_is_unknown_and_not_zero(text: str, field: str) -> None:
    found = reading(text)
    assert getattr(found, field) is None
    assert field in found.unknown


@pytest.mark.parametrize(
    ("text", "field"), [("多人受伤", "injured"), ("数十人受伤", "injured"), ("有部分群众被困", "trapped")]
)
def test_some_is_vague_and_no_figure(text: str, field: str) -> None:
    found = reading(text)
    assert getattr(found, field) is None
    assert field in found.vague


@pytest.mark.parametrize(
    "text",
    [
        "司机35岁",
        "被困2小时",
        "出动消防车20辆",
        "联系电话+861200000123",
        "车牌鲁B8D023",
        "受伤情况正在统计",
        "为防止人员伤亡,已拉起警戒线",
        "动员党员干部30人参与救援",
    ],
)
def test_what_is_no_casualty(text: str) -> None:
    found = reading(text)
    assert (found.deaths, found.injured, found.seriously_injured, found.missing, found.trapped) == (None,) * 5


def test_marked_words_are_those_of_the_text_as_written() -> None:
    text = "胶州市 某厂 爆炸，造成 ３ 人 死亡，伤者５名"
    found = read(text, AT)
    assert found.deaths == 3
    assert found.injured == 5
    assert [text[a:b] for a, b in found.spans["deaths"]] == ["３ 人 死亡"]


def test_traditional_characters_are_read() -> None:
    found = read("膠州市膠萊街道化工廠發生爆炸，3人死亡，2人失蹤，傷者5人", AT)
    assert (found.deaths, found.missing, found.injured, found.code) == (3, 2, 5, "12D01")
    assert found.place_text == "膠州市膠萊街道化工廠"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3人伤（1重2轻），已送县医院", {"injured": 3, "seriously_injured": 1}),
        ("救出1人（骨折），无其他人员被困", {"injured": 1, "trapped": 0}),
        ("导致34人受伤，重伤有8人，其中危重2人", {"injured": 34, "seriously_injured": 8}),
        ("张某带8岁儿子取货，8岁儿子当场身亡", {"deaths": 1}),
        ("造成21人受伤，目前3人住院治疗，伤情平稳", {"injured": 21}),
        ("3人被压，已全部救出，其中1人经抢救无效死亡，2人伤情稳定", {"deaths": 1, "injured": 2, "trapped": 0}),
        ("井下33名矿工被困，目前已有24人获救，另外9人仍在搜救之中", {"trapped": 9}),
        ("4200人全部撤到高地，没有伤亡", {"evacuated": 4200, "deaths": 0, "injured": 0}),
    ],
)
def test_parts_and_remainders_as_bulletins_tell_them(text: str, said: dict[str, int]) -> None:
    found = reading(text)
    assert {name: getattr(found, name) for name in said} == said


def test_what_is_taken_back_in_the_same_text_does_not_count() -> None:
    found = read("珠海街道工地3死!!!不对 是3伤 死的没有 刚才打错了", AT)
    assert (found.deaths, found.injured) == (0, 3)


def test_last_year_s_dead_are_background_and_today_s_buried_are_not() -> None:
    found = read("去年7月该矿曾死3人,今天8点又冒顶,埋了2个,在莱西南墅", AT)
    assert (found.deaths, found.trapped) == (None, 2)


def test_the_number_behind_a_word_is_its_own_across_a_comma() -> None:
    assert read("原报7人失联,现联系上4人,确认遇难1人,尚有2人失联", AT).deaths == 1


def test_those_brought_out_are_hurt_when_the_words_behind_say_so() -> None:
    found = read("K702处追尾,被困两人已破拆救出,均骨折", AT)
    assert (found.trapped, found.injured) == (0, 2)


def test_the_gravely_ill_are_ill_and_not_hurt() -> None:
    found = read("薛家岛一养老院17名老人发热,已有3人重症转院", AT)
    assert (found.seriously_injured, found.injured) == (3, None)


def test_a_road_blocked_kills_nobody() -> None:
    assert read("环湾路隧道口一个大车自己着了 堵死了 后面人都弃车往外跑", AT).deaths is None


@pytest.mark.parametrize(
    ("text", "name", "figure"),
    [
        ("打磨车间闪了一下全着了 烧了7个 3个重", "injured", 7),
        ("在场6人都烧着了", "injured", 6),
        ("厨师手烫伤", "injured", 1),
        ("持剪刀将其扎伤", "injured", 1),
        ("丁家庄掉冰窟窿里 俩娃都没保住", "deaths", 2),
        ("在护城河发现一具女尸", "deaths", 1),
        ("司机腿卡着", "trapped", 1),
        ("三人已全部抬出", "trapped", 0),
        ("火还没压住", "trapped", None),
        ("失联的9名牧民找到7名,另外2名还在找", "missing", 2),
        ("人员全部撤到厂外,共47人", "evacuated", 47),
        ("疏散了两栋楼 大概120人", "evacuated", 120),
        ("渔船被风浪困住,船上共11人", "trapped", 11),
        ("更正前报:受伤人员应为4人", "injured", 4),
        ("伤者中1人死亡,其余5人在院", "injured", 5),
        ("2名男子被压,12时40分相继挖出,均已死亡", "deaths", 2),
        ("牧民2人赶羊未归", "missing", 2),
        ("房顶塌了,压着俩人", "trapped", 2),
        ("脚手架垮塌,5名工人坠落,送医后2人死亡,另3人伤情稳定", "injured", 3),
        ("公交撞了,伤了七八个,有俩重的", "seriously_injured", 2),
        ("伤了11个,其中重的3个", "seriously_injured", 3),
        ("小车里三个人全没了", "deaths", 3),
        ("养老院起火,22个老人转出来了", "evacuated", 22),
    ],
)
def test_people_counted_as_tired_senders_count_them(text: str, name: str, figure: Figure) -> None:
    assert getattr(read(text, AT), name) == figure


@pytest.mark.parametrize(
    ("text", "deaths", "missing"),
    [
        ("沭阳县庙头镇14时车祸伤三人,无一人死亡", 0, None),
        ("沭阳县庙头镇14时山洪,9人被冲走,4人获救,3人遇难,2人失联", 3, 2),
    ],
)
def test_nobody_is_no_one_and_those_left_over_are_no_more(text: str, deaths: int, missing: int | None) -> None:
    found = read(text, datetime(2026, 9, 10, 19, tzinfo=BEIJING))
    assert (found.deaths, found.missing) == (deaths, missing)


@pytest.mark.parametrize(
    ("text", "deaths", "injured", "missing"),
    [
        ("消防队员9人、保安1人、记者4人受伤", None, 14, None),
        ("外籍游客3人、国内游客9人受伤", None, 12, None),
        ("死者系一家三口", 3, None, None),
        ("一对父子重度烧伤", None, 2, None),
        ("袭击者2人被击毙,5名平民死亡", 5, None, None),
        ("1人当场死亡、3人受伤,其中1人在医院抢救无效死亡", 2, 2, None),
        ("5人受伤,2人经抢救无效死亡,另3人伤情稳定", 2, 3, None),
        ("2人当场死亡,4人受伤(后经医院抢救无效死亡)", 6, None, None),
        ("5人重伤1人轻伤。今天上午5名重伤者均抢救无效死亡", 5, 1, None),
        ("初步统计5人死亡。又有3名伤者不治,死亡人数升至8人", 8, None, None),
        ("9名矿工下落不明。找到两具遗体,对其余7位失踪矿工的搜救仍在进行", 2, None, 7),
        ("3人失联,2人受伤,另外3名失联人员的搜救工作仍在进行", None, 2, 3),
        ("渔船上8人失联。三艘海巡船尚未发现失联者", None, None, 8),
        ("10人失踪。目前尚未接到新增人员伤亡的报告", None, None, 10),
        ("628人受伤。目前共收治伤员868人", None, 628, None),
        ("车上4人(2男2女)无一生还", 4, None, None),
        ("造成3人死亡。今年3月8日另一厂爆炸,9人遇难", 3, None, None),
    ],
)
def test_what_press_and_bulletins_add_up(text: str, deaths: Figure, injured: Figure, missing: Figure) -> None:
    found = read(f"11月21日14时,胶州市胶莱街道某化工厂发生爆炸,{text}", AT)
    assert (found.deaths, found.injured, found.missing) == (deaths, injured, missing)
