"""Truth of the link: whatever is cut, killed, said twice or called off on either side, every paper that was not called off arrives
exactly once, in order, with a receipt; and one that was called off never does. So do what is sent down from a console and its answer up."""

import asyncio
import json
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from dutydesk.clock import MINUTE
from dutydesk.domain.deliveries import CancelDelivery
from dutydesk.domain.downwards import SendDown, TakeAnswer
from dutydesk.domain.inwards import AnswerInward
from dutydesk.errors import Refused
from tests.channels.line import CITY, DISTRICT, Line, Side, ended, line
from tests.kit import check_whole

DEEDS = (
    "queue",
    "move",
    "move",
    "move",
    "twice",
    "send",
    "cut",
    "connect",
    "kill",
    "cancel",
    "down",
    "answer",
    "answer",
    "typed",
)
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.booleans()), min_size=4, max_size=50)


# A failing history is not made smaller: each takes a second, and hundreds of them would say nothing for minutes. It is played by its
# deeds, and a history of the plainest kind goes first, so that what is broken everywhere is said in one short example.
PHASES = (Phase.explicit, Phase.generate)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(deeds)
@example([("queue", True), ("queue", False), ("answer", True)])
@example([("queue", True), ("send", False), ("move", False), ("typed", False)])
def test_random_cuts_kills_and_duplicates_lose_nothing_and_double_nothing(done: list[tuple[str, bool]]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="link-"))
    try:
        asyncio.run(_play(folder, done))
    finally:
        shutil.rmtree(folder)


async def _play(folder: Path, done: list[tuple[str, bool]]) -> None:
    wire = await line(folder)
    queued: dict[str, list[int]] = {CITY: [], DISTRICT: []}
    tasks: list[asyncio.Task[int | None]] = []
    for deed, up in (("down", False), ("connect", True), *done):
        side = wire.district if up else wire.city
        await _do(wire, side, deed, queued[side.own], tasks)
        await asyncio.sleep(0)
    await _come_to_rest(wire, tasks)
    for sender, receiver, own in ((wire.district, wire.city, DISTRICT), (wire.city, wire.district, CITY)):
        off = {int(str(row["id"])[1:]) for row in await sender.rows("delivery") if row["status"] == "canceled"}
        came = [number for number in await receiver.arrived() if number.startswith(f"{own}-")]
        assert came == [f"{own}-{n}" for n in queued[own] if n not in off], f"papers of {own}, once and in order"
        papers = [row for row in await sender.rows("delivery") if not str(row["id"]).endswith(".end")]
        assert {row["status"] for row in papers} <= {"delivered", "canceled"}, f"every paper of {own} has its receipt"
        assert set(await sender.statuses()) <= {"delivered", "canceled", "accepted"}, "so has word that one is settled"
        assert not [row for row in await sender.rows("peer") if row["stopped"]]
        await sender.hub.read(check_whole)
    await _answers_are_whole(wire)
    wire.cut()
    await wire.city.stop()
    await wire.district.stop()


async def _answers_are_whole(wire: Line) -> None:
    """Each thing sent down is logged below once, and each answer given there is at what asked, once."""
    sent = {str(row["delivery"]): str(row["id"]) for row in await wire.city.rows("downward")}
    below = [row for row in await wire.district.rows("inward") if row["reference"] in sent]
    assert sent
    assert sorted(str(row["reference"]) for row in below) == sorted(sent), "each thing sent down is logged below, once"
    assert all(row["answers"] or row["closed_at"] for row in below), "what was answered by telephone is closed below"
    assert {row["turn"]["status"] for row in await wire.city.rows("downward")} <= {"arrived"}, "receipted"  # type: ignore[index]
    given = [f"downward/{sent[str(row['reference'])]}" for row in below for _ in row["answers"]]  # type: ignore[attr-defined]
    came = [str(row["answers"]) for row in await wire.city.rows("frame") if row["answers"]]
    assert sorted(came) == sorted(given), "each answer given below is at what asked, once: none left out, none twice"


async def _do(wire: Line, side: Side, deed: str, queued: list[int], tasks: "list[asyncio.Task[int | None]]") -> None:
    side.clock.advance(MINUTE // 60)
    match deed:
        case "queue":
            queued.append(len(queued) + 1)
            asks = side.own == CITY or len(queued) % 3 == 0  # a question goes either way
            await side.queue(len(queued), **({"kind": "question"} if asks else {}))
        case "move" | "twice":
            await wire.move(side, twice=deed == "twice")
        case "down":
            n = len(await wire.city.rows("downward")) + 1
            wish = SendDown(kind="question", unit=DISTRICT, title=f"第{n}问")
            await wire.city.hub.handle(f"downward/w{n}", wish, key=f"down{n}", by="user:officer")
        case "answer":
            asked = [row for row in await wire.district.rows("inward") if str(row["reference"]).startswith("d2026-")]
            if asked:
                await _answer(wire, str(asked[len(queued) % len(asked)]["id"]))
        case "typed":
            await wire.city.hub.handle("downward/w1", TakeAnswer(text="电话答复"), key="", by="user:officer")
        case "send":
            tasks.append(asyncio.create_task(side.outbox.run_once()))
        case "cancel" if queued:
            await side.hub.handle(f"delivery/d{queued[-1]:04d}", CancelDelivery(reason="改稿"), key="", by="test")
        case "cut":
            wire.cut()
        case "connect":
            await wire.connect()
        case "kill":
            wire.cut()
            await ended(tasks)
            await side.stop()
            await side.start()


async def _come_to_rest(wire: Line, tasks: "list[asyncio.Task[int | None]]") -> None:
    wire.cut()
    await ended(tasks)
    typed = {row["delivery"] for row in await wire.city.rows("downward") if '"how": "call"' in json.dumps(row)}
    for _ in range(3):  # the later rounds take what a killed outbox had claimed, and the answers of those before
        for side in (wire.city, wire.district):
            side.clock.advance(2 * MINUTE)
        await wire.connect()
        await wire.flow()
        for one in await wire.district.rows("inward"):
            if not one["answers"] and one["reference"] not in typed and str(one["reference"]).startswith("d2026-"):
                await _answer(wire, str(one["id"]))


async def _answer(wire: Line, id: str) -> None:
    said = AnswerInward(text="属实", how="line")
    with suppress(Refused):  # they typed an answer in, and it is closed here
        await wire.district.hub.handle(f"inward/{id}", said, key="", by="user:officer")
