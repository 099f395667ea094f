"""Threads that commit submitted work, for databases that take many writers: what waits is shared out in groups."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assay.core.errors import AssayError
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

W = TypeVar("W")

THREADS = 4
LARGEST_GROUP = 64
_log = logger("store")


@dataclass(slots=True)
class Job(Generic[W]):
    """One piece of work, and what became of it."""

    work: W
    done: Callable[[Any, BaseException | None], None]
    result: Any = None
    error: BaseException | None = None

    def attempt(self, run: Callable[[W], Any]) -> None:
        """Note what `run` makes of the work."""
        try:
            self.result, self.error = run(self.work), None
        except BaseException as error:  # noqa: BLE001 -- handed to whoever waits for the job
            self.error = error

    def report(self) -> None:
        """Tell the outcome; a callback that fails must not stop the others' answers."""
        try:
            self.done(self.result, self.error)
        except Exception:  # noqa: BLE001 -- a defect of the caller; the thread serves others too
            _log.exception("A callback of a store write failed.")


class Committer(Generic[W]):
    """Runs jobs in a few threads, each taking a fair part of what waits.

    Args:
        commit: Runs a group of jobs, and notes the outcome in each; it does not raise.
        name: Of the store, for messages.
    """

    def __init__(self, commit: Callable[[list[Job[W]]], None], *, name: str) -> None:
        self._commit = commit
        self._name = name
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Job[W] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def submit(self, work: W, done: Callable[[Any, BaseException | None], None]) -> None:
        """Queue work; `done` is called in one of the threads.

        Raises:
            AssayError: the store is closed.
        """
        with self._lock:
            if self._closed:
                raise AssayError(f"The store {self._name} is closed.")
            self._queue.put(Job(work, done))
            if self._queue.qsize() > self._idle and len(self._threads) < THREADS:
                thread = threading.Thread(target=self._serve, name="assay-store-writer", daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self) -> None:
        """Return when all that was submitted is done."""
        with self._lock:
            self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while True:
            self._idle += 1
            job = self._queue.get()
            self._idle -= 1
            if job is None:
                return
            group, closing = self._joined_by_others(job)
            self._commit(group)
            for one in group:
                one.report()
            del job, group  # an idle thread keeps nothing alive
            if closing:
                return

    def _joined_by_others(self, job: Job[W]) -> tuple[list[Job[W]], bool]:
        """The job with its part of what waits, and whether the end was reached."""
        group = [job]
        for _ in range(min(LARGEST_GROUP - 1, self._queue.qsize() // THREADS)):
            try:
                other = self._queue.get_nowait()
            except queue.Empty:
                break
            if other is None:
                return group, True
            group.append(other)
        return group, False
