"""A report upward by signed link: who may sign reads three lines and the document and signs; a leader instructs; a duty room above
signs for it. The leader of the watch signs like this too, away from the desk.

A GET signs nothing. A signature passes `ask_proof` first: the one place where the second factor of whoever signs belongs.
"""

import secrets
from typing import Any

import orjson
from aiohttp import web

from dutydesk.domain.instructions import LogInstruction
from dutydesk.domain.submission_document import submission_document
from dutydesk.domain.submission_policy import WATCH_LEADER
from dutydesk.domain.submissions import NoteReceipt, SignSubmission
from dutydesk.domain.verbs import Command
from dutydesk.errors import NotFound, Refused
from dutydesk.links import Claim
from dutydesk.store.connection import Connection
from dutydesk.web import attachments, views
from dutydesk.web.addresses import address_of
from dutydesk.web.forms import Sent
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest
from dutydesk.web.readlog import READS
from dutydesk.web.reporting import key_of
from dutydesk.web.shared import DOORKEEPER, POLICIES
from dutydesk.web.words import CATALOGUE, language

LONGEST = 5_000  # characters of an instruction
Form = dict[str, str]


async def ask_proof(request: web.Request, claim: Claim, form: Form) -> None:
    """Before a signature by link: the one-time code of the signer's own account, where there is one or the policy asks for one.

    Raises Refused. Wrong codes count towards the lock of the account, as at sign-in.
    """
    needed, username = await _proof_needed(request, claim)
    if not needed:
        return
    if not username:
        raise Refused("签发须有第二重验证:请先用您的账号登录值班台添加手机验证器,或请带班领导在值班台签发")
    keeper = request.app[DOORKEEPER]
    fits = await keeper.factors.judge_code(username, form.get("code", "")[:20])
    verdict = await keeper.settle(username, fits, address_of(request), "link+totp")
    if verdict != "ok":
        raise Refused("验证码不对或已经用过,请用下一个" if verdict == "wrong" else "已锁定,请十五分钟后再试")


async def _proof_needed(request: web.Request, claim: Claim) -> tuple[bool, str]:
    """Whether a code is needed of whoever holds the link, and of whose account; no account with a code: empty."""
    policy, demo = await request.app[POLICIES].now(), request.app[PARTS].demo
    kind, _, id = claim.callee.partition(":")
    leader = policy.directory.leader_by_id.get(id) if kind == "leader" else None
    phones = leader.phones if leader else ()
    names = [id] if kind == "user" else await request.app[PARTS].hub.read(lambda found: _accounts(found, phones))
    for name in names:
        if any(factor.kind == "totp" for factor in await request.app[DOORKEEPER].factors.of(name)):
            return True, name
    asked = "shift_leader" if kind == "user" else "leader"
    return asked in policy.rules.security.second_factor and not demo, ""


def _accounts(connection: Connection, phones: tuple[str, ...]) -> list[str]:
    """Users who have one of these telephones."""
    found = [row for phone in phones for row in connection.all("rows_by_ref", "user.phone", phone, 5)]
    return [str(row[1]) for row in found if row[0] == "user" and row[2]]


async def show(request: web.Request, claim: Claim, said: str = "", failed: str = "") -> web.Response:
    """The report as this addressee or signer sees it. Raises NotFound when it is not theirs."""
    body, lines, drill = await _theirs(request, claim)
    may_sign = _signs(body, claim) and body["status"] == "checked"
    values: dict[str, Any] = {
        "document": submission_document(claim.id, body),
        "body": body,
        "drill": drill,
        "lines": lines,
        "may_sign": may_sign,
        "code_needed": may_sign and (await _proof_needed(request, claim))[0],
        "leader": claim.callee.startswith("leader:"),
        "form": secrets.token_hex(8),
        "files_at": f"/r/{request.match_info['token']}/files/",
    }
    request.app[READS].shown(claim.callee, f"/api/submission/{claim.id}")
    return await views.render(
        request, "submission_link.html", 409 if failed else 200, said=said, failed=failed, **values
    )


async def file(request: web.Request, claim: Claim) -> web.Response:
    """A file that goes with the report, for whoever signs or receives it: read before signing, written down as read. Raises NotFound."""
    body, _lines, _drill = await _theirs(request, claim)
    digest = request.match_info["digest"]
    name = next((one["name"] for one in submission_document(claim.id, body)["files"] if one["digest"] == digest), None)
    if name is None:
        raise NotFound("这份报告没有这个附件")
    answer = await attachments.handed_out(request, digest, name)
    request.app[READS].shown(claim.callee, f"/blobs/{digest}?report={claim.id}")
    return answer


def _signs(body: dict[str, Any], claim: Claim) -> bool:
    """Whether the holder of the link may sign it; an account stands for the leader of the watch, and its role is judged when it signs."""
    own = WATCH_LEADER if claim.callee.startswith("user:") else claim.callee
    return any(one["key"] == own for one in body["plan"]["signers"])


async def _theirs(request: web.Request, claim: Claim) -> tuple[dict[str, Any], list[dict[str, Any]], bool]:
    """The row, the lines that go to the holder of the link, and whether it is a drill's. Raises NotFound."""
    row = await request.app[PARTS].hub.read(lambda connection: connection.one("row", "submission", claim.id))
    body: dict[str, Any] = orjson.loads(row[4]) if row else {"lines": [], "plan": {"signers": []}}
    lines = [line for line in body["lines"] if line["callee"] == claim.callee]
    if row is None or not (lines or _signs(body, claim)):
        raise NotFound("没有这份报告")
    return body, lines, bool(row[3])


async def answer(request: web.Request, claim: Claim, form: Form) -> web.Response:
    """A signature, an instruction or a receipt; a refusal is shown on the page, with what changed."""
    parts, words, act = request.app[PARTS], CATALOGUE[language(request)], form.get("act", "")
    _body, lines, _drill = await _theirs(request, claim)
    key = key_of(claim, Sent(form))
    stream, wish = _wish(claim, form, [line["addressee"] for line in lines], parts.clock.now(), key)
    try:
        if act == "sign":
            await ask_proof(request, claim, form)
        await parts.hub.handle(stream, wish, key=key, by=claim.callee)
    except Refused as refusal:
        return await show(request, claim, failed=str(refusal))
    return await show(request, claim, said=words[f"submission_{act}_thanks"])


def _wish(claim: Claim, form: Form, own: list[str], now: int, key: str) -> tuple[str, Command]:
    """What the form means. Whoever holds the link speaks for themselves only: `own` are their lines; `key` ends in the form's digest."""
    report, leader = f"submission/{claim.id}", claim.callee.startswith("leader:")
    match form.get("act"):
        case "sign" if leader or claim.callee.startswith("user:"):
            return report, SignSubmission(version=form.get("version", "")[:40], who=claim.callee, how="link")
        case "instruct" if leader:
            incident, text = claim.id.rpartition("-")[0], form.get("text", "")[:LONGEST]
            said_by = claim.callee.partition(":")[2]
            wish = LogInstruction(text=text, leader=said_by, said_at=now, incident=incident)
            return f"instruction/l{key.rpartition(':')[2][:16]}", wish
        case "receipt" if form.get("addressee") in own:
            number, cited = form.get("number", "").strip()[:60], form.get("cited", "").strip()[:60]
            who = form.get("who", "").strip()[:60] or claim.callee
            return report, NoteReceipt(addressee=form["addressee"], who=who, number=number, cited=cited, how="link")
    raise BadRequest()
