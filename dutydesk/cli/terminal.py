"""`dutydesk watch`: the live board in a terminal, for an officer on a server or a slow line. A client like any browser."""

import asyncio
import getpass
import os
import sys
import uuid
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import typer
from rich.console import Console
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin
from yarl import URL

from dutydesk.cli.board import board
from dutydesk.clock import to_datetime
from dutydesk.errors import DeskError

HELP = "a 事件号 签收(末三位即可) · n 事件号 文字 备注 · c 文字 来电登记 · l 看板 · q 退出"


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(watch)


def watch(
    url: str = typer.Option("http://127.0.0.1:8080", help="The desk's address."),
    username: str = typer.Option(..., "--user", help="Who signs in; the password is asked for, or DUTYDESK_PASSWORD."),
    once: bool = typer.Option(False, help="Print the board once and end."),
) -> None:
    """Show the live board; sign for an incident or type in a call."""
    password = os.environ.get("DUTYDESK_PASSWORD") or getpass.getpass("密码 Password: ")
    asyncio.run(Terminal(url.rstrip("/"), once).run(username, password))


@dataclass(slots=True)
class Terminal:
    """One session: rows as the feed sent them, printed as they change."""

    url: str
    once: bool
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    head: str = "0"
    csrf: str = ""
    now: int = 0
    screen: Console = field(default_factory=Console)

    async def run(self, username: str, password: str) -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": self.url}) as http:
            form = {"username": username, "password": password}
            async with http.post(f"{self.url}/sign-in", data=form, allow_redirects=False) as answer:
                if answer.status != 303:
                    raise DeskError("用户名或密码不对,或暂时锁定")
            async with http.get(f"{self.url}/api/me") as me:
                self.csrf = (await me.json())["csrf"]
            cookie = "; ".join(f"{c.key}={c.value}" for c in jar)
            feed = asyncio.create_task(self._follow(cookie))
            if not self.once:
                typer.echo(HELP)
                await self._listen(http)
                feed.cancel()
            await asyncio.gather(feed, return_exceptions=not self.once)

    async def _follow(self, cookie: str) -> None:
        socket = str(URL(self.url).with_scheme("wss" if self.url.startswith("https") else "ws"))
        while True:
            try:
                address = f"{socket}/live?since={self.head}"
                headers = {"Cookie": cookie}
                async with connect(address, additional_headers=headers, origin=Origin(self.url)) as feed:
                    async for frame in feed:
                        self._take(orjson.loads(frame))
                        if self.once:
                            return self._list()
            except (OSError, ConnectionClosed):
                typer.echo("-- 连接断开,正在重连", err=True)
                await asyncio.sleep(2)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame.get("reload"):
            self.rows.clear()
            self.head = "0"
            return
        if "presence" in frame:
            return
        fresh, self.head, self.now = self.head == "0", frame["head"], frame["now"]
        for kind, rows in frame["rows"].items():
            for row in rows:
                self.rows.setdefault(kind, {})[row["id"]] = row
                if not fresh and (line := _line(kind, row)):
                    typer.echo(line)
        if fresh and not self.once:
            self._list()

    async def _listen(self, http: aiohttp.ClientSession) -> None:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            word, _, rest = line.strip().partition(" ")
            if word == "q":
                return
            if word == "l":
                self._list()
            elif word == "a" and rest:
                await self._post(http, f"/api/incident/{self._meant(rest)}/SignForIncident", {})
            elif word == "n" and " " in rest:
                incident, _, text = rest.partition(" ")
                await self._post(http, f"/api/incident/{self._meant(incident)}/NoteIncident", {"text": text})
            elif word == "c" and rest:
                await self._post(http, "/api/calls", {"text": rest})
            elif word:
                typer.echo(HELP)

    def _list(self) -> None:
        self.screen.print(board(self.rows, self.now))

    def _meant(self, said: str) -> str:
        """An incident by its number or the end of it, when only one open incident ends so."""
        ends = [id for id, row in self.rows.get("incident", {}).items() if row.get("open") and id.endswith(said)]
        return ends[0] if len(ends) == 1 else said

    async def _post(self, http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> None:
        headers = {"X-CSRF": self.csrf, "Idempotency-Key": str(uuid.uuid4())}
        async with http.post(self.url + path, json=body, headers=headers) as answer:
            said = await answer.json()
            typer.echo(f"-- {said.get('error') or said.get('number') or '好'}")


def _line(kind: str, row: dict[str, Any]) -> str:
    """One line of the board; empty for kinds a terminal does not show."""
    if row.get("gone"):
        return ""
    mark = "【演练】" if row.get("drill") else ""
    if kind == "incident":
        figures = " ".join(f"{n}={f['value']}" for n, f in row["figures"].items())
        state = row["signed_by"] or "未签收" if row["open"] else row["status"]
        return f"{_time(row['last_report_at'])} 事件 {row['number']} {mark}{row['title']} {figures} [{state}]"
    if kind == "message":
        who = row["sender_name"] or row["unit_name"] or row["sender"]
        return f"{_time(row['received_at'])} 来报 {row['number']} {mark}{who}:{row['text'][:80]} [{row['status']}]"
    if kind == "page" and row["open"]:
        until = _time(row["answer_by"]) if row["answer_by"] else "--:--:--"
        return (
            f"{_time(row['started_at'])} 呼叫 {mark}{row['subject']} 第{row['step'] + 1}级 至{until} [{row['status']}]"
        )
    return ""


def _time(at: int) -> str:
    return to_datetime(at).strftime("%H:%M:%S")
