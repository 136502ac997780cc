"""The daily report of holidays and marked periods, made also when nothing happened (零报告; regulations section 8, rule 6).

Asked for as something from above that must be answered: it is counted down, the watch is called, and late stays late.
"""

from dutydesk.clock import MINUTE, to_datetime
from dutydesk.domain.holidays import special
from dutydesk.domain.inwards import LogInward
from dutydesk.domain.rules import Rules


def zero_report(rules: Rules, at: int) -> tuple[str, LogInward] | None:
    """The stream of the report that is owed next and how it is asked for; None while none has to be asked for yet."""
    policy = rules.zero_report
    named = special(to_datetime(at).date(), rules.roster) if policy.holidays else ""
    owed = policy.due(at, named)
    if owed is None or at < owed[1] - policy.ask_minutes * MINUTE:
        return None
    name, by = owed
    hour = to_datetime(by)
    receiver = next((a.label for a in rules.submissions.addressees if a.receiver == policy.receiver), policy.receiver)
    asked = LogInward(
        kind="question",
        sender=receiver,
        title=rules.phrase("zero_report", name=name, hour=f"{hour:%H:%M}"),
        answer_by=by,
        law=policy.law,
        confirmed=policy.confirmed,
    )
    return f"inward/zero-{hour:%Y%m%d-%H%M}", asked
