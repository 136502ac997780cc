"""From what came in to the command that records it, the same for webhooks and sweeps. It changes no text but what cannot be stored."""

import hashlib
from dataclasses import replace

from dutydesk.channels.port import Inbound
from dutydesk.domain.messages import MessageRecorded, RecordMessage
from dutydesk.domain.verbs import ERASED, Event

NUL = "\N{SYMBOL FOR NULL}"  # PostgreSQL's text cannot hold U+0000 (its manual, 8.3); this says that one was there
_LONGEST_NAME = 120  # characters of a provider's id that a key carries as they are


def clean(text: str) -> str:
    """The text as it can be kept: surrogate pairs joined, lone surrogates as U+FFFD, NUL as U+2400; nothing is cut."""
    try:
        text.encode()
    except UnicodeEncodeError:  # only then are there surrogates
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", NUL)


def text_of(raw: bytes) -> str:
    """Bytes that should be UTF-8 as a text that can be kept; what is broken becomes U+FFFD."""
    return raw.decode("utf-8", "replace").replace("\0", NUL)


def key_of(source: str, name: str, raw: bytes) -> str:
    """The key of an input: `source:name`; by the digest of the raw body when the provider gave no usable name."""
    usable = name if 0 < len(name) <= _LONGEST_NAME else "sha256-" + hashlib.sha256(raw).hexdigest()
    return f"{source}:{clean(usable)}"


def stream_of(key: str) -> str:
    """The stream of a message, from its key alone: a webhook and a sweep that saw the same message meet there."""
    return f"message/{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def as_command(inbound: Inbound) -> RecordMessage:
    """The command that records it."""
    return RecordMessage(
        channel=inbound.channel,
        via=inbound.via,
        sender=clean(inbound.sender),
        recipient=clean(inbound.recipient),
        text=clean(inbound.text),
        media=inbound.media,
        sent_at=inbound.sent_at,
        provider_id=clean(inbound.provider_id),
    )


def under_a_name_of_its_own(inbound: Inbound, recorded: Event) -> Inbound | None:
    """A text that came under a name which its provider had given to another one: the same, named by its content too.

    `recorded` is what stands under the name. None for a repeat, whose words are there already, and for calls, whose events share a name.
    """
    if inbound.channel != "sms" or not isinstance(recorded, MessageRecorded) or recorded.text == ERASED:
        return None
    wish = as_command(inbound)
    said, known = (wish.sender, wish.text.split()), (recorded.sender, recorded.text.split())
    if said == known:
        return None
    content = hashlib.sha256(f"{wish.sender}\n{wish.text}".encode()).hexdigest()[:16]
    return replace(inbound, key=f"{inbound.key}/{content}")
