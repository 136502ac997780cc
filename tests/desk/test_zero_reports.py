"""The day's report is asked for once, also when two hubs find at one instant that it is owed."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dutydesk.clock import BEIJING, ManualClock, from_datetime
from dutydesk.domain.asking_policy import Asking, InwardClock
from dutydesk.domain.policies import AdoptRules
from dutydesk.domain.submission_policy import ZeroReport
from dutydesk.hub import Hub
from dutydesk.workers.housekeeping import Housekeeping
from tests.kit import hub_on, rules, sqlite


async def test_two_hubs_that_ask_at_one_instant_ask_once_and_both_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(from_datetime(datetime(2026, 10, 1, 13, tzinfo=BEIJING)))
    owed = ZeroReport(holidays=True, by=("15:00",), law="待核实的规定")
    asking = Asking(inward=(InwardClock(kind="question", minutes=30),), inward_policy="held")
    async with hub_on(sqlite(tmp_path), clock, furnished=True) as hub:
        policy = rules(zero_report=owed, asking=asking)
        await hub.handle("rules/main", AdoptRules(rules=policy, digest="1"), key="", by="test")
        both, handle = asyncio.Barrier(2), Hub.handle

        async def together(*words: Any, **more: Any) -> Any:
            await both.wait()  # both have looked, and neither has asked
            return await handle(*words, **more)

        monkeypatch.setattr(Hub, "handle", together)
        await asyncio.gather(*(Housekeeping(hub, clock, {})._ask_zero_report() for _ in range(2)))
        asked = await hub.read(lambda c: c.all("entries_typed", "InwardLogged", 1, 10**6))
    assert len(asked) == 1
