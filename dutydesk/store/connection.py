"""What both engines can do: run a named query, and a transaction. Synchronous, one thread at a time."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Params = tuple[Any, ...]


class Connection(Protocol):
    """One connection to the store."""

    round_trips: int  # waits for the server since it was opened; a test bounds them

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """The exceptions that mean: the store is away or refused."""
        ...

    def all(self, name: str, *params: Any) -> list[Params]: ...

    def one(self, name: str, *params: Any) -> Params | None: ...

    def run(self, name: str, *params: Any) -> int: ...

    def many(self, name: str, rows: Sequence[Params]) -> None:
        """Run a query for many rows, in few statements. No row may be there twice."""
        ...

    def among(self, name: str, rows: Sequence[Params]) -> list[Params]:
        """Ask a question about many rows, in few statements; the query ends in its WHERE."""
        ...

    def script(self, statements: Sequence[str]) -> None: ...

    def begin(self) -> Params:
        """Begin a write and take the pen: the pen's row."""
        ...

    def begin_beside(self) -> None:
        """Begin a write that needs no pen: of the search index only."""
        ...

    def begin_read(self) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def savepoint(self) -> None: ...

    def release(self) -> None: ...

    def back_to_savepoint(self) -> None: ...

    def together(self) -> AbstractContextManager[Any]:
        """Statements inside travel together where the engine can; their results are not needed."""
        ...

    def is_empty(self) -> bool: ...

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        ...

    def close(self) -> None: ...
