"""The duty log as a book, and full text over it: filtered, paged, within scope, masked, each line with its entry and hash."""

import re
from datetime import datetime
from typing import Any

import pytest

from dutydesk.clock import BEIJING, HOUR, from_datetime
from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.desks import Redact
from dutydesk.domain.incidents import NoteIncident, SignForIncident
from dutydesk.domain.messages import RecordMessage
from dutydesk.web import frames
from dutydesk.web.frames import BOARD as ALL_KINDS
from dutydesk.web.screen_words import sentence
from tests.golden.test_events import TYPES, sample
from tests.web.city import CALLER, City

BOARD = frozenset(ALL_KINDS)


async def log(desk: City, query: str = "", user: str = "officer") -> dict:
    answer = await desk.get(f"/api/log?{query}", user)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def search(desk: City, q: str, query: str = "", user: str = "officer") -> list[str]:
    while desk.parts.index.follow():
        pass
    more = [part.partition("=") for part in query.split("&") if part]
    params = [("q", q), *((name, value) for name, _, value in more)]
    answer = await desk.client.get("/api/search", params=params, headers=await desk.headers(user))
    assert answer.status == 200, await answer.text()
    return [entry["body"].get("text", entry["type"]) for entry in (await answer.json())["entries"]]


async def note(desk: City, incident: str, text: str, by: str = "user:officer") -> int:
    entries = await desk.hub.handle(f"incident/{incident}", NoteIncident(text=text), key="", by=by)
    return entries[0].seq


async def test_the_log_reads_newest_first_without_the_machines_steps(desk: City):
    incident = await desk.incident()
    await note(desk, incident, "已派车")
    found = (await log(desk))["entries"]
    assert [e["seq"] for e in found] == sorted((e["seq"] for e in found), reverse=True)
    types = [e["type"] for e in found]
    assert types[0] == "IncidentNoted"
    assert "MessageRecorded" in types
    assert not {"MessageRead", "DeliveryQueued", "UnitListed"} & set(types)
    assert "MessageRead" in [e["type"] for e in (await log(desk, "all=1"))["entries"]]


async def test_it_is_read_page_by_page_to_its_end(desk: City):
    for n in range(7):
        await desk.message(f"第{n}条")
    seen, before = [], ""
    for _ in range(10):
        page = await log(desk, f"limit=3{before}")
        seen += [e["body"].get("text") for e in page["entries"] if e["type"] == "MessageRecorded"]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == [f"第{n}条" for n in range(6, -1, -1)]


async def test_it_is_filtered_by_time_kind_person_and_incident(desk: City):
    one = await desk.incident("甲")
    await note(desk, one, "甲的记事")
    desk.clock.advance(30 * HOUR)
    two = await desk.incident("乙", "+8612000000202")
    await note(desk, two, "乙的记事", "user:shift_leader")
    assert "甲的记事" not in str(await log(desk))
    assert "甲的记事" in str(await log(desk, "from=2026-11-23"))
    assert "乙的记事" not in str(await log(desk, "from=2026-11-23&to=2026-11-23"))
    assert {e["stream"].split("/")[0] for e in (await log(desk, "kind=message"))["entries"]} == {"message"}
    only = (await log(desk, "person=user:shift_leader"))["entries"]
    assert [e["body"].get("text") for e in only] == ["乙的记事"]
    about = (await log(desk, f"from=2026-11-01&incident={one}"))["entries"]
    assert {"MessageRecorded", "IncidentNoted"} <= {e["type"] for e in about}
    assert "乙的记事" not in str(about)


@pytest.mark.parametrize(
    "query", ["from=x", "from=2026-11-24&to=2026-11-23", "before=x", "from=0001-01-01", "kind=%00"]
)
async def test_a_wrong_question_is_answered_in_words(desk: City, query: str):
    answer = await desk.get(f"/api/log?{query}")
    assert answer.status in (400, 422)
    assert (await answer.json())["error"]


