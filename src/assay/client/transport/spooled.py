"""To a server or a database: requests at once, records through a spool that a helper process ships."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from assay.client import spools
from assay.client.courier import Courier
from assay.client.launcher import Launcher
from assay.client.open import open_receiver
from assay.client.refusals import Refusals
from assay.core import settings
from assay.core.errors import AssayError, ServerUnreachable, StorageFull, TemporarilyUnavailable
from assay.core.http import Timeouts
from assay.core.log import logger
from assay.core.retry import Backoff, is_temporary, retry
from assay.journal.spool import Spool, WriterJournal

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore
    from assay.journal.writer import JournalWriter
    from assay.wire.base import Message
    from assay.wire.journal import Rejection

T = TypeVar("T", bound="Message")

_POLL_SECONDS = 0.005
_AWAY_SECONDS = 5.0
_log = logger("client")


class SpooledTransport:
    """A tracking server, or a database."""

    remote = True

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.journals = spools.spool_for(uri)
        self._receiver = open_receiver(uri, self.journals, connect_seconds=settings.connect_timeout.get())
        self._courier = Courier(self._receiver, Spool(self.journals))
        self._helper = Launcher(self.journals, uri, artifact_root=self._receiver.artifact_root)
        self._refusals = Refusals(self.journals)
        self._away_until = 0.0
        self._away_reason = ""

    def ask(self, request: Message, returns: type[T], *, patient: bool = True) -> T:
        """The answer of the server or the database."""
        if patient:
            retries = settings.http_max_retries.get()
            answer = retry(lambda: self._receiver.ask(request, returns), retries=retries)
            self._away_until = 0.0
            return answer
        self._check_away()
        try:
            return self._receiver.ask(request, returns, timeouts=self._quick())
        except ServerUnreachable as error:
            self._note_away(error)
            raise

    def deliver(self, journal: JournalWriter, *, everything: bool, seconds: float) -> list[Rejection]:
        """Ship what `journal` holds from here, without waiting for the helper's next round.

        A forked child (`everything`) leaves it to the helper, which knows its place among the others.
        """
        target = journal.seq
        if not target:
            return []
        deadline = time.monotonic() + seconds
        self._courier.timeouts = self._quick(read=max(seconds, 1.0))
        self._courier.deadline = deadline
        view = WriterJournal(journal.directory)
        failures = 0
        while view.acknowledged()[0] < target and view.directory.exists():
            try:
                claimed = not everything and self._ship(view)
                pause = 0.0 if claimed else _POLL_SECONDS
            except AssayError as error:
                if isinstance(error, (ServerUnreachable, StorageFull)) or not is_temporary(error):
                    raise
                pause = Backoff().seconds(failures, retry_after=error.retry_after)
                failures += 1
            if time.monotonic() + pause > deadline:
                raise TemporarilyUnavailable(
                    f"{self._receiver.name} has not taken everything within {seconds:.0f} seconds."
                )
            time.sleep(pause)
        return []

    def started(self) -> None:
        """Start the helper unless it runs."""
        try:
            self._helper.ensure()
        except (OSError, StorageFull) as error:
            _log.warning("The helper that delivers to %s cannot be started: %s", self._receiver.name, error)

    def rejections(self, writer_id: str) -> list[Rejection]:
        """Records of this writer that were refused since the last call."""
        return self._refusals.fresh(writer_id)

    def blobs(self, artifact_uri: str) -> BlobStore:
        """The artifacts below a URI."""
        return self._receiver.blobs(artifact_uri)

    def close(self) -> None:
        """Close connections."""
        self._receiver.close()

    def _ship(self, view: WriterJournal) -> bool:
        self._check_away()
        try:
            return self._courier.ship(self._courier.load(view)).claimed
        except ServerUnreachable as error:
            self._note_away(error)
            raise
        except FileNotFoundError:  # the helper has shipped a segment and dropped it while it was read here
            return False

    def _quick(self, *, read: float | None = None) -> Timeouts:
        connect = settings.connect_timeout.get()
        return Timeouts(connect, connect if read is None else read)

    def _check_away(self) -> None:
        """A server that was away a moment ago is not waited for again: training goes on at once."""
        if time.monotonic() < self._away_until:
            raise ServerUnreachable(self._away_reason)

    def _note_away(self, error: ServerUnreachable) -> None:
        self._away_until = time.monotonic() + _AWAY_SECONDS
        self._away_reason = error.message
