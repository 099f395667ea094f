"""Run a server in this process until it is told to stop."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assay import __version__
from assay.core import uri
from assay.server.app import create_app
from assay.server.first_admin import ensure_first_admin
from assay.server.listening import Server, address_of, collect_rarely, listen
from assay.server.private_files import keep_private
from assay.server.supervisor import Supervisor, Worker
from assay.store.open import open_store

if TYPE_CHECKING:
    import socket

    from assay.server.config import ServerConfig


def serve(config: ServerConfig) -> None:
    """Serve until SIGINT or SIGTERM; then finish the requests under way, close the store and return.

    Raises:
        ConfigurationError: the address, the store or an option is not usable; says which, and what to do.
    """
    keep_private(config)
    ensure_first_admin(config)
    listener = listen(config.host, config.port)
    try:
        if config.workers > 1:
            _serve_with_workers(config, listener)
            return
        app = create_app(config)
        server = Server(app, on_start=lambda: _announce(config, listener), on_stop=app.close_streams, tls=config.tls)
        collect_rarely()
        server.run(sockets=[listener])
    finally:
        listener.close()


def _serve_with_workers(config: ServerConfig, listener: socket.socket) -> None:
    """Serve from several processes; the first of them looks after journals and webhooks."""

    def work(worker: Worker) -> None:
        first = worker.place == 0
        app = create_app(replace(config, scan_journals=first, send_webhooks=first))
        server = Server(
            app, on_start=worker.tell_ready, on_stop=app.close_streams, lifeline=worker.lifeline, tls=config.tls
        )
        server.run(sockets=[listener])

    supervisor = Supervisor(config.workers, work)
    open_store(config.backend_store_uri, artifact_root=config.artifact_root).close()  # once for all, and seen by all
    collect_rarely()
    supervisor.run(on_ready=lambda: _announce(config, listener))


def _announce(config: ServerConfig, listener: socket.socket) -> None:
    address = address_of(config.host, listener, secure=config.tls is not None)
    store = uri.redact(config.backend_store_uri)
    if uri.scheme(store) in ("", "file", "sqlite"):
        store = _short(uri.database_file(config.backend_store_uri))
    artifacts = uri.redact(config.artifacts_destination) if config.serve_artifacts else "not served"
    sys.stderr.write(f"Assay {__version__} at {address} · store {store} · artifacts {artifacts}\n")
    sys.stderr.flush()


def _short(path: Path) -> str:
    try:
        return f"./{path.relative_to(Path.cwd())}"
    except ValueError:
        return str(path)
