"""The answer to what came over a link, as the paper that goes back over it to whoever asked."""

from typing import NamedTuple

from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.inwards import InwardAnswered, InwardClosed, InwardLogged
from dutydesk.domain.rules import Rules
from dutydesk.domain.secrecy import mark
from dutydesk.domain.verbs import Act, Ask, Promise
from dutydesk.errors import Refused


class Reply(NamedTuple):
    """What an event needs to send one; empty where nothing goes over a link."""

    delivery: str = ""
    reply_to: str = ""
    paper: str = ""


def reply(logged: InwardLogged, text: str, n: int, at: int, rules: Rules, *, declined: bool = False) -> Reply:
    """The n-th answer to it. Raises Refused where no link leads to whoever asked, or where the words are marked as classified."""
    if not logged.reply_to or rules.peer(logged.reply_to) is None:
        raise Refused("这一件没有直连可以答复,请选电话或书面")
    if found := mark(text, rules.security.classified):
        raise Refused(f"疑似涉密(密级标志“{found}”),没有发出。涉密信息请走机要渠道")
    paper = Exchange(
        kind="reply",
        number=f"{logged.number}/{n}",
        desk=rules.desk.unit or "desk",
        desk_name=rules.desk.name[:300],
        references=(logged.reference,) if logged.reference else (),
        title=f"{'退回' if declined else '答复'}:{logged.title}"[:300],
        text=f"退回:{text}" if declined else text,
        declined=declined,
        issued_at=at,
    )
    return Reply(f"u{logged.number}.{n}", logged.reply_to, paper.to_text())


def sent(id: str, event: InwardAnswered | InwardClosed) -> list[Act]:
    """The delivery of an answer, promised once."""
    if not event.delivery:
        return []
    queue = QueueDelivery(
        how="link",
        to=event.reply_to,
        text=event.paper,
        purpose="reply",
        about=f"inward/{id}",
        promise=Promise.ONCE,
        callee=f"unit:{event.reply_to}",
    )
    return [Ask(f"delivery/{event.delivery}", queue)]
