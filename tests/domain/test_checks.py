"""Spot checks, line tests and proofs of numbers: regulations 8, rule 20, and the line test of rule 18."""

from typing import Any

import pytest

from dutydesk.clock import DAY, MINUTE, SECOND
from dutydesk.domain.check_policy import Checks, Ladder, LineTests, Load, Proving
from dutydesk.domain.check_rounds import CheckFellDue, Pick, PlanRound
from dutydesk.domain.checks import (
    AppealCheck,
    AppealUpheld,
    CheckFailed,
    CheckPassed,
    CheckStarted,
    CheckVoided,
    DecideCheckAppeal,
    JudgeCheck,
    RecheckDue,
    RecheckPutOff,
    StartCheck,
)
from dutydesk.domain.circular_policy import Reporting
from dutydesk.domain.coverage import lacking, owing, proven
from dutydesk.domain.deliveries import DeliveryQueued, NoteOutcome, NoteStatus
from dutydesk.domain.linetests import LinesJudged, TestLines
from dutydesk.domain.outcomes import Accepted
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.domain.proofs import AskProof, ContactProven, MarkProven, ProofMissed
from dutydesk.domain.rules import Policy, Step
from dutydesk.domain.tallying import tally
from dutydesk.domain.verbs import Fire
from dutydesk.domain.verdicts import Evidence
from tests.kit import OWN, World, only, refused, rules, town_phone, world, written

VOICE = Policy(name="check-voice", steps=(Step(who=("unit",), how=("voice",), answer_within=3),), at_top="stop")
SMS = Policy(name="check-sms", steps=(Step(who=("contact",), how=("sms",), answer_within=15),), at_top="stop")
CHECKS = Checks(
    load=Load(most=2, days=7),
    wrong_number_codes=("21211",),
    ladders=(
        Ladder(target="unit", way="voice", policy="check-voice"),
        Ladder(target="contact", way="sms", policy="check-sms"),
    ),
    proving=Proving(every_days=90, contact_policy="check-sms", deputy_policy="check-sms"),
    line_tests=LineTests(sms=OWN, voice=OWN),
)
C = "check/c1"


def desk(**changed: Any) -> World:
    ladder = {p.name: p for p in (*rules().policies.values(), VOICE, SMS)}
    return world(policies=ladder, checks=CHECKS.model_copy(update=changed))


def check(w: World, stream: str = C, unit: str = "T1", **more: Any) -> CheckStarted:
    return only(w.handle(stream, StartCheck(unit=unit, **more)), CheckStarted)


def delivery(w: World, started: CheckStarted) -> str:
    return next(s for s, e, _ in w.journal if s.startswith(f"delivery/{started.page}"))


def ring(w: World, started: CheckStarted, *statuses: tuple[str, int]) -> None:
    """The telephone company's word: each status so many seconds after the former."""
    line = delivery(w, started)
    w.handle(line, NoteOutcome(outcome=Accepted(provider_id="CA1", status="queued"), attempt=1), by="outbox")
    for status, after in statuses:
        w.at += after * SECOND
        w.handle(line, NoteStatus(status=status), by="twilio")


def press(w: World, started: CheckStarted, key: str) -> list[Any]:
    said = {"1": "在岗,能联系带班领导", "2": "带班领导联系不上", "3": "不是值班表上的人", "4": "电话是转接的"}[key]
    return w.handle(f"page/{started.page}", AcknowledgePage(who="unit:T1", how="voice", answer=said))


def due(w: World, stream: str, name: str) -> list[Any]:
    timer = w.timers[stream, name]
    w.at = max(w.at, timer.due_at)
    return w.handle(stream, Fire(name=name, due_at=timer.due_at), by="timer")


def test_rule_20_a_telephone_taken_up_within_three_rings_and_answered_by_its_key_passes() -> None:
    w = desk()
    started = check(w)
    ring(w, started, ("ringing", 1), ("in-progress", 14))
    passed = only(press(w, started, "1"), CheckPassed)
    assert (passed.unit, passed.rings) == ("T1", 3)
    assert (w.row(C)["status"], w.is_open(C)) == ("passed", False)
    assert any(to.to == town_phone(1) for to in w.outbox.values()) is False, "nothing more goes out"


