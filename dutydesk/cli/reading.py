"""`dutydesk read` and `dutydesk cluster`: JSON Lines in, JSON Lines out; no database."""

import sys

import typer

from dutydesk import contacts
from dutydesk.config import Settings
from dutydesk.reading.commands import run_cluster, run_read
from dutydesk.reading.gazetteer import Gazetteer
from dutydesk.reading.levels import LevelTable, load_levels


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(read)
    app.command()(cluster)


def read() -> None:
    """Read texts from standard input: one JSON object a line with id, text, reference_time."""
    run_read(sys.stdin, sys.stdout, *_known())


def cluster() -> None:
    """The same lines in order of arrival, with the incident each is believed to belong to."""
    run_cluster(sys.stdin, sys.stdout, *_known())


def _known() -> tuple[Gazetteer, LevelTable | None]:
    settings = Settings.from_environment()
    directory = contacts.load_partial(settings.contacts)[0] if settings.contacts.is_dir() else None
    levels = settings.config / "levels.toml"
    gazetteer = Gazetteer.of(directory) if directory and directory.units else Gazetteer.national()
    return gazetteer, load_levels(levels) if levels.is_file() else None
