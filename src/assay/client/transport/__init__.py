"""Where requests go, and where what a process writes becomes visible: a server, a database, or a store on this disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from assay.core import uri
from assay.store.open import is_database

if TYPE_CHECKING:
    from pathlib import Path

    from assay.blobs.base import BlobStore
    from assay.journal.writer import JournalWriter
    from assay.wire.base import Message
    from assay.wire.journal import Rejection

T = TypeVar("T", bound="Message")


class Transport(Protocol):
    """One tracking URI, as the library uses it. Thread-safe; a forked child may go on using it."""

    uri: str
    remote: bool
    journals: Path

    def ask(self, request: Message, returns: type[T], *, patient: bool = True) -> T:
        """The answer to a request. `patient` retries while the server is away, otherwise one quick try is made.

        Raises:
            ServerUnreachable: the server does not answer.
            AssayError: the request was refused.
        """

    def deliver(self, journal: JournalWriter, *, everything: bool, seconds: float) -> list[Rejection]:
        """Apply what `journal` holds, waiting up to `seconds` for it; with `everything`, other writers' too.

        Returns the records that were refused.

        Raises:
            ServerUnreachable: the server does not answer; the records are kept.
            TemporarilyUnavailable: not everything was applied in time; the records are kept.
        """

    def started(self) -> None:
        """A first record was written, or some time has passed: see to it that records will be delivered."""

    def rejections(self, writer_id: str) -> list[Rejection]:
        """Records of this writer that were refused elsewhere, each told once."""

    def blobs(self, artifact_uri: str) -> BlobStore:
        """The artifacts below a URI."""

    def close(self) -> None:
        """Let go of connections and files."""


def open_transport(tracking_uri: str) -> Transport:
    """The transport of a tracking URI; nothing is opened or connected yet.

    Raises:
        ConfigurationError: the URI is of no known kind.
    """
    if uri.is_remote(tracking_uri) or is_database(tracking_uri):
        from assay.client.transport.spooled import SpooledTransport

        return SpooledTransport(tracking_uri)
    from assay.client.transport.local import LocalTransport

    return LocalTransport(tracking_uri)
