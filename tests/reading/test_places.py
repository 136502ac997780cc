"""The place as written, the county said or implied, and the candidates behind a name."""

from datetime import datetime

import pytest

from dutydesk.clock import BEIJING
from dutydesk.domain.directory import Directory, Unit
from dutydesk.reading import Gazetteer, read

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "place", "county"),
    [
        ("21日14时48分，胶州市胶莱街道某化工厂发生爆炸", "胶州市胶莱街道某化工厂", "胶州市"),
        ("昨天下午1点多，101国道密云县庄头峪村附近发生车祸", "101国道密云县庄头峪村附近", "密云县"),
        ("8月9日，云南昭通巧家县发生一起交通事故", "云南昭通巧家县", "巧家县"),
        (
            "二广高速1738公里+800米处湖北省荆门市沙洋县纪山镇付场村路段，一辆大客车翻覆",
            "二广高速1738公里+800米处湖北省荆门市沙洋县纪山镇付场村路段",
            "沙洋县",
        ),
        ("火灾发生在北京市朝阳区小武基村，12人死亡", "北京市朝阳区小武基村", "朝阳区"),
        ("位于兰州市城关区的泰生大厦第30层起火", "兰州市城关区的泰生大厦第30层", "城关区"),
        ("辽宁省海城市发生4.3级地震", "辽宁省海城市", "海城市"),
        ("海口市灵山镇往机场老路方向3公里处发生一起交通事故", "海口市灵山镇往机场老路方向3公里处", None),
        ("市南消防：海韵华庭23层火灾已扑灭", "海韵华庭23层", None),
    ],
)
def test_place_and_county(text: str, place: str, county: str | None) -> None:
    found = read(text, AT)
    assert found.place_text == place
    if county is not None:
        assert found.county == county


def test_the_place_is_a_stretch_of_the_text() -> None:
    text = "刚才 胶州市 胶莱街道 鑫泰化工厂 着火"
    found = read(text, AT)
    assert found.place_text is not None
    (start, end), *_ = found.spans["place_text"]
    assert text[start:end] == found.place_text


def test_one_name_of_two_places_keeps_both() -> None:
    names = {c.name for c in Gazetteer.national().resolve("鼓楼区发生火灾")}
    assert {"江苏省南京市鼓楼区", "福建省福州市鼓楼区"} <= names
    best = Gazetteer.national().resolve("福州市鼓楼区发生火灾")[0]
    assert (best.name, best.score) == ("福建省福州市鼓楼区", 1.0)


def test_a_town_implies_its_county() -> None:
    assert read("红石崖街道一电镀厂起火", AT).county == "黄岛区"


def test_the_desk_knows_its_own_units_and_their_short_names() -> None:
    units = (
        Unit(code="370281004", name="胶莱街道", short_names=("胶莱",), kind="town", division="370281004"),
        Unit(
            code="E-1",
            name="鑫泰化工有限公司",
            short_names=("鑫泰化工", "鑫泰"),
            kind="enterprise",
            division="370281004",
        ),
    )
    desk = Gazetteer.of(Directory(units=units))
    assert desk.resolve("鑫泰化工爆炸了")[0].code == "E-1"
    assert read("胶莱鑫泰化工爆炸了，3人死亡", AT, desk).county == "胶州市"


def test_the_home_city_goes_before_its_namesakes() -> None:
    assert read("南村镇一小学37名学生呕吐", AT, Gazetteer.national(home="370200")).county == "平度市"
    assert read("南村镇一小学37名学生呕吐", AT).county is None


@pytest.mark.parametrize("text", ["北京时间4月3日10时发生地震", "新华网4月3日电 某地发生火灾"])
def test_what_is_no_place(text: str) -> None:
    assert read(text, AT).county is None


def test_a_character_that_ends_a_place_may_begin_the_name_of_a_road() -> None:
    found = read("14时03分城阳区长城路与正阳路交叉口东南角一家装修店起火", AT)
    assert found.place_text == "城阳区长城路与正阳路交叉口东南角一家装修店"


