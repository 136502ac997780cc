"""What the README promises an office: another shift, another score, another template, by editing files and asking `dutydesk check`."""

import shutil
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from dutydesk.cli.main import commands
from dutydesk.config import load_rules
from dutydesk.documents.checks import sample
from dutydesk.documents.press import SHIPPED, Press

ROOT = Path(__file__).parents[2]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample city's configuration, and the surroundings that scripts/run gives it."""
    for name in ("config", "contacts"):
        shutil.copytree(ROOT / name, tmp_path / name)
        monkeypatch.setenv(f"DUTYDESK_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("DUTYDESK_DATABASE", f"sqlite:///{tmp_path}/desk.sqlite")
    monkeypatch.setenv("DUTYDESK_SECRET", "a secret for tests only, long enough")
    monkeypatch.setenv("DUTYDESK_GATEWAY_MAINLAND_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("DUTYDESK_GATEWAY_MAINLAND_SECRET", "another secret for tests, long enough")
    return tmp_path / "config"


def checked() -> tuple[int, str]:
    """Status and words of `dutydesk check`."""
    done = CliRunner().invoke(commands("check"), ["check"])
    return done.exit_code, f"{done.output}{done.exception or ''}"


def edit(path: Path, former: str, now: str) -> None:
    text = path.read_text("utf-8")
    assert former in text
    path.write_text(text.replace(former, now, 1), "utf-8")


def test_another_shift_and_another_score_by_editing_files_alone(office: Path) -> None:
    edit(office / "shifts.toml", 'starts = "30 8 * * *"', 'starts = "0 9 * * *"')
    ours = shutil.copy(office / "scoring" / "default.toml", office / "scoring" / "ours.toml")
    edit(Path(ours), 'id = "default"', 'id = "ours"')
    edit(office / "circulars.toml", 'scheme = "default"', 'scheme = "ours"')
    status, said = checked()
    assert (status, "没有发现问题" in said) == (0, True), said
    rules = load_rules(office)
    assert rules.shifts[0].starts == "0 9 * * *"
    assert next(period.scheme for period in rules.circulars.periods if period.scheme) == "ours"


@pytest.mark.parametrize(
    ("file", "former", "now", "told"),
    [
        ("shifts.toml", "30 8 * * *", "0 29 * * *", "shifts.toml: shifts.0.starts: 不是 cron 写法"),
        ("circulars.toml", 'scheme = "default"', 'scheme = "ours"', "circulars.toml: 没有名为 ours 的计分办法"),
        ("scoring/default.toml", "each = -5", "eech = -5", "不认识这个键"),
    ],
)
def test_a_slip_is_said_by_file_and_place_in_a_line(office: Path, file: str, former: str, now: str, told: str) -> None:
    edit(office / file, former, now)
    status, said = checked()
    assert status != 0
    (line,) = [line for line in said.splitlines() if told in line]
    assert len(line) < 200
    assert "Value error" not in said


async def test_another_template_by_word_alone_is_used_without_a_restart(office: Path) -> None:
    press = Press(office / "templates")
    before = (await press.docx(sample("circular"))).data
    (office / "templates").mkdir()
    own = docx.Document(str(SHIPPED / "circular.docx"))
    own.paragraphs[-1].insert_paragraph_before("本件不公开")
    own.save(str(office / "templates" / "circular.docx"))
    status, said = checked()
    assert (status, "circular.docx" in said) == (0, False), said
    made = await press.docx(sample("circular"))
    assert made.problem == ""
    assert made.data != before
    (office / "templates" / "said.docx").write_bytes(made.data)
    assert "本件不公开" in [p.text for p in docx.Document(str(office / "templates" / "said.docx")).paragraphs]
