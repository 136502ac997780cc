"""Hints between hubs: that the journal moved, and who sits where. They may be lost, doubled or late, and nothing relies on them:
whoever waits for the journal looks for himself every second, and presence is said again every few seconds."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    pass

CHANNEL = "dutydesk:head"
PRESENCE = "dutydesk:presence"
log = logging.getLogger("dutydesk.nudge")


def _deaf(_text: str) -> None:
    return None


class Nudge(Protocol):
    """Tells other hubs, and is told: `told(seq)` of the journal's head, `heard(text)` of what others `share`."""

    async def start(self, told: Callable[[int], None], heard: Callable[[str], None] = _deaf) -> None: ...

    def tell(self, seq: int) -> None: ...

    def share(self, text: str) -> None: ...

    async def stop(self) -> None: ...


class LocalNudge:
    """One hub: the commit itself tells."""

    async def start(self, told: Callable[[int], None], heard: Callable[[str], None] = _deaf) -> None:
        self._told = told

    def tell(self, seq: int) -> None:
        self._told(seq)

    def share(self, text: str) -> None:
        """There is nobody to tell."""

    async def stop(self) -> None:
        return None


class RedisNudge:
    """Several hubs: publish the head's seq. Redis away means one second more, nothing else."""

    def __init__(self, url: str) -> None:
        from redis.asyncio import Redis  # 5 MB that a lone hub does without
        from redis.exceptions import RedisError

        self._redis: Redis = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._away = (RedisError, OSError, TimeoutError)
        self._tasks: set[asyncio.Task[None]] = set()
        self._latest = 0
        self._publishing = False
        self._shared: str | None = None
        self._sharing = False

    async def start(self, told: Callable[[int], None], heard: Callable[[str], None] = _deaf) -> None:
        self._told, self._heard = told, heard
        self._keep(self._listen())

    def share(self, text: str) -> None:
        """Tell the other hubs; the last word of several that wait is enough."""
        self._shared = text
        if not self._sharing:
            self._sharing = True
            self._keep(self._pass_on())

    async def _pass_on(self) -> None:
        try:
            while (text := self._shared) is not None:
                self._shared = None
                await self._redis.publish(PRESENCE, text)
        except self._away as error:
            log.debug("redis away: %s", error)
        finally:
            self._sharing = False

    def tell(self, seq: int) -> None:
        self._told(seq)
        self._latest = max(self._latest, seq)
        if not self._publishing:
            self._publishing = True
            self._keep(self._publish())

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish(self) -> None:
        try:
            await self._redis.publish(CHANNEL, self._latest)
        except self._away as error:
            log.debug("redis away: %s", error)
        finally:
            self._publishing = False

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL, PRESENCE)
                    while True:
                        message = await subscription.get_message(ignore_subscribe_messages=True, timeout=1.0)
                        if message:
                            self._take(message["channel"].decode(), message["data"].decode("utf-8", "replace"))
            except self._away as error:
                log.debug("redis away: %s", error)
                await asyncio.sleep(1)

    def _take(self, channel: str, text: str) -> None:
        if channel == PRESENCE:
            return self._heard(text)
        with contextlib.suppress(ValueError):
            self._told(int(text))
