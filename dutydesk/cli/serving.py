"""`dutydesk serve`, `dutydesk check`."""

import asyncio
import contextlib
import gc
import logging
import secrets
import signal
import sys
from functools import partial
from pathlib import Path

import typer

from dutydesk import contacts
from dutydesk.app import Desk, build
from dutydesk.cli import logs
from dutydesk.clock import SystemClock, to_datetime
from dutydesk.config import Settings, load_rules
from dutydesk.config.files import unanswerable_numbers
from dutydesk.config.gateways import load_gateways, missing_gateways
from dutydesk.config.peers import load_peers, unknown_units
from dutydesk.config.settings import strangers
from dutydesk.config.unconfirmed import unconfirmed
from dutydesk.documents.fonts import office
from dutydesk.domain.holidays import unknown_year
from dutydesk.domain.rules import Rules, UserRole
from dutydesk.domain.users import AddUser
from dutydesk.errors import ConfigError
from dutydesk.store.connection import Connection, Params
from dutydesk.store.lock import served
from dutydesk.store.store import Store
from dutydesk.web.auth import set_password

SHORTEST_SECRET = 32
log = logging.getLogger("dutydesk.serve")
DEMO: tuple[tuple[str, str, UserRole, str], ...] = (
    ("officer", "值班员甲", "officer", "+8612000009101"),
    ("leader", "带班领导乙", "shift_leader", "+8612000009102"),
    ("admin", "管理员丙", "administrator", "+8612000009103"),
)


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(serve)
    app.command()(check)


def serve(
    host: str | None = typer.Option(None, help="Address to listen on (DUTYDESK_HOST)."),
    port: int | None = typer.Option(None, help="Port to listen on (DUTYDESK_PORT)."),
    demo: bool = typer.Option(False, help="Make sample users and print how to sign in."),
) -> None:
    """Run the desk until it is told to stop."""
    settings = Settings.from_environment(host=host, port=port)
    logs.begin(settings.log)
    problems = all_problems(settings)
    if problems:
        raise ConfigError(problems)
    for name in strangers(settings.config):
        log.warning("不认识的设置 %s:是不是写错了?它不起作用", name)
    tune_interpreter()
    with served(Store(settings.database)):
        settings = _with_secret(settings, demo)
        asyncio.run(_serve(settings, demo))


def tune_interpreter() -> None:
    """Set the interpreter for a server with one writing thread; figures in docs/speed.md. Called once, before the desk is built.

    Collecting cycles every 700 objects walked the cached folds over and over, a sixth of the CPU of a report; nothing here makes cycles
    by the thousand. A thread that wants the interpreter asks for it after 0.5 ms instead of 5: the pen wants it after each statement.
    """
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(0.0005)


def check() -> None:
    """Say everything that is wrong with configuration and contacts."""
    settings = Settings.from_environment()
    problems = all_problems(settings)
    if problems:
        raise ConfigError(problems)
    # the word processor's library: 20 MB that serving does not need
    from dutydesk.documents.checks import template_problems

    for problem in template_problems(settings.config / "templates"):
        typer.echo(f"注意 {problem}(印出来用自带模板)", err=True)
    for name in strangers(settings.config):
        typer.echo(f"注意 不认识的设置 {name}:是不是写错了?它不起作用", err=True)
    if office() is None:
        typer.echo("注意 没有安装 LibreOffice:文档只有 docx,没有 PDF", err=True)
    directory = contacts.load(settings.contacts)
    for warning in contacts.warnings(directory):
        typer.echo(f"注意 {warning}", err=True)
    rules = load_rules(settings.config)
    if year := unknown_year(rules.roster, to_datetime(SystemClock().now()).date()):
        typer.echo(
            f"注意 日历里没有 {year} 年的放假安排:放假通知下来后写进 roster.toml 的 days,否则只有元旦、五一、国庆几天",
            err=True,
        )
    for line in unconfirmed(rules):
        typer.echo(f"待核实 {line}", err=True)
    typer.echo(
        f"没有发现问题:单位 {len(directory.units)} 个,联络员 {len(directory.contacts)} 人,领导 {len(directory.leaders)} 人。"
    )


