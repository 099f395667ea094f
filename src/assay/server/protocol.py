"""HTTP over a socket: uvicorn's protocol, sending head and body of an answer together."""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 30.0
"""How long a client may take to send the head of a request."""
MOST_HEAD_BYTES = 1 << 20
_MOST_JOINED_BYTES = 64 << 10
_AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")


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
    """Uvicorn's protocol over a transport that joins writes; a head of a request is bounded in size and time."""

    _late: asyncio.TimerHandle | None = None
    _partial: Any = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a client."""
        super().connection_made(cast("asyncio.Transport", JoinedWrites(transport)))
        self._expect_head()

    def on_headers_complete(self) -> None:
        """The head is there. A host in its address counts in place of the header's, as RFC 9112 has it."""
        if not self.url.startswith(b"/"):
            authority = _AUTHORITY.match(self.url)
            self.headers[:] = [pair for pair in self.headers if pair[0] != b"host"]
            self.headers.append((b"host", authority[1] if authority else b""))
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._expect_no_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        super().data_received(data)
        scope = self.scope
        if scope is not None and "method" in scope:  # the parser knows it from the end of the head on
            if self._late is not None:
                self._expect_no_head()
            return
        if scope is not self._partial:
            self._partial, self._head_bytes = scope, 0
            self._expect_head()
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def _expect_head(self) -> None:
        self._expect_no_head()
        self._late = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _expect_no_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        """Close, unless an earlier request is still being answered."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self._expect_head()
