"""What asynchronous calls return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import settings
from assay.core.errors import from_wire

if TYPE_CHECKING:
    from assay.client.connection import Connection


class RunOperations:
    """A promise of something that was recorded already; `wait` returns once the store has committed it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def unless(cls, synchronous: bool | None, connection: Connection) -> RunOperations | None:
        """The promise, when the call was to be asynchronous: by its argument, else by `settings`."""
        if synchronous is None:
            synchronous = not default.asynchronous
        return None if synchronous else cls(connection)

    def wait(self) -> None:
        """Wait until everything this process wrote is committed.

        Raises:
            ServerUnreachable: the server does not answer; the records are kept, and delivered later.
            AssayError: the store refused a record; the first one that it did.
        """
        refused = self._connection.outbox.wait(seconds=settings.end_timeout.get())
        if refused:
            raise from_wire(refused[0].error_code, refused[0].message, 400)


class Default:
    """What calls do that do not say: the setting, read once, as it is asked for with every point."""

    def __init__(self) -> None:
        self.asynchronous = settings.enable_async_logging.get()


default = Default()
