"""What a server is told at its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.blobs.base import ARTIFACT_SCHEME
from assay.core import uri
from assay.service.spooled import DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ServerConfig:
    """Where a server keeps things, where it listens, and whom it answers.

    Attributes:
        backend_store_uri: The store: a directory, or `sqlite:///file.db`.
        artifacts_destination: Where artifacts are kept that go through the server.
        default_artifact_root: Where clients find the artifacts of new experiments; None decides by `serve_artifacts`.
        serve_artifacts: Whether artifacts go through the server.
        allowed_hosts: Host names under which browsers may reach it, besides this machine's own; `*` allows any.
        cors_allowed_origins: Origins whose pages may call the API, besides the server's own.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        max_body_bytes: Largest request body in bytes, artifacts excepted.
        access_log: Whether each request is logged on stderr.
    """

    backend_store_uri: str = f"./{uri.LOCAL_DIRECTORY}"
    artifacts_destination: str = "./mlartifacts"
    default_artifact_root: str | None = None
    serve_artifacts: bool = True
    allowed_hosts: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 5000
    max_body_bytes: int = 64 << 20
    access_log: bool = True

    @property
    def artifact_root(self) -> str:
        """Where the artifacts of new experiments go, as their clients see it."""
        if self.default_artifact_root:
            return self.default_artifact_root
        directory = uri.store_directory(self.backend_store_uri)
        if self.serve_artifacts or directory is None:
            return f"{ARTIFACT_SCHEME}:/"
        return str(directory)

    @property
    def journal_directory(self) -> Path | None:
        """Where processes of this machine leave journals for the store; None when the store is not local."""
        directory = uri.store_directory(self.backend_store_uri)
        return None if directory is None else directory / DIRECTORY
