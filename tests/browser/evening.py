"""A believable evening at a desk: the real application, the simulated telephone company and a clock that is moved, all by the doors
that everybody uses. Pictures are taken of it, and barriers looked for."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from dutydesk import contacts
from dutydesk.app import build
from dutydesk.clock import BEIJING, MINUTE, ManualClock, from_datetime
from dutydesk.domain.users import AddUser
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from dutydesk.simulator import Telco
from dutydesk.web.auth import set_password
from tests.desk.town import LEADER, OFFICER, PASSWORD, ROOT, Town, sample_settings
from tests.services import free_port

AFTERNOON = from_datetime(datetime(2026, 11, 23, 16, 38, tzinfo=BEIJING))
PEOPLE = (
    ("officer", "李文静", "officer", OFFICER),
    ("leader", "陈立新", "shift_leader", LEADER),
    ("admin", "周敏", "administrator", None),
    ("wang", "王海燕", "officer", "+8612000009104"),
    ("zhao", "赵国栋", "officer", "+8612000009105"),
    ("sun", "孙晓梅", "officer", "+8612000009106"),
)
TURNS = (("officer", ("officer", "wang")), ("", ("zhao", "sun")))
CHEMICAL, GAS, FIRE = "E-370211103-01", "E-370214001-01", "370202001"
STRANGERS = ("+8612000005551", "+8612000005552", "+8612000005553")


class Evening:
    """The story, told by telephones and by officers' acts."""

    def __init__(self, here: Town) -> None:
        self.here = here

    async def tell(self) -> str:
        """From a quiet afternoon to a bad quarter of an hour; the incident to look at."""
        await self.here.sign_in("officer")
        await self._afternoon()
        await self._sign(await self._report("370212002", LOST))
        school = await self._report("370215003", SCHOOL)
        await self._sign(school)
        await self._post("incident", school, "SetFlags", flags=["school"], reason="在校学生,家长已聚集")
        await self._pass(6)
        blast = await self._blast()
        await self._others()
        return blast

    async def _afternoon(self) -> None:
        """One accident that was dealt with before the shifts changed, so that there is a circular to read."""
        crash = await self._report("370213006", CRASH)
        await self.here.advance(0.6)
        await self._sign(crash)
        await self.here.advance(9)
        await self._post("incident", crash, "CloseIncident", outcome="handled", reason="现场已清,伤者送医,道路恢复通行")
        await self.here.advance(14)
        self.here.clock.advance(138 * MINUTE)
        await self.here.telco.settle()
        await self._issue()
        await self.here.sign_in("officer")

    async def _issue(self) -> None:
        await self.here.sign_in("leader")
        circular = (await self.here.rows("circular"))[-1]
        await self._post("circular", circular["id"], "IssueCircular")

    async def _blast(self) -> str:
        """Three dead: five legal clocks, some met, one missed."""
        blast = await self._report(CHEMICAL, BLAST)
        await self._sign(blast)
        await self._post("incident", blast, "AssignIncident", to="officer")
        await self._pass(8)
        await self._send("370211103", MORE, blast)
        await self._meet(blast, "leaders-phone", "吴副市长秘书")
        await self._pass(3)
        await self._post("incident", blast, "NoteIncident", text="应急局工作组已出发,预计20:20到现场")
        await self._pass(8)
        await self._meet(blast, "safety-phone", "省安委办 值班员老周")
        return blast

    async def _pass(self, minutes: float) -> None:
        """Time passes, and the officer picks up whenever a legal clock rings."""
        phone = self.here.telco.phone(OFFICER)
        for _ in range(int(minutes * 2)):
            await self.here.advance(0.5)
            while any(not call.over for call in phone.calls):
                call = await phone.expect_call()
                await call.press("1")
                await self.here.telco.settle()

    async def _others(self) -> None:
        await self._sign(await self._report(GAS, LEAK))
        await self._pass(5)
        await self._send(STRANGERS[0], HEARD)
        await self._pass(3.5)
        await self.here.post("/api/calls", {"text": PILE_UP, "sender": "110"}, expect=201)
        await self._send(STRANGERS[1], ASKS)
        await self._pass(2)
        await self._report(FIRE, SMOKE)
        await self._send(STRANGERS[2], BOAT)
        await self.here.advance(1.4)

    async def _report(self, unit: str, text: str) -> str:
        """A contact of a unit writes; the incident it became."""
        before = {row["id"] for row in await self.here.rows("incident")}
        await self._send(unit, text)
        return next(row["id"] for row in await self.here.rows("incident") if row["id"] not in before)

    async def _send(self, who: str, text: str, about: str = "") -> None:
        directory = self.here.desk.hub.folds.directory
        number = who if who.startswith("+") else directory.contacts_of[who][0].phones[0]
        await self.here.telco.phone(number).send(f"{about} {text}" if about else text)
        await self.here.telco.settle()

    async def _sign(self, incident: str) -> None:
        await self._post("incident", incident, "SignForIncident")

    async def _meet(self, incident: str, rule: str, whom: str) -> None:
        clocks = [row for row in await self.here.rows("obligation") if row["incident"] == incident]
        clock = next(row for row in clocks if row["rule"] == rule)
        await self._post("obligation", clock["id"], "MeetObligation", told_at=int(self.here.clock.now()), whom=whom)

    async def _post(self, kind: str, id: str, command: str, **fields: Any) -> None:
        await self.here.post(f"/api/{kind}/{id}/{command}", fields)