def test_a_great_river_is_not_the_town_of_its_name() -> None:
    home = Gazetteer.national(home="370200")
    assert read("大沽河边上车翻到沟里了", AT, home).county is None
    assert read("沽河街道车翻到沟里了", AT, home).county == "莱西市"


def test_where_the_sender_sits_is_not_where_it_happened() -> None:
    found = read("我是金口镇值班员小刘 凤凰村养鸡场死鸡四千多只 兽医站取样了", AT)
    assert found.place_text == "凤凰村养鸡场"


def test_a_county_keeps_its_name_whatever_character_it_begins_with() -> None:
    """正定 begins like a word that ends a place, 日照 and 于都 like words that lead to one."""
    for name in (
        "正定县新城铺镇",
        "将乐县古镛镇",
        "无为市石涧镇",
        "日照市岚山区虎山镇",
        "于都县贡江镇",
        "许昌市建安区",
    ):
        assert read(f"{name}14时发生火灾，2人受伤", AT).place_text == name


def test_a_village_keeps_its_name_whatever_character_it_begins_with() -> None:
    assert read("绥宁县寨市乡正板村4时房屋后坡滑塌，压住1人", AT).place_text == "绥宁县寨市乡正板村"
    assert read("和平小学15时塌了一间房，压了1个人", AT).place_text == "和平小学"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("王庄村口大车翻沟里了,司机卡驾驶室出不来", "王庄村"),
        ("水库边上有娃掉水里了,捞上来一个", "水库边上"),
        ("化工园那边响了一声,具体不清楚", "化工园"),
        ("山上着火了,火线大概两公里,有风", "山上"),
        ("大雪封路,国道308上堵了三百多台车", "国道308上"),
        ("今天演练,假设3号罐泄漏,2人中毒", "3号"),
        ("传闻某厂爆炸,正在核实", "某厂"),
        ("沪昆高铁萍乡北至宜春区间因接触网挂异物停运1小时", "沪昆高铁萍乡北至宜春区间"),
        ("深圳市光明新区红坳渣土受纳场滑坡,91人失联", "深圳市光明新区红坳渣土受纳场"),
        ("大连庄河市石城岛北侧海域渔船进水沉没,6名船员被救起", "大连庄河市石城岛北侧海域"),
        ("台风“利奇马”致永嘉县岩坦镇山早村山体滑坡,堰塞湖溃决", "永嘉县岩坦镇山早村"),
    ],
)
def test_what_happens_is_no_part_of_the_place(text: str, place: str) -> None:
    assert read(text, AT).place_text == place


@pytest.mark.parametrize("text", ["三楼女的要跳楼,消防气垫铺上了", "油罐车跟小车撞,起火", "台风过后我街道倒树五十三棵"])
def test_vehicles_people_and_weather_are_no_places(text: str) -> None:
    said = read(text, AT).place_text
    assert said is None or not any(word in said for word in ("跳", "车", "台风")), said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "重庆巫山县21日发生一起煤矿事故。21日12时许,巫山县笃坪乡梅坪煤矿2号井突发透水",
            "巫山县笃坪乡梅坪煤矿2号井",
        ),
        ("福建平潭县昨晚一艘货船被撞沉。事故发生在东庠岛以东约九海里处", "东庠岛以东约九海里处"),
        ("宁夏盐池县发生车祸,一辆客车行至盐池县惠安堡镇杨儿庄路段时撞上货车", "盐池县惠安堡镇杨儿庄路段"),
        ("沪渝高速武穴段发生追尾。19时20分,沪渝高速黄石方向741公里处,一辆客车追尾货车", "沪渝高速黄石方向741公里处"),
        ("巴基斯坦警方说,巴东部城市拉合尔21日发生爆炸,8人死亡", "巴东部城市拉合尔"),
        ("住在沿江路附近的市民听到巨响。爆炸发生在彭泽县龙城镇龙城小区9号楼", "彭泽县龙城镇龙城小区9号楼"),
    ],
)
def test_the_event_told_again_gives_the_more_exact_place(text: str, place: str) -> None:
    assert read(text, AT).place_text == place
