"""A contact's own page by signed link: it acknowledges only when asked to, works without JavaScript, and takes every report in."""

import re

import aiohttp
import pytest

from dutydesk.clock import MINUTE
from dutydesk.domain.circulars import CorrectCircular, DraftCircular, Figure, Item, RequestCircular
from dutydesk.domain.faults import DecideAppeal, RecordFault
from dutydesk.domain.pages import CancelPage
from dutydesk.domain.reporting import TransferIncident
from tests.web.city import CALLER, City


async def view(desk: City, path: str, status: int = 200) -> str:
    answer = await desk.client.get(path, headers={"Accept": "text/html"})
    assert answer.status == status
    return await answer.text()


async def send(desk: City, path: str, form: dict[str, str], status: int = 200, **headers: str) -> str:
    answer = await desk.client.post(path, data=form, headers={"Accept": "text/html"} | headers)
    assert answer.status == status
    return await answer.text()


async def count(desk: City, name: str) -> int:
    return len(await desk.hub.read(lambda c: c.all("entries_typed", name, 1, 10**9)))


async def called(desk: City) -> tuple[str, str]:
    """An open page, and the link its contact was sent."""
    page = f"{await desk.incident()}-1"
    return page, desk.link("page", page, "contact:C1")


async def test_opening_a_page_acknowledges_nothing(desk: City):
    _, link = await called(desk)
    before = await desk.hub.read(lambda c: c.one("head"))
    html = await view(desk, link)
    assert "仓库着火了" in html
    assert "签收" in html
    assert await desk.hub.read(lambda c: c.one("head")) == before
    assert (await desk.client.head(link)).status == 405


async def test_one_touch_acknowledges_in_the_callees_name_once(desk: City):
    page, link = await called(desk)
    form = {"act": "ack", "form": re.findall(r'name="form" value="(\w+)"', await view(desk, link))[0]}
    for _ in range(2):
        assert "已签收" in await send(desk, link, form)
    row = await desk.row("page", page)
    assert (row["status"], row["answered_by"], row["answered_how"]) == ("acknowledged", "contact:C1", "link")
    assert row["late"] == []
    assert await count(desk, "PageAcknowledged") == 1


async def test_writing_more_acknowledges_with_the_words(desk: City):
    page, link = await called(desk)
    await send(desk, link, {"act": "write", "form": "a", "text": "<b>两人被困</b>"})
    assert (await desk.row("page", page))["answer"] == "<b>两人被困</b>"


async def test_more_time_moves_the_clock_and_a_fourth_time_is_refused_in_words(desk: City):
    page, link = await called(desk)
    before = (await desk.row("page", page))["answer_by"]
    for n in range(3):
        await send(desk, link, {"act": "more", "form": str(n), "minutes": "10", "reason": "在路上"})
    assert (await desk.row("page", page))["answer_by"] == before + 30 * 60_000_000
    assert "不能再延" in await send(desk, link, {"act": "more", "form": "4", "minutes": "10"}, 409)
    await send(desk, link, {"act": "more", "form": "5", "minutes": "-1"}, 400)
    await send(desk, link, {"act": "dance", "form": "6"}, 400)


async def test_an_answer_after_the_end_is_kept(desk: City):
    page, link = await called(desk)
    await desk.hub.handle(f"page/{page}", CancelPage(reason="closed"), key="", by="user:officer")
    assert "已经结束" in await view(desk, link)
    await send(desk, link, {"act": "ack", "form": "a"})
    assert (await desk.row("page", page))["late"] == [["contact:C1", "link", ""]]


async def test_words_of_a_stranger_are_escaped(desk: City):
    page = f"{await desk.incident('<script>alert(1)</script>')}-1"
    html = await view(desk, desk.link("page", page, "contact:C1"))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("make", "next_step"),
    [("expired", "发短信“链接”"), ("forged", "整条点开"), ("broken", "整条点开"), ("other_kind", "拨打值班室电话")],
)
async def test_a_link_that_does_not_hold_says_what_to_do_and_whom_to_telephone(desk: City, make: str, next_step: str):
    page, link = await called(desk)
    links = {
        "expired": desk.link("page", page, "contact:C1", seconds=-1),
        "forged": link[:8] + ("A" if link[8] != "A" else "B") + link[9:],
        "broken": "/r/%E5%80%BC",
        "other_kind": desk.link("door", page, "contact:C1"),
    }
    html = await view(desk, links[make], 404)
    assert "+8612000009999" in html
    assert next_step in html
    await send(desk, links[make], {"act": "ack"}, 404)
    assert (await desk.row("page", page))["status"] == "open"


