"""互建 over HTTP: within one's own division, by whole-desk officers only; a link that only the asked contact may use."""

import csv
import io
from typing import Any

import openpyxl
import orjson

from dutydesk.domain.check_policy import Checks, Pairing
from dutydesk.domain.directory import Contact, Unit
from dutydesk.domain.policies import AdoptRules, ListContact, ListUnit
from dutydesk.domain.rules import Policy, Step
from dutydesk.web.frames import audience
from tests.web.city import PHRASES, RULES, City

TOWNS = {"E-1": "370281001", "E-2": "370283002"}
PAIR = Policy(name="pair", steps=(Step(who=("contact",), how=("sms",), answer_within=60),), at_top="stop")


async def paired(desk: City) -> City:
    """The small city with works in both towns, and a policy for pairs."""
    rules = RULES.model_copy(
        update={
            "policies": RULES.policies | {"pair": PAIR},
            "checks": Checks(pairing=Pairing(policy="pair")),
            "phrases": PHRASES
            | {"pair_question": "{name}:{lines}", "pair_line": "{unit}{name}{number}", "pair_sms": "{subject}{link}"},
        }
    )
    await desk.hub.handle("rules/main", AdoptRules(rules=rules, digest="y"), key="", by="test")
    for n, (code, town) in enumerate(TOWNS.items(), 1):
        unit = Unit(code=code, name=f"化工{n}厂", kind="enterprise", division=town, parent=town)
        contact = Contact(id=f"W{n}", unit=code, name=f"王{n}", phones=(f"+86120000005{n:02d}",))
        await desk.hub.handle(f"unit/{code}", ListUnit(unit=unit), key="", by="test")
        await desk.hub.handle(f"contact/{contact.id}", ListContact(contact=contact), key="", by="test")
    return desk


async def told(desk: City, user: str = "officer") -> dict[str, Any]:
    answer = await desk.get("/api/pairs", user)
    assert answer.status == 200
    found: dict[str, Any] = await answer.json()
    return found


async def test_an_officer_of_a_division_sees_its_pairs_and_starts_nothing(desk: City):
    await paired(desk)
    assert [line["unit"] for line in (await told(desk))["lines"]] == ["E-1", "E-2"]
    within = await told(desk, "officer-281")
    assert ([line["unit"] for line in within["lines"]], len(within["districts"])) == (["E-1"], 1)
    assert (await desk.get("/api/pairs", "reader")).status == 403
    for path, wish in (
        ("pairround/r/StartPairRound", {"division": ""}),
        ("pairing/370281001/AskPairs", {"unit": "370281001"}),
        ("pair/370281001-E-1/MarkPair", {"town": "370281001", "unit": "E-1", "side": "unit", "right": True}),
    ):
        assert (await desk.post(f"/api/{path}", wish, "officer-281")).status == 403, path


async def test_quiet_is_not_for_people_to_say_and_a_wish_belongs_to_its_stream(desk: City):
    await paired(desk)
    assert (await desk.post("/api/pairing/E-1/AskPairs", {"unit": "E-1", "quiet": True})).status == 200
    assert (await desk.post("/api/pairing/E-1/AskPairs", {"unit": "E-1", "quiet": True})).status == 409, "said aloud"
    assert (await desk.post("/api/pairing/E-2/AskPairs", {"unit": "E-1"})).status == 422
    wish = {"town": "370281001", "unit": "E-1", "side": "unit", "right": True}
    assert (await desk.post("/api/pair/370283002-E-1/MarkPair", wish)).status == 422
    elsewhere = wish | {"town": "370283002"}
    assert (await desk.post("/api/pair/370283002-E-1/MarkPair", elsewhere)).status == 409, "its town is another"
    assert (await desk.post("/api/pair/370281001-E-1/MarkPair", wish)).status == 200


