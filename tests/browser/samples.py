"""Believable rows for the console's tests and pictures: a small day, or a storm. Times are counted back from `now`."""

from typing import Any

from dutydesk.clock import HOUR, MINUTE, SECOND

Row = dict[str, Any]

TEXTS = (
    (
        "市南区应急管理局 康仁刚",
        "370202",
        "14时05分,市南区香港中路88号世贸中心B座12层起火,现场有人员被困,已疏散约200人,2人受伤送医,伤亡情况核实中。",
    ),
    (
        "青岛石化调度 任春勇",
        "E-001",
        "13:52 李沧区炼化二厂3号罐区泄漏爆炸,3人死亡,5人受伤(重伤2人),2人失联,消防正在处置,周边300米群众已转移。",
    ),
    ("胶州市铺集镇 廖泽昊", "370281112", "我镇昨夜强降雨,3个村进水,转移群众127人,无人员伤亡,道路中断两处。"),
    ("黄岛区海事 苏文", "370211", "10:20前湾港外锚地一渔船与货船碰撞,渔船倾覆,船上7人,已救起4人,3人失联,海况5级。"),
    ("即墨区卫健局 许晓燕", "370215", "通济街道某小学午饭后37名学生呕吐腹泻,均已送医,病情平稳,原因待查。"),
    ("崂山区沙子口街道 王海", "370212005", "崂山景区一名游客坠崖,搜救中,人员情况不明。"),
)
TITLES = (
    ("市南区香港中路88号世贸中心火灾", "较大", "火灾", "市南区应急管理局"),
    ("李沧区炼化二厂3号罐区爆炸", "重大", "爆炸事故", "青岛石化"),
    ("胶州市铺集镇强降雨内涝", "一般", "暴雨", "胶州市铺集镇"),
    ("黄岛区前湾港外锚地船舶碰撞", "较大", "水上交通事故", "黄岛区海事处"),
    ("即墨区通济街道小学疑似食物中毒", None, "食物中毒", "即墨区卫生健康局"),
    ("崂山区沙子口街道游客坠崖", None, "山岳遇险", "崂山区沙子口街道"),
)
FIGURES: tuple[dict[str, int], ...] = (
    {"injured": 2, "evacuated": 200},
    {"deaths": 3, "injured": 5, "seriously_injured": 2, "missing": 2},
    {"deaths": 0, "injured": 0, "evacuated": 127},
    {"missing": 3, "rescued": 4},
    {"deaths": 0, "ill": 37},
    {},
)

LAWS = ("山东省安全生产条例(2021修订) 第65条", "鲁政办字〔2019〕50号,原文未见,待核实")
OPTIONS = [
    {"kind": "incident", "id": "20261123-000", "label": "市南区世贸中心火灾"},
    {"kind": "new", "id": "", "label": "都不是,是新情况"},
]


def span(text: str, words: str) -> list[list[int]]:
    at = text.find(words)
    return [[at, at + len(words)]] if at >= 0 else []


def reading(kind: int) -> Row:
    text, figures = TEXTS[kind][2], FIGURES[kind]
    spans = {name: span(text, f"{value}") for name, value in figures.items() if value}
    spans["place_text"] = span(text, TITLES[kind][0][:8])
    unknown = ["deaths", "injured"] if kind == 0 else ["injured"] if kind == 5 else []
    return {
        **figures,
        "is_emergency": True,
        "nature": "report",
        "kind": "首报",
        "subtype": TITLES[kind][2],
        "unknown": unknown,
        "spans": spans,
    }


def message(n: int, at: int, status: str = "held", reason: str = "unknown_sender", **more: Any) -> Row:
    kind = n % len(TEXTS)
    name, unit = TEXTS[kind][0].split()
    row = {
        "id": f"m{n}", "open": status in ("recorded", "failed", "held", "asked"), "drill": False, "division": "370200",
        "number": f"1123-{n:03d}", "status": status, "reason": reason, "error": "", "failures": 0, "incident": None,
        "page": None, "options": [], "reading": reading(kind), "receipted": True, "settled_by": "", "received_at": at,
        "channel": ("sms", "call", "web", "api")[n % 4], "via": "mainland", "sender": f"+861200000{n % 1000:04d}", "sender_name": unit,
        "text": TEXTS[kind][2], "media": [], "sent_at": None, "contact": None if reason == "unknown_sender" else "C-1",
        "unit": None, "unit_name": name, "form": None, "repeat_of": None, "repeats": 0,
    }  # fmt: skip
    return row | more


