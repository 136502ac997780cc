"""The short form of `scripts/simulate month`: its last days live through the same doors and leave what a month leaves."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from scripts.simulations.month import FIRST, Stretch, keep, lived, memory
from scripts.simulations.witness import rows

SHORT = Stretch(first=FIRST + timedelta(days=28), days=2, incidents=8, storm=(0, 1))


async def test_two_days_leave_rosters_handovers_briefs_and_the_months_circular(tmp_path: Path) -> None:
    with memory() as folder:
        async with lived(Path(folder), SHORT) as month:
            assert not month.staff.refused
            assert not month.unopened
            kinds = Counter(kind for (kind,) in rows(month.url, "SELECT kind FROM rows"))
            assert (kinds["roster"], kinds["tally"]) == (2, 1)
            done = rows(month.url, "SELECT COUNT(*) FROM entries WHERE type = 'HandoverCompleted'")
            assert done[0][0] >= 4
            papers = {path.name for path in await keep(month, tmp_path / "out", ("html", "docx"))}
            assert {"month.html", "brief.docx", "day.docx"} <= papers
