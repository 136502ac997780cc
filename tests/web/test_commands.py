"""Commands, typed calls and reports of other systems: keys, refusals, scope, and nobody else's name."""

import asyncio
import hashlib
import io
import json
import secrets

import pytest

from dutydesk.domain.drills import OpenDrill
from tests.web.city import CALLER, City


async def test_a_command_is_recorded_under_the_users_name_and_answers_with_the_head(desk: City):
    incident = await desk.incident()
    answer = await desk.post(f"/api/incident/{incident}/SignForIncident")
    said = await answer.json()
    assert answer.status == 200
    assert (await desk.row("incident", incident))["signed_by"] == "user:officer"
    head = await desk.one("head")
    assert said == {"seq": head[0], "head": f"{head[0]}:{head[1][:8]}"}


async def test_the_same_key_is_handled_once_and_another_body_under_it_is_refused(desk: City):
    incident = await desk.incident()
    path, key = f"/api/incident/{incident}/NoteIncident", secrets.token_hex(8)
    first = await (await desk.post(path, {"text": "一"}, **{"Idempotency-Key": key})).json()
    again = await (await desk.post(path, {"text": "一"}, **{"Idempotency-Key": key})).json()
    assert first == again
    assert (await desk.post(path, {"text": "二"}, **{"Idempotency-Key": key})).status == 409
    other = await desk.incident("另一起", "+8612000000202")
    assert (
        await desk.post(f"/api/incident/{other}/NoteIncident", {"text": "一"}, **{"Idempotency-Key": key})
    ).status == 409
    notes = [e async for e in _typed(desk, "IncidentNoted")]
    assert len(notes) == 1


async def _typed(desk: City, name: str):
    for record in await desk.hub.read(lambda c: c.all("entries_typed", name, 1, 10**9)):
        yield record


async def test_keys_of_two_users_do_not_meet(desk: City):
    incident = await desk.incident()
    for user in ("officer", "shift_leader"):
        path = f"/api/incident/{incident}/NoteIncident"
        assert (await desk.post(path, {"text": user}, user, **{"Idempotency-Key": "same"})).status == 200
    assert len([e async for e in _typed(desk, "IncidentNoted")]) == 2


async def test_a_write_without_a_key_is_incomplete(desk: City):
    incident = await desk.incident()
    assert (await desk.post(f"/api/incident/{incident}/SignForIncident", **{"Idempotency-Key": ""})).status == 400


async def test_the_desks_refusal_is_409_with_its_words(desk: City):
    incident = await desk.incident()
    body = {"outcome": "handled", "reason": "扑灭"}
    assert (await desk.post(f"/api/incident/{incident}/CloseIncident", body)).status == 200
    answer = await desk.post(f"/api/incident/{incident}/CloseIncident", body)
    assert answer.status == 409
    assert await answer.json() == {"error": "这个事件已经了结"}


async def test_wrong_fields_are_named_in_chinese(desk: City):
    incident = await desk.incident()
    answer = await desk.post(f"/api/incident/{incident}/CloseIncident", {"outcome": 3, "colour": "red"})
    assert answer.status == 422
    assert (await answer.json())["fields"] == {"outcome": "应为文字", "reason": "必填", "colour": "没有这一项"}


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b'{"text":"\\ud800"}', 400), (b"x" * 70_000, 413)]
)
async def test_bodies_that_are_none_are_refused(desk: City, body: bytes, status: int):
    incident = await desk.incident()
    headers = await desk.headers("officer")
    answer = await desk.client.post(f"/api/incident/{incident}/NoteIncident", data=body, headers=headers)
    assert answer.status == status


@pytest.mark.parametrize(
    "path", ["/api/incident/none/SignForIncident", "/api/incident/%00/SignForIncident", "/api/page/x/Fly"]
)
async def test_what_is_not_there_cannot_be_commanded(desk: City, path: str):
    assert (await desk.post(path)).status in (400, 404)


async def test_only_listed_commands_are_open(desk: City):
    id = await desk.message()
    for name in ("RecordMessage", "InterpretMessage", "ReportReadingFailure", "Choose"):
        assert (await desk.post(f"/api/message/{id}/{name}", username="administrator")).status == 404
    for kind in ("user", "rules", "unit", "desk"):
        assert (await desk.post(f"/api/{kind}/main/AddUser", username="administrator")).status == 404


async def test_an_acknowledgement_carries_the_users_own_name(desk: City):
    incident = await desk.incident()
    page = f"{incident}-1"
    forged = {"who": "user:shift_leader", "how": "voice", "answer": "在处置"}
    assert (await desk.post(f"/api/page/{page}/AcknowledgePage", forged)).status == 200
    row = await desk.row("page", page)
    assert (row["answered_by"], row["answered_how"], row["answer"]) == ("user:officer", "console", "在处置")


