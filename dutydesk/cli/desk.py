"""The commands that need the desk: all but the two filters."""

import typer

from dutydesk.cli import alerts, archive, directory, journal, mailing, people, roster, serving, terminal


def add(app: typer.Typer) -> None:
    """Add them to the application."""
    for module in (serving, journal, archive, people, mailing, terminal, alerts):
        module.add(app)
    app.add_typer(directory.app, name="contacts")
    app.add_typer(roster.app, name="roster")
    app.add_typer(people.user, name="user")
    app.add_typer(people.drill, name="drill")
    app.add_typer(people.circular, name="circular")