async def test_a_form_of_another_site_is_refused(desk: City):
    page, link = await called(desk)
    await send(desk, link, {"act": "ack", "form": "a"}, 403, Origin="https://evil.example")
    assert (await desk.row("page", page))["status"] == "open"
    await send(desk, link, {"act": "ack", "form": "a"}, 200, Origin=desk.origin)


# -- reporting


async def test_a_contact_reports_and_sees_number_and_time(desk: City):
    link = desk.link("report", "", "contact:C1")
    html = await view(desk, link)
    assert len(html.encode()) < 30_000
    assert html.index("<textarea") < html.index("<input id=")
    assert not re.findall(r"<script(?! src=)", html)
    assert "style=" not in html
    form = {"form": "f", "text": "化工厂泄漏 🔥", "occurred": "十分钟前", "place": "北门", "how_many": "两人受伤"}
    receipts = [await send(desk, link, form) for _ in range(2)]
    assert await count(desk, "MessageRecorded") == 1
    rows = (await (await desk.get("/api/message")).json())["rows"]
    row = rows[0]
    assert row["text"] == "化工厂泄漏 🔥\n伤亡:两人受伤"
    assert (row["channel"], row["contact"], row["unit"], row["sender"]) == ("web", "C1", "370281001", CALLER)
    assert (row["form"]["occurred"], row["form"]["place"]) == ("十分钟前", "北门")
    for receipt in receipts:
        assert row["number"] in receipt
        assert "2026-11-23 20:33" in receipt


async def test_the_same_form_with_other_words_is_another_report(desk: City):
    link = desk.link("report", "", "contact:C1")
    await send(desk, link, {"form": "f", "text": "一"})
    await send(desk, link, {"form": "f", "text": "一,又二"})
    assert await count(desk, "MessageRecorded") == 2


async def test_an_empty_report_is_asked_again_and_keeps_what_was_typed(desk: City):
    html = await send(desk, desk.link("report", "", "contact:C1"), {"form": "f", "text": " ", "place": "北门"}, 422)
    assert 'value="北门"' in html
    assert await count(desk, "MessageRecorded") == 0


async def test_a_unit_may_hold_a_link_and_who_left_the_directory_may_not(desk: City):
    await send(desk, desk.link("report", "", "unit:370283002"), {"form": "f", "text": "一"})
    for callee in ("contact:C9", "leader:L1", "user:officer", "nobody"):
        await view(desk, desk.link("report", "", callee), 404)


async def test_the_page_speaks_english_when_asked(desk: City):
    link = desk.link("report", "", "contact:C1")
    answer = await desk.client.get(link + "?lang=en", headers={"Accept": "text/html"})
    assert "What happened" in await answer.text()
    assert answer.cookies["lang"].value == "en"
    again = await desk.client.get(link, headers={"Cookie": "lang=en"})
    assert "What happened" in await again.text()


JPEG = b"\xff\xd8\xff\xe0" + b"0" * 400


