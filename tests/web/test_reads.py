"""What the console asks for: one row with its timeline, older rows, entries behind figures, the directory, drafts; always within scope."""

from unittest.mock import ANY

import pytest

from dutydesk.domain.clocks import ClockRule, Flag
from dutydesk.domain.desks import Redact
from dutydesk.domain.incidents import CloseIncident, NoteIncident
from dutydesk.domain.obligations import LiftObligation, OpenObligation
from dutydesk.domain.policies import AdoptRules, Delist
from dutydesk.domain.verbs import ERASED
from tests.web.city import CALLER, RULES, City


async def timeline(desk: City, path: str, user: str = "officer") -> list[dict]:
    return (await (await desk.get(path, user)).json())["timeline"]


async def test_me_says_who_and_what_they_may(desk: City):
    _, csrf = await desk.sign_in("reader")
    said = await (await desk.get("/api/me", "reader")).json()
    assert (said["username"], said["role"], said["csrf"], said["masked"]) == ("reader", "reader", csrf, True)
    assert (said["commands"], said["may_call"]) == ({}, False)
    assert said["policies"] == ["standard"]
    assert said["desk"]["short_name"] == "总值班室"
    officer = await (await desk.get("/api/me")).json()
    assert "SignForIncident" in officer["commands"]["incident"]
    assert "IssueCircular" not in officer["commands"]["circular"]


async def test_an_incidents_timeline_merges_its_message_page_and_deliveries_by_seq(desk: City):
    incident = await desk.incident()
    await desk.hub.handle(f"incident/{incident}", NoteIncident(text="已派车"), key="", by="user:officer")
    found = await timeline(desk, f"/api/incident/{incident}")
    assert [e["seq"] for e in found] == sorted({e["seq"] for e in found})
    types = [e["type"] for e in found]
    for wanted in ("MessageRecorded", "IncidentOpened", "PageStarted", "DeliveryQueued", "IncidentNoted"):
        assert wanted in types
    assert {e["stream"].split("/")[0] for e in found} == {"message", "incident", "page", "delivery"}
    note = next(e for e in found if e["type"] == "IncidentNoted")
    assert note == {
        "seq": ANY,
        "at": desk.clock.now(),
        "stream": f"incident/{incident}",
        "type": "IncidentNoted",
        "by": "user:officer",
        "body": {"text": "已派车", "by": "user:officer"},
        "drill": False,
    }


async def test_a_timeline_keeps_what_another_incident_brought_in(desk: City):
    one, two = await desk.incident("甲"), await desk.incident("乙", "+8612000000202")
    assert (await desk.post(f"/api/incident/{two}/MergeIncident", {"into": one, "reason": "同一起"})).status == 200
    found = await timeline(desk, f"/api/incident/{one}")
    assert len([e for e in found if e["type"] == "MessageRecorded"]) == 2
    gone = await (await desk.get(f"/api/incident/{two}")).json()
    assert (gone["row"]["status"], gone["row"]["open"]) == ("merged", False)


async def test_numbers_are_masked_in_timelines_and_entries(desk: City):
    incident = await desk.incident()
    first = (await timeline(desk, f"/api/incident/{incident}"))[0]
    assert first["body"]["sender"] == CALLER
    for path in (f"/api/incident/{incident}", f"/api/entries?seqs={first['seq']}", "/api/message"):
        text = await (await desk.get(path, "auditor")).text()
        assert CALLER not in text
        assert "+86*********01" in text


async def test_an_erased_entry_is_shown_as_erased(desk: City):
    incident = await desk.incident()
    note = await desk.hub.handle(f"incident/{incident}", NoteIncident(text="隐私"), key="", by="user:officer")
    await desk.hub.handle("desk/main", Redact(seq=note[0].seq, ground="本人申请"), key="", by="user:administrator")
    await desk.hub.beside(lambda c: c.run("redact_entry", note[0].seq))
    found = await timeline(desk, f"/api/incident/{incident}")
    assert next(e["body"]["text"] for e in found if e["seq"] == note[0].seq) == ERASED


async def test_older_rows_come_newest_first_and_page_by_page(desk: City):
    ids = [await desk.message(f"第{n}条") for n in range(7)]
    seen: list[str] = []
    before = ""
    for _ in range(5):
        page = await (await desk.get(f"/api/message?limit=3{before}")).json()
        seen += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == ids[::-1]


async def test_closed_rows_are_among_the_older_ones(desk: City):
    incident = await desk.incident()
    await desk.hub.handle(
        f"incident/{incident}", CloseIncident(outcome="handled", reason="x"), key="", by="user:officer"
    )
    rows = (await (await desk.get("/api/incident")).json())["rows"]
    assert [(row["id"], row["open"]) for row in rows] == [(incident, False)]


