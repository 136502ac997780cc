"""A month's roster, a leave, and a handover under way, as a desk would send them."""

from datetime import timedelta
from typing import Any

from dutydesk.clock import DAY, HOUR, MINUTE, from_datetime, to_datetime
from tests.browser import samples

Row = dict[str, Any]
POSTS = [
    {"id": "leader", "name": "带班领导", "leads": True},
    {"id": "main", "name": "主班", "leads": False},
    {"id": "deputy", "name": "副班", "leads": False},
]
_PLAIN = {"open": True, "drill": False, "division": ""}


def roster(now: int) -> Row:
    """This month: day and night, one gap the day after tomorrow, one person twice."""
    first = to_datetime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    duties = [_duty(from_datetime(first) + n * DAY, n) for n in range((after - first).days)]
    all_ = [duty for pair in duties for duty in pair]
    gap = next((d for d in all_ if d["starts_at"] > now + 4 * HOUR), all_[-1])
    gap["seats"] = [seat for seat in gap["seats"] if seat["post"] != "deputy"]
    problems = [
        {"wrong": "gap", "duty": gap["id"], "post": "deputy", "person": ""},
        {"wrong": "few", "duty": gap["id"], "post": "", "person": ""},
    ]
    month = f"{first:%Y-%m}"
    return _PLAIN | {"id": month, "month": month, "duties": all_, "problems": problems, "how": "rotation", "file": "",
                     "known": True, "by": "user:chen"}  # fmt: skip


def _duty(midnight: int, n: int) -> list[Row]:
    turns = ("zhang", "li", "wang", "zhao")
    bounds = (("白班", 8 * HOUR + 30 * MINUTE, 17 * HOUR), ("夜班", 17 * HOUR, 32 * HOUR + 30 * MINUTE))
    return [
        {
            "id": f"{to_datetime(midnight):%Y%m%d}-{k + 1}", "name": name, "starts_at": midnight + a, "ends_at": midnight + b,
            "special": "", "seats": [
                {"post": "leader", "person": ("chen", "zhou")[n % 2]},
                {"post": "main", "person": turns[(2 * n + k) % 4]},
                {"post": "deputy", "person": turns[(2 * n + k + 2) % 4]},
            ],
        }
        for k, (name, a, b) in enumerate(bounds)
    ]  # fmt: skip


def users() -> list[Row]:
    more = (("wang", "王强", "officer"), ("zhao", "赵敏", "officer"), ("zhou", "周海", "shift_leader"))
    return [_PLAIN | {"id": u, "username": u, "name": n, "role": r, "phone": None, "email": None} for u, n, r in more]


def leave(now: int) -> Row:
    need = {"month": "m", "duty": "d1", "name": "白班", "post": "main", "starts_at": now + 18 * HOUR, "ends_at": now + 27 * HOUR,
            "out": "li", "stand_in": "wang"}  # fmt: skip
    return _PLAIN | {
        "id": "l1", "person": "li", "kind": "leave", "starts_at": now + 12 * HOUR, "ends_at": now + 40 * HOUR, "reason": "母亲住院",
        "needs": [need], "stand_in": "wang", "short_notice": True, "notice_days": 0, "requested_at": now - HOUR, "by": "user:li",
        "status": "requested", "decided_by": "", "note": "",
    }  # fmt: skip


def decided(now: int) -> Row:
    """A leave that was approved; the stand-in has no number."""
    told = [{"person": "li", "how": "sms"}, {"person": "wang", "how": None}]
    return leave(now) | {
        "id": "l2",
        "status": "approved",
        "short_notice": False,
        "told": told,
        "decided_by": "user:zhou",
    }


def handover(now: int) -> Row:
    def item(kind: str, id: str, title: str, **more: Any) -> Row:
        return {
            "kind": kind,
            "id": id,
            "title": title,
            "state": "open",
            "due_at": None,
            "owner": "",
            "marks": [],
        } | more

    items = [
        item("incident", "20261123-001", "20261123-001 仓库爆炸", owner="li", marks=["disputed"]),
        item("incident", "20261123-002", "20261123-002 学校停电", marks=["unsigned"]),
        item("obligation", "o1", "书面报省安委办", due_at=now - 4 * MINUTE, marks=["overdue"]),
        item("instruction", "b1", "2026-014 全力搜救被困人员", due_at=now + HOUR),
        item("note", "n0", "14时与气象台核对雨情", owner="zhang"),
    ]
    kinds = ("incident", "obligation", "instruction", "note")
    return _PLAIN | {
        "id": "20261123-1", "watch": "20261123-1", "name": "白班", "starts_at": now - 8 * HOUR, "ends_at": now + 6 * MINUTE,
        "outgoing": ["chen", "zhang", "li"], "next": {"name": "夜班", "people": ["zhou", "wang", "zhao"], "ends_at": now + 15 * HOUR},
        "opened_at": now - 4 * MINUTE, "status": "open", "items": items, "late": False, "how": "", "completed_at": None,
        "heaps": [{"kind": kind, "open": sum(i["kind"] == kind for i in items)} for kind in kinds],
        "confirmed": {}, "refused": [], "late_by": None, "note": "",
    }  # fmt: skip


def holiday(now: int) -> dict[str, list[Row]]:
    about = {"name": "海洋大会", "first": "2026-12-10", "last": "2026-12-12"}
    ours = _PLAIN | about | {"id": "20261210", "kind": "period", "ask_at": now - DAY, "send_at": now - HOUR, "over_at": now + 9 * DAY,
                             "asked": ["370202"], "sent": 1, "to": ["370202"], "unreachable": [], "planned": True, "gaps": 2}  # fmt: skip
    theirs = _PLAIN | about | {"id": "20261210.370202", "unit": "370202", "unit_name": "市南区", "due_at": now - HOUR, "at": now - DAY,
                               "status": "overdue", "chased": 2, "lines": [], "missing": [], "late_by": None, "given_at": None}  # fmt: skip
    return {"holiday": [ours], "unitroster": [theirs]}


def evening(now: int) -> dict[str, list[Row]]:
    """Everything of the view at once."""
    board = samples.small(now)
    (watch,) = board["watch"]
    notes = [{"text": "14时与气象台核对雨情", "happened_at": now - 2 * HOUR, "by": "user:zhang"}]
    posts = [["leader", "chen"], ["main", "zhang"], ["deputy", "li"]]
    watch |= {"leaders": ["chen"], "posts": posts, "notes": notes, "held_at": None, "handover": True, "handed": ""}
    board["user"] += users()
    return board | {"roster": [roster(now)], "leave": [leave(now)], "handover": [handover(now)], **holiday(now)}
