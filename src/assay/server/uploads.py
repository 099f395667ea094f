"""Large files in parts, below `/api/assay/1/uploads/<path>?size=<bytes>&sha256=<digest>`.

`POST` begins the upload of that content, goes on with it, and ends it: it tells which parts are missing, and once none
is, whether the file is stored. `PUT` with `&part=<number>` sends one part, its CRC-32 in `X-Assay-CRC32`. `DELETE`
gives the upload up. Each may be repeated at will; path, size and digest are all that a client needs to know after a
break, and what has arrived survives the server. The file appears whole, its digest checked, or not at all.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from assay.blobs.paths import checked_path
from assay.blobs.uploads import MOST_OPEN, Upload, Wanted, is_stored, open_upload, sweep
from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.server.bodies import SHA256, Pipe, feed
from assay.server.errors import outcome
from assay.service.artifacts import proxied
from assay.wire import uploads as wire
from assay.wire.codec import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from assay.server.services import Services
    from assay.wire.base import Message

LARGEST_FILE = 5 << 40
"""Bytes: what object stores take."""
PATIENCE_SECONDS = 20.0
"""How long the last `POST` waits for the check of the whole file before it says that it goes on."""
_SWEEP_SECONDS = 3600.0
_CRC32 = re.compile(r"[0-9a-f]{8}")
_log = logger("server")


class Uploads:
    """Answers the operations of `wire.uploads`; `tell` hears of every path that is stored."""

    def __init__(self, services: Services, *, tell: Callable[[str], None]) -> None:
        self._context = services.context
        self._run = services.transfers.run
        self._tell = tell
        self._open: dict[str, Upload] = {}
        self._ending: dict[str, asyncio.Future[None]] = {}
        self._lock = threading.Lock()
        self._swept = float("-inf")

    def carriers(self) -> dict[type[Message], Callable[[Request, Any], Awaitable[Response]]]:
        """What answers each operation."""
        return {wire.ProceedUpload: self.proceed, wire.UploadPart: self.take_part, wire.GiveUpUpload: self.give_up}

    async def proceed(self, request: Request, message: wire.ProceedUpload) -> Response:
        """`POST`: how far the upload is; ends it when everything is there."""
        del request
        wanted = _wanted(message)
        destination = proxied(self._context)
        if await self._run(partial(is_stored, destination, wanted)):
            return _state(wanted, stored=True)
        upload = await self._run(partial(self._upload, wanted))
        missing = await self._run(upload.missing)
        if missing and wanted.key not in self._ending:
            return _state(wanted, missing=missing)
        return _state(wanted, stored=await self._end(upload))

    async def take_part(self, request: Request, message: wire.UploadPart) -> Response:
        """`PUT`: one part, kept once it is whole and right."""
        wanted, number = _wanted(message), message.part
        start, end = wanted.plan.span(number)
        length = request.headers.get("content-length")
        if length is not None and length != str(end - start):
            raise InvalidParameterValue(f"Part {number} has {end - start} bytes, not {length}.")
        told = request.headers.get("x-assay-crc32", "").lower()
        if not _CRC32.fullmatch(told):
            raise InvalidParameterValue("A part needs its CRC-32, as 8 hexadecimal digits, in X-Assay-CRC32.")
        upload = await self._run(partial(self._upload, wanted))
        pipe = Pipe()
        await feed(request, pipe, self._run(partial(upload.write, number, pipe.chunks(), checksum=int(told, 16))))
        return Response(b"{}", media_type="application/json")

    async def give_up(self, request: Request, message: wire.GiveUpUpload) -> Response:
        """`DELETE`: throw away what has arrived."""
        del request
        wanted = _wanted(message)
        upload = await self._run(partial(self._upload, wanted))
        self._forget(wanted)
        ending = self._ending.get(wanted.key)
        if ending is not None:  # what is being checked must stay what it is until it has its name
            await asyncio.wait({ending})
        await self._run(upload.discard)
        return Response(b"{}", media_type="application/json")

    async def _end(self, upload: Upload) -> bool:
        """Check and store the whole; False while that is still under way."""
        key = upload.wanted.key
        ending = self._ending.get(key)
        if ending is None:
            if self._open.get(key) is not upload:  # it ended, or was given up, a moment ago: the next answer tells
                return False
            ending = self._ending[key] = self._run(upload.finish)
            ending.add_done_callback(partial(self._ended, upload.wanted))
        done, _ = await asyncio.wait({ending}, timeout=PATIENCE_SECONDS)
        if done:
            ending.result()
        return bool(done)

    def _ended(self, wanted: Wanted, ending: asyncio.Future[None]) -> None:
        self._ending.pop(wanted.key, None)
        if ending.cancelled() or ending.exception() is not None:
            return
        self._forget(wanted)
        self._tell(wanted.path)

    def _upload(self, wanted: Wanted) -> Upload:
        """The upload, one object for all its requests; called in a thread."""
        self._sweep()
        with self._lock:
            upload = self._open.get(wanted.key)
            if upload is None:
                if len(self._open) >= MOST_OPEN:  # it ended in another worker, or is found again on disk
                    del self._open[next(iter(self._open))]
                upload = self._open[wanted.key] = open_upload(proxied(self._context), wanted)
            return upload

    def _forget(self, wanted: Wanted) -> None:
        self._open.pop(wanted.key, None)

    def _sweep(self) -> None:
        """Once an hour, drop what was given up days ago; that it fails is no reason not to take new files."""
        now = time.monotonic()
        with self._lock:
            if now - self._swept < _SWEEP_SECONDS:
                return
            self._swept = now
        _, error = outcome(partial(sweep, proxied(self._context)))
        if error is not None:
            _log.warning("Abandoned uploads cannot be swept: %s", error)


def _wanted(message: wire.ProceedUpload | wire.UploadPart | wire.GiveUpUpload) -> Wanted:
    path, sha256 = checked_path(message.path), message.sha256.lower()
    if not SHA256.fullmatch(sha256):
        raise InvalidParameterValue("The parameter 'sha256' must be 64 hexadecimal digits.")
    if not 1 <= message.size <= LARGEST_FILE:
        raise InvalidParameterValue(f"A file sent in parts has 1 to {LARGEST_FILE} bytes, not {message.size}.")
    return Wanted(path, message.size, sha256)


def _state(wanted: Wanted, *, missing: list[int] | None = None, stored: bool = False) -> Response:
    state = wire.UploadState(part_bytes=wanted.plan.part_bytes, missing=missing or [], stored=stored)
    return Response(encode(state), media_type="application/json")
