"""The board of a past moment costs a few journeys to the store, however much has happened since."""

from dutydesk.domain.messages import InterpretMessage
from dutydesk.store.past import rows_then
from dutydesk.store.store import head
from tests.kit import hub_on, phone, report, sms


async def test_the_past_is_not_asked_for_stream_by_stream(database: str) -> None:
    async with hub_on(database, furnished=True) as hub:
        for number in range(40):
            await hub.handle(f"message/{number}", sms(f"{number}号仓库起火", phone(1)), key=f"{number}", by="main")
        then = (await hub.read(head)).seq
        for number in range(40):
            wish = InterpretMessage(reading=report())
            await hub.handle(f"message/{number}", wish, key="", by="reader")
        for number in range(40, 80):
            await hub.handle(f"message/{number}", sms(f"{number}号仓库起火", phone(1)), key=f"{number}", by="main")

        def look(upto: int) -> tuple[list[str], int]:
            with hub.store.reader() as connection:
                before = connection.round_trips
                found = [row[1] for row in rows_then(connection, upto) if row[0] == "message"]
                return found, connection.round_trips - before

        found, journeys = look(then)
        assert sorted(found, key=int) == [str(number) for number in range(40)]
        assert journeys <= 6
        assert look(0) == ([], 2 if hub.store.engine == "postgresql" else 0)
