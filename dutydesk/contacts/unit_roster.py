"""A unit's holiday roster out of pasted text or a spreadsheet: one day a line, every mistake by its line."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from dutydesk.contacts import cells
from dutydesk.contacts.spreadsheet import Row, sheets_of
from dutydesk.domain.holiday_rosters import Line
from dutydesk.errors import ConfigError

HEADS = ("日期", "值班日期")
_CUT = re.compile("[\t,,;;|]")


def from_text(text: str) -> tuple[Line, ...]:
    """Lines as they are typed or pasted out of a spreadsheet: date, leader, officers, telephone. ConfigError with every mistake."""
    rows = (Row(n, tuple(_CUT.split(line))) for n, line in enumerate(text.splitlines(), start=1) if line.strip())
    return _lines("", rows)


def from_file(name: str, data: bytes) -> tuple[Line, ...]:
    """The same out of a csv or xlsx."""
    rows = (row for sheet in sheets_of(Path(name), data).values() for row in sheet)
    return _lines(f"{Path(name).name} ", rows)


def _lines(file: str, rows: Iterable[Row]) -> tuple[Line, ...]:
    problems: list[str] = []
    found = list(_read(file, rows, problems))
    dates = [line.date for line in found]
    problems += [f"{file}{day} 写了两次" for day in dict.fromkeys(dates) if dates.count(day) > 1]
    if not found and not problems:
        problems.append(f"{file}没有一行值班安排")
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def _read(file: str, rows: Iterable[Row], problems: list[str]) -> Iterator[Line]:
    for row in rows:
        day, leader, officers, phone = (*(cell.strip() for cell in row.cells), "", "", "", "")[:4]
        if day in HEADS:
            continue
        try:
            on = cells.iso_date(day)
            yield Line(date=on, leader=cells.text(leader), officers=cells.text(officers), phone=phone[:60])
        except (cells.Wrong, ValueError) as wrong:
            problems.append(f"{file}第{row.line}行: {wrong if isinstance(wrong, cells.Wrong) else '太长,请缩短'}")
