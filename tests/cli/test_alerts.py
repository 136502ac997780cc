"""`dutydesk cap --check`: what is wrong with an alert in a file."""

import subprocess
import sys
from pathlib import Path

from tests.exchange.samples import CHINA, ITALY


def _check(folder: Path, raw: bytes) -> "subprocess.CompletedProcess[str]":
    path = folder / "alert.xml"
    path.write_bytes(raw)
    command = [sys.executable, "-m", "dutydesk", "cap", "--check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_valid_alert_is_named_and_a_deviating_one_says_how(tmp_path: Path) -> None:
    good, bad = _check(tmp_path, CHINA), _check(tmp_path, ITALY)
    assert (good.returncode, "暴雨橙色预警" in good.stdout, good.stderr) == (0, True, "")
    assert bad.returncode == 1
    assert "squadra" in bad.stderr
