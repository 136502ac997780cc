"""A console that stops reading delays nobody, holds little, and afterwards gets one compacted difference."""

import asyncio
import socket as sockets

from websockets.asyncio.client import connect
from websockets.typing import Origin

from dutydesk.web import answers, live
from dutydesk.web.frames import CHUNK, mask, prefix, websocket_frame
from tests.web.city import City
from tests.web.test_live import Screen, console, fresh, head, until
from tests.web.test_truth4 import payload

BOUND = 1_000_000  # bytes one connection may hold


async def stalled(desk: City):
    """A real client that takes one frame and then reads no more: its queue is full, its receive buffer small."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, (desk.server.host, desk.server.port))
    headers = {"Cookie": (await desk.headers("shift_leader"))["Cookie"]}
    url = desk.origin.replace("http", "ws") + "/live"
    return await connect(
        url,
        sock=raw,
        additional_headers=headers,
        origin=Origin(desk.origin),
        compression=None,
        max_queue=1,
        ping_interval=None,
    )


def of(desk: City, username: str) -> live.Console:
    return next(c for c in desk.parts.live._consoles if c.username == username)


async def test_a_stalled_console_delays_nobody_holds_little_and_catches_up(desk: City):
    slow = await stalled(desk)
    most, worst, clock = 0, 0.0, asyncio.get_running_loop().time
    async with console(desk, "officer") as quick:
        screen = await until(quick, Screen(), await head(desk))
        behind = of(desk, "shift_leader")
        for n in range(260):
            await desk.message(f"{n}" + "长" * 15_000, "+8612000000999")
            began = clock()
            await desk.parts.live.tick()
            await until(quick, screen, await head(desk))
            worst = max(worst, clock() - began)
            most = max(most, behind.transport.get_write_buffer_size())
        assert behind.transport.get_write_buffer_size() > live.SLOW, "it never stalled: the test proves nothing"
        assert behind.cursor.seq < await head(desk)
        assert most < BOUND
        assert worst < 1.0
        frames_of_quick = screen.frames
    late = await until(slow, Screen(), await head(desk))
    assert late.rows == await fresh(desk, "shift_leader")
    assert late.frames < frames_of_quick
    await slow.close()


async def test_consoles_of_one_audience_share_one_frame(desk: City, monkeypatch):
    made: list[str] = []

    def counted(text: str) -> bytes:
        made.append(text)
        return websocket_frame(text)

    monkeypatch.setattr(answers, "websocket_frame", counted)
    async with console(desk, "officer") as one, console(desk, "shift_leader") as two, console(desk, "reader") as three:
        screens = [await until(socket, Screen(), await head(desk)) for socket in (one, two, three)]
        made.clear()
        await desk.incident()
        await desk.parts.live.tick()
        for socket, screen in zip((one, two, three), screens, strict=True):
            await until(socket, screen, await head(desk))
        assert len(made) == 2  # officers and shift leaders see the same; a reader sees numbers masked


async def test_a_tick_that_is_cancelled_while_it_waits_does_not_silence_the_feed(desk: City):
    async with console(desk) as socket:
        screen = await until(socket, Screen(), await head(desk))
        live_feed = desk.parts.live
        async with live_feed._lock:
            waiting = asyncio.create_task(live_feed.tick())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
        await desk.message()
        await live_feed.tick()
        await until(socket, screen, await head(desk))
        assert screen.rows == await fresh(desk)


async def test_one_console_too_many_is_sent_away(desk: City, monkeypatch):
    monkeypatch.setattr(live, "MOST", 1)
    async with console(desk, "officer"), console(desk, "reader") as second:
        async with asyncio.timeout(60):
            await second.wait_closed()
        assert second.close_code == 1013
        assert desk.parts.live.count == 1


async def test_a_console_too_far_behind_begins_anew_without_alarm(desk: City, monkeypatch, caplog):
    monkeypatch.setattr(answers, "MOST_BEHIND", 3)
    first = Screen()
    async with console(desk) as socket:
        await until(socket, first, await head(desk))
    await desk.incident()
    async with console(desk, since=first.head) as socket:
        await until(socket, first, await head(desk))
    assert first.reloads == 1
    assert first.rows == await fresh(desk)
    assert "not in this journal" not in caplog.text


def test_frames_of_every_length_are_framed_as_the_rfc_says():
    for size in (0, 125, 126, 65_535, 65_536, CHUNK):
        assert payload(websocket_frame("x" * size)) == "x" * size
    assert payload(websocket_frame("值" * 100)) == "值" * 100


def test_masking_keeps_lengths_and_leaves_other_figures_alone():
    for text in ("+8612000000101", "电话13900001111转", "0532-80001111"):
        assert len(mask(text)) == len(text)
        assert "*" in mask(text)
    for text in ("20261123-001", "死亡3人", "+08:00", "SM13900001111abc", "100000000元"):
        assert mask(text) == text


def test_a_scope_written_as_a_whole_city_or_province_means_all_that_lies_in_it():
    assert [prefix(p) for p in ("", "370000", "370200", "370281", "370281001", "3702")] == [
        "",
        "37",
        "3702",
        "370281",
        "370281001",
        "3702",
    ]
