"""Logging in and out with a page: what a password is exchanged for is kept by the browser, out of reach of scripts."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import JSONResponse, Response

from assay.core import clock
from assay.core.errors import BadRequest, NotSupported
from assay.server.identity import COOKIE, SAFE_COOKIE, SESSION_IDLE_MS, session_secret
from assay.service import tokens
from assay.service.access import Caller
from assay.service.audit_events import event
from assay.service.logins import ACTION as LOGGED_IN
from assay.store.credentials import LoginSession

if TYPE_CHECKING:
    from starlette.requests import Request

    from assay.server.identity import Identity, Origin
    from assay.server.services import Services
    from assay.store.audit import Event
    from assay.store.base import Session
    from assay.store.users import User

SESSION_MS = 7 * 86_400_000
_MOST_BYTES = 8 << 10
_LONGEST = 250


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
        headers = dict(request.scope["headers"])
        peer = request.client.host if request.client else ""
        origin = identity.origin(headers, peer=peer, request_id=request.state.request_id)
        run = self._services.readers.run
        user = await run(partial(identity.login, given.username, given.password, origin))
        secret, now = secrets.token_urlsafe(32), clock.now_ms()
        kept = LoginSession(
            session_hash=tokens.digest(secret),
            session_id=secrets.token_hex(8),
            user_no=user.number,
            address=origin.address[:_LONGEST],
            agent=request.headers.get("user-agent", "")[:_LONGEST],
            creation_time=now,
            expiry_time=now + SESSION_MS,
            last_used=now,
        )
        before = session_secret(headers)

        def exchange(session: Session) -> None:
            session.login_sessions.delete_expired(now=now, idle_since=now - SESSION_IDLE_MS)
            _end(session, before)
            session.login_sessions.create(kept)
            session.audit.add(_event(user, origin, LOGGED_IN))

        await run(partial(self._store.write, exchange))
        answer = JSONResponse({"username": user.username, "is_admin": user.is_admin})
        secure = identity.is_secure(headers, peer=peer, scheme=request.url.scheme)
        _set(answer, secret, secure=secure, seconds=SESSION_MS // 1000)
        return answer

    async def _log_out(self, request: Request) -> Response:
        identity = self._identity()
        secret = session_secret(dict(request.scope["headers"]))
        await self._services.readers.run(partial(self._store.write, lambda session: _end(session, secret)))
        identity.forget()
        answer = JSONResponse({})
        for secure in (False, True):
            _set(answer, "", secure=secure, seconds=0)
        return answer


def _event(user: User, origin: Origin, action: str) -> Event:
    caller = Caller(user.username, credential="password", address=origin.address, request_id=origin.request_id)
    return event(caller, action)


def _end(session: Session, secret: str) -> None:
    found = session.login_sessions.find(tokens.digest(secret)) if secret else None
    if found is not None:
        session.login_sessions.delete(found.session_id)


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


def _set(answer: Response, secret: str, *, secure: bool, seconds: int) -> None:
    """Over TLS the cookie's name has the browser refuse it from anybody but this host."""
    name = SAFE_COOKIE if secure else COOKIE
    answer.set_cookie(name, secret, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")
