"""The `Database` protocol: all that a driver must give for `SqlStore` to run on it.

Statements are written once, in the SQL that SQLite and PostgreSQL share, with `?` for each bound value. What cannot
be shared is a fact of the `Dialect`. Drivers turn their errors into those of `core.errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")


class Dialect(Protocol):
    """Where databases differ."""

    name: str
    """Names the migrations: `0001_initial.<name>.sql`."""
    integers: str
    """A subquery of the integers in one bound list, see `bound`."""
    texts: str
    """A subquery of the texts in one bound list."""
    table_names: str
    """A statement that gives the names of all tables."""

    def bound(self, values: Sequence[int] | Sequence[str]) -> Any:
        """A list as the one value that `integers` and `texts` take."""

    def like(self, expression: str, pattern: str, *, ignore_case: bool) -> tuple[str, str]:
        """A condition that a text matches `pattern` (`%`, `_`, no escapes), and the value to bind for it."""


class Transaction(Protocol):
    """One open transaction."""

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives no rows; how many rows it changed."""

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values; a driver may put it off to the next statement or the commit."""

    def claim(self, name: str) -> None:
        """Say that what follows may change what `name` stands for: a hint, which keeps writers from conflicting."""


class Database(Protocol):
    """A database that many threads share."""

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` over one consistent snapshot."""

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction and commit it durably; nothing stays when it raises."""

    def submit(self, work: Callable[[Transaction], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        """Like `write` without waiting; work of the same moment is committed together."""

    def version(self) -> int:
        """A number that changes with every commit, of any process."""

    def close(self) -> None:
        """Finish what was submitted and close all connections."""
