"""Journal entries as lines of the duty log, for whoever may see them: words, names, and numbers masked where they must be."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from dutydesk.documents.records import Line
from dutydesk.domain.verbs import split
from dutydesk.store.connection import Params
from dutydesk.web.frames import Audience, masked
from dutydesk.web.screen_words import Name, sentence
from dutydesk.web.sight import body_of

# steps of the machine that repeat what another entry says already: kept in the log, printed only on wish
QUIET = frozenset(
    {
        "MessageRead", "MessageReceipted", "MessageOpened", "MessageAttached", "ReportAdded", "PageCalled", "DeliveryQueued",
        "DeliveryStarted", "DeliveryAccepted", "DeliveryStatusChanged", "DeliveryCancelled", "IncidentTookOver",
        "IncidentGaveBack", "CircularOpened", "ObligationOpened", "UserSignedIn", "SignInFailed",
    }
)  # fmt: skip


def lines(records: Iterable[Params], whom: Audience, name: Name) -> Iterator[Line]:
    """The entries as lines. The caller has looked whether they may be seen."""
    for record in records:
        seq, at, stream, _version, type_, drill, author, *_ = record
        body: dict[str, Any] = orjson.loads(body_of(record))
        body = masked(body) if whom.masked else body
        yield Line(seq, at, name(author), sentence(type_, body, author, name), _about(stream), record[12], bool(drill))


def _about(stream: str) -> str:
    kind, id = split(stream)
    return id if kind in ("incident", "instruction") else ""
