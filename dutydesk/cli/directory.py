"""`dutydesk contacts import FILE`, `dutydesk contacts export FILE`."""

from pathlib import Path

import typer

from dutydesk import contacts
from dutydesk.app import adopt_policy
from dutydesk.cli.door import with_hub
from dutydesk.config import Settings
from dutydesk.errors import Refused
from dutydesk.hub import Hub

_app = typer.Typer(help="通讯录。Units, contacts and leaders.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(_app, name="contacts")


@_app.command("import")
def import_(file: Path) -> None:
    """Take a csv or xlsx list into contacts/, say line by line what was taken, and tell a running desk."""
    settings = Settings.from_environment()
    report = contacts.merge(settings.contacts, file)
    typer.echo(report.text())
    if report.taken:

        async def adopt(hub: Hub) -> int:
            return await adopt_policy(hub, settings)

        with_hub(adopt)
    if report.refused:
        raise Refused(f"有 {len(report.refused)} 行没有导入,见上")


@_app.command()
def export(file: Path) -> None:
    """Write the directory to a csv, an xlsx or a folder."""
    contacts.export(contacts.load(Settings.from_environment().contacts), file)
    typer.echo(f"已导出到 {file}")
