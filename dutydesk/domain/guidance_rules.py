"""A question to the duty room above us (请示): only upward, its files only over a line, ended by a word or a reason."""

from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.secrecy import mark
from dutydesk.domain.settlements import Settlement
from dutydesk.domain.superiors import linked, superiors
from dutydesk.domain.verbs import Context
from dutydesk.domain.verification_state import Verification, silent
from dutydesk.domain.verifications import AskUnits, Conclude, VerificationConcluded
from dutydesk.errors import Refused


def goes_up(command: AskUnits, files: tuple[ExchangeFile, ...], context: Context[object]) -> None:
    """Raises Refused for one that is asked of anybody else, bears a mark of secrecy, or has files that cannot go along."""
    above = {unit.code for unit in superiors(context.rules, context.directory)}
    if any(code not in above for code in command.units):
        raise Refused("请示只能向上级值班室提出;问下级和单位请用核报、调度或下发")
    said = "\n".join((command.text, *(file.name for file in files)))
    if found := mark(said, context.rules.security.classified):
        raise Refused(f"疑似涉密(密级标志“{found}”),没有发出。涉密信息请走机要渠道")
    if files and not all(linked(code, context.rules) for code in command.units):
        raise Refused("与这个值班室没有直连,附件送不过去;请去掉附件,另用邮件或传真送")


def word_taken(
    state: Verification, command: Conclude, settled: tuple[Settlement, ...], context: Context[object]
) -> VerificationConcluded:
    """A question upward ends with the answer, or with the reason why none is waited for (件件有回音)."""
    if command.truth is not None or command.close:
        raise Refused("请示没有属实与否的结论")
    if not state.answers and not command.reason.strip():
        raise Refused("上级还没有答复;确实不再等,请写明理由")
    pages, reason = tuple(line.page for line in silent(state)), command.reason.strip()
    return VerificationConcluded(
        truth=None, reason=reason, asks="guidance", pages=pages, at=context.at, by=context.by, settled=settled
    )
