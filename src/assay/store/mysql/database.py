"""`Database` over PyMySQL, for MariaDB 10.5 or newer and MySQL 8.0.17 or newer.

Write transactions see one snapshot, and what another has changed since cannot be changed: that is MariaDB's
`innodb_snapshot_isolation` (10.6.18, 10.11.8, 11.4.2 and newer). Where it is missing, as in MySQL, they run
serializable, with the same outcome and more waiting. A transaction that meets such a conflict is done anew.

Statements that give nothing back are kept until the next one that does, and travel with it in one packet: beginning a
transaction, claims, inserts and updates, counting the commit. So adding a point to a series is three round trips.
"""

from __future__ import annotations

import contextlib
import threading
import time
import zlib
from http import HTTPStatus
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any, TypeVar

from assay.core.errors import AssayError, StorageFull
from assay.core.retry import Backoff, retry
from assay.store.committer import Committer
from assay.store.forks import start_anew_in_children
from assay.store.mysql.connection import connected
from assay.store.mysql.errors import Conflict, Duplicate, Lost, uncertain, unencodable
from assay.store.mysql.sql import Listed, expanded, inserts, rewritten
from assay.store.pool import MOST_IDLE, Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assay.store.jobs import Job
    from assay.store.mysql.connection import Link, Server
    from assay.store.mysql.uri import Address
    from assay.store.sql.database import Dialect

    Work = Callable[["MysqlTransaction"], Any]

T = TypeVar("T")

CONFLICT_SECONDS = 30.0
DUPLICATES = 5
CLAIM_SLOTS = 512
_FLUSHED = 500_000
_BACKOFF = Backoff(base=0.004, cap=0.1)
READ = "start transaction with consistent snapshot, read only"
WRITE = "start transaction"
_SERIALIZABLE = "set transaction isolation level serializable"
_CLAIM = "select slot from claims where slot = {slot} for update"
_COUNT_COMMIT = "insert into commits (slot, count) values ({slot}, 1) on duplicate key update count = count + 1"
_LOWERED = str.maketrans(ascii_uppercase, ascii_lowercase)
_VERSION = "select coalesce(sum(count), 0) from commits"


class MysqlDialect:
    """How MariaDB and MySQL differ."""

    name = "mysql"
    integers = "?"
    texts = "?"
    table_names = "select table_name from information_schema.tables where table_schema = database()"

    def bound(self, values: Sequence[int] | Sequence[str]) -> Any:
        """A list as literals."""
        return Listed(values)

    def like(self, expression: str, pattern: str, *, ignore_case: bool) -> tuple[str, str]:
        """A backslash escapes here, so it is escaped itself. The collation tells cases apart.

        The letters of ASCII are lowered one by one: `lower` knows more of them.
        """
        pattern = pattern.replace("\\", "\\\\")
        if ignore_case:
            for letter in ascii_uppercase:
                expression = f"replace({expression}, '{letter}', '{letter.lower()}')"
            return f"{expression} like ?", pattern.translate(_LOWERED)
        return f"{expression} like ?", pattern


DIALECT: Dialect = MysqlDialect()


