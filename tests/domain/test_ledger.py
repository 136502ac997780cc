"""The casualty ledger and the missing elements: the newest stands, doubts are shown, unknown is not zero, asked once."""

from dutydesk.clock import MINUTE
from dutydesk.domain import ledger
from dutydesk.domain.elements import missing
from dutydesk.domain.incidents import Claim, FigureFixed, FixFigure
from dutydesk.domain.messages import MessageReceipted
from dutydesk.domain.readings import Bounds, Reading
from dutydesk.domain.rules import Elements, Intake
from tests.kit import phone, refused, report, world


def claim(
    value: int | Bounds, at: int, message: str = "m1", name: str = "deaths", *, correction: bool = False
) -> Claim:
    return Claim(name=name, value=value, message=message, at=at, correction=correction)


def test_a_fall_of_the_dead_is_flagged_unless_the_text_corrects_itself() -> None:
    fell = ledger.shown((claim(5, 0), claim(3, 60 * MINUTE, "m2")), {})["deaths"]
    assert (fell["value"], fell["doubts"]) == (3, ["fell"])
    assert [o["value"] for o in fell["others"]] == [5]
    corrected = ledger.shown((claim(5, 0), claim(3, 60 * MINUTE, "m2", correction=True)), {})["deaths"]
    assert corrected["doubts"] == []


def test_two_sources_that_differ_at_one_time_stand_side_by_side() -> None:
    figure = ledger.shown((claim(5, 0), claim(7, 10 * MINUTE, "m2")), {})["deaths"]
    assert (figure["value"], figure["doubts"]) == (7, ["sources_differ"])
    later = ledger.shown((claim(5, 0), claim(7, 90 * MINUTE, "m2")), {})["deaths"]
    assert later["doubts"] == [], "an hour later it is a development, not a dispute"


def test_a_part_over_its_whole_is_flagged() -> None:
    claims = (claim(3, 0, name="injured"), claim(5, 0, name="seriously_injured"))
    assert ledger.shown(claims, {})["injured"]["doubts"] == ["part_over_whole"]


def test_people_rescued_after_the_trapped_were_counted_make_that_figure_doubtful() -> None:
    trapped, both = claim(2, 0, name="trapped"), claim(2, 20 * MINUTE, "m2", name="rescued")
    assert ledger.shown((trapped, both), {})["trapped"]["doubts"] == ["rescued_since"]
    told = claim(0, 20 * MINUTE, "m2", name="trapped")
    assert ledger.shown((trapped, both, told), {})["trapped"]["doubts"] == ["sources_differ"], "nobody is left: said"
    together = claim(1, 0, "m1", name="rescued")
    assert ledger.shown((trapped, together), {})["trapped"]["doubts"] == [], "of one text: those still inside"


def test_more_than_ten_then_twelve_does_not_fall_and_more_than_ten_then_three_does() -> None:
    assert ledger.shown((claim(Bounds(min=10), 0), claim(12, 60 * MINUTE)), {})["deaths"]["doubts"] == []
    assert ledger.shown((claim(Bounds(min=10), 0), claim(3, 60 * MINUTE)), {})["deaths"]["doubts"] == ["fell"]


def test_an_officer_chooses_with_a_reason_and_a_newer_report_reopens_the_question() -> None:
    fix = FigureFixed(name="deaths", value=5, reason="卫健委核实", by="user:li", at=20 * MINUTE)
    chosen = ledger.shown((claim(5, 0), claim(7, 10 * MINUTE, "m2")), {"deaths": fix})["deaths"]
    assert (chosen["value"], chosen["fixed_by"], chosen["reason"], chosen["doubts"]) == (5, "user:li", "卫健委核实", [])
    newer = ledger.shown((claim(5, 0), claim(9, 30 * MINUTE, "m3")), {"deaths": fix})["deaths"]
    assert (newer["value"], newer["doubts"]) == (5, ["newer_report"])


def test_unknown_set_by_an_officer_is_not_zero() -> None:
    w = world()
    w.say("a", "着火,1人死亡", phone(1), report(deaths=1))
    incident = f"incident/{w.incident()}"
    w.handle(incident, FixFigure(name="deaths", value=None, reason="伤亡正在核实"))
    assert w.row(incident)["figures"]["deaths"]["value"] is None
    with refused("写明理由"):
        w.handle(incident, FixFigure(name="deaths", value=0, reason=" "))


INTAKE = Intake(
    wanted=("occurred_at", "place_text", "casualties"),
    elements=(Elements(codes=("13",), wanted=("affected",)),),
    labels={"occurred_at": "时间", "place_text": "地点", "casualties": "伤亡", "affected": "人数"},
)


def test_missing_elements_are_named_and_what_is_being_verified_is_not_asked_again() -> None:
    assert missing(Reading(place_text="某镇"), INTAKE) == ("时间", "伤亡")
    known = Reading(place_text="某镇", occurred_at="2026-11-23T14:20+08:00", unknown=("deaths",))
    assert missing(known, INTAKE) == ()
    assert missing(Reading(place_text="某镇", occurred_at="2026-11-23", deaths=0), INTAKE) == ()


def test_the_list_depends_on_the_kind_of_event() -> None:
    assert missing(Reading(code="13B03"), INTAKE) == ("人数",)


def test_they_are_asked_for_once_and_the_reply_joins_the_same_incident() -> None:
    intake = INTAKE.model_copy(update={"receipts_per_hour": 6})
    w = world(intake=intake)
    made = w.say("a", "着火了", phone(1), report())
    (receipt,) = [event for _, event in made if isinstance(event, MessageReceipted)]
    assert receipt.asked == ("时间", "地点", "伤亡")
    w.at += 5 * MINUTE
    made = w.say("b", "14时20分,无人伤亡", phone(1), Reading(nature="answer", deaths=0, injured=0))
    assert w.row("message/b")["incident"] == w.incident()
    (second,) = [event for _, event in made if isinstance(event, MessageReceipted)]
    assert second.asked == (), "asked once"
    assert w.row(f"incident/{w.incident()}")["figures"]["deaths"]["value"] == 0
