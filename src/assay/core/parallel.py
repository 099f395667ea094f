"""Threads for the length of a call: the same work for many items, or items got ahead of their use."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

_END = object()


def each(work: Callable[[T], object], items: Iterable[T], *, threads: int) -> None:
    """Do `work` for every item, in this thread and up to `threads - 1` others; return when all are done.

    After a failure no further item is begun; what is under way is finished, and the first error raised here.
    """
    round_ = _Round(work, list(items))
    helpers = [threading.Thread(target=round_.run, name=f"assay-each-{n}", daemon=True) for n in range(1, threads)]
    started = []
    for thread in helpers[: round_.size - 1]:
        try:
            thread.start()
        except RuntimeError:  # the interpreter is ending, or the system has no more threads: this one does it all
            break
        started.append(thread)
    try:
        round_.run()
    finally:
        round_.stop()
        for thread in started:
            thread.join()
    if round_.errors:
        raise round_.errors[0]


def ahead(items: Iterable[T], *, most: int) -> Iterator[T]:
    """The items, got in a thread of their own, at most so many before they are asked for; its error is raised here."""
    ready: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
    room = threading.Semaphore(most)
    stopped = threading.Event()

    def run() -> None:
        try:
            for item in items:
                room.acquire()
                if stopped.is_set():
                    return
                ready.put((item, None))
        except BaseException as error:  # noqa: BLE001 -- raised again in the thread that asks for items
            ready.put((_END, error))
        else:
            ready.put((_END, None))

    thread = threading.Thread(target=run, name="assay-ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            room.release()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stopped.set()
        room.release()
        thread.join()


class _Round:
    """Items that several threads take one by one."""

    def __init__(self, work: Callable[[Any], object], items: list[Any]) -> None:
        self._work = work
        self._items = iter(items)
        self._lock = threading.Lock()
        self._stopped = False
        self.size = len(items)
        self.errors: list[BaseException] = []

    def run(self) -> None:
        while not self._stopped:
            with self._lock:
                item = next(self._items, _END)
            if item is _END:
                return
            try:
                self._work(item)
            except BaseException as error:  # noqa: BLE001 -- raised again in the thread that waits for all
                self.errors.append(error)
                self._stopped = True

    def stop(self) -> None:
        self._stopped = True
