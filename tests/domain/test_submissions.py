"""A report upward from draft to receipt. Regulations section 8: rules 1, 11, 14, 15, 16 (the way of one report)."""

import pytest

from dutydesk.clock import MINUTE, SECOND
from dutydesk.domain.asking_policy import Asking, Dispatching, Verifying
from dutydesk.domain.deliveries import ConfirmDelivery, DeliveryQueued, NoteOutcome, NoteStatus, StartDelivery
from dutydesk.domain.dispatches import StartDispatch
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.incidents import CloseIncident, FixFact, MergeIncident, SetFlags
from dutydesk.domain.outcomes import Accepted, Busy, Unknown
from dutydesk.domain.reporting import DraftSubmission
from dutydesk.domain.rules import Peer
from dutydesk.domain.submission_words import brief, figure_words, numeral
from dutydesk.domain.submissions import (
    CheckSubmission,
    ConfirmByPhone,
    NoteReceipt,
    ReceiptsMissing,
    SendSubmission,
    SignSubmission,
    Snapshot,
    SubmissionChecked,
    SubmissionRedrafted,
    SubmissionSent,
    WithdrawSubmission,
    WriteDraft,
)
from dutydesk.domain.verbs import Fire, Promise
from dutydesk.errors import Refused
from tests.domain.upward import (
    INCIDENT,
    blast,
    check,
    city,
    clock,
    delivery,
    draft,
    finish,
    grow,
    report_up,
    send,
    set_deaths,
    sign,
    version,
)
from tests.kit import World, only, phone, refused, report

I = f"incident/{INCIDENT}"  # noqa: E741


def accept(w: World, stream: str, addressee: str) -> None:
    w.handle(
        delivery(stream, addressee),
        NoteOutcome(outcome=Accepted(provider_id="p", status="sent"), attempt=1),
        by="outbox",
    )


def test_rule_11_a_first_report_goes_up_unverified_and_incomplete_and_lists_what_is_missing() -> None:
    w = city()
    w.say("m", "港前大道一处起火", phone(1), report(code="12D01"))
    stream = draft(w)
    made = w.row(stream)["draft"]
    assert set(made["least_missing"]) == {"地点", "时间"}
    assert {"伤亡", "已采取措施"} <= set(made["missing"])
    finish(w, stream)
    assert w.row(stream)["status"] == "sent", "nothing that is missing holds it up"


def test_rule_11_what_nobody_confirmed_is_marked_and_what_an_officer_fixed_is_not() -> None:
    w = blast(deaths=1)
    stream = draft(w)
    text = "\n".join(w.row(stream)["draft"]["paragraphs"])
    assert "死亡:1人(未核实)" in text
    assert "地点:泊里镇港前大道88号(未核实)" in text
    set_deaths(w, 2)
    w.handle(I, FixFact(name="place_text", value="泊里镇港前大道88号", reason="现场核实"))
    text = "\n".join(w.row(stream)["draft"]["paragraphs"])
    assert "死亡:2人。" in text
    assert "地点:泊里镇港前大道88号。" in text


def test_unknown_is_not_zero_in_the_text() -> None:
    assert (figure_words(None, "人"), figure_words(0, "人"), figure_words(3, "人")) == ("不详", "无", "3人")
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 21)] == ["一", "九", "十", "十一", "二十", "二十一"]


@pytest.mark.parametrize(
    ("level", "lines", "copies"),
    [
        ("一般", {"deputy"}, {"emergency"}),
        ("较大", {"deputy", "province"}, {"emergency", "province-emergency"}),
        ("重大", {"mayor", "deputy", "province"}, {"emergency", "province-emergency"}),
        ("特别重大", {"mayor", "deputy", "province", "state"}, set()),
    ],
)
def test_rule_15_and_14_the_level_says_whom_it_goes_to_and_who_is_copied(
    level: str, lines: set[str], copies: set[str]
) -> None:
    w = blast(level=level)
    planned = w.row(draft(w))["plan"]["lines"]
    assert {one["addressee"] for one in planned if not one["copied"]} == lines
    assert {one["addressee"] for one in planned if one["copied"]} == copies


