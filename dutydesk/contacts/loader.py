"""Reads the folder an office keeps into a Directory, or says everything that is wrong with it at once.

Each problem names file, line, column, what is wrong and the mend. It never changes a file.
"""

import hashlib
from pathlib import Path

from dutydesk.contacts import checks, columns
from dutydesk.contacts.checks import Draft, Placed
from dutydesk.contacts.columns import Table
from dutydesk.contacts.spreadsheet import Row, read_table
from dutydesk.domain.directory import Contact, Directory, Leader, Unit
from dutydesk.errors import ConfigError

# by what the files say: a start asks three times, and reading a city's takes a seventh of a second
_latest: dict[str, Directory] = {}


def load(folder: Path) -> Directory:
    """The directory in `folder` (units.csv, contacts.csv, leaders.csv, and retired_divisions.csv if there).

    ConfigError with every problem when there is any.
    """
    if (key := _said(folder)) not in _latest:
        directory, problems = load_partial(folder)
        if problems:
            raise ConfigError(problems)
        _latest.clear()
        _latest[key] = directory
    return _latest[key]


def _said(folder: Path) -> str:
    said = hashlib.sha256()
    for path in filter(Path.is_file, sorted(folder.glob("*.csv"))):
        said.update(f"{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return said.hexdigest()


def load_partial(folder: Path) -> tuple[Directory, list[str]]:
    """What can be used, and every problem: a wrong optional cell is left out, a row that cannot stand is left out."""
    draft = read_draft(folder)
    checks.check(draft)
    return draft.directory(), draft.problems


def warnings(directory: Directory) -> list[str]:
    """What is not wrong but will hurt at night: nobody to ask, no telephone, a number no table knows."""
    return checks.warnings(directory)


def read_draft(folder: Path) -> Draft:
    """The rows of the folder, each cell read, nothing yet compared with anything else."""
    draft = Draft()
    for table in columns.DIRECTORY:
        _read_into(draft, folder / table.file, table)
    retired = folder / columns.RETIRED.file
    if retired.exists():
        _read_into(draft, retired, columns.RETIRED)
    return draft


def _read_into(draft: Draft, path: Path, table: Table) -> None:
    if not path.exists():
        draft.problems.append(f"{path.name}: 没有这个文件,请放入表头为「{_heads(table)}」的 csv")
        return
    try:
        rows = read_table(path)
    except ConfigError as error:
        draft.problems.extend(error.problems)
        return
    fields = _fields(draft, table, rows)
    for row in rows[1:]:
        _read_row(draft, table, row, fields)


def _heads(table: Table) -> str:
    return ",".join(column.head for column in table.columns)


def _fields(draft: Draft, table: Table, rows: tuple[Row, ...]) -> list[str]:
    """The field each position holds, "" for none."""
    known = {name: column.field for column in table.columns for name in (column.head, column.field)}
    heads = [cell.strip() for cell in rows[0].cells] if rows else []
    fields = [known.get(head, "") for head in heads]
    line = rows[0].line if rows else 1
    for position, head in enumerate(heads):
        if head and not fields[position]:
            draft.say(table, line, head, f"不认识这个表头,请改为「{_heads(table)}」之一或删去该列")
        elif head and fields[position] in fields[:position]:
            draft.say(table, line, head, "这个表头出现了两次,请只留一列")
    for column in table.columns:
        if column.required and column.field not in fields:
            draft.say(table, line, column.head, "缺少这一列,请在表头补上")
    return fields


def _read_row(draft: Draft, table: Table, row: Row, fields: list[str]) -> None:
    if surplus := [cell for cell in row.cells[len(fields) :] if cell.strip()]:
        draft.say(table, row.line, "末尾", f"比表头多出 {len(surplus)} 格(「{surplus[0][:20]}」),请对齐各列")
    raw = {field: cell for field, cell in zip(fields, row.cells, strict=False) if field}
    values, problems, stands = columns.read_row(table, raw)
    missing_column = {column.head for column in table.columns if column.field not in fields}
    for head, message in problems:
        if head not in missing_column:
            draft.say(table, row.line, head, message)
    if not stands:
        draft.spoiled.add(raw.get(table.key.field, "").strip())
    elif table is columns.UNITS:
        draft.units.append(Placed(table, row.line, Unit.model_validate(values)))
    elif table is columns.CONTACTS:
        draft.contacts.append(Placed(table, row.line, Contact.model_validate(values)))
    elif table is columns.LEADERS:
        draft.leaders.append(Placed(table, row.line, Leader.model_validate(values)))
    else:
        draft.retired[str(values["old"])] = str(values["new"])
