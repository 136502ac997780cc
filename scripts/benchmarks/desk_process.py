"""A desk in a process of its own, put together by the same composition root as `dutydesk serve`; told what to do line by line.

`desk_process [--no-workers]`, settings from the environment. Says its port, then answers: session, churn, buffers, timers,
acknowledge, circular.
"""

import asyncio
import json
import logging
import sys
from functools import partial
from typing import Any

from dutydesk.app import Desk, build
from dutydesk.cli.serving import tune_interpreter
from dutydesk.clock import DAY
from dutydesk.config import Settings
from dutydesk.domain.circulars import DraftCircular, IssueCircular, RequestCircular
from dutydesk.domain.messages import DismissMessage, RecordMessage
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.domain.users import AddUser
from dutydesk.domain.verbs import Command, Lane, Priority
from dutydesk.errors import Unavailable
from dutydesk.store.connection import Connection, Params
from dutydesk.web import sessions
from scripts.benchmarks import children

MOST_CALLS = 500  # until a console that stopped reading must have filled what the kernel holds for it (4 MB here)
LONG = "核实情况" * 3_500


async def session(desk: Desk) -> dict[str, Any]:
    """Sign an officer in, second factor and all; the token of the cookie."""
    await desk.hub.handle("user/bench", AddUser(name="值班员", role="officer"), key="", by="bench")
    now = desk.clock.now()
    opened = await sessions.open_session(desk.hub, "bench", now, factor_at=now)
    return {"cookie": f"{sessions.cookie_name(False)}={opened.token}"}


async def churn(desk: Desk, wanted: int) -> dict[str, Any]:
    """Take in long calls and dismiss them until a console's connection holds more than so many bytes unsent; no board keeps them."""
    for index in range(MOST_CALLS):
        if buffered(desk) > wanted:
            return {"calls": index, "bytes": buffered(desk)}
        name = f"message/churn{desk.clock.now()}"
        await desk.hub.handle(name, RecordMessage(channel="call", via="call", text=LONG), key="", by="bench")
        await desk.live.tick()
        await desk.hub.handle(name, DismissMessage(reason="练习"), key="", by="bench")
        await desk.live.tick()
    raise RuntimeError(f"{MOST_CALLS} long calls left only {buffered(desk)} bytes unsent")


async def timers(desk: Desk, many: int, after: int) -> dict[str, Any]:
    """Have so many timers of pages stand far away."""
    rows = [
        (f"page/far{i}", "answer", Lane.FIRE.value, after + i, after + i, int(Priority.PAGE), 0) for i in range(many)
    ]
    for start in range(0, many, 5_000):
        await desk.hub.beside(partial(_set, rows[start : start + 5_000]))
    return {"timers": many}


def _set(rows: list[Params], connection: Connection) -> None:
    connection.many("set_timer", rows)


async def acknowledge(desk: Desk) -> dict[str, Any]:
    """The officer signs for every open page; whoever is told that the desk is busy looks again later."""
    opened = [row[1] for row in await desk.hub.read(lambda c: c.all("rows_touched", "page", 2**62))]
    answer, busy = AcknowledgePage(who="user:bench", how="console", quiet=True), 0
    for start in range(0, len(opened), 50):
        signed = (desk.hub.handle(f"page/{id}", answer, key="", by="user:bench") for id in opened[start : start + 50])
        said = await asyncio.gather(*signed, return_exceptions=True)
        busy += sum(isinstance(one, Unavailable) for one in said)
    return {"acknowledged": len(opened) - busy, "busy": busy}


async def circular(desk: Desk) -> dict[str, Any]:
    """Draft a circular and issue it to everybody the configuration names."""
    now = desk.clock.now()
    (watch,) = [row[1] for row in await desk.hub.read(lambda c: c.all("rows_of_kind", "watch")) if row[3]]
    steps: tuple[tuple[str, Command, str], ...] = (
        ("wish", RequestCircular(watch=watch, name="风暴", starts_at=now - DAY, ends_at=now), "user:bench"),
        ("draft", DraftCircular(figures=(), items=(), summary="当班情况见全文。"), "draft"),
        ("issue", IssueCircular(), "user:bench"),
    )
    return {"told to come again": sum([await _patiently(desk, *step) for step in steps])}


async def _patiently(desk: Desk, name: str, command: Command, by: str) -> int:
    """Give a command of the circular until the desk takes it; how often it was busy."""
    for turn in range(100):
        try:
            await desk.hub.handle("circular/storm", command, key=f"storm:{name}", by=by)
        except Unavailable:
            continue
        return turn
    raise RuntimeError("the desk stays busy")


def buffered(desk: Desk) -> int:
    """The most bytes that one console's connection holds unsent."""
    return max((console.transport.get_write_buffer_size() for console in desk.live._consoles), default=0)


async def obey(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    match request["do"]:
        case "session":
            return await session(desk)
        case "churn":
            return await churn(desk, request["bytes"])
        case "timers":
            return await timers(desk, request["many"], request["after"])
        case "acknowledge":
            return await acknowledge(desk)
        case "circular":
            return await circular(desk)
        case "buffers":
            return {"bytes": buffered(desk), "consoles": desk.live.count}
    raise ValueError(request)


async def run(workers: bool) -> None:
    desk = build(Settings.from_environment())
    if workers:
        port = await desk.start()
    else:
        await desk.open()
        port = await desk.serve()
    children.say(port=port)
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            children.say(**await obey(desk, json.loads(line)))
    finally:
        await desk.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    tune_interpreter()
    asyncio.run(run("--no-workers" not in sys.argv))
