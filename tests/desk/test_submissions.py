"""The way upward over the real interfaces: a chemical explosion that grows from one to fourteen deaths in six hours, reported by
telephone, text, mail and voice, signed by link, instructed, finished and closed. And an incident that is not ours."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from dutydesk.clock import MINUTE
from dutydesk.reading.worker import ReaderPool
from tests.desk.town import LEADER, OFFICER, ROOT, Town, town

CHEMICAL = "E-370211103-01"
OFFICE, HEAD, DEPUTY, MAYOR, SECRETARY = (f"+861200000{n}" for n in (9010, 9011, 9003, 9001, 9007))
ABOVE = "+8612000000228"  # 山东省应急管理厅
FIRE = "+8612000000157"  # 市消防救援支队
FIRST = "泊里镇港前大道88号澜渚石化2号反应釜爆炸,1人死亡,5人受伤"


@pytest.fixture
async def city(tmp_path: Path, reader: ReaderPool) -> AsyncIterator[Town]:
    """The sample city with mail; the provincial emergency department is told by voice."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "contacts", tmp_path / "contacts")
    (tmp_path / "config" / "security.toml").write_text("second_factor = []\n")
    path = tmp_path / "config" / "submissions.toml"
    text = path.read_text()
    copied = text[text.index('id = "province-emergency"') :]
    path.write_text(text.replace(copied, copied.replace('how = ["mail", "paper"]', 'how = ["voice"]', 1)))
    async with town(tmp_path, reader, mail=True) as made:
        yield made
        await made.check()


