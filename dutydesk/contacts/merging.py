"""Takes somebody's list of units, contacts or leaders into the folder, and tells what became of each line.

A line is taken whole or refused whole. Empty cells change nothing; nothing is ever removed. The folder is written once,
at the end, and only when it was sound before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dutydesk.contacts import columns, heads, loader
from dutydesk.contacts.entry import Book, Cells, Refusal
from dutydesk.contacts.report import Line, Report
from dutydesk.contacts.spreadsheet import Row, read_sheets
from dutydesk.contacts.writer import write_folder
from dutydesk.domain.directory import Directory
from dutydesk.errors import ConfigError

_NOTHING = {"-", "--", "—", "——", "/", "无", "暂无", "N/A"}  # how people leave a cell empty
_FREE_TEXT = {"name", "short_names", "industry", "address", "post"}  # there these may be meant


@dataclass(frozen=True, slots=True)
class _Entry:
    sheet: str
    line: int
    cells: dict[heads.Side, Cells]


@dataclass(slots=True)
class _Progress:
    lines: list[Line] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def merge(folder: Path, path: Path) -> Report:
    """Import a csv or xlsx into the folder's csv files, and report every line.

    ConfigError, and nothing written, when the file is no list we know or the folder itself has problems.
    """
    book = Book(_present(folder), _retired(folder))
    progress = _Progress()
    waiting = list(_entries(path, progress))
    while waiting:
        later = [entry for entry in waiting if not _take(book, entry, progress, final=False)]
        if len(later) == len(waiting):
            for entry in later:
                _take(book, entry, progress, final=True)
            break
        waiting = later
    if book.changed:
        write_folder(book.directory(), folder)
    lines = sorted(progress.lines, key=lambda line: (line.sheet, line.line))
    return Report(path.name, tuple(lines), tuple(progress.ignored))


def _present(folder: Path) -> Directory:
    if not any((folder / table.file).exists() for table in columns.DIRECTORY):
        return Directory()
    return loader.load(folder)


def _retired(folder: Path) -> dict[str, str]:
    return loader.read_draft(folder).retired


def _entries(path: Path, progress: _Progress) -> Iterator[_Entry]:
    understood = False
    for sheet, rows in read_sheets(path).items():
        layout = heads.layout(rows)
        if layout is None:
            continue
        understood = True
        progress.ignored += [f"{sheet}「{head}」" for head in layout.ignored]
        for row in rows:
            cells = _cells(layout, row)
            if row.line > layout.row.line and cells:
                yield _Entry(sheet, row.line, cells)
    if not understood:
        message = f"没有找到认识的表头,请在第一行写上其中几个: {heads.known()}"
        raise ConfigError([f"{path.name}: {message}"])


def _cells(layout: heads.Layout, row: Row) -> dict[heads.Side, Cells]:
    """The row's filled cells by owner and field."""
    found: dict[heads.Side, Cells] = {}
    for position, cell in zip(layout.positions, row.cells, strict=False):
        if position and cell.strip():
            owner, name = position
            if name in _FREE_TEXT or cell.strip() not in _NOTHING:
                found.setdefault(owner, {})[name] = cell
    return found


def _take(book: Book, entry: _Entry, progress: _Progress, *, final: bool) -> bool:
    """False when the line names something that a later line may bring."""
    try:
        what, notes = book.enter(entry.cells)
    except Refusal as refusal:
        if refusal.may_come and not final:
            return False
        progress.lines.append(Line(entry.sheet, entry.line, False, "", refusal.reasons))
    else:
        progress.lines.append(Line(entry.sheet, entry.line, True, what, notes))
    return True
