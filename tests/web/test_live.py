"""The feed over a real socket, with the websockets library as an independent client."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from dutydesk.domain.incidents import CloseIncident, NoteIncident
from dutydesk.domain.messages import Proposal
from dutydesk.domain.readings import Reading
from dutydesk.domain.users import AddUser
from dutydesk.web import feed, sessions
from dutydesk.web.answers import Key, Round
from dutydesk.web.live import Live
from dutydesk.workers.router import Router
from tests.web.city import City

PATIENCE = 60


class Screen:
    """What a console holds: rows by kind and id, gone and closed ones dropped, as the contract says."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict] = {}
        self.head, self.frames, self.reloads = "0", 0, 0
        self.writable = None

    def take(self, text: str | bytes) -> dict:
        frame = json.loads(text)
        self.frames += 1
        if frame.get("reload"):
            self.rows.clear()
            self.head, self.reloads = "0", self.reloads + 1
            return frame
        self.head, self.writable = frame["head"], frame["writable"]
        for kind, rows in frame["rows"].items():
            for row in rows:
                self.rows.pop((kind, row["id"]), None)
                if not row.get("gone") and row["open"]:
                    self.rows[kind, row["id"]] = row
        return frame


@asynccontextmanager
async def console(desk: City, username: str = "officer", since: str = "0", **options):
    headers = await desk.headers(username)
    url = desk.origin.replace("http", "ws") + f"/live?since={since}"
    sent = {"Cookie": headers["Cookie"]}
    async with connect(
        url, additional_headers=sent, origin=Origin(desk.origin), compression=None, proxy=None, **options
    ) as socket:
        yield socket


async def until(socket: ClientConnection, screen: Screen, head: int) -> Screen:
    """Take frames until the screen stands at a head."""
    async with asyncio.timeout(PATIENCE):
        while int(screen.head.split(":")[0]) < head:
            screen.take(await socket.recv())
    return screen


async def head(desk: City) -> int:
    return int((await desk.one("head"))[0])


async def fresh(desk: City, username: str = "officer") -> dict:
    screen = Screen()
    screen.take(await (await desk.get("/api/board", username)).text())
    return screen.rows


async def test_a_console_starts_with_what_is_open_and_then_gets_each_change(desk: City):
    incident = await desk.incident()
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
        assert ("incident", incident) in screen.rows
        assert not {kind for kind, _ in screen.rows} & {"rules", "unit", "contact", "leader"}
        await desk.hub.handle(f"incident/{incident}", NoteIncident(text="已派车"), key="", by="user:officer")
        await desk.parts.live.tick()
        await until(socket, screen, await head(desk))
        assert screen.rows["incident", incident]["last_word"] == "已派车"
        assert screen.rows == await fresh(desk)


async def test_a_row_carries_what_the_table_says_besides_its_body(desk: City):
    incident = await desk.incident()
    row = (await fresh(desk))["incident", incident]
    assert (row["id"], row["open"], row["drill"], row["division"]) == (incident, True, False, "370281001")
    assert row["seq"] <= await head(desk)
    assert row["number"] == incident


async def test_a_closed_row_is_sent_as_closed_and_left_out_of_a_fresh_board(desk: City):
    incident = await desk.incident()
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
        await desk.hub.handle(
            f"incident/{incident}", CloseIncident(outcome="handled", reason="扑灭"), key="", by="user:officer"
        )
        await desk.parts.live.tick()
        frame = json.loads(await socket.recv())
        assert [row["open"] for row in frame["rows"]["incident"]] == [False]
        screen.take(json.dumps(frame))
        assert ("incident", incident) not in screen.rows
        assert screen.rows == await fresh(desk)


async def test_a_console_that_was_away_catches_up_exactly(desk: City):
    await desk.incident("第一起")
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
    second = await desk.incident("第二起", "+8612000000202")
    async with console(desk, since=screen.head) as socket:
        await until(socket, screen, await head(desk))
    assert ("incident", second) in screen.rows
    assert screen.reloads == 0
    assert screen.rows == await fresh(desk)


async def test_a_token_of_another_past_reloads_and_alarms(desk: City, caplog: pytest.LogCaptureFixture):
    await desk.incident()
    now = await head(desk)
    async with console(desk, since=f"{now}:00000000") as socket:
        assert json.loads(await socket.recv()) == {"reload": True}
        screen = await until(socket, Screen(), now)
    assert screen.rows == await fresh(desk)
    assert "not in this journal" in caplog.text
    answer = await desk.get(f"/api/board?since={now + 5}:deadbeef")
    assert await answer.json() == {"reload": True}


async def test_a_scoped_console_sees_only_its_division(desk: City):
    ours, theirs = await desk.incident("甲"), await desk.incident("乙", "+8612000000202")
    async with console(desk, "officer-281") as socket:
        screen = await until(socket, Screen(), await head(desk))
        assert ("incident", ours) in screen.rows
        assert ("incident", theirs) not in screen.rows
        await desk.hub.handle(f"incident/{theirs}", NoteIncident(text="x"), key="", by="user:officer")
        await desk.parts.live.tick()
        frame = json.loads(await socket.recv())
        assert frame["rows"] == {"incident": [{"id": theirs, "gone": True}]}


