"""Truth 4: for every audience, since(0) plus any number of since(last), gone and closed rows dropped, equals a fresh since(0).

Both as whole answers and as frames of a few rows, with the console coming back in the middle by the token it holds.
"""

import asyncio
import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.domain import deliveries, incidents, messages
from dutydesk.domain.users import AddUser
from dutydesk.domain.verbs import Command
from dutydesk.errors import Refused
from dutydesk.web import answers
from dutydesk.web.answers import Key
from dutydesk.web.frames import Cursor, audience
from tests.web.city import City, city
from tests.web.test_live import Screen

AUDIENCES = [
    audience(role, scope)
    for role in ("officer", "reader", "leader", "unit")
    for scope in ("", "370281", "370200", "99")
]
SENDERS = ("+8612000000101", "+8612000000202", "+8612000000999")
LIMIT = 900  # characters: one to three rows in a frame

steps = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "report",
                "message",
                "note",
                "close",
                "reopen",
                "merge",
                "split",
                "dismiss",
                "attach",
                "user",
                "undelivered",
            )
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.lists(st.tuples(st.integers(0, len(AUDIENCES) - 1), st.integers(0, 3), st.booleans()), max_size=4),
    ),
    max_size=14,
)


class Console:
    """One console by whole answers and one by small frames, of the same audience."""

    def __init__(self, whom) -> None:
        self.whom, self.whole, self.parted = whom, Screen(), Screen()
        self.cursor = Cursor()

    async def look(self, desk: City, frames: int, again: bool) -> None:
        seq = int(self.whole.head.split(":")[0])
        self.whole.take(await desk.parts.live.since(seq, self.whom))
        for _ in range(frames):
            await self._frame(desk)
        if again:
            found = await desk.parts.live.resume(self.parted.head)
            assert not found.reload
            self.cursor = found.cursor

    async def _frame(self, desk: City) -> bool:
        key = Key(self.whom, self.cursor)
        found = await desk.hub.read(lambda c: answers.ask(c, [key], 0, True, LIMIT))
        if key not in found.frames:
            return False
        outgoing = found.frames[key]
        self.cursor = outgoing.cursor
        self.parted.take(payload(outgoing.data))
        assert self.parted.head == outgoing.token
        return True

    async def finish(self, desk: City) -> None:
        while await self._frame(desk):
            pass
        await self.look(desk, 0, False)


def payload(data: bytes) -> str:
    """The text of an unmasked frame, its length checked (RFC 6455 section 5.2)."""
    assert data[0] == 0x81
    size, start = data[1], 2
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(data[2:10], "big"), 10
    assert len(data) == start + size
    return data[start:].decode()


async def act(desk: City, known: list[str], what: str, one: int, two: int) -> None:
    if what == "report":
        known.append(await desk.incident(f"起火{len(known)}", SENDERS[one % 3]))
    elif what == "message":
        await desk.message(f"第{one}条", SENDERS[two % 3])
    elif what == "user":
        await desk.hub.handle(f"user/u{one}", AddUser(name="新", role="officer"), key="", by="test")
    elif known:
        stream, wish = _wish(known[one % len(known)], known[two % len(known)], what, one)
        try:
            await desk.hub.handle(stream, wish, key="", by="user:officer")
        except Refused:
            return  # the desk says no: nothing changed, which is a step too


def _wish(one: str, two: str, what: str, number: int) -> tuple[str, Command]:
    message = f"message/m{number + 1}"
    return {
        "note": (f"incident/{one}", incidents.NoteIncident(text="记")),
        "close": (f"incident/{one}", incidents.CloseIncident(outcome="handled", reason="x")),
        "reopen": (f"incident/{one}", incidents.ReopenIncident(reason="x")),
        "merge": (f"incident/{one}", incidents.MergeIncident(into=two)),
        "split": (f"incident/{one}", incidents.SplitIncident()),
        "dismiss": (message, messages.DismissMessage(reason="x")),
        "attach": (message, messages.AttachMessage(incident=two)),
        "undelivered": (f"delivery/{one}-1.0.0", deliveries.NoteStatus(status="failed", code="30005")),
    }[what]


async def story(template: Path, script) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with city(Path(folder), template) as desk:
            consoles, known = [Console(whom) for whom in AUDIENCES], list[str]()
            for what, one, two, looks in script:
                await act(desk, known, what, one, two)
                for index, frames, again in looks:
                    await consoles[index].look(desk, frames, again)
            for console in consoles:
                await console.finish(desk)
                fresh = Screen()
                fresh.take(await desk.parts.live.since(0, console.whom))
                assert console.whole.rows == fresh.rows
                assert console.parted.rows == fresh.rows


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(script=steps)
def test_what_a_console_holds_is_what_a_fresh_one_would_get(filled: Path, script):
    asyncio.run(story(filled, script))


async def test_a_row_that_closes_while_the_first_board_is_still_coming_is_told(desk: City):
    incident = await desk.incident()
    for n in range(8):
        await desk.message(f"后{n}", "+8612000000999")
    console = Console(AUDIENCES[0])
    while ("incident", incident) not in console.parted.rows:
        assert await console._frame(desk)
    assert console.cursor.fresh_to, "the board had come whole: the test proves nothing"
    close = incidents.CloseIncident(outcome="handled", reason="x")
    await desk.hub.handle(f"incident/{incident}", close, key="", by="user:officer")
    await console.finish(desk)
    fresh = Screen()
    fresh.take(await desk.parts.live.since(0, console.whom))
    assert console.parted.rows == fresh.rows


def test_the_comparison_can_fail():
    """A screen that misses a change is not equal to a fresh one."""
    screen, fresh = Screen(), Screen()
    row = {"id": "1", "seq": 1, "open": True}
    screen.take(json.dumps({"head": "1:00000000", "now": 0, "writable": True, "rows": {"incident": [row]}}))
    fresh.take(json.dumps({"head": "2:00000000", "now": 0, "writable": True, "rows": {"incident": [row | {"seq": 2}]}}))
    assert screen.rows != fresh.rows
