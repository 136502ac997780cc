"""One input from the command line: through the same door, under the same pen, beside a running desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from dutydesk.clock import SystemClock
from dutydesk.config import Settings
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.store import Store

T = TypeVar("T")


def with_hub(act: Callable[[Hub], Awaitable[T]]) -> T:
    """Open the store, do one thing, close it."""

    async def run() -> T:
        hub = Hub(Store(Settings.from_environment().database), SystemClock())
        hub.start()
        try:
            return await act(hub)
        finally:
            await hub.stop()

    return asyncio.run(run())


def reading(ask: Callable[[Connection], T]) -> T:
    """Ask something of the store."""
    store = Store(Settings.from_environment().database)
    store.prepare()
    try:
        return store.read(ask)
    finally:
        store.close()
