"""Keep applying what other processes of this machine write to the journals beside the store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from assay.core.log import logger
from assay.journal.spool import Spool
from assay.server.changes import touched
from assay.server.errors import outcome
from assay.service.dispatch import dispatch
from assay.service.spooled import apply_spool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assay.server.changes import Change
    from assay.service.dispatch import Context
    from assay.service.spooled import Applied
    from assay.wire.base import Message

SCAN_SECONDS = 0.3
_SLOWEST_SCAN_SECONDS = 2.0
_BUSY_SECONDS = 5.0
"""How long another process may work on a journal before younger ones, which may need what it brings, go ahead."""
_SWEEP_EVERY = 10_000
_log = logger("server")


class JournalScanner:
    """A thread that looks for new records about three times a second, a little less while something is wrong."""

    def __init__(self, context: Context, root: Path, *, tell: Callable[[Change], None]) -> None:
        self._context = context
        self._root = root
        self._tell = tell
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="assay-journals", daemon=True)
        self._pause = SCAN_SECONDS
        self._said = ""

    def start(self) -> None:
        """Begin to scan."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the batch that is under way; the rest is applied by whoever reads the store next."""
        self._stopped.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        scans = 0
        while not self._stopped.is_set():
            if scans % _SWEEP_EVERY == 0:
                _, error = outcome(Spool(self._root).sweep)
                self._note(error)
            scans += 1
            applied, error = outcome(self._scan)
            self._note(error or (applied.failures[0] if applied and applied.failures else None))
            self._stopped.wait(self._pause)

    def _scan(self) -> Applied:
        return apply_spool(self._context, self._root, wait=_BUSY_SECONDS, perform=self._perform)

    def _perform(self, context: Context, request: Message) -> Message:
        answer = dispatch(context, request)
        self._tell(touched(request, answer))
        return answer

    def _note(self, error: Exception | None) -> None:
        """Log a failure once, and wait longer the longer it lasts."""
        if error is None:
            self._pause, self._said = SCAN_SECONDS, ""
            return
        self._pause = min(self._pause * 2, _SLOWEST_SCAN_SECONDS)
        if str(error) != self._said:
            self._said = str(error)
            _log.error("Journals in %s wait: %s", self._root, error)
