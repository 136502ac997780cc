"""A directory written out again: a folder of csv, a workbook, or one flat list; and its digest.

What is written can be loaded or imported again and gives the same directory. Files are replaced whole, never half.
"""

import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from pydantic import BaseModel

from dutydesk.contacts import checks
from dutydesk.contacts.columns import CONTACTS, DIRECTORY, UNITS, Column, Table
from dutydesk.domain.directory import Directory
from dutydesk.errors import ConfigError

_FLAT = (  # (column, is it the contact's): the list an office hands on, one line a contact
    *((column, False) for column in UNITS.columns if column.field in ("code", "name", "kind", "division", "phone")),
    *((column, True) for column in CONTACTS.columns if column.field not in ("unit",)),
)


def export(directory: Directory, path: Path) -> None:
    """Write to a folder (three csv, as `load` reads them), to .xlsx (three sheets) or .csv (one flat list of contacts).

    Excel opens each of them as it is. ConfigError for another ending, or a list item that holds a separator.
    """
    match path.suffix.lower():
        case ".xlsx":
            write_all({path: _workbook(directory)})
        case ".csv":
            write_all({path: _csv(_flat(directory))})
        case "":
            write_folder(directory, path)
        case other:
            raise ConfigError([f"{path.name}: 不会写「{other}」文件,请用文件夹、.xlsx 或 .csv"])


def write_folder(directory: Directory, folder: Path) -> None:
    """The three csv files of a folder; none is touched unless all could be written beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_all({folder / table.file: _csv(_lines(table, _rows(directory, table))) for table in DIRECTORY})


def write_all(contents: dict[Path, bytes]) -> None:
    """Replace files whole: written beside, flushed to the disk, then renamed over the old ones."""
    with ExitStack() as leftovers:
        ready = [(_written_beside(path, content, leftovers), path) for path, content in contents.items()]
        for temporary, path in ready:
            os.replace(temporary, path)


def _written_beside(path: Path, content: bytes, leftovers: ExitStack) -> Path:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o640
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        leftovers.callback(temporary.unlink, missing_ok=True)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), mode)
    return temporary


def _rows(directory: Directory, table: Table) -> Sequence[BaseModel]:
    if table is UNITS:
        return directory.units
    return directory.contacts if table is CONTACTS else directory.leaders


def _lines(table: Table, rows: Iterable[BaseModel]) -> list[list[str]]:
    heads = [column.head for column in table.columns]
    return [heads, *([_cell(table, column, row) for column in table.columns] for row in rows)]


def _cell(table: Table, column: Column, row: BaseModel) -> str:
    value = getattr(row, column.field)
    cell = column.write(value)
    if value and column.read(cell) != value:
        key = getattr(row, table.key.field)
        raise ConfigError(
            [f"{table.file}「{key}」{column.head} 列: 「{cell[:40]}」写出去再读回来会变样,请先去掉分隔符或控制字符"]
        )
    return cell


def _csv(lines: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode("utf-8-sig")  # without the mark Excel takes it for GBK


def _workbook(directory: Directory) -> bytes:
    from openpyxl import Workbook  # 0.2 s to import, and the desk starts without it

    book = Workbook(write_only=True)
    for table in DIRECTORY:
        sheet = book.create_sheet(table.sheet)
        sheet.freeze_panes = "A2"
        for line in _lines(table, _rows(directory, table)):
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _flat(directory: Directory) -> list[list[str]]:
    lines = [[column.head for column, _ in _FLAT]]
    for unit in directory.units:
        for contact in directory.contacts_of.get(unit.code, ()):
            lines.append([_cell(CONTACTS, c, contact) if own else _cell(UNITS, c, unit) for c, own in _FLAT])
    return lines


def digest(directory: Directory) -> str:
    """SHA-256 (hex) of the directory: the same whatever the order of its rows, another after any change of a value."""
    canonical = {
        "units": sorted((unit.model_dump() for unit in directory.units), key=lambda row: str(row["code"])),
        "contacts": sorted((contact.model_dump() for contact in directory.contacts), key=lambda row: str(row["id"])),
        "leaders": sorted((leader.model_dump() for leader in directory.leaders), key=lambda row: str(row["id"])),
    }
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_sample(directory: Directory) -> bool:
    """Whether this is a directory for show: a number in +86 120 0000 xxxx, or no number that any table knows.

    One odd number among real ones makes no sample: a duty desk must not refuse to start for it (`warnings` tells).
    """
    found = checks.numbers(directory)
    if any(number.startswith(checks.SAMPLE_RANGE) for number in found):
        return True
    return bool(found) and not any(checks.is_valid(number) for number in found)