CRASH = "16时35分,李村街道杨花巷口两车相撞,1人受伤送医,道路拥堵。"
LOST = "18时许,沙子口街道大河东村后山一名登山者失联,派出所和救援队正在搜救。"
SCHOOL = "今晚18时40分,通济街道一所小学晚托班21名学生呕吐腹泻,均已送医,生命体征平稳,原因待查。"
BLAST = "19时24分,泊里镇港前大道88号澜渚石化2号反应釜爆炸,3人死亡,5人受伤,其中2人重伤,明火已扑灭,周边企业已停产。"
MORE = "续报:又有2人失联,已疏散周边群众300人,现场正在搜救。"
LEAK = "城阳街道城翎路施工挖断中压燃气管线,泄漏,已疏散居民120人,无人员伤亡,正在关阀。"
PILE_UP = "交警110:振华路街道振岳路口三车追尾,1人死亡,4人受伤,救护车已到。"
SMOKE = "19时55分,香港中路街道澄湾路12号写字楼8层冒烟起火,2人被困,消防已到场。"
HEARD = "听说泊里那边有爆炸声,窗户都震了,是不是出事了"
ASKS = "请问明天早高峰隧道限行吗"
BOAT = "红岛蛤汀码头外一条渔船进水,船上4个人,快来人"


@asynccontextmanager
async def evening(folder: Path) -> AsyncIterator[tuple[Town, str]]:
    """The desk with the story told, and the incident to look at. The desk's clock stands; the browser's goes on."""
    clock = ManualClock(AFTERNOON)
    setup = Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml"))
    reader = ReaderPool(setup, budget=2.0, spares=0)
    try:
        async with Telco(clock=clock, timeout=30) as telco:
            here = await _desk(folder, clock, telco, reader)
            try:
                yield here, await Evening(here).tell()
            finally:
                await here.sign_out()
                await here.desk.stop()
    finally:
        reader.close()


async def _desk(folder: Path, clock: ManualClock, telco: Telco, reader: ReaderPool) -> Town:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    gateway = {
        "DUTYDESK_GATEWAY_MAINLAND_URL": f"{telco.url}/gateway/mainland",
        "DUTYDESK_GATEWAY_MAINLAND_SECRET": telco.account.mainland_secret,
    }
    settings = sample_settings(folder, telco, url, port)
    roster = folder / "config" / "roster.toml"
    text = roster.read_text()
    for had, people in TURNS:  # as shipped nobody is named for half of the places
        text = text.replace(f"people = [{json.dumps(had) if had else ''}]", f"people = {json.dumps(people)}")
    roster.write_text(text)
    desk = build(settings, clock=clock, environment=gateway, reader=reader)
    telco.connect(url)
    await desk.open()
    await desk.serve()
    here = Town(desk, telco, clock, url)
    telco.pump = here.settle
    for username, name, role, phone in PEOPLE:
        add = AddUser.model_validate({"name": name, "role": role, "phone": phone})
        await desk.hub.handle(f"user/{username}", add, key="", by="cli")
        await set_password(desk.hub, username, PASSWORD)
    await telco.settle()
    return here