def test_rule_20_a_fourth_ring_is_too_late() -> None:
    w = desk()
    started = check(w)
    ring(w, started, ("ringing", 1), ("in-progress", 16))
    failed = only(press(w, started, "1"), CheckFailed)
    assert (failed.reason, failed.rings) == ("no_answer", 4)


def test_a_line_that_does_not_say_when_it_rang_is_not_taken_for_late() -> None:
    w = desk()
    started = check(w)
    w.at += 100 * SECOND
    assert only(press(w, started, "1"), CheckPassed).rings is None


@pytest.mark.parametrize(("key", "reason"), [("2", "leader_unreachable"), ("3", "not_rostered"), ("4", "forwarded")])
def test_rule_20_the_key_gives_the_reason(key: str, reason: str) -> None:
    w = desk()
    assert only(press(w, check(w), key), CheckFailed).reason == reason


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [((("ringing", 1), ("no-answer", 20)), "no_answer"), ((("ringing", 1), ("in-progress", 5)), "cannot_state")],
)
def test_rule_20_silence_fails_by_what_the_line_says(statuses: tuple[tuple[str, int], ...], reason: str) -> None:
    w = desk()
    started = check(w)
    ring(w, started, *statuses)
    assert only(due(w, f"page/{started.page}", "answer"), CheckFailed).reason == reason


def test_a_wrong_number_is_named_and_a_line_of_ours_that_did_not_carry_says_nothing_about_the_unit() -> None:
    w = desk()
    started = check(w)
    w.handle(delivery(w, started), NoteStatus(status="failed", code="21211"), by="twilio")
    assert only(due(w, f"page/{started.page}", "answer"), CheckFailed).reason == "wrong_number"
    lost = check(w, "check/c2", "T2")
    made = due(w, f"page/{lost.page}", "answer")
    assert only(made, CheckVoided).reason == "not_carried"


def test_rule_20_a_failed_one_is_checked_again_once_and_the_recheck_counts_for_the_load() -> None:
    w = desk()
    failed = only(press(w, check(w), "3"), CheckFailed)
    assert failed.recheck_at == w.at + 30 * MINUTE
    made = due(w, C, "recheck")
    again = only(made, CheckStarted)
    assert (again.origin, again.nth, again.unit) == ("recheck", 1, "T1")
    assert only(press(w, again, "3"), CheckFailed).recheck_at is None, "one recheck, as configured"
    assert only(made, RecheckDue).check == f"{again.of}-r1"
    with refused("到了上限"):
        check(w, "check/c3")


def test_the_load_of_a_unit_is_never_passed_not_even_by_a_recheck() -> None:
    w = desk(load=Load(most=1, days=7))
    first = w.at
    press(w, check(w), "2")
    put_off = only(due(w, C, "recheck"), RecheckPutOff)
    assert put_off.next_at == first + 7 * DAY
    only(due(w, C, "recheck"), RecheckDue)
    assert len([e for _s, e, _d in w.journal if isinstance(e, CheckStarted)]) == 2


def test_the_load_is_of_a_moving_window_and_of_one_unit() -> None:
    w = desk()
    check(w, "check/a1")
    w.at += 6 * DAY
    check(w, "check/a2")
    check(w, "check/b1", "T2")
    w.at += DAY - SECOND
    with refused("7天内已抽查、核对2次"):
        check(w, "check/a3")
    w.at += SECOND
    check(w, "check/a3")


def test_words_wait_for_a_person_whose_result_stands_until_an_appeal() -> None:
    w = desk()
    started = check(w, target="contact", way="sms")
    w.handle(f"page/{started.page}", AcknowledgePage(who="contact:A1", how="sms", answer="我是王五,带班的是李四"))
    assert w.row(C)["status"] == "answered"
    only(w.handle(C, JudgeCheck(reason="no_record", note="没有登记")), CheckFailed)
    with refused("走申诉"):
        w.handle(C, JudgeCheck(note="算了"))
    w.handle(C, AppealCheck(text="记录在另一本"), by="user:chief")
    assert (w.row(C)["status"], w.is_open(C)) == ("appealed", True)
    only(w.handle(C, DecideCheckAppeal(upheld=True, reason="已补看"), by="user:chief"), AppealUpheld)
    assert (w.row(C)["status"], w.is_open(C)) == ("withdrawn", False)
    assert (C, "recheck") not in w.timers


