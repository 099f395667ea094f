"""Artifact bytes in and out: streamed in constant memory, uploads whole or absent, downloads in ranges."""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from assay.blobs.archive import safe_name, zip_chunks
from assay.blobs.digests import verified
from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.server.bodies import Pipe, damaged, feed, pieces_of, told_digest
from assay.server.changes import Change
from assay.server.uploads import Uploads
from assay.service.artifacts import blobs_of_model, blobs_of_run, blobs_of_version, proxied
from assay.service.dispatch import admit
from assay.wire import artifacts as wire
from assay.wire import files
from assay.wire.codec import decode_query, missing_parameter, parse_query

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from assay.blobs.base import Blob, BlobStore
    from assay.server.services import Services
    from assay.service.dispatch import Context
    from assay.wire.base import Message, Operation

MOST_UPLOAD_BYTES = 10 << 20
"""Largest body of `upload-artifact`, which a page sends; the proxy has no limit."""
_TEXT_SUFFIXES = frozenset(
    "txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb "
    "mlmodel mlproject".split()
)
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_ISOLATED = {
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
}
_SHOWN = {
    "text/html": "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; worker-src blob:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "application/pdf": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
}
"""What browsers may show by themselves, and what it may do.

A page's scripts draw plots, but have an origin of their own, which nothing trusts, and reach no server. Browsers show
no PDF in a sandbox; it holds no scripts that could act for who reads it.
"""


