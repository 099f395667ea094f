"""Results made by other threads, handed to the event loop in bulk, and the threads that read and copy."""

from __future__ import annotations

import threading
from collections import deque
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from assay.core.errors import TemporarilyUnavailable
from assay.server.errors import outcome

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Iterator

T = TypeVar("T")


class Handover:
    """Settles futures of the event loop from any thread; many at once cost one wake-up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._settled: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._scheduled = False

    def future(self) -> asyncio.Future[Any]:
        """A future to be settled here."""
        return self._loop.create_future()

    def settle(self, future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
        """Give the future its result, or its error; from any thread."""
        self._settled.append((future, result, error))
        if self._scheduled:
            return
        self._scheduled = True
        try:
            self._loop.call_soon_threadsafe(self._drain)
        except RuntimeError:  # the loop is closed: nobody waits for an answer any more
            self._settled.clear()

    def _drain(self) -> None:
        self._scheduled = False  # first: what is added from now on schedules itself again
        settled = self._settled
        while settled:
            future, result, error = settled.popleft()
            if future.done():  # its request was cancelled
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


class Workers:
    """A few threads that do blocking work for the event loop, started when needed.

    Args:
        handover: Takes the results.
        threads: How many threads there are at most.
        waiting: How many pieces of work may wait for a thread.
        name: Of the threads.
    """

    def __init__(self, handover: Handover, *, threads: int, waiting: int, name: str) -> None:
        self._handover = handover
        self._limit = threads
        self._waiting = waiting
        self._name = name
        self._queue: SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0

    def run(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Do the work in a thread; called from the event loop.

        Raises:
            TemporarilyUnavailable: too much work is waiting already.
        """
        waiting = self._queue.qsize()
        if waiting >= self._idle and len(self._threads) < self._limit:
            self._start_thread()
        elif waiting >= self._waiting:
            raise TemporarilyUnavailable("The server is busy. Try again in a second.")
        future: asyncio.Future[T] = self._handover.future()
        self._queue.put((future, work))
        return future

    async def iterate(self, items: Iterator[T]) -> AsyncIterator[T]:
        """The items of a blocking iterator."""
        end = object()
        while True:
            item: Any = await self.run(lambda: next(items, end))
            if item is end:
                return
            yield item

    def close(self) -> None:
        """Let the threads end after what they are doing."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while True:
            self._idle += 1
            task = self._queue.get()
            self._idle -= 1
            if task is None:
                return
            future, work = task
            result, error = outcome(work)
            self._handover.settle(future, result, error)
            del task, future, work, result, error  # an idle thread keeps nothing alive
