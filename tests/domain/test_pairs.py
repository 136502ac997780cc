"""互建: a town and each unit in it hold one another's contact, and each side says that the number is right and was tried."""

from typing import Any

import pytest

from dutydesk.clock import DAY, HOUR, MINUTE
from dutydesk.domain.check_policy import Checks, Ladder, Load, Pairing, Proving
from dutydesk.domain.checks import StartCheck
from dutydesk.domain.directory import Contact, Directory, Unit
from dutydesk.domain.messages import ChoiceAsked, MessageHeld
from dutydesk.domain.open_items import listing
from dutydesk.domain.pages import AcknowledgePage, PageStarted, StartPage
from dutydesk.domain.pair_lists import districts, lines, pairs, pairs_of
from dutydesk.domain.pair_rounds import StartPairRound
from dutydesk.domain.pairs import (
    AnswerPair,
    AskPairs,
    MarkPair,
    Named,
    PairConfirmed,
    PairDisputed,
    PairLapsed,
    PairMissed,
    PairsAsked,
    PairsPutOff,
    ReviewPair,
    StrayAnswered,
    heard,
)
from dutydesk.domain.proofs import ContactProven
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Policy, Step
from dutydesk.domain.verbs import Fire
from tests.kit import Eyes, World, directory, names, only, phone, refused, report, rules, setup

PAIR = Policy(name="pair", steps=(Step(who=("contact",), how=("sms",), answer_within=1440, repeat=1),), at_top="stop")
CHECK = Policy(name="check", steps=(Step(who=("unit",), how=("voice",), answer_within=3),), at_top="stop")
CHECKS = Checks(
    load=Load(most=2, days=7),
    ladders=(Ladder(target="unit", way="voice", policy="check"),),
    proving=Proving(every_days=90),
    pairing=Pairing(every_days=180, most=2, policy="pair"),
)
WORKS = {1: "+8612000005001", 2: "+8612000005002", 3: "+8612000005003"}
P1 = "pair/T1-E-1"


def works(n: int, phone_: str = "", name: str = "") -> tuple[Unit, Contact]:
    code = f"E-{n}"
    unit = Unit(
        code=code, name=f"化工{n}厂", short_names=(f"化{n}",), kind="enterprise", division="370281001", parent="T1"
    )
    return unit, Contact(id=f"W{n}", unit=code, name=name or f"王{n}", phones=(phone_ or WORKS[n],))


def listed(count: int = 1, **changed: Any) -> Directory:
    """Town T1 with its A and B contact and some works in it."""
    base, made = directory(1), [works(n, **(changed if n == 1 else {})) for n in range(1, count + 1)]
    return Directory(
        units=(*base.units, *(unit for unit, _ in made)),
        contacts=(*base.contacts, *(contact for _, contact in made)),
        leaders=base.leaders,
    )


def desk(count: int = 1, **pairing: Any) -> World:
    ladder = {p.name: p for p in (*rules().policies.values(), PAIR, CHECK)}
    checks = CHECKS.model_copy(update={"pairing": CHECKS.pairing.model_copy(update=pairing)})
    made = World(policy=rules(policies=ladder, checks=checks), listed=listed(count))
    for stream, command in setup(made.policy, made.listed):
        made.handle(stream, command, by="test")
    return made


def ask(w: World, unit: str, *, quiet: bool = False) -> list[Any]:
    return w.handle(f"pairing/{unit}", AskPairs(unit=unit, quiet=quiet))


def reply(w: World, sender: str, text: str, reading: Reading | None = None) -> list[Any]:
    """An SMS answers; message ids only need to differ."""
    return w.say(f"m{len(w.journal)}", text, sender, reading)


def stands(w: World, unit: str = "E-1") -> str:
    days, bodies = w.policy.checks.pairing.every_days, {k[1]: s[2].body for k, s in w.rows.items() if k[0] == "pair"}
    return next(line["status"] for line in lines(w.listed, bodies, w.at, days) if line["unit"] == unit)


def both(w: World) -> None:
    """Both sides confirm by SMS."""
    for unit, number in (("T1", phone(1)), ("E-1", WORKS[1])):
        ask(w, unit)
        reply(w, number, "1")


