"""Straight to `service.dispatch` in this process: a store on this machine's disk."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, TypeVar

from assay.blobs.open import open_blobs
from assay.core import settings, uri
from assay.core.errors import ConfigurationError, TemporarilyUnavailable
from assay.core.log import logger
from assay.service.access import Caller
from assay.service.artifacts import blobs_at
from assay.service.handlers import Context, dispatch
from assay.service.spooled import DIRECTORY, apply_spool
from assay.store.open import open_store

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore
    from assay.journal.writer import JournalWriter
    from assay.wire.base import Message
    from assay.wire.journal import Rejection

T = TypeVar("T", bound="Message")

_log = logger("client")


class LocalTransport:
    """A store in a directory, with its journals and artifacts beside it."""

    remote = False

    def __init__(self, tracking_uri: str) -> None:
        directory = uri.store_directory(tracking_uri)
        if directory is None:
            raise ConfigurationError(
                f"{uri.redact(tracking_uri)!r} is no tracking URI. Give a directory, sqlite:///file.db, or the address "
                "of a server (http://host:port) or a database (postgresql://user@host/name, mysql://user@host/name)."
            )
        self.uri = tracking_uri
        self.directory = directory
        self.journals = directory / DIRECTORY
        self._file = uri.database_file(tracking_uri)
        self._opened: os.stat_result | None = None
        self._lock = threading.RLock()
        self._context: Context | None = None

    def ask(self, request: Message, returns: type[T], *, patient: bool = True) -> T:
        """The answer to a request, made in this process."""
        del patient
        answer = dispatch(self.context(), request)
        if not isinstance(answer, returns):
            raise TypeError(f"{type(request).__name__} was answered with {type(answer).__name__}.")
        return answer

    def deliver(self, journal: JournalWriter, *, everything: bool, seconds: float) -> list[Rejection]:
        """Apply what `journal` holds, or all journals beside it, to the store."""
        if not self.journals.exists():
            return []
        context = self.context()
        rejected = []
        if everything:
            applied = apply_spool(context, self.journals, wait=seconds)
            rejected = applied.rejected
            for failure in applied.failures:
                _log.warning("A journal in %s waits: %s", self.journals, failure)
        if journal.seq:
            applied = apply_spool(context, self.journals, only=journal.writer_id, wait=seconds)
            applied.check()
            if journal.writer_id in applied.busy and journal.directory.exists():
                raise TemporarilyUnavailable(f"Another process still works on {journal.directory}. Try again.")
            rejected = [*rejected, *applied.rejected]
        return [rejection for writer, rejection in rejected if writer == journal.writer_id]

    def started(self) -> None:
        """Nothing to do: whoever reads the store applies the journals first."""

    def rejections(self, writer_id: str) -> list[Rejection]:
        """Nothing: records are refused only where they are applied."""
        del writer_id
        return []

    def blobs(self, artifact_uri: str) -> BlobStore:
        """The artifacts below a URI."""
        return blobs_at(self.context(), artifact_uri)

    def context(self) -> Context:
        """What requests are handled with; the store is opened at the first one, and when its file was removed."""
        with self._lock:
            if self._context is not None and not self._is_there():
                self.close()
            if self._context is None:
                root = str(self.directory)
                self._context = Context(
                    store=open_store(f"sqlite:///{self._file}", artifact_root=root),
                    artifact_root=root,
                    store_type="SqliteStore",
                    destination=open_blobs(settings.artifacts_destination.get()),
                    caller=Caller(local=True),
                )
                self._opened = self._file.stat()
            return self._context

    def _is_there(self) -> bool:
        try:
            return self._opened is not None and os.path.samestat(self._file.stat(), self._opened)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def close(self) -> None:
        """Close the store."""
        with self._lock:
            context, self._context = self._context, None
            if context is not None:
                context.store.close()
