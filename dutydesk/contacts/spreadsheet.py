"""Tables out of files: csv in the encodings Chinese offices save, and xlsx, within limits that stop a hostile file.

Gives rows of text with their line numbers and nothing else; what the cells mean is not known here.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dutydesk.errors import ConfigError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST_FILE = 20_000_000  # bytes; a city's list of 50,000 lines is about 8 MB
LARGEST_UNPACKED = 100_000_000  # bytes; openpyxl holds the shared strings in memory
MOST_MEMBERS = 2_000
MOST_SHEETS = 30
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CELLS = 10_000_000  # blank ones too: a sparse sheet is padded while it is read
LONGEST_CELL = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number as the office sees it (from 1) and its cells."""

    line: int
    cells: tuple[str, ...]


def read_table(path: Path) -> tuple[Row, ...]:
    """The rows of a csv file, or of the first sheet of an xlsx that has any; blank rows are left out.

    ConfigError when the file is no table, too large, or in no known encoding.
    """
    return next((rows for rows in read_sheets(path).values() if rows), ())


def read_sheets(path: Path) -> dict[str, tuple[Row, ...]]:
    """Every sheet by name in the order of the file; a csv is one sheet named after the file."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _refused(path, f"有 {size:,} 字节,最多 {LARGEST_FILE:,},请拆成几个文件")
        data = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"打不开({error.strerror}),请检查文件是否存在、是否可读") from None
    return sheets_of(path, data)


def sheets_of(path: Path, data: bytes) -> dict[str, tuple[Row, ...]]:
    """The same for bytes that came another way; `path` only names them. ConfigError as for a file."""
    if len(data) > LARGEST_FILE:
        raise _refused(path, f"有 {len(data):,} 字节,最多 {LARGEST_FILE:,},请拆成几个文件")
    if data.startswith(b"PK\x03\x04"):
        return _workbook(path, data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(path, "是旧式 xls(或带密码的表格),请另存为 xlsx 或 csv")
    return {path.name: tuple(_limited(path, _csv_rows(path, data)))}


def _refused(path: Path, why: str) -> ConfigError:
    return ConfigError([f"{path.name}: {why}"])


def _decoded(path: Path, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(path, "既不是 UTF-8 也不是 GB18030 文字,请另存为「CSV UTF-8」")


def _csv_rows(path: Path, data: bytes) -> Iterator[Row]:
    content = _decoded(path, data)
    if "\x00" in content:
        raise _refused(path, "含有空字符,不是文字表格,请另存为「CSV UTF-8」")
    first = content.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refused(path, f"第{line}行 引号不成对或格式有误({error}),请用表格软件重新保存") from None


def _workbook(path: Path, data: bytes) -> dict[str, tuple[Row, ...]]:
    import openpyxl  # 0.2 s to import, and the desk starts without it

    try:
        _defuse(path, data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(visible) > MOST_SHEETS:
            raise _refused(path, f"有 {len(visible)} 张表,最多 {MOST_SHEETS} 张,请拆开")
        return {sheet.title: tuple(_limited(path, _sheet_rows(sheet))) for sheet in visible}
    except ConfigError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it meet: KeyError, ParseError, ...
        raise _refused(path, f"不是完好的 xlsx({type(error).__name__}),请用表格软件打开后另存一次") from None


def _defuse(path: Path, data: bytes) -> None:
    """The sizes a zip declares bind its reader too: zipfile stops there and then fails the checksum."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED or len(members) > MOST_MEMBERS:
        raise _refused(path, f"解开后有 {unpacked:,} 字节、{len(members)} 个部件,超出限度,不予打开")


def _sheet_rows(sheet: "Worksheet") -> Iterator[Row]:
    sheet.reset_dimensions()  # a declared size is not believed
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield Row(line, tuple(_as_text(value) for value in values))


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _limited(path: Path, rows: Iterable[Row]) -> Iterator[Row]:
    filled = seen = 0
    for row in rows:
        seen += len(row.cells)
        filled += any(cell.strip() for cell in row.cells)
        if filled > MOST_ROWS or seen > MOST_CELLS:
            raise _refused(path, f"超过 {MOST_ROWS:,} 行或 {MOST_CELLS:,} 格,请拆成几个文件")
        if any(cell.strip() for cell in row.cells[MOST_COLUMNS:]):
            raise _refused(path, f"第{row.line}行 超过 {MOST_COLUMNS} 列,请删去多余的列")
        if any(len(cell) > LONGEST_CELL for cell in row.cells):
            raise _refused(path, f"第{row.line}行 有一格超过 {LONGEST_CELL:,} 字,请缩短")
        if any(cell.strip() for cell in row.cells):
            yield Row(row.line, row.cells[:MOST_COLUMNS])
