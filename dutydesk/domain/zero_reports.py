"""The daily report of holidays and marked periods, made also when nothing happened (零报告; regulations section 8, rule 6).

Asked for as something from above that must be answered: it is counted down, the watch is called, and late stays late.
"""

from datetime import timedelta

from dutydesk.clock import DAY, MINUTE, from_datetime, to_datetime
from dutydesk.domain.holidays import special
from dutydesk.domain.inwards import LogInward
from dutydesk.domain.rules import Rules


def zero_report(rules: Rules, at: int) -> tuple[str, LogInward] | None:
    """The stream of the report that is owed next and how it is asked for; None while none has to be asked for yet."""
    owed = _owed(rules, at)
    if owed is None or at < owed[1] - rules.zero_report.ask_minutes * MINUTE:
        return None
    return _asking(rules, *owed)


def missed(rules: Rules, at: int, days: int = 7) -> list[tuple[int, str, LogInward]]:
    """The hours of the last days that are over: the instant each was due, the stream, and how it is asked for late."""
    found, then = [], at - days * DAY
    while then < at:
        owed = _owed(rules, then)
        if owed and owed[1] < at:
            found.append((owed[1], *_asking(rules, *owed)))
        midnight = to_datetime(then).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        then = owed[1] if owed else from_datetime(midnight)
    return found


def _owed(rules: Rules, at: int) -> tuple[str, int] | None:
    policy = rules.zero_report
    named = special(to_datetime(at).date(), rules.roster) if policy.holidays else ""
    return policy.due(at, named)


def _asking(rules: Rules, name: str, by: int) -> tuple[str, LogInward]:
    policy, hour = rules.zero_report, to_datetime(by)
    receiver = next((a.label for a in rules.submissions.addressees if a.receiver == policy.receiver), policy.receiver)
    asked = LogInward(
        kind="question",
        sender=receiver,
        title=rules.phrase("zero_report", name=name, hour=f"{hour:%H:%M}"),
        answer_by=by,
        late_too=True,
        law=policy.law,
        confirmed=policy.confirmed,
    )
    return f"inward/zero-{hour:%Y%m%d-%H%M}", asked
