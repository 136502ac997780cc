"""The board in a terminal: open incidents by what runs out next, and the messages that wait. Pure: rows in, a table out."""

from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from dutydesk.clock import SECOND, to_datetime

Rows = dict[str, dict[str, dict[str, Any]]]
LEVELS = {"特别重大": ("Ⅰ", "bold white on red"), "重大": ("Ⅱ", "black on dark_orange"), "较大": ("Ⅲ", "black on yellow"),
          "一般": ("Ⅳ", "white on blue")}  # fmt: skip
FIGURES = {"deaths": "死", "injured": "伤", "missing": "失联", "trapped": "困"}
FAR = 2**62


def board(rows: Rows, now: int) -> Group:
    """Strips and waiting messages, as they stand at `now` (microseconds)."""
    return Group(_strips(rows, now), _waiting(rows))


def _strips(rows: Rows, now: int) -> Table:
    table = Table(expand=True, title=f"事件  {to_datetime(now):%H:%M:%S}", title_justify="left")
    for head in ("级", "编号", "事件", "伤亡", "谁在办", "时限"):
        table.add_column(head, no_wrap=head in ("级", "编号", "时限"))
    found = [one for one in rows.get("incident", {}).values() if one.get("open")]
    for one in sorted(found, key=lambda one: (next_due(rows, one["id"]), one["id"])):
        table.add_row(*_strip(rows, one, now))
    return table


def _strip(rows: Rows, one: dict[str, Any], now: int) -> tuple[Text | str, ...]:
    sign, style = LEVELS.get(one.get("level") or "", ("–", ""))
    title = ("【演练】" if one.get("drill") else "") + one["title"]
    holder = one.get("assigned_to") or one.get("signed_by") or "未签收"
    figures = " ".join(
        f"{word}{_figure(one['figures'][name])}" for name, word in FIGURES.items() if name in one["figures"]
    )
    clock = _clock(next_due(rows, one["id"]), now)
    named = Text(title, style="" if one.get("signed_by") else "bold")
    return Text(sign, style=style), one["number"], named, figures, holder.removeprefix("user:"), clock


def _figure(said: dict[str, Any]) -> str:
    """A figure's three faces: a number, none, unknown."""
    value = said.get("value")
    return "不详" if value is None else "无" if value == 0 else str(value)


def next_due(rows: Rows, incident: str) -> int:
    """When the first of an incident's clocks runs out, its page's or the law's; FAR without one."""
    pages = [page.get("answer_by") for page in rows.get("page", {}).values() if _of(page, incident)]
    laws = [clock["due_at"] for clock in rows.get("obligation", {}).values() if _of(clock, incident)]
    return min((due for due in (*pages, *laws) if due), default=FAR)


def _of(row: dict[str, Any], incident: str) -> bool:
    return bool(row.get("open")) and row.get("incident") == incident


def _clock(due: int, now: int) -> Text:
    if due == FAR:
        return Text("")
    left = (due - now) // SECOND
    minutes, seconds = divmod(abs(left), 60)
    said = f"{minutes}:{seconds:02}"
    if left <= 0:
        return Text(f"超 {said}", style="bold white on red")
    return Text(said, style="red" if left < 60 else "yellow" if left < 300 else "")


def _waiting(rows: Rows) -> Table:
    table = Table(expand=True, title="来报待处理", title_justify="left", show_header=False)
    waiting = [one for one in rows.get("message", {}).values() if one.get("open")]
    for one in sorted(waiting, key=lambda one: int(one["received_at"])):
        who = one.get("sender_name") or one.get("unit_name") or one.get("sender") or "不明"
        table.add_row(f"{to_datetime(one['received_at']):%H:%M}", one["number"], who, one["text"][:80])
    return table
