"""Run a server in this process until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import importlib.util
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import uvicorn

from assay import __version__
from assay.core import uri
from assay.core.errors import ConfigurationError
from assay.server.app import App, create_app
from assay.server.protocol import HttpProtocol
from assay.server.supervisor import Supervisor, Worker
from assay.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.server.config import ServerConfig

_BACKLOG = 2048
_KEEP_ALIVE_SECONDS = 75
_STOP_SECONDS = 10


def serve(config: ServerConfig) -> None:
    """Serve until SIGINT or SIGTERM; then finish the requests under way, close the store and return.

    Raises:
        ConfigurationError: the address, the store or an option is not usable; says which, and what to do.
    """
    listener = listen(config.host, config.port)
    try:
        if config.workers > 1:
            _serve_with_workers(config, listener)
            return
        server = Server(create_app(config), on_start=lambda: _announce(config, listener))
        _collect_rarely()
        server.run(sockets=[listener])
    finally:
        listener.close()


def _serve_with_workers(config: ServerConfig, listener: socket.socket) -> None:
    """Serve from several processes; the first of them looks after journals and webhooks."""

    def work(worker: Worker) -> None:
        first = worker.place == 0
        app = create_app(replace(config, scan_journals=first, send_webhooks=first))
        Server(app, on_start=worker.tell_ready, lifeline=worker.lifeline).run(sockets=[listener])

    supervisor = Supervisor(config.workers, work)
    open_store(config.backend_store_uri, artifact_root=config.artifact_root).close()  # once for all, and seen by all
    _collect_rarely()
    supervisor.run(on_ready=lambda: _announce(config, listener))


def _collect_rarely() -> None:
    """Look for garbage cycles less often: requests make many objects that no cycle holds, and what is loaded stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; connections wait until a server starts on it.

    Raises:
        ConfigurationError: the address is not this machine's, or the port is taken or not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError, OverflowError) as error:
        raise ConfigurationError(f"Cannot listen on host {host!r}: it is not an address of this machine.") from error
    family, _, _, _, address = found[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)  # only this tells a port that another program listens on
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigurationError(_why_not(host, port, error)) from error
    return listener


def _why_not(host: str, port: int, error: OSError | OverflowError) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use. Choose another with --port, or stop the program that uses it."
    if code == errno.EACCES:
        return f"Port {port} of {host} is not open to this user. Choose a port from 1024 on with --port."
    if isinstance(error, OverflowError):
        return f"Port {port} does not exist. Choose one from 1024 to 65535 with --port."
    return f"Cannot listen on {host} port {port}: {error.strerror}. Choose an address of this machine with --host."


class Server(uvicorn.Server):
    """Uvicorn with our settings; says when it has started, and ends endless answers when it stops."""

    def __init__(self, app: App, *, on_start: Callable[[], None], lifeline: int | None = None) -> None:
        """`lifeline` is a descriptor that becomes readable when the server is to stop."""
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop" if importlib.util.find_spec("uvloop") else "asyncio",
                http=HttpProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                backlog=_BACKLOG,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )
        self._assay = app
        self._on_start = on_start
        self._lifeline = lifeline

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen."""
        await super().startup(sockets)
        if self.started:
            if self._lifeline is not None:
                asyncio.get_running_loop().add_reader(self._lifeline, self._lose)
            self._on_start()

    def _lose(self) -> None:
        asyncio.get_running_loop().remove_reader(cast("int", self._lifeline))
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, and finish what is under way."""
        self._assay.close_streams()
        await super().shutdown(sockets)


def _announce(config: ServerConfig, listener: socket.socket) -> None:
    host = f"[{config.host}]" if ":" in config.host else config.host
    address = f"http://{host}:{listener.getsockname()[1]}"
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