def heard(made: list[Any]) -> list[tuple[str, str, str]]:
    """What was sent: to whom, to which number, about which stream."""
    return [(e.callee, e.to, e.about) for _s, e in made if isinstance(e, DeliveryQueued) and e.purpose == "verdict"]


def test_a_unit_is_told_of_a_failure_once_and_of_the_decision_of_its_own_appeal() -> None:
    w = desk()
    phone = w.listed.unit_by_code["T1"].phone
    assert heard(press(w, check(w), "3")) == [("unit:T1", phone, C)]
    assert heard(w.handle(C, JudgeCheck(reason="forwarded", note="听错"))) == [], "put right, not told twice"
    files = (Evidence(digest="a" * 64, media_type="image/jpeg", size=9),)
    w.handle(C, AppealCheck(text="在值班表上", files=files), by="unit:T1")
    row = w.row(C)
    assert (row["status"], row["appealed_by"], row["appeal_files"][0]["url"]) == (
        "appealed",
        "unit:T1",
        f"blob:{'a' * 64}",
    )
    made = w.handle(C, DecideCheckAppeal(upheld=False, reason="表上没有"), by="user:chief")
    assert heard(made) == [("unit:T1", phone, C)]
    (queued,) = [e for _s, e in made if isinstance(e, DeliveryQueued)]
    assert "不成立。表上没有" in queued.text


def test_a_wrong_number_is_not_told_that_it_is_wrong() -> None:
    w = desk()
    started = check(w)
    w.handle(delivery(w, started), NoteStatus(status="failed", code="21211"), by="twilio")
    made = due(w, f"page/{started.page}", "answer")
    assert w.listed.unit_by_code["T1"].phone not in {to for _callee, to, _about in heard(made)}
    assert [callee for callee, _to, _about in heard(made)] == ["contact:A1"]


def test_a_key_pressed_by_mistake_is_put_right_by_a_person_with_a_note() -> None:
    w = desk()
    press(w, check(w), "4")
    with refused("依据"):
        w.handle(C, JudgeCheck())
    w.handle(C, JudgeCheck(note="已回拨核对"))
    assert (w.row(C)["status"], (C, "recheck") in w.timers) == ("passed", False)


def test_who_cannot_be_reached_that_way_is_not_checked() -> None:
    w = desk()
    with refused("没有这个单位"):
        check(w, unit="X")
    with refused("呼叫办法"):
        check(w, target="deputy", way="sms")


def test_a_round_starts_what_was_drawn_and_leaves_out_a_unit_that_had_its_load() -> None:
    w = desk(load=Load(most=1, days=7))
    check(w)
    picks = tuple(Pick(unit=unit, at=w.at + n * MINUTE) for n, unit in enumerate(("T1", "T2"), 1))
    plan = PlanRound(name="night", origin="random", target="unit", way="voice", picks=picks)
    w.handle("checkround/night-1", plan, by="desk")
    assert w.handle("checkround/night-1", plan, by="desk") == [], "drawn once"
    made = [*due(w, "checkround/night-1", "check 0"), *due(w, "checkround/night-1", "check 1")]
    assert [e.unit for _s, e in made if isinstance(e, CheckStarted)] == ["T2"]
    assert not w.is_open("checkround/night-1")


def test_a_drawn_check_an_hour_late_is_left_out() -> None:
    w = desk()
    plan = PlanRound(name="n", origin="random", target="unit", way="voice", picks=(Pick(unit="T1", at=w.at),))
    w.handle("checkround/n-1", plan, by="desk")
    w.at += 61 * MINUTE
    assert only(due(w, "checkround/n-1", "check 0"), CheckFellDue).left_out