async def test_every_line_opens_to_its_entry_with_its_hash_and_the_one_before(desk: City):
    seq = await note(desk, await desk.incident(), "已派车")
    kept = await (await desk.get(f"/api/log/{seq}")).json()
    assert (kept["body"]["text"], kept["by"]) == ("已派车", "user:officer")
    assert kept["version"] > 1
    assert kept["hash"] == (await desk.one("entry_hash", seq))[0]
    assert kept["previous"] == (await desk.one("entry_hash", seq - 1))[0]
    assert (await desk.get(f"/api/log/{10**9}")).status == 404
    assert (await desk.get("/api/log/x")).status == 404


async def test_two_character_words_are_found_in_full_text(desk: City):
    await desk.message("化工园区爆炸,3人受伤")
    await desk.message("山体滑坡堵路")
    assert await search(desk, "爆炸") == ["化工园区爆炸,3人受伤"]
    assert await search(desk, "3人 园区") == ["化工园区爆炸,3人受伤"]
    assert await search(desk, "爆炸 滑坡") == []
    assert await search(desk, "滑") == ["山体滑坡堵路"]
    assert (await desk.get("/api/search?q=%20,")).status == 400


async def test_a_search_keeps_to_time_and_goes_on_where_it_stopped(desk: City):
    for n in range(5):
        await desk.message(f"裂缝{n}号")
    desk.clock.advance(48 * HOUR)
    await desk.message("裂缝又现")
    assert len(await search(desk, "裂缝")) == 6
    assert await search(desk, "裂缝", "from=2026-11-25") == ["裂缝又现"]
    first = await (await desk.get("/api/search?q=裂缝&limit=2")).json()
    rest = await (await desk.get(f"/api/search?q=裂缝&limit=9&before={first['next']}")).json()
    assert [e["body"]["text"] for e in first["entries"]] == ["裂缝又现", "裂缝4号"]
    assert len(rest["entries"]) == 4
    assert rest["next"] is None


async def test_finds_are_counted_within_the_scope_and_counting_stops_at_the_bound(
    desk: City, monkeypatch: pytest.MonkeyPatch
):
    incident = await desk.incident("乙", "+8612000000202")
    for n in range(6):
        await note(desk, incident, f"裂缝第{n}处")
    assert len(await search(desk, "裂缝")) == 6
    assert await (await desk.get("/api/search/count?q=裂缝")).json() == {"count": 6, "more": False}
    assert await (await desk.get("/api/search/count?q=裂缝第3")).json() == {"count": 1, "more": False}
    there = await (await desk.get("/api/search/count?q=裂缝", "officer-281")).json()
    assert there == {"count": 0, "more": False}, "who may not see them learns of none"
    monkeypatch.setattr("dutydesk.web.searching.MOST_COUNTED", 4)
    assert await (await desk.get("/api/search/count?q=裂缝")).json() == {"count": 4, "more": True}


async def test_what_was_erased_is_found_no_more_not_even_before_the_index_knows(desk: City):
    await desk.message("张三家中自缢")
    found = await desk.hub.read(lambda c: c.all("entries_typed", "MessageRecorded", 1, 10**9))
    assert await search(desk, "自缢") == ["张三家中自缢"]
    await desk.hub.handle("desk/main", Redact(seq=found[-1][0], ground="本人申请"), key="", by="user:administrator")
    answer = await (await desk.get("/api/search?q=自缢")).json()
    assert answer["entries"] == []
    assert await search(desk, "自缢") == []


async def test_a_search_keeps_to_the_scope_and_finds_no_masked_number(desk: City):
    ours = await desk.incident("本地裂缝")
    await desk.incident("外地裂缝", "+8612000000202")
    mine = await search(desk, "裂缝", user="officer-281")
    assert any("本地" in text for text in mine)
    assert not any("外地" in text for text in mine)
    assert (await log(desk, f"incident={ours}", "officer-281"))["entries"]
    assert CALLER not in str(await log(desk, "", "auditor"))
    assert await search(desk, CALLER[3:])
    assert await search(desk, CALLER[3:], user="auditor") == []


