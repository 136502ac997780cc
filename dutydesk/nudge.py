"""A hint that the journal moved. It may be lost, doubled or late: whoever listens looks for himself every second anyway."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "dutydesk:head"
log = logging.getLogger("dutydesk.nudge")


class Nudge(Protocol):
    """Tells other hubs, and is told."""

    async def start(self, told: Callable[[int], None]) -> None: ...

    def tell(self, seq: int) -> None: ...

    async def stop(self) -> None: ...


class LocalNudge:
    """One hub: the commit itself tells."""

    async def start(self, told: Callable[[int], None]) -> None:
        self._told = told

    def tell(self, seq: int) -> None:
        self._told(seq)

    async def stop(self) -> None:
        return None


class RedisNudge:
    """Several hubs: publish the head's seq. Redis away means one second more, nothing else."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._tasks: set[asyncio.Task[None]] = set()
        self._latest = 0
        self._publishing = False

    async def start(self, told: Callable[[int], None]) -> None:
        self._told = told
        self._keep(self._listen())

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
        except (RedisError, OSError) as error:
            log.debug("redis away: %s", error)
        finally:
            self._publishing = False

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    while True:
                        message = await subscription.get_message(ignore_subscribe_messages=True, timeout=1.0)
                        if message:
                            with contextlib.suppress(ValueError):
                                self._told(int(message["data"]))
            except (RedisError, OSError, TimeoutError) as error:
                log.debug("redis away: %s", error)
                await asyncio.sleep(1)
