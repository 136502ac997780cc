"""The short form of `scripts/simulate month`: its last days live through the same doors and leave what a month leaves. Every figure of the
month's circular is counted a second time, another way, from the entries alone."""

import json
import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.simulations.month import FIRST, Lived, Stretch, keep, lived, memory
from scripts.simulations.witness import rows
from tests.desk.town import ROOT
from tests.simulations import recount

SHORT = Stretch(first=FIRST + timedelta(days=28), days=2, incidents=8, storm=(0, 1))
FIRST_OF = {"follow_ups": "ReportAdded", "sent_up": "SubmissionSent", "pages": "PageStarted",
            "pages_unanswered": "PageExhausted", "answer_median": "PageAcknowledged", "opened": "IncidentOpened"}  # fmt: skip


def body(month: Lived, kind: str, id: str) -> dict[str, Any]:
    ((found,),) = rows(month.url, f"SELECT body FROM rows WHERE kind = '{kind}' AND id = '{id}'")
    return dict(json.loads(found))


def check(month: Lived) -> None:
    """The circular of September, its table of units, of districts, and its scores equal the second count."""
    id = "month-20260901"
    circular, tally = body(month, "circular", id), body(month, "tally", id)
    entries = recount.journal(month.url.removeprefix("sqlite:///"))
    span = (circular["starts_at"], circular["ends_at"])
    assert {f["name"]: f["value"] for f in circular["figures"]} == recount.whole(entries, *span)
    again = recount.by_unit(entries, *span)
    shown = {one["unit"]: {f["name"]: f["value"] for f in one["figures"] if f["value"]} for one in tally["units"]}
    assert shown == {unit: {n: v for n, v in said.items() if v} for unit, said in again.items() if said}
    _check_districts(tally, again)
    scheme = tomllib.loads((ROOT / "config" / "scoring" / "default.toml").read_text("utf-8"))
    points = {one["unit"]: one["score"]["points"] for one in tally["scores"]}
    assert points == {unit: recount.score(scheme, again[unit]) for unit in points}
    _check_seqs(circular, tally, {e.seq: e for e in entries})


def _check_districts(tally: dict[str, Any], again: recount.Units) -> None:
    place = {one["unit"]: one["division"][:6] for one in tally["units"]}
    for district in tally["districts"]:
        members = [said for unit, said in again.items() if place.get(unit) == district["division"]]
        for figure in district["figures"]:
            assert figure["value"] == sum(said.get(figure["name"], 0) for said in members), (district, figure)


def _check_seqs(circular: dict[str, Any], tally: dict[str, Any], entries: dict[int, recount.Entry]) -> None:
    """Each figure opens to as many entries as it counts, of the type that it counts."""
    for figure in circular["figures"]:
        assert figure["unit"] == "s" or len(figure["seqs"]) == figure["value"], figure
        if expected := recount.DIRECT.get(figure["name"]):
            assert {entries[seq].type for seq in figure["seqs"]} <= {expected}, figure
    for one in tally["units"]:
        for figure in one["figures"]:
            assert figure["unit"] or len(figure["seqs"]) == figure["value"], (one["unit"], figure)
            expected = FIRST_OF.get(figure["name"], "")
            assert not expected or {entries[seq].type for seq in figure["seqs"]} <= {expected}, figure


async def test_every_figure_of_the_months_circular_is_what_another_count_of_the_entries_gives(tmp_path: Path) -> None:
    with memory() as folder:
        async with lived(Path(folder), SHORT) as month:
            assert not month.staff.refused
            assert not month.unopened
            kinds = Counter(kind for (kind,) in rows(month.url, "SELECT kind FROM rows"))
            assert (kinds["roster"], kinds["tally"]) == (2, 1)
            ((completed,),) = rows(month.url, "SELECT COUNT(*) FROM entries WHERE type = 'HandoverCompleted'")
            assert completed >= 4
            check(month)
            papers = {path.name for path in await keep(month, tmp_path / "out", ("html", "docx"))}
            assert {"month.html", "brief.docx", "day.docx"} <= papers
            html = (tmp_path / "out" / "month.html").read_text("utf-8")
            assert "各单位情况" in html
            assert "pages_exhausted" not in html, "figures are named in words"


@pytest.mark.long
async def test_the_whole_month_agrees_with_its_second_count() -> None:
    with memory() as folder:
        async with lived(Path(folder), Stretch()) as month:
            assert len(rows(month.url, "SELECT id FROM rows WHERE kind = 'incident' AND drill = 0")) >= 50
            check(month)
            await month.here.whole()
