"""A desk reduced to what the console sees of it: rows, a feed with resume, a handful of commands. It keeps the promises of
the real feed (a row at each seq, fresh boards without closed rows, one answer per key) and can be cut off and brought back."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web
from jinja2 import Environment, FileSystemLoader

from dutydesk.clock import SECOND, SystemClock
from dutydesk.web import assets
from dutydesk.web.frames import BOARD
from dutydesk.web.words import CATALOGUE
from tests.browser import asking_samples, samples, watch_samples

WEB = Path(__file__).resolve().parents[2] / "dutydesk" / "web"
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
COMMANDS = {
    "message": ["AttachMessage", "OpenFromMessage", "DismissMessage"],
    "incident": ["SignForIncident", "AssignIncident", "NoteIncident", "FixFact", "FixFigure", "SetFlags", "MergeIncident",
                 "SplitIncident", "CloseIncident", "ReopenIncident", "CallFor", "DetachFile"],
    "page": ["AcknowledgePage", "AskMoreTime", "Escalate", "CancelPage"],
    "obligation": ["MeetObligation", "MoveObligation", "LiftObligation"],
    "delivery": ["ConfirmDelivery", "ResendDelivery"],
    "watch": ["JoinWatch", "LeaveWatch", "EndWatch", "NoteWatch", "BeginHandover"],
    "handover": ["ConfirmHandover", "RefuseHandover"],
    "roster": ["PlanRoster", "SetDuty"],
    "holiday": ["SendRoster"],
    "leave": ["RequestLeave", "ApproveLeave", "RefuseLeave", "WithdrawLeave"],
    "circular": ["CorrectCircular", "IssueCircular"],
    "verification": ["AskUnits", "AskMore", "Conclude"],
    "dispatch": ["StartDispatch", "AskAgain", "SetUnits", "EndDispatch"],
    "check": ["StartCheck", "JudgeCheck", "AppealCheck", "DecideCheckAppeal"],
    "linetest": ["TestLines"],
    "proof": ["AskProof", "MarkProven"],
    "pair": ["MarkPair"],
    "pairing": ["AskPairs"],
    "pairround": ["StartPairRound"],
    "checkin": ["StartCheckIn", "EndCheckIn"],
    "period": ["MarkPeriod", "EndPeriod"],
    "inward": ["LogInward", "TakeInward", "AnswerInward", "CloseInward"],
    "downward": ["SendDown", "TakeAnswer", "EndDown"],
    "instruction": ["LogInstruction", "PassOn", "GiveFeedback", "StrikeOff"],
    "peer": ["ResumePeer"],
    "frame": ["SettleFrame"],
}  # fmt: skip
DESK = {
    "name": "青岛市政府总值班室",
    "short_name": "市总值班室",
    "tier": "city",
    "division": "370200",
    "unit": "U-370200",
    "phone": "+861200000003",
}

FLAGS = [{"id": "school", "label": "学校、幼儿园"}, {"id": "foreign", "label": "涉外、涉港澳台人员"}]
PEOPLE = [
    dict(zip(("kind", "id", "name", "unit", "unit_name", "division", "role", "phone", "post"), person, strict=True))
    for person in (
        ("contact", "C-370202-A", "康仁刚", "370202", "市南区应急管理局", "370202", "A", "+8612000001000", ""),
        ("unit", "370202", "市南区", "370202", "市南区", "370202", "", "+8612000002000", ""),
        ("unit", "D-XF", "市消防救援支队", "D-XF", "市消防救援支队", "370200", "", "+8612000000157", ""),
        ("leader", "L-03", "姜静晨", "", "", "", "", "+8612000009003", "副市长"),
    )
]


class StandIn:
    """`url` once served; `rows` by (kind, id); `calls` what was done, in order; `away` refuses lines, `store_away` writes."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.timelines: dict[str, list[dict[str, Any]]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._called = asyncio.Event()
        self.keys: dict[str, dict[str, Any]] = {}
        self.drafts: dict[str, Any] = {}
        self.since: list[str] = []
        self.refuse = ""
        self.breaks = ""  # the command that makes the desk fall over
        self.asked_me = 0
        self.away = self.store_away = False
        self.lose_answers = self.tries = self.shift = 0
        self.seq = 0
        self.clock = SystemClock()
        self.lines: dict[web.WebSocketResponse, int] = {}
        self.url = ""
        self.files = "/static"  # empty: as the desk itself, under addresses that last

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_guard])
        app.add_routes(
            [
                web.get("/", self.console),
                web.get("/sign-in", self.sign_in),
                web.get("/live", self.live),
                web.get("/api/me", self.me),
                web.get("/api/directory", self.directory),
                web.get("/api/map", self.map),
                web.get("/api/links", self.links),
                web.get("/api/admin", self.admin),
                web.get("/api/reads", self.reads),
                web.get("/api/audit/checkpoint", self.checkpoint),
                web.get("/api/entries", self.entries),
                web.get("/api/log", self.log),
                web.get("/api/search", self.log),
                web.get("/api/search/count", self.counted),
                web.get("/api/log/{seq}", self.kept),
                web.get("/api/statistics", self.statistics),
                web.post("/api/preview", self.preview),
                web.post("/api/calls", self.call),
                web.route("*", "/api/drafts/{name}", self.draft),
                web.get("/api/groups", self.groups),
                web.get("/api/above", self.proposal),
                web.get("/api/coverage", self.coverage),
                web.get("/api/pairs", self.pairs),
                web.get("/api/tally/{id}", self.tally),
                web.get("/api/proposals/{kind}/{id}", self.proposal),
                web.get("/api/{kind}/{id}", self.one),
                web.get("/api/{kind}", self.all),
                web.post("/api/handover/{id}/in-person", self.in_person),
                web.post("/api/roster-file", self.roster_file),
                web.post("/api/files/{id}", self.attach),
                web.post("/api/blobs", self.keep),
                web.post("/api/{kind}/{id}/{command}", self.command),
                *assets.routes(),
            ]
        )
        return app

    async def put(self, kind: str, *rows: dict[str, Any]) -> None:
        """Rows as of one more entry each, told to every line that is up."""
        for row in rows:
            self.seq += 1
            self.rows[(kind, row["id"])] = row | {"seq": self.seq}
        await self.tell()

    async def tell(self) -> None:
        for line, since in list(self.lines.items()):
            self.lines[line] = self.seq
            with suppress(ConnectionResetError):
                await line.send_str(self.frame(since))

    async def board(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        for kind, found in rows.items():
            await self.put(kind, *found)

    async def cut(self) -> None:
        """The line breaks, and no new one comes up until `back`."""
        self.away = True
        for line in list(self.lines):
            await line.close(code=1001)

    def back(self) -> None:
        self.away = False

    def frame(self, since: int) -> str:
        rows: dict[str, list[dict[str, Any]]] = {}
        for (kind, _), row in sorted(self.rows.items(), key=lambda pair: pair[1]["seq"]):
            if row["seq"] > since and (since or row["open"]):
                rows.setdefault(kind, []).append(row)
        now, writable = self.clock.now() + self.shift, not self.store_away
        return json.dumps({"head": f"{self.seq}:abcd1234", "now": now, "writable": writable, "rows": rows})

    async def live(self, request: web.Request) -> web.StreamResponse:
        if self.away:
            return web.Response(status=503)
        line = web.WebSocketResponse()
        await line.prepare(request)
        since = request.query.get("since", "0")
        self.since.append(since)
        await line.send_str(self.frame(int(since.partition(":")[0])))
        self.lines[line] = self.seq
        try:
            async for message in line:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self.lines.pop(line, None)
        return line

    async def command(self, request: web.Request) -> web.Response:
        kind, id, name = (request.match_info[n] for n in ("kind", "id", "command"))
        units = self.rows.get((kind, id), {}).get("units", []) if kind == "instruction" else []
        waiting = [one["name"] for one in units if one["answered_at"] is None]
        if name == "StrikeOff" and waiting:
            return web.json_response({"error": f"还有单位没有回复,不能销号:{'、'.join(waiting)}"}, status=409)
        return await self._do(request, f"{kind}/{id}/{name}", lambda fields: self._change(kind, id, name, fields))

    async def in_person(self, request: web.Request) -> web.Response:
        given = await request.json()
        if given.pop("password") != "right":
            return web.json_response({"error": "用户名或密码不对"}, status=403)
        id = request.match_info["id"]
        self.calls.append((f"handover/{id}/in-person", given))
        row = self.rows[("handover", id)]
        said = {"by": f"user:{given['username']}", "at": self.clock.now(), "note": ""}
        await self.put("handover", row | {"confirmed": row["confirmed"] | {given["side"]: said}, "status": "half"})
        return web.json_response({"seq": self.seq})

    async def roster_file(self, request: web.Request) -> web.Response:
        return web.json_response({"error": f"{request.query['name']} 第3行 主班 列: 「张山」不在册"}, status=422)

    async def keep(self, request: web.Request) -> web.Response:
        """Photos alone, as the real desk says it."""
        files = await self._kept(request, "blobs", 7)
        return web.json_response(
            {"files": files} if files else {"error": "只能附照片和 PDF"}, status=200 if files else 400
        )

    async def _kept(self, request: web.Request, path: str, first: int) -> list[dict[str, Any]]:
        sent = [(part.filename, await part.read()) async for part in await request.multipart()]  # type: ignore[union-attr]
        self.calls.append((path, {"names": [name for name, _ in sent]}))
        if any(not content.startswith(b"\xff\xd8\xff") for _, content in sent):
            return []
        return [
            {"digest": f"{n}" * 64, "name": name, "media_type": "image/jpeg", "size": len(content)}
            for n, (name, content) in enumerate(sent, first)
        ]

    async def attach(self, request: web.Request) -> web.Response:
        row = self.rows["incident", request.match_info["id"]]
        files = await self._kept(request, f"files/{row['id']}", len(row.get("files", [])) + 1)
        if not files:
            return web.json_response({"error": "只能附照片和 PDF"}, status=400)
        await self.put("incident", row | {"files": [*row.get("files", []), *files]})
        return web.json_response({"seq": self.seq})

    async def heard(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The first `count` acts, once they have come: a dialog is gone before what it sends arrives."""
        async with asyncio.timeout(25):
            while len(self.calls) < count:
                self._called.clear()
                await self._called.wait()
        return self.calls

    async def call(self, request: web.Request) -> web.Response:
        return await self._do(request, "calls", self._record)

    async def _do(self, request: web.Request, path: str, change: Any) -> web.Response:
        if self.away or self.store_away:
            return web.json_response({"error": "暂时不能写入"}, status=503)
        if request.headers.get("X-CSRF") != "proof":
            return web.json_response({"error": "请刷新"}, status=403)
        if self.refuse:
            return web.json_response({"error": self.refuse}, status=409)
        if self.breaks and path.endswith(self.breaks):
            return web.json_response({"error": "值班台内部出错,已记录"}, status=500)
        self.tries += 1
        key, fields = request.headers["Idempotency-Key"], await request.json()
        if key not in self.keys:
            self.calls.append((path, fields))
            self._called.set()
            self.keys[key] = {}
            await change(fields)
            self.keys[key] = {"seq": self.seq, "head": f"{self.seq}:abcd1234"}
        if self.lose_answers and request.transport:
            self.lose_answers -= 1
            request.transport.close()
        return web.json_response(self.keys[key])

    async def _record(self, fields: dict[str, Any]) -> None:
        id = f"call{len(self.calls)}"
        row = {"id": id, "open": True, "drill": False, "division": "", "number": id, "status": "recorded", "reason": "", "failures": 0,
               "text": fields["text"], "received_at": self.clock.now(), "channel": "call", "sender": fields.get("sender", ""),
               "options": [], "reading": None, "repeats": 0, "contact": None, "unit": None, "unit_name": "", "form": None}  # fmt: skip
        await self.put("message", row)

    async def _change(self, kind: str, id: str, name: str, fields: dict[str, Any]) -> None:
        if kind == "instruction":
            blank = {"id": id}
            return await self.put(
                kind, samples.instructed(self.rows.get((kind, id), blank), name, fields, self.clock.now())
            )
        if kind in ("verification", "dispatch", "checkin", "period", "inward", "downward"):
            known = self.rows.get((kind, id), {"id": id, "open": True, "drill": False, "division": ""})
            return await self.put(kind, asking_samples.asked(kind, known, name, fields, self.clock.now()))
        if kind in ("pair", "pairing", "pairround", "proof"):
            return await self.put(kind, {"id": id, "open": True, "drill": False, "division": ""} | fields)
        if kind not in BOARD:
            return None  # no console is sent such a row
        row = self.rows[(kind, id)]
        changes: dict[str, dict[str, Any]] = {
            "SignForIncident": {"signed_by": "user:zhang", "signed_how": "console"},
            "AssignIncident": {"assigned_to": fields.get("to")},
            "CloseIncident": {"status": "closed", "open": False, "outcome": fields.get("outcome")},
            "ReopenIncident": {"status": "open", "open": True, "outcome": ""},
            "DetachFile": {"files": [f for f in row.get("files", []) if f["digest"] != fields.get("digest")]},
            "NoteIncident": {"last_word": fields.get("text")},
            "ResumePeer": {"status": "up", "stopped": "", "stopped_n": 0},
            "SettleFrame": {"open": False, "settled_by": "user:zhang"},
            "DismissMessage": {"status": "dismissed", "open": False},
            "SetFlags": {"flags": fields.get("flags")},
            "LiftObligation": {"status": "lifted", "open": False, "reason": fields.get("reason")},
            "MeetObligation": {
                "status": "met",
                "open": False,
                "told_at": fields.get("told_at"),
                "whom": fields.get("whom"),
                "late_by": max(0, fields.get("told_at", 0) - row.get("due_at", 0)),
                "by": "user:zhang",
            },
        }
        await self.put(kind, row | changes.get(name, {}))
        if name == "SignForIncident":
            for page in [r for (k, _), r in self.rows.items() if k == "page" and r["incident"] == id]:
                await self.put(
                    "page",
                    page | {"status": "acknowledged", "open": False, "answer_by": None, "answered_by": "user:zhang"},
                )

    async def me(self, _request: web.Request) -> web.Response:
        self.asked_me += 1
        if self.away:
            return web.Response(status=503)
        return web.json_response(
            {"username": "zhang", "name": "张建国", "role": "officer", "division": "", "csrf": "proof", "masked": False,
             "commands": COMMANDS, "kinds": [*COMMANDS, "user", "drill", "desk"], "may_call": True,
             "policies": ["new-incident", "verify", "superior"], "flags": FLAGS,
             "roster": {"posts": watch_samples.POSTS},
             "desk": DESK, "demo": False, "locked": False, "idle_minutes": 0, "head": "0", "now": self.clock.now()}
        )  # fmt: skip

    async def one(self, request: web.Request) -> web.Response:
        kind, id = request.match_info["kind"], request.match_info["id"]
        row = self.rows.get((kind, id))
        if row is None:
            return web.json_response({"error": "没有"}, status=404)
        clocks = [row for (k, _), row in self.rows.items() if k == "obligation" and row["incident"] == id]
        timeline = self.timelines.get(f"{kind}/{id}", [])
        asked = [row for (k, _), row in self.rows.items() if k == "verification" and row.get(kind) == id]
        clocks = clocks if kind == "incident" else []
        return web.json_response({"row": row, "timeline": timeline, "clocks": clocks, "questions": asked})

    async def proposal(self, _request: web.Request) -> web.Response:
        return web.json_response(asking_samples.proposal())

    async def coverage(self, _request: web.Request) -> web.Response:
        lacks = [{"role": "A", "contact": "C-370202-A", "name": "康仁刚", "proven_at": None, "asking": False}]
        line = {"unit": "370202001", "name": "香港中路街道", "kind": "town", "division": "370202001", "lacks": lacks}
        return web.json_response({"units": 181, "covered": 180, "every_days": 90, "lines": [line]})

    async def pairs(self, _request: web.Request) -> web.Response:
        heard = {row["unit"] for (kind, _), row in self.rows.items() if kind == "pair"}
        return web.json_response(asking_samples.pairs(self.clock.now(), heard))

    async def tally(self, _request: web.Request) -> web.Response:
        return web.json_response(samples.tally())

    async def groups(self, _request: web.Request) -> web.Response:
        return web.json_response({"districts": asking_samples.DISTRICTS})

    async def all(self, request: web.Request) -> web.Response:
        found = [row for (kind, _), row in self.rows.items() if kind == request.match_info["kind"]]
        before, limit = int(request.query.get("before", "0")) or self.seq + 1, int(request.query.get("limit", "50"))
        listed = sorted((row for row in found if row["seq"] < before), key=lambda row: -row["seq"])
        return web.json_response(
            {"rows": listed[:limit], "next": listed[limit - 1]["seq"] if len(listed) > limit else None}
        )

    async def links(self, _request: web.Request) -> web.Response:
        now = self.clock.now()
        heard = {"province": {"heard_at": now - 20 * SECOND, "skew": 90 * SECOND}}
        return web.json_response({"links": heard})

    async def entries(self, request: web.Request) -> web.Response:
        wanted = [int(n) for n in request.query["seqs"].split(",")]
        made = [
            {"seq": n, "at": self.clock.now() - n * 60 * SECOND, "stream": "incident/1", "type": "IncidentNoted", "by": "user:li",
             "drill": False, "body": {"text": "已电话核实", "by": "user:li"}}
            for n in wanted
        ]  # fmt: skip
        return web.json_response({"entries": made})

    async def log(self, request: web.Request) -> web.Response:
        """The duty log: what the timelines hold, newest first; `q` is looked for in the texts."""
        found = [entry for timeline in self.timelines.values() for entry in timeline]
        q, kind = request.query.get("q", ""), request.query.get("kind", "")
        wanted = [e for e in found if q in json.dumps(e["body"], ensure_ascii=False) and e["stream"].startswith(kind)]
        listed = sorted(wanted, key=lambda entry: -entry["seq"])
        return web.json_response({"entries": listed, "next": None, "indexed": self.seq, "head": self.seq})

    async def counted(self, request: web.Request) -> web.Response:
        """A common word is not counted to its end."""
        answer = json.loads((await self.log(request)).text or "{}")
        return web.json_response({"count": len(answer["entries"]), "more": request.query["q"] == "派车"})

    async def statistics(self, request: web.Request) -> web.Response:
        """A week as the desk would have counted it; a day in 2020 has nothing."""
        full = not request.query["from"].startswith("2020")
        return web.json_response(samples.statistics(full=full))

    async def kept(self, request: web.Request) -> web.Response:
        seq = int(request.match_info["seq"])
        entry = next(e for timeline in self.timelines.values() for e in timeline if e["seq"] == seq)
        return web.json_response(entry | {"version": 2, "hash": "ab" * 32, "previous": "cd" * 32, "private_digest": ""})

    async def preview(self, request: web.Request) -> web.Response:
        text = (await request.json())["text"]
        spans = {"deaths": [[text.find("3人"), text.find("3人") + 1]]} if "3人死亡" in text else {}
        return web.json_response(
            {
                "nature": "report",
                "deaths": 3 if spans else None,
                "subtype": "爆炸" if "爆炸" in text else None,
                "spans": spans,
                "unknown": [],
            }
        )

    async def admin(self, _request: web.Request) -> web.Response:
        return web.json_response(samples.administration(self.clock.now()))

    async def reads(self, _request: web.Request) -> web.Response:
        read = {"seq": 1, "at": self.clock.now(), "by": "user:zhang", "what": "/api/incident/20261123-001"}
        return web.json_response({"reads": [read]})

    async def checkpoint(self, _request: web.Request) -> web.Response:
        return web.json_response({"seq": self.seq, "hash": "ab" * 32, "at": self.clock.now(), "token": "1:abab"})

    async def map(self, _request: web.Request) -> web.Response:
        return web.json_response({"districts": samples.DISTRICTS})

    async def directory(self, request: web.Request) -> web.Response:
        wanted = request.query["q"].replace(" ", "")
        found = [p for p in PEOPLE if any(wanted in str(p[n]) for n in ("id", "name", "unit_name", "phone"))]
        return web.json_response({"found": found})

    async def draft(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if request.method == "PUT":
            self.drafts[name] = {"body": await request.json(), "at": self.clock.now()}
        if request.method == "DELETE":
            self.drafts.pop(name, None)
        return web.json_response(self.drafts.get(name, {"body": None, "at": 0}))

    async def console(self, _request: web.Request) -> web.Response:
        return _page("console.html", csrf="proof", username="zhang", files=assets.shell(self.files))

    async def sign_in(self, request: web.Request) -> web.Response:
        failed = CATALOGUE["zh"]["sign_in_wrong"] if "failed" in request.query else ""
        return _page("sign_in.html", failed=failed, username="zhang" if failed else "", next="")


def _page(name: str, **values: Any) -> web.Response:
    templates = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    text = templates.get_template(name).render(lang="zh", words=CATALOGUE["zh"], demo=False, desk=DESK, **values)
    return web.Response(text=text, content_type="text/html")


@web.middleware
async def _guard(request: web.Request, handler: Any) -> web.StreamResponse:
    response: web.StreamResponse = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = CSP
    return response
