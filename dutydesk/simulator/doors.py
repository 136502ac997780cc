"""What every request to the company passes through: planted faults before and after it is accepted. Used by both
providers' doors."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from dutydesk.simulator.faults import REQUEST_KINDS, Fault
from dutydesk.simulator.network import Network

# Nobody waits longer than this for a hung answer; a stopping server must not either.
_LONGEST_HANG_S = 300.0


@dataclass(frozen=True, slots=True)
class Door:
    """One kind of request: its fault point, the phone it is about, and how its provider words a refusal."""

    point: str
    number: str | None
    refuse: Callable[[int], web.Response]


async def pass_through(
    network: Network, request: web.Request, door: Door, accept: Callable[[], web.Response]
) -> web.StreamResponse:
    """Answers by `accept` unless a fault says otherwise; whether `accept` ran is what the fault's name says."""
    fault = network.faults.take(door.point, REQUEST_KINDS, door.number)
    match fault:
        case None:
            return accept()
        case Fault(kind="refuse"):
            return door.refuse(fault.code or 20500)
        case Fault(kind="error_after"):
            accept()
            return door.refuse(fault.code or 20500)
        case Fault(kind="slow"):
            response = accept()
            await asyncio.sleep(fault.seconds)
            return response
        case _:
            return await _without_answer(fault, request, accept)


async def _without_answer(fault: Fault, request: web.Request, accept: Callable[[], web.Response]) -> web.StreamResponse:
    if fault.kind in ("reset_after", "hang_after"):
        accept()
    if fault.kind in ("hang_before", "hang_after"):
        await _until_gone(request, fault.seconds or _LONGEST_HANG_S)
    return cut(request)


async def _until_gone(request: web.Request, longest: float) -> None:
    deadline = asyncio.get_running_loop().time() + longest
    while asyncio.get_running_loop().time() < deadline:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.02)


def cut(request: web.Request) -> web.StreamResponse:
    """Breaks the connection; what is returned never leaves the machine."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)