class MysqlTransaction:
    """A `Transaction` over a connection. What is only to be done waits for the next statement that gives something."""

    def __init__(self, link: Link, opening: str, *, is_retry: bool = False) -> None:
        self.changes = 0
        self.failure: AssayError | None = None
        self._link = link
        self._cursor = link.cursor
        self._waiting = [_SERIALIZABLE, WRITE] if opening is WRITE and link.is_serializable else [opening]
        self._size = 0
        self._is_open = False
        self._writes = opening is WRITE
        self._is_retry = is_retry
        self._claimed: set[int] = set()

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    @property
    def server(self) -> Server:
        """What the server says about itself."""
        return self._link.server

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        statement = rewritten(sql)
        self._send(self._spelled(statement.text, values))
        if statement.gives_id:
            self.changes += 1
            return [(self._cursor.lastrowid,)]
        return self._link.rows()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives no rows; how many rows it changed."""
        statement = rewritten(sql)
        text = self._spelled(statement.text, values)
        if statement.unless_exists:
            return self._run_unless_exists(text)
        self._send(text)
        count = max(0, self._cursor.rowcount)
        if count:
            self.changes += 1
        return count

    def _run_unless_exists(self, text: str) -> int:
        """Run an insert; a row that exists counts as none changed.

        That row may be newer than the snapshot, which this transaction could then not explain. So at first it is a
        conflict like any other, and a transaction with a newer snapshot tells what it sees.
        """
        self._flush()
        try:
            self._send(text)
        except Duplicate:
            if not self._is_retry:
                raise
            self.failure = None
            return 0
        count = max(0, self._cursor.rowcount)
        self.changes += count
        return count

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values, with the next statement or the commit."""
        statement = rewritten(sql)
        if statement.insert is None:
            texts: Iterable[str] = [self._spelled(statement.text, row) for row in rows]
        else:
            row_text = statement.insert[1]
            before, _, after = statement.insert
            spelled = [self._spelled(row_text, row) for row in rows]
            texts = inserts((before.replace("%%", "%"), row_text, after.replace("%%", "%")), spelled)
        for text in texts:
            self.changes += 1
            self._waiting.append(text)
            self._size += len(text)
            if self._size > min(_FLUSHED, self.server.largest_packet // 8):
                self._flush()

    def claim(self, name: str) -> None:
        """Wait until nobody else is about to change what `name` stands for, before the snapshot is taken."""
        slot = zlib.crc32(name.encode("utf-8", "replace")) % CLAIM_SLOTS
        if self._writes and slot not in self._claimed:
            self._claimed.add(slot)
            self._waiting.append(_CLAIM.format(slot=slot))

    def commit(self) -> None:
        """Make it durable.

        Raises:
            Uncertain: the connection was lost, and nobody knows.
        """
        if not self.changes:
            return
        if not self._is_open:
            self._flush()  # a connection that was lost while it lay idle leaves no doubt
        self._waiting.append(_COUNT_COMMIT.format(slot=self._link.slot))
        try:
            self._send("commit")
        except Lost as error:
            raise uncertain(error, place=self._link.place) from error
        self._is_open = False

    def undo(self) -> None:
        """End the transaction, if it is not committed, without changes."""
        if self._is_open and self._link.is_sound:
            with contextlib.suppress(AssayError):  # the server undoes what it is no longer connected for
                self._link.send(["rollback"])

    def _spelled(self, text: str, values: Sequence[Any]) -> str:
        text, values = expanded(text, values)
        try:
            for value in values:
                if isinstance(value, str) and not value.isascii():
                    value.encode()
        except UnicodeEncodeError as error:
            raise unencodable(error) from error
        return self._cursor.mogrify(text, tuple(values))

    def _flush(self) -> None:
        if self._waiting:
            self._send(self._waiting.pop())

    def _send(self, text: str) -> None:
        if self.failure is not None:
            raise self.failure
        self._is_open = True
        statements = [*self._waiting, text]
        self._waiting.clear()
        self._size = 0
        try:
            self._link.send(statements)
        except AssayError as error:
            self.failure = error
            raise


class MysqlDatabase:
    """A MariaDB or MySQL database shared by the threads of this process, and with other processes."""

    def __init__(
        self, address: Address, *, snapshots: bool = True, on_statement: Callable[[str], object] | None = None
    ) -> None:
        """Remember where the database is; connections are opened when needed.

        Without `snapshots`, write transactions are serializable on every server, as they are on MySQL.
        `on_statement` is told every statement run, for tests and profiling.
        """
        self.place = address.place
        self.address = address
        self._snapshots = snapshots
        self._on_statement = on_statement
        self._start()
        start_anew_in_children(self)

    def _start(self) -> None:
        self._pool: Pool[Link] = Pool(self._connect, is_alive=lambda link: link.is_sound, name=self.place)
        self._committer: Committer[Work] = Committer(self._commit, name=self.place)
        self._writing = threading.local()

    def forget_inherited(self) -> list[Link]:
        """After a fork, in the child: start anew, and return the parent's connections, which must not be closed."""
        inherited = self._pool.connections()
        self._start()
        return inherited

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    def read(self, work: Callable[[MysqlTransaction], T]) -> T:
        """Run `work` over one consistent snapshot; again if the connection is lost."""
        return self._unless_lost(lambda: self._attempt(work, READ))

    def write(self, work: Callable[[MysqlTransaction], T]) -> T:
        """Run `work` in one transaction and commit it durably; again as long as it conflicts with others."""
        if getattr(self._writing, "now", False):
            raise AssayError("A write began inside another write of the same thread. Do both in one piece of work.")
        self._writing.now = True
        tries = duplicates = 0

        def attempt() -> T:
            nonlocal tries
            tries += 1
            return self._attempt(work, WRITE, is_retry=tries > 1)

        def is_worth_it(error: AssayError) -> bool:
            nonlocal duplicates
            duplicates += isinstance(error, Duplicate)
            return isinstance(error, (Conflict, Lost)) and duplicates <= DUPLICATES

        try:
            return retry(
                attempt,
                retries=10_000,
                backoff=_BACKOFF,
                deadline=time.monotonic() + CONFLICT_SECONDS,
                when=is_worth_it,
            )
        finally:
            self._writing.now = False

    def submit(self, work: Work, done: Callable[[Any, BaseException | None], None]) -> None:
        """Like `write` without waiting; work of the same moment is committed together."""
        self._committer.submit(work, done)

    def version(self) -> int:
        """A number that changes with every commit, of any process: the sum of what all connections have counted."""

        def attempt() -> int:
            with self.borrowed() as link:
                link.send([_VERSION])
                number: int = link.rows()[0][0]
            return number

        return self._unless_lost(attempt)

    def close(self) -> None:
        """Finish what was submitted and close all connections."""
        self._committer.close()
        self._pool.close()

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[Link]:
        """A connection for a while, in no transaction."""
        link = self._pool.take()
        try:
            yield link
        finally:
            if link.is_sound:
                self._pool.give_back(link)
            else:
                self._pool.discard(link)

    def _connect(self) -> Link:
        return connected(self.address, snapshots=self._snapshots, on_statement=self._on_statement)

    def _unless_lost(self, attempt: Callable[[], T]) -> T:
        """Again when the connection is lost, as those that lie idle are after the server was started anew."""
        return retry(
            attempt,
            retries=MOST_IDLE + 2,
            backoff=_BACKOFF,
            deadline=time.monotonic() + CONFLICT_SECONDS,
            when=lambda error: isinstance(error, (Lost, Conflict)),
        )

    def _attempt(self, work: Callable[[MysqlTransaction], T], opening: str, *, is_retry: bool = False) -> T:
        """Run `work` in a transaction of its own."""
        with self.borrowed() as link:
            transaction = MysqlTransaction(link, opening, is_retry=is_retry)
            try:
                result = work(transaction)
                if opening is WRITE:
                    transaction.commit()
                return result
            finally:
                transaction.undo()

    def _commit(self, group: list[Job[Work]], *, patient: bool = True) -> list[Job[Work]]:
        """Run a group in one transaction; what that does harm to is run alone, or returned for who is patient."""
        if len(group) > 1 and self._commit_together(group):
            return []
        if not patient and len(group) > 1:
            return group
        for job in group:
            job.attempt(self.write)
        return []

    def _commit_together(self, group: list[Job[Work]]) -> bool:
        """Run a group in one transaction; False if it was undone for the failure of one."""

        def together(transaction: MysqlTransaction) -> None:
            for job in group:
                changes = transaction.changes
                job.attempt(lambda work: work(transaction))
                if transaction.failure is not None or (job.error is not None and transaction.changes != changes):
                    raise _SpoiledError

        try:
            self._attempt(together, WRITE)
        except _SpoiledError:
            return False
        except AssayError as error:
            if isinstance(error, (Conflict, Lost, StorageFull)) or error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return False
            for job in group:
                job.error = error
        return True


class _SpoiledError(Exception):
    """One job of a group failed after it had changed something, or made the database fail."""
