"""The one writer of a SQLite file: commits what arrives at the same moment together."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from assay.core.errors import AssayError
from assay.store.jobs import Job
from assay.store.sqlite.errors import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.store.sqlite.database import SqliteTransaction

    Work = Callable[[SqliteTransaction], Any]

T = TypeVar("T")

LARGEST_GROUP = 500
LONGEST_GATHERING = 0.0003
"""Seconds that a group may wait to become as large as the one before: about what one more commit would cost."""
_DRIVER_ERRORS = (sqlite3.Error, OverflowError, UnicodeEncodeError)


class Writer:
    """Runs work in write transactions, one at a time.

    While nothing runs at once, `write` works in the caller's thread. From the first `submit`, or the first `write`
    that finds another one running, a thread takes over and groups what waits.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        transaction: Callable[[sqlite3.Connection], SqliteTransaction],
        path: str,
    ) -> None:
        self.connection: sqlite3.Connection | None = None
        self._connect = connect
        self._transaction = transaction
        self._path = path
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._queue: queue.SimpleQueue[Job[Work] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._owner: int | None = None
        self._closed = False

    def write(self, work: Callable[[SqliteTransaction], T]) -> T:
        """Run `work` in a transaction of its own or of a group; return its result once it is committed."""
        if self._owner == threading.get_ident():
            raise AssayError("A write began inside another write of the same thread. Do both in one piece of work.")
        outcome: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        job = Job(work, lambda result, error: outcome.put((result, error)))
        if self._thread is None and self._lock.acquire(blocking=False):
            try:
                self._check_open()
                self._commit([job])
            finally:
                self._lock.release()
            result, error = job.result, job.error
        else:
            self._enqueue(job)
            result, error = outcome.get()
        if error is not None:
            raise error
        value: T = result
        return value

    def submit(self, work: Work, done: Callable[[Any, BaseException | None], None]) -> None:
        """Queue `work`; `done` is called in the writer's thread."""
        self._enqueue(Job(work, done))

    def close(self) -> None:
        """Finish what is queued and close the connection."""
        with self._starting:
            self._closed = True
            thread = self._thread
            if thread is not None:
                self._queue.put(None)
        if thread is not None:
            thread.join()
        with self._lock:
            if self.connection is not None:
                self.connection.close()
                self.connection = None

    def _enqueue(self, job: Job[Work]) -> None:
        with self._starting:
            self._check_open()
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="assay-store-writer", daemon=True)
                self._thread.start()
            self._queue.put(job)

    def _check_open(self) -> None:
        if self._closed:
            raise AssayError(f"The store {self._path} is closed.")

    def _serve(self) -> None:
        closing = False
        group: list[Job[Work]] = []
        while not closing:
            group, closing = self._next_group(usual=len(group))
            if group:
                with self._lock:
                    self._commit(group)
                for job in group:
                    job.report()

    def _next_group(self, usual: int) -> tuple[list[Job[Work]], bool]:
        """What waits now, and whether the end was reached; waits for the first, and shortly for a `usual` number.

        Clients that wait for their answers come back together: without the short wait they would split into groups
        that take turns, each paying for a commit.
        """
        job = self._queue.get()
        group: list[Job[Work]] = []
        deadline = time.perf_counter() + LONGEST_GATHERING
        while job is not None:
            group.append(job)
            if len(group) == LARGEST_GROUP:
                return group, False
            try:
                if len(group) < usual:
                    job = self._queue.get(timeout=max(0.0, deadline - time.perf_counter()))
                else:
                    job = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: list[Job[Work]]) -> None:
        """Run a group in one transaction and note each outcome."""
        self._owner = threading.get_ident()
        try:
            lost = self._run_together(group)
            for job in group if lost else ():
                self._run_together([job])
        finally:
            self._undo()
            self._owner = None

    def _run_together(self, group: list[Job[Work]]) -> bool:
        """Run jobs in one transaction; True if all of it was undone for the failure of one, and each must be retried.

        Most jobs that fail do so before they change anything, and disturb nobody: so the others need not pay for
        savepoints. A failure to begin or to commit is the outcome of every job.
        """
        try:
            connection = self.connection = self.connection or self._connect()
            connection.execute("begin immediate")
        except (*_DRIVER_ERRORS, AssayError) as error:
            self._fail(group, error)
            return False
        try:
            for job in group:
                changes = connection.total_changes
                self._attempt(job, connection)
                if job.error is not None and (connection.total_changes != changes or not connection.in_transaction):
                    self._undo()
                    return len(group) > 1
            connection.execute("commit")
        except sqlite3.Error as error:
            self._undo()
            self._fail([job for job in group if job.error is None], error)
        return False

    def _attempt(self, job: Job[Work], connection: sqlite3.Connection) -> None:
        job.attempt(lambda work: work(self._transaction(connection)))
        if job.error is not None:
            job.error = self._explained(job.error)

    def _undo(self) -> None:
        if self.connection is not None and self.connection.in_transaction:
            self.connection.rollback()

    def _fail(self, jobs: list[Job[Work]], error: BaseException) -> None:
        for job in jobs:
            job.error = self._explained(error)

    def _explained(self, error: BaseException) -> BaseException:
        if not isinstance(error, _DRIVER_ERRORS):
            return error
        explained = translated(error, self._path)
        explained.__cause__ = error
        return explained
