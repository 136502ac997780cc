"""Faults made on purpose, so that the judge of the crash suite is seen to find them."""

from contextlib import suppress
from typing import Any

from dutydesk.domain.verbs import SetTimer
from dutydesk.errors import Refused
from dutydesk.store import tx
from dutydesk.workers.outbox import Outbox

PLANTS = ("answer before commit", "resend once", "drop the timer")


def plant(name: str) -> None:
    """Break this process in one way. The first is made where answers are given."""
    if name == "resend once":
        _resend()
    if name == "drop the timer":
        _drop()


def _resend() -> None:
    start = Outbox._start

    async def always(self: Outbox, stream: str) -> bool:
        with suppress(Refused):
            await start(self, stream)
        return True

    Outbox._start = always  # type: ignore[method-assign]


def _drop() -> None:
    set_timer = tx.Tx.set_timer

    def but_of_pages(self: tx.Tx, stream: str, act: SetTimer, drill: bool) -> Any:
        return None if stream.startswith("page/") else set_timer(self, stream, act, drill)

    tx.Tx.set_timer = but_of_pages  # type: ignore[method-assign]