def test_rule_15_the_deputy_in_charge_is_the_one_whose_duties_name_the_code() -> None:
    w = blast()
    (line,) = [one for one in w.row(draft(w))["plan"]["lines"] if one["addressee"] == "deputy"]
    assert line["callee"] == "leader:L3"


@pytest.mark.parametrize(("level", "reach"), [("一般", "province"), ("较大", "state"), ("重大", "state")])
def test_rule_9_any_flag_takes_the_route_of_the_next_tier(level: str, reach: str) -> None:
    w = blast(level=level)
    w.handle(I, SetFlags(flags=("school",), reason="校内"))
    plan = w.row(draft(w))["plan"]
    assert (plan["reach"], plan["lifted"]) == (reach, True)


def test_who_has_no_address_gets_paper_which_counts_when_an_officer_says_it_arrived() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    queued = w.states[delivery(stream, "province-emergency")].queued
    assert queued.how == "paper"
    assert delivery(stream, "province-emergency") not in w.outbox, "nobody sends paper"
    w.handle(delivery(stream, "province-emergency"), ConfirmDelivery(arrived=True, note="机要送达"))
    line = next(one for one in w.row(stream)["lines"] if one["addressee"] == "province-emergency")
    assert line["status"] == "arrived"


def test_a_desk_above_with_a_link_gets_a_paper_that_machines_read() -> None:
    w = city(peers=(Peer(name="province", unit="PROV", side="above", url="wss://x", secret_env="X"),))
    addressees = tuple(
        one.model_copy(update={"how": ("link", "mail")}) if one.id == "province" else one
        for one in w.policy.submissions.addressees
    )
    w.policy = w.policy.model_copy(
        update={"submissions": w.policy.submissions.model_copy(update={"addressees": addressees})}
    )
    w.say("m", "某化工厂爆炸", phone(1), report(code="12D01", level="较大", deaths=3))
    stream = report_up(w)
    queued = w.states[delivery(stream, "province")].queued
    assert (queued.how, queued.to, queued.via) == ("link", "PROV", "province")
    paper = Exchange.from_text(queued.text)
    assert (paper.kind, paper.stage, paper.number, paper.figures) == (
        "submission",
        "首报",
        f"{INCIDENT}-1",
        {"deaths": 3},
    )
    assert not paper.drill
    assert (queued.promise, queued.safe_twice) == (Promise.ONCE, True), (
        "lost on the way, it is asked again and stays once"
    )


def test_rule_16_draft_check_signature_sending_each_stamped() -> None:
    w = blast()
    stream = draft(w)
    with refused("先核对"):
        sign(w, stream)
    with refused("还没有签发"):
        send(w, stream)
    w.at += MINUTE
    check(w, stream)
    w.at += MINUTE
    sign(w, stream)
    w.at += MINUTE
    send(w, stream)
    row = w.row(stream)
    stamps = [row[name] for name in ("drafted_at", "checked_at", "signed_at", "sent_at")]
    assert stamps == [w.at - 3 * MINUTE, w.at - 2 * MINUTE, w.at - MINUTE, w.at]
    assert (row["signed_by"], row["signed_how"]) == ("chief", "console")
    assert w.outbox[delivery(stream, "deputy")].promise is Promise.ONCE


def test_a_follow_up_says_what_the_newest_round_of_a_dispatch_brought_and_who_is_silent() -> None:
    w = blast()
    asking = Asking(verification=Verifying(policy="ladder"), dispatch=Dispatching(policy="ladder", answer_minutes=60))
    w.policy = w.policy.model_copy(update={"asking": asking})
    units = tuple(unit.code for unit in w.listed.units if unit.kind == "town")[:2]
    wish = StartDispatch(text="各地转移人数", units=units, every_minutes=120, incident=INCIDENT)
    w.handle("dispatch/d1", wish)
    names = [w.listed.unit_by_code[code].name for code in units]
    told = w.row(draft(w))["draft"]["paragraphs"]
    assert [line for line in told if line.startswith("调度第1轮(各地转移人数")] == [told[-1]]
    assert told[-1].endswith(f"未复{len(units)}家:{'、'.join(names)}。")


def test_rule_16_only_the_version_that_was_signed_is_sent() -> None:
    w = blast()
    stream = draft(w)
    check(w, stream)
    sign(w, stream)
    with refused("草稿已更新"):
        w.handle(stream, SendSubmission(version="another"))
    send(w, stream)