async def test_a_scope_bounds_every_read(desk: City):
    ours, theirs = await desk.incident("甲"), await desk.incident("乙", "+8612000000202")
    user = "officer-281"
    assert (await desk.get(f"/api/incident/{ours}", user)).status == 200
    for path in (f"incident/{theirs}", f"page/{theirs}-1", f"delivery/{theirs}-1.0.0", "message/m2"):
        assert (await desk.get(f"/api/{path}", user)).status == 404
        assert (await desk.get(f"/api/{path}")).status == 200
    listed = (await (await desk.get("/api/incident", user)).json())["rows"]
    assert [row["id"] for row in listed] == [ours]
    all_seqs = ",".join(str(n) for n in range(1, (await desk.one("head"))[0] + 1))
    shown = (await (await desk.get(f"/api/entries?seqs={all_seqs}", user)).json())["entries"]
    assert not [e for e in shown if theirs in e["stream"] or e["stream"] == "message/m2"]
    assert [e for e in shown if e["stream"] == f"incident/{ours}"]
    assert [e for e in shown if e["stream"].startswith("delivery/" + ours)]
    assert not [e for e in shown if e["stream"].split("/")[0] in ("rules", "unit", "contact", "leader")]


async def test_kinds_a_role_does_not_see_are_not_there(desk: City):
    incident = await desk.incident()
    for path in (f"/api/delivery/{incident}-1.0.0", "/api/delivery", "/api/circular"):
        assert (await desk.get(path, "unit")).status == 404
    assert "delivery" not in {
        e["stream"].split("/")[0] for e in await timeline(desk, f"/api/incident/{incident}", "leader")
    }


@pytest.mark.parametrize("query", ["seqs=a", "seqs=-1", "seqs=" + ",".join("1" * 501), "seqs=" + "9" * 30])
async def test_senseless_numbers_are_refused(desk: City, query: str):
    assert (await desk.get(f"/api/entries?{query}")).status == 400
    assert (await desk.get("/api/message?before=x")).status == 400


async def test_a_text_is_read_without_being_recorded(desk: City):
    before = await desk.hub.read(lambda c: c.one("head"))
    answer = await desk.post("/api/preview", {"text": "着火了"})
    assert (await answer.json())["is_emergency"] is True
    assert (await desk.hub.read(lambda c: c.one("head"))) == before


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("阜安", ["370281001", "C1"]),
        ("fajd", ["370281001", "C1"]),
        ("0101", ["C1"]),
        ("zsz", ["L1"]),
        ("", []),
        ("查无", []),
    ],
)
async def test_people_and_units_are_found_by_name_number_or_initials(desk: City, q: str, ids: list[str]):
    found = (await (await desk.get(f"/api/directory?q={q}")).json())["found"]
    assert [one["id"] for one in found] == ids


async def test_the_directory_is_scoped_masked_and_up_to_date(desk: City):
    def ids(answer: dict) -> list[str]:
        return [one["id"] for one in answer["found"]]

    assert ids(await (await desk.get("/api/directory?q=白沙", "officer-281")).json()) == []
    masked = await (await desk.get("/api/directory?q=王安", "reader")).json()
    assert masked["found"][0]["phone"] == "+86*********01"
    assert ids(await (await desk.get("/api/directory?q=赵市长", "reader")).json()) == []
    await desk.hub.handle("contact/C1", Delist(), key="", by="test")
    assert ids(await (await desk.get("/api/directory?q=王安")).json()) == []


async def test_drafts_are_ones_own(desk: City):
    path = "/api/drafts/call"
    headers = await desk.headers("officer")
    assert (await desk.client.put(path, json={"text": "一半"}, headers=headers)).status == 200
    assert await (await desk.get(path)).json() == {"body": {"text": "一半"}, "at": desk.clock.now()}
    assert await (await desk.get(path, "shift_leader")).json() == {"body": None, "at": None}
    unproven = {name: value for name, value in headers.items() if name != "X-CSRF"}
    assert (await desk.client.delete(path, headers=unproven)).status == 403
    assert (await desk.client.delete(path, headers=headers)).status == 200
    assert await (await desk.get(path)).json() == {"body": None, "at": None}


async def test_me_names_the_sensitive_circumstances(desk: City):
    marked = RULES.model_copy(update={"flags": (Flag(id="school", label="学校、幼儿园", basis="x"),)})
    await desk.hub.handle("rules/main", AdoptRules(rules=marked, digest="y"), key="", by="test")
    assert (await (await desk.get("/api/me")).json())["flags"] == [
        {"id": "school", "label": "学校、幼儿园", "basis": "x"}
    ]


async def test_an_incident_comes_with_its_legal_clocks_ended_ones_too(desk: City):
    incident = await desk.incident()
    rule = ClockRule(
        id="up", title="电话报省", sender="city", receiver="省", channel="phone", start="received", minutes=30, law="x"
    )
    for n in ("a", "b"):
        wish = OpenObligation(
            incident=incident, subject="x", division="370281001", rule=rule, start_at=desk.clock.now()
        )
        await desk.hub.handle(f"obligation/{n}", wish, key="", by="desk")
    await desk.hub.handle("obligation/b", LiftObligation(reason="误开"), key="", by="user:shift_leader")
    found = (await (await desk.get(f"/api/incident/{incident}")).json())["clocks"]
    assert {(one["id"], one["status"], one["open"]) for one in found} == {
        ("a", "running", True),
        ("b", "lifted", False),
    }
    assert (await (await desk.get("/api/obligation/a")).json())["clocks"] == []
