"""What the people of a simulated duty room do about an incident, from its first report to its end, and beside it in a month."""

import json
import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dutydesk.clock import HOUR, MINUTE, SECOND, from_datetime
from scripts.simulations.leaps import Leaps
from scripts.simulations.plot import Happening, Plot
from scripts.simulations.staff import Staff
from scripts.simulations.witness import rows

DISTRICTS = ("370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285")
BOSS = "leader"
ORDERED = (("370202001", "sms"), ("370202002", "voice"), ("370211103", "link"))  # checks in the typhoon
CHECKS = f"""
[[rounds]]
name = "weekly"
at = "30 14 * * wed"
units = {json.dumps(DISTRICTS)}
way = "voice"
"""


class Errands:
    """Chances are drawn from one seed: the same month again."""

    def __init__(self, leaps: Leaps, staff: Staff, chance: random.Random, plot: Plot) -> None:
        self._leaps, self._staff, self._chance, self._plot = leaps, staff, chance, plot
        self.unopened: list[int] = []

    def plan(self) -> None:
        for happening in self._plot.happenings:
            self._leaps.at(happening.told_at, partial(self._told, happening))
        self._plan_watches()
        self._plan_calendar()
        self._plan_checks()

    # -- incidents

    async def _told(self, one: Happening) -> None:
        before = set(self._ids("incident"))
        await self._tell(one, one.words)
        fresh = set(self._ids("incident")) - before
        if not fresh and (message := self._waiting_message()):
            await self._staff.give(self._officer(), f"message/{message}/OpenFromMessage", {})
            fresh = set(self._ids("incident")) - before
        if not fresh:
            self.unopened.append(one.number)
            return
        self._plan_incident(one, fresh.pop())

    async def _tell(self, one: Happening, text: str) -> None:
        here = self._leaps.here
        if one.way == "sms":
            await here.telco.phone(one.contact.phones[0]).send(text)
            await here.telco.settle()
        else:
            await self._staff.give(
                self._officer(), "calls", {"text": text, "sender": one.contact.phones[0], "unit": one.unit.code}
            )

    def _plan_incident(self, one: Happening, id: str) -> None:
        chance, act = self._chance, self._act
        slow = chance.random() < 0.1
        self._after(6 * MINUTE if slow else chance.randint(20, 55) * SECOND, act, "SignForIncident", id)
        self._after(chance.randint(8, 25) * MINUTE, self._by_phone, id)
        if chance.random() < 0.6:
            more = f"{id}续报:{one.unit.name}现场已控制,无新增伤亡。"
            self._after(chance.randint(20, 90) * MINUTE, self._tell, one, more)
        if chance.random() < 0.35:
            self._after(15 * MINUTE, self._report_up, id)
        if chance.random() < 0.12:
            earlier = datetime.fromtimestamp(one.occurred_at / SECOND).astimezone() - timedelta(minutes=20)
            fix = {"name": "occurred_at", "value": earlier.isoformat(), "reason": "现场监控"}
            self._after(HOUR, act, "FixFact", id, fix)
        self._plan_end(one, id)

    def _plan_end(self, one: Happening, id: str) -> None:
        chance, n = self._chance, one.number
        false = chance.random() < 0.1
        end = {"outcome": "false" if false else "elsewhere", "reason": "核实不实" if false else "移交属地处置"}
        closed = chance.randint(100, 240) * MINUTE
        self._after(closed, self._act, "CloseIncident", id, end)
        if false and chance.random() < 0.5:
            self._after(closed + 20 * MINUTE, self._act, "ReopenIncident", id, {"reason": "群众举证属实"})
            again = {"outcome": "elsewhere", "reason": "移交属地处置"}
            self._after(closed + HOUR, self._act, "CloseIncident", id, again)
        about = {"incident": id, "unit": one.unit.code}
        if chance.random() < 0.35:
            use = {"use": chance.choice(("special", "passed_on", "summary", "kept")), "pictures": chance.random() < 0.3}
            honour = chance.choice(("", "", "city", "province"))
            self._after(3 * HOUR, self._give, f"use/u{n}/MarkUse", about | use | {"honour": honour})
        if n % 10 == 0:
            self._after(6 * HOUR, self._find_fault, one, about)
        if n % 12 == 0:
            self._after(30 * MINUTE, self._instruct, one, id)

    async def _by_phone(self, incident: str) -> None:
        """The officer telephones those who are owed a word, now and then one is forgotten."""
        for id, body in self._open("obligation"):
            if body["incident"] == incident and body["status"] == "open" and self._chance.random() < 0.9:
                said = {"told_at": self._leaps.now, "whom": "值班员周"}
                await self._give(f"obligation/{id}/MeetObligation", said)

    async def _report_up(self, incident: str) -> None:
        if await self._act("DraftSubmission", incident, {"kind": "首报"}) is None:
            return
        (id,) = [id for id in self._ids("submission") if id.startswith(f"{incident}-")][:1]
        for username, name in ((self._officer(), "Check"), (BOSS, "Sign"), (self._officer(), "Send")):
            body = next(body for found, body in self._rows("submission") if found == id)
            said = {"version": body["draft"]["version"]}
            await self._staff.give(username, f"submission/{id}/{name}Submission", said)

    async def _find_fault(self, one: Happening, about: dict[str, Any]) -> None:
        kind = self._chance.choice(("missed", "concealed", "false"))
        said = about | {"kind": kind, "happened_at": one.occurred_at, "grounds": "群众先打12345"}
        await self._staff.give(BOSS, f"fault/f{one.number}/RecordFault", said)
        if one.number % 20 == 0:
            upheld = self._chance.random() < 0.5
            self._after(HOUR, self._give, f"fault/f{one.number}/AppealFault", {"text": "已电话报告"})
            decided = {"upheld": upheld, "reason": "查通话记录"}
            self._after(2 * HOUR, self._staff.give, BOSS, f"fault/f{one.number}/DecideAppeal", decided)

    async def _instruct(self, one: Happening, incident: str) -> None:
        path, now = f"instruction/i{one.number}", self._leaps.now
        said = {"text": "全力处置,及时续报", "leader": "L-03", "said_at": now, "incident": incident}
        await self._give(f"{path}/LogInstruction", said)
        await self._give(f"{path}/PassOn", {"unit": one.unit.code, "answer_by": now + 2 * HOUR})
        answer = {"unit": one.unit.code, "text": "已处置完毕"}
        self._after(70 * MINUTE, self._give, f"{path}/GiveFeedback", answer)
        self._after(90 * MINUTE, self._staff.give, BOSS, f"{path}/StrikeOff", {})

    # -- watches and the calendar

    def _plan_watches(self) -> None:
        day = self._plot.first
        while day < self._plot.last:
            for hour, minute in ((8, 22), (16, 52)):
                late = 20 * MINUTE if self._chance.random() < 0.05 else 0
                at = from_datetime(day.replace(hour=hour, minute=minute))
                self._leaps.at(at, partial(self._confirm, "outgoing", {"note": "无特殊情况"}))
                self._leaps.at(at + 5 * MINUTE + late, partial(self._confirm, "incoming", {}))
            day += timedelta(days=1)

    async def _confirm(self, side: str, said: dict[str, Any]) -> None:
        for id, card in self._open("handover"):
            people = card["outgoing"] if side == "outgoing" else card["next"]["people"]
            other = card["next"]["people"] if side == "outgoing" else card["outgoing"]
            name = next((one for one in people if one not in other), "")
            if name:
                await self._staff.give(name, f"handover/{id}/ConfirmHandover", {"side": side} | said)

    def _plan_calendar(self) -> None:
        begin, end = self._plot.storm
        name = {"name": "台风", "districts": list(DISTRICTS), "units": ["370202001", "370211103"]}
        self._leaps.at(from_datetime(begin), partial(self._staff.give, BOSS, "period/typhoon/MarkPeriod", name))
        over = partial(self._staff.give, BOSS, "period/typhoon/EndPeriod", {"reason": "台风远去"})
        self._leaps.at(from_datetime(end), over)
        for hour in range(1, int((self._plot.last - self._plot.first).total_seconds()) // 3600, 12):
            self._leaps.at(from_datetime(self._plot.first + timedelta(hours=hour)), self._take_rosters)
        drill = self._plot.first + timedelta(days=1, hours=10)
        self._leaps.at(from_datetime(drill), self._drill)

    async def _take_rosters(self) -> None:
        """Districts that were asked give their holiday roster, the lazy ones when they were chased."""
        for id, body in self._open("unitroster"):
            if body["given_at"] is None and (body["unit"] not in self._plot.lazy or body["chased"]):
                line = {"date": body["first"], "leader": "区长", "officers": "值班员"}
                await self._give(f"unitroster/{id}/GiveRoster", {"lines": [line]})

    async def _drill(self) -> None:
        listed = {"name": "防汛演练", "participants": ["contact:C-370202-A"]}
        await self._staff.give(BOSS, "drill/d1/OpenDrill", listed)
        told = {"text": "演练:市南区一处仓库起火,无人员伤亡。", "sender": "+8612000001000", "drill": True}
        await self._give("calls", told)
        self._after(2 * HOUR, self._staff.give, BOSS, "drill/d1/CloseDrill", {})

    # -- spot checks

    def _plan_checks(self) -> None:
        """The desk's own round runs on Wednesdays; the typhoon has a few ordered at once; every afternoon one failure is appealed."""
        for n, (town, way) in enumerate(ORDERED, 1):
            order = {"unit": town, "target": "contact", "way": way}
            at = from_datetime(self._plot.storm[0]) + n * 7 * HOUR
            self._leaps.at(at, partial(self._give, f"check/storm-{n}/StartCheck", order))
        day = self._plot.first.replace(hour=17, minute=30)
        while day < self._plot.last:
            # a round begins by the hour alone
            self._leaps.at(from_datetime(day.replace(hour=14)), self._leaps.here.settle)
            self._leaps.at(from_datetime(day), self._object)
            day += timedelta(days=1)

    async def _object(self) -> None:
        failed = [id for id, body in self._rows("check") if body["status"] == "failed" and not body["appeal"]]
        for id in failed[:1]:
            await self._give(f"check/{id}/AppealCheck", {"text": "当时正在接报警电话"})
            decided = {"upheld": self._chance.random() < 0.5, "reason": "查通话记录"}
            self._after(HOUR, self._staff.give, BOSS, f"check/{id}/DecideCheckAppeal", decided)

    # -- shared

    def _after(self, microseconds: int, deed: Any, *given: Any) -> None:
        self._leaps.at(self._leaps.now + microseconds, partial(deed, *given))

    async def _act(self, command: str, incident: str, fields: dict[str, Any] | None = None) -> Any:
        return await self._give(f"incident/{incident}/{command}", fields or {})

    async def _give(self, path: str, fields: dict[str, Any]) -> Any:
        return await self._staff.give(self._officer(), path, fields)

    def _officer(self) -> str:
        ((_id, watch),) = self._open("watch")
        return str(watch["officers"][0])

    def _waiting_message(self) -> str:
        return next((id for id, body in reversed(self._open("message")) if body["status"] != "opened"), "")

    def _ids(self, kind: str) -> list[str]:
        return [id for (id,) in rows(self._url, f"SELECT id FROM rows WHERE kind = '{kind}'")]

    def _open(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        return self._found(f"kind = '{kind}' AND open = 1 AND drill = 0")

    def _rows(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        return self._found(f"kind = '{kind}'")

    def _found(self, where: str) -> list[tuple[str, dict[str, Any]]]:
        found = rows(self._url, f"SELECT id, body FROM rows WHERE {where} ORDER BY seq")
        return [(id, json.loads(body)) for id, body in found]

    @property
    def _url(self) -> str:
        return self._leaps.here.desk.settings.database
