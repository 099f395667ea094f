"""What asynchronous calls return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import settings

if TYPE_CHECKING:
    from assay.client.connection import Connection


class RunOperations:
    """A promise of something that was recorded already; `wait` returns once the store has committed it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def unless(cls, synchronous: bool | None, connection: Connection) -> RunOperations | None:
        """The promise, when the call was to be asynchronous."""
        return cls(connection) if synchronous is False else None

    def wait(self) -> None:
        """Wait until everything this process wrote is committed.

        Raises:
            ServerUnreachable: the server does not answer; the records are kept, and delivered later.
        """
        self._connection.outbox.wait(seconds=settings.end_timeout.get())
