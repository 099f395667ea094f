"""Server-sent events: pages learn what changed within a moment, whoever changed it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from assay import __version__
from assay.core.errors import AssayError
from assay.server.changes import Change, everything

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from assay.server.handover import Workers

    Seen = Callable[[Change], Awaitable[Change | None]]

POLL_SECONDS = 0.5
MOST_WATCHERS = 1000
_PAUSE = 0.25
_HEARTBEAT = 15.0
_UNSURE_SECONDS = 2.0
_HEARTBEAT_COMMENT = b": still here\n\n"


def _hello(*, is_admin: bool) -> bytes:
    said = json.dumps({"version": __version__, "is_admin": is_admin})
    return f"event: hello\ndata: {said}\n\n".encode()


class _Watcher:
    """One page, and what it has not been told yet."""

    def __init__(self) -> None:
        self.pending = Change()
        self.wake = asyncio.Event()

    def take(self) -> Change:
        """What it has not been told yet, to be told now."""
        change, self.pending = self.pending, Change()
        self.wake.clear()
        return change


class Watchers:
    """All pages that watch, told at most about four times a second each."""

    def __init__(self) -> None:
        self._watchers: set[_Watcher] = set()
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._told = False
        self._version: int | None = None
        self._unsure_since: float | None = None

    @property
    def listening(self) -> bool:
        """Whether anybody watches."""
        return bool(self._watchers)

    def tell(self, change: Change) -> None:
        """Tell a change that was made through this server; on the event loop."""
        self._told = True
        self._spread(change)

    def tell_from_thread(self, change: Change) -> None:
        """The same from another thread."""
        if self._watchers and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.tell, change)

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for watcher in self._watchers:
            watcher.wake.set()

    async def poll(self, version: Callable[[], int], workers: Workers) -> None:
        """Notice what other processes commit, until cancelled."""
        while True:
            with contextlib.suppress(AssayError):  # too busy, or cannot be read: whoever asks for data is told
                self._compare(await workers.run(version))
            await asyncio.sleep(POLL_SECONDS)

    async def stream(self, seen: Seen | None = None, *, is_admin: bool = False) -> AsyncIterator[bytes]:
        """The events of one page, until it goes away or the server stops.

        The first one greets it, and tells whether an administrator looks at it. `seen` leaves out what the page may not
        know; None where it may know nothing any more, and the stream ends.
        """
        watcher = _Watcher()
        self._watchers.add(watcher)
        try:
            yield _hello(is_admin=is_admin)
            while not self._closed:
                try:
                    await asyncio.wait_for(watcher.wake.wait(), _HEARTBEAT)
                except asyncio.TimeoutError:
                    yield _HEARTBEAT_COMMENT
                    continue
                taken = watcher.take()
                change = taken if seen is None else await seen(taken)
                if change is None:
                    return
                if change:
                    yield b"event: change\ndata: " + change.encode() + b"\n\n"
                    await asyncio.sleep(_PAUSE)
        finally:
            self._watchers.discard(watcher)

    async def respond(self, seen: Seen | None = None, *, is_admin: bool = False) -> StreamingResponse:
        """Answer a request for the stream of events."""
        if len(self._watchers) >= MOST_WATCHERS or self._closed:
            return StreamingResponse(iter(()), status_code=503, headers={"retry-after": "5"})
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(self.stream(seen, is_admin=is_admin), media_type="text/event-stream", headers=headers)

    def _spread(self, change: Change) -> None:
        for watcher in self._watchers:
            watcher.pending.add(change)
            watcher.wake.set()

    def _compare(self, version: int) -> None:
        """Tell what others committed. Among commits of this server theirs cannot be seen, so those are told later."""
        changed = self._version is not None and version != self._version
        self._version = version
        told, self._told = self._told, False
        now = time.monotonic()
        if changed and not told:
            self._unsure_since = None
            self._spread(everything())
        elif changed and self._unsure_since is None:
            self._unsure_since = now
        if self._unsure_since is not None and now - self._unsure_since >= _UNSURE_SECONDS:
            self._unsure_since = None
            self._spread(everything())
