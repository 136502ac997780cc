"""Which incident: the same one in other words, and the traps that look like one."""

from datetime import datetime, timedelta

import pytest

from dutydesk.clock import BEIJING
from dutydesk.reading import read
from dutydesk.reading.cluster import Clusterer, Proposal, Report, compare
from dutydesk.reading.commands import cluster_records

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)
FIRE = "14时20分胶莱街道鑫泰化工起火冒烟"


def report(text: str, at: datetime = AT) -> Report:
    return Report(text, at, read(text, at))


def verdict(one: str, other: str, minutes: int = 20) -> str:
    return compare(report(one), report(other, AT + timedelta(minutes=minutes))).verdict


@pytest.mark.parametrize(
    "other",
    [
        "胶州应急局报告：14时25分许，胶莱街道鑫泰化工有限公司发生爆炸，3人死亡",
        "刚才胶莱鑫泰化工厂着火了,快来",
        "续报：胶莱街道鑫泰化工爆炸死亡3人，失联2人",
    ],
)
def test_the_same_in_other_words(other: str) -> None:
    assert verdict(FIRE, other) == "same"


@pytest.mark.parametrize(
    "other",
    [
        "14时25分平度市南村镇一鞭炮厂爆炸",
        "14时25分胶莱街道鑫泰化工门口两车相撞,1人受伤",
        "【演练】14时25分胶莱街道鑫泰化工起火",
    ],
)
def test_another_place_kind_or_a_drill_is_never_the_same(other: str) -> None:
    assert verdict(FIRE, other) != "same"


def test_a_new_fire_at_the_place_of_last_months() -> None:
    later = AT + timedelta(days=31)
    assert compare(report(FIRE), report("14时20分胶莱街道鑫泰化工起火", later)).verdict == "new"


def test_a_new_fire_at_the_place_of_last_weeks() -> None:
    later = AT + timedelta(days=7)
    assert compare(report(FIRE), report("14时20分胶莱街道鑫泰化工起火", later)).verdict == "new"


def test_two_quakes_of_one_county_a_day_apart() -> None:
    first = report("4月8日3时12分云南大理州洱源县发生4.9级地震", datetime(2026, 4, 8, 4, tzinfo=BEIJING))
    second = report("4月9日3时51分云南大理州洱源县发生5.1级地震", datetime(2026, 4, 9, 4, tzinfo=BEIJING))
    again = report("续报：4月8日03时12分洱源县4.9级地震已致2人受伤", datetime(2026, 4, 8, 9, tzinfo=BEIJING))
    assert compare(first, second).verdict == "new"
    assert compare(first, again).verdict == "same"


def test_two_crashes_on_one_road_in_one_fog() -> None:
    one = report("7时20分沈海高速K612处多车相撞,2人受伤", datetime(2026, 11, 23, 7, 40, tzinfo=BEIJING))
    other = report("7时30分沈海高速K655处两车追尾,1人受伤", datetime(2026, 11, 23, 7, 50, tzinfo=BEIJING))
    assert compare(one, other).verdict == "new"


def test_two_ships_in_one_sea_area() -> None:
    one = report("10时20分灵山岛以东渔船“鲁黄渔60123”进水,船上7人遇险")
    other = report("10时30分灵山岛以东渔船“鲁胶渔61177”进水,船上5人遇险")
    assert compare(one, other).verdict == "new"


def test_two_first_reports_of_one_day_without_a_clock_are_not_surely_one() -> None:
    morning = datetime(2026, 11, 23, 8, 0, tzinfo=BEIJING)
    evening = datetime(2026, 11, 23, 19, 0, tzinfo=BEIJING)
    assert (
        compare(
            report("今天胶莱街道胶平路两车追尾,1人受伤", morning), report("今天胶莱街道胶平路两车追尾,2人受伤", evening)
        ).verdict
        != "same"
    )


def test_why_is_said_in_words() -> None:
    match = compare(report(FIRE), report("14时25分胶莱街道鑫泰化工爆炸"))
    assert "地点相同" in match.why


def add(clusterer: Clusterer, name: str, text: str, minutes: int) -> Proposal:
    at = AT + timedelta(minutes=minutes)
    return clusterer.add(name, text, at, read(text, at))


