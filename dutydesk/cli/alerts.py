"""`dutydesk cap`: an incident as CAP 1.2, or what is wrong with an alert in a file."""

import sys
from pathlib import Path

import orjson
import typer

from dutydesk.cli.door import reading
from dutydesk.clock import SystemClock
from dutydesk.errors import Invalid, NotFound
from dutydesk.exchange import cap_papers, cap_xml, incident_paper
from dutydesk.store.connection import Connection
from dutydesk.store.tx import read_rules


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(cap)


def cap(
    incident: str = typer.Argument("", help="Number of the incident that is written to standard output."),
    check: Path | None = typer.Option(None, help="Read this file instead and say what is wrong with it."),
) -> None:
    """Give an incident out as CAP 1.2, or check an alert."""
    if check is not None:
        raise typer.Exit(_check(check.read_bytes()))
    if not incident:
        raise typer.BadParameter("INCIDENT or --check FILE")
    sys.stdout.buffer.write(reading(lambda connection: _written(connection, incident)) + b"\n")


def _check(raw: bytes) -> int:
    found = cap_xml.problems(raw)
    for line in found:
        typer.echo(line, err=True)
    try:
        paper = cap_papers.from_alert(cap_xml.read_alert(raw))
    except Invalid as error:
        typer.echo(str(error), err=True)
        return 1
    typer.echo(f"{paper.desk} {paper.number} {paper.title}")
    return 1 if found else 0


def _written(connection: Connection, number: str) -> bytes:
    row = next((r for r in connection.all("rows_of_kind", "incident") if r[1] == number), None)
    if row is None:
        raise NotFound(f"没有事件 {number}")
    _kind, _id, seq, _open, drill, division, body = row
    desk, now = read_rules(connection).desk, SystemClock().now()
    paper = incident_paper.paper_of(orjson.loads(body), division, desk, drill=bool(drill), seq=seq, at=now)
    return cap_xml.write_alert(cap_papers.to_alert(paper))
