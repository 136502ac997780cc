"""Keeps the search index behind the journal: a little at a time, with pauses, so that the pen never waits for it."""

import asyncio
import logging
import time

from dutydesk.clock import SECOND, Clock
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store.search import SearchIndex

REST = 4  # pauses this many times as long as it worked while it has much to catch up with
log = logging.getLogger("dutydesk.indexer")


class Indexer:
    """The worker of the search index. What goes wrong with an index stops no desk: it is said, and tried again."""

    name = "indexer"

    def __init__(self, hub: Hub, clock: Clock, index: SearchIndex) -> None:
        self._hub, self._clock, self._index = hub, clock, index

    async def run_once(self) -> int | None:
        """Take in some entries. Returns when to go on (None: nothing is left)."""
        since = time.monotonic()
        try:
            more = await asyncio.to_thread(self._index.follow)
        except (Unavailable, OSError) as error:
            log.warning("the search index stands still: %s", error)
            return self._clock.now() + 30 * SECOND
        return self._clock.now() + int((time.monotonic() - since) * REST * SECOND) if more else None
