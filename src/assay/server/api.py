"""The fast path: one operation from the bytes of a request to the bytes of its answer."""

from __future__ import annotations

import re
import time
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from assay.core.errors import BadRequest, InvalidParameterValue, RequestLimitExceeded
from assay.server.bodies import Bodies
from assay.server.changes import touched
from assay.service.dispatch import dispatch, unit_of_work
from assay.wire.base import Empty
from assay.wire.codec import decode, decode_query, encode, parse_query

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from assay.server.handover import Workers
    from assay.server.services import Services
    from assay.service.dispatch import Context
    from assay.wire.base import Message, Operation

    Receive = Callable[[], Awaitable[Mapping[str, Any]]]
    Headers = Mapping[bytes, bytes]
    Answer = tuple[bytes, tuple[tuple[bytes, bytes], ...]]

MOST_IN_FLIGHT = 1024
LONGEST_READ_HERE = 0.002
"""Seconds after which reading in the event loop has proved a bad idea: a large run, or a slow disk."""
DETOURS = 100
"""How many reads go to threads then."""
LEAST_PACKED_BYTES = 2048
"""Smaller answers are sent as they are: packing them would save no packet."""
_EMPTY = b"{}"
_OWN = "assay/"
_VIEWS = "assay/1/views/"
_GZIP = re.compile(rb"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
_FAST = 1
_GZIP_FORMAT = 31
_VARYING = ((b"vary", b"Accept-Encoding"),)
_PACKED = (*_VARYING, (b"content-encoding", b"gzip"))


class Api:
    """Answers operations."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._submit = services.context.store.submit
        self._bodies = Bodies(limit=services.config.max_body_bytes)
        self._reads_here = services.config.is_local
        self._in_flight = 0
        self._detours = 0

    async def answer(
        self,
        operation: Operation,
        scope: Mapping[str, Any],
        headers: Headers,
        receive: Receive,
        *,
        in_path: Mapping[str, str],
        context: Context,
    ) -> Answer:
        """The body of the answer, and the headers that it needs besides those of every answer.

        `in_path` are the values of the variables of the operation's path; `context` says who asks.

        Raises:
            AssayError: the request is not acceptable, or cannot be done.
        """
        if scope["method"] == "GET":
            request: Message = decode_query(parse_query(scope["query_string"]), operation.request, in_path)
        else:
            request = await self._read_request(operation, scope["method"], headers, receive, in_path=in_path)
        if self._in_flight >= MOST_IN_FLIGHT:
            raise RequestLimitExceeded(
                f"The server works on {self._in_flight} requests already. Try again in a second."
            )
        self._in_flight += 1
        try:
            if operation.path.startswith(_VIEWS):
                packed = _GZIP.search(headers.get(b"accept-encoding", b"")) is not None
                return await self._threads(operation).run(partial(self._view, context, request, packed=packed))
            return await self._perform(context, operation, request), ()
        finally:
            self._in_flight -= 1

    def _read_here(self, context: Context, request: Message) -> bytes:
        """Read in the event loop what takes less than waking a thread; else, threads do it for a while."""
        begun = time.perf_counter()
        body = encode(dispatch(context, request))
        if time.perf_counter() - begun > LONGEST_READ_HERE:
            self._detours = DETOURS
        return body

    def _view(self, context: Context, request: Message, *, packed: bool) -> Answer:
        """In a thread: what pages read, packed when it is worth it and the page can unpack it."""
        body = encode(dispatch(context, request))
        if not packed or len(body) < LEAST_PACKED_BYTES:
            return body, _VARYING
        packer = zlib.compressobj(_FAST, zlib.DEFLATED, _GZIP_FORMAT)
        return packer.compress(body) + packer.flush(), _PACKED

    async def _perform(self, context: Context, operation: Operation, request: Message) -> bytes:
        services = self._services
        if operation.quick and self._reads_here and not self._detours:
            return self._read_here(context, request)
        if operation.resources or not operation.writes:
            self._detours = max(0, self._detours - 1)
            return await self._threads(operation).run(lambda: encode(dispatch(context, request)))
        future = services.handover.future()
        self._submit(unit_of_work(context, request), partial(services.handover.settle, future))
        answer: Message = await future
        if services.watchers.listening:
            services.watchers.tell(touched(request, answer))
        return _EMPTY if type(answer) is Empty else encode(answer)

    def _threads(self, operation: Operation) -> Workers:
        """Those that may wait for files for long, or those that only read rows."""
        return self._services.transfers if operation.resources else self._services.readers

    async def _read_request(
        self, operation: Operation, method: str, headers: Headers, receive: Receive, *, in_path: Mapping[str, str]
    ) -> Message:
        kind = headers.get(b"content-type", b"")
        if kind == b"application/msgpack" and operation.path.startswith(_OWN):
            return _decode_msgpack(await self._bodies.read(headers, receive), operation.request)
        if method in ("POST", "PUT") and not kind[:16].lower().startswith(b"application/json"):
            raise InvalidParameterValue(
                f"Invalid value {kind.decode('latin-1')[:100]!r} for header 'Content-Type': send application/json."
            )
        return decode(await self._bodies.read(headers, receive), operation.request, in_path)


def _decode_msgpack(body: bytes, kind: type[Message]) -> Message:
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"The body is not a {kind.__name__} in MessagePack: {error}.") from error
