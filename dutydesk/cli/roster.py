"""`dutydesk roster import FILE`, `dutydesk roster show [MONTH]`."""

from pathlib import Path

import orjson
import typer

from dutydesk.cli.door import reading, with_hub
from dutydesk.clock import SystemClock, to_datetime
from dutydesk.contacts.unit_roster import from_file
from dutydesk.domain.holiday_rosters import GiveRoster
from dutydesk.domain.rosters import Duty, month_of
from dutydesk.errors import NotFound
from dutydesk.web.rosters import take_in

_app = typer.Typer(help="值班表。The roster.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(_app, name="roster")


@_app.command("import")
def import_(file: Path) -> None:
    """Take in a roster from xlsx, csv or iCalendar; every mistake is said by row and column, and then nothing is taken."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotFound(f"{file}: 打不开({error.strerror})") from None
    count = with_hub(lambda hub: take_in(hub, file.name, data, by="cli"))
    typer.echo(f"{file.name}: 导入 {count} 个班")


@_app.command()
def unit(roster: str, file: Path) -> None:
    """Take in a unit's holiday roster that came as a table; ROSTER is its id, as 20270101.370202."""
    lines = from_file(file.name, file.read_bytes())
    with_hub(lambda hub: hub.handle(f"unitroster/{roster}", GiveRoster(lines=lines), key="", by="cli"))
    typer.echo(f"{file.name}: 收到 {len(lines)} 天")


@_app.command()
def show(month: str = typer.Argument("", help="2026-12; empty: this month.")) -> None:
    """Print a month: one duty a line, what is wrong with it behind."""
    wanted = month or month_of(SystemClock().now())
    row = reading(lambda connection: connection.one("row", "roster", wanted))
    if row is None:
        raise NotFound(f"没有 {wanted} 的值班表")
    body = orjson.loads(row[4])
    for duty in map(Duty.model_validate, body["duties"]):
        wrong = " ".join(p["wrong"] for p in body["problems"] if p["duty"] == duty.id)
        people = " ".join(f"{seat.post}={seat.person}" for seat in duty.seats)
        typer.echo(f"{to_datetime(duty.starts_at):%m-%d %H:%M} {duty.name} {duty.special} {people} {wrong}".rstrip())