def test_pairs_come_from_the_directory_and_a_citys_department_belongs_to_no_town() -> None:
    w = desk(2)
    city = Unit(code="D-1", name="市局", kind="department", division="370200", parent="DESK")
    whole = Directory(units=(*w.listed.units, city), contacts=w.listed.contacts)
    assert [pair.id for pair in pairs(whole)] == ["T1-E-1", "T1-E-2"]
    assert [pair.id for pair in pairs(whole, "370283")] == []


def test_both_sides_are_asked_of_the_other_and_a_pair_stands_when_both_confirm() -> None:
    w = desk()
    assert stands(w) == "none"
    asked = only(ask(w, "T1"), PairsAsked)
    assert (asked.contact, asked.lines[0].name, asked.lines[0].number) == ("A1", "王1", WORKS[1])
    assert WORKS[1] in asked.subject, "whom they are to know, with the number to call"
    assert stands(w) == "asking"
    assert only(reply(w, phone(1), "1"), PairConfirmed).side == "town"
    assert stands(w) == "town_only"
    asked = only(ask(w, "E-1"), PairsAsked)
    assert (asked.contact, asked.lines[0].contact) == ("W1", "A1")
    made = reply(w, WORKS[1], "1")
    assert only(made, PairConfirmed).side == "unit"
    assert only(made, ContactProven).number == WORKS[1], (
        "the answer proves the number: no question of its own is needed"
    )
    assert (stands(w), w.is_open(P1)) == ("confirmed", False)
    w.at += 181 * DAY
    assert stands(w) == "lapsed", "a confirmation does not hold for ever"


def test_a_reply_to_the_question_never_becomes_a_report() -> None:
    for text in ("2 王工换成李工,电话13900001111", "2", "号码不对", "王工已退休"):
        w = desk()
        ask(w, "T1")
        made = reply(w, phone(1), text)
        assert only(made, PairDisputed).side == "town", text
        assert names(made, "incident") == [], text
        assert stands(w) == "disputed"
        assert w.is_open(P1), "an officer sees it"


@pytest.mark.parametrize("text", ["2号罐爆炸,3人受伤", "化工1厂着火了,号码打不通", "1 附近仓库起火"])
def test_a_reply_that_carries_an_emergency_is_a_report_and_the_question_waits_on(text: str) -> None:
    w = desk()
    ask(w, "T1")
    made = reply(w, phone(1), text, report())
    assert names(made, "incident")[0] == "IncidentOpened"
    assert stands(w) == "asking"


@pytest.mark.parametrize(
    "text",
    ["救援力量已到场", "1个孩子走丢了", "水泵换成大的了", "求助", "没有这个人", "来了几个不认识的人", "群众打电话来问"],
)
def test_a_few_words_that_are_no_clear_answer_go_to_a_person_and_the_question_waits_on(text: str) -> None:
    w = desk()
    ask(w, "T1")
    made = reply(w, phone(1), text)
    assert only(made, MessageHeld).reason == "beside_pairs"
    assert stands(w) == "asking"


@pytest.mark.parametrize(
    "reading",
    [
        Reading(category="accident"),
        Reading(kind="续报"),
        Reading(affected=3),
        Reading(reader="failed: too slow"),
    ],
)
def test_what_tells_of_something_is_never_an_answer_whatever_words_are_in_it(reading: Reading) -> None:
    w = desk()
    ask(w, "T1")
    made = reply(w, phone(1), "2 号码不对,联络员换人了", reading)
    assert names(made, "pair") == []
    assert stands(w) == "asking"


def test_more_about_an_incident_of_ones_own_reaches_it_while_a_question_waits() -> None:
    w = desk()
    ask(w, "T1")
    reply(w, phone(1), "化工1厂起火", report())
    w.at += MINUTE
    made = reply(w, phone(1), "救援力量已到场")
    assert "MessageAttached" in names(made)
    assert stands(w) == "asking"


def test_a_call_comes_before_a_question_that_waits_for_days() -> None:
    for text in ("收到", "延时10 在路上"):
        w = desk()
        ask(w, "T1")
        w.handle("page/x", StartPage(policy="ask", subject="起火,请签收", unit="T1"))
        made = reply(w, phone(1), text)
        assert [stream for stream, event in made if type(event).__name__ in ("PageAcknowledged", "PageExtended")] == [
            "page/x"
        ]
    w = desk()
    ask(w, "T1")
    w.handle("page/x", StartPage(policy="ask", subject="起火,请签收", unit="T1"))
    assert only(reply(w, phone(1), "1"), ChoiceAsked).options[0].id == "x", "1 1 is for the call"


