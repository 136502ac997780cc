"""What the stand-in desk shows of questions: a proposal, answers side by side, rounds of a dispatch, papers from above."""

from collections.abc import Collection
from typing import Any

from dutydesk.clock import HOUR, MINUTE

Row = dict[str, Any]
NAMES = {
    "U-370000": "山东省政府总值班室",
    "370202001": "香港中路街道",
    "370202": "市南区",
    "D-XF": "市消防救援支队",
    "E-1": "海信大厦物业",
}
DISTRICTS = [
    {"id": f"3702{n:02d}", "name": name} for n, name in ((2, "市南区"), (3, "市北区"), (11, "黄岛区"), (12, "崂山区"))
]


def proposal() -> Row:
    """Three ticked, one of the same trade not."""
    whys = (("370202001", "town", "康仁刚(A)"), ("370202", "district", "任春勇(A)"), ("D-XF", "duty", "廖泽昊(A)"))
    found = [_candidate(unit, why, people, True) for unit, why, people in whys]
    text = "12:00收到:网传香港中路8号写字楼起火。请立即核实是否属实,有无伤亡,现场情况如何"
    limits = {"phone_minutes": 15, "written_minutes": 30, "confirmed": False, "law": "本室默认,没有公开的数字规定"}
    units = (("U-370000", "山东省政府总值班室", True), ("U-100000", "国务院总值班室", False))
    above = [{"unit": unit, "name": name, "linked": line, "reachable": True} for unit, name, line in units]
    limits["above"] = {"units": above, "minutes": 30, "confirmed": False, "law": "本室默认"}
    return {"text": text, "candidates": [*found, _candidate("E-1", "industry", "", False)], **limits}


def _candidate(unit: str, why: str, people: str, ticked: bool) -> Row:
    names = [people] if people else []
    return {"unit": unit, "name": NAMES[unit], "why": why, "people": names, "reachable": True, "ticked": ticked}


def line(unit: str, why: str, at: int, *answers: Row, page: str = "p", unheard: bool = False) -> Row:
    name = NAMES.get(unit) or next((d["name"] for d in DISTRICTS if d["id"] == unit), unit)
    return {
        "unit": unit,
        "name": name,
        "why": why,
        "page": page,
        "asked_at": at,
        "unheard": unheard,
        "answers": [*answers],
    }


def said(at: int, truth: str | None, text: str, name: str, how: str = "sms", late_by: int = 0, **figures: Any) -> Row:
    who = {"who": "contact:x", "name": name, "how": how, "message": None, "late_by": late_by}
    return who | {"at": at, "truth": truth, "text": text, "figures": figures}


def question(id: str, incident: str | None, at: int, *lines: Row, **more: Any) -> Row:
    answered = sum(1 for one in lines if one["answers"])
    row = {
        "id": id,
        "open": True,
        "drill": False,
        "division": "370202",
        "number": f"2026-{id}",
        "text": proposal()["text"],
    }
    row |= {
        "asks": "truth",
        "asked_at": at,
        "phone_by": at + 15 * MINUTE,
        "written_by": at + 30 * MINUTE,
        "message": None,
    }
    row |= {"confirmed": False, "law": "本室默认", "incident": incident, "dispatch": "", "round": 0, "by": "user:zhang"}
    row |= {
        "status": "asking",
        "lines": list(lines),
        "answered": answered,
        "differ": False,
        "overdue": [],
        "truth": None,
    }
    return row | {"reason": "", "ended_at": None, "ended_by": ""} | more


def answered(now: int, incident: str | None) -> list[Row]:
    """One question whose answers differ, one silent, one answered late."""
    at = now - 20 * MINUTE
    lines = (
        line("370202001", "town", at, said(at + 4 * MINUTE, "false", "不属实,现场为消防演练", "康仁刚")),
        line("370202", "district", at, said(at + 6 * MINUTE, "true", "属实,2人受伤已送医", "任春勇", "web", injured=2)),
        line("D-XF", "duty", at, said(at + 18 * MINUTE, None, "已派员到场查看", "廖泽昊", "voice", 3 * MINUTE)),
        line("E-1", "industry", at, unheard=True),
    )
    return [question("0007", incident, at, *lines, differ=True, overdue=["phone"])]