def test_rule_16_a_level_that_asks_for_a_leader_is_not_signed_by_the_watch() -> None:
    w = blast(level="较大")
    stream = draft(w)
    check(w, stream)
    sign_as_chief = SignSubmission(version=version(w, stream), who="user:chief")
    with refused("分管副市长"):
        w.handle(stream, sign_as_chief)
    w.handle(stream, sign_as_chief.model_copy(update={"leader": "L3"}))
    assert (w.row(stream)["signed_by"], w.row(stream)["signed_how"]) == ("副市长丙", "phone")
    assert w.row(stream)["signed_recorded_by"] == "user:officer"


def test_an_officer_cannot_record_a_leaders_word() -> None:
    w = blast(level="较大")
    stream = draft(w)
    check(w, stream)
    with refused("由带班领导登记"):
        w.handle(stream, SignSubmission(version=version(w, stream), who="user:officer", leader="L3"))


def test_checking_asks_the_leader_to_sign_by_a_link_that_may_arrive_twice() -> None:
    w = blast(level="较大")
    stream = draft(w)
    made = w.handle(stream, CheckSubmission(version=version(w, stream)))
    (ask,) = only(made, SubmissionChecked).asks
    queued = only(made, DeliveryQueued)
    assert (ask.line.callee, queued.purpose, queued.promise) == ("leader:L3", "sign", Promise.REPEATABLE)


def test_signing_a_draft_whose_facts_changed_since_it_was_read_is_refused_with_what_changed_and_it_is_drafted_anew() -> (
    None
):
    w = blast(deaths=1)
    stream = draft(w)
    read = version(w, stream)
    check(w, stream)
    made = set_deaths(w, 3)
    assert [c.now for c in only(made, SubmissionRedrafted).changes] == ["3人"]
    with refused("死亡由1人改为3人"):
        w.handle(stream, SignSubmission(version=read, who="user:chief"))
    assert w.row(stream)["status"] == "draft", "another version is read again"
    assert "死亡:3人" in "\n".join(w.row(stream)["draft"]["paragraphs"])


def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told() -> None:
    w = blast()
    stream = draft(w)
    check(w, stream)
    wish = SignSubmission(version=version(w, stream), who="user:chief")
    w.handle(stream, wish)
    with refused("已由chief于"):
        w.handle(stream, wish)


def test_what_changes_after_the_signature_is_shown_and_told_by_the_next_report() -> None:
    w = blast(deaths=1)
    stream = draft(w)
    check(w, stream)
    sign(w, stream)
    set_deaths(w, 2)
    assert [c["now"] for c in w.row(stream)["outdated"]] == ["2人"]
    assert "死亡:1人" in "\n".join(w.row(stream)["draft"]["paragraphs"]), "what was signed stands"
    send(w, stream)
    following = w.row(f"submission/{INCIDENT}-2")
    assert (following["kind"], following["why"]) == ("续报", "casualties")


def test_an_officers_words_make_a_version_and_stay_when_the_facts_change() -> None:
    w = blast(deaths=1)
    stream = draft(w)
    w.handle(stream, WriteDraft(version=version(w, stream), name="measures", text="消防、应急已到场"))
    set_deaths(w, 2)
    text = "\n".join(w.row(stream)["draft"]["paragraphs"])
    assert "已采取措施:消防、应急已到场" in text
    assert "已采取措施" not in w.row(stream)["draft"]["missing"]


def test_a_follow_up_tells_only_what_changed() -> None:
    w = blast(deaths=1)
    report_up(w)
    grow(w, 3, "较大")
    row = w.row(f"submission/{INCIDENT}-2")
    text = "\n".join(row["draft"]["paragraphs"])
    assert row["draft"]["title"].endswith("(续报一)")
    assert "死亡:3人(前报1人)" in text
    assert "泊里镇" not in text
    assert {c["name"] for c in row["draft"]["changes"]} == {"deaths", "level"}


