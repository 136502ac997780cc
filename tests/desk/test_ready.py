"""/readyz tells the truth: ready at rest, not ready when a promise to ourselves is overdue or the store takes no writes."""

import aiohttp

from dutydesk.clock import MINUTE
from tests.desk.town import CONTACT, Town


async def _ready(here: Town) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as http, http.get(f"{here.url}/readyz") as answer:
        return answer.status, await answer.json()


async def test_ready_at_rest_and_not_while_a_timer_is_overdue(here: Town) -> None:
    assert (await _ready(here))[0] == 200
    await here.telco.phone(CONTACT).send("香港中路8号写字楼起火,2人被困")
    await here.telco.settle()
    await here.telco.phone(CONTACT).expect_sms("已收到")
    here.clock.advance(3 * MINUTE)  # nobody turns the workers: as if their loop hung
    status, said = await _ready(here)
    assert (status, said["overdue_timers"]) == (503, 1)
    assert said["oldest_overdue_s"] == 120
    await here.desk.settle()
    assert (await _ready(here))[0] == 200
    officer = here.telco.phone("+8612000009101")
    await officer.expect_sms("签收")
    await officer.expect_ring()


async def test_not_ready_while_the_store_takes_no_writes(here: Town) -> None:
    here.desk.hub.health.writable, here.desk.hub.health.reason = False, "磁盘满"
    status, said = await _ready(here)
    assert (status, said["reason"]) == (503, "磁盘满")
