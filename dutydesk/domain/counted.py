"""A journal entry as counting needs it: what was written, not the event it decodes to."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Counted(NamedTuple):
    """Two entries never have one `seq`, so lists of these are merged in the journal's order as they are.

    `body` holds the fields as they stand in the journal: one that an older program did not write is missing. Where only the type counts
    it may be empty.
    """

    seq: int
    at: int
    type: str
    stream: str
    body: Mapping[str, Any]
    drill: bool = False
