"""What a page gets for a login, however one has proved who one is: a cookie that scripts cannot read."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from assay.core import clock
from assay.server.identity import COOKIE, SAFE_COOKIE, SESSION_IDLE_MS, session_secret
from assay.service import tokens
from assay.service.access import Caller
from assay.service.audit_events import event
from assay.service.logins import ACTION as LOGGED_IN
from assay.store.credentials import LoginSession

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from assay.server.identity import Identity
    from assay.store.base import Session
    from assay.store.users import User

SESSION_MS = 7 * 86_400_000
_LONGEST = 250


class NewSession:
    """The session that a request asks for: kept in the transaction that lets its user in, then sent.

    Attributes:
        origin: Where the request comes from.
        is_secure: Whether it came over TLS.
    """

    def __init__(self, identity: Identity, request: Request) -> None:
        headers = dict(request.scope["headers"])
        peer = request.client.host if request.client else ""
        self.origin = identity.origin(headers, peer=peer, request_id=request.state.request_id)
        self.is_secure = identity.is_secure(headers, peer=peer, scheme=request.url.scheme)
        self._agent = request.headers.get("user-agent", "")[:_LONGEST]
        self._before = session_secret(headers)
        self._name = SAFE_COOKIE if self.is_secure else COOKIE
        self._secret = secrets.token_urlsafe(32)

    def keep(self, session: Session, user: User, *, credential: str, detail: str = "{}") -> None:
        """Keep it as the user's, in place of the one that the page had."""
        now = clock.now_ms()
        kept = LoginSession(
            session_hash=tokens.digest(f"{self._name}={self._secret}"),
            session_id=secrets.token_hex(8),
            user_no=user.number,
            address=self.origin.address[:_LONGEST],
            agent=self._agent,
            creation_time=now,
            expiry_time=now + SESSION_MS,
            last_used=now,
        )
        session.login_sessions.delete_expired(now=now, idle_since=now - SESSION_IDLE_MS)
        end_session(session, self._before)
        session.login_sessions.create(kept)
        caller = Caller(
            user.username, credential=credential, address=self.origin.address, request_id=self.origin.request_id
        )
        session.audit.add(event(caller, LOGGED_IN, detail=detail))

    def send(self, answer: Response) -> Response:
        """The answer with the cookie that proves it."""
        _set(answer, self._name, self._secret, seconds=SESSION_MS // 1000)
        return answer


def end_session(session: Session, secret: str) -> bool:
    """End the session that a cookie proves; False where there is none."""
    found = session.login_sessions.find(tokens.digest(secret)) if secret else None
    return found is not None and session.login_sessions.delete(found.session_id)


def take_cookie(answer: Response) -> Response:
    """The answer with which the browser forgets the cookie."""
    for name in (COOKIE, SAFE_COOKIE):
        _set(answer, name, "", seconds=0)
    return answer


def _set(answer: Response, name: str, secret: str, *, seconds: int) -> None:
    """Over TLS the cookie's name has the browser refuse it from anybody but this host."""
    secure = name == SAFE_COOKIE
    answer.set_cookie(name, secret, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")
