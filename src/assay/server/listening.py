"""A socket that listens, and uvicorn on it with our settings."""

from __future__ import annotations

import asyncio
import errno
import gc
import importlib.util
import os
import socket
from typing import TYPE_CHECKING, Any, cast

import uvicorn

from assay.core.errors import ConfigurationError
from assay.server.protocol import HttpProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.server.tls import Tls

_BACKLOG = 2048
_KEEP_ALIVE_SECONDS = 75
STOP_SECONDS = 10


def collect_rarely() -> None:
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

    def __init__(
        self,
        app: Any,
        *,
        on_start: Callable[[], None],
        on_stop: Callable[[], None] | None = None,
        lifeline: int | None = None,
        stop_seconds: int = STOP_SECONDS,
        tls: Tls | None = None,
    ) -> None:
        """A server of an ASGI app.

        `on_stop` ends the answers that would otherwise never end; what is under way then has `stop_seconds`. `lifeline`
        is a descriptor that becomes readable when the server is to stop. With `tls` it speaks HTTPS.
        """
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
                timeout_graceful_shutdown=stop_seconds,
                ssl_certfile=None if tls is None else tls.certificate,
                ssl_keyfile=None if tls is None else tls.key,
            )
        )
        self._on_start = on_start
        self._on_stop = on_stop
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
        if self._on_stop is not None:
            self._on_stop()
        await super().shutdown(sockets)


def address_of(host: str, listener: socket.socket, *, secure: bool = False) -> str:
    """The address under which a server that was told to listen on `host` answers."""
    return f"http{'s' if secure else ''}://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
