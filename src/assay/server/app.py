"""The ASGI app: host and origin first, then the table of operations, then everything else."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

from assay import __version__
from assay.core.errors import EndpointNotFound, NotSupported, PermissionDenied, TemporarilyUnavailable
from assay.server.access_log import AccessLog, entry_of
from assay.server.answers import Answer, HeaderList
from assay.server.api import Api
from assay.server.artifacts import ArtifactRoutes
from assay.server.config import ServerConfig
from assay.server.errors import MethodNotAllowed, exception_of
from assay.server.hosts import Guard, cors_headers, repeated
from assay.server.login import Login
from assay.server.oidc_login import OidcLogin
from assay.server.pages import Pages
from assay.server.routes import (
    ARTIFACT_PATHS,
    BESIDE,
    EVENTS,
    OIDC,
    OIDC_CALLBACK,
    OPENAPI,
    PREFIXES,
    SESSION,
    Routes,
    is_absent,
)
from assay.server.services import Services, open_context
from assay.wire.operations import TRANSFERS
from assay.wire.schema import openapi
from assay.wire.server import MLFLOW_VERSION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    from assay.service.access import Caller
    from assay.service.dispatch import Context
    from assay.wire.base import Operation

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_STRICT = (b"strict-transport-security", b"max-age=31536000")
_SINGLE = frozenset((b"host", b"authorization"))
_OPEN = frozenset(path.encode() for path, beside in BESIDE.items() if beside.is_open)
_PRIVATE = (*(prefix.encode() for prefix in PREFIXES), b"/get-artifact", b"/model-versions/get-artifact")

__all__ = ["App", "ServerConfig", "create_app"]


def create_app(config: ServerConfig) -> App:
    """The ASGI app of a server; its store is opened here and closed when the app's lifespan ends.

    Raises:
        ConfigurationError: the store, the artifacts or an option is not usable; says which, and what to do.
        StoreVersionError: the store was written by a newer version of Assay.
    """
    guard = Guard(
        bound=config.host,
        allowed=config.hosts,
        origins=config.cors_allowed_origins,
        trusts_neighbours=config.auth is None,
    )
    return App(config, open_context(config), guard)


class App:
    """One server: an ASGI callable."""

    def __init__(self, config: ServerConfig, context: Context, guard: Guard) -> None:
        self._config = config
        self._context = context
        self._guard = guard
        self._private = config.private
        self._always: HeaderList = [] if config.tls is None else [_STRICT]
        self._single = _SINGLE if config.auth is None else _SINGLE | config.auth.proxies.headers
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
        extra = [*self._cors(headers), *self._always]
        answer = Answer(send, extra, self._private, for_page=b"sec-fetch-site" in headers)
        error = await exception_of(self._answer(scope, headers, receive, answer))
        if error is not None:
            if isinstance(error, PermissionDenied):
                self._services.remember_refusal(scope.get("state", {}), error)
            await answer.fail(error)
        if self._log is not None:
            self._log.add(entry_of(scope, answer, begun))

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, answer: Answer) -> None:
        method, path = scope["method"], scope["raw_path"]
        twice = repeated(scope["headers"], headers, self._single)
        if twice is not None:
            await answer.text(400, f"The request has the header {twice.decode('latin-1')} more than once.")
            return
        refusal = self._guard.refusal(method, path, headers)
        if refusal is not None:
            await answer.text(refusal.status, refusal.reason)
            return
        if self._config.artifacts_only and not path.startswith(ARTIFACT_PATHS):
            raise TemporarilyUnavailable("This server runs with --artifacts-only: ask another one for all but files.")
        found = self._operations.find(path)
        methods, in_path = found or ({}, {})
        operation = methods.get(method)
        caller = None
        if self._services.identity is not None and not _is_public(method, path, operation):
            caller = await self._services.who(headers, scope, request_id=answer.request_id)
        scope["state"] = {"caller": caller, "operation": operation, "request_id": answer.request_id}
        if found is None:  # where it leads is decided by the same letters as whether it is public: those on the wire
            await self._router({**scope, "path": path.decode("ascii")}, receive, answer)
        elif operation is not None and operation.request in TRANSFERS:
            context = self._services.context_for(caller)
            response = await self._artifacts.respond(operation, Request(scope, receive), in_path, context)
            await response(scope, receive, answer)
        elif operation is not None:
            context = self._services.context_for(caller)
            body, more = await self._api.answer(operation, scope, headers, receive, in_path=in_path, context=context)
            self._services.forget_callers(operation)
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

    async def _events(self, request: Request) -> Response:
        scope = request.scope
        caller: Caller | None = request.state.caller
        seen = self._services.seen_by(caller, dict(scope["headers"]), scope)
        is_admin = caller is not None and caller.is_admin
        return await self._services.watchers.respond(seen, is_admin=is_admin)

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
        self._router = Router(self._routes(services), redirect_slashes=False, default=self._answer_rest)

    def _routes(self, services: Services) -> list[Route]:
        oidc = OidcLogin(services)
        endpoints = {
            "/health": _health,
            "/version": _version,
            OPENAPI: _openapi,
            EVENTS: self._events,
            SESSION: Login(services).respond,
            OIDC: oidc.begin,
            OIDC_CALLBACK: oidc.complete,
        }
        return [Route(path, endpoint, methods=BESIDE[path].methods) for path, endpoint in endpoints.items()]


def _is_public(method: str, path: bytes, operation: Operation | None) -> bool:
    """What everybody is answered: whether the server is there, how to speak to it, and the pages without their data."""
    if operation is not None:
        return operation.access == "open"
    if path in _OPEN or method == "OPTIONS":  # browsers ask without credentials whether they may send them
        return True
    return method in ("GET", "HEAD") and not path.startswith(_PRIVATE) and b"//" not in path


async def _health(request: Request) -> Response:
    del request
    return PlainTextResponse("OK")


async def _openapi(request: Request) -> Response:
    del request
    return JSONResponse(openapi(version=__version__))


async def _version(request: Request) -> Response:
    del request
    return PlainTextResponse(MLFLOW_VERSION)
