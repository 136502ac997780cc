"""Loads the named queries and the schema. SQL lives in queries.sql and schema.sql and nowhere else."""

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- ([a-z_]+)$", re.MULTILINE)


@cache
def queries() -> dict[str, str]:
    """Every named query, placeholders written `?`."""
    parts = _NAME.split(files("dutydesk.store").joinpath("queries.sql").read_text("utf-8"))
    return {name: " ".join(body.split()) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def schema() -> list[str]:
    """The statements of a fresh database, in order."""
    text = files("dutydesk.store").joinpath("schema.sql").read_text("utf-8")
    return statements(text)


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
