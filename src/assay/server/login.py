"""Logging in and out with a page: what a password is exchanged for is kept by the browser, out of reach of scripts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import JSONResponse, Response

from assay.core.errors import BadRequest, NotSupported
from assay.server.identity import session_secret
from assay.server.sessions import NewSession, end_session, take_cookie

if TYPE_CHECKING:
    from starlette.requests import Request

    from assay.server.identity import Identity
    from assay.server.services import Services

_MOST_BYTES = 8 << 10


class Credentials(msgspec.Struct):
    """What somebody logs in with."""

    username: str
    password: str


class Login:
    """Answers who logs in and out."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.context.store

    async def respond(self, request: Request) -> Response:
        """`POST` logs in, `DELETE` out."""
        return await (self._log_in(request) if request.method == "POST" else self._log_out(request))

    def _identity(self) -> Identity:
        if self._services.identity is None:
            raise NotSupported("This server has no users. Start it with --auth.")
        return self._services.identity

    async def _log_in(self, request: Request) -> Response:
        identity = self._identity()
        given = await _credentials(request)
        new = NewSession(identity, request)
        user = await self._services.reckoners.run(partial(identity.login, given.username, given.password, new.origin))
        await self._services.readers.run(
            partial(self._store.write, partial(new.keep, user=user, credential="password"))
        )
        return new.send(JSONResponse({"username": user.username, "is_admin": user.is_admin}))

    async def _log_out(self, request: Request) -> Response:
        identity = self._identity()
        secret = session_secret(dict(request.scope["headers"]))
        ended = partial(self._store.write, partial(end_session, secret=secret))
        if await self._services.readers.run(ended):
            identity.forget()
        return take_cookie(JSONResponse({}))


async def _credentials(request: Request) -> Credentials:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadRequest("Send name and password as application/json.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise BadRequest("The request is too large to hold a name and a password.")
    try:
        return msgspec.json.decode(body, type=Credentials)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest("Send the texts 'username' and 'password'.") from error
