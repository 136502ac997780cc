"""`user add`, `drill`, `circular`, `token add`: one input each."""

import getpass
import secrets
import sys
import uuid
from pathlib import Path

import orjson
import typer

from dutydesk.cli.door import reading, with_hub
from dutydesk.clock import SystemClock
from dutydesk.config.scenarios import read_scenario
from dutydesk.domain.circulars import IssueCircular
from dutydesk.domain.drills import CloseDrill, OpenDrill
from dutydesk.domain.users import AddUser, NoteFactor, RemoveUser
from dutydesk.errors import NotFound, Refused
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.web.auth import set_password
from dutydesk.web.sessions import digest

user = typer.Typer(help="用户。People who may sign in.", no_args_is_help=True)
drill = typer.Typer(help="演练。Drills reach only the people on their list.", no_args_is_help=True)
circular = typer.Typer(help="通报。Shift circulars.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(token)
    app.add_typer(user, name="user")
    app.add_typer(drill, name="drill")
    app.add_typer(circular, name="circular")


@user.command("add")
def add_user(
    username: str,
    name: str = typer.Option(..., help="Name shown on the console."),
    role: str = typer.Option("officer", help="officer, shift_leader, administrator, reader, leader, unit or auditor."),
    division: str = typer.Option("", help="GB/T 2260 prefix they may see; empty sees all."),
    phone: str | None = typer.Option(None, help="E.164, for pages."),
    email: str | None = typer.Option(None),
) -> None:
    """Add a user or change one; the password is asked for (or read from standard input)."""
    password = getpass.getpass("密码 Password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if len(password) < 8:
        raise Refused("密码至少 8 位")
    command = AddUser.model_validate({"name": name, "role": role, "division": division, "phone": phone, "email": email})

    async def act(hub: Hub) -> None:
        await hub.handle(f"user/{username}", command, key="", by="cli")
        await set_password(hub, username, password)

    with_hub(act)
    typer.echo(f"用户 {username} 已保存")


@user.command("remove")
def remove_user(username: str) -> None:
    """Take away a user's access; what they did stays."""
    with_hub(lambda hub: hub.handle(f"user/{username}", RemoveUser(), key="", by="cli"))
    typer.echo(f"用户 {username} 已停用")


@user.command("reset-factors")
def reset_factors(username: str) -> None:
    """Take away a user's second factors, for who lost their phone or key; they add new ones at the next sign-in."""

    async def act(hub: Hub) -> None:
        def write(connection: Connection) -> int:
            if connection.one("row", "user", username) is None:
                raise Refused(f"没有用户 {username}")
            count = len(connection.all("factors_of", username))
            connection.run("drop_factors_of", username)
            connection.run("drop_sessions_of", username)
            return count

        if await hub.beside(write):
            await hub.handle(f"user/{username}", NoteFactor(added=False, what="all"), key="", by="cli")

    with_hub(act)
    typer.echo(f"用户 {username} 的第二重验证已清除")


def token(name: str) -> None:
    """Make a bearer token for another system's POST /api/reports. It is shown once."""
    word = secrets.token_urlsafe(32)
    now = SystemClock().now()
    with_hub(lambda hub: hub.beside(lambda c: c.run("put_token", digest(word), name, now)))
    typer.echo(word)


@drill.command("open")
def open_drill(name: str, participant: list[str] = typer.Option(..., help="contact:…, unit:… or user:…")) -> None:
    """Begin a drill with its list of participants."""
    id = uuid.uuid4().hex[:8]
    command = OpenDrill(name=name, participants=tuple(participant))
    with_hub(lambda hub: hub.handle(f"drill/{id}", command, key="", by="cli", drill=True))
    typer.echo(f"演练 {id} 已开始:{name}")


@drill.command("play")
def play_drill(script: Path, participant: list[str] = typer.Option(..., help="contact:…, unit:… or user:…")) -> None:
    """Begin a drill whose scenario plays by itself: a TOML file with `name` and [[lines]] (minutes, who, text)."""
    scenario = read_scenario(script)
    command = OpenDrill(name=scenario.name, participants=tuple(participant), script=scenario.lines)
    id = uuid.uuid4().hex[:8]
    with_hub(lambda hub: hub.handle(f"drill/{id}", command, key="", by="cli", drill=True))
    typer.echo(f"演练 {id} 已开始:{command.name},脚本 {len(command.script)} 条")


@drill.command("close")
def close_drill(id: str) -> None:
    """End a drill."""
    with_hub(lambda hub: hub.handle(f"drill/{id}", CloseDrill(), key="", by="cli"))
    typer.echo(f"演练 {id} 已结束")


@circular.command("list")
def list_circulars() -> None:
    """The newest circulars: id, name, state."""
    for record in reading(lambda c: c.all("rows_page", "circular", 2**62, 30)):
        body = orjson.loads(record[6])
        typer.echo(f"{record[1]}  {body['name']}  {body['status']}  {body['summary']}")


@circular.command("show")
def show_circular(id: str) -> None:
    """One circular as JSON, every figure with the entries it was counted from."""
    row = reading(lambda c: c.one("row", "circular", id))
    if row is None:
        raise NotFound(f"没有通报 {id}")
    typer.echo(orjson.dumps(orjson.loads(row[4]), option=orjson.OPT_INDENT_2).decode())


@circular.command("issue")
def issue_circular(id: str) -> None:
    """Send a circular to its recipients."""
    with_hub(lambda hub: hub.handle(f"circular/{id}", IssueCircular(), key="", by="cli"))
    typer.echo(f"通报 {id} 已印发")
