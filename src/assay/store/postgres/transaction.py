"""What a transaction on PostgreSQL is: where its SQL differs, and how few round trips it takes."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from assay.store.postgres.errors import Contended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from psycopg import RawCursor

    from assay.store.postgres.connection import Connection
    from assay.store.sql.database import Dialect

BEGIN_READ = "begin isolation level repeatable read read only"
BEGIN_WRITE = "begin isolation level repeatable read"
NOTHING_HOT: Mapping[int, float] = {}
_CLAIM = "select pg_try_advisory_xact_lock(?)"


class PostgresDialect:
    """How PostgreSQL differs."""

    name = "postgres"
    integers = "select unnest(?::bigint[])"
    texts = "select unnest(?::text[])"
    table_names = "select tablename::text from pg_tables where schemaname = current_schema()"

    def bound(self, values: Sequence[int] | Sequence[str]) -> Any:
        """A list as an array."""
        return list(values)

    def like(self, expression: str, pattern: str, *, ignore_case: bool) -> tuple[str, str]:
        """`ilike` ignores the case of ASCII letters in columns that sort by code point, which all texts do here."""
        return f"{expression} {'ilike' if ignore_case else 'like'} ? escape ''", pattern


DIALECT: Dialect = PostgresDialect()


@lru_cache(maxsize=2048)
def numbered(sql: str) -> str:
    """The statement with `$1`, `$2`, ... for its question marks."""
    first, *others = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))


@lru_cache(maxsize=4096)
def lock_number(name: str) -> int:
    """The advisory lock that stands for a name, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode(errors="replace"), digest_size=8).digest(), "big", signed=True)


class PostgresTransaction:
    """A `Transaction` over a connection. What gives no rows waits, and is sent along with the next statement."""

    __slots__ = (
        *("_begun", "_claimed", "_claims", "_connection", "_cursor", "_hot", "_is_writing", "_told", "_waiting"),
        *("changed", "committing"),
    )

    def __init__(
        self,
        connection: Connection,
        begin: str,
        *,
        hot: Mapping[int, float] = NOTHING_HOT,
        told: Callable[[str], object] | None = None,
    ) -> None:
        """Begin with the first statement; claims that are `hot` until later than now are not even tried."""
        self._connection = connection
        self._cursor = connection.cursor(binary=True)
        self._waiting: list[tuple[str, Sequence[Sequence[Any]]]] = [(begin, ((),))]
        self._is_writing = begin is BEGIN_WRITE
        self._claims: set[int] = set()
        self._claimed: list[int] = []
        self._begun = False
        self._hot = hot
        self._told = told
        self.changed = False
        self.committing = False

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return self._executed(sql, values).fetchone()

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._executed(sql, values).fetchall()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives no rows; how many rows it changed."""
        return self._executed(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values, with the next statement or the commit."""
        given = list(rows)
        if given:
            self.changed = True
            self._waiting.append((sql, given))

    def claim(self, name: str) -> None:
        """Take the lock of a name until the end; whoever finds it taken is run again when it is free."""
        if not self._is_writing:
            return
        lock = lock_number(name)
        if lock not in self._claims:
            if self._hot.get(lock, 0.0) > time.monotonic():
                raise Contended(lock)
            self._claims.add(lock)
            self._claimed.append(lock)
            self._waiting.append((_CLAIM, ((lock,),)))

    def commit(self) -> None:
        """Send what waits, and commit; `committing` stays true if nobody can know whether that came through."""
        self._tell("commit")
        if not self._begun and not self.changed:
            return
        self.committing = True
        if self._waiting:
            with self._connection.pipeline():
                self._send_waiting()
                self._connection.execute("commit")
        else:
            self._connection.execute("commit")
        self.committing = False

    def _executed(self, sql: str, values: Sequence[Any]) -> RawCursor[tuple[Any, ...]]:
        cursor = cast("RawCursor[tuple[Any, ...]]", self._cursor)
        if not sql.lstrip().startswith("select"):
            self.changed = True
        self._tell(sql)
        if self._waiting:
            with self._connection.pipeline():
                answers = self._send_waiting()
                cursor.execute(cast("Any", numbered(sql)), values)
            self._check_claims(answers)
        else:
            cursor.execute(cast("Any", numbered(sql)), values)
        return cursor

    def _send_waiting(self) -> list[RawCursor[tuple[Any, ...]]]:
        """Send what waits, and give what will hold the answers to the claims among it: a cursor keeps its last one."""
        sender = self._connection.cursor(binary=True)
        answers = []
        for sql, rows in self._waiting:
            statement = cast("Any", numbered(sql))
            if sql is _CLAIM:
                answers.append(cast("RawCursor[tuple[Any, ...]]", self._connection.cursor(binary=True)))
                answers[-1].execute(statement, rows[0])
            elif len(rows) == 1:
                sender.execute(statement, rows[0])
            else:
                sender.executemany(statement, rows)
        self._waiting.clear()
        self._begun = True
        return answers

    def _check_claims(self, answers: Sequence[RawCursor[tuple[Any, ...]]]) -> None:
        claimed, self._claimed = self._claimed, []
        for lock, answer in zip(claimed, answers, strict=True):
            if answer.fetchone() != (True,):
                self._claims.discard(lock)
                raise Contended(lock)

    def _tell(self, sql: str) -> None:
        if self._told is None:
            return
        for waiting, rows in self._waiting:
            for _ in rows:
                self._told(waiting)
        self._told(sql)
