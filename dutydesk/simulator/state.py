"""Keeps the company's memory in one JSON file, so that a restarted simulator continues. Calls in progress do not
survive a restart.

The file is replaced whole; half a file is never seen.
"""

import asyncio
import base64
import json
import os
from dataclasses import asdict
from pathlib import Path

from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Call, Card, Mail, Media, Sms

# Changes closer together than this are written once.
_QUIET_S = 0.5


def load(network: Network, path: Path) -> None:
    """Fills the memory from the file; a missing file is an empty memory."""
    if not path.exists():
        return
    kept = json.loads(path.read_text("utf-8"))
    network.cards = {row["number"]: Card(**row) for row in kept["phones"]}
    network.mails = [Mail(**row) for row in kept["mails"]]
    for row in kept["texts"]:
        media = [Media(m["sid"], m["content_type"], base64.b64decode(m["content"])) for m in row.pop("media")]
        network.texts[row["sid"]] = Sms(**row, media=media)
    for row in kept["calls"]:
        call = network.calls[row["sid"]] = Call(**row)
        if not call.over:
            call.status, call.ended = "failed", call.updated


def save(network: Network, path: Path) -> None:
    """Writes the whole memory."""
    kept = {
        "phones": [asdict(card) for card in network.cards.values()],
        "texts": [asdict(sms) for sms in network.texts.values()],
        "calls": [asdict(call) for call in network.calls.values()],
        "mails": [asdict(mail) for mail in network.mails],
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(kept, ensure_ascii=False, default=_encoded), "utf-8")
    os.replace(fresh, path)


def _encoded(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


async def keep(network: Network, path: Path) -> None:
    """Saves after changes, until cancelled."""
    seen = -1
    while True:
        if seen != network.version:
            seen = network.version
            save(network, path)
        await network.changed(seen, 3600.0)
        await asyncio.sleep(_QUIET_S)
