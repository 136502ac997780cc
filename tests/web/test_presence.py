"""Who sits where: seen by those who work here, forgotten when silent, taken over visibly, the same on two hubs."""

import asyncio
import json
from dataclasses import dataclass, field

from dutydesk.clock import SECOND, ManualClock
from dutydesk.web.presence import KEPT, SILENT, Presence
from tests.web.city import START, City
from tests.web.test_live import PATIENCE, console


@dataclass
class Line:
    """A console as presence sees it."""

    username: str
    role: str = "officer"
    division: str = ""
    ready: bool = True
    told: list[dict] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        self.told.append(json.loads(data[data.index(b"{") :])["presence"])

    @property
    def here(self) -> set[tuple[str, str]]:
        return {(one["username"], one["open"]) for one in self.told[-1]["here"]}

    @property
    def holds(self) -> dict[str, str]:
        return {one["stream"]: one["username"] for one in self.told[-1]["holds"]}


def say(room: Presence, line: Line, open: str = "", hold: str = "", **more) -> None:
    room.said(line, json.dumps({"open": open, "hold": hold} | more))


def test_officers_see_each_other_and_what_each_has_open():
    room, li, chen = Presence(ManualClock(START)), Line("li"), Line("chen", "shift_leader")
    say(room, li, "incident/20261123-001")
    say(room, chen)
    assert li.here == chen.here == {("li", "incident/20261123-001"), ("chen", "")}
    room.leave(li)
    assert chen.here == {("chen", "")}


def test_readers_and_silent_consoles_are_neither_seen_nor_told():
    room, li, wall, silent = Presence(ManualClock(START)), Line("li"), Line("wall", "reader"), Line("zhao")
    say(room, li)
    say(room, wall)
    assert li.here == {("li", "")}
    assert wall.told == silent.told == []


def test_the_first_hand_has_it_and_the_second_may_take_it_over_and_the_first_sees_that():
    clock = ManualClock(START)
    room, li, chen = Presence(clock), Line("li"), Line("chen")
    say(room, li, "incident/1", "incident/1")
    clock.advance(SECOND)
    say(room, chen, "incident/1", "incident/1")
    assert li.holds == chen.holds == {"incident/1": "li"}
    say(room, chen, "incident/1", "incident/1", take=True)
    assert li.holds == chen.holds == {"incident/1": "chen"}
    clock.advance(SECOND)
    say(room, li, "incident/1", "incident/1")  # his console goes on saying what it has open
    assert li.holds == {"incident/1": "chen"}
    say(room, chen, "incident/1")
    assert li.holds == {}


def test_a_hold_ends_when_its_holder_falls_silent_and_not_when_the_line_breaks():
    clock = ManualClock(START)
    room, li, chen = Presence(clock), Line("li"), Line("chen")
    say(room, li, "incident/1", "incident/1")
    say(room, chen)
    room.leave(li)
    assert chen.holds == {"incident/1": "li"}
    clock.advance(KEPT // 2)
    room.sweep()
    assert chen.holds == {"incident/1": "li"}
    clock.advance(KEPT // 2)
    room.sweep()
    assert chen.holds == {}


def test_saying_it_again_keeps_the_hold():
    clock = ManualClock(START)
    room, li = Presence(clock), Line("li")
    for _ in range(4):
        say(room, li, "incident/1", "incident/1")
        clock.advance(KEPT // 2)
        room.sweep()
    assert li.holds == {"incident/1": "li"}
    assert li.told[-1]["holds"][0]["since"] == START


def test_a_slow_console_is_told_when_it_has_drained():
    room, li, chen = Presence(ManualClock(START)), Line("li"), Line("chen")
    say(room, li)
    li.ready = False
    say(room, chen)
    assert ("chen", "") not in li.here
    li.ready = True
    room.sweep()
    assert ("chen", "") in li.here


def test_who_has_a_scope_sees_those_of_the_same_scope():
    room, li, far = Presence(ManualClock(START)), Line("li"), Line("far", division="370281")
    say(room, li, "incident/1", "incident/1")
    say(room, far, "incident/2")
    assert far.here == {("far", "incident/2")}
    assert far.holds == {}
    assert len(li.here) == 2


def test_what_is_no_such_sentence_is_not_heard():
    room, li = Presence(ManualClock(START)), Line("li")
    for words in ("", "[]", "{", '{"open": 1}', '{"open": "user/li"}', '{"hold": "incident/<b>"}', "x" * 3_000):
        room.said(li, words)
    assert li.told == []
    for words in ("", "{}", '{"hub": "x", "here": 3, "holds": 1}', '{"hub": "x", "here": [], "holds": [1]}'):
        room.heard(words)


def test_two_hubs_show_the_same_and_a_hub_that_is_gone_is_forgotten():
    clock = ManualClock(START)
    one, two = Presence(clock), Presence(clock)
    one.share, two.share = two.heard, one.heard
    li, chen = Line("li"), Line("chen")
    say(one, li, "incident/1", "incident/1")
    say(two, chen, "incident/1", "incident/1")
    assert li.here == chen.here == {("li", "incident/1"), ("chen", "incident/1")}
    assert li.holds == chen.holds == {"incident/1": "li"}
    clock.advance(SECOND)
    say(two, chen, "incident/1", "incident/1", take=True)
    assert li.holds == chen.holds == {"incident/1": "chen"}
    one.share = lambda _text: None
    clock.advance(SILENT + SECOND)
    two.sweep()
    assert chen.here == {("chen", "incident/1")}


async def test_two_consoles_over_real_lines_see_each_other(desk: City):
    async with console(desk) as one, console(desk, "shift_leader") as two:
        await one.send(json.dumps({"open": "incident/7", "hold": "incident/7"}))
        await two.send(json.dumps({"open": ""}))
        async with asyncio.timeout(PATIENCE):
            while len((frame := json.loads(await two.recv())).get("presence", {}).get("here", ())) < 2:
                pass
        assert {one["username"] for one in frame["presence"]["here"]} == {"officer", "shift_leader"}
        assert frame["presence"]["holds"][0]["stream"] == "incident/7"
