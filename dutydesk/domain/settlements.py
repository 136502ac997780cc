"""What we asked a desk over its line was settled by another way: the paper that tells it so, and that closes what stands there of it.

An answer by telephone is typed in where the question is; the asked desk would go on counting down a question that nobody asks any more.
"""

from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.readings import Value
from dutydesk.domain.rules import Rules
from dutydesk.domain.superiors import linked
from dutydesk.domain.verbs import ERASED, Act, Ask, Promise

NOT_AWAITED = "对方不再等答复"


class Settlement(Value):
    """To whom, and of which question (its number over the line), it is told; and who tells it."""

    unit: str
    number: str
    desk: str
    desk_name: str = ""


def settlement(unit: str, number: str, rules: Rules) -> Settlement | None:
    """None where no line joins us to the unit."""
    if not linked(unit, rules):
        return None
    return Settlement(unit=unit, number=number, desk=rules.desk.unit or "desk", desk_name=rules.desk.name[:300])


def told(settled: Settlement | None, about: str, text: str, at: int) -> list[Act]:
    """The delivery that says it, once for each question. `text` is the answer as it was typed in, or why none is waited for."""
    if settled is None or text == ERASED:
        return []
    paper = Exchange(
        kind="settled",
        number=f"{settled.number}/end",
        desk=settled.desk,
        desk_name=settled.desk_name,
        references=(settled.number,),
        title="已办结",
        text=text,
        issued_at=at,
    )
    queue = QueueDelivery(
        how="link",
        to=settled.unit,
        text=paper.to_text(),
        purpose="reply",
        about=about,
        promise=Promise.ONCE,
        callee=f"unit:{settled.unit}",
    )
    return [Ask(f"delivery/{settled.number}.end", queue)]
