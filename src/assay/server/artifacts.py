"""Artifact bytes in and out: streamed in constant memory, uploads whole or absent, downloads in ranges."""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, TemporarilyUnavailable
from assay.server.bodies import Pipe, feed, pieces_of, told_digest, verified
from assay.server.changes import Change
from assay.server.routes import PREFIXES
from assay.service.artifacts import blobs_of_run
from assay.wire.artifacts import FileInfo, ListArtifactsResponse
from assay.wire.codec import encode, missing_parameter

if TYPE_CHECKING:
    from starlette.requests import Request

    from assay.blobs.base import Blob, BlobStore
    from assay.server.services import Services

MOST_UPLOAD_BYTES = 10 << 20
"""Largest body of `upload-artifact`, which a page sends; the proxy has no limit."""
_PROXY = "2.0/mlflow-artifacts/artifacts"
_TEXT_SUFFIXES = frozenset(
    "txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb "
    "mlmodel mlproject".split()
)
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_ISOLATED = {
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}


class ArtifactRoutes:
    """The endpoints that carry artifact bytes."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._run = services.transfers.run

    def routes(self) -> list[Route]:
        """Starlette routes of all of them."""
        routes = [
            Route("/get-artifact", self.get_run_artifact, methods=["GET"]),
            Route("/ajax-api/2.0/mlflow/upload-artifact", self.upload_run_artifact, methods=["POST"]),
        ]
        for prefix in PREFIXES:
            root = f"{prefix}{_PROXY}"
            routes += [
                Route(root, self.list_files, methods=["GET"]),
                Route(f"{root}/{{path:path}}", self.download, methods=["GET"]),
                Route(f"{root}/{{path:path}}", self.upload, methods=["PUT"]),
                Route(f"{root}/{{path:path}}", self.delete, methods=["DELETE"]),
            ]
        return routes

    async def get_run_artifact(self, request: Request) -> Response:
        """`GET /get-artifact`: a file of a run."""
        run_id = request.query_params.get("run_id") or request.query_params.get("run_uuid") or ""
        path = checked_path(_parameter(request, "path"))
        if not run_id:
            raise missing_parameter("run_id")
        blob = await self._run(lambda: blobs_of_run(self._services.context, run_id).open(path))
        return self._file(request, blob, path)

    async def upload_run_artifact(self, request: Request) -> Response:
        """`POST upload-artifact`: a small file for a run, sent by a page."""
        run_id, path = _parameter(request, "run_uuid"), checked_path(_parameter(request, "path"))
        body = await _small_body(request)
        if not body:
            raise InvalidParameterValue("The request has no body. Send the bytes of the file.")
        await self._run(lambda: blobs_of_run(self._services.context, run_id).write(path, [body]))
        self._tell_run(run_id)
        return Response()

    async def list_files(self, request: Request) -> Response:
        """One directory level of the proxied artifacts, by name."""
        given = request.query_params.get("path", "")
        path = checked_path(given) if given else ""
        files = await self._run(partial(self._destination().list, path))
        cut = len(path) + 1 if path else 0
        listed = [FileInfo(path=file.path[cut:], is_dir=file.is_dir, file_size=file.file_size) for file in files]
        return Response(encode(ListArtifactsResponse(files=listed)), media_type="application/json")

    async def download(self, request: Request) -> Response:
        """A proxied file, or a range of it."""
        path = checked_path(request.path_params["path"])
        blob = await self._run(partial(self._destination().open, path))
        return self._file(request, blob, path)

    async def upload(self, request: Request) -> Response:
        """Store a proxied file. `X-Assay-SHA256`, when given, must be the SHA-256 of the body."""
        path = checked_path(request.path_params["path"])
        expected = told_digest(request)
        destination = self._destination()
        pipe = Pipe()
        chunks = verified(pipe.chunks(), expected, path) if expected else pipe.chunks()
        stored = self._run(partial(destination.write, path, chunks, sha256=expected or None))
        await feed(request, pipe, stored)
        parts = path.split("/")
        if len(parts) > 3 and parts[2] == "artifacts":
            self._tell_run(parts[1])
        return Response(b"{}", media_type="application/json")

    async def delete(self, request: Request) -> Response:
        """Delete a proxied file or directory; a missing one is accepted."""
        path = checked_path(request.path_params["path"])
        await self._run(partial(self._destination().delete, path))
        return Response(b"{}", media_type="application/json")

    def _destination(self) -> BlobStore:
        destination = self._services.context.destination
        if destination is None:
            raise TemporarilyUnavailable("This server runs with --no-serve-artifacts: reach the artifacts directly.")
        return destination

    def _tell_run(self, run_id: str) -> None:
        change = Change()
        change.runs.add(run_id)
        self._services.watchers.tell(change)

    def _file(self, request: Request, blob: Blob, path: str) -> Response:
        """The answer that carries a file: whole, a range of it, or only that it has not changed."""
        etag = f'"{blob.etag}"'
        headers = {
            **_ISOLATED,
            "accept-ranges": "bytes",
            "etag": etag,
            "last-modified": formatdate(blob.modified, usegmt=True),
            "content-disposition": _attachment(path.rsplit("/", 1)[-1]),
        }
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
        headers["content-type"] = content_type(path)
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


def _parameter(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if not value:
        raise missing_parameter(name)
    return value


async def _small_body(request: Request) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in pieces_of(request):
        size += len(piece)
        if size > MOST_UPLOAD_BYTES:
            raise InvalidParameterValue(f"The file is larger than {MOST_UPLOAD_BYTES} bytes. Log it with a client.")
        pieces.append(piece)
    return b"".join(pieces)
