"""The circular: drafted once, corrected with a reason, issued again only after a correction; its figures counted in a second way."""

import random
from collections import Counter
from statistics import median
from typing import Any

import pytest

from dutydesk.clock import MINUTE, SECOND
from dutydesk.domain.circulars import (
    CircularIssued,
    CorrectCircular,
    DraftCircular,
    Figure,
    IssueCircular,
    OpenCircular,
    RequestCircular,
)
from dutydesk.domain.deliveries import DeliveryQueued
from dutydesk.domain.incidents import CloseIncident, MergeIncident
from dutydesk.domain.pages import AcknowledgePage
from dutydesk.domain.summaries import NAMES, figures, summary
from tests.kit import LEADER, World, only, phone, refused, report, town_phone, world, written

C = "circular/w"


def drafted() -> World:
    w = world()
    w.handle(C, RequestCircular(watch="w", name="白班", starts_at=0, ends_at=1))
    draft = DraftCircular(
        figures=(Figure(name="received", value=3, seqs=(1, 2, 3)),), items=(), summary="收到来报3条。"
    )
    w.handle(C, draft)
    return w


def test_the_draft_is_written_once_and_its_timer_is_over() -> None:
    w = world()
    w.handle(C, RequestCircular(watch="w", name="白班", starts_at=0, ends_at=1))
    assert (C, "draft") in w.timers
    draft = DraftCircular(figures=(), items=(), summary="一")
    w.handle(C, draft)
    assert (C, "draft") not in w.timers
    assert w.handle(C, draft) == []


def test_a_correction_needs_a_reason_a_figure_and_a_number() -> None:
    w = drafted()
    with refused("理由"):
        w.handle(C, CorrectCircular(name="received", value="4", reason="  "))
    with refused("没有nothing"):
        w.handle(C, CorrectCircular(name="nothing", value="4", reason="漏"))
    for value in ("四条", "-1", "²", "1e3", "9" * 40):
        with refused("非负整数"):
            w.handle(C, CorrectCircular(name="received", value=value, reason="漏"))
    w.handle(C, CorrectCircular(name="received", value=" 4 ", reason="漏计一条"))
    assert w.row(C)["figures"][0]["value"] == 4
    w.handle(C, CorrectCircular(name="received", value="", reason="不详"))
    assert w.row(C)["figures"][0]["value"] is None  # unknown is not zero
    assert [c["former"] for c in w.row(C)["corrections"]] == ["3", "4"]


def test_it_is_issued_again_only_after_a_correction() -> None:
    w = drafted()
    made = w.handle(C, IssueCircular())
    assert [e.to for _, e in made if isinstance(e, DeliveryQueued)] == [LEADER, town_phone(1)]
    with refused("没有更正"):
        w.handle(C, IssueCircular())
    w.handle(C, CorrectCircular(name="summary", value="收到来报4条。", reason="漏计"))
    assert w.row(C)["changed_since_issue"]
    second = only(w.handle(C, IssueCircular()), CircularIssued)
    assert second.issue == 2
    assert "(更正1)" in second.subject
    assert "收到来报4条" in second.text
    assert len({k for k in w.rows if k[0] == "delivery"}) == 4


def test_before_it_is_drafted_nothing_goes_out() -> None:
    w = world()
    for command in (IssueCircular(), CorrectCircular(name="summary", value="x", reason="y")):
        with refused("还没有写成"):
            w.handle(C, command)


def test_who_has_no_address_is_named_as_missing() -> None:
    from dutydesk.domain.rules import Recipient

    w = world(circular_to=(Recipient(who="leader:nobody", how="sms"), Recipient(who="unit:T1", how="sms")))
    w.handle(C, RequestCircular(watch="w", name="白班", starts_at=0, ends_at=1))
    w.handle(C, DraftCircular(figures=(), items=(), summary="x"))
    assert only(w.handle(C, IssueCircular()), CircularIssued).missing == ("leader:nobody",)