def checkin(now: int, incident: str, status: str = "heard") -> Row:
    row = {
        "id": f"{incident}-c",
        "open": True,
        "drill": False,
        "division": "370202",
        "incident": incident,
        "status": status,
    }
    row |= {
        "contact": "C-370202-A",
        "unit": "370202",
        "name": "康仁刚",
        "every_minutes": 30,
        "by": "user:zhang",
        "how": "sms",
    }
    row |= {"started_at": now - HOUR, "heard_at": now - 12 * MINUTE, "next_at": now + 18 * MINUTE}
    return row | {"minutes": 0, "page": "", "reason": ""}


def downward(now: int, **more: Any) -> Row:
    """What went down a line to a district and waits for an answer."""
    row: Row = {"id": "w1", "open": True, "drill": False, "division": "", "number": "2026-0001", "kind": "question"}
    row |= {
        "unit": "370202",
        "unit_name": "市南区",
        "title": "请核报香港中路起火情况",
        "text": "有无人员被困",
        "incident": None,
    }
    row |= {
        "sent_at": now,
        "law": "本室默认",
        "confirmed": False,
        "by": "user:zhang",
        "delivery": "d2026-0001",
        "marked": 0,
    }
    row |= {"turn": {"status": "arrived", "receipt": "1123-004", "at": now}, "answers": [], "status": "waiting"}
    row |= {"late_by": None, "reason": "", "ended_by": "", "ended_at": None}
    given = {name: value for name, value in more.items() if value is not None and name != "attach"}
    return {"answer_by": now + 60 * MINUTE} | row | given


def inwards(now: int) -> list[Row]:
    """A question that is nearly due, a document, one that is answered."""
    return [
        _inward("n1", "question", "请核报香港中路起火情况", now - 26 * MINUTE, 30, reply_to="U-370000"),
        _inward("n2", "document", "关于做好强降雨防范工作的紧急通知", now - 10 * MINUTE, 60, taken_by="user:zhang"),
        _inward("n3", "warning", "暴雨红色预警", now - 30 * MINUTE, 10, status="answered", late_by=0),
    ]


def _inward(id: str, kind: str, title: str, at: int, minutes: int, **more: Any) -> Row:
    row = {
        "id": id,
        "open": True,
        "drill": False,
        "division": "",
        "number": f"2026-000{id[1]}",
        "kind": kind,
        "title": title,
    }
    row |= {
        "sender": "省政府总值班室",
        "text": "",
        "reference": "鲁政办电〔2026〕8号",
        "urgency": "特急",
        "received_at": at,
    }
    row |= {"due_at": at + minutes * MINUTE, "law": "长子2025", "confirmed": False, "by": "user:li", "taken_by": ""}
    row |= {
        "reply_to": "",
        "told": None,
        "marked": 0,
        "answers": [],
        "status": "waiting",
        "late_by": None,
        "reason": "",
        "incident": None,
    }
    return row | {"message": None, "original": "", "closed_by": "", "closed_at": None} | more


def dispatch(now: int, rounds: int = 2) -> dict[str, list[Row]]:
    """Four districts, two rounds, one silent in the newest."""
    units = [one["id"] for one in DISTRICTS]
    row = {
        "id": "d1",
        "open": True,
        "drill": False,
        "division": "370200",
        "number": "2026-003",
        "text": "各地转移人数和险情",
    }
    row |= {
        "every_minutes": 120,
        "incident": None,
        "started_at": now - 130 * MINUTE,
        "by": "user:zhang",
        "units": units,
    }
    row |= {"status": "running", "next_at": now + 110 * MINUTE, "reason": "", "ended_at": None, "ended_by": ""}
    row |= {"rounds": [{"round": n, "verification": f"2026-003-{n}", "at": now} for n in range(1, rounds + 1)]}
    made = [_round(n, now - (130 if n == 1 else 10) * MINUTE, n == rounds) for n in range(1, rounds + 1)]
    return {"dispatch": [row], "verification": made}


def _round(n: int, at: int, newest: bool) -> Row:
    texts = ["转移35人,无险情", "无情况", "转移120人,2处积水", "转移8人"]
    lines = [
        line(
            one["id"],
            "chosen",
            at,
            *([] if newest and k == 3 else [said(at + k * MINUTE, None, texts[k], "值班员", evacuated=35)]),
        )
        for k, one in enumerate(DISTRICTS)
    ]
    more = {"open": newest, "asks": "report", "dispatch": "d1", "round": n, "text": "各地转移人数和险情"}
    return question(f"2026-003-{n}", None, at, *lines, **more)