def all_problems(settings: Settings) -> list[str]:
    """Every problem of settings, configuration and directory, in the words of who must mend it."""
    problems = settings.problems()
    rules = directory = None
    try:
        rules = load_rules(settings.config)
    except ConfigError as error:
        problems += error.problems
    gateways = None
    try:
        gateways = load_gateways(settings.config)
    except ConfigError as error:
        problems += error.problems
    try:
        directory = contacts.load(settings.contacts)
    except ConfigError as error:
        problems += error.problems
    if rules and gateways is not None:
        problems += missing_gateways(rules, gateways)
    if rules:
        problems += _peer_problems(rules)
    if rules and directory:
        problems += unknown_units(rules, frozenset(directory.unit_by_code))
        numbers = {c.name: c.phones[0] for c in directory.contacts if c.phones}
        problems += unanswerable_numbers(rules, numbers)
        if rules.desk.unit and rules.desk.unit not in directory.unit_by_code:
            problems.append(f"desk.toml: unit {rules.desk.unit} 不在 units.csv 里")
    if directory and settings.real_twilio and contacts.is_sample(directory):
        problems.append(
            "contacts/: 这是样例通讯录,不能和真实的 Twilio 账号一起使用。请换成自己的通讯录,或取消 TWILIO_ACCOUNT_SID"
        )
    return problems


def _peer_problems(rules: Rules) -> list[str]:
    try:
        load_peers(rules)
    except ConfigError as error:
        return error.problems
    return []


def _with_secret(settings: Settings, demo: bool) -> Settings:
    given = settings.secret.get_secret_value()
    if given and len(given) < SHORTEST_SECRET:
        raise ConfigError([f"DUTYDESK_SECRET: 太短,至少 {SHORTEST_SECRET} 个随机字符"])
    if given:
        return settings
    path = Store(settings.database).path
    if path is None or not (demo or settings.host in ("127.0.0.1", "localhost", "::1")):
        raise ConfigError(["DUTYDESK_SECRET: 没有设置。它给链接签名,各台主机要用同一个,至少 32 个随机字符"])
    return Settings.model_validate(settings.model_dump() | {"secret": _kept(path.with_name("secret"))})


def _kept(path: Path, size: int = 32) -> str:
    """A random word of `size` bytes kept in a file that only its owner reads."""
    if not path.exists() or not path.read_text().strip():
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(size))
        fresh.replace(path)
    return path.read_text()


async def _serve(settings: Settings, demo: bool) -> None:
    desk = build(settings, demo=demo)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    try:
        port = await desk.start()
        if demo:
            await _demo_users(desk)
        typer.echo(f"DutyDesk http://{settings.host}:{port}")
        await _until(stopping, desk)
    finally:
        await desk.stop()


async def _until(stopping: asyncio.Event, desk: Desk) -> None:
    """Wait for a signal, or for a worker to die: then the error goes up and the service manager brings the desk back."""
    assert desk.failed is not None
    desk.failed.add_done_callback(lambda _: stopping.set())
    await stopping.wait()
    if desk.failed.done():
        desk.failed.result()


def _user(username: str, connection: Connection) -> Params | None:
    return connection.one("row", "user", username)


async def _demo_users(desk: Desk) -> None:
    path = Store(desk.settings.database).path
    password = _kept(path.with_name("demo-password"), 5) if path else secrets.token_urlsafe(9)
    for username, name, role, phone in DEMO:
        known = await desk.hub.read(partial(_user, username))
        if known is None:
            await desk.hub.handle(f"user/{username}", AddUser(name=name, role=role, phone=phone), key="", by="demo")
            await set_password(desk.hub, username, password)
    with contextlib.suppress(OSError):
        typer.echo(f"登录 Sign in: officer / leader / admin    密码 password: {password}")
