"""Whoever a simulated desk calls: eager people pick up and press a key, lazy ones let it ring and answer nothing."""

import random
from functools import partial

from dutydesk.clock import SECOND
from dutydesk.simulator.records import Call
from scripts.simulations.leaps import Leaps

SOON = (4, 45)  # seconds until an eager person picks up


class Callees:
    """The telephones of the city. `lazy`: numbers where nobody picks up."""

    def __init__(self, leaps: Leaps, chance: random.Random, lazy: set[str]) -> None:
        self._leaps, self._chance = leaps, chance
        self._heard: set[str] = set()
        self.answered = 0
        for number in lazy:
            leaps.here.telco.phone(number).when_called("no-answer")

    async def look(self) -> None:
        """Each call that rings for the first time will be taken up soon."""
        for call in list(self._leaps.here.telco.network.calls.values())[len(self._heard) :]:
            self._heard.add(call.sid)
            if call.status == "ringing":
                self._leaps.at(self._leaps.now + self._chance.randint(*SOON) * SECOND, partial(self._take, call))

    async def _take(self, call: Call) -> None:
        if call.status != "ringing":
            return
        phone = self._leaps.here.telco.phone(call.person)
        live = await phone.expect_ring()
        await live.answer()
        if not live.call.over:
            await live.press("2" if "不属实" in live.said else "1")
            self.answered += 1
