"""A thread that forces written data to disk soon after it was written, and sleeps while there is none."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PARK_AFTER = 30


class Syncer:
    """Calls `sync` within `interval` seconds after `dirty` was set.

    The hot path only sets `dirty` and looks at `parked`; after `_PARK_AFTER` quiet intervals the thread waits without
    waking up at all, and the next write must call `wake`. It holds no reference to the object behind `sync`.
    """

    __slots__ = ("_event", "_interval", "_stopped", "_sync", "dirty", "parked")

    def __init__(self, sync: Callable[[], None], interval: float) -> None:
        self.dirty = False
        self.parked = False
        self._sync = weakref.WeakMethod(sync)
        self._interval = interval
        self._event = threading.Event()
        self._stopped = False

    def start(self) -> None:
        """Start the thread."""
        thread = threading.Thread(target=self._run, name="assay-journal-sync", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The interpreter is ending or has no thread to give. Nothing is lost by it: closing the writer syncs.
            self._stopped = True

    def wake(self) -> None:
        """Make a parked thread look at `dirty` again."""
        self._event.set()

    def stop(self) -> None:
        """Let the thread end. It does not sync again."""
        self._stopped = True
        self._event.set()

    def _run(self) -> None:
        quiet = 0
        while not self._stopped:
            if quiet >= _PARK_AFTER:
                self._park()
                quiet = 0
            self._pause(self._interval)
            if self._stopped:
                return
            if not self.dirty:
                quiet += 1
                continue
            quiet = 0
            sync = self._sync()
            if sync is None:
                return
            sync()
            del sync

    def _park(self) -> None:
        self.parked = True
        if not self.dirty:  # a write that found `parked` unset has set `dirty` before we look
            self._pause(None)
        self.parked = False

    def _pause(self, timeout: float | None) -> None:
        self._event.wait(timeout)
        self._event.clear()