async def test_only_the_contact_who_was_asked_answers_by_the_link(desk: City):
    await paired(desk)
    assert (await desk.post("/api/pairing/E-1/AskPairs", {"unit": "E-1"})).status == 200
    for callee, status in (("contact:C1", 422), ("contact:W1", 200)):
        path = desk.link("page", "pE-1-1", callee)
        form = {"form": callee, "pair": "370281001-E-1", "act": "right"}
        answer = await desk.client.post(path, data=form)
        assert answer.status == status, await answer.text()
    stands = {line["unit"]: line["status"] for line in (await told(desk))["lines"]}
    assert stands == {"E-1": "unit_only", "E-2": "none"}
    bad = await desk.client.post(desk.link("page", "pE-1-1", "contact:W1"), data={"form": "x", "act": "maybe"})
    assert bad.status == 400


async def test_what_is_asked_and_said_of_pairs_is_in_the_log_of_whoever_the_place_is_theirs(desk: City):
    await paired(desk)
    await desk.post("/api/pairround/r1/StartPairRound", {"division": ""})
    for unit in TOWNS:
        assert (await desk.post(f"/api/pairing/{unit}/AskPairs", {"unit": unit})).status == 200
    await desk.client.post(
        desk.link("page", "pE-1-1", "contact:W1"),
        data={"form": "f", "pair": "370281001-E-1", "act": "right"},
    )
    mark = {"town": "370283002", "unit": "E-2", "side": "town", "right": False, "text": "换人了"}
    assert (await desk.post("/api/pair/370283002-E-2/MarkPair", mark)).status == 200

    async def logged(user: str) -> set[tuple[str, str]]:
        found = (await (await desk.get("/api/log?from=2026-11-23&limit=500", user)).json())["entries"]
        return {(e["type"], e["stream"]) for e in found}

    everything, own = await logged("officer"), await logged("officer-281")
    assert {"PairRoundStarted", "PairsAsked", "PairAsked", "PairConfirmed", "PairDisputed"} <= {
        t for t, _ in everything
    }
    assert {("PairsAsked", "pairing/E-1"), ("PairConfirmed", "pair/370281001-E-1")} <= own
    assert not [stream for _, stream in own if "E-2" in stream or stream.startswith("pairround/")]
    seen = [one for one in everything if one[1].startswith("pair")]
    assert {one for one in seen if "E-1" in one[1]} == {one for one in own if one[1].startswith("pair")}


async def test_a_console_is_sent_the_pairs_that_changed_within_its_division(desk: City):
    await paired(desk)
    mark = {"side": "unit", "right": False, "text": "换人了"}
    for town, unit in ((town, unit) for unit, town in TOWNS.items()):
        wish = mark | {"town": town, "unit": unit}
        assert (await desk.post(f"/api/pair/{town}-{unit}/MarkPair", wish)).status == 200
    sent = orjson.loads(await desk.parts.live.since(0, audience("officer", "370281")))["rows"]
    assert [row["id"] for row in sent["pair"]] == ["370281001-E-1"]


async def test_coverage_and_pairs_are_given_as_tables_within_ones_own_division(desk: City):
    await paired(desk)
    mark = {"town": "370281001", "unit": "E-1", "side": "unit", "right": False, "text": "=换人了"}
    assert (await desk.post("/api/pair/370281001-E-1/MarkPair", mark)).status == 200
    raw = await (await desk.get("/pairs.csv")).read()
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert head[2:4] == ["单位", "互建"]
    assert [row[2:4] for row in rows] == [["化工1厂", "有误"], ["化工2厂", "未建"]]
    assert rows[0][5] == "'=换人了", "no spreadsheet takes it for a formula"
    own = await (await desk.get("/pairs.csv", "officer-281")).read()
    assert "化工2厂" not in own.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(await (await desk.get("/coverage.xlsx", "officer-281")).read()))
    told = [row[1:7] for row in book.active.iter_rows(values_only=True)]
    assert told[0] == ("单位", "类别", "甲角", "甲角号码", "甲角最近核验", "甲角情况")
    assert ("化工1厂", "企业", "王1", "'+8612000000501", None, "未核验") in told
    assert "化工2厂" not in str(told)
    assert (await desk.get("/coverage.csv", "reader")).status == 403
