"""The command line: every word has one home, and a word alone loads no more than it needs."""

import subprocess
import sys

import pytest
import typer.main
from typer.core import TyperGroup

from dutydesk.cli.main import HOMES, commands

WORDS = [word for words in HOMES.values() for word in words]


def offered(word: str) -> set[str]:
    found = typer.main.get_command(commands(word))
    assert isinstance(found, TyperGroup)
    return set(found.commands)


def test_the_table_names_what_the_modules_bring() -> None:
    assert offered("") == set(WORDS)
    assert len(WORDS) == len(set(WORDS))
    for words in HOMES.values():
        assert offered(words[0]) == set(words)


@pytest.mark.parametrize(
    ("word", "spared"),
    [
        ("read", "aiohttp"),
        ("mail", "aiohttp"),
        ("verify", "openpyxl"),
        ("serve", "openpyxl"),
        ("serve", "docxtpl"),
        ("serve", "pypinyin"),
        ("serve", "webauthn"),
        ("serve", "psycopg"),
    ],
)
def test_a_command_that_starts_often_loads_little(word: str, spared: str) -> None:
    look = f"import sys; from dutydesk.cli.main import commands; commands({word!r}); print({spared!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False", done.stderr