def test_an_addressee_gets_a_report_once_and_another_may_get_it_later() -> None:
    w = blast(level="较大")
    stream = draft(w)
    check(w, stream)
    sign(w, stream)
    send(w, stream, "deputy")
    with refused("不会再发"):
        send(w, stream, "deputy")
    made = send(w, stream)
    assert "deputy" not in {p.line.addressee for p in only(made, SubmissionSent).parcels}
    with refused("不会再发"):
        send(w, stream)


def test_an_unknown_addressee_is_refused() -> None:
    w = blast()
    stream = draft(w)
    check(w, stream)
    sign(w, stream)
    with refused("没有这个报送对象:nobody"):
        send(w, stream, "nobody")


def test_rule_14_skipping_a_tier_makes_a_duty_to_report_there_at_once_which_the_report_meets() -> None:
    w = blast(level="较大")
    stream = draft(w)
    check(w, stream)
    sign(w, stream)
    send(w, stream, "state")
    duty = clock(w, "backfill-province-1")
    assert (duty["receiver"], duty["channel"], duty["due_at"]) == ("province", "written", w.at + 30 * MINUTE)
    send(w, stream, "province")
    w.at += MINUTE
    accept(w, stream, "province")
    assert clock(w, "backfill-province-1")["status"] == "met"


def test_sending_in_writing_meets_the_written_clock_of_that_line_and_no_other() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    assert clock(w, "up-written")["status"] == "running", "not met before it left us"
    w.at += MINUTE
    accept(w, stream, "province")
    assert (clock(w, "up-written")["status"], clock(w, "up-written")["told_at"]) == ("met", w.at)
    assert clock(w, "up-phone")["status"] == "running"


def test_an_uncertain_sending_meets_nothing_until_an_officer_decides() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    w.handle(delivery(stream, "province"), NoteOutcome(outcome=Unknown(detail="timeout"), attempt=1), by="outbox")
    line = next(one for one in w.row(stream)["lines"] if one["addressee"] == "province")
    assert (line["status"], clock(w, "up-written")["status"]) == ("uncertain", "running")
    assert delivery(stream, "province") not in w.outbox, "never sent again by itself"
    w.handle(delivery(stream, "province"), ConfirmDelivery(arrived=True, note="对方已收"))
    assert clock(w, "up-written")["status"] == "met"


def test_a_far_side_that_was_never_asked_is_asked_again_by_itself() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    mail = delivery(stream, "province")
    for attempt in (1, 2, 3, 4):
        w.handle(mail, StartDelivery(), by="outbox")
        w.handle(mail, NoteOutcome(outcome=Busy(), attempt=attempt), by="outbox")
        assert w.outbox[mail].not_before == w.at + 10 * SECOND * attempt
        w.at = w.outbox[mail].not_before
    assert not w.row(mail)["uncertain"]
    w.handle(mail, StartDelivery(), by="outbox")
    accept(w, stream, "province")
    assert clock(w, "up-written")["status"] == "met"


def test_a_voice_read_out_meets_the_phone_clock_when_a_key_confirms_it() -> None:
    w = blast(level="特别重大")
    stream = report_up(w)
    w.handle(
        delivery(stream, "state"),
        NoteOutcome(outcome=Accepted(provider_id="c", status="ringing"), attempt=1),
        by="outbox",
    )
    line = next(one for one in w.row(stream)["lines"] if one["addressee"] == "state")
    assert not line["receipts"]
    w.handle(stream, NoteReceipt(addressee="state", who="unit:STATE", how="voice"), by="twilio")
    line = next(one for one in w.row(stream)["lines"] if one["addressee"] == "state")
    assert [r["how"] for r in line["receipts"]] == ["voice"]


def test_a_superior_who_answers_twice_late_or_with_another_number_is_recorded() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    w.handle(stream, NoteReceipt(addressee="province", who="省值班员", number="鲁收12"))
    w.at += 45 * MINUTE
    w.handle(stream, NoteReceipt(addressee="province", who="省值班员", number="鲁收13"))
    w.handle(stream, NoteReceipt(addressee="province", who="省值班员", cited="20261123-009-1"))
    first, second, third = next(one for one in w.row(stream)["lines"] if one["addressee"] == "province")["receipts"]
    assert (first["again"], first["other_number"], first["late_by"]) == (False, False, 0)
    assert (second["again"], second["other_number"], second["late_by"]) == (True, True, 25 * MINUTE)
    assert third["other_number"], "they name another report of ours"
    with refused("没有发给这一方"):
        w.handle(stream, NoteReceipt(addressee="state", who="国办"))


