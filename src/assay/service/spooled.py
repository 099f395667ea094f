"""Apply journals that lie on this machine to a store: what `assay server` and local clients share.

Each journal is worked off under its claim, in order, in transactions of a few thousand records; every record takes
effect once, however often this is interrupted. Files are stored before the records behind them are applied.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from assay.blobs.digests import verified
from assay.blobs.files import chunks_of
from assay.blobs.paths import checked_path
from assay.core.errors import AssayError, DataLoss, ResourceDoesNotExist, TemporarilyUnavailable
from assay.core.log import logger
from assay.journal.spool import Spool, WriterJournal
from assay.service.artifacts import blobs_of_run
from assay.service.dispatch import Context, dispatch
from assay.wire.journal import AppliedResponse, ApplyJournal, LogArtifact, Rejection, decode_payload, is_artifact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assay.journal.reader import Record
    from assay.wire.base import Message

    Perform = Callable[[Context, Message], Message]

DIRECTORY = "journal"
"""Where a local store's journals lie, below the directory of the store."""
_BATCH_BYTES = 512 << 10
_CLAIM_PAUSE = 0.005
_log = logger("journal")


@dataclass
class Applied:
    """What happened to the journals of a spool.

    Attributes:
        records: How many records were read and handed to the store.
        rejected: Records that can never be applied, with their writer; each was logged.
        damages: What was unreadable, in words; each was logged.
        failures: What kept a journal from being worked off now; its records wait for the next time.
        busy: Writers whose journal another process works on, or has cleared away.
    """

    records: int = 0
    rejected: list[tuple[str, Rejection]] = field(default_factory=list)
    damages: list[str] = field(default_factory=list)
    failures: list[AssayError] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Return when every journal was worked off.

        Raises:
            AssayError: the first of `failures`.
        """
        if self.failures:
            raise self.failures[0]


def apply_spool(
    context: Context, root: Path, *, only: str | None = None, wait: float = 0.0, perform: Perform = dispatch
) -> Applied:
    """Apply everything that the journals under `root` hold now, and clear away those that are done.

    A writer that died without ending is told to the store as lost: its open runs are ended as KILLED.

    Args:
        context: The store, and where artifacts go.
        root: The spool directory; it may be missing.
        only: The id of the one writer to look at.
        wait: Seconds to wait for another process that works on the journal of `only`.
        perform: What carries out a request; `dispatch` by default.
    """
    spool = Spool(root)
    applied = Applied()
    journals = spool.writers() if only is None else [WriterJournal(spool.root / only)]
    for journal in journals:
        try:
            _Application(context, spool, journal, applied, perform).run(wait)
        except AssayError as error:
            applied.failures.append(error)
        except OSError as error:
            applied.failures.append(
                TemporarilyUnavailable(f"The journal {journal.directory} cannot be read now: {error}.")
            )
    return applied


class _Application:
    """One journal on its way into the store."""

    def __init__(
        self, context: Context, spool: Spool, journal: WriterJournal, applied: Applied, perform: Perform
    ) -> None:
        self._context = context
        self._spool = spool
        self._journal = journal
        self._applied = applied
        self._perform = perform
        self._writer = journal.writer_id
        self._damaged = False

    def run(self, wait: float) -> None:
        """Work the journal off under its claim, or note that another process does."""
        deadline = time.monotonic() + wait
        while True:
            with ExitStack() as stack:
                if stack.enter_context(self._journal.claim()):
                    self._work_off()
                    return
            if time.monotonic() >= deadline or not self._journal.directory.is_dir():
                self._applied.busy.append(self._writer)
                return
            time.sleep(_CLAIM_PAUSE)

    def _work_off(self) -> None:
        """Apply what is there now; a live writer may go on faster than anybody can follow."""
        ended = False
        horizon = self._journal.tail()
        while True:
            # In this order: a writer that is gone now has written everything that the next read sees.
            gone = not self._journal.alive()
            seq, position = self._journal.acknowledged()
            batch = self._journal.read(position, max_bytes=_BATCH_BYTES)
            ended = ended or batch.end
            self._report([str(damage) for damage in batch.damages])
            self._damaged = self._damaged or any(damage.lost_records for damage in batch.damages)
            if batch.records:
                self._apply(batch.records)
                seq = batch.records[-1].seq
            if batch.position == position:
                break
            self._journal.acknowledge(seq, batch.position)
            self._journal.drop_segments_before(batch.position)
            if not gone and batch.position >= horizon:
                return
        if gone:
            self._finish(ended=ended)

    def _finish(self, *, ended: bool) -> None:
        if not ended and not self._journal.ended():
            self._send([], lost=True)
        self._journal.prune()

    def _apply(self, records: Sequence[Record]) -> None:
        """Apply records in order; a file is stored where it stands among them."""
        begin = 0
        for index, record in enumerate(records):
            if is_artifact(record.payload):
                self._send(records[begin:index])
                self._store_artifact(record)
                begin = index + 1
        self._send(records[begin:])
        self._applied.records += len(records)

    def _send(self, records: Sequence[Record], *, lost: bool = False) -> None:
        if not records and not lost:
            return
        request = ApplyJournal(
            writer=self._writer,
            seqs=[record.seq for record in records],
            payloads=[record.payload for record in records],
            lost=lost,
            ended_at=self._journal.last_written_ms() if lost else 0,
            damaged=self._damaged,
        )
        answer = cast("AppliedResponse", self._perform(self._context, request))
        self._applied.rejected += [(self._writer, rejection) for rejection in answer.rejected]

    def _store_artifact(self, record: Record) -> None:
        try:
            message = decode_payload(record.payload)
            if isinstance(message, LogArtifact):
                self._copy(message)
                self._spool.drop_blob(message.blob)
        except AssayError as error:
            if error.status >= 500 and not isinstance(error, DataLoss):
                raise
            _log.warning("Record %d of writer %s was refused: %s", record.seq, self._writer, error.message)
            rejection = Rejection(seq=record.seq, error_code=error.code, message=error.message)
            self._applied.rejected.append((self._writer, rejection))

    def _copy(self, artifact: LogArtifact) -> None:
        blobs = blobs_of_run(self._context, artifact.run_id)
        path = checked_path(artifact.path)
        source = self._spool.blob_path(artifact.blob)
        if source.exists():
            blobs.write(path, _verified_chunks(source, artifact))
            return
        try:
            stored = blobs.open(path)  # it was stored, and the process stopped before it could note that
        except ResourceDoesNotExist as error:
            raise DataLoss(f"The bytes of artifact {path!r} are gone: {source} is missing.") from error
        stored.close()

    def _report(self, damages: list[str]) -> None:
        for damage in damages:
            _log.warning("The journal %s is damaged: %s.", self._journal.directory, damage)
        self._applied.damages += damages


def _verified_chunks(source: Path, artifact: LogArtifact) -> Iterator[bytes]:
    def damaged(sha256: str) -> DataLoss:
        return DataLoss(
            f"The bytes of artifact {artifact.path!r} of run {artifact.run_id} were damaged in the spool: their "
            f"SHA-256 is {sha256}, not {artifact.sha256}. What is left of them stays in {source}."
        )

    return verified(chunks_of(source), artifact.sha256, otherwise=damaged)
