"""Rule 17: a month by turns, enough people and a leader beside them, two on holidays; nobody twice, away or unknown; gaps are shown before
they happen. Who is on watch at an instant is one answer at most, and the same as a plain search finds."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dutydesk.clock import BEIJING, DAY, HOUR, MINUTE, from_datetime
from dutydesk.domain import rosters
from dutydesk.domain.holidays import day_of, spans, special, unknown_year
from dutydesk.domain.leaves import ApproveLeave, RequestLeave
from dutydesk.domain.roster_policy import MarkedDay, Period, Post, RosterRules
from dutydesk.domain.rosters import Duty, ImportRoster, PlanRoster, RosterLooked, RosterPlanned, Seat, SetDuty
from dutydesk.domain.rules import Shift
from dutydesk.domain.shifts import blank_month, term_at
from dutydesk.domain.users import AddUser, RemoveUser
from dutydesk.domain.watches import OfficerJoined, OfficerLeft, StartWatch
from tests.kit import Eyes, World, only, refused, rules, world

DECEMBER = "roster/2026-12"
POSTS = (
    Post(id="leader", name="带班领导", people=("chief", "chen", "wu"), leads=True, changes="day"),
    Post(id="main", name="主班", people=("officer", "zhang", "li", "zhao")),
    Post(id="deputy", name="副班", people=("li", "zhao", "officer", "zhang")),
)
ROSTER = RosterRules(posts=POSTS)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 12) -> int:
    return int(from_datetime(datetime(2026, month, day, hour, minute, tzinfo=BEIJING)))


def staffed(**changed: Any) -> World:
    w = world(roster=ROSTER, **changed)
    for name in ("zhang", "li", "zhao", "chen", "wu"):
        w.handle(
            f"user/{name}", AddUser(name=name.title(), role="officer", phone=f"+86120000090{len(name)}{ord(name[0])}")
        )
    return w


def planned(**changed: Any) -> World:
    w = staffed(**changed)
    w.handle(DECEMBER, PlanRoster(month="2026-12"), by="user:chief")
    return w


def duties(w: World, stream: str = DECEMBER) -> list[Duty]:
    return [Duty.model_validate(duty) for duty in w.row(stream)["duties"]]


def wrong(w: World, stream: str = DECEMBER) -> set[tuple[str, str, str]]:
    return {(p["wrong"], p["duty"], p["person"] or p["post"]) for p in w.row(stream)["problems"]}


# -- the calendar


def test_holidays_and_make_up_working_days_are_the_state_councils() -> None:
    none = RosterRules()
    assert day_of(date(2026, 10, 1), none).kind == "holiday"
    assert day_of(date(2026, 10, 10), none).kind == "makeup", "a Saturday worked for the holiday"
    assert day_of(date(2026, 11, 23), none) == ("workday", "", True)
    assert special(date(2026, 2, 17), none) == "春节"


def test_a_year_the_calendar_does_not_know_has_weekends_and_what_the_law_fixes_and_says_so() -> None:
    none = RosterRules()
    assert day_of(date(2031, 10, 1), none) == ("holiday", "国庆节", False)
    assert day_of(date(2031, 10, 4), none) == ("weekend", "", False)
    assert day_of(date(2031, 10, 7), none) == ("workday", "", False), "the notice gives it or does not"
    assert day_of(date(2031, 1, 23), none) == ("workday", "", False), "the moon is not guessed"
    assert [span.name for span in spans(none, date(2030, 12, 20), 20)] == ["元旦"]
    w = staffed()
    w.at = at(1)
    made = only(w.handle("roster/2031-10", PlanRoster(month="2031-10")), RosterPlanned)
    assert not made.known
    assert w.row("roster/2031-10")["known"] is False


def test_what_the_office_marks_stands_before_the_calendar() -> None:
    marked = RosterRules(
        days=(
            MarkedDay(date=date(2031, 10, 1), kind="holiday", name="国庆节"),
            MarkedDay(date=date(2026, 10, 1), kind="workday"),
        ),
        periods=(Period(name="海洋大会", first=date(2026, 12, 10), last=date(2026, 12, 12)),),
    )
    assert day_of(date(2031, 10, 1), marked) == ("holiday", "国庆节", True)
    assert day_of(date(2026, 10, 1), marked).kind == "workday"
    assert special(date(2026, 12, 11), marked) == "海洋大会"
    assert spans(marked, date(2026, 12, 1))[0][:3] == ("海洋大会", date(2026, 12, 10), date(2026, 12, 12))


def test_a_year_without_a_notice_is_named_two_months_ahead_until_the_office_marks_its_days() -> None:
    none = RosterRules()
    marked = RosterRules(days=(MarkedDay(date=date(2031, 1, 23), kind="holiday", name="春节"),))
    assert unknown_year(none, date(2026, 6, 1)) is None
    assert unknown_year(none, date(2030, 11, 5)) == unknown_year(none, date(2031, 8, 1)) == 2031
    assert unknown_year(marked, date(2030, 12, 1)) is None


def test_the_next_holiday_is_found_whole() -> None:
    (first, *_) = spans(RosterRules(), date(2026, 9, 26))
    assert (first.name, first.first, first.last) == ("国庆节", date(2026, 10, 1), date(2026, 10, 7))


# -- a month by turns


@pytest.mark.parametrize(
    "shifts",
    [
        rules().shifts,
        (Shift(name="周值", starts="0 9 * * mon"),),
        (
            Shift(name="早", starts="0 0 * * *"),
            Shift(name="中", starts="0 8 * * *"),
            Shift(name="晚", starts="0 16 * * *"),
        ),
        (Shift(name="平日", starts="0 9 * * mon-fri"), Shift(name="夜", starts="0 17 * * *")),
    ],
)
@pytest.mark.parametrize("month", ["2026-02", "2026-11", "2026-12"])
def test_a_months_shifts_are_those_that_hold_at_each_hour(shifts: tuple[Shift, ...], month: str) -> None:
    made = blank_month(shifts, month)
    first, end = rosters.first_instant(month), rosters.first_instant(rosters.month_after(month))
    plain = {
        term.id: term for n in range((end - first) // (6 * HOUR)) for term in (term_at(shifts, first + n * 6 * HOUR),)
    }
    wanted = [term for term in plain.values() if term.starts_at >= first]
    assert [(d.id, d.name, d.starts_at, d.ends_at) for d in made] == [
        (t.id, t.name, t.starts_at, t.ends_at) for t in wanted
    ]


def test_rule_17_every_duty_has_a_leader_and_enough_people_by_turns() -> None:
    w = planned()
    made = duties(w)
    assert len(made) == 62
    assert wrong(w) == set()
    leaders = [d.seats[0].person for d in made[:6]]
    assert leaders[0] == leaders[1] != leaders[2] == leaders[3] != leaders[4], "a leader stands a whole day"
    mains = Counter(d.seats[1].person for d in made)
    assert sorted(mains.values()) == [15, 15, 16, 16], "the main post goes round"
    assert all(len(set(d.people())) == 3 for d in made)
    assert planned().row(DECEMBER)["duties"] == w.row(DECEMBER)["duties"], "the same month again"


def test_nobody_keeps_the_night_shift_where_there_are_enough_people() -> None:
    w = staffed()
    six = ("officer", "zhang", "li", "zhao", "qian", "sun")
    for name in six[4:]:
        w.handle(f"user/{name}", AddUser(name=name, role="officer"))
    posts = (POSTS[0], replace_people(POSTS[1], *six), replace_people(POSTS[2], *six[3:], *six[:3]))
    w.policy = rules(roster=ROSTER.model_copy(update={"posts": posts}))
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    nights = Counter(p for d in duties(w) if d.name == "夜班" for p in d.people() if p in six)
    assert len(nights) == 6
    assert max(nights.values()) - min(nights.values()) <= 3
    assert wrong(w) == set()


def test_rule_17_two_leaders_in_a_marked_period() -> None:
    period = Period(name="海洋大会", first=date(2026, 12, 10), last=date(2026, 12, 12))
    w = staffed()
    w.policy = rules(roster=ROSTER.model_copy(update={"periods": (period,)}))
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    double = [d for d in duties(w) if d.special]
    assert len(double) == 6
    assert all(len(rosters.leaders_of(d.seats, ROSTER)) == 2 for d in double)
    w.handle(DECEMBER, SetDuty(duty="20261210-1", post="leader", people=("chief",)))
    assert ("one_leader", "20261210-1", "") in wrong(w)


@pytest.mark.parametrize("wanted", [1, 2, 4])
def test_rule_17_the_number_on_duty_is_configuration(wanted: int) -> None:
    w = staffed()
    w.policy = rules(roster=ROSTER.model_copy(update={"on_duty": wanted}))
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    assert {p[0] for p in wrong(w)} == ({"few"} if wanted == 4 else set())
    with pytest.raises(ValidationError):
        RosterRules(on_duty=3)  # type: ignore[arg-type]


def test_nobody_who_is_away_or_gone_is_planned() -> None:
    w = staffed()
    ask = RequestLeave(person="zhang", starts_at=at(3, 0), ends_at=at(9, 0), reason="探亲")
    w.handle("leave/1", ask, by="user:zhang")
    w.handle("leave/1", ApproveLeave(role="shift_leader"), by="user:chief")
    w.handle("user/zhao", RemoveUser())
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    assert all("zhao" not in d.people() for d in duties(w))
    away = [d for d in duties(w) if d.starts_at < at(9, 0) and d.ends_at > at(3, 0)]
    assert away
    assert all("zhang" not in d.people() for d in away)


def test_a_gap_is_shown_before_it_happens_and_what_has_begun_stays() -> None:
    w = planned()
    w.handle(DECEMBER, SetDuty(duty="20261220-1", post="deputy", people=()), by="user:chief")
    assert {("gap", "20261220-1", "deputy"), ("few", "20261220-1", "")} <= wrong(w)
    first = duties(w)[0]
    w.at = first.starts_at + HOUR
    w.policy = rules(
        roster=ROSTER.model_copy(
            update={"posts": (*POSTS[:1], *(p.model_copy(update={"people": ("li", "zhang")}) for p in POSTS[1:]))}
        )
    )
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    assert duties(w)[0] == first
    assert {p for d in duties(w)[1:] for p in d.people()} <= {"li", "zhang", "chief", "chen", "wu"}


def test_a_person_who_leaves_the_service_is_found_by_the_daily_look() -> None:
    w = planned()
    w.handle("user/zhang", RemoveUser())
    assert wrong(w) == set()
    for key in [k for k in w.timers if k[0] != DECEMBER]:
        del w.timers[key]
    only(w.fire(), RosterLooked)
    assert {p[0] for p in wrong(w)} == {"unknown"}
    assert {p[2] for p in wrong(w)} == {"zhang"}
    while w.timers:
        w.fire()
    assert not w.is_open(DECEMBER), "when the month is over the roster is done with"


def test_no_posts_no_plan() -> None:
    w = world()
    with refused("还没有岗位人员"):
        w.handle(DECEMBER, PlanRoster(month="2026-12"))


@pytest.mark.parametrize(
    ("people", "words"), [(("ghost",), "不是在册"), (("officer", "officer"), "重复排班"), (("away",), "请假")]
)
def test_a_person_unknown_twice_or_away_is_refused(people: tuple[str, ...], words: str) -> None:
    w = planned()
    w.handle("user/away", AddUser(name="周", role="officer"))
    w.handle("leave/1", RequestLeave(person="away", starts_at=at(19), ends_at=at(21), reason="病"), by="user:away")
    w.handle("leave/1", ApproveLeave(role="shift_leader"), by="user:chief")
    with refused(words):
        w.handle(DECEMBER, SetDuty(duty="20261220-1", post="main", people=people))


def test_what_is_over_cannot_be_changed_nor_a_post_that_is_not_there() -> None:
    w = planned()
    w.at = at(21)
    with refused("已经过去"):
        w.handle(DECEMBER, SetDuty(duty="20261220-1", post="main", people=("li",)))
    with refused("没有这个岗位"):
        w.handle(DECEMBER, SetDuty(duty="20261222-1", post="cook", people=("li",)))
    with refused("没有这个班"):
        w.handle(DECEMBER, SetDuty(duty="20261232-1", post="main", people=("li",)))


# -- a month from a file


def duty(day: int, *people: str, name: str = "白班", hours: tuple[int, int] = (9, 17)) -> Duty:
    seats = tuple(Seat(post=p, person=who) for p, who in zip(("leader", "main", "deputy"), people, strict=False))
    return Duty(id=f"202612{day:02d}-1", name=name, starts_at=at(day, hours[0]), ends_at=at(day, hours[1]), seats=seats)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ((), "没有一个班"),
        ((duty(3, "chief", "li", "li"),), "重复排班"),
        ((duty(3, "chief", "ghost"),), "不是在册"),
        ((duty(3, "chief"), duty(3, "chief", hours=(12, 20))), "重叠"),
        ((duty(3).model_copy(update={"seats": (Seat(post="cook", person="li"),)}),), "没有这个岗位"),
        (
            (duty(3), duty(3).model_copy(update={"starts_at": at(3, 9) + 40 * DAY, "ends_at": at(3, 17) + 40 * DAY})),
            "一个月",
        ),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole(given_: tuple[Duty, ...], words: str) -> None:
    with refused(words):
        staffed().handle(DECEMBER, ImportRoster(duties=given_))


def test_a_file_fills_in_what_it_names_and_the_gaps_are_shown() -> None:
    w = planned()
    before = len(duties(w))
    w.handle(DECEMBER, ImportRoster(duties=(duty(3, "chief", "li"),), file="12月.xlsx"))
    assert len(duties(w)) == before
    assert w.row(DECEMBER)["file"] == "12月.xlsx"
    assert ("gap", "20261203-1", "deputy") in wrong(w)


# -- the watch and the roster


def test_a_watch_takes_its_people_from_the_roster_and_a_change_reaches_it() -> None:
    w = staffed()
    w.at = at(1, 0, month=12) - 3 * HOUR
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    w.at = at(1, 9)
    w.handle("watch/20261201-1", StartWatch(term=term_at(w.policy.shifts, w.at)))
    planned_ = duties(w)[0]
    row = w.row("watch/20261201-1")
    assert [row["leader"], *row["officers"]] == list(planned_.people())
    assert row["posts"] == [[s.post, s.person] for s in planned_.seats]
    free = next(p for p in ("officer", "zhang", "li", "zhao") if p not in planned_.people())
    out = planned_.seats[1].person
    made = w.handle(DECEMBER, SetDuty(duty="20261201-1", post="main", people=(free,)))
    assert (only(made, OfficerLeft).username, only(made, OfficerJoined).username) == (out, free)


def test_where_nothing_is_planned_the_shift_file_stands() -> None:
    w = staffed()
    w.handle("watch/1", StartWatch(term=term_at(w.policy.shifts, w.at)))
    assert (w.row("watch/1")["leader"], w.row("watch/1")["officers"]) == ("chief", ["officer"])


@given(
    cuts=st.lists(st.integers(0, 45 * 24 * 60), min_size=2, max_size=80, unique=True),
    gaps=st.sets(st.integers(0, 79)),
    asked=st.lists(st.integers(-60, 47 * 24 * 60), min_size=1, max_size=30),
)
def test_every_instant_has_one_answer_at_most_and_it_is_what_a_plain_search_finds(
    cuts: list[int], gaps: set[int], asked: list[int]
) -> None:
    start = at(25, 0, month=11)
    marks = sorted(cuts)
    made = [
        Duty(id=f"{n}", name="班", starts_at=start + a * MINUTE, ends_at=start + b * MINUTE)
        for n, (a, b) in enumerate(pairwise(marks))
        if n not in gaps
        and rosters.month_of(start + b * MINUTE) <= rosters.month_after(rosters.month_of(start + a * MINUTE))
    ]
    w = world()
    for month in {rosters.month_of(d.starts_at) for d in made}:
        own = tuple(d for d in made if rosters.month_of(d.starts_at) == month)
        w.append(f"roster/{month}", RosterPlanned(month=month, duties=own, how="import", by="x"))
    for minute in asked:
        instant = start + minute * MINUTE
        plain = [d.id for d in made if d.starts_at <= instant < d.ends_at]
        found = rosters.on_watch(Eyes(w), instant)
        assert plain == ([found["id"]] if found else [])


def test_a_post_that_asks_for_rest_says_who_does_not_have_it() -> None:
    w = staffed()
    only_two = (*POSTS[:1], replace_people(POSTS[1], "officer"), replace_people(POSTS[2], "li"))
    w.policy = rules(roster=ROSTER.model_copy(update={"posts": only_two}))
    w.handle(DECEMBER, PlanRoster(month="2026-12"))
    assert {p[0] for p in wrong(w)} == {"rest"}
    assert len(wrong(w)) == 2 * 62 - 2


def replace_people(post: Post, *people: str) -> Post:
    return post.model_copy(update={"people": people})


def test_the_absence_of_one_is_not_the_absence_of_another() -> None:
    from dutydesk.domain.rotation import Absence, Staff

    staff = replace(Staff(frozenset()), away=(Absence("li", at(3), at(4)),))
    assert staff.is_away("li", duty(3))
    assert not staff.is_away("wu", duty(3))
    assert not staff.is_away("li", duty(5))
