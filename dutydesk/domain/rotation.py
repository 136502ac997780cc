"""Who comes next: a month drafted by turns, a stand-in found, and what is wrong with a roster said before it happens.

A turn is counted from a fixed day, not from what the last roster said, so two desks and two runs draft the same month.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dutydesk.clock import HOUR, to_datetime
from dutydesk.domain.holidays import special
from dutydesk.domain.roster_policy import Post, RosterRules
from dutydesk.domain.rosters import Duty, Problem, Seat, leaders_of

ANCHOR = date(2020, 1, 6)  # a Monday; any would do


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody away: an approved leave."""

    person: str
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Staff:
    """What a roster is judged by: user names that are in service, who is away, and the duties around it."""

    active: frozenset[str]
    away: tuple[Absence, ...] = ()
    around: tuple[Duty, ...] = ()

    def is_away(self, person: str, duty: Duty) -> bool:
        return any(a.person == person and a.starts_at < duty.ends_at and duty.starts_at < a.ends_at for a in self.away)


def draft(blank: Sequence[Duty], rules: RosterRules, staff: Staff, shifts: int) -> tuple[Duty, ...]:
    """Duties without people, filled by turns. `shifts` is how many there are a day."""
    made: list[Duty] = []
    for duty in blank:
        seats: list[Seat] = []
        for post in rules.posts:
            for _ in range(_wanted(post, duty, rules)):
                standing = duty.model_copy(update={"seats": tuple(seats)})
                found = choose(post, _turn(post, duty, shifts), standing, [*staff.around, *made], rules, staff)
                seats += [Seat(post=post.id, person=found)] if found else []
        made.append(duty.model_copy(update={"seats": tuple(seats)}))
    return tuple(made)


def _wanted(post: Post, duty: Duty, rules: RosterRules) -> int:
    """Rule 17: two leaders on holidays and in marked periods."""
    return 2 if post.leads and duty.special and rules.double_leaders else 1


def _turn(post: Post, duty: Duty, shifts: int) -> int:
    """Where the round stands. Were it to close evenly each day, everybody would keep the same shift: it then slips by one a round."""
    days = (to_datetime(duty.starts_at).date() - ANCHOR).days
    number = int(duty.id.rpartition("-")[2]) - 1 if duty.id.rpartition("-")[2].isdigit() else 0
    step = days * shifts + number
    if shifts > 1 and post.people and len(post.people) % shifts == 0:
        step += step // len(post.people)
    return {"shift": step, "day": days, "week": days // 7}[post.changes]


def choose(
    post: Post, turn: int, duty: Duty, others: Iterable[Duty], rules: RosterRules, staff: Staff, skip: str = ""
) -> str:
    """The first of the post's people from a turn on who can stand this duty; empty when nobody can.

    Somebody who would not have had the rest between two duties comes only after all who would.
    """
    near = _near(duty, others, rules)
    order = [post.people[(turn + k) % len(post.people)] for k in range(len(post.people))]
    able = [p for p in order if p != skip and p in staff.active and not staff.is_away(p, duty)]
    able = [p for p in able if p not in duty.people() and not _stands(p, duty, near, 0)]
    rest = int(rules.rest_hours * HOUR) if post.changes == "shift" else 0  # who keeps a post all day stands twice
    rested = [p for p in able if not _stands(p, duty, near, rest)]
    return next(iter(rested or able), "")


def stand_in(person: str, duty: Duty, others: Iterable[Duty], rules: RosterRules, staff: Staff) -> str:
    """Who takes somebody's place at a duty: the next of the same post; empty when nobody can."""
    held = next((seat.post for seat in duty.seats if seat.person == person), "")
    post = rules.post(held)
    if post is None or not post.people:
        return ""
    turn = post.people.index(person) + 1 if person in post.people else 0
    return choose(post, turn, duty, others, rules, staff, skip=person)


def _stands(person: str, duty: Duty, others: Iterable[Duty], rest: int) -> bool:
    """Whether somebody has another duty at the same time, or within so much of it."""
    return any(
        person in other.people()
        for other in others
        if other.id != duty.id and other.starts_at < duty.ends_at + rest and duty.starts_at < other.ends_at + rest
    )


def problems(duties: Sequence[Duty], rules: RosterRules, staff: Staff, after: int) -> tuple[Problem, ...]:
    """What is wrong with the duties that are not over. Rule 17 of the duty rooms: enough people, a leader, two on holidays."""
    found: list[Problem] = []
    for duty in duties:
        if duty.ends_at > after:
            found += _missing(duty, rules)
            found += _misplaced(duty, _near(duty, [*staff.around, *duties], rules), rules, staff)
    return tuple(found)


def _near(duty: Duty, others: Iterable[Duty], rules: RosterRules) -> list[Duty]:
    reach = int(rules.rest_hours * HOUR)
    first, last = duty.starts_at - reach, duty.ends_at + reach
    return [o for o in others if o.id != duty.id and o.starts_at < last and first < o.ends_at]


def _missing(duty: Duty, rules: RosterRules) -> Iterator[Problem]:
    filled = {seat.post for seat in duty.seats}
    yield from (Problem(wrong="gap", duty=duty.id, post=post.id) for post in rules.posts if post.id not in filled)
    leading = set(leaders_of(duty.seats, rules))
    if not leading:
        yield Problem(wrong="no_leader", duty=duty.id)
    elif len(leading) < 2 and duty.special and rules.double_leaders:
        yield Problem(wrong="one_leader", duty=duty.id)
    if len(set(duty.people()) - leading) < rules.on_duty:
        yield Problem(wrong="few", duty=duty.id)


def _misplaced(duty: Duty, near: Sequence[Duty], rules: RosterRules, staff: Staff) -> Iterator[Problem]:
    held = [seat.person for seat in duty.seats]
    for seat in duty.seats:
        about = {"duty": duty.id, "post": seat.post, "person": seat.person}
        post = rules.post(seat.post)
        if seat.person not in staff.active:
            yield Problem(wrong="unknown", **about)
        if staff.is_away(seat.person, duty):
            yield Problem(wrong="away", **about)
        if held.count(seat.person) > 1 or _stands(seat.person, duty, near, 0):
            yield Problem(wrong="twice", **about)
        elif (
            post
            and post.changes == "shift"
            and any(seat.person in o.people() and o.ends_at <= duty.starts_at for o in near)
        ):
            yield Problem(wrong="rest", **about)


def specials(duties: Iterable[Duty], rules: RosterRules) -> tuple[Duty, ...]:
    """The same duties, each with the holiday or marked period of its date."""
    return tuple(
        duty.model_copy(update={"special": special(to_datetime(duty.starts_at).date(), rules)}) for duty in duties
    )