def test_the_pairs_of_a_town_are_the_same_however_they_are_looked_up() -> None:
    code = "370281009"
    town = Unit(code=code, name="九镇", kind="town", division=code)
    lying, elsewhere = (
        works(n)[0].model_copy(update={"parent": up, "division": code}) for n, up in ((2, None), (3, "T1"))
    )
    whole = Directory(units=(*listed().units, town, lying, elsewhere), contacts=listed(3).contacts)
    assert [pair.id for pair in pairs(whole)] == ["T1-E-1", f"{code}-E-2", "T1-E-3"]
    for one in ("T1", code):
        assert pairs_of(one, whole) == [pair for pair in pairs(whole) if pair.town.code == one]


def test_who_is_not_in_the_pair_is_not_accepted_and_what_they_say_is_kept() -> None:
    w = desk()
    asked = only(ask(w, "T1"), PairsAsked)
    for stranger in ("+8612000007777", phone(1, "B")):
        made = reply(w, stranger, "1")
        assert names(made)[:2] == ["MessageRead", "MessageHeld"]
    with refused("问的不是您"):
        w.handle("pairing/T1", AnswerPair(pair="T1-E-1", right=True, callee="contact:B1"))
    wrong = AcknowledgePage(who="contact:B1", how="sms", answer="号码对,已通话")
    kept = only(w.handle(f"page/{asked.page}", wrong), StrayAnswered)
    assert (kept.who, w.row("pairing/T1")["strays"][0]["text"]) == ("contact:B1", "号码对,已通话")
    assert stands(w) == "asking"


def test_a_town_gets_one_question_about_several_units_and_may_name_the_one_that_is_wrong() -> None:
    w = desk(2)
    asked = only(ask(w, "T1"), PairsAsked)
    assert [line.unit for line in asked.lines] == ["E-1", "E-2"]
    made = reply(w, phone(1), "2 化2的号码是空号")
    assert only(made, PairDisputed).text == "2 化2的号码是空号"
    assert (stands(w, "E-1"), stands(w, "E-2")) == ("silent", "disputed")
    assert only(made, PairMissed).reason == "not_said", "of the other nothing was said"


def test_the_link_page_answers_line_by_line_and_the_last_ends_the_question() -> None:
    w = desk(2)
    asked = only(ask(w, "T1"), PairsAsked)
    with refused("请写明"):
        w.handle("pairing/T1", AnswerPair(pair="T1-E-1", right=False, callee="contact:A1"))
    made = w.handle("pairing/T1", AnswerPair(pair="T1-E-1", right=True, callee="contact:A1"))
    assert "PageAcknowledged" not in names(made)
    made = w.handle("pairing/T1", AnswerPair(pair="T1-E-2", right=False, text="换人", callee="contact:A1"))
    assert "PageAcknowledged" in names(made)
    assert (stands(w, "E-1"), stands(w, "E-2")) == ("town_only", "disputed")
    assert w.row(f"page/{asked.page}")["status"] == "acknowledged"


@pytest.mark.parametrize("way", ["sms", "mail", "voice"])
def test_a_bare_one_takes_no_dispute_back_that_was_told_by_the_link(way: str) -> None:
    w = desk(2)
    asked = only(ask(w, "T1"), PairsAsked)
    w.handle("pairing/T1", AnswerPair(pair="T1-E-1", right=False, text="号码是空号", callee="contact:A1"))
    w.handle(f"page/{asked.page}", AcknowledgePage(who="contact:A1", how=way, answer="1"))
    assert (stands(w, "E-1"), stands(w, "E-2")) == ("disputed", "town_only")
    w.handle("pairing/T1", AnswerPair(pair="T1-E-1", right=True, callee="contact:A1"))
    assert stands(w, "E-1") == "town_only", "by the link it is taken back"


def test_whom_an_officer_heard_is_not_chased_and_the_others_still_are() -> None:
    w = desk(2)
    page = f"page/{only(ask(w, 'T1'), PairsAsked).page}"
    w.handle("pair/T1-E-1", MarkPair(town="T1", unit="E-1", side="town", right=True))
    assert (w.row("pairing/T1")["waiting"], w.is_open(page)) == (["T1-E-2"], True)
    made = w.handle("pair/T1-E-2", MarkPair(town="T1", unit="E-2", side="town", right=False, text="空号"))
    assert names(made).count("PairDisputed") == 1, "said once"
    assert not w.is_open(page), "nobody is chased"
    assert not w.is_open("pairing/T1")
    assert (stands(w, "E-1"), stands(w, "E-2")) == ("town_only", "disputed")