class Story:
    """What the people at this desk do, by the doors everybody uses."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.phone = here.telco.phone(here.desk.hub.folds.directory.contacts_of[CHEMICAL][0].phones[0])
        self.id = ""

    async def tell(self, text: str) -> None:
        await self.phone.send(f"{self.id} {text}" if self.id else text)
        await self.here.telco.settle()
        await self.phone.expect_sms("已收到")

    async def incident(self) -> dict[str, Any]:
        return await self.here.one("incident")

    async def clocks(self) -> dict[str, dict[str, Any]]:
        return {row["rule"]: row for row in await self.here.rows("obligation")}

    async def report(self, n: int) -> dict[str, Any]:
        return next(row for row in await self.here.rows("submission") if row["ordinal"] == n)

    async def act(self, command: str, fields: dict[str, Any], expect: int = 200) -> Any:
        return await self.here.post(f"/api/incident/{self.id}/{command}", fields, expect=expect)

    async def do(self, n: int, command: str, fields: dict[str, Any] | None = None, expect: int = 200) -> Any:
        version = {"version": (await self.report(n))["draft"]["version"]} if command in VERSIONED else {}
        return await self.here.post(f"/api/submission/{self.id}-{n}/{command}", version | (fields or {}), expect=expect)

    async def by_phone(self, addressee: str, whom: str) -> None:
        await self.act("ReportByPhone", {"addressee": addressee, "whom": whom, "told_at": self.here.clock.now()})

    async def pass_time(self, minutes: float) -> None:
        """Whoever of the watch is rung picks up; the contact at the scene answers when asked for word."""
        officer = self.here.telco.phone(OFFICER)
        for _ in range(int(minutes)):
            await self.here.advance(1)
            if any("没有消息" in sms.body and not sms.expected for sms in self.phone.texts):
                await self.phone.expect_sms("没有消息")
                await self.phone.reply("1")
                await self.here.telco.settle()
            while any(not call.over for call in officer.calls):
                await (await officer.expect_call()).press("1")
                await self.here.telco.settle()


VERSIONED = ("WriteDraft", "CheckSubmission", "SignSubmission", "SendSubmission")


async def post_link(link: str, act: str, **fields: str) -> tuple[int, str]:
    """Open a link without a session and send the form of one act."""
    async with aiohttp.ClientSession() as http:
        async with http.get(link) as page:
            html = await page.text()
        form = next(f for f in html.split("<form")[1:] if f'value="{act}"' in f)
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
        async with http.post(link, data=hidden | fields) as done:
            return done.status, await done.text()


async def test_an_explosion_that_grows_from_one_to_fourteen_deaths_is_reported_to_its_end(city: Town) -> None:
    story = Story(city)
    await story.tell(FIRST)
    story.id = (await story.incident())["id"]
    await city.sign_in()
    await story.act("SignForIncident", {})
    assert set(await story.clocks()) == {"safety-phone"}
    script = (await city.get(f"/api/phone-script/{story.id}"))["lines"]
    assert any("死亡1人" in line for line in script)
    await story.by_phone("province-safety", "省安委办周")
    assert (await story.clocks())["safety-phone"]["status"] == "met"

    # 12:02 the first report, unverified, signed by the leader of the watch
    await city.advance(2)
    place = {"name": "place_text", "value": "黄岛区泊里镇港前大道88号", "reason": "现场核实"}
    await story.act("FixFact", place)
    await story.act("DraftSubmission", {"kind": "首报"})
    assert "未核实" in "".join((await story.report(1))["draft"]["paragraphs"])
    await story.do(1, "CheckSubmission")
    await city.telco.phone(LEADER).expect_sms("请签发", "死亡1人")
    said = await story.do(1, "SignSubmission", expect=403)
    assert "没有这项权限" in said["error"]
    await city.sign_in("leader")
    await story.do(1, "SignSubmission")
    await city.sign_in()
    await story.do(1, "SendSubmission")
    for phone in (OFFICE, HEAD):
        await city.telco.phone(phone).expect_sms("首报", "死亡1人")
    mail = await city.telco.mailbox("yjt@sd.example").expect_mail("首报")
    await city.telco.mailbox("yj@qd.example").expect_mail("首报")
    status, page = await post_link(_link(mail.text), "receipt", who="省安委办周", number="安2026-88")
    assert (status, "已登记签收" in page) == (200, True)
    (line,) = [one for one in (await story.report(1))["lines"] if one["addressee"] == "province-safety"]
    assert (line["receipts"][0]["number"], line["status"]) == ("安2026-88", "arrived")

    # 13:04 four deaths, told in six characters: 较大 by the figures; the clocks begin now, a follow-up has drafted itself
    await story.pass_time(62)
    await story.tell("死亡增至4人")
    risen = city.clock.now()
    clocks = await story.clocks()
    assert {clocks[rule]["start_at"] for rule in ("leaders-phone", "province-phone", "province-written")} == {risen}
    assert clocks["supplement-2"]["due_at"] == risen + 60 * MINUTE
    await story.by_phone("deputy", "副市长姜静晨")
    await story.by_phone("province", "省值班员张")
    follow = await story.report(2)
    assert (follow["kind"], follow["why"]) == ("续报", "casualties")
    assert "泊里镇" not in "".join(follow["draft"]["paragraphs"]), "a follow-up tells what changed"
    await story.do(2, "WriteDraft", {"name": "measures", "text": "消防、应急、卫健已到场"})
    read = (await story.report(2))["draft"]["version"]
    await story.do(2, "CheckSubmission")
    ask = await city.telco.phone(OFFICE).expect_sms("请签发", "死亡4人")

    # the leader holds an old page while a figure is corrected: refused with what changed, read again, signed
    await story.act("FixFigure", {"name": "injured", "value": 9, "reason": "医院核实"})
    await story.do(2, "CheckSubmission")
    again = await city.telco.phone(OFFICE).expect_sms("请签发", "受伤9人")
    status, page = await _sign_stale(ask.link(), read)
    assert (status, "受伤由5人改为9人" in page) == (409, True)
    assert (await post_link(again.link(), "sign"))[0] == 200
    signed = await story.report(2)
    assert (signed["signed_by"], signed["signed_how"]) == ("崔春森", "link")
    assert (await post_link(again.link(), "instruct", text="全力搜救,每小时报告一次"))[0] == 200
    await story.do(2, "SendSubmission")
    mail = await city.telco.mailbox("zhiban@sd.example").expect_mail("续报一", "死亡:4人", "消防、应急、卫健已到场")
    await _receipt(mail.text, "省值班员张", "鲁值收7")
    await _receipt((await city.telco.mailbox("yjt@sd.example").expect_mail("续报一")).text, "周", "安2026-89")
    await city.telco.mailbox("yj@qd.example").expect_mail("续报一")
    await city.telco.phone(DEPUTY).expect_sms("续报一")
    await city.telco.phone(OFFICE).expect_sms("续报一", "全文")
    call = await city.telco.phone(ABOVE).expect_call("现在报告", "死亡4人")
    await call.press("1")
    await city.telco.settle()
    (voice,) = [one for one in (await story.report(2))["lines"] if one["addressee"] == "province-emergency"]
    assert [(r["how"], r["again"]) for r in voice["receipts"]] == [("voice", False)]
    clocks = await story.clocks()
    assert {
        clocks[rule]["status"] for rule in ("province-phone", "province-written", "safety-written", "supplement-2")
    } == {"met"}

    # the instruction is passed on, answered, struck off
    instruction = await city.one("instruction")
    assert (instruction["leader_name"], instruction["incident"]) == ("崔春森", story.id)
    due = {"unit": "D-XF", "answer_by": city.clock.now() + 60 * MINUTE}
    await city.post(f"/api/instruction/{instruction['id']}/PassOn", due)
    order = await city.telco.phone(FIRE).expect_sms("全力搜救")
    async with aiohttp.ClientSession() as http:
        async with http.get(order.link()) as page_of:
            form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', await page_of.text()))
        await http.post(order.link(), data=form | {"text": "已救出3人"})
    await city.telco.settle()
    await city.sign_in("leader")
    await city.post(f"/api/instruction/{instruction['id']}/StrikeOff", {})
    await city.sign_in()

    # 15:04 fourteen deaths: 重大; every clock anew; somebody lowers the level and escapes nothing
    await story.pass_time(118)
    await story.tell("续报:澜渚石化2号反应釜爆炸已致14人死亡")
    clocks = await story.clocks()
    assert clocks["province-phone-major"]["start_at"] == city.clock.now()
    await story.act("FixFact", {"name": "level", "value": "一般", "reason": "有待核定"})
    await story.by_phone("province", "省值班员王")
    incident = await story.incident()
    assert [(one["was"], one["level"]) for one in incident["lowered"]] == [("重大", "一般")]
    assert [rise["level"] for rise in incident["reportable"]] == ["较大", "重大"]
    await story.do(3, "CheckSubmission")
    ask = await city.telco.phone(DEPUTY).expect_sms("请签发", "死亡14人")
    assert (await post_link(ask.link(), "sign"))[0] == 200
    await story.do(3, "SendSubmission")
    await _all_receive(city, "续报二", (MAYOR, DEPUTY, SECRETARY, OFFICE))
    assert (await story.clocks())["province-written-major"]["status"] == "met"

    # 18:04 the final report, agreed to by telephone; only then it is closed
    await story.pass_time(180)
    said = await story.act("CloseIncident", {"outcome": "handled", "reason": "处置完毕"}, expect=409)
    assert "还没有终报" in said["error"]
    await story.act("DraftSubmission", {"kind": "终报"})
    await story.do(4, "CheckSubmission")
    await city.telco.phone(DEPUTY).expect_sms("请签发", "终报")
    await city.sign_in("leader")
    await story.do(4, "SignSubmission", {"leader": "L-03"})
    assert (await story.report(4))["signed_how"] == "phone"
    await story.do(4, "SendSubmission")
    await _all_receive(city, "终报", (MAYOR, DEPUTY, SECRETARY, OFFICE))
    await story.act("CloseIncident", {"outcome": "handled", "reason": "处置完毕"})
    assert (await story.incident())["status"] == "closed"
    assert [s["kind"] for s in (await story.incident())["submitted"]] == ["首报", "续报", "续报", "终报"]
    html = await _page(city, f"/submissions/{story.id}-4")
    assert "(终报)" in html
    assert "死亡:14人" in html
    await story.pass_time(30)


async def test_a_late_report_is_late_on_both_lines_by_phone_and_in_writing_apart(city: Town) -> None:
    """The government's line (省政府总值班室) and the department's (省安委办) are told late: each keeps its own minutes, for ever."""
    story = Story(city)
    await story.tell(FIRST.replace("1人死亡", "4人死亡"))
    story.id = (await story.incident())["id"]
    await city.sign_in("leader")
    await story.act("SignForIncident", {})
    await story.act("DraftSubmission", {"kind": "首报"})
    await story.pass_time(47)
    for addressee in ("province", "province-safety"):
        await story.by_phone(addressee, "值班员")
    await story.pass_time(23)
    await story.do(1, "CheckSubmission")
    await city.telco.phone(OFFICE).expect_sms("请签发")
    await story.do(1, "SignSubmission", {"leader": "L-10"})
    await story.do(1, "SendSubmission")
    await city.telco.phone(OFFICE).expect_sms("首报", "全文")
    await city.telco.phone(DEPUTY).expect_sms("首报")
    for address in ("zhiban@sd.example", "yjt@sd.example", "yj@qd.example"):
        await city.telco.mailbox(address).expect_mail("首报")
    await (await city.telco.phone(ABOVE).expect_call("现在报告")).press("1")
    await city.telco.settle()
    clocks = await story.clocks()
    late = {rule: clocks[rule]["late_by"] // MINUTE for rule in LINES}
    assert late == {"province-phone": 17, "safety-phone": 17, "province-written": 10, "safety-written": 10}
    lifted = await city.post(
        f"/api/obligation/{story.id}-province-phone/LiftObligation", {"reason": "情有可原"}, expect=409
    )
    assert "不能撤销" in lifted["error"]


LINES = ("province-phone", "safety-phone", "province-written", "safety-written")


async def test_what_is_not_ours_is_transferred_and_signed_for_by_link(here: Town) -> None:
    story = Story(here)
    await story.tell(FIRST)
    story.id = (await story.incident())["id"]
    await here.sign_in()
    await story.act("SignForIncident", {})
    await story.by_phone("province-safety", "省安委办周")
    await story.act("TransferIncident", {"unit": "D-XF", "reason": "属消防处置"})
    sms = await here.telco.phone(FIRE).expect_sms("移交", story.id)
    async with aiohttp.ClientSession() as http, http.get(sms.link()) as page:
        assert FIRST[:8] in await page.text() or "澜渚石化" in await page.text()
    assert (await story.incident())["transfers"][0]["receipt_at"] is None, "opening the link signs for nothing"
    async with aiohttp.ClientSession() as http, http.post(sms.link(), data={"form": "1", "who": "刘值班"}) as done:
        assert done.status == 200
    (handed,) = (await story.incident())["transfers"]
    assert (handed["receipt_by_whom"], handed["receipt_at"]) == ("刘值班", here.clock.now())
    async with aiohttp.ClientSession() as http, http.post(sms.link(), data={"form": "2"}) as twice:
        assert twice.status == 409


async def test_a_link_speaks_for_its_holder_only(city: Town) -> None:
    story = Story(city)
    await story.tell(FIRST)
    story.id = (await story.incident())["id"]
    await city.sign_in("leader")
    await story.act("SignForIncident", {})
    await story.by_phone("province-safety", "省安委办周")
    await story.act("DraftSubmission", {"kind": "首报"})
    await story.do(1, "CheckSubmission")
    await story.do(1, "SignSubmission")
    await story.do(1, "SendSubmission")
    for phone in (OFFICE, HEAD):
        await city.telco.phone(phone).expect_sms("首报")
    await city.telco.mailbox("yjt@sd.example").expect_mail("首报")
    link = _link((await city.telco.mailbox("yj@qd.example").expect_mail("首报")).text)
    async with aiohttp.ClientSession() as http:
        for form in (
            {"act": "receipt", "addressee": "province-safety", "who": "x"},
            {"act": "sign", "version": "x"},
            {"act": "instruct", "text": "x"},
            {"act": "other"},
        ):
            async with http.post(link, data=form) as answer:
                assert answer.status == 400, form
    await _receipt_by(link, "值班员")


async def _sign_stale(link: str, version: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.post(link, data={"act": "sign", "version": version, "form": "stale"}) as answer,
    ):
        return answer.status, await answer.text()


async def _receipt(mail: str, who: str, number: str) -> None:
    assert (await post_link(_link(mail), "receipt", who=who, number=number))[0] == 200


async def _receipt_by(link: str, who: str) -> None:
    assert (await post_link(link, "receipt", who=who))[0] == 200


async def _all_receive(city: Town, kind: str, leaders: tuple[str, ...]) -> None:
    """Everybody of a 重大 report gets it; those who owe a receipt give it."""
    for phone in leaders:
        await city.telco.phone(phone).expect_sms(kind, "全文")
    for address in ("zhiban@sd.example", "yjt@sd.example"):
        await _receipt((await city.telco.mailbox(address).expect_mail(kind)).text, "值班员", f"收{kind}")
    await city.telco.mailbox("yj@qd.example").expect_mail(kind)
    await (await city.telco.phone(ABOVE).expect_call("现在报告")).press("1")
    await city.telco.settle()


async def _page(city: Town, path: str) -> str:
    assert city.http is not None
    async with city.http.get(city.url + path) as page:
        assert page.status == 200
        return await page.text()


def _link(text: str) -> str:
    return re.findall(r"https?://\S+", text)[-1]