def test_a_clusterer_gives_the_first_id_only_when_sure() -> None:
    clusterer = Clusterer()
    assert add(clusterer, "a", FIRE, 0).incident == "a"
    same = add(clusterer, "b", "胶莱街道鑫泰化工14时25分爆炸,3人死亡", 10)
    assert (same.incident, same.sure, same.maybe) == ("a", True, None)
    follow = add(clusterer, "c", "续报：胶莱街道鑫泰化工爆炸已致4人死亡", 90)
    assert follow.incident == "a"


def test_doubt_stays_apart_and_is_named() -> None:
    clusterer = Clusterer()
    add(clusterer, "a", FIRE, 0)
    doubt = add(clusterer, "b", "胶莱街道鑫泰化工又起火了,不是刚才那起,17时10分的事", 180)
    assert doubt.incident == "b"
    assert not doubt.sure or doubt.maybe is None


def test_a_notice_joins_nothing() -> None:
    clusterer = Clusterer()
    add(clusterer, "a", FIRE, 0)
    notice = add(clusterer, "b", "通知：请各单位参加胶莱街道鑫泰化工起火事故分析会议", 30)
    assert (notice.incident, notice.maybe) == ("b", None)


def test_a_text_that_says_another_one_is_never_joined() -> None:
    clusterer = Clusterer()
    add(clusterer, "a", FIRE, 0)
    other = add(clusterer, "b", "14时30分胶莱街道鑫泰化工另一起火灾,库房着火", 15)
    assert (other.incident, other.maybe) == ("b", "a")


@pytest.mark.parametrize(
    "told",
    [
        # a follow-up that names only the county fits two open fires: no guess
        [
            ("2026-06-01T10:00:00", "6月1日9时20分，息烽县小寨坝镇一木材厂起火，无人伤亡"),
            ("2026-06-01T15:00:00", "6月1日14时10分，息烽县小寨坝镇一家汽修店起火，2人烧伤"),
            ("2026-06-01T18:00:00", "息烽火灾续报：明火已扑灭，死亡1人"),
        ],
        # one magnitude in two counties
        [
            ("2026-06-01T10:00:00", "6月1日9时12分云南大理州洱源县发生3.6级地震"),
            ("2026-06-02T10:00:00", "楚雄3.6级地震造成2间民房开裂，1人轻伤"),
        ],
        # hail on one town two days apart
        [
            ("2026-05-07T15:00:00", "岷县梅川镇5月7日14时10分下冰雹，党参受损"),
            ("2026-05-09T15:00:00", "岷县梅川镇5月9日13时40分又下冰雹"),
        ],
    ],
)
def test_what_fits_several_or_only_looks_alike_is_joined_to_none(told: list[tuple[str, str]]) -> None:
    rows = [{"id": str(n), "text": text, "reference_time": at + "+08:00"} for n, (at, text) in enumerate(told)]
    assert [found["incident"] for found in cluster_records(rows)] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    "told",
    [
        [
            ("2026-04-24T20:00:00", "中国地震台网正式测定：4月24日19时41分在四川宜宾市兴文县发生4.1级地震"),
            ("2026-04-25T08:00:00", "兴文4.1级地震造成部分房屋掉瓦裂缝，3人轻伤，转移安置112人"),
        ],
        [
            ("2026-10-16T12:00:00", "平罗县姚伏镇10月16日11时20分，一村民自建房浇筑顶板时垮塌，5人被压"),
            ("2026-10-16T15:10:00", "姚伏镇自建房垮塌事故被压5人已全部挖出，1人经抢救无效死亡，4人受伤"),
        ],
        [
            ("2026-10-26T06:00:00", "10月26日凌晨，5名驴友在奉新县百丈山与修水县交界处失联，救援人员已进山"),
            ("2026-10-26T20:30:00", "失联的5名驴友在修水县黄港镇杨家坪附近找到，身体无大碍，已护送下山"),
        ],
    ],
)
def test_an_event_known_by_its_name_its_size_or_its_people_is_found_again(told: list[tuple[str, str]]) -> None:
    rows = [{"id": str(n), "text": text, "reference_time": at + "+08:00"} for n, (at, text) in enumerate(told)]
    assert {found["incident"] for found in cluster_records(rows)} == {"0"}


