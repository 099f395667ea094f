"""The ASGI app: host and origin first, then the table of operations, then everything else."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

from assay import __version__
from assay.core.errors import EndpointNotFound, NotSupported, TemporarilyUnavailable
from assay.server.access_log import AccessLog, Entry
from assay.server.api import Api
from assay.server.artifacts import ArtifactRoutes
from assay.server.config import ServerConfig
from assay.server.errors import RETRY_AFTER, MethodNotAllowed, error_answer, exception_of, may_retry
from assay.server.hosts import Guard, cors_headers, preflight_headers
from assay.server.pages import Pages
from assay.server.routes import ARTIFACT_PATHS, PREFIXES, Routes, is_absent
from assay.server.services import Services, open_context
from assay.wire.operations import TRANSFERS
from assay.wire.schema import openapi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping

    from assay.service.dispatch import Context

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

__all__ = ["App", "ServerConfig", "create_app"]

MLFLOW_VERSION = "3.17.2"
"""The version of MLflow's API that is spoken here, as `/version` tells clients."""

HeaderList = list[tuple[bytes, bytes]]
_SECURITY: HeaderList = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"vary", b"Origin"),
]
_JSON: HeaderList = [(b"content-type", b"application/json"), *_SECURITY]


def create_app(config: ServerConfig) -> App:
    """The ASGI app of a server; its store is opened here and closed when the app's lifespan ends.

    Raises:
        ConfigurationError: the store, the artifacts or an option is not usable; says which, and what to do.
        StoreVersionError: the store was written by a newer version of Assay.
    """
    guard = Guard(bound=config.host, allowed=config.allowed_hosts, origins=config.cors_allowed_origins)
    return App(config, open_context(config), guard)


