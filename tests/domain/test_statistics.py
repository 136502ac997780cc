"""Counting, pure: each entry in its bars, lateness by its minutes, the rest summed up and never dropped."""

from dutydesk.clock import DAY, MINUTE, SECOND
from dutydesk.domain import statistics
from dutydesk.domain.counted import Counted
from dutydesk.domain.statistics import charts
from tests.kit import NOON

FIRST = NOON - 12 * 60 * MINUTE


def counted(*found: tuple[str, dict]) -> dict[str, statistics.Chart]:
    entries = [Counted(n, NOON, type_, f"x/{n}", body) for n, (type_, body) in enumerate(found, 1)]
    return charts(entries, FIRST, FIRST + 2 * DAY, lambda division: division or "不详")


def shown(chart: statistics.Chart) -> dict[str, int]:
    return {label: point.value for label, point in chart.items() if point.value}


def test_lateness_is_by_minutes_and_a_missed_clock_stands_apart():
    met = [("ObligationMet", {"late_by": late * MINUTE}) for late in (0, 1, 10, 11, 60, 61)]
    made = counted(*met, ("ObligationMissed", {}))
    assert shown(made["lateness"]) == {
        "按时": 1, "超时10分内": 2, "超时30分内": 1, "超时1小时内": 1, "超时1小时以上": 1, "到时未办": 1
    }  # fmt: skip


def test_answer_times_are_by_seconds_and_no_answer_is_no_time():
    after = [("PageAcknowledged", {"after": seconds * SECOND}) for seconds in (1, 30, 31, 700)]
    made = counted(*after, ("PageExhausted", {}))
    assert shown(made["answers"]) == {"30秒内": 2, "1分内": 1, "10分以上": 1, "无人应答": 1}
    assert statistics.answer_median([]) is None


def test_every_day_and_hour_has_a_bar_also_an_empty_one():
    made = counted()
    assert len(made["hours"]) == 24
    assert list(made["days"]) == ["11-23", "11-24"]


def test_what_has_no_kind_or_place_is_unknown_and_the_rest_is_summed_up():
    opened = [("IncidentOpened", {"reading": {"subtype": f"种类{n}"}, "division": str(n)}) for n in range(30)]
    made = counted(*opened, ("IncidentOpened", {"reading": {}, "division": ""}))
    assert len(made["kinds"]) == statistics.MOST_ROWS + 1
    assert sum(point.value for point in made["kinds"].values()) == 31
    assert len(made["kinds"][statistics.REST].seqs) == 16


def test_a_point_counts_all_and_opens_to_the_first_of_them():
    made = counted(*[("MessageRecorded", {})] * (statistics.MOST_SEQS + 7))
    assert made["hours"]["12"].value == statistics.MOST_SEQS + 7
    assert len(made["hours"]["12"].seqs) == statistics.MOST_SEQS
