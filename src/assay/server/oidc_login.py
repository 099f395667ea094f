"""Logging in by OpenID Connect: to the provider and back, and in to a session as with a password."""

from __future__ import annotations

import json
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from assay.core import clock
from assay.core.errors import BadRequest, NotSupported, RequestLimitExceeded, TemporarilyUnavailable
from assay.core.lazy import require
from assay.core.log import logger
from assay.server import oidc_attempt
from assay.server.oidc_attempt import HOME, Attempt
from assay.server.sessions import NewSession
from assay.service.access import Caller
from assay.service.audit_events import event
from assay.service.federated import LoginRefused, admit
from assay.service.logins import ACTION as LOGGED_IN
from assay.store.users import OIDC

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from assay.server.identity import Identity
    from assay.server.oidc import Oidc
    from assay.server.oidc_provider import Provider
    from assay.server.services import Services
    from assay.service.federated import Proved
    from assay.store.base import Session

T = TypeVar("T")

FAILED = "sign-in-failed"
"""The parameter by which a page learns why nobody was let in."""
_DENIALS = ("access_denied", "login_required", "consent_required", "interaction_required")
_OF_SOMEBODY = ("group", "name")
"""Reasons not to let in somebody who has proved who it is."""
_LONGEST_CODE = 4096
_log = logger("server")


class OidcLogin:
    """Answers who logs in with a provider."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def _config(self) -> Oidc:
        auth = self._services.config.auth
        if auth is None or auth.oidc is None:
            raise NotSupported("This server knows no OpenID provider. Set ASSAY_OIDC_ISSUER.")
        return auth.oidc

    @cached_property
    def _identity(self) -> Identity:
        if self._services.identity is None:
            raise NotSupported("This server has no users. Start it with --auth.")
        return self._services.identity

    @cached_property
    def _provider(self) -> Provider:
        provider: Provider = require("assay.server.oidc_provider", extra="oidc").Provider(self._config)
        return provider

    async def begin(self, request: Request) -> Response:
        """Send a browser to the provider."""
        self._check(request)
        attempt = Attempt.new(request.query_params.get("to", HOME))
        new = NewSession(self._identity, request)
        try:
            address = await self._run(partial(self._begun, attempt, new))
        except LoginRefused as error:
            return _failed(attempt.page, error, new)
        return attempt.keep(_redirect(address), secure=new.is_secure)

    async def complete(self, request: Request) -> Response:
        """Let in whom the provider sends back."""
        self._check(request)
        new = NewSession(self._identity, request)
        attempt = Attempt.of(request, secure=new.is_secure)
        page = HOME if attempt is None else attempt.page
        try:
            await self._run(partial(self._let_in, request, attempt, new))
        except LoginRefused as error:
            return _failed(page, error, new)
        self._identity.forget()
        return new.send(oidc_attempt.forget(_redirect(page)))

    def _check(self, request: Request) -> None:
        """Return when there is a provider, and a browser opens the address: no page asks by a picture or a script."""
        if self._config and request.headers.get("sec-fetch-mode", "navigate") != "navigate":
            raise BadRequest("Open this address in a browser: it leads to where users log in, or back.")

    async def _run(self, work: Callable[[], T]) -> T:
        """Do what may have to wait for the provider, in threads that nobody else needs."""
        try:
            return await self._services.logins.run(work)
        except TemporarilyUnavailable as error:
            raise LoginRefused("provider", error.message) from error

    def _begun(self, attempt: Attempt, new: NewSession) -> str:
        try:
            return self._provider.address(attempt)
        except LoginRefused as error:
            self._note(error, new)
            raise

    def _let_in(self, request: Request, attempt: Attempt | None, new: NewSession) -> None:
        try:
            self._identity.guard.check_address(new.origin.address)
            self._prove(request, attempt, new)
        except RequestLimitExceeded as error:
            raise LoginRefused("limit", error.message) from error

    def _prove(self, request: Request, attempt: Attempt | None, new: NewSession) -> None:
        try:
            proved = self._provider.proved(*_answer(request, attempt, issuer=self._config.issuer))
            self._services.context.store.write(partial(self._admit, proved, new))
        except LoginRefused as error:
            self._note(error, new)
            raise

    def _admit(self, proved: Proved, new: NewSession, session: Session) -> None:
        admission = admit(session, proved, self._config.rules, now=clock.now_ms())
        new.keep(session, admission.user, credential=OIDC, detail=admission.detail)

    def _note(self, error: LoginRefused, new: NewSession) -> None:
        """Remember who was not let in; what proves nobody counts as a wrong login, of which there may be a few."""
        origin, detail = new.origin, json.dumps({"reason": error.reason})
        _log.warning("Request %s: no login by OpenID Connect (%s). %s", origin.request_id, error.reason, error.message)
        if error.reason in _OF_SOMEBODY:
            caller = Caller(error.username, credential=OIDC, address=origin.address, request_id=origin.request_id)
            refusal = event(caller, LOGGED_IN, outcome=error.code, detail=detail)
            self._services.context.store.write(lambda session: session.audit.add(refusal))
        elif error.reason != "provider":
            self._identity.guard.failed("", origin.address, origin.request_id, credential=OIDC, detail=detail)


def _answer(request: Request, attempt: Attempt | None, *, issuer: str) -> tuple[str, Attempt]:
    """The code that a provider sent with a browser, and the login that it was sent for."""
    said = request.query_params
    if attempt is None or not attempt.is_answered_by(said.get("state", "")):
        raise LoginRefused("expired", "The browser has not begun this login, or too long ago, or under another name.")
    if said.get("iss", issuer) != issuer:
        raise LoginRefused("proof", f"The answer comes from {said['iss'][:200]!r}.")
    if "error" in said:
        told = f"The provider says {said['error'][:100]!r}: {said.get('error_description', '')[:300]!r}."
        raise LoginRefused("denied" if said["error"] in _DENIALS else "provider", told)
    code = said.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise LoginRefused("proof", "The answer holds no code.")
    return code, attempt


def _failed(page: str, error: LoginRefused, new: NewSession) -> Response:
    """Back to the page, which says why in words of its own: nothing that others said is in its address."""
    why = urlencode({FAILED: error.reason, "request": new.origin.request_id})
    return oidc_attempt.forget(_redirect(f"{page}{'&' if '?' in page else '?'}{why}"))


def _redirect(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})
