"""What a short reply says: an acknowledgement, a choice of a numbered list, or a wish for more time. Anything else is a text.

People answer "1", "收到", "好的" or a full-width １; a phone's auto-reply must not count as an answer.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

_ACK = re.compile(
    r"(?:1|收到|已收到|收悉|好|好的|好滴|知道了|知悉|明白|是|是的|ok|okay|签收|已阅|马上|1收到|收到1)[。.!！~,，\s]*",
    re.I,
)
_CHOICE = re.compile(r"(?:第|选|回复)?\s*(\d{1,2})\s*(?:个|号|项)?[。.!！\s]*")
# the wish ends there, or a separator and a short reason follow: 延期交房引发聚集 is a report
_MORE_TIME = re.compile(
    r"(?:延时|延期|延长|稍等|more)\s*(\d{1,3})?\s*(?:分钟|分|min)?(?:[,，:：。;；\s]+(.{0,60}))?", re.I | re.S
)


class Answer(NamedTuple):
    """One reply understood. `number` is a choice or minutes; `text` what else was said."""

    kind: Literal["ack", "choice", "more_time", "text"]
    number: int = 0
    text: str = ""


def parse(text: str) -> Answer:
    """Read a reply. `1` alone is both an acknowledgement and choice 1: kind "ack" with number 1."""
    plain = unicodedata.normalize("NFKC", text).strip()[:300]
    if match := _MORE_TIME.fullmatch(plain):
        return Answer("more_time", int(match[1] or 10), (match[2] or "").strip())
    if _ACK.fullmatch(plain):
        return Answer("ack", 1 if plain.startswith("1") else 0, plain)
    if match := _CHOICE.fullmatch(plain):
        return Answer("choice", int(match[1]), plain)
    return Answer("text", 0, plain)