def test_what_an_officer_heard_takes_a_dispute_back() -> None:
    w = desk(2)
    asked = only(ask(w, "T1"), PairsAsked)
    w.handle("pairing/T1", AnswerPair(pair="T1-E-1", right=False, text="号码是空号", callee="contact:A1"))
    w.handle(f"page/{asked.page}", AcknowledgePage(who="user:li", how="console", answer="1"))
    assert stands(w, "E-1") == "town_only"


def test_silence_is_chased_once_and_then_ends() -> None:
    w = desk()
    asked = only(ask(w, "T1"), PairsAsked)
    assert names(w.fire()).count("DeliveryQueued") == 1, "chased"
    made = w.fire()
    assert only(made, PairMissed).reason == "no_answer"
    assert names(made).count("DeliveryQueued") == 0
    assert not w.is_open(f"page/{asked.page}"), "nothing goes on sounding"
    assert stands(w) == "silent"


def test_a_change_on_either_side_makes_a_pair_lapse_and_both_are_asked_anew() -> None:
    w = desk()
    both(w)
    assert w.handle(P1, ReviewPair()) == []
    w.at += 8 * DAY
    w.listed = listed(phone_="+8612000005099")
    assert stands(w) == "lapsed", "even before anybody looked"
    made = w.handle(P1, ReviewPair(), by="desk")
    assert only(made, PairLapsed).why == "contact"
    asked = [event for _, event in made if isinstance(event, PairsAsked)]
    assert [(one.unit, one.number) for one in asked] == [("T1", phone(1)), ("E-1", "+8612000005099")]


def test_an_answer_about_a_number_that_was_replaced_meanwhile_confirms_nothing() -> None:
    w = desk()
    ask(w, "T1")
    w.listed = listed(name="李工")
    made = reply(w, phone(1), "1")
    assert "PairLapsed" in names(made)
    assert "PairConfirmed" not in names(made)


def test_a_question_about_somebody_who_was_replaced_is_called_off() -> None:
    w = desk()
    asked = only(ask(w, "T1"), PairsAsked)
    w.listed = listed(name="李工")
    w.handle(P1, ReviewPair(), by="desk")
    assert w.row(f"page/{asked.page}")["status"] == "cancelled"
    made = w.handle("pairing/T1", Fire(name="again", due_at=w.timers["pairing/T1", "again"].due_at), by="timer")
    assert only(made, PairsAsked).lines[0].name == "李工"


def test_a_unit_that_moved_to_another_town_leaves_its_pair() -> None:
    w = desk()
    both(w)
    unit, contact = works(1)
    moved = unit.model_copy(update={"parent": "T2", "division": "370281002"})
    base = directory(2)
    w.listed = Directory(units=(*base.units, moved), contacts=(*base.contacts, contact))
    lapsed = only(w.handle(P1, ReviewPair()), PairLapsed)
    assert (lapsed.why, lapsed.again) == ("moved", False)
    assert [pair.id for pair in pairs(w.listed)] == ["T2-E-1"]


def test_the_load_of_a_unit_is_never_passed_by_checks_and_these_questions_together() -> None:
    w = desk(3, most=1)
    for n in (1, 2):
        only(ask(w, "T1"), PairsAsked)
        reply(w, phone(1), "1")
        w.at += HOUR * n
    with refused("到了上限"):
        ask(w, "T1")
    with refused("到了上限"):
        w.handle("check/c1", StartCheck(unit="T1"))
    put_off = only(ask(w, "T1", quiet=True), PairsPutOff)
    assert w.timers["pairing/T1", "again"].due_at == put_off.next_at
    w.at = put_off.next_at
    made = w.handle("pairing/T1", Fire(name="again", due_at=w.at), by="timer")
    assert [line.unit for line in only(made, PairsAsked).lines] == ["E-3"], (
        "what did not fit is asked when the load allows"
    )


def test_a_contact_who_is_being_called_about_something_else_is_left_alone() -> None:
    w = desk()
    w.handle("page/x", StartPage(policy="ask", subject="核报", unit="T1", asks="truth"))
    with refused("正有别的呼叫"):
        ask(w, "T1")
    assert only(ask(w, "T1", quiet=True), PairsPutOff).next_at == w.at + HOUR


