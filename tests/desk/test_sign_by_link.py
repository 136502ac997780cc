"""A leader signs on the phone: the link alone is not enough once the leader's account has a second factor, or the policy asks for one."""

import hashlib
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pyotp
import pytest

from dutydesk.clock import SECOND
from dutydesk.domain.users import AddUser
from dutydesk.reading.worker import ReaderPool
from dutydesk.web.auth import set_password
from dutydesk.web.readlog import READS
from dutydesk.web.shared import DOORKEEPER
from tests.desk.test_attached import PDF, PHOTO, upload
from tests.desk.test_submissions import FIRST, OFFICE, Story, post_link
from tests.desk.town import LEADER, PASSWORD, ROOT, Town, town


@pytest.fixture
async def city(tmp_path: Path, reader: ReaderPool, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "contacts", tmp_path / "contacts")
    (tmp_path / "config" / "security.toml").write_text(f"second_factor = {request.param}\n")
    async with town(tmp_path, reader, mail=True) as made:
        yield made


async def asked_of_the_watch(city: Town) -> tuple[Story, str]:
    """A report without a level, checked by an officer: the leader of the watch is asked, by a text with a link."""
    story = Story(city)
    await story.tell(FIRST)
    story.id = (await story.incident())["id"]
    await city.sign_in()
    await story.act("SignForIncident", {})
    await story.act("DraftSubmission", {"kind": "首报"})
    await story.do(1, "CheckSubmission")
    return story, (await city.telco.phone(LEADER).expect_sms("请签发")).link()


