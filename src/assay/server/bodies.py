"""Request bodies: small ones as a whole, and those of any size on their way to a thread, in constant memory."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from assay.blobs.base import CHUNK
from assay.core.errors import AssayError, InvalidParameterValue, RequestLimitExceeded
from assay.server.errors import BodyTooLarge, RequestInterrupted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from starlette.requests import Request
    from typing_extensions import Self

    Receive = Callable[[], Awaitable[Mapping[str, Any]]]
    Headers = Mapping[bytes, bytes]

SILENCE_SECONDS = 60.0
MOST_BUFFERED_BYTES = 512 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNKS_WAITING = 4


class Bodies:
    """Reads bodies that are held in memory, each of at most `limit` bytes, and together of no more than is sane."""

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._buffered = 0

    async def read(self, headers: Headers, receive: Receive) -> bytes:
        """The whole body.

        Raises:
            BodyTooLarge: it has more bytes than are taken.
            RequestLimitExceeded: the bodies under way are too large together.
            RequestInterrupted: the client went away, or fell silent.
        """
        declared = headers.get(b"content-length", b"0")
        if len(declared) > 6 and int(declared) > self._limit:
            raise _too_large(self._limit)
        with _Silence() as silence:
            message = await silence.hear(receive)
            if message["type"] == "http.request" and not message.get("more_body"):
                return cast("bytes", message["body"])
            return await self._read_rest(message, partial(silence.hear, receive))

    async def _read_rest(self, message: Mapping[str, Any], receive: Receive) -> bytes:
        pieces: list[bytes] = []
        size = 0
        try:
            while True:
                if message["type"] == "http.disconnect":
                    raise RequestInterrupted("The client went away before its request was complete.")
                piece = message["body"]
                pieces.append(piece)
                size += len(piece)
                self._buffered += len(piece)
                if size > self._limit:
                    raise _too_large(self._limit)
                if self._buffered > MOST_BUFFERED_BYTES:
                    raise RequestLimitExceeded("The server holds too many large requests. Try again in a second.")
                if not message.get("more_body"):
                    return b"".join(pieces)
                message = await receive()
        finally:
            self._buffered -= size


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The request body is larger than {limit} bytes. Send smaller batches.")


async def feed(request: Request, pipe: Pipe, stored: asyncio.Future[Any]) -> None:
    """Hand the body on to the thread whose work `stored` is, as fast as that takes it, and wait until it is done."""
    stored.add_done_callback(pipe.stop)
    try:
        await _feed(request, pipe)
    finally:
        pipe.close()  # whatever happened, the thread must not wait for more
    await stored


def told_digest(request: Request) -> str:
    """The SHA-256 of the body, as the client tells it; empty when it does not.

    Raises:
        InvalidParameterValue: it is none.
    """
    told = request.headers.get("x-assay-sha256", "").lower()
    if told and not SHA256.fullmatch(told):
        raise InvalidParameterValue("X-Assay-SHA256 must be 64 hexadecimal digits.")
    return told


async def _feed(request: Request, pipe: Pipe) -> None:
    """Hand the pieces on; stop when the thread has given up."""
    pieces: list[bytes] = []
    size = 0
    try:
        async for piece in pieces_of(request):
            pieces.append(piece)
            size += len(piece)
            if size >= CHUNK:
                if not await pipe.put(b"".join(pieces)):
                    return
                pieces, size = [], 0
    except AssayError as error:
        pipe.fail(error)
        raise
    await pipe.put(b"".join(pieces))


class Pipe:
    """Chunks on their way from the event loop to a thread, a few at a time."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[bytes | AssayError | None] = SimpleQueue()
        self._room = asyncio.Semaphore(_CHUNKS_WAITING)
        self._release = partial(asyncio.get_running_loop().call_soon_threadsafe, self._room.release)
        self._stopped = False

    async def put(self, chunk: bytes) -> bool:
        """Hand on a chunk, once there is room; False when the thread takes no more."""
        await self._room.acquire()
        self._queue.put(chunk)
        return not self._stopped

    def fail(self, error: AssayError) -> None:
        """Make the thread stop with this error."""
        self._queue.put(error)

    def close(self) -> None:
        """Say that nothing more comes."""
        self._queue.put(None)

    def stop(self, stored: asyncio.Future[Any]) -> None:
        """Take note that the thread has ended, and with it the need for more."""
        self._stopped = True
        if not stored.cancelled():
            stored.exception()  # looked at, also when the client has gone and nobody else does
        self._room.release()

    def chunks(self) -> Iterator[bytes]:
        """The chunks, in the thread."""
        while (item := self._queue.get()) is not None:
            if isinstance(item, AssayError):
                raise item
            self._release()
            if item:
                yield item


async def pieces_of(request: Request) -> AsyncIterator[bytes]:
    """The pieces of a body.

    Raises:
        RequestInterrupted: the client went away or fell silent.
    """
    with _Silence() as silence:
        while True:
            message = await silence.hear(request.receive)
            if message["type"] == "http.disconnect":
                raise RequestInterrupted("The client went away during the upload; nothing was stored.")
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                return


class _Silence:
    """Breaks off the present task when nothing is heard for a while; cheaper than a time limit for each piece.

    Raises:
        RequestInterrupted: at the end of the block, the client fell silent.
    """

    __slots__ = ("_broken", "_loop", "_since", "_task", "_timer")

    def __enter__(self) -> Self:
        self._broken = False
        self._since: float | None = None
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(SILENCE_SECONDS, self._look)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._timer.cancel()
        if self._broken and kind is asyncio.CancelledError:
            raise RequestInterrupted(f"Nothing came for {SILENCE_SECONDS:.0f} seconds; send it again.") from error

    async def hear(self, receive: Receive) -> Mapping[str, Any]:
        """What comes next; the time that passes between two calls is not the client's."""
        self._since = self._loop.time()
        message = await receive()
        self._since = None
        return message

    def _look(self) -> None:
        now = self._loop.time()
        rest = (now if self._since is None else self._since) + SILENCE_SECONDS - now
        if rest > 0:
            self._timer = self._loop.call_later(rest, self._look)
        elif self._task is not None:
            self._broken = True
            self._task.cancel()


def damaged(path: str, expected: str) -> Callable[[str], InvalidParameterValue]:
    """The error for a body whose SHA-256 is another one than was told, once that is known."""

    def error(sha256: str) -> InvalidParameterValue:
        return InvalidParameterValue(
            f"The bytes of {path!r} were damaged on the way: their SHA-256 is {sha256}, not {expected}. Nothing was "
            "stored; upload the file again."
        )

    return error
