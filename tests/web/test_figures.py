"""What Prometheus is told, and that the dashboard and the alert rules ask for nothing else."""

import json
import logging
import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from dutydesk.cli.logs import JsonLines, Masked
from tests.web.city import City

OPS = Path(__file__).parents[2] / "docs" / "ops"
NAME = re.compile(r"\bdutydesk_[a-z_]+")


def _record(error: BaseException | None = None) -> logging.LogRecord:
    given = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("dutydesk.x", logging.WARNING, "f", 1, "打给 %s 失败", ("+8612000001020",), given)


async def test_every_name_in_the_dashboard_and_the_alerts_is_told(desk: City) -> None:
    text = await (await desk.client.get("/metrics")).text()
    told = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    board = json.loads((OPS / "dashboard.json").read_text("utf-8"))
    asked = {name for panel in board["panels"] for target in panel["targets"] for name in NAME.findall(target["expr"])}
    asked |= set(NAME.findall((OPS / "alerts.yml").read_text("utf-8")))
    assert asked
    assert asked <= told
    for name in told:
        assert name.removesuffix("_total") in (OPS / "README.md").read_text("utf-8")


async def test_the_figures_count_inputs_the_board_and_what_is_under_way(desk: City) -> None:
    await desk.incident()
    text = await (await desk.client.get("/metrics")).text()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["dutydesk_inputs_total"]) > 1
    assert float(lines["dutydesk_commit_seconds_total"]) > 0
    assert float(lines["dutydesk_pen_wait_seconds_total"]) > 0
    assert float(lines['dutydesk_open_rows{kind="incident"}']) == 1
    assert float(lines["dutydesk_writable"]) == 1
    assert float(lines["dutydesk_turned_away_total"]) == 0
    assert float(lines["dutydesk_reader_restarts_total"]) == 0


@pytest.mark.parametrize("formatter", [Masked("%(levelname)s %(message)s"), JsonLines()])
def test_no_log_line_carries_a_telephone_number(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("Key (sender)=(13812345678) already exists")
    except ValueError as error:
        line = formatter.format(_record(error))
    assert "12000001020" not in line
    assert "13812345678" not in line
    assert "打给" in line
    assert "ValueError" in line


def test_a_json_line_is_one_object() -> None:
    line = JsonLines().format(_record())
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["at"][-6:]) == ("WARNING", "dutydesk.x", "+00:00")


def test_each_alert_says_what_to_do_and_has_its_place_in_the_runbook() -> None:
    (group,) = yaml.safe_load((OPS / "alerts.yml").read_text("utf-8"))["groups"]
    runbook = (OPS.parent / "runbook.md").read_text("utf-8")
    assert len(group["rules"]) > 8
    for rule in group["rules"]:
        assert f"`{rule['alert']}`" in runbook, rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["action"], rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