class ArtifactRoutes:
    """Answers the operations of `TRANSFERS`: those that carry artifact bytes."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._run = services.transfers.run
        self._carriers: dict[type[Message], Callable[[Request, Any], Awaitable[Response]]] = {
            wire.GetArtifact: self.get_run_artifact,
            wire.GetLoggedModelArtifact: self.get_model_artifact,
            wire.GetModelVersionArtifact: self.get_version_artifact,
            wire.UploadRunArtifact: self.upload_run_artifact,
            wire.DownloadArtifact: self.download,
            wire.UploadArtifact: self.upload,
            files.GetRunArchive: self.get_run_archive,
            files.GetModelArchive: self.get_model_archive,
            **Uploads(services, tell=self._tell).carriers(),
        }

    async def respond(
        self, operation: Operation, request: Request, in_path: Mapping[str, str], context: Context
    ) -> Response:
        """The answer to a request whose address says these fields of the operation's message.

        Raises:
            AssayError: the request is not acceptable, not allowed, or cannot be done.
        """
        message: Message = decode_query(parse_query(request.scope["query_string"]), operation.request, in_path)
        await self._run(partial(admit, context, operation, message))
        return await self._carriers[operation.request](request, message)

    async def get_run_artifact(self, request: Request, message: wire.GetArtifact) -> Response:
        """A file of a run."""
        path = checked_path(message.path)
        run_id = message.run_id or message.run_uuid
        if not run_id:
            raise missing_parameter("run_id")
        blob = await self._run(lambda: blobs_of_run(self._services.context, run_id).open(path))
        return self._file(request, blob, path, inline=message.inline)

    async def get_model_artifact(self, request: Request, message: wire.GetLoggedModelArtifact) -> Response:
        """A file of a logged model."""
        path = checked_path(message.artifact_file_path)
        blob = await self._run(lambda: blobs_of_model(self._services.context, message.model_id).open(path))
        return self._file(request, blob, path, inline=message.inline)

    async def get_run_archive(self, request: Request, message: files.GetRunArchive) -> Response:
        """A folder of a run as a ZIP file."""
        store = await self._run(partial(blobs_of_run, self._services.context, message.run_id))
        return await self._archive(request, store, message.path, name=message.run_id)

    async def get_model_archive(self, request: Request, message: files.GetModelArchive) -> Response:
        """A folder of a logged model as a ZIP file."""
        store = await self._run(partial(blobs_of_model, self._services.context, message.model_id))
        return await self._archive(request, store, message.path, name=message.model_id)

    async def get_version_artifact(self, request: Request, message: wire.GetModelVersionArtifact) -> Response:
        """A file of a version of a registered model."""
        path = checked_path(message.path)
        blob = await self._run(
            lambda: blobs_of_version(self._services.context, message.name, message.version).open(path)
        )
        return self._file(request, blob, path)

    async def upload_run_artifact(self, request: Request, message: wire.UploadRunArtifact) -> Response:
        """A small file for a run, sent by a page."""
        path = checked_path(message.path)
        body = await _small_body(request)
        if not body:
            raise InvalidParameterValue("The request has no body. Send the bytes of the file.")
        await self._run(lambda: blobs_of_run(self._services.context, message.run_uuid).write(path, [body]))
        self._tell_run(message.run_uuid)
        return Response()

    async def download(self, request: Request, message: wire.DownloadArtifact) -> Response:
        """A proxied file, or a range of it."""
        path = checked_path(message.path)
        blob = await self._run(partial(proxied(self._services.context).open, path))
        return self._file(request, blob, path)

    async def upload(self, request: Request, message: wire.UploadArtifact) -> Response:
        """Store a proxied file. `X-Assay-SHA256`, when given, must be the SHA-256 of the body."""
        path = checked_path(message.path)
        expected = told_digest(request)
        destination = proxied(self._services.context)
        pipe = Pipe()
        chunks = verified(pipe.chunks(), expected, otherwise=damaged(path, expected)) if expected else pipe.chunks()
        stored = self._run(partial(destination.write, path, chunks, sha256=expected or None))
        await feed(request, pipe, stored)
        self._tell(path)
        return Response(b"{}", media_type="application/json")

    def _tell(self, path: str) -> None:
        """Tell whoever watches that a file was stored, when it lies where those of runs do."""
        parts = path.split("/")
        if len(parts) > 3 and parts[2] == "artifacts":
            self._tell_run(parts[1])

    def _tell_run(self, run_id: str) -> None:
        change = Change()
        change.runs.add(run_id)
        self._services.watchers.tell(change)

    async def _archive(self, request: Request, store: BlobStore, path: str, *, name: str) -> Response:
        """The answer that carries a folder; its size is not known before it is sent."""
        folder = checked_path(path) if path else ""
        if not await self._run(partial(store.list, folder)):
            raise ResourceDoesNotExist(f"There are no files in the folder {path!r}. Check the path.")
        title = safe_name(folder.rpartition("/")[2] or name)
        headers = {**_ISOLATED, "content-disposition": _attachment(f"{title}.zip"), "content-type": "application/zip"}
        if request.method == "HEAD":
            return Response(headers=headers)
        return StreamingResponse(self._services.transfers.iterate(zip_chunks(store, folder)), headers=headers)

    def _file(self, request: Request, blob: Blob, path: str, *, inline: bool = False) -> Response:
        """The answer that carries a file: whole, a range of it, or only that it has not changed."""
        etag = f'"{blob.etag}"'
        headers = {
            **_ISOLATED,
            "accept-ranges": "bytes",
            "etag": etag,
            "last-modified": formatdate(blob.modified, usegmt=True),
            "content-disposition": _attachment(path.rsplit("/", 1)[-1]),
        }
        kind = content_type(path)
        if inline and kind in _SHOWN:
            headers |= {"content-disposition": "inline", "content-security-policy": _SHOWN[kind]}
        if blob.sha256 is not None:
            headers["repr-digest"] = f"sha-256=:{b64encode(bytes.fromhex(blob.sha256)).decode()}:"
        if etag in [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]:
            blob.close()
            return Response(status_code=304, headers=headers)
        start, end, status = _wanted(request, blob.size, headers)
        if status == 416:
            blob.close()
            return Response(status_code=416, headers={"content-range": f"bytes */{blob.size}", "etag": etag})
        if status == 206:
            headers["content-range"] = f"bytes {start}-{end - 1}/{blob.size}"
        headers["content-length"] = str(end - start)
        headers["content-type"] = kind
        if request.method == "HEAD":
            blob.close()
            return Response(status_code=status, headers=headers)
        chunks = self._services.transfers.iterate(blob.chunks(start=start, end=end))
        return StreamingResponse(chunks, status_code=status, headers=headers)


def content_type(path: str) -> str:
    """The type under which a file is sent: text for what people read, never guessed from the content."""
    name = path.rsplit("/", 1)[-1]
    if name.rsplit(".", 1)[-1].lower() in _TEXT_SUFFIXES:
        return "text/plain; charset=utf-8"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _attachment(name: str) -> str:
    plain = name.isascii() and not any(sign in '"\\' for sign in name)
    return f'attachment; filename="{name}"' if plain else f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def _wanted(request: Request, size: int, headers: dict[str, str]) -> tuple[int, int, int]:
    """The first byte wanted, the one behind the last, and the status; several ranges at once count as none."""
    found = _ONE_RANGE.fullmatch(request.headers.get("range", "").replace(" ", "")[:100])
    condition = request.headers.get("if-range")
    if (
        not found
        or not any(found.groups())
        or (condition and condition not in (headers["etag"], headers["last-modified"]))
    ):
        return 0, size, 200
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= size or start >= end:
        return 0, 0, 416
    return start, end, 206


async def _small_body(request: Request) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in pieces_of(request):
        size += len(piece)
        if size > MOST_UPLOAD_BYTES:
            raise InvalidParameterValue(f"The file is larger than {MOST_UPLOAD_BYTES} bytes. Log it with a client.")
        pieces.append(piece)
    return b"".join(pieces)