def test_a_call_that_nobody_answered_does_not_keep_a_contact_busy_for_ever() -> None:
    w = desk()
    w.handle("page/x", StartPage(policy="pair", subject="核报", unit="T1", asks="truth"))
    while w.row("page/x")["status"] == "open":
        w.fire()
    assert w.row("page/x")["status"] == "exhausted"
    assert only(ask(w, "T1"), PairsAsked).contact == "A1"


def test_a_drills_reply_answers_no_real_question() -> None:
    w = desk()
    ask(w, "T1")
    w.say("practice", "1", phone(1), drill=True)
    assert stands(w) == "asking"


def test_a_round_does_not_fill_the_list_that_goes_to_the_next_watch() -> None:
    w = desk(3)
    for unit in ("T1", "E-1", "E-2"):
        ask(w, unit)
    w.handle("page/x", StartPage(policy="held", subject="有事"))
    items, heaps = listing(Eyes(w), "")
    assert [(item.kind, item.id) for item in items] == [("page", "x")]
    assert [(heap.kind, heap.open) for heap in heaps] == [("page", 1)]


def test_a_dispute_waits_for_the_directory_and_only_an_officer_asks_again_before() -> None:
    w = desk()
    ask(w, "T1")
    reply(w, phone(1), "2 空号")
    assert ask(w, "T1", quiet=True) == []
    assert only(ask(w, "T1"), PairsAsked).lines[0].unit == "E-1"


def test_an_officer_marks_what_a_side_said_by_telephone() -> None:
    w = desk()
    w.handle(P1, MarkPair(town="T1", unit="E-1", side="town", right=True))
    w.handle(P1, MarkPair(town="T1", unit="E-1", side="unit", right=True))
    assert stands(w) == "confirmed"
    with refused("不在这个镇街"):
        w.handle("pair/T2-E-1", MarkPair(town="T2", unit="E-1", side="unit", right=True))
    with refused("请写明"):
        w.handle(P1, MarkPair(town="T1", unit="E-1", side="unit", right=False))
    w.handle(P1, MarkPair(town="T1", unit="E-1", side="unit", right=False, text="换人"))
    assert stands(w) == "disputed"


def test_a_round_asks_a_division_a_few_at_a_time_and_does_not_ask_twice() -> None:
    w = desk(2)
    w.handle("pairround/r1", StartPairRound(division="370281"))
    with refused("已经在问"):
        w.handle("pairround/r2", StartPairRound(division="370281"))
    made = w.handle("pairround/r1", Fire(name="next", due_at=w.at), by="timer")
    assert [e.unit for _, e in made if isinstance(e, PairsAsked)] == ["T1", "E-1", "E-2"]
    assert len([e for _, e in made if isinstance(e, PageStarted)]) == 3
    w.handle("pairround/r3", StartPairRound(division=""))
    again = w.handle("pairround/r3", Fire(name="next", due_at=w.at), by="timer")
    assert names(again, "pairing") == [], "who is asked already is not asked again"
    with refused("没有"):
        w.handle("pairround/r4", StartPairRound(division="370283"))


def test_coverage_counts_by_district_and_names_what_lacks() -> None:
    w = desk(2)
    both(w)
    bodies = {k[1]: s[2].body for k, s in w.rows.items() if k[0] == "pair"}
    lonely = Directory(units=w.listed.units, contacts=tuple(c for c in w.listed.contacts if c.id != "W2"))
    found = lines(lonely, bodies, w.at, 180)
    assert [(line["unit"], line["status"], line["lacks"]) for line in found] == [
        ("E-2", "lacking", ["unit"]),
        ("E-1", "confirmed", []),
    ]
    assert districts(found, lonely) == [
        {"division": "370281", "name": "370281", "pairs": 2, "by": {"lacking": 1, "confirmed": 1}}
    ]


@pytest.mark.parametrize("text", ["1", "1。", "对", "号码对,已通话", "都对", "１", "1 号码都对,打通了", "没错"])
def test_words_that_confirm(text: str) -> None:
    text = "号码对,已通话" if text in ("1", "1。", "１") else text
    assert [one.right for one in heard(text, (Named("p", ()),))] == [True]


@pytest.mark.parametrize("text", ["不对", "对方打不通", "1 但是李四调走了", "号码不对", "", "。"])
def test_words_that_do_not_confirm(text: str) -> None:
    assert [one.right for one in heard(text, (Named("p", ()),))] == [False]
