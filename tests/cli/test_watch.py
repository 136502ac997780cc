"""The terminal console: the board by what runs out next, an incident by the end of its number, against the real desk."""

import io

import aiohttp
from rich.console import Console

from dutydesk.cli.board import FAR, board, next_due
from dutydesk.cli.terminal import Terminal
from dutydesk.clock import MINUTE
from dutydesk.web.auth import set_password
from tests.browser import samples
from tests.web.city import city

NOW = 1_795_437_213_000_000


def shown(rows: dict, now: int = NOW) -> str:
    screen = Console(file=io.StringIO(), width=120)
    screen.print(board(rows, now))
    return screen.file.getvalue()  # type: ignore[attr-defined]


def by_id(*rows: dict) -> dict:
    return {row["id"]: row for row in rows}


def test_what_runs_out_next_stands_on_top_and_lateness_is_said() -> None:
    calm, late = samples.incident(1, NOW), samples.incident(2, NOW, signed_by="user:li")
    rows = {
        "incident": by_id(calm, late),
        "page": by_id(samples.page(calm, NOW, 4)),
        "obligation": by_id(samples.clock(late, NOW, -3)),
        "message": by_id(samples.message(7, NOW)),
    }
    text = shown(rows)
    assert text.index("20261123-002") < text.index("20261123-001")
    assert "超 3:00" in text
    assert "4:00" in text
    assert "未签收" in text
    assert "1123-007" in text
    assert next_due(rows, "20261123-001") == NOW + 4 * MINUTE
    assert next_due(rows, "none") == FAR


def test_a_figure_has_three_faces_and_a_drill_says_so() -> None:
    figures = {name: {"value": value} for name, value in (("deaths", 0), ("injured", None), ("missing", 2))}
    text = shown({"incident": by_id(samples.incident(1, NOW, figures=figures, drill=True))})
    assert "死无" in text
    assert "伤不详" in text
    assert "失联2" in text
    assert "【演练】" in text


async def test_it_signs_for_an_incident_by_the_end_of_its_number(tmp_path) -> None:
    async with city(tmp_path) as here:
        await set_password(here.hub, "officer", "correct horse")
        incident = await here.incident("仓库着火了")
        out = io.StringIO()
        terminal = Terminal(here.origin, True, screen=Console(file=out, width=120))
        await terminal.run("officer", "correct horse")
        assert "仓库着火了" in out.getvalue()
        token, csrf = await here.sign_in("officer")
        terminal.csrf = csrf
        async with aiohttp.ClientSession(headers={"Origin": here.origin, "Cookie": f"dutydesk={token}"}) as http:
            await terminal._post(http, f"/api/incident/{terminal._meant(incident[-3:])}/SignForIncident", {})
        assert (await here.row("incident", incident))["signed_by"] == "user:officer"
        assert terminal._meant("999") == "999"