@pytest.mark.parametrize("role", ["reader", "auditor", "unit"])
async def test_numbers_are_masked_for_those_who_only_look(desk: City, role: str):
    await desk.incident("请回电 13900001111 或 0532-80001111")
    text = json.dumps([*(await fresh(desk, role)).values()], ensure_ascii=False)
    assert "+8612000000101" not in text
    assert "13900001111" not in text
    assert "80001111" not in text
    assert "139******11" in text
    full = json.dumps([*(await fresh(desk)).values()], ensure_ascii=False)
    assert "+8612000000101" in full
    assert "13900001111" in full


async def test_a_frame_comes_within_five_seconds_though_nothing_happens(desk: City):
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
        async with asyncio.timeout(PATIENCE):
            frame = screen.take(await socket.recv())
    assert frame["rows"] == {}
    assert frame["writable"] is True
    assert frame["now"] == desk.clock.now()
    assert screen.head.startswith(f"{await head(desk)}:")


async def test_a_store_that_takes_no_writes_is_told_at_once(desk: City):
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
        desk.hub.health.writable = False
        async with asyncio.timeout(PATIENCE):
            assert screen.take(await socket.recv())["writable"] is False


async def test_without_a_session_or_from_another_site_there_is_no_feed(desk: City):
    url = desk.origin.replace("http", "ws") + "/live"
    cookie = {"Cookie": (await desk.headers("officer"))["Cookie"]}
    for headers, origin, status in (
        ({}, Origin(desk.origin), 401),
        (cookie, Origin("https://evil.example"), 403),
        (cookie, None, 403),
    ):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(url, additional_headers=headers, origin=origin, proxy=None):
                pass
        assert refused.value.response.status_code == status


async def closed_with(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


async def test_signing_out_closes_the_consoles_of_the_session(desk: City):
    async with console(desk) as socket:
        await until(socket, Screen(), await head(desk))
        assert (await desk.post("/sign-out")).status == 303
        assert await closed_with(socket) == 4401


async def test_a_session_that_ended_elsewhere_loses_its_console(desk: City):
    async with console(desk) as socket:
        await until(socket, Screen(), await head(desk))
        await feed.sweep(desk.parts)
        assert desk.parts.live.count == 1
        await sessions.close_session(desk.hub, sessions.digest(desk.signed["officer"][0]))
        await feed.sweep(desk.parts)
        assert await closed_with(socket) == 4401


async def test_a_change_of_rights_closes_the_console(desk: City):
    async with console(desk) as socket:
        await until(socket, Screen(), await head(desk))
        await desk.hub.handle("user/officer", AddUser(name="改", role="officer", division="370281"), key="", by="test")
        await desk.parts.live.tick()
        assert await closed_with(socket) == 4403


async def test_stopping_closes_every_console_cleanly(desk: City):
    async with console(desk) as one, console(desk, "reader") as two:
        await until(one, Screen(), await head(desk))
        await until(two, Screen(), await head(desk))
        await asyncio.gather(desk.parts.live.stop(), closed_with(one), closed_with(two))
        assert (one.close_code, two.close_code) == (1001, 1001)


async def test_a_board_larger_than_a_frame_comes_in_parts_that_can_be_resumed(desk: City):
    for n in range(60):
        await desk.message(f"{n}" + "长" * 15_000, "+8612000000999")
    top = await head(desk)
    first = Screen()
    async with console(desk) as socket:
        text = await socket.recv()
        first.take(text)
        assert len(text.encode()) < 1_000_000
        assert int(first.head.split(":")[0]) < top
    async with console(desk, since=first.head) as socket:
        await until(socket, first, top)
    assert first.rows == await fresh(desk)


async def test_a_row_too_long_for_a_frame_is_shortened_and_says_so(desk: City):
    id = await desk.message("很" * 400_000)
    row = (await fresh(desk))["message", id]
    assert row["cut"] is True
    assert len(row["text"]) == 2_000
    whole = (await (await desk.get(f"/api/message/{id}")).json())["row"]
    assert len(whole["text"]) == 400_000
    assert "cut" not in whole


async def test_what_is_recorded_is_shown_before_anybody_begins_to_read_it(desk: City, monkeypatch: pytest.MonkeyPatch):
    begun, go_on, asked = asyncio.Event(), asyncio.Event(), list[str]()
    ask = Live._ask

    async def slowly(self: Live, keys: list[Key]) -> Round:
        begun.set()
        await go_on.wait()
        return await ask(self, keys)

    async def read_texts(texts: list[tuple[str, int]], _budget: float) -> list[Reading | None]:
        asked.extend(text for text, _ in texts)
        return [None] * len(texts)

    async def propose(_text: str, _at: int, _reading: Reading) -> tuple[Proposal, ...]:
        return ()

    router = Router(desk.hub, desk.clock, read_texts, propose, desk.parts.live.shown)
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
        await desk.message("仓库起火")
        monkeypatch.setattr(Live, "_ask", slowly)
        round = asyncio.create_task(desk.parts.live.tick())
        await begun.wait()
        routing = asyncio.create_task(router.run_once())
        for _ in range(5):
            await desk.one("head")  # time enough for a look at what waits
        assert asked == []
        go_on.set()
        await asyncio.gather(round, routing)
        assert "仓库起火" in asked
        await until(socket, screen, await head(desk))
