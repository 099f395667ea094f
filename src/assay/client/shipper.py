"""The helper process: ships a spool to its server or database until nothing is left, for days if it must.

`main`, given DIRECTORY and ADDRESS, is run in a process that the first process that logs starts, and that outlives it.
The password, where there is one, stands in the variable of the tracking URI. One runs for each spool directory, held by
a lock.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assay.client.courier import Courier
from assay.client.launcher import LOCK_NAME
from assay.client.open import open_receiver
from assay.client.spools import with_password
from assay.core import log as logs
from assay.core.errors import AssayError, Unauthenticated
from assay.core.retry import Backoff
from assay.journal.locks import FileLock
from assay.journal.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.journal.spool import WriterJournal

BUSY_PAUSE = 0.1
QUIET_PAUSE = 0.2
IDLE_SECONDS = 3.0
_BUSY_PASSES = 50
_LOCK_TRIES = 5
_LOCK_PAUSE = 0.01
_NEW_CREDENTIALS_SECONDS = 5.0
_log = logs.logger("helper")


@dataclass(frozen=True)
class Round:
    """How many records were sent, and whether that was everything the spool held when the round began."""

    records: int
    complete: bool


class Shipper:
    """Rounds over all journals of a spool."""

    def __init__(self, courier: Courier, spool: Spool) -> None:
        self._courier = courier
        self._spool = spool
        self._blocked = 0

    def round(self) -> Round:
        """Ship what every journal holds, the oldest journal first.

        Journals are read newest first and shipped oldest first, each only when all older ones are shipped whole: so a
        forked child's records never arrive before those of its parent, which made the run.

        Raises:
            ServerUnreachable: the server does not answer.
            AssayError: it cannot take records now.
        """
        cargoes = [self._courier.load(journal) for journal in reversed(self._journals())]
        records = 0
        complete = True
        for cargo in reversed(cargoes):
            shipped = self._courier.ship(cargo)
            records += shipped.records
            if shipped.claimed:
                self._blocked = 0
                if not cargo.whole:
                    return Round(records, complete=False)
            elif cargo.journal.directory.exists():
                complete = False
                self._blocked += 1
                if self._blocked < _BUSY_PASSES:
                    break
        return Round(records, complete)

    def _journals(self) -> list[WriterJournal]:
        return [journal for journal in self._spool.writers() if journal.directory.exists()]


def run(directory: Path, address: str, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """Ship until every writer is gone and everything is delivered; returns the exit status."""
    lock = _take_lock(directory)
    if lock is None:
        return 0
    lock.write(f"{os.getpid()}\n")
    spool = Spool(directory)
    spool.sweep()
    shipper = Shipper(Courier(open_receiver(address, directory), spool), spool)
    while lock is not None:
        if not _work(shipper, spool, sleep):
            return 0
        lock.release()
        # A writer may have begun, and seen the lock, between the last look and the release.
        lock = _take_lock(directory) if spool.writers() else None
    return 0


def _take_lock(directory: Path) -> FileLock | None:
    """The lock, unless a helper holds it. Whoever looks whether one does holds it too, for a moment."""
    for _ in range(_LOCK_TRIES):
        lock = FileLock.acquire(directory / LOCK_NAME)
        if lock is not None:
            return lock
        time.sleep(_LOCK_PAUSE)
    return None


def _work(shipper: Shipper, spool: Spool, sleep: Callable[[float], None]) -> bool:
    """Rounds until nothing is left to do for a while; False when another helper should take over."""
    backoff, failures = Backoff(base=0.5), 0
    idle_since = time.monotonic()
    while True:
        try:
            records = shipper.round().records
        except (AssayError, OSError) as error:
            if not failures:
                _log.warning("Delivery waits: %s", error)
            if isinstance(error, Unauthenticated) and any(journal.alive() for journal in spool.writers()):
                sleep(_NEW_CREDENTIALS_SECONDS)
                return False  # a live process starts the next helper, with the credentials it has then
            sleep(backoff.seconds(failures, retry_after=getattr(error, "retry_after", None)))
            failures += 1
            idle_since = time.monotonic()
            continue
        if failures:
            _log.warning("Delivery goes on.")
            failures = 0
        if records or spool.writers():
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > IDLE_SECONDS:
            return True
        sleep(BUSY_PAUSE if records else QUIET_PAUSE)


def main() -> int:
    """Run as a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    logs.set_up("WARNING")
    return run(Path(sys.argv[1]), with_password(sys.argv[2]))


if __name__ == "__main__":
    sys.exit(main())
