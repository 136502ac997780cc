"""A plan at work: a clock for each step, a page when one runs out, ticks with how late; a drill's plan stays a drill."""

import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.pages import PageStarted
from dutydesk.domain.plan_policy import Plan, PlanStep
from dutydesk.domain.plans import EndPlan, PlanEnded, SkipStep, StartPlan, StepOverdue, TickStep
from tests.kit import World, phone, refused, report, rules, world

CARD = Plan(
    id="fire",
    name="高层火灾",
    codes=("12G",),
    steps=(
        PlanStep(id="floor", what="问清楼层", who="值班员", minutes=5),
        PlanStep(id="roads", what="道路管制", who="交警", minutes=20, call="ask"),
    ),
)


def begun() -> tuple[World, str, str]:
    w = world()
    w.policy = rules(plans=(CARD,), page_on_clock="held")
    w.say("m1", "大楼着火", phone(1), report(code="12G04"))
    number = w.incident()
    plan = f"plan/{number}-fire"
    w.handle(plan, StartPlan(plan="fire", incident=number))
    return w, plan, number


def timers(w: World, plan: str) -> dict[str, int]:
    return {name: t.due_at - w.at for (stream, name), t in w.timers.items() if stream == plan}


def test_each_step_has_its_clock_and_one_calls_at_once() -> None:
    w, plan, number = begun()
    assert timers(w, plan) == {"step floor": 5 * MINUTE, "step roads": 20 * MINUTE}
    assert w.row(f"page/{number}-fire-roads")["subject"].startswith("高层火灾:道路管制")
    assert (w.row(plan)["left"], w.row(plan)["next_due"]) == (2, w.at + 5 * MINUTE)


def test_a_tick_in_time_is_not_late_and_one_after_it_says_by_how_much() -> None:
    w, plan, _number = begun()
    w.at += 3 * MINUTE
    w.handle(plan, TickStep(step="floor", note="18层"))
    assert (w.row(plan)["steps"][0]["late_by"], timers(w, plan)) == (0, {"step roads": 17 * MINUTE})
    w.at += 30 * MINUTE
    w.handle(plan, TickStep(step="roads"))
    assert w.row(plan)["steps"][1]["late_by"] == 13 * MINUTE
    with refused("已经办完"):
        w.handle(plan, TickStep(step="roads"))


def test_a_step_that_runs_out_calls_the_watch_once_and_a_late_tick_ends_the_call() -> None:
    w, plan, number = begun()
    while not any(isinstance(event, StepOverdue) for _s, event, _d in w.journal):
        w.fire()
    page = f"page/{number}-plan-fire-floor"
    assert any(stream == page and isinstance(event, PageStarted) for stream, event, _d in w.journal)
    w.handle(plan, TickStep(step="floor"))
    assert not w.is_open(page)


def test_a_step_may_not_apply_but_only_with_a_reason() -> None:
    w, plan, _number = begun()
    with refused("理由"):
        w.handle(plan, SkipStep(step="floor", reason=" "))
    w.handle(plan, SkipStep(step="floor", reason="平房"))
    assert w.row(plan)["steps"][0]["skipped"] == "平房"


def test_it_ends_with_what_was_left_open_and_no_clock_stays() -> None:
    w, plan, _number = begun()
    with refused("还有2步"):
        w.handle(plan, EndPlan())
    made = w.handle(plan, EndPlan(reason="火已灭"))
    assert next(e for _s, e in made if isinstance(e, PlanEnded)).open_steps == ("floor", "roads")
    assert timers(w, plan) == {}
    with refused("已经结束"):
        w.handle(plan, TickStep(step="floor"))


def test_a_running_plan_keeps_the_card_as_it_was_when_it_started() -> None:
    w, plan, _number = begun()
    w.policy = rules(plans=())
    w.handle(plan, TickStep(step="floor"))
    assert w.row(plan)["left"] == 1


def test_a_real_plan_is_not_started_in_a_drill_nor_the_other_way() -> None:
    w, _plan, number = begun()
    with refused("演练"):
        w.handle("plan/x", StartPlan(plan="fire", incident=number), drill=True)
    with refused("没有这个预案"):
        w.handle("plan/y", StartPlan(plan="none", incident=number))


@pytest.mark.parametrize(("code", "level", "fits"), [("12G04", "", True), ("12D01", "", False), ("", "重大", False)])
def test_a_card_is_proposed_by_code_and_level(code: str, level: str, fits: bool) -> None:
    assert CARD.fits(code, level) is fits
    assert not CARD.model_copy(update={"levels": ("重大",)}).fits(code, "一般")


def test_two_steps_of_one_name_are_refused_where_the_file_is_read() -> None:
    with pytest.raises(ValueError, match="同一个 id"):
        Plan(id="x", name="x", steps=(CARD.steps[0], CARD.steps[0]))
