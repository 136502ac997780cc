"""Leaders' instructions: 事事有着落、件件有回音. Regulations 3.4 (督办通知) and section 8, rule 16."""

import pytest

from dutydesk.clock import HOUR, MINUTE
from dutydesk.domain.instructions import (
    GiveFeedback,
    InstructionAnswered,
    InstructionPassedOn,
    InstructionReminded,
    LogInstruction,
    NoteRead,
    PassOn,
    StrikeOff,
)
from dutydesk.domain.verbs import Fire
from tests.kit import World, refused, world

B = "instruction/b1"


def logged(w: World, text: str = "全力搜救,查明原因") -> World:
    leader = w.listed.leaders[0].id
    w.handle(B, LogInstruction(text=text, leader=leader, said_at=w.at))
    return w


def unit(w: World, n: int = 0) -> str:
    return [u.code for u in w.listed.units if u.phone and u.kind != "desk"][n]


def test_it_gets_the_running_number_of_the_year_and_stands_open() -> None:
    w = logged(world())
    row = w.row(B)
    assert (row["number"], row["status"]) == ("2026-001", "logged")
    w.handle("instruction/b2", LogInstruction(text="抓好防汛", leader=w.listed.leaders[0].id, said_at=w.at))
    assert w.row("instruction/b2")["number"] == "2026-002"


def test_passing_on_sends_it_and_sets_a_reminder_at_half_the_time() -> None:
    w = logged(world())
    made = w.handle(B, PassOn(unit=unit(w), answer_by=w.at + 4 * HOUR))
    (passed,) = [e for _, e in made if isinstance(e, InstructionPassedOn)]
    assert passed.next_at == w.at + 2 * HOUR
    assert w.timers[(B, f"remind {unit(w)}")] is not None
    assert any(stream.startswith("delivery/") for stream, _ in made)


def test_reminders_come_at_half_four_fifths_and_the_end_then_stop() -> None:
    w = logged(world())
    code, start = unit(w), w.at
    w.handle(B, PassOn(unit=code, answer_by=start + 100 * MINUTE))
    percents = []
    for at in (50, 80, 100):
        w.at = start + at * MINUTE
        made = w.handle(B, Fire(name=f"remind {code}", due_at=w.at))
        percents += [e.percent for _, e in made if isinstance(e, InstructionReminded)]
    assert percents == [50, 80, 100]
    assert (B, f"remind {code}") not in w.timers


def test_it_is_struck_off_only_when_every_unit_has_answered() -> None:
    w = logged(world())
    one, two = unit(w, 0), unit(w, 1)
    for code in (one, two):
        w.handle(B, PassOn(unit=code, answer_by=w.at + HOUR))
    w.handle(B, NoteRead(unit=one))
    w.handle(B, GiveFeedback(unit=one, text="已办"))
    with refused("还有单位没有回复"):
        w.handle(B, StrikeOff())
    w.at += 2 * HOUR
    made = w.handle(B, GiveFeedback(unit=two, text="已办,迟复"))
    (answer,) = [e for _, e in made if isinstance(e, InstructionAnswered)]
    assert answer.late_by == HOUR, "late is never hidden"
    w.handle(B, StrikeOff())
    assert w.row(B)["status"] == "struck_off"
    with refused("已经销号"):
        w.handle(B, PassOn(unit=one, answer_by=w.at + HOUR))


def test_one_that_was_never_passed_on_needs_a_reason_to_be_struck_off() -> None:
    w = logged(world())
    with refused("写明理由"):
        w.handle(B, StrikeOff())
    w.handle(B, StrikeOff(reason="阅示,无须办理"))


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_instruction_is_refused(text: str) -> None:
    with refused("不能为空"):
        logged(world(), text)


def test_a_unit_is_not_asked_twice_and_a_stranger_cannot_answer() -> None:
    w = logged(world())
    w.handle(B, PassOn(unit=unit(w), answer_by=w.at + HOUR))
    with refused("已经在办"):
        w.handle(B, PassOn(unit=unit(w), answer_by=w.at + HOUR))
    with refused("没有把这条批示交给"):
        w.handle(B, GiveFeedback(unit=unit(w, 1), text="办了"))
