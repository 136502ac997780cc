"""Watches the journal's head: tells the live board when it moved, whoever moved it."""

from collections.abc import Awaitable, Callable

from dutydesk.hub import Hub


class Tail:
    """The worker that follows the journal. `moved` is awaited on every turn; the board finds out itself what changed."""

    name = "tail"

    def __init__(self, hub: Hub, moved: Callable[[], Awaitable[None]]) -> None:
        self._hub, self._moved = hub, moved

    async def run_once(self) -> int | None:
        await self._moved()
        return None
