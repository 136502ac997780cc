"""An officer attaches a photo on the console: kept by its digest, shown in the incident, printed in the annex, gone over the line with the
report; what is no photo or PDF, or too much, is refused in words."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp

from dutydesk.reading.worker import ReaderPool
from tests.desk.linked import CITY, DISTRICT, pair
from tests.desk.test_linked_stories import report, tell
from tests.desk.town import Town

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4_000  # three pieces on the line
PDF = b"%PDF-1.7\n..."


async def upload(
    here: Town, incident: str, *files: tuple[str, bytes], csrf: str = "", key: str = "k"
) -> tuple[int, Any]:
    form = aiohttp.FormData(quote_fields=False)  # as browsers send names
    for name, content in files:
        form.add_field("files", BytesIO(content), filename=name)
    assert here.http is not None
    headers = {"X-CSRF": csrf or here._csrf, "Idempotency-Key": key}  # the session's own proof
    path = f"/api/files/{incident}" if incident else "/api/blobs"
    async with here.http.post(f"{here.url}{path}", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_photo_goes_from_the_districts_console_into_the_citys_store(tmp_path: Path, reader: ReaderPool) -> None:
    async with pair(tmp_path, reader) as joined:
        city, district = joined.city, joined.district
        await joined.connect()
        await district.sign_in("leader")
        await tell(joined, "香港中路8号某化工厂爆炸,1人死亡,2人受伤")
        own = (await district.one("incident"))["id"]
        status, said = await upload(district, own, ("C:\\照片\\现场1.jpg", PHOTO), ("名单.pdf", PDF))
        assert (status, len(said["files"])) == (200, 2), said
        again = await upload(district, own, ("C:\\照片\\现场1.jpg", PHOTO), ("名单.pdf", PDF))
        assert again[0] == 200, "the same key says the same"
        files = (await district.one("incident"))["files"]
        assert [(f["name"], f["media_type"], f["size"]) for f in files] == [
            ("现场1.jpg", "image/jpeg", len(PHOTO)),
            ("名单.pdf", "application/pdf", len(PDF)),
        ]
        await _refusals(district, own)

        await report(district, 1, "首报")
        id = (await district.one("submission"))["id"]
        assert district.http is not None
        async with district.http.get(f"{district.url}/documents/submission/{id}") as page:
            shown = await page.text()
        assert "随附文件清单" in shown
        assert "现场1.jpg" in shown
        await joined.settle()
        digest = hashlib.sha256(PHOTO).hexdigest()
        frame = next(row for row in await city.rows("frame") if row["kind"] == "submission")
        assert {one["name"]: one["status"] for one in frame["files"]} == {"现场1.jpg": "here", "名单.pdf": "here"}
        kept = await city.desk.hub.read(lambda c: c.one("blob", digest))
        assert kept
        assert bytes(kept[1]) == PHOTO
        message = await city.one("message")
        assert message["media"][0]["digest"] == digest, "shown there with the paper"


async def test_files_go_with_a_question_up_and_with_what_goes_down_and_stand_on_both_desks(
    tmp_path: Path, reader: ReaderPool
) -> None:
    async with pair(tmp_path, reader) as joined:
        city, district = joined.city, joined.district
        await joined.connect()
        await city.sign_in("leader")
        await district.sign_in("leader")
        status, said = await upload(district, "", ("平面图.jpg", PHOTO))
        assert (status, [one["name"] for one in said["files"]]) == (200, ["平面图.jpg"]), said
        wish = {"units": [CITY], "text": "可否启用市级安置点", "asks": "guidance", "files": said["files"]}
        strange = [said["files"][0] | {"digest": "ab" * 32}]
        await district.post("/api/verification/q0/AskUnits", wish | {"files": strange}, expect=422)
        await district.post("/api/verification/q1/AskUnits", wish)
        await joined.settle()
        assert [one["name"] for one in (await district.one("verification"))["files"]] == ["平面图.jpg"]
        came = await city.one("inward")
        assert [(one["name"], one["digest"]) for one in came["files"]] == [("平面图.jpg", said["files"][0]["digest"])]
        assert await _here(city, said["files"][0]["digest"]) == PHOTO

        _, notice = await upload(city, "", ("通知.pdf", PDF), key="n")
        down = {"kind": "document", "unit": DISTRICT, "title": "防汛通知", "files": notice["files"]}
        await city.post("/api/downward/w1/SendDown", down)
        await joined.settle()
        assert [one["name"] for one in (await city.one("downward"))["files"]] == ["通知.pdf"]
        there = await district.one("inward")
        assert (there["title"], [one["name"] for one in there["files"]]) == ("防汛通知", ["通知.pdf"])
        assert await _here(district, notice["files"][0]["digest"]) == PDF


async def _here(here: Town, digest: str) -> bytes:
    """What a leader of that desk saves."""
    assert here.http is not None
    async with here.http.get(f"{here.url}/blobs/{digest}") as answer:
        assert answer.status == 200
        return await answer.read()


async def _refusals(here: Town, incident: str) -> None:
    seven = tuple((f"{n}.jpg", PHOTO[:100] + bytes([n])) for n in range(7))
    for files, status, why in (
        ((("virus.exe", b"MZ\x90"),), 400, "只能附照片和 PDF"),
        ((("photo.jpg", b"<script>"),), 400, "只能附照片和 PDF"),
        (seven, 413, "一次最多附 6"),
        ((("big.jpg", PHOTO[:4] + bytes(21_000_000)),), 413, "20 MB"),
        ((), 400, "没有选文件"),
    ):
        got, said = await upload(here, incident, *files, key=f"k{status}{why}".encode().hex()[:100])
        assert (got, why in said["error"]) == (status, True), said
    assert (await upload(here, "20261123-999", ("a.jpg", PHOTO)))[0] == 404
    assert (await upload(here, incident, ("a.jpg", PHOTO), csrf="wrong"))[0] == 403
    assert len((await here.one("incident"))["files"]) == 2
