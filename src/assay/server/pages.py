"""The web UI: hashed files for ever, the page itself always fresh, one page for every address of the app."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response

from assay.core.errors import EndpointNotFound

if TYPE_CHECKING:
    from starlette.requests import Request

    from assay.server.handover import Workers

STATIC = Path(__file__).parent / "static"
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_HASHED = re.compile(r"assets/.*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+")
_NOT_PAGES = ("/api/", "/ajax-api/", "/static-files/", "/assets/")
_UNBUILT = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Assay</title></head>
<body><h1>Assay is running</h1>
<p>This checkout has no built web pages yet. Run <code>make ui</code> and reload. The API works without them.</p>
</body></html>
"""


class _File(NamedTuple):
    path: Path
    encodings: dict[str, Path]


class Pages:
    """Serves the files below `root` as they were when the server started."""

    def __init__(self, workers: Workers, *, root: Path = STATIC) -> None:
        self._run = workers.run
        self._files = _find(root)

    async def respond(self, request: Request) -> Response:
        """A file of the UI, or its page for any other address that a browser opens.

        Raises:
            EndpointNotFound: it is neither.
        """
        name = request.scope["path"].lstrip("/").removeprefix("static-files/")
        file = self._files.get(name or "index.html")
        if file is None:
            if request.scope["path"].startswith(_NOT_PAGES) or "text/html" not in request.headers.get("accept", ""):
                raise EndpointNotFound(f"There is nothing at {request.scope['path'][:200]!r}.")
            file = self._files.get("index.html")
        if file is None:
            return Response(_UNBUILT, media_type="text/html", headers={"content-security-policy": CONTENT_POLICY})
        return await self._file(request, file)

    async def _file(self, request: Request, file: _File) -> Response:
        accepted = request.headers.get("accept-encoding", "")
        encoding = next((one for one, _ in _ENCODINGS if one in file.encodings and one in accepted), "")
        body = await self._run(file.encodings.get(encoding, file.path).read_bytes)
        etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        hashed = _HASHED.fullmatch("/".join(file.path.parts[-2:]))
        headers = {
            "etag": etag,
            "vary": "Accept-Encoding, Origin",
            "cache-control": "public, max-age=31536000, immutable" if hashed else "no-cache",
        }
        if encoding:
            headers["content-encoding"] = encoding
        media_type = mimetypes.guess_type(file.path.name)[0] or "application/octet-stream"
        if media_type == "text/html":
            headers["content-security-policy"] = CONTENT_POLICY
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media_type, headers=headers)


def _find(root: Path) -> dict[str, _File]:
    suffixes = tuple(suffix for _, suffix in _ENCODINGS)
    files: dict[str, _File] = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.name.endswith(suffixes):
            compressed = {encoding: path.with_name(path.name + suffix) for encoding, suffix in _ENCODINGS}
            present = {encoding: other for encoding, other in compressed.items() if other.is_file()}
            files[path.relative_to(root).as_posix()] = _File(path, present)
    return files
