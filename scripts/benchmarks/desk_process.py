"""A desk in a process of its own, put together by the same composition root as `dutydesk serve`; told what to do line by line.

`desk_process [--no-workers]`, settings from the environment. Says its port, then answers: session, churn, buffers.
"""

import asyncio
import json
import logging
import sys
from typing import Any

from dutydesk.app import Desk, build
from dutydesk.cli.serving import tune_interpreter
from dutydesk.config import Settings
from dutydesk.domain.messages import DismissMessage, RecordMessage
from dutydesk.domain.users import AddUser
from dutydesk.web import sessions
from scripts.benchmarks import children

MOST_CALLS = 500  # until a console that stopped reading must have filled what the kernel holds for it (4 MB here)
LONG = "核实情况" * 3_500


async def session(desk: Desk) -> dict[str, Any]:
    """Sign an officer in; the token of the cookie."""
    await desk.hub.handle("user/bench", AddUser(name="值班员", role="officer"), key="", by="bench")
    opened = await sessions.open_session(desk.hub, "bench", desk.clock.now())
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


def buffered(desk: Desk) -> int:
    """The most bytes that one console's connection holds unsent."""
    return max((console.transport.get_write_buffer_size() for console in desk.live._consoles), default=0)


async def obey(desk: Desk, request: dict[str, Any]) -> dict[str, Any]:
    match request["do"]:
        case "session":
            return await session(desk)
        case "churn":
            return await churn(desk, request["bytes"])
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
