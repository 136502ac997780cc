"""The line to another duty room as the desk sees it: up, down, silent for too long, stopped; and papers routed by what they continue."""

from dutydesk.clock import MINUTE, SECOND
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.frames import ReceiveFrame, SettleFrame
from dutydesk.domain.messages import InterpretMessage
from dutydesk.domain.peers import NoteLine, PeerSilent, ResumePeer, StopPeer
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Peer
from dutydesk.domain.verbs import Fire
from tests.domain.test_exchanges import paper
from tests.kit import World, refused, town_phone, world

P = "peer/below"
BELOW = Peer(name="below", unit="T1", side="below", secret_env="S")
ABOVE = Peer(name="above", unit="PROV", side="above", secret_env="S", url="ws://x/link")


def linked(**changed: object) -> World:
    return world(peers=(BELOW, ABOVE), page_on_link="held", **changed)


def note(w: World, *, up: bool) -> None:
    w.handle(P, NoteLine(name="below", unit="T1", side="below", up=up, silent_at=w.at + 90 * SECOND), by="lines")


def frame(w: World, n: int, wish: Exchange, *, peer: str = "below", kind: str = "") -> list[object]:
    text = wish.to_text()
    come = ReceiveFrame(peer=peer, n=n, key=f"k{n}", kind=kind or wish.kind, body=text, sent_at=w.at)
    made = w.handle(f"frame/{peer}.{n}", come, by=f"peer:{peer}")
    if f"message/l-{peer}-{n}" in w.states:
        w.handle(f"message/l-{peer}-{n}", InterpretMessage(reading=Reading()), by="reader")
    return made


def up(n: int, **changed: object) -> Exchange:
    return paper(**({"desk": "T1", "number": f"P/{n}", "event": "37028100000000_20261123120000_0"} | changed))


def test_a_line_that_is_silent_for_too_long_pages_a_person_and_the_page_ends_when_it_is_back() -> None:
    w = linked()
    note(w, up=True)
    w.at += 5 * MINUTE
    note(w, up=False)
    assert (w.row(P)["status"], w.row(P)["since"]) == ("down", w.at)
    w.at += 90 * SECOND
    made = w.handle(P, Fire(name="silent", due_at=w.at), by="timer")
    assert any(isinstance(event, PeerSilent) for _, event in made)
    assert w.row(P)["status"] == "silent"
    assert w.row("page/link-below-1")["status"] == "open"
    assert "第1镇" in w.row("page/link-below-1")["subject"]
    note(w, up=True)
    assert (w.row(P)["status"], w.row("page/link-below-1")["status"]) == ("up", "cancelled")
    assert not [timer for timer in w.timers if timer[0] == P]


def test_a_line_that_comes_back_in_time_calls_nobody() -> None:
    w = linked()
    note(w, up=False)
    note(w, up=True)
    assert not [k for k in w.rows if k[0] == "page"]
    assert not [timer for timer in w.timers if timer[0] == P]


def test_a_stopped_peer_stays_stopped_until_a_person_resumes_it() -> None:
    w = linked()
    w.handle(P, StopPeer(name="below", reason="fork", n=7), by="peer:below")
    assert (w.row(P)["status"], w.row(P)["stopped_n"]) == ("stopped", 7)
    with refused("停"):
        frame(w, 1, up(1))
    w.handle(P, ResumePeer(reason="已核对"))
    frame(w, 1, up(1))
    with refused("没有停"):
        w.handle(P, ResumePeer(reason="再来"))


def test_frames_are_taken_without_a_gap() -> None:
    w = linked()
    with refused("前面"):
        frame(w, 2, up(2))
    frame(w, 1, up(1))
    frame(w, 2, up(2))


def test_papers_of_one_event_are_one_incident_by_reference_and_by_event_number() -> None:
    w = linked()
    frame(w, 1, up(1, figures={"deaths": 1}))
    frame(w, 2, up(2, references=("P/1",), figures={"deaths": 3}, stage="续报", event=""))
    frame(w, 3, up(3, figures={"deaths": 4}, stage="续报"))
    (incident,) = [body for kind, body in ((k[0], v[2].body) for k, v in w.rows.items()) if kind == "incident"]
    assert incident["messages"] == [f"l-below-{n}" for n in (1, 2, 3)]
    assert incident["figures"]["deaths"]["value"] == 4


def test_a_reference_of_another_desk_finds_nothing_of_this_one() -> None:
    w = linked()
    frame(w, 1, up(1, event=""))
    other = paper(desk="PROV", number="X", kind="alert", references=("P/1",), title="另一件")
    frame(w, 1, other, peer="above")
    assert len([k for k in w.rows if k[0] == "incident"]) == 1
    assert w.row("message/l-above-1")["reason"] == "alert", "whether another's alert is an incident, a person says"


def test_rule_7_what_comes_from_above_stands_before_a_person_at_once() -> None:
    w = linked()
    frame(w, 1, paper(desk="PROV", kind="question", number="Q"), peer="above")
    row = w.row("message/l-above-1")
    assert (row["status"], row["reason"]) == ("held", "from_above")
    assert w.timers[("message/l-above-1", "held")].due_at == w.at


def test_their_exercise_is_no_incident_of_ours_without_a_drill_here() -> None:
    w = linked()
    frame(w, 1, up(1, drill=True))
    assert (w.row("message/l-below-1")["status"], w.row("message/l-below-1")["reason"]) == ("held", "their_drill")


def test_a_kept_frame_is_settled_by_a_person() -> None:
    w = linked()
    frame(w, 1, up(1), kind="unheard-of")
    assert w.is_open("frame/below.1")
    w.handle("frame/below.1", SettleFrame(note="已电话核实"))
    assert not w.is_open("frame/below.1")
    assert w.row("frame/below.1")["settled_by"] == "user:officer"


def test_a_paper_about_what_a_town_reported_itself_joins_its_incident() -> None:
    w = linked()
    w.say(
        "m1",
        "第1镇起火",
        town_phone(1),
        Reading(nature="report", is_emergency=True, category="accident", subtype="火灾"),
    )
    frame(w, 1, paper(desk="T1", number="P/1", category="accident"))
    assert len([k for k in w.rows if k[0] == "incident"]) == 1
