"""Puts the commands together: only the module of the command that is wanted is loaded."""

import sys
from importlib import import_module

import typer

from dutydesk.errors import DeskError
from dutydesk.store.reasons import FILES

# Which module brings which words; in the order in which the help shows them. One command loads one module: `read` and `mail` start often.
HOMES = {
    "reading": ("read", "cluster"),
    "serving": ("serve", "check"),
    "journal": ("verify", "checkpoint", "rebuild", "export", "backup", "restore", "redact", "import"),
    "archive": ("archive",),
    "people": ("token", "user", "drill", "circular"),
    "mailing": ("mail",),
    "terminal": ("watch",),
    "alerts": ("cap",),
    "directory": ("contacts",),
    "roster": ("roster",),
}


def commands(word: str) -> typer.Typer:
    """The application with the commands that `word`, the first of the line, may mean; with all when it means none."""
    app = typer.Typer(
        name="dutydesk",
        help="总值班室。The duty desk.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for module in [module for module, words in HOMES.items() if word in words] or HOMES:
        import_module(f"dutydesk.cli.{module}").add(app)
    app.callback()(lambda: None)  # a lone command keeps its name
    return app


def main() -> None:
    """Run; a desk that says no, or a file that cannot be had, ends with status 1 and words on stderr."""
    try:
        commands(sys.argv[1] if len(sys.argv) > 1 else "")()
    except DeskError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{error.filename}:{FILES.get(error.errno or 0, error.strerror)}", file=sys.stderr)
        sys.exit(1)
