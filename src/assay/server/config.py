"""What a server is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assay.blobs.base import ARTIFACT_SCHEME
from assay.core import uri
from assay.core.egress import Egress
from assay.service.spooled import DIRECTORY

if TYPE_CHECKING:
    from pathlib import Path

    from assay.server.auth import Auth
    from assay.server.tls import Tls


@dataclass(frozen=True)
class ServerConfig:
    """Where a server keeps things, where it listens, and whom it answers.

    Attributes:
        backend_store_uri: The store: a directory, or `sqlite:///file.db`.
        artifacts_destination: Where artifacts are kept that go through the server.
        default_artifact_root: Where clients find the artifacts of new experiments; None decides by `serve_artifacts`.
        serve_artifacts: Whether artifacts go through the server.
        artifacts_only: Whether it answers nothing but what concerns the artifacts that go through it.
        allowed_artifact_roots: Places that it opens with its own rights where experiments have their artifacts there.
        allowed_hosts: Host names under which browsers may reach it, besides this machine's own; `*` allows any.
        cors_allowed_origins: Origins whose pages may call the API, besides the server's own.
        public_url: Under which browsers reach it, where that is known; its host is answered.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        max_body_bytes: Largest request body in bytes, artifacts excepted.
        access_log: Whether each request is logged on stderr.
        workers: How many processes answer; each has its own threads and connections.
        scan_journals: Whether this process applies the journals beside a local store.
        send_webhooks: Whether this process sends what waits for webhooks.
        egress: What webhooks may be sent to.
        tls: The certificate with which it speaks HTTPS; None for HTTP.
        auth: Users and what they may do; None for a server that has none, and does what anybody asks.
    """

    backend_store_uri: str = f"./{uri.LOCAL_DIRECTORY}"
    artifacts_destination: str = "./mlartifacts"
    default_artifact_root: str | None = None
    serve_artifacts: bool = True
    artifacts_only: bool = False
    allowed_artifact_roots: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    public_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 5000
    max_body_bytes: int = 64 << 20
    access_log: bool = True
    workers: int = 1
    scan_journals: bool = True
    send_webhooks: bool = True
    egress: Egress = field(default_factory=Egress)
    auth: Auth | None = None
    tls: Tls | None = None

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
    def hosts(self) -> tuple[str, ...]:
        """The hosts under which it is reached, besides this machine's own."""
        public = () if self.public_url is None else (urlsplit(self.public_url).netloc,)
        return (*self.allowed_hosts, *public)

    @property
    def reach(self) -> tuple[str, ...]:
        """The places that the server opens when a stored URI names them.

        Paths of this disk are stored only by processes of this machine, and only in a store that is local; any path is
        theirs to name.
        """
        local = ("/",) if uri.store_directory(self.backend_store_uri) is not None else ()
        return (self.artifact_root, *self.allowed_artifact_roots, *local)

    @property
    def private(self) -> tuple[tuple[str, str], ...]:
        """How errors name the places of this server that are its operator's business, and what clients read instead."""
        found: list[tuple[str, str]] = []
        for location, name in ((self.artifacts_destination, "<artifacts>"), (self.backend_store_uri, "<store>")):
            directory = uri.store_directory(location)
            if directory is None:
                parts = urlsplit(location)
                host = parts.netloc.rpartition("@")[2]
                found += [(uri.redact(location), name), (f"{parts.scheme}://{host}", name)]
                if name == "<store>" and "." in host:  # as the drivers of databases name it
                    found += [(host, name), (host.partition(":")[0], name)]
            elif len(directory.parts) > 1:
                found.append((str(directory), name))
        return tuple(found)

    @property
    def journal_directory(self) -> Path | None:
        """Where this process looks for journals; None when the store is not local, or another process looks there."""
        directory = uri.store_directory(self.backend_store_uri) if self.scan_journals else None
        return None if directory is None else directory / DIRECTORY

    @property
    def is_local(self) -> bool:
        """Whether the store is on this machine, and can be asked without waiting for a network."""
        return uri.store_directory(self.backend_store_uri) is not None