def test_opening_is_the_receipt_once() -> None:
    w = drafted()
    w.handle(C, OpenCircular(callee="leader:L1"))
    assert w.handle(C, OpenCircular(callee="leader:L1")) == []
    assert w.row(C)["opened"] == [["leader:L1", w.at]]


def _busy(seed: int) -> World:
    w, dice = world(), random.Random(seed)
    for n in range(30):
        w.at += dice.randint(1, 9) * MINUTE
        text = dice.choice(("着火了", "路塌了", f"第{n}句"))
        w.say(f"m{n}", text, phone(dice.randint(1, 4)), report(category=None), drill=dice.random() < 0.2)
        while dice.random() < 0.6 and any(t.lane.value == "fire" for t in w.timers.values()):
            w.fire()
        shown = [k[1] for k, s in w.rows.items() if k[0] == "page" and s[2].open]
        if shown and dice.random() < 0.4:
            w.handle(f"page/{dice.choice(shown)}", AcknowledgePage(who="user:officer", how="console"))
        still = [k[1] for k, s in w.rows.items() if k[0] == "incident" and s[2].open and not s[1]]
        if len(still) > 2 and dice.random() < 0.5:
            w.handle(f"incident/{still[0]}", CloseIncident(outcome=dice.choice(("false", "handled")), reason="x"))
        elif len(still) > 2 and dice.random() < 0.3:
            w.handle(f"incident/{still[0]}", MergeIncident(into=still[1]))
    return w


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_what_a_second_count_finds(seed: int) -> None:
    w = _busy(seed)
    open_rows = [
        (s[0], bool(s[2].body["signed_by"])) for k, s in w.rows.items() if k[0] == "incident" and s[2].open and not s[1]
    ]
    found = {f.name: f for f in figures(written(w), open_rows)}
    assert set(found) == set(NAMES)
    real: list[Any] = [e for _s, e, drill in w.journal if not drill]
    kinds = Counter(type(e).__name__ for e in real)
    second = {
        "received": kinds["MessageRecorded"],
        "opened": kinds["IncidentOpened"],
        "closed": kinds["IncidentClosed"],
        "merged": kinds["IncidentMerged"],
        "pages": kinds["PageStarted"],
        "pages_answered": kinds["PageAcknowledged"],
        "pages_exhausted": kinds["PageExhausted"],
        "handled_by_person": kinds["MessageHeld"],
        "repeated": sum(1 for e in real if getattr(e, "repeat_of", None)),
        "from_unknown": sum(1 for e in real if type(e).__name__ == "MessageRecorded" and e.unit is None),
        "false_reports": sum(1 for e in real if getattr(e, "outcome", "") == "false"),
        "pages_late": sum(1 for e in real if getattr(e, "why", "") == "no_answer"),
        "undelivered": kinds["DeliveryRefused"],
        "open_at_end": sum(
            1 for k, s in w.rows.items() if k[0] == "incident" and s[2].body["status"] == "open" and not s[1]
        ),
    }
    assert {name: found[name].value for name in second} == second
    assert all(len(f.seqs) == f.value for f in found.values() if not f.name.startswith("answer_"))
    after = [e.after for e in real if type(e).__name__ == "PageAcknowledged"]
    assert found["answer_median"].value == (round(median(after) / SECOND) if after else None)
    assert found["answer_slowest"].value == (round(max(after) / SECOND) if after else None)
    types = {n: type(e).__name__ for n, (_s, e, _d) in enumerate(w.journal, 1)}
    assert {types[s] for s in found["received"].seqs} <= {"MessageRecorded"}


def test_a_time_never_measured_is_unknown_not_zero() -> None:
    found = {f.name: f.value for f in figures([], [])}
    assert found["answer_median"] is None
    assert found["received"] == 0
    assert "签收中位" not in summary(figures([], []))
    assert "无超时、无未送达" in summary(figures([], []))