async def test_an_officer_takes_only_their_own_seat(desk: City):
    watch = await desk.watch()
    body = {"username": "leader", "as_leader": True}
    assert (await desk.post(f"/api/watch/{watch}/JoinWatch", body)).status == 200
    row = await desk.row("watch", watch)
    assert (row["officers"], row["leader"]) == (["officer"], "")
    assert (await desk.post(f"/api/watch/{watch}/JoinWatch", body, "shift_leader")).status == 200
    assert (await desk.row("watch", watch))["leader"] == "leader"
    assert (await desk.post(f"/api/watch/{watch}/JoinWatch", {"username": "ghost"}, "shift_leader")).status == 422


async def test_assigning_to_nobody_is_refused(desk: City):
    incident = await desk.incident()
    answer = await desk.post(f"/api/incident/{incident}/AssignIncident", {"to": "ghost"})
    assert list((await answer.json())["fields"]) == ["to"]
    assert (await desk.post(f"/api/incident/{incident}/AssignIncident", {"to": "shift_leader"})).status == 200


async def test_a_scope_bounds_every_write(desk: City):
    ours, theirs = await desk.incident("甲"), await desk.incident("乙", "+8612000000202")
    message = await desk.message("丙")
    user = "officer-281"
    assert (await desk.post(f"/api/incident/{ours}/SignForIncident", username=user)).status == 200
    assert (await desk.post(f"/api/incident/{theirs}/SignForIncident", username=user)).status == 404
    assert (await desk.post(f"/api/incident/{ours}/MergeIncident", {"into": theirs}, user)).status == 422
    assert (await desk.post(f"/api/message/{message}/AttachMessage", {"incident": theirs}, user)).status == 422
    assert (await desk.post(f"/api/page/{theirs}-1/AcknowledgePage", username=user)).status == 404
    assert (await desk.post(f"/api/page/{ours}-1/CancelPage", {"reason": "x"}, "shift_leader-281")).status == 200
    watch = await desk.watch()
    assert (await desk.post(f"/api/watch/{watch}/EndWatch", username=user)).status == 403
    delivery = f"{theirs}-1.0.0"
    assert (await desk.post(f"/api/delivery/{delivery}/ConfirmDelivery", {"arrived": True}, user)).status == 404
    assert (await desk.post(f"/api/delivery/{ours}-1.0.0/ConfirmDelivery", {"arrived": True}, user)).status == 200
    for call in ({"text": "x", "incident": theirs}, {"text": "x", "unit": "370283002"}):
        assert (await desk.post("/api/calls", call, user)).status == 422


async def test_a_drill_is_opened_and_closed(desk: City):
    body = {"name": "防汛演练", "participants": ["contact:C1"]}
    assert (await desk.post("/api/drill/d1/OpenDrill", body)).status == 403
    assert (await desk.post("/api/drill/d1/OpenDrill", body, "shift_leader")).status == 200
    record = await desk.one("row", "drill", "d1")
    assert (record[2], record[3]) == (1, 1)
    assert (await desk.post("/api/drill/d1/CloseDrill", username="shift_leader")).status == 200


# -- calls


async def test_a_typed_call_is_recorded_with_its_form_and_answers_with_its_number(desk: City):
    form = {"place": "阜安街道", "caller_name": "王安"}
    body = {"text": "接电话:仓库起火", "sender": "120 0000 0101", "unit": "370281001", "form": form}
    key = {"Idempotency-Key": "call-1"}
    answer = await desk.post("/api/calls", body, **key)
    said = await answer.json()
    assert answer.status == 201
    row = await desk.row("message", said["id"])
    assert (row["number"], row["channel"], row["via"], row["text"]) == (said["number"], "call", "console", body["text"])
    assert row["sender"] == CALLER
    assert row["form"]["place"] == "阜安街道"
    again = await desk.post("/api/calls", body, **key)
    assert (again.status, await again.json()) == (200, said)
    assert (await desk.post("/api/calls", body | {"text": "别的"}, **key)).status == 409


@pytest.mark.parametrize("wrong", [{"text": " "}, {}, {"text": "x", "sender": "1" * 41}, {"text": "x", "unit": "?"}])
async def test_a_call_that_says_nothing_or_names_nobody_is_refused(desk: City, wrong: dict[str, str]):
    assert (await desk.post("/api/calls", wrong)).status == 422


@pytest.mark.parametrize(
    ("said", "kept"),
    [("110", "110"), ("12345", "12345"), (" 群众王某 ", "群众王某"), ("1" * 40, "1" * 40), ("120 0000 0101", CALLER)],
)
async def test_a_callers_number_is_kept_as_it_was_said_unless_it_can_be_dialled(desk: City, said: str, kept: str):
    made = await (await desk.post("/api/calls", {"text": "路口有人晕倒", "sender": said})).json()
    assert (await desk.row("message", made["id"]))["sender"] == kept


