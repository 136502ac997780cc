"""Secrets that stand in files of their own, and what the scripts leave of an environment."""

import os
import subprocess
from pathlib import Path

import pytest

from dutydesk.cli.serving import _with_secret
from dutydesk.config import Settings, load_rules
from dutydesk.config.gateways import load_gateways
from dutydesk.config.peers import load_peers
from dutydesk.errors import ConfigError

ROOT = Path(__file__).parents[2]


def test_a_secret_may_stand_in_a_file_that_the_environment_names(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("s" * 32 + "\n")
    (tmp_path / "two").write_text("postgresql://x@y/z")
    given = {"DUTYDESK_SECRET_FILE": f"{tmp_path}/one", "TWILIO_AUTH_TOKEN_FILE": f"{tmp_path}/one"}
    found = Settings.from_environment(given | {"DUTYDESK_DATABASE_FILE": f"{tmp_path}/two"})
    assert found.secret.get_secret_value() == found.twilio_auth_token.get_secret_value() == "s" * 32
    assert found.database == "postgresql://x@y/z"


def test_a_gateways_secret_too(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("s" * 32)
    given = {
        "DUTYDESK_GATEWAY_MAINLAND_URL": "http://127.0.0.1:9",
        "DUTYDESK_GATEWAY_MAINLAND_SECRET_FILE": f"{tmp_path}/one",
    }
    assert load_gateways(ROOT / "config", given)["mainland"].secret.get_secret_value() == "s" * 32


def test_what_is_wrong_with_such_files_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("s" * 32)
    given = {"DUTYDESK_SECRET_FILE": f"{tmp_path}/none", "DUTYDESK_SMTP_URL_FILE": str(tmp_path)}
    given |= {"TWILIO_AUTH_TOKEN_FILE": f"{tmp_path}/one", "TWILIO_AUTH_TOKEN": "t"}
    with pytest.raises(ConfigError) as refused:
        Settings.from_environment(given)
    problems = refused.value.problems
    assert len(problems) == 3
    assert f"DUTYDESK_SECRET_FILE: 读不了 {tmp_path}/none" in problems[0]
    assert "TWILIO_AUTH_TOKEN_FILE: 和 TWILIO_AUTH_TOKEN 只能设一个" in problems


def test_other_programs_files_are_not_ours() -> None:
    assert load_peers(load_rules(ROOT / "config"), {"FONTCONFIG_FILE": "/nowhere"}) == {}


@pytest.mark.parametrize(("secret", "host", "said"), [("short", "127.0.0.1", "太短"), ("", "0.0.0.0", "没有设置")])
def test_a_desk_does_not_serve_with_a_secret_that_can_be_guessed(
    tmp_path: Path, secret: str, host: str, said: str
) -> None:
    settings = Settings.from_environment(
        {"DUTYDESK_SECRET": secret}, host=host, database=f"sqlite:///{tmp_path}/desk.db"
    )
    with pytest.raises(ConfigError, match=f"DUTYDESK_SECRET: {said}"):
        _with_secret(settings, demo=False)


def test_the_scripts_forget_a_desks_settings_and_keep_what_speaks_to_the_tests() -> None:
    kept = {"DUTYDESK_CRASH_LOG": "a", "DUTYDESK_FUZZ_SEED": "2", "DUTYDESK_TEST_REDIS": "b", "DUTYDESK_RIVALS": "c"}
    real = {"DUTYDESK_SECRET": "s", "TWILIO_AUTH_TOKEN": "t", "DUTYDESK_DATABASE": "d"}
    script = f"source {ROOT}/scripts/setup-env; forget_settings; env"
    left = subprocess.run(
        ["bash", "-c", script], env=os.environ | kept | real, capture_output=True, text=True, check=True
    ).stdout
    names = {line.partition("=")[0] for line in left.splitlines()}
    assert kept.keys() <= names
    assert not real.keys() & names