def incident(n: int, at: int, **more: Any) -> Row:
    title, level, subtype, unit = TITLES[n % len(TITLES)]
    figures = {
        name: {"name": name, "value": value, "message": f"m{n}", "at": at, "as_of": None}
        for name, value in FIGURES[n % len(FIGURES)].items()
    }
    row = {
        "id": f"20261123-{n:03d}", "open": True, "drill": False, "division": "370200", "number": f"20261123-{n:03d}",
        "title": title, "status": "open", "signed_by": "", "signed_how": "", "assigned_to": "", "unit": None, "unit_name": unit,
        "messages": [f"m{n}"], "figures": figures, "received_at": at, "last_report_at": at, "last_word": TEXTS[n % len(TEXTS)][2][:80],
        "maybe": [], "flags": [], "merged_into": "", "outcome": "", "category": "accident", "subtype": subtype,
        "place_text": title[:10], "occurred_at": "2026-11-23T13:52:00+08:00",
    }  # fmt: skip
    if level:
        row["level"] = level
    return row | more


def page(of: Row, now: int, left: float, span_minutes: float = 5, **more: Any) -> Row:
    """A page about an incident with `left` minutes to answer out of `span_minutes`."""
    answer_by = now + int(left * MINUTE)
    row = {
        "id": f"{of['id']}-1", "open": True, "drill": of["drill"], "division": "370200", "subject": of["title"], "incident": of["id"],
        "message": None, "policy": "new-incident", "status": "open", "step": 0, "steps": 4, "who": ["watch"], "how": ["console"],
        "round": 0, "answer_by": answer_by, "started_at": answer_by - int(span_minutes * MINUTE), "calls": [], "failed": [],
        "answered_by": "", "answered_how": "", "answer": "", "after": 0, "late": [], "extensions": 0, "reason": "",
    }  # fmt: skip
    return row | more


def clock(of: Row, now: int, left: float, minutes: float = 30, **more: Any) -> Row:
    """A legal clock of an incident with `left` minutes left out of `minutes`."""
    due_at = now + int(left * MINUTE)
    row = {
        "id": f"{of['id']}-safety-phone", "open": True, "drill": of["drill"], "division": "370200", "incident": of["id"],
        "rule": "safety-phone",
        "title": "电话直报省安委办", "sender": "city", "receiver": "省安委会办公室", "line": "government", "channel": "phone",
        "start": "received", "law": LAWS[0], "confirmed": True, "status": "running" if left > 0 else "missed",
        "start_at": due_at - int(minutes * MINUTE), "due_at": due_at, "assumed": False, "warned": 0, "told_at": None, "whom": "",
        "late_by": None, "by": "", "reason": "", "moves": 0,
    }  # fmt: skip
    return row | more


def clocks(of: Row, now: int) -> list[Row]:
    """One missed, one near its end, one met and one that was lifted."""
    written = {
        "channel": "written",
        "rule": "province-written",
        "title": "书面报省政府总值班室",
        "receiver": "province",
    }
    unread = {"law": LAWS[1], "confirmed": False, "start": "became_reportable"}
    told = {
        "status": "met",
        "open": False,
        "told_at": now - 5 * MINUTE,
        "whom": "省安委办值班员",
        "late_by": 3 * MINUTE,
        "by": "user:li",
    }
    return [
        clock(of, now, -3.5, id=f"{of['id']}-phone"),
        clock(of, now, 9, 60, id=f"{of['id']}-written", assumed=True, **written, **unread),
        clock(of, now, -8, 15, id=f"{of['id']}-leaders", title="电话报告市领导", **told),
        clock(of, now, 50, 60, id=f"{of['id']}-state", status="lifted", open=False, reason="不到特别重大", **written),
    ]


