"""The schematic map: tiles as the file places them, towns by their codes, and nothing outside one's scope."""

import pytest

from dutydesk.config import load_rules
from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.rules import Rules, Tile
from dutydesk.errors import ConfigError
from dutydesk.web.policy import Policy
from dutydesk.web.schematic import drawing
from tests.desk.town import ROOT
from tests.web.city import City

UNITS = (
    Unit(code="370281", name="胶州市", kind="district", division="370281"),
    Unit(code="370283", name="平度市", kind="district", division="370283"),
    Unit(code="370281002", name="中云街道", short_names=("中云",), kind="town", division="370281002"),
    Unit(code="370281001", name="阜安街道", kind="town", division="370281001"),
    Unit(code="E1", name="油库", kind="enterprise", division="370281001", industry="油品"),
)


def policy(*tiles: Tile) -> Policy:
    return Policy(1, Rules(tiles=tiles), Directory(units=UNITS), ())


def test_districts_stand_where_the_file_says_and_the_others_below():
    drawn = drawing(policy(Tile(division="370283", x=2, y=1, w=4, h=5)))["districts"]
    places = {one["division"]: (one["x"], one["y"], one["w"], one["h"]) for one in drawn}
    assert places == {"370283": (2, 1, 4, 5), "370281": (0, 6, 3, 3)}


def test_towns_stand_by_code_with_their_units_and_their_short_names():
    district = drawing(policy())["districts"][0]
    assert [town["short"] for town in district["towns"]] == ["阜安街道", "中云"]
    assert district["towns"][0]["units"] == [{"code": "E1", "name": "油库", "industry": "油品"}]


def test_a_scope_sees_its_own_part_only():
    assert [one["name"] for one in drawing(policy(), "370283")["districts"]] == ["平度市"]
    town = drawing(policy(), "370281002")["districts"]
    assert [one["name"] for one in town[0]["towns"]] == ["中云街道"]


async def test_the_map_is_read_over_the_web_within_ones_scope(desk: City):
    assert "districts" in await (await desk.get("/api/map")).json()


def test_the_pilots_tiles_do_not_lie_on_one_another(tmp_path):
    rules = load_rules(ROOT / "config")
    assert len(rules.tiles) == 10
    for path in (ROOT / "config").rglob("*.toml"):
        target = tmp_path / path.relative_to(ROOT / "config")
        target.parent.mkdir(exist_ok=True)
        target.write_text(path.read_text())
    twice = (tmp_path / "map.toml").read_text() + '[[tiles]]\ndivision = "370299"\nx = 0\ny = 0\nw = 1\nh = 1\n'
    (tmp_path / "map.toml").write_text(twice)
    with pytest.raises(ConfigError, match="370283 与 370299 的格子重叠"):
        load_rules(tmp_path)
