"""Threads that commit submitted work, for databases that take many writers: what waits is shared out in groups.

Work that meets other writers on its way is put aside for one more thread: it does such work in larger groups, one
after another, so that it does not meet itself again.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from assay.core.errors import AssayError
from assay.store.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

W = TypeVar("W")

THREADS = 4
LARGEST_GROUP = 64


class Commit(Protocol[W]):
    """Runs a group of jobs."""

    def __call__(self, group: list[Job[W]], *, patient: bool) -> list[Job[W]]:
        """Note the outcome in each, and return those that must be run again with `patient`."""


class Committer(Generic[W]):
    """Runs jobs in a few threads, each taking a fair part of what waits.

    Args:
        commit: Runs a group of jobs, and notes the outcome in each; it does not raise. Returns those that met other
            writers, to be run again with `patient`: then it waits for the others.
        name: Of the store, for messages.
    """

    def __init__(self, commit: Commit[W], *, name: str) -> None:
        self._commit = commit
        self._name = name
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Job[W] | None] = queue.SimpleQueue()
        self._aside: queue.SimpleQueue[Job[W] | None] = queue.SimpleQueue()
        self._patient: threading.Thread | None = None
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
                self._threads.append(_started(self._serve))

    def close(self) -> None:
        """Return when all that was submitted is done."""
        with self._lock:
            self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        if self._patient is not None:
            self._aside.put(None)
            self._patient.join()

    def _serve(self) -> None:
        while True:
            self._idle += 1
            job = self._queue.get()
            self._idle -= 1
            if job is None:
                return
            group, closing = _with_others(job, self._queue, most=self._queue.qsize() // THREADS)
            aside = self._commit(group, patient=False)
            for one in group:
                if one not in aside:
                    one.report()
            if aside:
                self._put_aside(aside)
            del job, group, aside  # an idle thread keeps nothing alive
            if closing:
                return

    def _put_aside(self, jobs: list[Job[W]]) -> None:
        with self._lock:
            if self._patient is None:
                self._patient = _started(self._serve_aside)
        for job in jobs:
            self._aside.put(job)

    def _serve_aside(self) -> None:
        closing = False
        while not closing:
            job = self._aside.get()
            if job is None:
                return
            group, closing = _with_others(job, self._aside, most=LARGEST_GROUP)
            self._commit(group, patient=True)
            for one in group:
                one.report()
            del job, group


def _started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name="assay-store-writer", daemon=True)
    thread.start()
    return thread


def _with_others(job: Job[W], waiting: queue.SimpleQueue[Job[W] | None], *, most: int) -> tuple[list[Job[W]], bool]:
    """The job with some of those that wait, and whether the end was reached."""
    group = [job]
    while len(group) <= min(most, LARGEST_GROUP):
        try:
            other = waiting.get_nowait()
        except queue.Empty:
            break
        if other is None:
            return group, True
        group.append(other)
    return group, False
