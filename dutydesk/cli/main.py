"""Puts the commands together. `read` and `cluster` are filters that start often: they load nothing of the desk."""

import sys
from importlib import import_module

import typer

from dutydesk.errors import DeskError

FILTERS = {"read", "cluster"}


def commands(word: str) -> typer.Typer:
    """The application with the commands that `word`, the first of the line, may mean."""
    app = typer.Typer(
        name="dutydesk",
        help="总值班室。The duty desk.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    import_module("dutydesk.cli.reading").add(app)
    if word not in FILTERS:
        import_module("dutydesk.cli.desk").add(app)
    return app


def main() -> None:
    """Run; a desk that says no ends with status 1 and its words on stderr."""
    try:
        commands(sys.argv[1] if len(sys.argv) > 1 else "")()
    except DeskError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