def delivery(id: str, about: str, now: int, **more: Any) -> Row:
    row = {
        "id": id, "open": True, "drill": False, "division": "", "how": "sms", "to": "+8612000001000",
        "text": "【值班室】市南区世贸中心火灾。回复1签收。", "purpose": "page", "about": about, "callee": "contact:C-370202-A",
        "via": "mainland", "status": "delivered", "attempts": 1, "uncertain": False, "provider_id": "", "code": "", "detail": "",
        "promise": "repeatable", "subject": "", "segments": 1, "queued_at": now, "confirmed_by": "",
    }  # fmt: skip
    return row | more


def standing(now: int) -> dict[str, list[Row]]:
    """What is there on every desk: officers, the watch, the desk itself."""
    users = (("zhang", "张建国", "officer"), ("li", "李文静", "officer"), ("chen", "陈立新", "shift_leader"))
    return {
        "user": [
            {"id": u, "open": True, "drill": False, "division": "", "username": u, "name": n, "role": r, "phone": None, "email": None}
            for u, n, r in users
        ],
        "watch": [
            {"id": "20261123-1", "open": True, "drill": False, "division": "", "name": "白班", "starts_at": now - 6 * HOUR,
             "ends_at": now + 159 * MINUTE, "leader": "chen", "officers": ["zhang", "li"], "former": None, "ended_at": None,
             "ended_by": "", "note": ""}
        ],
        "desk": [{"id": "main", "open": True, "drill": False, "division": "", "version": "0.1.0", "stopped": [], "clock_steps": 0}],
    }  # fmt: skip


def small(now: int) -> dict[str, list[Row]]:
    """Three incidents, each at another stage, and four messages."""
    fire = incident(0, now - 4 * MINUTE, maybe=["20261123-001"])
    blast = incident(
        1, now - 21 * MINUTE, signed_by="user:li", signed_how="console", assigned_to="li", messages=["m1", "m91"]
    )
    rain = incident(2, now - 3 * HOUR, signed_by="contact:C-370202-A", signed_how="sms")
    pages = [
        page(fire, now, 0.9, 2),
        page(blast, now, -1.3, 5, who=["watch_leader"], step=2, how=["voice", "sms"], started_at=now - 12 * MINUTE),
    ]
    late = delivery("p1.2", f"page/{blast['id']}-1", now - 3 * MINUTE, status="undelivered", code="30003")
    unsure = delivery("p1.3", f"page/{blast['id']}-1", now - 2 * MINUTE, status="sending", uncertain=True, how="voice")
    done = delivery("p1.4", f"page/{blast['id']}-1", now - 2 * MINUTE, open=False)
    return standing(now) | {
        "incident": [fire, blast, rain],
        "obligation": clocks(blast, now),
        "page": pages,
        "delivery": [late, unsure, done],
        "message": [
            message(3, now - 9 * MINUTE),
            message(4, now - 4 * MINUTE, "asked", "", options=OPTIONS),
            message(5, now - 70 * SECOND, "failed", "", error="ValueError", failures=2, reading=None),
            message(6, now - 20 * SECOND, "recorded", "", reading=None),
        ],
    }  # fmt: skip


def storm(now: int, incidents: int = 60, messages: int = 100) -> dict[str, list[Row]]:
    """A bad night."""
    found = standing(now) | {"incident": [], "page": [], "message": [], "delivery": []}
    for n in range(incidents):
        signed = (
            {"signed_by": "user:li", "signed_how": "console", "assigned_to": "li" if n % 4 else ""} if n % 3 else {}
        )
        one = incident(n, now - (n * 7 + 1) * MINUTE, **signed, drill=n == 7)
        found["incident"].append(one)
        if n % 3 != 1:
            found["page"].append(
                page(one, now, (n * 1.7) - 3, 10, step=n % 3, who=[["watch"], ["watch_leader"], ["city_leader"]][n % 3])
            )
    kinds = (("held", "unknown_sender"), ("recorded", ""), ("held", "reads_as_unsure"), ("failed", ""))
    for n in range(messages):
        status, reason = kinds[n % 4]
        found["message"].append(
            message(n + 100, now - (messages - n) * 13 * SECOND, status, reason, failures=int(status == "failed"))
        )
    return found


