"""The link's promises under cuts, kills, duplicates, forgeries, forks and a wrong clock: each paper arrives once and in order."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from dutydesk.channels.link_wire import MOST_BYTES, Frame, read_frame
from dutydesk.clock import DAY, HOUR
from dutydesk.domain.deliveries import CancelDelivery
from dutydesk.domain.drills import OpenDrill
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.peers import ResumePeer
from dutydesk.errors import DeskError, Invalid, Unavailable
from tests.channels.line import CITY, DISTRICT, SECRET, Line, forged, line, paper


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Line]:
    made = await line(tmp_path)
    yield made
    made.cut()
    await made.city.stop()
    await made.district.stop()


def numbered(n: int, text: str, *, kind: str = "submission", key: str = "", at: int = 0, to: str = CITY) -> Frame:
    made = Frame(from_=DISTRICT, to=to, n=n, key=key or f"k{n}", at=at, kind=kind, body=text)
    return made.signed(SECRET)


async def test_a_paper_goes_up_and_the_receipt_names_its_number(wire: Line) -> None:
    await wire.district.queue(1)
    await wire.connect()
    await wire.flow()
    (message,) = await wire.city.rows("message")
    (sent,) = await wire.district.rows("delivery")
    assert (sent["status"], sent["provider_id"], sent["n"]) == ("delivered", message["number"], 1)
    assert sent["open"] is False


async def test_an_exercise_of_theirs_is_one_of_ours_only_while_a_drill_is_open_here(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    for n, drill in ((1, True), (2, True), (3, False)):
        if n == 2:
            wish = OpenDrill(name="演练", participants=("unit:370202",))
            await wire.city.hub.handle("drill/D", wish, key="", by="test", drill=True)
        await wire.city.session.on_text(numbered(n, paper(n, drill=drill).to_text()).to_wire())
    found = await wire.city.hub.read(lambda c: c.all("entries_typed", "MessageRecorded", 1, 10**9))
    assert [bool(entry[5]) for entry in found] == [False, True, False]


async def test_both_directions_at_once(wire: Line) -> None:
    await wire.connect()
    for n in range(1, 6):
        await wire.district.queue(n)
        await wire.city.queue(n, kind="question")
    await wire.flow()
    assert await wire.city.arrived() == [f"{DISTRICT}-{n}" for n in range(1, 6)]
    assert await wire.district.arrived() == [f"{CITY}-{n}" for n in range(1, 6)]


async def test_a_lost_receipt_is_asked_for_again_and_doubles_nothing(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    await wire.district.queue(1)
    sending = asyncio.create_task(wire.district.outbox.run_once())
    while not await wire.move(wire.district):  # noqa: ASYNC110  # lets the task go on, waits for no time
        await asyncio.sleep(0)
    wire.cut()  # the city has it; the receipt is gone
    await sending
    assert await wire.district.statuses() == ["queued"]
    wire.district.clock.advance(HOUR)
    await wire.connect()
    await wire.flow()
    assert await wire.district.statuses() == ["delivered"]
    assert await wire.city.arrived() == [f"{DISTRICT}-1"]


async def test_a_store_that_is_away_when_a_paper_is_to_go_ends_the_line_instead_of_leaving_it_dumb(
    wire: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wire.district.queue(1)
    await wire.connect()
    hung_up = asyncio.Event()

    async def away(*_: object) -> None:
        raise Unavailable("值班台忙")

    async def hang_up() -> None:
        hung_up.set()

    assert wire.district.session
    wire.district.session.hang_up = hang_up
    monkeypatch.setattr(wire.district.intake, "outgoing", away)
    while await wire.move(wire.city) or await wire.move(wire.district):
        pass
    async with asyncio.timeout(2):
        await hung_up.wait()
    monkeypatch.undo()
    await wire.connect()
    await wire.flow()
    assert await wire.district.statuses() == ["delivered"]


async def test_one_called_off_before_it_went_leaves_no_hole(wire: Line) -> None:
    for n in (1, 2, 3):
        await wire.district.queue(n)
    await wire.district.hub.handle("delivery/d0002", CancelDelivery(reason="改稿"), key="", by="test")
    await wire.connect()
    await wire.flow()
    assert await wire.city.arrived() == [f"{DISTRICT}-1", f"{DISTRICT}-3"]
    assert sorted(await wire.district.statuses()) == ["canceled", "delivered", "delivered"]


@pytest.mark.parametrize(
    "text",
    [
        numbered(1, "x").to_wire().replace('"n":1', '"n":2'),
        forged(numbered(1, "x"), body="y"),
        forged(numbered(1, "x"), to="U-370000"),
        numbered(1, "x").model_copy(update={"sig": ""}).to_wire(),
        numbered(1, "x").signed("another secret").to_wire(),
        numbered(1, "x", to="U-370000").to_wire(),
        '{"v":1}',
        "[]",
        "\x00",
        '{"v":2}',
    ],
)
async def test_a_forged_frame_closes_the_line_and_records_nothing(wire: Line, text: str) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    before = len(await wire.city.rows("frame"))
    with pytest.raises(Invalid):
        await wire.city.session.on_text(text)
    assert len(await wire.city.rows("frame")) == before


async def test_a_replayed_control_frame_of_an_earlier_connection_proves_nothing(wire: Line) -> None:
    await wire.connect()
    said = list(wire.district.outgoing)
    await wire.flow()
    beat_of_then = (await _beat(wire)).to_wire()
    await wire.connect()
    assert wire.city.session
    await wire.city.session.on_text(said[0])  # a replayed hello is answered, and opens nothing
    with pytest.raises(DeskError):
        await wire.city.session.on_text(beat_of_then)
    assert not wire.city.session.ready.is_set()


async def _beat(wire: Line) -> Frame:
    assert wire.district.session
    await wire.district.session.beat()
    return read_frame(wire.district.outgoing.pop())


async def test_a_replayed_paper_is_receipted_again_and_taken_once(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    frame = numbered(1, paper(1).to_text())
    assert wire.city.session
    for _ in range(3):
        await wire.city.session.on_text(frame.to_wire())
    told = [orjson.loads(read_frame(text).body) for text in wire.city.outgoing]
    assert told[0] == told[1] == told[2]
    assert (told[0]["verdict"], len(await wire.city.rows("message"))) == ("taken", 1)


async def test_the_same_key_under_a_new_number_is_no_second_paper(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(1, paper(1).to_text(), key="same").to_wire())
    await wire.city.session.on_text(numbered(2, paper(1).to_text(), key="same").to_wire())
    assert len(await wire.city.rows("message")) == 1
    assert [row["verdict"] for row in await wire.city.rows("frame")] == ["taken", "repeated"]


async def test_a_frame_out_of_order_is_answered_by_the_number_that_is_wanted(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(2, paper(2).to_text()).to_wire())
    nack = read_frame(wire.city.outgoing[-1])
    assert (nack.kind, orjson.loads(nack.body)) == ("nack", {"reason": "gap", "next": 1})
    assert not await wire.city.rows("message")


async def test_a_reused_number_with_another_content_is_a_fork_it_stops_both_and_pages_a_person(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(1, paper(1).to_text()).to_wire())
    await wire.city.session.on_text(numbered(1, paper(2).to_text()).to_wire())
    await wire.flow()
    (peer,) = await wire.city.rows("peer")
    assert (peer["status"], peer["stopped"], peer["stopped_n"]) == ("stopped", "fork", 1)
    assert (await wire.district.rows("peer"))[0]["stopped"] == "fork"
    assert len(await wire.city.rows("page")) == 1
    await wire.city.session.on_text(numbered(2, paper(3).to_text()).to_wire())
    assert len(await wire.city.rows("message")) == 1, "a stopped peer is not listened to"
    await wire.city.hub.handle("peer/shinan", ResumePeer(reason="已核对"), key="", by="user:chief")
    await wire.city.session.on_text(numbered(2, paper(3).to_text()).to_wire())
    assert len(await wire.city.rows("message")) == 2


async def test_a_peer_that_has_more_than_we_ever_sent_means_our_store_is_an_older_one(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(1, paper(1).to_text()).to_wire())  # not from the district's store
    await wire.connect()
    await wire.flow()
    (peer,) = await wire.district.rows("peer")
    assert (peer["status"], peer["stopped"]) == ("stopped", "ahead")


async def test_an_unknown_kind_is_kept_shown_and_receipted(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(1, "未来的内容", kind="hologram").to_wire())
    (kept,) = await wire.city.rows("frame")
    assert (kept["verdict"], kept["why"], kept["text"], kept["open"]) == ("kept", "unknown_kind", "未来的内容", True)
    assert orjson.loads(read_frame(wire.city.outgoing[-1]).body)["verdict"] == "kept"


@pytest.mark.parametrize(
    ("wish", "kind", "why"),
    [
        (paper(1, desk="370203"), "submission", "not_theirs"),
        (paper(1, kind="instruction"), "instruction", "wrong_way"),
        (paper(1), "reply", "kind_differs"),
    ],
)
async def test_another_desks_submission_or_one_the_wrong_way_is_refused_and_shown(
    wire: Line, wish: Exchange, kind: str, why: str
) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(1, wish.to_text(), kind=kind).to_wire())
    (refused,) = await wire.city.rows("frame")
    assert (refused["verdict"], refused["why"], refused["open"]) == ("refused", why, True)
    assert not await wire.city.rows("message")
    assert orjson.loads(read_frame(wire.city.outgoing[-1]).body)["verdict"] == "refused"


async def test_the_sender_of_a_refused_paper_sees_it_failed_with_the_reason(wire: Line) -> None:
    await wire.district.queue(1, kind="instruction")
    await wire.connect()
    await wire.flow()
    (sent,) = await wire.district.rows("delivery")
    assert (sent["status"], sent["code"], sent["open"]) == ("failed", "refused_by_peer", True)


async def test_a_body_that_cannot_be_read_is_kept_and_never_lost(wire: Line) -> None:
    await wire.connect()
    await wire.flow()
    assert wire.city.session
    await wire.city.session.on_text(numbered(1, "{不是JSON").to_wire())
    (kept,) = await wire.city.rows("frame")
    assert (kept["verdict"], kept["why"], kept["text"]) == ("kept", "unreadable", "{不是JSON")


def test_a_frame_that_is_too_long_is_not_even_parsed() -> None:
    with pytest.raises(Invalid, match="太长"):
        read_frame(" " * (MOST_BYTES + 1))


@pytest.mark.parametrize("skew", [-30 * DAY, -HOUR, HOUR, 30 * DAY])
async def test_a_wrong_clock_on_one_side_loses_nothing_and_shows(tmp_path: Path, skew: int) -> None:
    made = await line(tmp_path, skew=skew)
    await made.district.queue(1)
    await made.connect()
    await made.flow()
    assert await made.city.arrived() == [f"{DISTRICT}-1"]
    heard = await made.city.hub.read(lambda c: c.all("heard"))
    assert [tuple(row) for row in heard] == [("shinan", made.city.clock.now(), -skew)]
    made.cut()
    await made.city.stop()
    await made.district.stop()