class App:
    """One server: an ASGI callable."""

    def __init__(self, config: ServerConfig, context: Context, guard: Guard) -> None:
        self._config = config
        self._context = context
        self._guard = guard
        self._private = config.private
        self._operations = Routes()
        self._services: Services
        self._api: Api
        self._artifacts: ArtifactRoutes
        self._pages: Pages
        self._router: Router
        self._log: AccessLog | None = None

    def close_streams(self) -> None:
        """End the answers that would otherwise never end, so that the server can stop."""
        self._services.watchers.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the lifespan."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._live(receive, send)
            return
        begun = time.perf_counter()
        headers = dict(scope["headers"])
        answer = _Answer(send, self._cors(headers), self._private)
        error = await exception_of(self._answer(scope, headers, receive, answer))
        if error is not None:
            await answer.fail(error)
        if self._log is not None:
            client = scope["client"]
            name = client[0] if client else "-"
            took = time.perf_counter() - begun
            self._log.add(
                Entry(time.time(), name, scope["method"], scope["raw_path"], answer.status, took, answer.size)
            )

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, answer: _Answer) -> None:
        method, path = scope["method"], scope["raw_path"]
        if len(headers) != len(scope["headers"]) and sum(name == b"host" for name, _ in scope["headers"]) > 1:
            await answer.text(400, "The request names more than one host.")
            return
        refusal = self._guard.refusal(method, path, headers)
        if refusal is not None:
            await answer.text(refusal.status, refusal.reason)
            return
        if self._config.artifacts_only and not path.startswith(ARTIFACT_PATHS):
            raise TemporarilyUnavailable("This server runs with --artifacts-only: ask another one for all but files.")
        found = self._operations.find(path)
        if found is None:
            await self._router(scope, receive, answer)
            return
        methods, in_path = found
        operation = methods.get(method)
        if operation is not None and operation.request in TRANSFERS:
            response = await self._artifacts.respond(operation, Request(scope, receive), in_path)
            await response(scope, receive, answer)
        elif operation is not None:
            body, more = await self._api.answer(operation, scope, headers, receive, in_path=in_path)
            await answer.json(200, body, *more)
        elif method == "OPTIONS":
            await answer.options(methods)
        else:
            raise MethodNotAllowed(f"{path.decode()} answers {' and '.join(methods)}, not {method}.")

    async def _answer_rest(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What no route matched: parts of MLflow's API that are not here, pages, nonsense."""
        path: str = scope["path"]
        if is_absent(path):
            raise NotSupported(f"Assay does not implement {path[:200]!r}. It tracks experiments, runs and artifacts.")
        if path.startswith(PREFIXES) or scope["method"] not in ("GET", "HEAD"):
            raise EndpointNotFound(f"There is no endpoint {scope['method']} {path[:200]!r}. Check the address.")
        response = await self._pages.respond(Request(scope, receive))
        await response(scope, receive, send)

    def _cors(self, headers: Mapping[bytes, bytes]) -> HeaderList:
        origin = headers.get(b"origin")
        return cors_headers(origin) if origin is not None and self._guard.allows_origin(origin) else []

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._services.stop()
        if self._log is not None:
            self._log.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _start(self) -> None:
        services = self._services = Services(self._config, self._context)
        self._api = Api(services)
        self._artifacts = ArtifactRoutes(services)
        self._pages = Pages(services.readers)
        self._log = AccessLog(sys.stderr) if self._config.access_log else None
        routes = [
            Route("/health", _health, methods=["GET"]),
            Route("/version", _version, methods=["GET"]),
            Route("/api/assay/1/openapi.json", _openapi, methods=["GET"]),
            Route("/ajax-api/assay/1/events", services.watchers.respond, methods=["GET"]),
        ]
        self._router = Router(routes, redirect_slashes=False, default=self._answer_rest)


class _Answer:
    """Sends the answer of one request with the headers that every answer has, and notes what was sent."""

    __slots__ = ("_extra", "_private", "_send", "_started", "size", "status")

    def __init__(self, send: Send, extra: HeaderList, private: tuple[tuple[str, str], ...]) -> None:
        self._send = send
        self._extra = extra
        self._private = private
        self._started = False
        self.status = 0
        self.size = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        """The `send` of an ASGI app."""
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            given = list(message.get("headers", ()))
            names = {name for name, _ in given}
            message["headers"] = [*given, *(header for header in _SECURITY if header[0] not in names), *self._extra]
        else:
            self.size += len(message.get("body", b""))
        await self._send(message)

    async def json(self, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        """Send a JSON body."""
        self._started = True
        self.status = status
        self.size = len(body)
        length = (b"content-length", b"%d" % len(body))
        start = {
            "type": "http.response.start",
            "status": status,
            "headers": [*_JSON, length, *self._extra, *headers],
        }
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    async def text(self, status: int, text: str) -> None:
        """Send a line for people to read."""
        body = f"{text}\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})

    async def options(self, methods: Iterable[str]) -> None:
        """Answer an `OPTIONS` request: which methods there are, and what an allowed origin may send."""
        headers = [(b"allow", ", ".join((*methods, "OPTIONS")).encode())]
        if self._extra:
            headers += preflight_headers()
        await self({"type": "http.response.start", "status": 204, "headers": headers})
        await self({"type": "http.response.body", "body": b""})

    async def fail(self, error: Exception) -> None:
        """Send an error; when the answer has begun already, break it off, so that nobody takes it for whole."""
        if self._started:
            raise error
        status, body = error_answer(error, self._private)
        headers: HeaderList = []
        if may_retry(error):
            headers.append((b"retry-after", RETRY_AFTER))
        if status in (408, 413, 499):
            headers.append((b"connection", b"close"))
        await self.json(status, body, *headers)


async def _health(request: Request) -> Response:
    del request
    return PlainTextResponse("OK")


async def _openapi(request: Request) -> Response:
    del request
    return JSONResponse(openapi(version=__version__))


async def _version(request: Request) -> Response:
    del request
    return PlainTextResponse(MLFLOW_VERSION)
