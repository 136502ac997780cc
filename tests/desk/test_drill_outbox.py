"""The outbox asks once more whether a drill may reach an address: what was queued in time and is late goes to nobody."""

from pathlib import Path

from dutydesk.channels.port import Outgoing
from dutydesk.clock import MINUTE, ManualClock
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.drills import CloseDrill, OpenDrill
from dutydesk.domain.outcomes import Accepted, Outcome
from dutydesk.domain.verbs import Promise
from dutydesk.links import Signer
from dutydesk.workers.outbox import Outbox
from tests.far_side import OneWay
from tests.kit import NOON, hub_on, phone, sqlite


class Company(OneWay):
    """The telephone company: takes everything, and remembers to whom it went."""

    name = "main"

    def __init__(self) -> None:
        self.to: list[str] = []

    async def send(self, outgoing: Outgoing) -> Outcome:
        self.to.append(outgoing.to)
        return Accepted(provider_id=outgoing.key, status="sent")


async def test_a_message_of_a_drill_that_is_over_when_its_turn_comes_is_sent_to_nobody(tmp_path: Path) -> None:
    clock, company = ManualClock(NOON), Company()
    async with hub_on(sqlite(tmp_path), clock, furnished=True) as hub:
        await hub.handle("drill/D", OpenDrill(name="演练", participants=("contact:A1",)), key="", by="test", drill=True)
        outbox = Outbox(hub, clock, {"main": company}, Signer("s" * 32), "http://127.0.0.1", "main")
        for name, drill in (("during", True), ("late", True), ("real", False)):
            wish = QueueDelivery(
                how="sms", to=phone(1), text=name, purpose="page", about="desk/main", promise=Promise.REPEATABLE
            )
            await hub.handle(f"delivery/{name}", wish, key="", by="test", drill=drill)
            if name == "during":
                await outbox.run_once()
        await hub.handle("drill/D", CloseDrill(), key="", by="test")
        for _ in range(4):
            await outbox.run_once()
            clock.advance(MINUTE)
        rows = {row[1]: row[6] for row in await hub.read(lambda c: c.all("rows_of_kind", "delivery"))}
    assert company.to == [phone(1), phone(1)]  # the one in time, and the real one
    assert '"code":"not_in_drill"' in rows["late"]