def test_one_motorway_in_two_counties_is_two_crashes_and_one_kilometre_post_is_one() -> None:
    crash = "沈海高速胶州段K702往烟台方向三车追尾,两人被卡"
    assert verdict("沈海高速往烟台方向即墨北好几辆车撞一块了", crash) == "new"
    assert verdict(crash, "高速交警:K702处追尾,被困两人已破拆救出,均骨折") == "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # two workshops, two buildings, two schools, two towns, two directions, two sections
        ("14时20分海源机械厂铸造车间铁水外溢,烫伤3人", "14时35分海源机械厂机加工车间工人手臂卷入车床,1人受伤"),
        ("金水区经三路鑫苑大厦电梯14时20分困住6人", "金水区文化路科技大厦电梯困人,3人在里面,14时25分"),
        ("项店镇中心小学14时多名学生呕吐", "项店镇第二中学14时20分6名学生肚子疼"),
        ("沂水县马站镇王家庄村14时雷击,1人受伤", "沂水县许家湖镇王家庄村14时10分雷击,1人受伤"),
        ("京台高速往北京方向K1187附近4辆车追尾", "京台高速往福州方向K1186处两辆小车相撞"),
        ("14时10分G56杭瑞高速黔西段5车相撞", "14时20分G56杭瑞高速遵义段货车侧翻"),
        # what one scene has and the whole county has
        ("14时会同县若水镇檀木村房屋后坡滑塌,压住1人", "会同县防汛办:全县转移4210人,倒塌房屋31间"),
    ],
)
def test_what_bears_another_name_is_another_scene(one: str, other: str) -> None:
    assert verdict(one, other) != "same"


def test_an_event_called_by_its_day_is_found_and_no_other() -> None:
    first = report("3月21日14时48分许,滨海县新港化工园恒泰公司发生爆炸", datetime(2026, 3, 21, 15, tzinfo=BEIJING))
    later = report("滨海县“3·21”爆炸事故死亡人数升至44人", datetime(2026, 3, 24, 9, tzinfo=BEIJING))
    of_another_day = report("滨海县“3·19”爆炸事故死亡人数升至4人", datetime(2026, 3, 24, 9, tzinfo=BEIJING))
    assert compare(first, later).verdict == "same"
    assert compare(first, of_another_day).verdict == "new"


def test_no_report_of_the_incident_may_stand_against_a_merge() -> None:
    """The short follow-up has no time; the first report has one, and another fire of another day is not of it."""
    told = [
        ("2026-11-04T15:20:00", "11月4日14时40分，醴陵市浦口镇花炮厂爆炸，伤亡不详"),
        ("2026-11-05T09:30:00", "醴陵花炮厂爆炸已致7人死亡"),
        ("2026-11-05T10:20:00", "醴陵市一花炮厂今晨9时50分起火"),
    ]
    rows = [{"id": str(n), "text": text, "reference_time": at + "+08:00"} for n, (at, text) in enumerate(told)]
    assert [found["incident"] for found in cluster_records(rows)] == ["0", "0", "2"]


def test_a_first_report_behind_the_final_one_is_one_more_event() -> None:
    clusterer = Clusterer()
    add(clusterer, "a", FIRE, 0)
    add(clusterer, "b", "终报：胶莱街道鑫泰化工火灾明火已扑灭，无人员伤亡，处置完毕", 60)
    again = add(clusterer, "c", "胶莱街道鑫泰化工着火了，快来", 130)
    assert (again.incident, again.sure) == ("c", False)


def test_where_a_place_has_two_events_a_follow_up_of_the_town_alone_is_left_to_an_officer() -> None:
    clusterer = Clusterer()
    add(clusterer, "a", "石牛镇青龙水库14时30分有个小孩游泳不见了", 0)
    again = add(clusterer, "b", "青龙水库又有两名学生下水未上岸,正在搜救", 2880)
    doubt = add(clusterer, "c", "石牛镇:两名落水学生均已打捞上岸,搜救结束", 3000)
    assert (again.incident, again.apart) == ("b", True)
    assert (doubt.incident, doubt.sure) == ("c", False)
