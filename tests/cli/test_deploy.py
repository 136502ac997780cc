"""The examples for installing speak of the program as it is: its settings, its commands, its addresses, and no door left open."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from dutydesk.config import Settings
from dutydesk.web.table import ways

DEPLOY = Path(__file__).parents[2] / "docs/deploy"
SETTINGS = {f"DUTYDESK_{name.upper()}" for name in Settings.model_fields}


def text(name: str) -> str:
    return (DEPLOY / name).read_text()


@pytest.mark.parametrize("name", [path.name for path in DEPLOY.iterdir()])
def test_every_setting_named_exists(name: str) -> None:
    assert set(re.findall(r"DUTYDESK_(?!TEST_)[A-Z_]+[A-Z]", text(name))) <= SETTINGS | {
        f"{one}_FILE" for one in SETTINGS
    }


def test_the_unit_may_write_nowhere_but_its_own_folder() -> None:
    unit = text("dutydesk.service")
    for line in (
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=\n",
        "User=dutydesk",
        "Restart=always",
    ):
        assert line in unit
    assert "StateDirectory=dutydesk" in unit
    assert "/var/lib/dutydesk" in text("README.md")


def test_systemd_finds_nothing_wrong_with_the_unit_and_rates_it_well(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze") or pytest.skip("systemd is not installed")
    unit, placed = tmp_path / "dutydesk.service", tmp_path / ".venv/bin/dutydesk"
    placed.parent.mkdir(parents=True)
    placed.symlink_to(Path(sys.executable).with_name("dutydesk"))
    unit.write_text(text("dutydesk.service").replace("/opt/dutydesk", str(tmp_path)))
    verified = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, timeout=60)
    # other units of this machine are not ours
    said = [line for line in verified.stderr.splitlines() if "dutydesk" in line]
    assert (verified.returncode, said) == (0, [])
    rated = [analyze, "security", "--offline=true", "--threshold=15", str(unit)]  # of 100; "OK" ends at 49
    assert subprocess.run(rated, capture_output=True, timeout=60).returncode == 0


def test_an_image_is_sent_what_it_copies_and_nothing_else() -> None:
    copied = {
        word for words in re.findall(r"^COPY (.+) \S+$", text("Containerfile"), re.MULTILINE) for word in words.split()
    }
    allowed = (DEPLOY.parents[1] / ".dockerignore").read_text().splitlines()
    assert "*" in allowed
    assert {line[1:] for line in allowed if line.startswith("!")} == copied
    assert all((DEPLOY.parents[1] / name).exists() for name in copied)


def test_containers_run_without_root_and_give_no_secret_away() -> None:
    compose = yaml.safe_load(text("compose.yaml"))
    for hub in ("hub-a", "hub-b"):
        assert compose["services"][hub]["cap_drop"] == ["ALL"]
        assert compose["services"][hub]["read_only"] is True
        assert "/readyz" in compose["services"][hub]["healthcheck"]["test"]
        assert compose["services"][hub]["stop_grace_period"] == "20s", "tests/cli/test_stopping.py"
    checks = [one["healthcheck"]["test"] for one in compose["services"].values() if "healthcheck" in one]
    assert len(checks) == 3
    assert all(isinstance(check, str) for check in checks), "podman-compose 1.0.3 breaks a list apart"
    assert re.search(r"\$\{POSTGRES_PASSWORD:\?[^}]+\}", text("compose.yaml")), (
        "podman-compose ignores an empty message"
    )
    assert "USER dutydesk" in text("Containerfile")


@pytest.mark.parametrize("name", ["Containerfile", "Caddyfile"])
def test_health_is_asked_where_it_is_answered(name: str) -> None:
    assert "/readyz" in text(name)
    assert "/readyz" in {way.path for way in ways()}


@pytest.mark.parametrize("name", ["Containerfile", "dutydesk.service"])
def test_what_is_started_exists(name: str) -> None:
    from dutydesk.cli.main import commands

    known = {
        command.name or command.callback.__name__
        for command in commands("serve").registered_commands
        if command.callback
    }
    started = re.findall(r'dutydesk"?,? "?(check|serve)', text(name))
    assert started
    assert set(started) <= known