async def test_a_drill_call_needs_an_open_drill_and_is_marked(desk: City):
    body = {"text": "演练:起火", "drill": True}
    assert (await desk.post("/api/calls", body)).status == 409
    wish = OpenDrill(name="防汛", participants=("contact:C1",))
    await desk.hub.handle("drill/d1", wish, key="", by="test", drill=True)
    said = await (await desk.post("/api/calls", body)).json()
    assert (await desk.one("row", "message", said["id"]))[3] == 1


@pytest.mark.parametrize("text", ["a", "𠮷野🔥", "一\x00二", "长" * 1_000_000])
async def test_any_text_is_kept_as_it_was_typed(desk: City, text: str):
    body = io.BytesIO(json.dumps({"text": text}).encode())
    said = await (await desk.client.post("/api/calls", data=body, headers=await desk.headers("officer"))).json()
    assert (await desk.row("message", said["id"]))["text"] == text


# -- reports of other systems


async def token(desk: City, name: str = "12345") -> dict[str, str]:
    secret = secrets.token_hex(16)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    await desk.hub.beside(lambda c: c.run("put_token", digest, name, desk.clock.now()))
    return {"Authorization": f"Bearer {secret}", "Idempotency-Key": "r1"}


async def test_sixteen_senders_of_one_report_make_one_message(desk: City):
    headers = await token(desk)
    body = {"text": "热线转来:路面塌陷", "sent_at": "2026-11-23T20:30:00+08:00"}
    answers = await asyncio.gather(*(desk.client.post("/api/reports", json=body, headers=headers) for _ in range(16)))
    assert sorted(a.status for a in answers) == [200] * 15 + [201]
    assert len({(await a.json())["number"] for a in answers}) == 1
    recorded = [e async for e in _typed(desk, "MessageRecorded")]
    assert len(recorded) == 1
    assert (await desk.client.post("/api/reports", json=body | {"text": "别的"}, headers=headers)).status == 409


async def test_keys_of_two_systems_do_not_meet(desk: City):
    for name in ("12345", "应急局"):
        answer = await desk.client.post("/api/reports", json={"text": "x"}, headers=await token(desk, name))
        assert answer.status == 201
        assert (await desk.row("message", (await answer.json())["id"]))["via"] == name


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Authorization": ""}, 401), ({"Authorization": "Bearer x"}, 401), ({"Idempotency-Key": ""}, 400)],
)
async def test_a_report_needs_its_token_and_its_key(desk: City, headers: dict[str, str], status: int):
    sent = await token(desk) | headers
    assert (await desk.client.post("/api/reports", json={"text": "x"}, headers=sent)).status == status


async def test_a_session_is_no_token(desk: City):
    assert (await desk.post("/api/reports", {"text": "x"})).status == 401


async def test_a_time_without_its_zone_is_refused(desk: City):
    body = {"text": "x", "sent_at": "2026-11-23T20:30:00"}
    answer = await desk.client.post("/api/reports", json=body, headers=await token(desk))
    assert await answer.json() == {"error": "sent_at:时间要写明时区", "fields": {"sent_at": "时间要写明时区"}}


async def test_a_store_that_is_away_says_503_and_nothing_is_recorded(desk: City, monkeypatch: pytest.MonkeyPatch):
    incident = await desk.incident()
    await desk.sign_in("officer")
    failing = desk.hub._connection
    assert failing is not None

    def away(*_: object) -> None:
        raise failing.failures[0]("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(type(failing), "begin", away)
        answer = await desk.post(f"/api/incident/{incident}/SignForIncident", **{"Idempotency-Key": "k"})
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert (await desk.row("incident", incident))["signed_by"] == ""
    assert (await desk.post(f"/api/incident/{incident}/SignForIncident", **{"Idempotency-Key": "k"})).status == 200


async def test_what_no_store_can_look_up_is_refused_before_the_pen(desk: City):
    body = {"name": "防汛", "participants": ["user:a\x00"]}
    answer = await desk.post("/api/drill/d1/OpenDrill", body, "shift_leader")
    assert list((await answer.json())["fields"]) == ["participants"]
    report = {"text": "x", "incident": "a\x00"}
    assert (await desk.client.post("/api/reports", json=report, headers=await token(desk))).status == 422


@pytest.mark.parametrize("number", [10**18, -(2**53), 9e18, "9000000000000000000"])
async def test_a_number_beyond_every_calendar_is_refused_in_words_however_it_is_written(desk: City, number: object):
    answer = await desk.post("/api/period/p1/MarkPeriod", {"name": "防汛", "units": ["C-1"], "until": number})
    assert (answer.status, (await answer.json())["fields"]) == (422, {"until": "数字太大"})


@pytest.mark.parametrize(
    "path", ["/api/on-watch?at=", "/api/board?at=", "/api/incident?before=", "/api/incident/x?at="]
)
async def test_an_instant_beyond_every_calendar_is_refused_in_words(desk: City, path: str):
    for number in (2**52 + 1, 10**17, 9 * 10**17):
        answer = await desk.get(f"{path}{number}")
        assert (answer.status, "太大" in await answer.text()) == (400, True)
