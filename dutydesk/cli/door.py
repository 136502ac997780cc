"""One input from the command line: through the same door, under the same pen, beside a running desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from dutydesk.clock import SystemClock
from dutydesk.config import Settings
from dutydesk.errors import NotFound
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection
from dutydesk.store.store import Store

T = TypeVar("T")


def known_store() -> Store:
    """The store that is there. A command never makes one: an empty store that verifies well would be a lie. Raises NotFound."""
    store = Store(Settings.from_environment().database)
    if store.path is not None and not store.path.exists():
        raise NotFound(
            f"没有数据库 {store.path}。请设置 DUTYDESK_DATABASE(scripts/run 用的是 sqlite:///…/data/desk.sqlite)"
        )
    return store


def with_hub(act: Callable[[Hub], Awaitable[T]]) -> T:
    """Open the store, do one thing, close it."""

    async def run() -> T:
        hub = Hub(known_store(), SystemClock())
        hub.start()
        try:
            return await act(hub)
        finally:
            await hub.stop()

    return asyncio.run(run())


def reading(ask: Callable[[Connection], T]) -> T:
    """Ask something of the store."""
    store = known_store()
    store.prepare()
    try:
        return store.read(ask)
    finally:
        store.close()