ISSUE = {
    "issue": 1,
    "by": "user:chen",
    "to": [{"callee": "user:chen", "how": "sms", "delivery": "1.0"}],
    "names": ["陈立新"],
    "missing": ["leader:L-03"],
}


def circular(now: int) -> Row:
    names = {"received": 41, "repeated": 6, "from_unknown": 3, "opened": 9, "closed": 5, "merged": 2, "false_reports": 1, "pages": 14,
             "pages_answered": 13, "pages_late": 2, "pages_exhausted": 0, "undelivered": 1, "uncertain": 1, "open_at_end": 3}  # fmt: skip
    figures = [{"name": k, "value": v, "unit": "", "seqs": list(range(1, min(v, 3) + 1))} for k, v in names.items()]
    figures += [
        {"name": "answer_median", "value": 74, "unit": "s", "seqs": [1]},
        {"name": "answer_slowest", "value": None, "unit": "s", "seqs": []},
    ]
    return {
        "id": "20261122-2", "open": True, "drill": False, "division": "", "watch": "20261122-2", "name": "夜班",
        "starts_at": now - 22 * HOUR, "ends_at": now - 6 * HOUR, "note": "胶州内涝盯到退水。", "status": "issued",
        "figures": figures, "items": [{"text": "20261122-004 胶州市铺集镇强降雨内涝", "stream": "incident/20261123-002", "state": "open"}],
        "summary": "本班收到来报41条,立事件9件,了结5件,未了3件;呼叫14次,13次签收;1条没送到。",
        "corrections": [{"name": "closed", "former": "4", "value": "5", "reason": "漏计一件移交", "by": "user:chen"}],
        "issues": [ISSUE],
        "changed_since_issue": True, "opened": [["user:chen", now - 5 * HOUR]],
    }  # fmt: skip


def monthly(now: int) -> Row:
    """The circular of a month."""
    more = {
        "id": "month-20261101",
        "kind": "month",
        "title": "2026年11月值班工作情况通报",
        "status": "drafted",
        "issues": [],
    }
    return circular(now) | more


def tally() -> Row:
    """Figures of a month: a district's own, and how contacts and pairs stand in two of them and in all."""

    def row(unit: str, name: str, kind: str, figures: dict[str, int]) -> Row:
        told = [{"name": k, "value": v, "unit": "", "seqs": [1, 2][:v]} for k, v in figures.items()]
        return {"unit": unit, "name": name, "kind": kind, "division": unit, "figures": told}

    names = ("units", "covered", "contacts", "proven", "pairs", "pairs_confirmed", "pairs_half", "pairs_disputed")
    stands = (("370202", "市南区", 18, 15, 36, 31, 30, 22, 3, 0), ("370211", "黄岛区", 41, 20, 82, 55, 60, 31, 9, 2))
    covered = [row(code, name, "district", dict(zip(names, said, strict=True))) for code, name, *said in stands]
    whole = {name: sum(each) for name, *each in zip(names, *(one[2:] for one in stands), strict=True)}
    districts = [row("370202", "市南区", "district", {"received": 12, "opened": 3, "late": 1})]
    return {"scheme": "", "scheme_name": "", "confirmed": True, "scores": [], "units": districts, "districts": districts,
            "coverage": [*covered, row("", "合计", "all", whole)]}  # fmt: skip


def told(unit: str, name: str, given_at: int, answer_by: int, **more: Any) -> Row:
    """A unit that an instruction was passed to."""
    blank = {"read_at": None, "answer": None, "answered_at": None, "late_by": None}
    return {"unit": unit, "name": name, "given_at": given_at, "answer_by": answer_by} | blank | more