async def test_a_drill_is_marked_in_the_log(desk: City):
    wish = RecordMessage(channel="call", via="desk", sender=CALLER, text="演练:火情")
    await desk.hub.handle("message/d1", wish, key="", by="user:officer", drill=True)
    first = next(e for e in (await log(desk))["entries"] if e["type"] == "MessageRecorded")
    assert first["drill"] is True


async def test_the_printed_log_says_what_the_log_says_oldest_first(desk: City):
    incident = await desk.incident()
    await desk.hub.handle(f"incident/{incident}", SignForIncident(), key="", by="user:officer")
    await note(desk, incident, "已派车")
    page = await (await desk.get("/documents/log?from=2026-11-23")).text()
    assert page.index("仓库着火") < page.index("officer名 签收") < page.index("officer名:已派车")
    assert (await (await desk.get("/documents/log.docx")).read()).startswith(b"PK")


async def test_every_kind_a_board_shows_is_in_the_log_also_a_new_one(desk: City):
    assert set(catalogue) == BOARD | frames.ON_WISH, "a kind that no log shows"
    await desk.watch()
    assert "WatchStarted" in [e["type"] for e in (await log(desk))["entries"]]


@pytest.mark.parametrize(("kind", "name"), TYPES)
def test_every_entry_that_can_be_recorded_reads_in_words(kind: str, name: str):
    told = sentence(name, sample(kind, name), "user:officer", str)
    assert told
    assert name not in told
    assert not re.search(r"[{}]|〔已删除〕", told)


def test_of_every_kind_it_is_said_who_with_a_division_sees_it():
    said = (frames.PLACED, frames.WHERE_THE_CAUSE_IS, frames.WHOLE_DESK, frames.EVERYBODYS)
    assert sorted(kind for kinds in said for kind in kinds) == sorted(BOARD)


@pytest.mark.parametrize("kind", sorted(frames.PLACED))
def test_what_begins_a_stream_of_a_place_says_the_place(kind: str):
    book = catalogue[kind]
    for name, type_ in book.types.items():
        began = book.project("x", book.evolve(book.blank, type_.model_validate(sample(kind, name))))
        assert began is None or "division" in type_.model_fields, f"{name} makes a row and has no place"


async def test_who_signs_in_and_the_directory_are_read_on_wish_by_whoever_sees_the_whole_desk(desk: City):
    found = (await log(desk, "kind=contact"))["entries"]
    assert "ContactListed" in {e["type"] for e in found}
    assert "UserAdded" in {e["type"] for e in (await log(desk, "all=1"))["entries"]}
    assert not {"ContactListed", "UserAdded"} & {e["type"] for e in (await log(desk))["entries"]}
    for user, query in (("officer-281", "kind=contact"), ("officer-281", "all=1"), ("unit", "kind=contact")):
        types = {e["type"] for e in (await log(desk, query, user))["entries"]}
        assert not {"ContactListed", "UnitListed", "UserAdded", "RulesAdopted"} & types, user


@pytest.mark.parametrize(
    ("type_", "said", "told"),
    [
        ("LineNoted", {"told": "省政府总值班室", "status": "arrived"}, "省政府总值班室:已送达"),
        (
            "WordHeard",
            {"next_at": from_datetime(datetime(2026, 9, 15, 8, 5, tzinfo=BEIJING))},
            "有消息,下次 2026年9月15日 08:05 前",
        ),
        ("VerificationNoted", {"truth": "false"}, "核报情况:不实"),
        ("DownwardNoted", {"status": "arrived", "receipt": "S-1"}, "下发对方已收 S-1"),
    ],
)
def test_a_line_of_the_log_shows_words_and_no_code(type_: str, said: dict[str, Any], told: str) -> None:
    assert sentence(type_, said, "user:officer", str) == told