async def app_of(city: Town, username: str) -> pyotp.TOTP:
    """An authenticator app on somebody's own account."""
    factors = city.desk.site[DOORKEEPER].factors
    id, address = await factors.new_code(username, "手机", "值班室")
    app = pyotp.parse_uri(address)
    assert isinstance(app, pyotp.TOTP)
    await factors.confirm_code(username, id, app.at(city.clock.now() // SECOND))
    city.clock.advance(30 * SECOND)
    return app


async def asked(city: Town) -> tuple[Story, str]:
    """A 较大 report that waits for a leader's signature, and the link in the leader's text."""
    story = Story(city)
    await story.tell(FIRST.replace("1人死亡", "4人死亡"))
    story.id = (await story.incident())["id"]
    await city.sign_in("leader")
    await story.act("SignForIncident", {})
    await story.act("DraftSubmission", {"kind": "首报"})
    await story.do(1, "CheckSubmission")
    return story, (await city.telco.phone(OFFICE).expect_sms("请签发")).link()


async def account(city: Town) -> pyotp.TOTP:
    """The leader's own account, by the same telephone, with an authenticator app."""
    hub = city.desk.hub
    await hub.handle("user/boss", AddUser(name="崔春森", role="leader", phone=OFFICE), key="", by="test")
    await set_password(hub, "boss", PASSWORD)
    return await app_of(city, "boss")


@pytest.mark.parametrize("city", [[]], indirect=True)
async def test_the_code_of_the_leaders_own_account_is_asked_and_good_once(city: Town) -> None:
    story, link = await asked(city)
    app = await account(city)
    status, page = await post_link(link, "sign")
    assert (status, "验证码不对" in page, (await story.report(1))["status"]) == (409, True, "checked")
    right = app.at(city.clock.now() // SECOND)
    assert (await post_link(link, "sign", code=right))[0] == 200
    signed = await story.report(1)
    assert (signed["status"], signed["signed_how"]) == ("signed", "link")


@pytest.mark.parametrize("city", [["leader"]], indirect=True)
async def test_where_the_policy_asks_for_one_a_leader_without_it_cannot_sign_by_link(city: Town) -> None:
    story, link = await asked(city)
    status, page = await post_link(link, "sign")
    assert (status, "第二重验证" in page, (await story.report(1))["status"]) == (409, True, "checked")


@pytest.mark.parametrize("city", [[]], indirect=True)
async def test_a_leader_without_an_account_signs_by_the_link_where_the_policy_asks_for_no_more(city: Town) -> None:
    story, link = await asked(city)
    assert (await post_link(link, "sign"))[0] == 200
    assert (await story.report(1))["status"] == "signed"


@pytest.mark.parametrize("city", [["shift_leader"]], indirect=True)
async def test_the_leader_of_the_watch_signs_on_the_phone_with_the_code_of_their_own_account(city: Town) -> None:
    app = await app_of(city, "leader")
    story, link = await asked_of_the_watch(city)
    assert (await story.report(1))["asked"] == ["user:leader"]
    status, page = await post_link(link, "sign", code="000000")
    assert (status, "验证码不对" in page, (await story.report(1))["status"]) == (409, True, "checked")
    status, page = await post_link(link, "sign", code=app.at(city.clock.now() // SECOND))
    signed = await story.report(1)
    assert (status, signed["status"], signed["signed_how"], signed["signed_by"]) == (
        200,
        "signed",
        "link",
        "带班领导乙",
    )
    assert "批示内容" not in page  # a leader's instruction is a leader's


@pytest.mark.parametrize("city", [["shift_leader"]], indirect=True)
async def test_without_a_second_factor_the_leader_of_the_watch_signs_at_the_desk(city: Town) -> None:
    story, link = await asked_of_the_watch(city)
    status, page = await post_link(link, "sign")
    assert (status, "第二重验证" in page, (await story.report(1))["status"]) == (409, True, "checked")


@pytest.mark.parametrize("city", [[]], indirect=True)
async def test_whoever_leads_the_watch_and_checks_it_at_the_desk_is_not_asked_by_text(city: Town) -> None:
    story = Story(city)
    await story.tell(FIRST)
    story.id = (await story.incident())["id"]
    await city.sign_in("leader")
    await story.act("SignForIncident", {})
    await story.act("DraftSubmission", {"kind": "首报"})
    await story.do(1, "CheckSubmission")
    assert [one for one in city.telco.phone(LEADER).texts if "请签发" in one.body] == []


@pytest.mark.parametrize("city", [[]], indirect=True)
async def test_a_leader_opens_the_files_of_the_report_before_signing_and_no_others(city: Town) -> None:
    story, own, other = await _with_files(city)
    link = (await city.telco.phone(OFFICE).expect_sms("请签发")).link()
    async with aiohttp.ClientSession() as phone:
        async with phone.get(link) as page:
            html = await page.text()
        offered = re.findall(r'href="(/r/[^"]+/files/[0-9a-f]{64})"', html.partition("<form")[0])
        assert offered == [f"{link.removeprefix(city.url)}/files/{own}"], "named above the button that signs"
        async with phone.get(city.url + offered[0]) as file:
            assert (file.status, await file.read()) == (200, PHOTO)
            assert "filename*=UTF-8''%E7%8E%B0%E5%9C%BA1.jpg" in file.headers["Content-Disposition"]
            assert "sandbox" in file.headers["Content-Security-Policy"]
        for wrong in (other, "0" * 64, "x"):
            async with phone.get(f"{link}/files/{wrong}") as file:
                assert file.status == 404, "of another report, of nothing"
        async with phone.get(f"{link[:-3]}/files/{own}") as forged:
            assert forged.status == 404
    assert (await story.report(1))["status"] == "checked", "looking signs nothing"
    await city.desk.site[READS].flush()
    found = await city.desk.hub.read(lambda connection: connection.all("reads_before", 2**62, 200))
    seen = {(str(row[2]), str(row[3])) for row in found}
    signer = next(by for by, what in seen if what == f"/blobs/{own}?report={story.id}-1")
    assert signer.startswith("leader:")
    assert (signer, f"/api/submission/{story.id}-1") in seen
    assert not any(link.rpartition("/")[2] in what for _, what in seen), "a link is a key and stands in no list"


async def _with_files(city: Town) -> tuple[Story, str, str]:
    """A report that waits for a leader with a photo beside it, its digest, and that of a file of another incident."""
    story = Story(city)
    await story.tell(FIRST.replace("1人死亡", "4人死亡"))
    story.id = (await story.incident())["id"]
    await city.sign_in("leader")
    call = {"text": "城阳街道城翎路施工挖断燃气管线,泄漏", "sender": "110"}
    await city.post("/api/calls", call, expect=201)
    await city.telco.settle()
    aside = next(row["id"] for row in await city.rows("incident") if row["id"] != story.id)
    for incident, name, content in ((story.id, "现场1.jpg", PHOTO), (aside, "名单.pdf", PDF)):
        assert (await upload(city, incident, (name, content), key=name.encode().hex()))[0] == 200
    await story.act("SignForIncident", {})
    await story.act("DraftSubmission", {"kind": "首报"})
    await story.do(1, "CheckSubmission")
    return story, hashlib.sha256(PHOTO).hexdigest(), hashlib.sha256(PDF).hexdigest()
