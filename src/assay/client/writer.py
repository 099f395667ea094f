"""What a process writes: appended to its journal before a call returns; flushing and waiting on top of that.

Durability levels: L0, the call returned, survives the death of the process; L1, `flush` or one second later, survives
a power failure; L2, `wait`, the store has committed it.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import deque
from typing import IO, TYPE_CHECKING

from assay.core import settings
from assay.core.errors import AssayError, StorageFull
from assay.core.log import logger
from assay.journal.spool import Spool, WriterJournal
from assay.journal.writer import JournalWriter
from assay.wire.journal import LogArtifact, encode_payload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.client.transport import Transport
    from assay.wire.base import Message
    from assay.wire.journal import Rejection

_HELD_RECORDS = 10_000
_RETRY_SECONDS = 0.1
_WATCH_SECONDS = 1.0
_KEPT = (
    "%s What is logged is kept in %s, and a helper process delivers it as soon as the server answers; `assay sync` "
    "does so at once."
)
_KEPT_HERE = "%s What is logged is kept in %s, and shows when the store works again."
_log = logger("client")


class Outbox:
    """Everything that this process writes to one tracking URI, in order."""

    def __init__(self, transport: Transport) -> None:
        self.dropped = 0
        self.rejected = 0
        self._transport = transport
        self._journal = JournalWriter(transport.journals)
        self._spool = Spool(transport.journals)
        self._held: deque[bytes] = deque()
        self._next_try = 0.0
        self._full = False
        self._over_cap = False
        self._watching = False
        self._forked = False
        self._away = False
        self._settled = 0
        self._lock = threading.RLock()
        self._stop = threading.Event()
        _outboxes.add(self)

    @property
    def writer_id(self) -> str:
        """The id of this process's journal."""
        return self._journal.writer_id

    @property
    def spool(self) -> Spool:
        """Where files wait for delivery."""
        return self._spool

    @property
    def pending(self) -> bool:
        """Whether something was written that the store is not known to have."""
        return self._journal.seq > self._settled

    def append(self, message: Message) -> None:
        """Keep one record. Never raises for a full disk: what cannot be kept is counted and reported."""
        payload = encode_payload(message)
        if self._held or self._over_cap:
            self._append_late([payload])
            return
        try:
            self._journal.append(payload)
        except StorageFull as error:
            self._hold([payload], error)
        if not self._watching:
            self._watch()

    def append_many(self, messages: Iterable[Message]) -> None:
        """Keep records with one write."""
        payloads = [encode_payload(message) for message in messages]
        if self._held or self._over_cap:
            self._append_late(payloads)
            return
        before = self._journal.seq
        try:
            self._journal.append_many(payloads)
        except StorageFull as error:
            self._hold(payloads[max(0, self._journal.seq - before) :], error)
        if not self._watching:
            self._watch()

    def append_file(self, run_id: str, path: str, source: IO[bytes]) -> None:
        """Keep what a file object holds for delivery, whatever becomes of the original.

        Never raises for a full disk, or for a spool at its limit: the file is lost then, and that is told at once.

        Raises:
            InvalidParameterValue: the source cannot be read, or gives no bytes.
        """
        try:
            blob = self._spool.stage(source, room=0 if self._over_cap else settings.spool_max_bytes.get())
        except StorageFull as error:
            self.dropped += 1
            _log.error("The artifact %r is lost, training goes on: %s", path, error)
            return
        self.append(LogArtifact(run_id=run_id, path=path, blob=blob.name, size=blob.size, sha256=blob.sha256))

    def flush(self) -> None:
        """Force everything written to this machine's disk (L1).

        Raises:
            StorageFull: the disk failed.
        """
        self._spool.flush_blobs()
        self._journal.flush()

    def wait(self, *, seconds: float, everything: bool = False) -> list[Rejection]:
        """Wait until the store has committed what was written (L2); returns what it refused.

        Raises:
            ServerUnreachable: the server does not answer; everything is kept, and delivered later.
            TemporarilyUnavailable: it was not done in time; the rest is kept, and delivered later.
        """
        self.check_journal()
        if self._held:
            self._append_late([])
        target = self._journal.seq
        if not everything and target == self._settled:
            return []
        refused = self._transport.deliver(self._journal, everything=everything or self._forked, seconds=seconds)
        refused = [*refused, *self._transport.rejections(self.writer_id)]
        self._settled = max(self._settled, target)
        self._away = False
        self._report(refused)
        return refused

    def try_wait(self, *, seconds: float, everything: bool = False) -> bool:
        """As `wait`, but a server that is away is only warned about, once an outage, and then hardly waited for."""
        if self._away:
            seconds = min(seconds, settings.connect_timeout.get())
        try:
            self.wait(seconds=seconds, everything=everything)
        except (AssayError, OSError) as error:  # whatever keeps it from being delivered now: training goes on
            self.warn_away(error)
            return False
        return True

    def warn_away(self, error: Exception) -> None:
        """Say once for each outage where records are kept, and who delivers them."""
        if self._away:
            return
        self._away = True
        _log.warning(_KEPT if self._transport.remote else _KEPT_HERE, error, self._transport.journals)

    def check_held(self) -> None:
        """Return when the disk has taken every record.

        Raises:
            StorageFull: some wait in memory.
        """
        if self._held:
            raise StorageFull(
                f"The disk of {self._journal.directory} takes no records: {len(self._held)} wait in memory. Free space."
            )

    def check_journal(self) -> None:
        """Begin a new journal where somebody removed this one, as people do who delete `mlruns` between two runs."""
        with self._lock:
            journal = self._journal
            if not journal.is_gone():
                return
            lost = journal.seq - self._settled
            self._journal = JournalWriter(self._transport.journals)
            self._settled = 0
        _log.warning(
            "The journal %s was removed while this process logged: %d records that waited in it are lost. Runs that "
            "were removed with it take no more; a run started now is recorded in a new journal.",
            journal.directory,
            lost,
        )

    def close(self, *, seconds: float) -> None:
        """Finish the journal: deliver what is left, within `seconds`, and say what could not be kept."""
        self._stop.set()
        self.check_journal()
        if self._held:
            self._append_late([])
        if self.pending:
            self.try_wait(seconds=seconds)
        try:
            self._journal.close()
            WriterJournal(self._journal.directory).prune()
        except (StorageFull, OSError) as error:
            _log.warning("%s", error)
        self.dropped += len(self._held)
        if self.dropped:
            _log.warning("%d records of this process could not be kept, because the disk was full.", self.dropped)
        if self.rejected:
            _log.warning("%d records of this process were refused; the warnings above say why.", self.rejected)

    def _append_late(self, payloads: list[bytes]) -> None:
        """Keep the order: what waits in memory goes first, tried at most ten times a second."""
        with self._lock:
            if self._over_cap:
                self.dropped += len(payloads)
                return
            self._held.extend(payloads)
            now = time.monotonic()
            if payloads and now < self._next_try:
                self._trim()
                return
            batch = list(self._held)
            before = self._journal.seq
            try:
                self._journal.append_many(batch)
            except StorageFull:
                self._next_try = now + _RETRY_SECONDS
            for _ in range(self._journal.seq - before):
                self._held.popleft()
            if not self._held and self._full:
                self._full = False
                _log.warning("The disk of %s takes records again; %d were lost.", self._journal.directory, self.dropped)
            self._trim()

    def _hold(self, payloads: list[bytes], error: StorageFull) -> None:
        with self._lock:
            self._held.extend(payloads)
            self._next_try = time.monotonic() + _RETRY_SECONDS
            if not self._full:
                self._full = True
                _log.warning(
                    "%s Training goes on; up to %d records wait in memory, more are lost.", error, _HELD_RECORDS
                )
            self._trim()

    def _trim(self) -> None:
        while len(self._held) > _HELD_RECORDS:
            self._held.pop()
            self.dropped += 1

    def _report(self, refused: list[Rejection]) -> None:
        self.rejected += len(refused)
        if not self._transport.remote:
            return  # the service has said so in this process
        for rejection in refused[:5]:
            _log.warning("A record was refused: %s (%s)", rejection.message, rejection.error_code)
        if len(refused) > 5:
            _log.warning("%d more records were refused.", len(refused) - 5)

    def _watch(self) -> None:
        """Begin to look after the delivery, at the first record of a process."""
        with self._lock:
            if self._watching:
                return
            self._watching = True
        self._transport.started()
        if not self._transport.remote:
            return
        thread = threading.Thread(target=_watch, args=(weakref.ref(self), self._stop), name="assay-watch", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the interpreter is ending: the helper is started, and nothing remains to be watched
            return

    def look_after(self) -> None:
        """Once a second: keep the helper alive, hear of refused records, hold the spool within its limit."""
        self.check_journal()
        self._transport.started()
        self._report(self._transport.rejections(self.writer_id))
        over = self._spool.size() > settings.spool_max_bytes.get()
        if over and not self._over_cap:
            _log.warning(
                "%s holds more than ASSAY_SPOOL_MAX_BYTES allows (%d bytes): records are lost until it is delivered.",
                self._transport.journals,
                settings.spool_max_bytes.get(),
            )
        self._over_cap = over

    def become_child(self) -> None:
        """In a forked child: the journal is a new one, and nobody watches it yet."""
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._watching = False
        self._forked = True
        self._settled = 0
        self._held.clear()
        self.dropped = self.rejected = 0


def _watch(reference: weakref.ref[Outbox], stop: threading.Event) -> None:
    while not stop.wait(_WATCH_SECONDS):
        outbox = reference()
        if outbox is None:
            return
        try:
            outbox.look_after()
        except Exception:  # noqa: BLE001 -- the thread must live on, whatever the disk or the network does
            _log.exception("Looking after the delivery failed; trying again.")
        del outbox


def _start_children_anew() -> None:
    for outbox in list(_outboxes):
        outbox.become_child()


_outboxes: weakref.WeakSet[Outbox] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_children_anew)
