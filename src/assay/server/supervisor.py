"""Several processes that answer on one socket: they are started, watched, started again, and stopped together.

What takes time to load is loaded before the processes are forked, so that they share its memory. Nothing that must
not be shared is open then: no thread, no connection, no event loop.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from assay.core.errors import AssayError, ConfigurationError
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

READY_SECONDS = 60.0
STOP_SECONDS = 20.0
QUICK_DEATHS = 5
"""So many processes in a row that die before they are ready, and the server gives up."""
_PAUSE_SECONDS = 0.2
_READY = b"\n"
_LONGEST_MESSAGE = 4096
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_log = logger("server")


@dataclass(frozen=True)
class Worker:
    """What a process is told: its place among the others, and whom to tell about itself.

    `news` is a descriptor to write to, once; `lifeline` becomes readable when the supervisor is gone.
    """

    place: int
    news: int
    lifeline: int

    def tell_ready(self) -> None:
        """Say that this process answers requests."""
        self.tell(_READY)

    def tell(self, news: bytes) -> None:
        """Say that this process is ready, or why it is not."""
        os.write(self.news, news)


class Supervisor:
    """Keeps `count` processes running, each of which runs `work` until SIGTERM or until its lifeline ends."""

    def __init__(
        self,
        count: int,
        work: Callable[[Worker], None],
        *,
        ready_seconds: float = READY_SECONDS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """Nothing is started yet; processes are given so long to get ready, and to finish.

        Raises:
            ConfigurationError: this system cannot fork.
        """
        if not hasattr(os, "fork"):
            raise ConfigurationError("Several workers need an operating system that forks. Start one worker.")
        self._count = count
        self._work = work
        self._ready_seconds = ready_seconds
        self._stop_seconds = stop_seconds
        self._places: dict[int, int] = {}
        self._waiting: dict[int, int] = {}
        self._deaths = 0
        self._began = False
        self._asked_to_stop = False
        self._lifeline, self._hold = os.pipe()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Return when SIGTERM or SIGINT came and all processes have finished what they were doing.

        `on_ready` is called once, when all answer.

        Raises:
            AssayError: the processes cannot start, or die as soon as they do.
        """
        handlers = {number: signal.signal(number, self._note) for number in (*_SIGNALS, signal.SIGCHLD)}
        try:
            for place in range(self._count):
                self._start(place)
                if place == 0:
                    self._wait_until_ready()  # what keeps the first from starting is told once
            self._wait_until_ready()
            self._began = True
            if not self._asked_to_stop:
                on_ready()
            while not self._asked_to_stop:
                self._look_after()
        finally:
            self._stop()
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        del frame
        if number in _SIGNALS:
            self._asked_to_stop = True
        try:
            os.write(self._wake, b"!")
        except BlockingIOError:  # it will look anyway
            return

    def _start(self, place: int) -> None:
        told, news = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            os.close(self._hold)
            for descriptor in self._waiting.values():
                os.close(descriptor)
            self._live(Worker(place, news, self._lifeline))
        os.close(news)
        self._places[child] = place
        self._waiting[child] = told

    def _live(self, worker: Worker) -> NoReturn:
        """The life of a worker; it ends with the process, whatever happens."""
        code = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number in _SIGNALS:
                signal.signal(number, _leave)
            self._work(worker)
            code = 0
        except SystemExit:
            code = 0
        except AssayError as error:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            worker.tell(error.message.encode()[:_LONGEST_MESSAGE])
        finally:
            if not isinstance(sys.exc_info()[1], (SystemExit, type(None))):
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._ready_seconds
        while self._waiting and not self._asked_to_stop:
            if time.monotonic() > deadline:
                raise AssayError(f"Workers of the server were not ready after {self._ready_seconds:.0f} seconds.")
            self._look_after()

    def _look_after(self) -> None:
        """Wait for news, note who is ready, and start again what has died."""
        readable, _, _ = select.select([self._woken, *self._waiting.values()], [], [], 1.0)
        if self._woken in readable:
            os.read(self._woken, 4096)
        for child, told in list(self._waiting.items()):
            if told in readable:
                self._hear(child, os.read(told, _LONGEST_MESSAGE))
        for child, place in self._dead():
            if self._asked_to_stop:
                return
            _log.error("Worker %d of the server has ended; another takes its place.", child)
            time.sleep(_PAUSE_SECONDS)
            self._start(place)

    def _hear(self, child: int, news: bytes) -> None:
        """Take in what a process says of itself; nothing means that it ended without a word."""
        os.close(self._waiting.pop(child))
        if news == _READY:
            self._deaths = 0
            return
        self._deaths += 1
        if news and not self._began:
            raise ConfigurationError(news.decode(errors="replace"))
        if news:
            _log.error("A worker of the server cannot start: %s", news.decode(errors="replace"))
        if not self._began or self._deaths >= QUICK_DEATHS:
            raise AssayError("Workers of the server end as soon as they start. What they said stands above.")

    def _dead(self) -> list[tuple[int, int]]:
        """The processes that have ended and have said all they had to say, and their places."""
        gone = [child for child in self._places if child not in self._waiting and os.waitpid(child, os.WNOHANG)[0]]
        return [(child, self._places.pop(child)) for child in gone]

    def _stop(self) -> None:
        """Let all processes finish, and end those that do not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for child in self._places:
                os.kill(child, number)
            deadline = time.monotonic() + self._stop_seconds
            while self._places and time.monotonic() < deadline:
                self._reap()
                time.sleep(0.01)
        for descriptor in (*self._waiting.values(), self._lifeline, self._hold, self._woken, self._wake):
            os.close(descriptor)

    def _reap(self) -> None:
        for child in list(self._places):
            if os.waitpid(child, os.WNOHANG)[0]:
                del self._places[child]


def _leave(number: int, frame: object) -> NoReturn:
    """End a worker that is told to stop before it serves, or that has stopped serving."""
    del number, frame
    raise SystemExit(0)
