"""A real server on a free port, in a thread: sockets, store and all."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from assay.server.app import create_app
from assay.server.config import ServerConfig
from assay.server.first_admin import ensure_first_admin
from assay.server.listening import Server, listen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_START_SECONDS = 30.0


class RunningServer:
    """A server that answers.

    Attributes:
        config: What it was started with.
        host: The address it listens on.
        port: The port it listens on.
    """

    def __init__(self, config: ServerConfig, port: int) -> None:
        self.config = config
        self.host = config.host
        self.port = port

    @property
    def url(self) -> str:
        """Its tracking URI."""
        return f"http{'' if self.config.tls is None else 's'}://{self.host}:{self.port}"


@contextmanager
def running_server(directory: Path, config: ServerConfig | None = None, *, port: int = 0) -> Iterator[RunningServer]:
    """Serve for the length of the block.

    Args:
        directory: Where store and artifacts go, unless `config` says otherwise.
        config: Options of the server; its port counts for nothing.
        port: Where it listens; any free port where none is named.

    Raises:
        ConfigurationError: the server cannot start.
    """
    config = config or ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
    )
    config = replace(config, port=port)
    ensure_first_admin(config)
    listener = listen(config.host, port)
    started = threading.Event()
    app = create_app(config)
    server = Server(app, on_start=started.set, on_stop=app.close_streams, tls=config.tls)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="assay-server", daemon=True)
    thread.start()
    try:
        if not started.wait(_START_SECONDS):
            raise TimeoutError(f"The server did not start within {_START_SECONDS:.0f} seconds.")
        yield RunningServer(config, listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=_START_SECONDS)
        listener.close()
