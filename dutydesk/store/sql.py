"""Loads the named queries and the schema. SQL lives in queries.sql and schema.sql and nowhere else."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

from dutydesk.store.connection import Params

_NAME = re.compile(r"^-- ([a-z_]+)$", re.MULTILINE)
_VALUES = re.compile(r"(?<=VALUES )\([^)]*\)")
_SIZES = (256, 128, 64, 32, 16, 8, 4, 2, 1)  # rows of one statement: few texts to prepare, few statements to run


@cache
def queries() -> dict[str, str]:
    """Every named query, placeholders written `?`."""
    parts = _NAME.split(files("dutydesk.store").joinpath("queries.sql").read_text("utf-8"))
    return {name: " ".join(body.split()) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def schema() -> list[str]:
    """The statements of a fresh database, in order."""
    text = files("dutydesk.store").joinpath("schema.sql").read_text("utf-8")
    return statements(text)


def search_schema() -> list[str]:
    """The statements of the search index, in order."""
    return statements(files("dutydesk.store").joinpath("search.sql").read_text("utf-8"))


def migrations() -> dict[int, list[str]]:
    """Numbered steps from an older schema: number reached → statements."""
    folder = files("dutydesk.store").joinpath("migrations")
    found = folder.iterdir() if folder.is_dir() else ()
    steps = {int(f.name[:4]): f.read_text("utf-8") for f in found if f.name.endswith(".sql")}
    return {number: statements(steps[number]) for number in sorted(steps)}


def statements(text: str) -> list[str]:
    """Split a script at semicolons; comments are dropped."""
    bare = re.sub(r"--[^\n]*", "", text)
    return [" ".join(part.split()) for part in bare.split(";") if part.strip()]


def pieces(query: str, rows: Sequence[Params]) -> Iterator[tuple[str, Params]]:
    """A query about one row as few queries about many: (text, parameters). No row may be there twice.

    What has VALUES gets more rows of them; a question in brackets is repeated with UNION ALL, so that its LIMIT holds for each row;
    anything else has its whole WHERE repeated with OR, which servers plan badly: only for what deletes by a whole key. One statement
    for 64 rows gives the interpreter lock away once instead of 64 times, and costs a server one parse instead of 64.
    """
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield _widened(query, size), tuple(chain.from_iterable(rows[start : start + size]))
            start += size


@cache
def _widened(query: str, size: int) -> str:
    if query.startswith("SELECT * FROM ("):
        return " UNION ALL ".join([query] * size)
    if _VALUES.search(query):
        return _VALUES.sub(lambda row: ", ".join([row[0]] * size), query, count=1)
    head, _, condition = query.partition(" WHERE ")
    return f"{head} WHERE {' OR '.join([f'({condition})'] * size)}"
