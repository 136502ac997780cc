"""The rules of the house that no linter knows, each shown to catch an offender and to find none in the tree.

Who may import whom is checked by import-linter, that only dutydesk.clock knows the time by ruff; see pyproject.toml.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 400
SQL = re.compile(
    r"\b(select\s.*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s"
    r"|(create|drop|alter)\s+(table|index|unique\s+index|schema|database|view|trigger)\s|pragma\s+\w+)",
    re.IGNORECASE | re.DOTALL,
)
ENGINES = {"sqlite3", "psycopg", "psycopg_pool", "asyncpg", "aiosqlite", "sqlalchemy"}
SLEEPS = {"time.sleep", "asyncio.sleep", "anyio.sleep", "trio.sleep"}

Rule = Callable[[str, ast.Module], Iterator[int]]


def sql_outside_the_store(path: str, module: ast.Module) -> Iterator[int]:
    """Only dutydesk.store contains SQL or speaks to a database engine."""
    if not path.startswith("dutydesk/") or path.startswith("dutydesk/store/"):
        return
    prose = {id(text) for text in _docstrings(module)}
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if {name.split(".")[0] for name in _imported(node)} & ENGINES:
                yield node.lineno
        elif isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in prose and SQL.search(_text(node)):
            yield node.lineno


def sending_outside_the_outbox(path: str, module: ast.Module) -> Iterator[int]:
    """Only the outbox worker calls a channel's `send`; a channel may call its own."""
    allowed = ("dutydesk/workers/outbox.py", "dutydesk/channels/", "dutydesk/simulator/")
    if not path.startswith("dutydesk/") or path.startswith(allowed):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr == "send":
            yield node.lineno


def sleeping_in_a_test(path: str, module: ast.Module) -> Iterator[int]:
    """Tests wait for what they expect and never for time to pass; `asyncio.sleep(0)`, which only yields, is allowed."""
    if not path.startswith("tests/"):
        return
    names = dict(_aliases(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and not _is_zero(node.args):
            called = _dotted(node.func)
            head, _, rest = called.partition(".")
            full = names.get(head, head) + (f".{rest}" if rest else "")
            if full in SLEEPS or called.endswith(".wait_for_timeout"):
                yield node.lineno


def impure_domain(path: str, module: ast.Module) -> Iterator[int]:
    """dutydesk.domain and dutydesk.reading are pure: no event loop, no log, no files, no network, no chance.

    The reader's process (worker.py) is the one edge of the reading room.
    """
    banned = {"asyncio", "logging", "os", "io", "pathlib", "socket", "subprocess", "random", "secrets", "threading"}
    if not path.startswith(("dutydesk/domain/", "dutydesk/reading/")) or path == "dutydesk/reading/worker.py":
        return
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom) and {n.split(".")[0] for n in _imported(node)} & banned:
            yield node.lineno


RULES: dict[Rule, tuple[tuple[str, str], ...]] = {
    sql_outside_the_store: (
        ("dutydesk/hub.py", "x = 'select id from entries where seq = 1'"),
        ("dutydesk/hub.py", "x = f'DELETE FROM {table} '"),
        ("dutydesk/web/api.py", "x = '''INSERT INTO rows VALUES (1)'''"),
        ("dutydesk/web/api.py", "x = 'PRAGMA journal_mode = WAL'"),
        ("dutydesk/app.py", "from psycopg.rows import dict_row"),
        ("dutydesk/workers/tail.py", "import sqlite3 as engine"),
    ),
    sending_outside_the_outbox: (
        ("dutydesk/web/api.py", "async def f(channel): await channel.send(1)"),
        ("dutydesk/workers/timers.py", "send = channel.send"),
    ),
    sleeping_in_a_test: (
        ("tests/desk/test_x.py", "import asyncio\nasync def f(): await asyncio.sleep(0.1)"),
        ("tests/desk/test_x.py", "from asyncio import sleep as nap\nasync def f(): await nap(1)"),
        ("tests/conftest.py", "import time as t\nt.sleep(delay)"),
        ("tests/browser/test_x.py", "async def f(page): await page.wait_for_timeout(100)"),
    ),
    impure_domain: (
        ("dutydesk/domain/pages.py", "import logging"),
        ("dutydesk/reading/figures.py", "from os.path import join"),
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    offences = [f"{path}:{line}" for path, module in _modules() for line in rule(path, module)]
    assert not offences, rule.__doc__


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [pytest.param(rule, *sample, id=f"{rule.__name__}-{n}") for rule in RULES for n, sample in enumerate(RULES[rule])],
)
def test_the_rule_catches_an_offender(rule: Rule, path: str, code: str) -> None:
    assert list(rule(path, ast.parse(code)))


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (sql_outside_the_store, "dutydesk/hub.py", "'''We select one from the facts.'''"),
        (sql_outside_the_store, "dutydesk/store/sqlite.py", "import sqlite3"),
        (sending_outside_the_outbox, "dutydesk/workers/outbox.py", "channel.send(1)"),
        (sleeping_in_a_test, "tests/desk/test_x.py", "import asyncio\nasync def f(): await asyncio.sleep(0)"),
    ],
)
def test_the_rule_lets_the_innocent_pass(rule: Rule, path: str, code: str) -> None:
    assert not list(rule(path, ast.parse(code)))


def test_no_module_is_longer_than_one_room() -> None:
    lengths = {path: text.count("\n") for path, text in _sources()}
    assert not {path: lines for path, lines in lengths.items() if path.startswith("dutydesk/") and lines > MAX_LINES}


def test_sql_files_lie_in_the_store() -> None:
    strays = [path for path in (ROOT / "dutydesk").rglob("*.sql") if ROOT / "dutydesk" / "store" not in path.parents]
    assert not strays


def test_vendored_modules_load_as_they_lie() -> None:
    """A browser resolves only relative imports, and every one must hit a file that is there (scripts/vendor)."""
    vendor = ROOT / "dutydesk" / "web" / "static" / "vendor"
    imports = [
        (path, address)
        for path in vendor.rglob("*.js")
        for address in re.findall(r"""\b(?:from|import)\s*\(?["']([^"']+)["']""", path.read_text())
    ]
    assert imports, "the pattern finds nothing any more"
    assert not [(path, to) for path, to in imports if not to.startswith("..") or not (path.parent / to).is_file()]


def _sources() -> Iterator[tuple[str, str]]:
    for folder in ("dutydesk", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path, text in _sources():
        yield path, ast.parse(text)


def _docstrings(module: ast.Module) -> Iterator[ast.expr]:
    """Strings that stand alone: docstrings, and notes after a name."""
    return (node.value for node in ast.walk(module) if isinstance(node, ast.Expr))


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_text(part) if isinstance(part, ast.Constant) else "x" for part in node.values)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [name.name for name in node.names] if isinstance(node, ast.Import) else [node.module or ""]


def _aliases(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((name.asname, name.name) for name in node.names if name.asname)
        elif isinstance(node, ast.ImportFrom):
            yield from ((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _is_zero(arguments: Iterable[ast.expr]) -> bool:
    return any(isinstance(argument, ast.Constant) and argument.value == 0 for argument in arguments)
