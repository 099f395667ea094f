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
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_log = logger("server")


@dataclass(frozen=True)
class Worker:
    """What a process is told: its place among the others, and whom to tell about itself.

    `ready` is a descriptor to write to when it answers; `lifeline` becomes readable when the supervisor is gone.
    """

    place: int
    ready: int
    lifeline: int

    def tell_ready(self) -> None:
        """Say that this process answers requests."""
        os.write(self.ready, b"1")
        os.close(self.ready)


class Supervisor:
    """Keeps `count` processes running, each of which runs `work` until SIGTERM or until its lifeline ends."""

    def __init__(self, count: int, work: Callable[[Worker], None]) -> None:
        """Nothing is started yet.

        Raises:
            ConfigurationError: this system cannot fork.
        """
        if not hasattr(os, "fork"):
            raise ConfigurationError("Several workers need an operating system that forks. Start one worker.")
        self._count = count
        self._work = work
        self._places: dict[int, int] = {}
        self._waiting: dict[int, int] = {}
        self._deaths = 0
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
        self._asked_to_stop = False
        try:
            for place in range(self._count):
                self._start(place)
            self._wait_until_ready()
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
        told, ready = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            os.close(self._hold)
            for descriptor in self._waiting.values():
                os.close(descriptor)
            self._live(Worker(place, ready, self._lifeline))
        os.close(ready)
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
            sys.stderr.write(f"Error: {error.message}\n")
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self._waiting and not self._asked_to_stop:
            if time.monotonic() > deadline:
                raise AssayError(f"Workers of the server were not ready after {READY_SECONDS:.0f} seconds.")
            self._look_after()

    def _look_after(self) -> None:
        """Wait for news, note who is ready, and start again what has died."""
        readable, _, _ = select.select([self._woken, *self._waiting.values()], [], [], 1.0)
        if self._woken in readable:
            os.read(self._woken, 4096)
        for child, told in list(self._waiting.items()):
            if told in readable and os.read(told, 1):
                self._deaths = 0
                os.close(self._waiting.pop(child))
        for child, place in self._dead():
            if self._asked_to_stop:
                return
            _log.error("Worker %d of the server died; another takes its place.", child)
            time.sleep(_PAUSE_SECONDS)
            self._start(place)

    def _dead(self) -> list[tuple[int, int]]:
        """The processes that have ended, and their places.

        Raises:
            AssayError: too many of them never became ready.
        """
        found = []
        for child in list(self._places):
            if os.waitpid(child, os.WNOHANG)[0] == 0:
                continue
            found.append((child, self._places.pop(child)))
            if child in self._waiting:
                os.close(self._waiting.pop(child))
                self._deaths += 1
        if self._deaths >= QUICK_DEATHS:
            raise AssayError("Workers of the server die as soon as they start. What they said stands above.")
        return found

    def _stop(self) -> None:
        """Let all processes finish, and end those that do not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for child in self._places:
                os.kill(child, number)
            deadline = time.monotonic() + STOP_SECONDS
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
