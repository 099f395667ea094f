"""Run the server of a model in this process until it is told to stop."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from assay import __version__
from assay.server.listening import Server, address_of, collect_rarely, listen
from assay.server.supervisor import Supervisor, Worker
from assay.serving import scorer
from assay.serving.app import INVOCATIONS, App

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from assay.serving.config import ServingConfig

LOAD_SECONDS = 600.0
"""How long models may take to load in several processes."""


def serve(config: ServingConfig) -> None:
    """Load a model and serve it until SIGINT or SIGTERM; then finish the requests under way and return.

    Raises:
        AssayError: the model cannot be loaded, or may not be; says why. Nothing has listened then.
        ConfigurationError: the address or an option is not usable, or a library is missing; says what to do.
    """
    if config.workers > 1:
        _serve_with_workers(config)
        return
    loaded = scorer.load(config.model_uri)
    listener = listen(config.host, config.port)
    try:
        collect_rarely()
        _run(config, loaded, listener, on_start=lambda: _announce(config, listener))
    finally:
        listener.close()


def _serve_with_workers(config: ServingConfig) -> None:
    """Serve from several processes, each of which loads the model: libraries of models do not bear a fork."""
    listener = listen(config.host, config.port)

    def work(worker: Worker) -> None:
        loaded = scorer.load(config.model_uri)
        collect_rarely()
        _run(config, loaded, listener, on_start=worker.tell_ready, lifeline=worker.lifeline)

    try:
        supervisor = Supervisor(config.workers, work, ready_seconds=LOAD_SECONDS, stop_seconds=config.timeout + 10)
        supervisor.run(on_ready=lambda: _announce(config, listener))
    finally:
        listener.close()


def _run(
    config: ServingConfig,
    loaded: scorer.Scorer,
    listener: socket.socket,
    *,
    on_start: Callable[[], None],
    lifeline: int | None = None,
) -> None:
    app = App(config, loaded)
    Server(app, on_start=on_start, lifeline=lifeline, stop_seconds=config.timeout).run(sockets=[listener])


def _announce(config: ServingConfig, listener: socket.socket) -> None:
    address = address_of(config.host, listener)
    sys.stderr.write(f"Assay {__version__} at {address} · model {config.model_uri} · POST {INVOCATIONS.decode()}\n")
    sys.stderr.flush()