def instruction(n: int, now: int, words: str, units: tuple[Row, ...] = (), **more: Any) -> Row:
    """What a leader ordered twenty minutes ago and more, with the units that have it."""
    row = {
        "id": f"b{n}", "open": True, "drill": False, "division": "", "number": f"2026-{n:03d}", "text": words,
        "leader": "L-03", "leader_name": "姜静晨", "said_at": now - (20 + n) * MINUTE, "logged_at": now - (18 + n) * MINUTE,
        "incident": None, "original": "", "status": "logged", "units": [], "answer_by": None, "struck_by": "", "struck_at": None,
        "reason": "",
    }  # fmt: skip
    return followed(row, list(units)) | more


def followed(row: Row, units: list[Row]) -> Row:
    """The row with these units: whom it waits for, and until when."""
    due = min((one["answer_by"] for one in units if one["answered_at"] is None), default=None)
    return row | {"units": units, "answer_by": due, "status": "waiting" if units else "logged"}


def instructed(row: Row, name: str, fields: Row, now: int) -> Row:
    """What a command makes of an instruction's row, as the desk has it."""
    units = list(row.get("units", []))
    if name == "LogInstruction":
        return instruction(90, now, fields["text"], **fields) | {"logged_at": now, "id": row["id"]}
    if name == "PassOn":
        return followed(row, [*units, told(fields["unit"], UNITS[fields["unit"]], now, fields["answer_by"])])
    if name == "StrikeOff":
        done = {"status": "struck_off", "open": False, "struck_by": "user:zhang", "struck_at": now}
        return row | done | {"reason": fields["reason"]}
    late = {one["unit"]: max(0, now - one["answer_by"]) for one in units}
    answer = {"answer": fields["text"], "answered_at": now, "late_by": late[fields["unit"]]}
    return followed(row, [one | answer if one["unit"] == fields["unit"] else one for one in units])


UNITS = {"370202": "市南区", "D-XF": "市消防救援支队", "D-WJ": "市卫生健康委员会"}


def links(now: int) -> dict[str, list[dict[str, Any]]]:
    """A link that is up, one that is stopped, and a paper that was refused."""
    up = {
        "unit": "U-370000",
        "unit_name": "山东省政府总值班室",
        "side": "above",
        "status": "up",
        "up": True,
        "since": now - HOUR,
    }
    calm = {"stopped": "", "stopped_n": 0, "stopped_at": 0}
    forked = {
        "unit": "370202",
        "unit_name": "市南区",
        "side": "below",
        "status": "stopped",
        "up": True,
        "since": now - HOUR,
    }
    frame = {
        "peer": "shinan",
        "unit": "370202",
        "unit_name": "市南区",
        "n": 7,
        "key": "d7",
        "kind": "submission",
        "verdict": "refused",
        "why": "not_theirs",
        "received_at": now - 5 * MINUTE,
        "text": '{"title":"别处的火灾"}',
        "settled_by": "",
    }
    return {
        "peer": [
            {"id": "province", "open": True, **up, **calm},
            {"id": "shinan", "open": True, **forked, "stopped": "fork", "stopped_n": 7, "stopped_at": now - MINUTE},
        ],
        "frame": [{"id": "shinan.7", "open": True, **frame}],
    }


def instructions(now: int) -> list[Row]:
    """One overdue, one under way about the second incident, one with nobody, one answered by all, one struck off."""
    fire = told("D-XF", UNITS["D-XF"], now - 80 * MINUTE, now - 12 * MINUTE, read_at=now - 74 * MINUTE)
    moved = "已疏散周边三栋楼约420人,安置在区体育馆,饮水和被褥已到位。"
    south = told("370202", UNITS["370202"], now - 80 * MINUTE, now - 10 * MINUTE, read_at=now - 60 * MINUTE)
    south |= {"answer": moved, "answered_at": now - 4 * MINUTE, "late_by": 6 * MINUTE}
    health = told("D-WJ", UNITS["D-WJ"], now - 30 * MINUTE, now + 90 * MINUTE)
    done = told("D-XF", UNITS["D-XF"], now - 5 * HOUR, now - 4 * HOUR, read_at=now - 5 * HOUR)
    done |= {"answer": "隐患已排除", "answered_at": now - 270 * MINUTE, "late_by": 0}
    ended = {"open": False, "status": "struck_off", "struck_by": "user:chen", "struck_at": now - 3 * HOUR}
    return [
        instruction(12, now, "全力搜救被困人员,每小时报告一次;疏散群众要有人管、有地方住、有饭吃。", (fire, south)),
        instruction(
            13, now, "请市卫健委组织专家赶赴现场,全力救治伤员,防止次生伤亡。", (health,), incident="20261123-001"
        ),
        instruction(14, now, "查明原因,举一反三,今晚开展一次全市危化品企业夜查。"),
        instruction(11, now, "核实南村路段隐患情况。", (done,)),
        instruction(9, now, "做好降雨应对。", (done,), **ended),
    ]


