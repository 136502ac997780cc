"""Neighbours measured beside us, each installed from PyPI into a folder outside the project (`DUTYDESK_RIVALS`, by default
~/.cache/dutydesk-rivals). Nothing of theirs enters our own environment."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("DUTYDESK_RIVALS") or Path.home() / ".cache" / "dutydesk-rivals")
HERE = Path(__file__).parent
PACKAGES = {
    "alerta": ("alerta-server==9.1.0", "psycopg2-binary", "gunicorn", "setuptools<81"),
    "procrastinate": ("procrastinate==3.10.0", "psycopg[binary]"),
    "apscheduler": ("APScheduler==3.11.3", "sqlalchemy", "psycopg2-binary"),
    "oncall": ("oncall==2.1.7", "gunicorn", "setuptools<81"),
}


def install(name: str) -> str:
    """Install a neighbour once. Returns "" or the last words of why it could not be."""
    home = FOLDER / name
    wanted = " ".join((*PACKAGES[name], os.path.realpath(sys.executable)))  # on the interpreter that ours runs on
    stamp = home / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return ""
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    command = [str(home / "bin" / "pip"), "install", "-q", *PACKAGES[name]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode == 0:
        stamp.write_text(wanted, "utf-8")
        return ""
    errors = [line.strip() for line in done.stderr.splitlines() if "ERROR" in line or "error:" in line]
    return errors[-1] if errors else done.stderr.strip()[-200:]


def python(name: str) -> str:
    """The neighbour's interpreter."""
    return str(FOLDER / name / "bin" / "python")
