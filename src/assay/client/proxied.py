"""Artifacts through the tracking server: `mlflow-artifacts:`."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from assay.blobs.base import ARTIFACT_SCHEME
from assay.blobs.digests import verified
from assay.core import settings
from assay.core.errors import (
    BadRequest,
    EndpointNotFound,
    ResourceConflict,
    ResourceDoesNotExist,
    TemporarilyUnavailable,
)
from assay.core.http import Answer, Connections, Timeouts
from assay.wire.artifacts import FileInfo, ListArtifactsResponse
from assay.wire.codec import decode_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_PARTIAL = 206
_ONE_PACKET = 64 << 10
_ENDPOINT = "/api/2.0/mlflow-artifacts/artifacts"
_REPR_DIGEST = re.compile(r"\bsha-256=:([A-Za-z0-9+/]{43}=):")


class ProxiedBlob:
    """A file behind the server; its facts are asked for when they are wanted."""

    def __init__(self, connections: Connections, path: str) -> None:
        self._connections = connections
        self._path = path
        self._head: Answer | None = None
        self._tag: str | None = None

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return int(self._facts().headers.get("content-length", "0"))

    @property
    def modified(self) -> float:
        """Not told by the server in a form worth reading: 0."""
        return 0.0

    @property
    def etag(self) -> str:
        """A text that changes when the content does."""
        return self._validator().strip('"')

    @property
    def sha256(self) -> str | None:
        """The digest, where the server tells it."""
        return told_digest(self._facts().headers)

    @property
    def ranges(self) -> bool:
        """Whether the server gives parts of the file, and tells when it was replaced meanwhile."""
        return self._facts().headers.get("accept-ranges") == "bytes" and bool(self.etag)

    def chunks(self, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`.

        Raises:
            ResourceConflict: the file was replaced since its facts were asked for, or the server gives no parts.
            TemporarilyUnavailable: the whole came with another digest than the server tells.
        """
        whole = not start and end is None
        headers = {} if whole else {"Range": f"bytes={start}-{'' if end is None else end - 1}"}
        if not whole and self._head is not None:
            headers["If-Range"] = self._validator()
        with self._connections.incoming(self._path, headers=headers, timeouts=transfer_timeouts()) as answer:
            if not whole and answer.status != _PARTIAL:
                raise ResourceConflict(f"{self._path} was replaced while it was read. Read it again.")
            digest = told_digest(answer.headers) if whole else None
            yield from answer if digest is None else verified(answer, digest, otherwise=self._damaged)

    def close(self) -> None:
        """Nothing is open between requests."""

    def _damaged(self, sha256: str) -> TemporarilyUnavailable:
        return TemporarilyUnavailable(
            f"{self._path} was damaged on the way: it has the SHA-256 {sha256}. Fetch it again."
        )

    def _validator(self) -> str:
        """The entity tag as it is told with the bytes: MLflow's server tells another one in answer to HEAD."""
        if self._tag is None:
            facts = self._facts().headers
            self._tag = facts.get("etag", "")
            if self._tag and self.size and facts.get("accept-ranges") == "bytes" and told_digest(facts) is None:
                first = {"Range": "bytes=0-0"}
                with self._connections.incoming(self._path, headers=first, timeouts=transfer_timeouts()) as answer:
                    if answer.headers.get("content-range") != f"bytes 0-0/{self.size}":
                        raise ResourceConflict(f"{self._path} was replaced while it was read. Read it again.")
                    self._tag = answer.headers.get("etag", "")
        return self._tag

    def _facts(self) -> Answer:
        if self._head is None:
            try:
                self._head = self._connections.request("HEAD", self._path)
            except (EndpointNotFound, BadRequest) as error:  # such an answer has no body that says more
                raise ResourceDoesNotExist(f"There is no artifact file {self._path!r}. Check the path.") from error
        return self._head


class ProxiedBlobs:
    """The files below an `mlflow-artifacts:` URI."""

    def __init__(self, connections: Connections, root: str) -> None:
        self.connections = connections
        self._root = root.strip("/")

    def list(self, path: str = "") -> list[FileInfo]:
        """One directory level, sorted by path, with paths from the root."""
        query = urlencode({"path": self.full_path(path)})
        answer = self.connections.request("GET", f"{_ENDPOINT}?{query}")
        found = decode_answer(answer.body, ListArtifactsResponse).files
        for file in found:
            file.path = f"{path}/{file.path}" if path else file.path
        return sorted(found, key=lambda file: file.path)

    def open(self, path: str) -> ProxiedBlob:
        """A file for reading; that it is missing shows when it is read."""
        return ProxiedBlob(self.connections, self._address(path))

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> int:
        """Store a small file, held in memory; files on disk are sent by `send`."""
        del sha256
        data = b"".join(chunks)
        self.connections.request("PUT", self._address(path), body=data)
        return len(data)

    def send(self, path: str, source: Path, *, sha256: str, timeouts: Timeouts | None = None) -> None:
        """Store a file of this machine, streamed; the server checks what arrived against `sha256`.

        Raises:
            ServerUnreachable: the server does not answer, or stopped doing so.
            AssayError: the server refused it.
        """
        with source.open("rb") as file:
            headers = {"X-Assay-SHA256": sha256, "Content-Type": "application/octet-stream"}
            size = os.fstat(file.fileno()).st_size
            body = file.read() if size <= _ONE_PACKET else file  # head and body leave together
            self.connections.request("PUT", self._address(path), body=body, headers=headers, timeouts=timeouts)

    def delete(self, path: str) -> None:
        """Delete a file or directory."""
        self.connections.request("DELETE", self._address(path))

    def full_path(self, path: str) -> str:
        """The path as the server sees it."""
        return f"{self._root}/{path}".strip("/")

    def _address(self, path: str) -> str:
        return f"{_ENDPOINT}/{quote(self.full_path(path))}"


def transfer_timeouts() -> Timeouts:
    """How long to wait while bytes move."""
    return Timeouts.within(settings.artifact_timeout.get())


def told_digest(headers: Mapping[str, str]) -> str | None:
    """The hexadecimal SHA-256 of a whole file, from the `Repr-Digest` header (RFC 9530)."""
    found = _REPR_DIGEST.search(headers.get("repr-digest", ""))
    return b64decode(found[1]).hex() if found else None


def proxied_blobs(connections: Connections, artifact_uri: str) -> ProxiedBlobs | None:
    """The files below an `mlflow-artifacts:` URI, at the server it names or else at this one; None for other URIs.

    Whoever registers a model chooses its URI. So the credentials of the tracking server go to no other machine; one
    that wants some is given them in the URI.
    """
    if not artifact_uri.startswith(f"{ARTIFACT_SCHEME}:"):
        return None
    parts = urlsplit(artifact_uri)
    if parts.netloc:
        own = urlsplit(connections.base_url)
        known = connections.credentials if parts.hostname == own.hostname else _no_credentials
        connections = Connections(f"{own.scheme}://{parts.netloc}", credentials=known)
    return ProxiedBlobs(connections, parts.path)


def _no_credentials() -> None:
    return None
