"""A few connections that threads take in turn, for drivers whose connections serve one thread at a time."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from assay.core.errors import AssayError, TemporarilyUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable


class Closable(Protocol):
    """What a pool holds."""

    def close(self) -> None:
        """Let go of the connection."""


C = TypeVar("C", bound=Closable)

MOST_CONNECTIONS = 32
MOST_IDLE = 8
LONGEST_WAIT = 30.0


class Pool(Generic[C]):
    """Connections, the last used first; they are opened when needed and checked before they are used again.

    Args:
        connect: Opens a connection.
        is_alive: Whether a connection that lay idle can be used; quick, without asking the server.
        name: What the connections lead to, for messages.
    """

    def __init__(self, connect: Callable[[], C], *, is_alive: Callable[[C], bool], name: str) -> None:
        self._connect = connect
        self._is_alive = is_alive
        self._name = name
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._idle: deque[C] = deque()
        self._taken: set[C] = set()
        self._closed = False

    def take(self) -> C:
        """A connection, for `give_back` or `discard` afterwards.

        Raises:
            TemporarilyUnavailable: all connections have been in use for too long.
            AssayError: the pool is closed, or whatever `connect` raises.
        """
        if self._closed:
            raise AssayError(f"The store {self._name} is closed.")
        if not self._free.acquire(timeout=LONGEST_WAIT):
            raise TemporarilyUnavailable(f"All connections to {self._name} have been busy for too long. Try again.")
        try:
            connection = self._alive_one() or self._connect()
        except BaseException:
            self._free.release()
            raise
        self._taken.add(connection)
        return connection

    def give_back(self, connection: C) -> None:
        """Keep the connection for whoever comes next."""
        self._taken.discard(connection)
        if self._closed or len(self._idle) >= MOST_IDLE:
            connection.close()
        else:
            self._idle.append(connection)
        self._free.release()

    def discard(self, connection: C) -> None:
        """Close a connection that is of no use any more."""
        self._taken.discard(connection)
        connection.close()
        self._free.release()

    def close(self) -> None:
        """Close what is idle now, and the rest when it is given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def connections(self) -> list[C]:
        """All that are open."""
        return [*self._idle, *self._taken]

    def _alive_one(self) -> C | None:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if self._is_alive(connection):
                return connection
            connection.close()