DISTRICTS: list[dict[str, Any]] = [
    {"division": "370202", "name": "市南区", "x": 0, "y": 0, "w": 3, "h": 2, "towns": [
        {"division": f"37020200{n}", "name": f"{name}街道", "short": name,
         "units": [{"code": f"E{n}", "name": f"{name}油库", "industry": "油库"}] if n == 1 else []}
        for n, name in enumerate(("香港中路", "八大峡", "湛山"), 1)]},
    {"division": "370211", "name": "黄岛区", "x": 0, "y": 2, "w": 3, "h": 2, "towns": []},
]  # fmt: skip


def administration(now: int) -> dict[str, Any]:
    session = {"id": "ab" * 8, "username": "zhang", "since": now - HOUR, "seen": now - MINUTE, "factor": 0, "own": True}
    return {
        "sessions": [session, session | {"id": "cd" * 8, "username": "li", "own": False}],
        "factors": {"zhang": ["totp", "key"]},
        "adopted": {"digest": "ef" * 32, "seq": 3, "at": now - HOUR},
        "files": [{"name": "desk.toml", "digest": "01" * 32, "keys": ["name"]},
                  {"name": "levels.toml", "digest": "02" * 32, "keys": []}],
        "digest": "ef" * 32, "fits": True, "rules": {"desk": {"name": "青州市总值班室"}},
        "desk": {"engine": "sqlite", "redis": False, "public_url": "", "config": "/etc/desk", "demo": False},
    }  # fmt: skip


def statistics(*, full: bool) -> dict[str, Any]:
    """Charts of a week, or of a time without anything."""
    labels = {
        "hours": [f"{hour:02d}" for hour in range(24)],
        "days": [f"11-{day}" for day in range(17, 24)],
        "incidents": [f"11-{day}" for day in range(17, 24)],
        "kinds": ["高层建筑火灾", "危险化学品泄漏", "道路交通事故", "山体滑坡", "不详"],
        "categories": ["事故灾难", "自然灾害", "公共卫生"],
        "districts": ["市南区", "市北区", "黄岛区", "崂山区", "莱西市"],
        "answers": ["30秒内", "1分内", "3分内", "5分内", "10分内", "10分以上", "无人应答"],
        "lateness": ["按时", "超时10分内", "超时30分内", "超时1小时内", "超时1小时以上", "到时未办"],
    }
    charts = {name: [_bar(label, n, full) for n, label in enumerate(found)] for name, found in labels.items()}
    types = (
        "MessageRecorded",
        "IncidentOpened",
        "PageAcknowledged",
        "PageExhausted",
        "ObligationMet",
        "ObligationMissed",
    )
    counts = dict.fromkeys(types, 12 if full else 0)
    return {"from": 0, "to": 0, "before": 0, "cut": False, "totals": counts, "former_totals": counts,
            "answer_median": 42.0 if full else None, "former_answer_median": None, "charts": charts}  # fmt: skip


def _bar(label: str, n: int, full: bool) -> dict[str, Any]:
    now, former = ((n * 7 + 3) % 11, (n * 5 + 1) % 9) if full else (0, 0)
    return {"label": label, "value": now, "former": former, "seqs": [n + 1] if full else []}