def period(now: int) -> Row:
    quiet = [{"unit": "370211", "name": "黄岛区", "why": "district", "since": now - 3 * HOUR, "page": "w1"}]
    row = {"id": "p1", "open": True, "drill": False, "division": "", "name": "台风“美莎克”", "units": [], "until": None}
    row |= {"districts": ["370202", "370203", "370211"], "by": "user:zhang", "started_at": now - 5 * HOUR}
    return row | {"next_at": now + MINUTE, "status": "running", "quiet": quiet, "reason": ""}


def asked(kind: str, row: Row, name: str, fields: Row, now: int) -> Row:
    """How a row of these kinds looks after a command."""
    match name:
        case "AskUnits":
            lines = [line(unit, fields["whys"].get(unit, "chosen"), now) for unit in fields["units"]]
            asks = fields.get("asks", "truth")
            if asks == "guidance":
                lines[0] |= {"turn": {"status": "arrived", "receipt": "1123-009", "at": now}}
            return question(row["id"], fields.get("incident"), now, *lines, text=fields["text"], asks=asks) | {
                "files": fields.get("files", [])
            }
        case "Conclude":
            return row | {
                "open": False,
                "status": "concluded",
                "truth": fields.get("truth"),
                "reason": fields["reason"],
            }
        case "StartDispatch":
            blank = dispatch(now, 0)["dispatch"][0]
            return blank | {"id": row["id"]} | {k: fields[k] for k in ("text", "units", "every_minutes", "incident")}
        case "SetUnits":
            return row | {"units": fields["units"]}
        case "LogInward":
            return _inward("n9", fields["kind"], fields["title"], now, 60) | {
                "id": row["id"],
                "sender": fields["sender"],
            }
        case "SendDown":
            return downward(now, **fields) | {"id": row["id"]}
        case "TakeAnswer":
            answer = {"who": "unit:370202", "how": "call", "text": fields["text"], "declined": False, "message": None}
            return row | {"status": "answered", "answers": [answer | {"at": now, "late_by": 0}]}
        case "AnswerInward":
            answer = {"text": fields["text"], "how": fields["how"], "by": "user:zhang", "at": now, "late_by": 0}
            answer |= {"declined": False, "reply": {"status": "arrived", "receipt": "1123-007", "at": now}}
            return row | {"status": "answered", "answers": [answer], "late_by": 0}
        case "TakeInward":
            return row | {"taken_by": "user:zhang"}
        case "MarkPeriod":
            return period(now) | {"id": row["id"], "name": fields["name"], "quiet": []}
        case "StartCheckIn":
            return checkin(now, fields["incident"]) | {"id": row["id"]}
    return row | {"open": False}


def pairs(now: int, heard: Collection[str] = ()) -> Row:
    """Pairs of towns and units: one wrong, one never asked, one that lacks a contact, one of which a side waits, one complete.

    `heard`: units whose pair is complete by now.
    """
    stands: tuple[tuple[str, str, str, str, list[str], list[str]], ...] = (
        ("E-1", "青岛澜渚石化有限公司", "disputed", "2 联络员换成李工,号码也换了", [], []),
        ("E-2", "青岛潮屿液化天然气接收站", "lacking", "", ["unit"], []),
        ("E-3", "青岛汐原油品储运有限公司", "none", "", [], []),
        ("E-4", "青岛砚海氯碱化工有限公司", "town_only", "", [], ["unit"]),
        ("E-5", "青岛沧屿船舶修造厂", "confirmed", "", [], []),
    )
    lines = [
        {"pair": f"370211103-{code}", "unit": code, "name": name, "town": "370211103", "town_name": "泊里镇",
         "division": "370211103",
         "status": "confirmed" if code in heard else status, "at": None if status in ("none", "lacking") else now - HOUR,
         "text": text, "lacks": lacks, "asking": asking}
        for code, name, status, text, lacks, asking in stands
    ]  # fmt: skip
    by = {"disputed": 1, "lacking": 1, "none": 1, "town_only": 1, "confirmed": 1}
    districts = [{"division": "370211", "name": "黄岛区", "pairs": 5, "by": by}]
    return {"every_days": 180, "lines": lines, "districts": districts, "rounds": 0}
