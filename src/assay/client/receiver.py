"""Whoever takes the records of a spool and answers requests: a tracking server, or a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore
    from assay.core.http import Timeouts
    from assay.wire.base import Message
    from assay.wire.journal import AppliedResponse, ApplyJournal

T = TypeVar("T", bound="Message")


class Receiver(Protocol):
    """The other end of a spool. Thread-safe; a forked child may go on using it."""

    @property
    def name(self) -> str:
        """What it is called in messages; no password is in it."""

    @property
    def artifact_root(self) -> str:
        """Where the artifacts of experiments go that are created from here; empty where the receiver says."""

    def ask(self, request: Message, returns: type[T], *, timeouts: Timeouts | None = None) -> T:
        """The answer to a request; one try.

        Raises:
            ServerUnreachable: it does not answer.
            AssayError: the request was refused.
        """

    def apply(self, request: ApplyJournal, *, timeouts: Timeouts | None = None) -> AppliedResponse:
        """Take records, in order and each with effect once; those refused are told.

        Raises:
            ServerUnreachable: it does not answer, or what answers takes no records.
            Unauthenticated: it does not let this user in.
            AssayError: the request was refused, or cannot be carried out now.
        """

    def blobs(self, artifact_uri: str) -> BlobStore:
        """The artifacts below a URI.

        Raises:
            ConfigurationError: they cannot be reached; says what to do.
        """

    def close(self) -> None:
        """Let go of connections."""