def with_photos(*photos: bytes, **fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData(fields)
    for n, content in enumerate(photos):
        form.add_field("photos", content, filename=f"../{n}.exe", content_type="text/html")
    return form


async def test_photos_come_along_named_by_their_bytes_and_by_nothing_the_phone_says(desk: City):
    link = desk.link("report", "", "contact:C1")
    for _ in range(2):
        answer = await desk.client.post(
            link, data=with_photos(JPEG, JPEG, b"\x89PNG\r\n\x1a\n1", form="f", text="冒烟")
        )
        assert answer.status == 200
    rows = (await (await desk.get("/api/message")).json())["rows"]
    assert [one["media_type"] for one in rows[0]["media"]] == ["image/jpeg", "image/png"]
    assert len(rows) == 1
    kept = await desk.one("blob", rows[0]["media"][0]["digest"])
    assert (kept[0], bytes(kept[1])) == ("image/jpeg", JPEG)


@pytest.mark.parametrize(("photos", "status"), [([b"<script>"], 400), ([JPEG + bytes([n]) for n in range(7)], 413)])
async def test_what_is_no_photo_and_too_many_are_refused_and_nothing_is_kept(desk: City, photos, status):
    answer = await desk.client.post(
        desk.link("report", "", "contact:C1"), data=with_photos(*photos, form="f", text="冒烟")
    )
    assert answer.status == status
    assert await count(desk, "MessageRecorded") == 0


async def test_photos_alone_are_a_report(desk: City):
    answer = await desk.client.post(desk.link("report", "", "contact:C1"), data=with_photos(JPEG, form="f", text=""))
    assert answer.status == 200
    assert (await (await desk.get("/api/message")).json())["rows"][0]["text"] == "(照片 1 张)"


async def test_a_script_gets_the_number_as_json_and_its_errors_too(desk: City):
    link = desk.link("report", "", "contact:C1")
    form, asked = {"form": "f", "text": "冒烟", "position": "36.06710,120.38260,30"}, {"Accept": "application/json"}
    taken = await (await desk.client.post(link, data=form, headers=asked)).json()
    row = (await (await desk.get("/api/message")).json())["rows"][0]
    assert (taken["number"], taken["said"]) == (row["number"], "2026-11-23 20:33")
    assert row["form"]["position"] == "36.06710,120.38260,30"
    empty = await desk.client.post(link, data={"form": "g", "text": ""}, headers=asked)
    assert (empty.status, (await empty.json())["error"]) == (422, "请写明情况再上报。")
    forged = await desk.client.post(link[:-4], data=form, headers=asked)
    assert (forged.status, "error" in await forged.json()) == (404, True)


async def test_the_page_shows_what_its_holder_sent_and_nobody_elses(desk: City):
    incident = await desk.incident("仓库着火了")
    await desk.message("别处的事", sender="+8612000000202")
    html = await view(desk, desk.link("report", "", "contact:C1"))
    assert "仓库着火了" in html
    assert "别处的事" not in html
    assert f"?about={incident}" in html


async def test_more_about_the_own_incident_goes_there_and_about_anothers_is_refused(desk: City):
    own, other = await desk.incident("仓库着火了"), await desk.incident("桥塌了", sender="+8612000000202")
    link = desk.link("report", "", "contact:C1")
    assert own in await view(desk, f"{link}?about={own}")
    await send(desk, link, {"form": "f", "text": "火已扑灭", "incident": own})
    await send(desk, link, {"form": "g", "text": "火已扑灭", "incident": other}, 400)
    said = await desk.hub.read(lambda c: c.all("entries_typed", "MessageRecorded", 1, 10**9))
    assert len(said) == 3


async def test_a_question_of_the_desk_stands_on_the_reporting_page_and_one_touch_signs_for_it(desk: City):
    page, _ = await called(desk)
    link = desk.link("report", "", "contact:C1")
    html = await view(desk, link)
    assert f'name="page" value="{page}"' in html
    assert html.index('value="ack"') < html.index('id="text"')
    form = {"form": "f", "page": page, "text": ""}
    assert "已签收" in await send(desk, link, form)
    row = await desk.row("page", page)
    assert (row["status"], row["answered_by"], row["answered_how"]) == ("acknowledged", "contact:C1", "link")
    assert f'value="{page}"' not in await view(desk, link)


async def test_nobody_signs_for_a_page_that_calls_another(desk: City):
    page, _ = await called(desk)
    await send(desk, desk.link("report", "", "contact:C2"), {"form": "f", "page": page, "text": ""}, 422)
    assert (await desk.row("page", page))["status"] == "open"


async def test_a_phone_may_keep_the_page_and_say_where_it_stands(desk: City):
    link = desk.link("report", "", "contact:C1")
    answer = await desk.client.get(link, headers={"Accept": "text/html"})
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert "geolocation=()" in (await desk.client.get("/sign-in")).headers["Permissions-Policy"]
    kept = await (await desk.client.get(f"{link}/manifest")).json(content_type="application/manifest+json")
    assert (kept["start_url"], kept["scope"]) == (link, "/r/")
    assert (await desk.client.get(f"{link[:-4]}/manifest")).status == 404
    assert (await desk.client.get("/contact-worker.js")).content_type.endswith("javascript")


async def test_all_that_the_page_loads_is_under_30_kb(desk: City):
    html = await view(desk, desk.link("report", "", "contact:C1"))
    size = len(html.encode())
    for path in re.findall(r'(?:href|src)="(/(?:plain|static)[^"]+)"', html):
        size += len(await (await desk.client.get(path)).read())
    assert size < 30_000


# -- circulars


async def circular(desk: City) -> tuple[str, list[int]]:
    incident = await desk.incident()
    record = await desk.hub.read(lambda c: c.all("entries_of", f"incident/{incident}", 0))
    seqs = [int(record[0][0])]
    asked = RequestCircular(watch="w1", name="夜班", starts_at=desk.clock.now() - 10, ends_at=desk.clock.now())
    await desk.hub.handle("circular/w1", asked, key="", by="desk")
    figures = (
        Figure(name="接报", value=1, unit="件", seqs=tuple(seqs)),
        Figure(name="死亡", value=0, unit="人"),
        Figure(name="平均签收", value=None, unit="分"),
    )
    items = (Item(text="仓库着火", stream=f"incident/{incident}", state="未了"),)
    await desk.hub.handle(
        "circular/w1", DraftCircular(figures=figures, items=items, summary="接报一件。"), key="", by="desk"
    )
    return "w1", seqs


async def test_rule_22_a_unit_finds_what_was_found_of_it_on_its_own_page_and_objects_there_with_a_picture(desk: City):
    incident = await desk.incident()
    wish = RecordFault(
        kind="missed",
        unit="370281001",
        incident=incident,
        happened_at=desk.clock.now() - MINUTE,
        grounds="群众先打12345",
    )
    await desk.hub.handle("fault/f1", wish, key="", by="user:shift_leader")
    html = await view(desk, desk.link("report", "", "contact:C1"))
    link = re.search(r'<section id="verdicts">.*?href="(/r/[^"]+)"', html, re.DOTALL)[1]  # type: ignore[index]
    assert "群众先打12345" in await view(desk, link)
    strange = desk.link("fault", "f1", "contact:C2")  # whoever went to another unit no longer speaks for this one
    assert (await desk.client.post(strange, data={"form": "2", "text": "不服"})).status == 404
    form = aiohttp.FormData({"form": "1", "text": "14时已电话报告"})
    form.add_field("photos", b"\xff\xd8\xff\xe0", filename="a.jpg", content_type="image/jpeg")
    answer = await desk.client.post(link, data=form, headers={"Accept": "text/html"})
    assert "已收到申诉" in await answer.text()
    row = await desk.row("fault", "f1")
    assert (row["status"], row["appeals"][0]["by"], len(row["appeals"][0]["files"])) == ("appealed", "contact:C1", 1)
    assert 'id="verdicts"' not in await view(desk, desk.link("report", "", "contact:C1")), "it is being looked at"
    await view(desk, desk.link("fault", "f1", "contact:C2"), 404)
    await desk.hub.handle("fault/f1", DecideAppeal(upheld=False, reason="有通话记录"), key="", by="user:shift_leader")
    assert "有通话记录" in await view(desk, link)


async def test_opening_the_circulars_link_is_its_receipt_once(desk: City):
    id, _ = await circular(desk)
    link = desk.link("circular", id, "user:shift_leader")
    await view(desk, link)
    html = await view(desk, link)
    assert "接报一件。" in html
    assert "不详" in html
    assert "无" in html
    assert (await desk.row("circular", id))["opened"] == [["user:shift_leader", desk.clock.now()]]


async def test_every_figure_of_the_circular_leads_to_its_entries(desk: City):
    id, seqs = await circular(desk)
    fix = CorrectCircular(name="接报", value="2", reason="漏计一件")
    await desk.hub.handle(f"circular/{id}", fix, key="", by="user:officer")
    html = await (await desk.get(f"/circulars/{id}", Accept="text/html")).text()
    assert 'href="#figure-1"' in html
    assert 'id="figure-1"' in html
    appendix = html[html.index('id="figure-1"') :]
    assert f">{seqs[0]}<" in appendix
    assert "事件立项" in appendix
    assert "漏计一件" in html
    assert "2件" in html


async def test_the_exported_circular_stands_alone(desk: City):
    id, _ = await circular(desk)
    answer = await desk.get(f"/circulars/{id}?export=1", Accept="text/html")
    html = await answer.text()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "<style>" in html
    assert not re.findall(r'(?:src|href)="(?!#|tel:)', html)


async def test_who_has_a_scope_or_is_a_unit_does_not_see_the_circular(desk: City):
    id, _ = await circular(desk)
    for user in ("officer-281", "unit"):
        assert (await desk.get(f"/circulars/{id}", user)).status == 403
        assert (await desk.get(f"/api/circular/{id}", user)).status == 404
    assert (await desk.get("/circulars/none")).status == 404


async def test_a_unit_opens_the_page_of_a_transfer_of_which_no_place_is_known(desk: City):
    number = await desk.incident()
    wish = TransferIncident(unit="370283002", reason="属地处置")
    await desk.hub.handle(f"incident/{number}", wish, key="", by="user:officer")
    html = await view(desk, desk.link("transfer", number, "unit:370283002"))
    assert number in html
