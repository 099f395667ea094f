"""HTTP over a socket: uvicorn's protocol, sending head and body of an answer together."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST_JOINED_BYTES = 64 << 10


class JoinedWrites:
    """A transport that sends what is written in one turn of the event loop with one system call.

    It halves the system calls of a small answer, and wakes the client once instead of twice.
    """

    __slots__ = ("_call_soon", "_pending", "_size", "_transport", "is_closing")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.is_closing = transport.is_closing
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._pending: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Send the data at the end of this turn, or at once when there is much of it."""
        if not self._pending:
            self._call_soon(self._flush)
        self._pending.append(data)
        self._size += len(data)
        if self._size > _MOST_JOINED_BYTES:
            self._flush()

    def close(self) -> None:
        """Close the connection once everything was sent."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        pending = self._pending
        if pending and not self.is_closing():
            self._transport.write(pending[0] if len(pending) == 1 else b"".join(pending))
        self._pending = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's protocol over a transport that joins writes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a client."""
        super().connection_made(cast("asyncio.Transport", JoinedWrites(transport)))