def test_rule_16_the_same_content_is_confirmed_by_telephone_which_meets_the_phone_clock() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    w.at += 5 * MINUTE
    w.handle(stream, ConfirmByPhone(addressee="province", whom="省值班员张", told_at=w.at))
    assert clock(w, "up-phone")["status"] == "met"
    with refused("与谁确认"):
        w.handle(stream, ConfirmByPhone(addressee="province", whom=" ", told_at=w.at))
    with refused("确认时间不对"):
        w.handle(stream, ConfirmByPhone(addressee="province", whom="张", told_at=w.at + 5 * MINUTE))


def test_duty_rooms_without_a_receipt_call_the_watch_and_leaders_do_not() -> None:
    w = blast(level="特别重大")
    stream = report_up(w)
    w.handle(stream, NoteReceipt(addressee="province", who="省值班员"))
    due = w.timers[(stream, "receipts")].due_at
    assert due == w.at + 20 * MINUTE
    w.at = due
    made = w.handle(stream, Fire(name="receipts", due_at=due), by="timer")
    assert only(made, ReceiptsMissing).addressees == ("state",)
    assert any(s.startswith("page/") for s, _ in made)


def test_a_report_is_open_until_every_line_has_answered() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    assert w.is_open(stream)
    w.handle(stream, ConfirmByPhone(addressee="province", whom="省值班员张", told_at=w.at))
    assert not w.is_open(stream)


def test_a_draft_is_withdrawn_with_a_reason_and_its_number_is_free_again() -> None:
    w = blast()
    stream = draft(w)
    with refused("理由"):
        w.handle(stream, WithdrawSubmission(reason=" "))
    w.handle(stream, WithdrawSubmission(reason="误报"))
    assert draft(w) == stream
    finish(w, stream)
    with refused("不能撤回"):
        w.handle(stream, WithdrawSubmission(reason="x"))


@pytest.mark.parametrize("end", [CloseIncident(outcome="false", reason="不实"), MergeIncident(into="20261123-002")])
def test_a_draft_ends_with_its_incident(end: CloseIncident | MergeIncident) -> None:
    w = blast()
    w.at += 120 * MINUTE
    w.say("other", "另一处", phone(2), report())
    stream = draft(w)
    w.handle(I, end)
    assert w.row(stream)["status"] == "withdrawn"


def test_two_who_draft_at_once_make_one_draft() -> None:
    w = blast()
    draft(w)
    with refused("正在起草"):
        w.handle(I, DraftSubmission(kind="首报"))


def test_a_late_status_of_the_provider_reaches_the_line() -> None:
    w = blast(level="较大")
    stream = report_up(w)
    accept(w, stream, "deputy")
    w.handle(delivery(stream, "deputy"), NoteStatus(status="delivered"), by="main")
    line = next(one for one in w.row(stream)["lines"] if one["addressee"] == "deputy")
    assert line["status"] == "arrived"


def test_a_drill_report_reaches_nobody_outside_its_list() -> None:
    w = city()
    w.say("m", "演练:化工厂爆炸", phone(1), report(code="12D01", level="较大", deaths=3), drill=True)
    stream = report_up(w)
    assert w.drills[stream]
    assert not [d for d in w.outbox if d.startswith("delivery/s")], "no leader, no superior"
    assert {one["status"] for one in w.row(stream)["lines"]} == {"failed"}


def test_nothing_is_told_of_a_report_that_is_not() -> None:
    with pytest.raises(Refused, match="没有这份报告"):
        blast().handle(f"submission/{INCIDENT}-1", SendSubmission(version="x"))


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("泊里镇港前大道88号爆炸事故", "泊里镇港前大道88号爆炸事故。"),
        ("化工企业爆炸事故", "泊里镇港前大道88号:化工企业爆炸事故。"),
    ],
)
def test_a_leaders_first_line_names_the_place_once(title: str, first: str):
    now = Snapshot(number="20261123-004", title=title, received_at=0, place="泊里镇港前大道88号")
    assert brief(now, 0)[0] == first
