"""A database as the receiver of a spool: requests and records go to `service.dispatch` in this process."""

from __future__ import annotations

import math
import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from assay.blobs.open import open_blobs
from assay.core import settings, uri
from assay.core.errors import ConfigurationError, ServerUnreachable, StorageFull, TemporarilyUnavailable
from assay.service.access import Caller
from assay.service.artifacts import blobs_at
from assay.service.handlers import Context, dispatch
from assay.store.open import MYSQL_SCHEMES, POSTGRES_SCHEMES, open_store
from assay.wire.journal import AppliedResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.blobs.base import BlobStore
    from assay.core.http import Timeouts
    from assay.wire.base import Message
    from assay.wire.journal import ApplyJournal

T = TypeVar("T", bound="Message")

STORE_TYPE = "SqlStore"


class TrackingDatabase:
    """A database that this process opens at the first request.

    Args:
        address: its URI.
        connect_seconds: how long a connection may take, where the URI does not say so.
        artifact_root: where artifacts of new experiments go, unless the setting of that name says so; by default
            `mlruns` in the present directory.
    """

    def __init__(self, address: str, *, connect_seconds: float | None = None, artifact_root: str = "") -> None:
        self._address = address if connect_seconds is None else _limited(address, connect_seconds)
        self.name = uri.redact(address)
        self.artifact_root = (
            settings.default_artifact_root.get() or artifact_root or str(Path.cwd() / uri.LOCAL_DIRECTORY)
        )
        self._context: Context | None = None
        self._pid = os.getpid()
        self._lock = threading.Lock()

    def ask(self, request: Message, returns: type[T], *, timeouts: Timeouts | None = None) -> T:
        """The answer to a request; how long a statement may take is between the store and the database."""
        del timeouts
        with _told_as_away():
            answer = dispatch(self._opened(), request)
        if not isinstance(answer, returns):
            raise TypeError(f"{type(request).__name__} was answered with {type(answer).__name__}.")
        return answer

    def apply(self, request: ApplyJournal, *, timeouts: Timeouts | None = None) -> AppliedResponse:
        """Take records, in order and each with effect once; those refused are told."""
        return self.ask(request, AppliedResponse, timeouts=timeouts)

    def blobs(self, artifact_uri: str) -> BlobStore:
        """The artifacts below a URI, opened with the rights of this user."""
        with _told_as_away():
            return blobs_at(self._opened(), artifact_uri)

    def close(self) -> None:
        """Close the store."""
        with self._own_lock():
            context, self._context = self._context, None
        if context is not None:
            context.store.close()

    def _opened(self) -> Context:
        with self._own_lock():
            if self._context is None:
                self._context = Context(
                    store=open_store(self._address, artifact_root=self.artifact_root),
                    artifact_root=self.artifact_root,
                    store_type=STORE_TYPE,
                    destination=_behind_servers(),
                    caller=Caller(local=True),
                )
            return self._context

    def _own_lock(self) -> threading.Lock:
        """The lock of this process: a forked child may have inherited one that nobody lets go of."""
        if self._pid != os.getpid():
            self._pid, self._lock = os.getpid(), threading.Lock()
        return self._lock


class _ElsewhereBlobs:
    """Files that only a server over the same database reaches."""

    def list(self, path: str = "") -> NoReturn:
        """Say what to do."""
        raise _elsewhere(path)

    def open(self, path: str) -> NoReturn:
        """Say what to do."""
        raise _elsewhere(path)

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> NoReturn:
        """Say what to do."""
        del chunks, sha256
        raise _elsewhere(path)

    def delete(self, path: str) -> NoReturn:
        """Say what to do."""
        raise _elsewhere(path)


def _elsewhere(path: str) -> ConfigurationError:
    return ConfigurationError(
        f"The artifacts at 'mlflow-artifacts:/{path}' are kept by a server over this database. Use the address of that "
        "server as the tracking URI, or set MLFLOW_ARTIFACTS_DESTINATION to where it keeps them."
    )


def _behind_servers() -> BlobStore:
    """Where servers over this database keep what goes through them, if we are told."""
    place = settings.artifacts_destination
    return _ElsewhereBlobs() if place.get() == place.default else open_blobs(place.get())


def _limited(address: str, seconds: float) -> str:
    """The address with a limit to how long a connection may take."""
    shown = uri.without_password(address)
    if uri.scheme(address) not in (*POSTGRES_SCHEMES, *MYSQL_SCHEMES) or "connect_timeout=" in shown:
        return address
    return f"{address}{'&' if '?' in shown else '?'}connect_timeout={math.ceil(seconds)}"


@contextmanager
def _told_as_away() -> Iterator[None]:
    """A database that does not answer, or not in time, is to its users what a server is that does not."""
    try:
        yield
    except (StorageFull, ServerUnreachable):
        raise
    except TemporarilyUnavailable as error:
        raise ServerUnreachable(error.message) from error