def test_rule_20_the_circular_counts_checks_by_unit_by_their_last_result_and_not_as_pages() -> None:
    w = desk()
    press(w, check(w), "4")
    w.handle(C, JudgeCheck(note="已回拨核对"))
    press(w, check(w, "check/c2", "T2"), "3")
    w.handle("check/c2", AppealCheck(text="是借调的"), by="user:chief")
    press(w, check(w, "check/c3", "T3"), "3")
    counted = {unit.unit: unit.counts() for unit in tallied(w)}
    assert [(counted[u]["checks_passed"], counted[u]["checks_failed"]) for u in ("T1", "T2", "T3")] == [
        (1, 0),
        (0, 1),
        (0, 1),
    ]
    assert counted["T1"]["pages"] == 0
    w.handle("check/c2", DecideCheckAppeal(upheld=True, reason="是"), by="user:chief")
    assert "T2" not in {unit.unit for unit in tallied(w)}


def tallied(w: World) -> Any:
    return tally(written(w), w.listed, Reporting()).units


def test_rule_18_every_line_is_tested_with_a_number_of_our_own_and_a_dead_one_stays_open() -> None:
    w = desk()
    w.handle("linetest/x", TestLines(why="ordered"))
    sent = [s for s in w.outbox if s.startswith("delivery/tx.")]
    assert [w.row(s)["via"] for s in sent] == ["main", "main", "spare"], "each by its own sender"
    w.handle(sent[0], NoteStatus(status="delivered"), by="twilio")
    w.handle(sent[1], NoteStatus(status="no-answer"), by="twilio")
    only(due(w, "linetest/x", "over"), LinesJudged)
    row = w.row("linetest/x")
    assert [line["verdict"] for line in row["lines"]] == ["passed", "failed", "silent"]
    assert (row["status"], row["title"], w.is_open("linetest/x")) == ("failed", "main voice、spare sms", True)
    w.handle("linetest/y", TestLines(why="handover"), by="desk")
    assert not w.is_open("linetest/x"), "the new test takes its place"
    for one in [s for s in w.outbox if s.startswith("delivery/ty.")]:
        w.handle(one, NoteStatus(status="delivered"), by="twilio")
    assert (w.row("linetest/y")["status"], w.is_open("linetest/y")) == ("passed", False)


def test_a_desk_without_numbers_of_its_own_tests_nothing_before_a_handover_and_says_so_when_asked() -> None:
    w = desk(line_tests=LineTests())
    assert w.handle("linetest/x", TestLines(why="handover"), by="desk") == []
    with refused("没有配置"):
        w.handle("linetest/x", TestLines(why="ordered"))


def test_a_number_proves_itself_by_any_answer_and_silence_proves_nothing() -> None:
    w = desk()
    assert owing(w.listed, {}, w.at, 90)[:2] == ["A1", "A2"]
    w.handle("proof/A1", AskProof(contact="A1"))
    with refused("已经在核验"):
        w.handle("proof/A1", AskProof(contact="A1"))
    made = w.handle("page/nA1-1", AcknowledgePage(who="contact:A1", how="sms", answer="收到"))
    assert only(made, ContactProven).how == "sms"
    w.handle("proof/A2", AskProof(contact="A2"))
    only(due(w, "page/nA2-1", "answer"), ProofMissed)
    known = proven((id, row.body) for (kind, id), (_s, _d, row) in w.rows.items() if kind == "proof")
    assert owing(w.listed, known, w.at, 90)[0] == "A2"
    assert "A1" not in owing(w.listed, known, w.at, 90)
    assert "A1" in owing(w.listed, known, w.at + 90 * DAY, 90)


def test_a_new_number_has_to_prove_itself_again() -> None:
    w = desk()
    w.handle("proof/A1", MarkProven(contact="A1"))
    known = proven([("A1", w.row("proof/A1") | {"number": "+8613000000000"})])
    assert "A1" in owing(w.listed, known, w.at, 90)


def test_coverage_names_towns_without_a_proven_a_and_b_contact() -> None:
    w = desk()
    for id in ("A1", "B1", "A2"):
        w.handle(f"proof/{id}", MarkProven(contact=id))
    known = proven((id, row.body) for (kind, id), (_s, _d, row) in w.rows.items() if kind == "proof")
    lines, units = lacking(w.listed, known, w.at, 90)
    assert units == 3
    assert {line["unit"]: [one["role"] for one in line["lacks"]] for line in lines} == {"T2": ["B"], "T3": ["A", "B"]}
