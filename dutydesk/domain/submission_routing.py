"""Whom a report goes to and who may sign it, resolved from policy and directory; which tier was skipped; what each is sent.

By the highest level the incident ever had (lowering a level shortens no list), lifted a tier by any sensitive circumstance
(regulations 2.4, section 8 rules 9 and 15; 青岛市突发事件应对条例 art. 33).
"""

from collections.abc import Iterable
from typing import NamedTuple

from dutydesk.domain.clocks import LEVELS
from dutydesk.domain.deliveries import How
from dutydesk.domain.directory import Directory, Leader
from dutydesk.domain.exchanges import Exchange, ExchangeFile, ExchangePlace
from dutydesk.domain.readings import Kind
from dutydesk.domain.rules import Rules
from dutydesk.domain.submission_policy import REACHES, WATCH_LEADER, Addressee
from dutydesk.domain.submissions import Draft, Line, Parcel, Plan, Signer, Snapshot

_LONGEST_SMS = 300  # characters of the three lines in a text message


class Issue(NamedTuple):
    """A report as it goes out: our number, its kind and ordinal, who signed, whether it is a drill's."""

    number: str
    kind: Kind
    ordinal: int
    signed_by: str
    drill: bool = False
    files: tuple[ExchangeFile, ...] = ()
    earlier: tuple[int, ...] = ()  # when the reports before it were issued


def plan(now: Snapshot, rules: Rules, directory: Directory) -> Plan:
    """The route of an incident; without a configured one the plan is empty."""
    policy = rules.submissions
    route = policy.route(now.peak, bool(now.flags))
    if route is None:
        return Plan()
    plain = policy.route(now.peak, False)
    listed = [(name, name in route.copies) for name in dict.fromkeys((*route.to, *route.copies))]
    found = [line_to(policy.addressee(name), now, rules, directory, copied=copied) for name, copied in listed]
    return Plan(
        lines=tuple(line for line in found if line),
        signers=tuple(_signers(route.signers, now, rules, directory)),
        reach=route.reach,
        law=route.law,
        confirmed=route.confirmed,
        lifted=route != plain,
    )


def line_to(
    addressee: Addressee | None, now: Snapshot, rules: Rules, directory: Directory, *, copied: bool = False
) -> Line | None:
    """An addressee resolved; None where it is not told of this kind of event or nobody fills it."""
    if addressee is None or (addressee.codes and not now.code.startswith(addressee.codes)):
        return None
    leader = _leader(addressee, now.code, directory) if addressee.leaders else None
    unit = directory.unit_by_code.get(addressee.unit)
    if leader is None and unit is None:
        return None
    phones = leader.phones if leader else ((unit.phone,) if unit and unit.phone else ())
    email = (leader.email if leader else unit.email if unit else None) or ""
    how, address = _way(addressee, (phones or ("",))[0], email, rules)
    return Line(
        addressee=addressee.id,
        label=f"{addressee.label} {leader.name}" if leader else addressee.label,
        callee=f"leader:{leader.id}" if leader else f"unit:{addressee.unit}",
        how=how,
        address=address,
        receiver=addressee.receiver,
        tier=addressee.tier,
        copied=copied,
    )


def _way(addressee: Addressee, phone: str, email: str, rules: Rules) -> tuple[How, str]:
    """The first of its ways that has an address; paper is always possible."""
    known = {"mail": email, "sms": phone, "voice": phone, "link": addressee.unit if rules.peer(addressee.unit) else ""}
    for how in addressee.how:
        if how != "paper" and known[how]:
            return how, known[how]
    return "paper", ""


def _leader(addressee: Addressee, code: str, directory: Directory) -> Leader | None:
    named = [directory.leader_by_id[id] for id in addressee.leaders if id in directory.leader_by_id]
    if not addressee.by_duty:
        return named[0] if named else None
    fitting = [(len(d), x) for x in named for d in x.duties if code and code.startswith(d)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else (named[0] if named else None)


def _signers(names: Iterable[str], now: Snapshot, rules: Rules, directory: Directory) -> Iterable[Signer]:
    for name in names:
        if name == WATCH_LEADER:
            yield Signer(key=WATCH_LEADER, label="带班领导")
        elif (line := line_to(rules.submissions.addressee(name), now, rules, directory)) is not None:
            yield Signer(key=line.callee, label=line.label)


def skipped(told: Iterable[str], own_tier: str) -> tuple[str, ...]:
    """Tiers between ours and the highest told that were not told: they are owed the report at once (补报)."""
    order = ("town", "district", *REACHES)
    ranks = [order.index(tier) for tier in told if tier in order]
    if not ranks or own_tier not in order:
        return ()
    return tuple(order[rank] for rank in range(order.index(own_tier) + 1, max(ranks)) if rank not in ranks)


def parcels(id: str, draft: Draft, lines: Iterable[Line], issue: Issue, rules: Rules) -> list[Parcel]:
    """What goes along each line of report `id`."""
    return [
        Parcel(
            line=line,
            delivery=f"s{id}.{line.addressee}",
            text=_text(draft, line, issue, rules),
        )
        for line in lines
    ]


def _text(draft: Draft, line: Line, issue: Issue, rules: Rules) -> str:
    short = "".join(draft.brief)[:_LONGEST_SMS]
    match line.how:
        case "sms":
            sender = rules.sender_for(line.address, "sms")
            return rules.phrase(
                "submission_sms", text=f"{draft.title}。{short}", link="{link}" if sender and sender.links else ""
            )
        case "voice":
            return rules.phrase("submission_voice", text=short)
        case "link":
            return exchange(draft, issue, rules).to_text()
        case "mail":
            return rules.phrase("submission_mail", text=full_text(draft, issue.number, issue.signed_by), link="{link}")
    return full_text(draft, issue.number, issue.signed_by)


def full_text(draft: Draft, number: str, signed_by: str) -> str:
    """The report as plain text: title, number, paragraphs, who signed."""
    return "\n".join((draft.title, f"编号 {number}", "", *draft.paragraphs, "", f"签发:{signed_by}"))


def exchange(draft: Draft, issue: Issue, rules: Rules) -> Exchange:
    """The report as a paper between two desks: what is known of the facts, stated and not to be guessed again."""
    now, stem = draft.snapshot, issue.number.rpartition("-")[0]
    return Exchange.model_validate(
        {
            "kind": "submission",
            "number": issue.number,
            "desk": rules.desk.unit or "desk",
            "desk_name": rules.desk.name,
            "event": now.event,
            "drill": issue.drill,
            "stage": issue.kind,
            "ordinal": issue.ordinal,
            "references": tuple(f"{stem}-{n}" for n in range(issue.ordinal - len(issue.earlier), issue.ordinal)),
            "reference_times": issue.earlier,
            "files": issue.files,
            "title": draft.title,
            "text": full_text(draft, issue.number, issue.signed_by),
            "issued_at": draft.as_of,
            "signed_by": issue.signed_by,
            "category": now.category or None,
            "code": now.code,
            "subtype": now.subtype,
            "level": now.level if now.level in LEVELS else None,
            "flags": now.flags,
            "place": ExchangePlace(text=now.place[:300], unit_name=now.unit[:300]),
            "figures": {f.name: f.value for f in now.figures if f.value is not None},
            "unknown": tuple(f.name for f in now.figures if f.value is None),
            "unverified": draft.unverified,
        }
    )
