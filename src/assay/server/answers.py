"""The answer of one request on its way out: the headers that all have, errors, and what was sent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from assay.core.ids import request_id
from assay.server.errors import RETRY_AFTER, error_answer, may_retry
from assay.server.hosts import preflight_headers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HeaderList = list[tuple[bytes, bytes]]
SECURITY: HeaderList = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"vary", b"Origin"),
    (b"cache-control", b"no-store"),
]
"""Nothing that says otherwise is kept by browsers and proxies: the next to ask may be somebody else."""
_CHALLENGE = (b"www-authenticate", b'Basic realm="assay", charset="UTF-8"')
"""Not for pages: browsers would ask for name and password by themselves."""
_JSON: HeaderList = [(b"content-type", b"application/json"), *SECURITY]


class Answer:
    """Sends the answer of one request with the headers that every answer has, and notes what was sent.

    `request_id` is in its headers and in the log, so that one leads to the other; what a client sends is never taken
    for it.
    """

    __slots__ = ("_extra", "_for_page", "_private", "_send", "_started", "request_id", "size", "status")

    def __init__(
        self, send: Send, extra: HeaderList, private: tuple[tuple[str, str], ...], *, for_page: bool = False
    ) -> None:
        self._send = send
        self.request_id = request_id()
        self._extra = [*extra, (b"x-request-id", self.request_id.encode())]
        self._for_page = for_page
        self._private = private
        self._started = False
        self.status = 0
        self.size = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        """The `send` of an ASGI app."""
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            given = list(message.get("headers", ()))
            names = {name for name, _ in given}
            message["headers"] = [*given, *(header for header in SECURITY if header[0] not in names), *self._extra]
        else:
            self.size += len(message.get("body", b""))
        await self._send(message)

    async def json(self, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        """Send a JSON body."""
        self._started = True
        self.status = status
        self.size = len(body)
        length = (b"content-length", b"%d" % len(body))
        start = {
            "type": "http.response.start",
            "status": status,
            "headers": [*_JSON, length, *self._extra, *headers],
        }
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    async def text(self, status: int, text: str) -> None:
        """Send a line for people to read."""
        body = f"{text}\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})

    async def options(self, methods: Iterable[str]) -> None:
        """Answer an `OPTIONS` request: which methods there are, and what an allowed origin may send."""
        headers = [(b"allow", ", ".join((*methods, "OPTIONS")).encode())]
        if any(name == b"access-control-allow-origin" for name, _ in self._extra):
            headers += preflight_headers()
        await self({"type": "http.response.start", "status": 204, "headers": headers})
        await self({"type": "http.response.body", "body": b""})

    async def fail(self, error: Exception) -> None:
        """Send an error; when the answer has begun already, break it off, so that nobody takes it for whole."""
        if self._started:
            raise error
        status, body = error_answer(error, self.request_id, private=self._private)
        headers: HeaderList = []
        if may_retry(error):
            after = getattr(error, "retry_after", None)
            headers.append((b"retry-after", b"%d" % math.ceil(after) if after else RETRY_AFTER))
        if status == 401 and not self._for_page:
            headers.append(_CHALLENGE)
        if status in (408, 413, 499):
            headers.append((b"connection", b"close"))
        await self.json(status, body, *headers)
