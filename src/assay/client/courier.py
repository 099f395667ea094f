"""Hand a spool's records to their receiver, in order and each with effect once; used by the helper and in the process.

A request holds records from the acknowledged position on, so whoever ships, and however often: the receiver skips
what it has. Files are uploaded before the records behind them are sent.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from assay.blobs.tables import fold, table_of
from assay.client.refusals import Refusals
from assay.client.uploads import Uploader
from assay.core.errors import AssayError, ConfigurationError, DataLoss, PermissionDenied, Unauthenticated
from assay.core.log import logger
from assay.core.retry import is_about_the_server
from assay.wire.journal import ApplyJournal, Rejection, is_artifact
from assay.wire.runs import GetRun, RunResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.blobs.tables import Rows
    from assay.client.receiver import Receiver
    from assay.core.http import Timeouts
    from assay.journal.reader import Batch, Position, Record
    from assay.journal.spool import Spool, WriterJournal

BATCH_BYTES = 512 << 10
_log = logger("client")


@dataclass(frozen=True)
class Cargo:
    """What was read of a journal, from where, and whether its writer was gone before."""

    journal: WriterJournal
    start: Position
    seq: int
    batch: Batch
    gone: bool

    @property
    def whole(self) -> bool:
        """Whether this is all that the journal held."""
        return not self.batch.more


@dataclass(frozen=True)
class Shipped:
    """What one shipment did; `claimed` is False when somebody else works on the journal."""

    claimed: bool
    records: int = 0
    removed: bool = False


class Courier:
    """Ships journals of one spool to one receiver."""

    def __init__(self, receiver: Receiver, spool: Spool, *, timeouts: Timeouts | None = None) -> None:
        self._receiver = receiver
        self._spool = spool
        self._refusals = Refusals(spool.root)
        self._artifact_uris: dict[str, str] = {}
        self._tables: dict[tuple[str, str], dict[str, Rows]] = {}
        self._grown: set[tuple[str, str]] = set()
        self._uploader = Uploader(spool, find_uri=self._artifact_uri, open_at=receiver.blobs)
        self.timeouts = timeouts
        self.deadline: float | None = None

    def load(self, journal: WriterJournal) -> Cargo:
        """Read what waits in a journal.

        Raises:
            OSError: a file cannot be read.
        """
        # In this order: a writer that is gone now has written everything that the read below sees.
        gone = not journal.alive()
        seq, position = journal.acknowledged()
        return Cargo(journal, position, seq, journal.read(position, max_bytes=BATCH_BYTES), gone)

    def ship(self, cargo: Cargo) -> Shipped:
        """Hand over what was read, unless another process works on the journal or has meanwhile.

        Raises:
            ServerUnreachable: the server does not answer.
            AssayError: it cannot take the records now; they are kept.
        """
        journal, batch = cargo.journal, cargo.batch
        with journal.claim() as mine:
            if not mine or journal.acknowledged()[1] != cargo.start:
                return Shipped(claimed=False)
            self._note_damages(cargo)
            damaged = any(damage.lost_records for damage in batch.damages)
            blobs = self._hand_over(journal.writer_id, batch.records, damaged=damaged)
            self._fold_tables()
            if batch.position != cargo.start:
                seq = batch.records[-1].seq if batch.records else cargo.seq
                journal.acknowledge(seq, batch.position)
                journal.drop_segments_before(batch.position)
            for name in blobs:
                self._spool.drop_blob(name)
            self._uploader.forget(blobs)
            removed = cargo.gone and cargo.whole and self._finish(journal, ended=batch.end)
            return Shipped(claimed=True, records=len(batch.records), removed=removed)

    def _finish(self, journal: WriterJournal, *, ended: bool) -> bool:
        """Clear a journal away whose writer is gone; one that died without ending its runs is told as lost."""
        if not ended and not journal.ended():
            lost = ApplyJournal(writer=journal.writer_id, lost=True, ended_at=journal.last_written_ms())
            with _waiting_when_unusable():
                self._receiver.apply(lost, timeouts=self.timeouts)
        return journal.prune()

    def _hand_over(self, writer: str, records: Sequence[Record], *, damaged: bool) -> list[str]:
        """Send records and files in order; returns the blobs that are no longer needed."""
        delivered: list[str] = []
        for files, group in groupby(records, key=lambda one: is_artifact(one.payload)):
            if files:
                delivered += self._upload(writer, list(group))
            else:
                self._send(writer, list(group), damaged=damaged)
        return delivered

    def _send(self, writer: str, records: Sequence[Record], *, damaged: bool) -> None:
        if not records:
            return
        request = ApplyJournal(
            writer=writer,
            seqs=[one.seq for one in records],
            payloads=[one.payload for one in records],
            damaged=damaged,
        )
        try:
            with _waiting_when_unusable():
                answer = self._receiver.apply(request, timeouts=self.timeouts)
        except AssayError as error:
            if is_about_the_server(error):
                raise
            if len(records) == 1 or isinstance(error, PermissionDenied):
                self._refuse(writer, records, error)
                return
            middle = len(records) // 2  # one of them is what the server refuses: find it
            self._send(writer, records[:middle], damaged=damaged)
            self._send(writer, records[middle:], damaged=damaged)
            return
        payloads = {one.seq: one.payload for one in records}
        self._refusals.keep(writer, [(one, payloads.get(one.seq, b"")) for one in answer.rejected])

    def _upload(self, writer: str, records: Sequence[Record]) -> list[str]:
        delivery = self._uploader.deliver(records, deadline=self.deadline)
        for record, error in delivery.refused:
            self._refuse(writer, [record], error)
        for artifact_uri, path in delivery.stored:
            table = table_of(path)
            if table is not None:
                self._grown.add((artifact_uri, table))
        return delivery.blobs

    def _fold_tables(self) -> None:
        """Make the tables anew that parts were uploaded of."""
        while self._grown:
            artifact_uri, table = key = next(iter(self._grown))
            blobs = self._receiver.blobs(artifact_uri)
            try:
                fold(blobs, table, self._tables.setdefault(key, {}))
            except AssayError as error:
                if is_about_the_server(error):
                    raise
                _log.warning("The table %r in %s cannot be made from its parts: %s", table, artifact_uri, error.message)
            self._grown.discard(key)

    def _artifact_uri(self, run_id: str) -> str:
        known = self._artifact_uris.get(run_id)
        if known is None:
            with _waiting_when_unusable():
                answer = self._receiver.ask(GetRun(run_id=run_id), RunResponse, timeouts=self.timeouts)
            known = self._artifact_uris[run_id] = answer.run.info.artifact_uri
        return known

    def _refuse(self, writer: str, records: Sequence[Record], error: AssayError) -> None:
        _log.warning("%d records of writer %s were refused: %s", len(records), writer, error.message)
        kept = [(Rejection(seq=one.seq, error_code=error.code, message=error.message), one.payload) for one in records]
        self._refusals.keep(writer, kept)

    def _note_damages(self, cargo: Cargo) -> None:
        writer = cargo.journal.writer_id
        for damage in cargo.batch.damages:
            _log.warning("The journal %s is damaged: %s.", cargo.journal.directory, damage)
            if damage.lost_records:
                lost = Rejection(seq=damage.after_seq + 1, error_code=DataLoss.code, message=str(damage))
                self._refusals.keep(writer, [(lost, b"")])


@contextmanager
def _waiting_when_unusable() -> Iterator[None]:
    """Settings under which the receiver cannot be used are not the fault of a record: it waits for others."""
    try:
        yield
    except ConfigurationError as error:
        raise Unauthenticated(error.message) from error
