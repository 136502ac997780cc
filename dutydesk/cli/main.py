"""Puts the commands together."""

import sys

import typer

from dutydesk.cli import directory, journal, mailing, people, reading, serving, terminal
from dutydesk.errors import DeskError

app = typer.Typer(
    name="dutydesk",
    help="总值班室。The duty desk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
serving.add(app)
journal.add(app)
people.add(app)
mailing.add(app)
reading.add(app)
terminal.add(app)
app.add_typer(directory.app, name="contacts")
app.add_typer(people.user, name="user")
app.add_typer(people.drill, name="drill")
app.add_typer(people.circular, name="circular")


def main() -> None:
    """Run; a desk that says no ends with status 1 and its words on stderr."""
    try:
        app()
    except DeskError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
