"""What a hub remembers between transactions is bounded, in streams and in what they weigh, and is never more than a memory."""

import pytest

from dutydesk.domain.messages import InterpretMessage
from dutydesk.hub import Hub
from dutydesk.store import tx
from tests.kit import hub_on, phone, report, sms

LONG = "化工园区爆炸,有人受伤。" * 1_000  # 12,000 characters


async def tell(hub: Hub, name: str, text: str) -> None:
    await hub.handle(f"message/{name}", sms(text, phone(1)), key=name, by="main")


async def test_a_hub_remembers_no_more_text_than_it_may(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tx, "CACHED_TEXT", 10 * len(LONG))
    async with hub_on(database, furnished=True) as hub:
        for number in range(30):
            await tell(hub, f"long-{number}", LONG)
        kept = hub.folds
        assert kept.weight == sum(fold.weight for fold in kept.folds.values()) <= 10 * len(LONG)
        assert "message/long-29" in kept.folds, "what was used last is kept"
        assert "message/long-0" not in kept.folds
        await tell(hub, "long-0", LONG)  # and it is no matter: the same input again is known by its key
        assert len(await hub.read(lambda c: c.all("entries_of", "message/long-0", 0))) == 1


async def test_a_stream_weighs_what_its_entries_do_however_it_came_to_be_known(database: str) -> None:
    async with hub_on(database, furnished=True) as hub:
        await tell(hub, "a", LONG)
    async with hub_on(database) as hub:  # this one reads the first entry and makes the others
        await hub.handle("message/a", InterpretMessage(reading=report()), key="", by="reader")
        written = await hub.read(lambda c: c.all("entries_of", "message/a", 0))
        weight = sum(len(record[8]) + len(record[10] or "") for record in written)
        assert hub.folds.folds["message/a"].weight == weight > len(LONG)
