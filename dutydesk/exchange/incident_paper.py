"""An incident as it stands on the board, as one paper: what `GET /api/incident/{id}/cap` and `dutydesk cap` give out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dutydesk.clock import from_datetime
from dutydesk.domain.exchanges import Exchange, ExchangePlace
from dutydesk.domain.rules import Desk

_STATUS = {"closed": "closed", "merged": "closed"}


def paper_of(row: Mapping[str, Any], division: str, desk: Desk, *, drill: bool, seq: int, at: int) -> Exchange:
    """The paper of an incident's row. `seq` is the entry that last touched it and makes each state a paper of its own."""
    figures = {name: line["value"] for name, line in row["figures"].items() if line["value"] is not None}
    status = "false" if row["outcome"] == "false" else _STATUS.get(row["status"], "open")
    said = {name: row[name] for name in ("category", "code", "subtype", "level") if row.get(name)}
    return Exchange.model_validate(
        {
            "kind": "alert",
            "number": f"{row.get('event') or row['number']}.{seq}",
            "desk": desk.unit or desk.division or "-",
            "desk_name": desk.name,
            "drill": drill,
            "event": row.get("event", ""),
            "event_status": status,
            "title": row["title"][:300] or row["number"],
            "text": f"{row['title']}({row['number']})\n{row['last_word']}",
            "issued_at": at,
            "flags": row["flags"],
            "occurred_at": _instant(row.get("occurred_at", "")),
            "place": ExchangePlace(
                text=str(row.get("place_text", ""))[:300], division=division, unit_name=row["unit_name"]
            ),
            "figures": figures,
            "unknown": [name for name, line in row["figures"].items() if line["value"] is None],
            **said,
        }
    )


def _instant(said: str) -> int | None:
    try:
        return from_datetime(datetime.fromisoformat(said))
    except ValueError:
        return None
