"""The credentials of a request to a caller: passwords, tokens, sessions, and what a trusted proxy says.

What was found is remembered for a second, so that a client that logs a thousand metrics a second is looked up once in
it, and whoever is shut out is out within it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.core import clock
from assay.core.errors import Unauthenticated
from assay.server.cookies import Cookie
from assay.service import tokens
from assay.service.access import Caller
from assay.service.logins import MOST_FOR_USER, LoginGuard
from assay.store.users import EXPERIMENT, MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.server.proxies import TrustedProxies
    from assay.service.passwords import Passwords
    from assay.store.base import Session, Store
    from assay.store.users import User

REMEMBERED_SECONDS = 1.0
PASSWORD_SECONDS = 60.0
"""How long a password that was proved need not be reckoned again; the user is looked at each second all the same."""
MOST_REMEMBERED = 4096
COOKIE = "assay"
SAFE_COOKIE = f"__Host-{COOKIE}"
SESSION_IDLE_MS = 12 * 3_600_000
_SAFE, _PLAIN = Cookie(SAFE_COOKIE), Cookie(COOKIE)
_MINUTE_MS = 60_000
_WRONG = "The user's name or password is wrong, or the token is unknown, revoked or expired."
_NO_PASSWORDS = "This server takes no passwords. Sign in on its pages by OpenID Connect; programs send a token."


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: the address of who asks, and its name in the log."""

    address: str
    request_id: str


class Identity:
    """Finds out who asks. Safe to use from many threads. `guard` counts wrong logins."""

    def __init__(
        self, store: Store, passwords: Passwords, proxies: TrustedProxies, *, takes_passwords: bool = True
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._proxies = proxies
        self._takes_passwords = takes_passwords
        self.guard = LoginGuard(store)
        self._found: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._proved: OrderedDict[bytes, float] = OrderedDict()
        self._wrong: OrderedDict[bytes, int] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()

    def origin(self, headers: Mapping[bytes, bytes], *, peer: str, request_id: str) -> Origin:
        """Where a request comes from."""
        return Origin(self._proxies.address(headers, peer=peer), request_id)

    def is_secure(self, headers: Mapping[bytes, bytes], *, peer: str, scheme: str) -> bool:
        """Whether a request came over TLS."""
        return self._proxies.is_secure(headers, peer=peer, scheme=scheme)

    def remembered(self, headers: Mapping[bytes, bytes], origin: Origin, *, peer: str) -> Caller | None:
        """Who asks, when that was found within the last second; quick. What a proxy says is not remembered."""
        given = _given(headers, origin)
        if given is None or self._proxies.user(headers, peer=peer) is not None:
            return None
        found = self._found.get(given)
        if found is None or found[0] < time.monotonic():
            return None
        return replace(found[1], address=origin.address, request_id=origin.request_id)

    def reckons(self, headers: Mapping[bytes, bytes], origin: Origin) -> bool:
        """Whether finding out who asks takes the reckoning of a password: whoever makes up names has it done.

        Raises:
            Unauthenticated: what is said is no name and password.
        """
        kind, _, value = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if kind.lower() != "basic" or self._is_proved(_given(headers, origin) or b""):
            return False
        return tokens.parse(_basic(value)[1]) is None

    def caller(self, headers: Mapping[bytes, bytes], origin: Origin, *, peer: str) -> Caller:
        """Who asks; a caller without a number where nothing is said. Reads the store, and may reckon a password.

        Raises:
            Unauthenticated: what is said proves nobody.
            RequestLimitExceeded: too many wrong tries came from there.
        """
        told = self._proxies.user(headers, peer=peer)
        if told is not None:
            return self._known(told, credential="proxy", origin=origin)
        given = _given(headers, origin)
        if given is None:
            return Caller(address=origin.address, request_id=origin.request_id)
        memory = self._found
        found = self._look(headers, origin)
        if found.credential == "password":
            self._note(given)
        with self._lock:
            memory[given] = (time.monotonic() + REMEMBERED_SECONDS, found)
            while len(memory) > MOST_REMEMBERED:
                memory.popitem(last=False)
        return found

    def forget(self) -> None:
        """Look everybody up anew, whoever is being looked up among them: somebody was shut out."""
        self._found = OrderedDict()

    def _look(self, headers: Mapping[bytes, bytes], origin: Origin) -> Caller:
        authorization = headers.get(b"authorization", b"")
        if not authorization:
            return self._by_session(session_secret(headers), origin)
        kind, _, value = authorization.decode("latin-1").partition(" ")
        if kind.lower() == "bearer":
            return self._by_token(value.strip(), "", origin)
        if kind.lower() == "basic":
            username, password = _basic(value)
            if tokens.parse(password) is not None:
                return self._by_token(password, username, origin)
            return self._by_password(username, password, origin)
        raise Unauthenticated("The header 'Authorization' must begin with Basic or Bearer.")

    def login(self, username: str, password: str, origin: Origin) -> User:
        """The user, whose password this is.

        Raises:
            Unauthenticated: it is not, or none are taken.
            RequestLimitExceeded: too many wrong tries came from there.
        """
        if not self._takes_passwords:
            raise Unauthenticated(_NO_PASSWORDS)
        self.guard.check(username, origin.address)
        user = self._store.read(lambda session: session.users.find(username))
        kept = "" if user is None else user.password_hash
        proof = self._proof(username, password, kept)
        if not self._is_proved(proof) and not self._passwords.proves(password, kept):
            if self._is_new_try(proof):
                self.guard.failed(username, origin.address, origin.request_id)
            raise Unauthenticated(_WRONG)
        if user is None:
            raise Unauthenticated(_WRONG)
        self._note(proof)
        if self._passwords.is_dated(kept):
            again = self._passwords.keep(password)
            self._store.write(lambda session: session.users.rehash(user, password_hash=again))
        return user

    def _by_password(self, username: str, password: str, origin: Origin) -> Caller:
        return self._of(self.login(username, password, origin), credential="password", origin=origin)

    def _by_token(self, text: str, username: str, origin: Origin) -> Caller:
        parsed = tokens.parse(text)
        if parsed is None:
            raise self._refused("", origin)
        token_id, secret = parsed
        now = clock.now_ms()

        def look(session: Session) -> Caller | None:
            token = session.tokens.find(token_id)
            if token is None or not tokens.proves(secret, token.secret_hash) or token.expiry_time <= now:
                return None
            user = session.users.numbered(token.user_no)
            if user is None or username not in ("", user.username, "token"):
                return None
            found = _caller(session, user, f"token {token_id}", origin)
            parts = token.target.partition("/")
            experiment = parts[0] if token.kind == EXPERIMENT else ""
            limited = replace(found, scope=token.scope, experiment=experiment, run=parts[2])
            return replace(limited, model=token.target) if token.kind == MODEL else limited

        found = self._store.read(look)
        if found is None:
            raise self._refused(f"token {token_id}", origin)
        self._use_token(token_id, now)
        return found

    def _use_token(self, token_id: str, now: int) -> None:
        def use(session: Session) -> None:
            token = session.tokens.find(token_id)
            if token is not None and now - token.last_used >= _MINUTE_MS:
                session.tokens.use(token_id, now=now - now % _MINUTE_MS)

        self._store.submit(use, lambda _result, _error: None)

    def _by_session(self, secret: str, origin: Origin) -> Caller:
        now, hashed = clock.now_ms(), tokens.digest(secret)

        def look(session: Session) -> tuple[Caller, int] | None:
            found = session.login_sessions.find(hashed)
            if found is None or found.expiry_time <= now or found.last_used + SESSION_IDLE_MS <= now:
                return None
            user = session.users.numbered(found.user_no)
            if user is None:
                return None
            return _caller(session, user, f"session {found.session_id}", origin), found.last_used

        proved = self._store.read(look)
        if proved is None:
            raise Unauthenticated("Your session is over. Log in again.")
        caller, last_used = proved
        if now - last_used >= _MINUTE_MS:
            self._store.submit(
                lambda session: session.login_sessions.use(hashed, now=now), lambda _result, _error: None
            )
        return caller

    def _known(self, username: str, *, credential: str, origin: Origin) -> Caller:
        user = self._store.read(lambda session: session.users.find(username))
        if user is None:
            raise Unauthenticated(f"There is no user {username[:100]!r} here. Ask an administrator to add one.")
        return self._of(user, credential=credential, origin=origin)

    def _of(self, user: User, *, credential: str, origin: Origin) -> Caller:
        return self._store.read(lambda session: _caller(session, user, credential, origin))

    def _refused(self, actor: str, origin: Origin) -> Unauthenticated:
        self.guard.failed(actor, origin.address, origin.request_id)
        return Unauthenticated(_WRONG)

    def _proof(self, username: str, password: str, kept: str) -> bytes:
        """Stands for a proved password as long as it is kept as it is; worthless outside of this process."""
        said = b"\0".join(text.encode("utf-8", "surrogatepass") for text in (username, kept, password))
        return hmac.digest(self._key, said, "sha256")

    def _is_proved(self, proof: bytes) -> bool:
        until = self._proved.get(proof)
        return until is not None and until > time.monotonic()

    def _is_new_try(self, proof: bytes) -> bool:
        """Whether a wrong password counts: a program that goes on with an old one shuts its user out once."""
        with self._lock:
            tries = self._wrong[proof] = self._wrong.pop(proof, 0) + 1
            while len(self._wrong) > MOST_REMEMBERED:
                self._wrong.popitem(last=False)
        return tries <= MOST_FOR_USER

    def _note(self, proof: bytes) -> None:
        with self._lock:
            self._proved[proof] = time.monotonic() + PASSWORD_SECONDS
            while len(self._proved) > MOST_REMEMBERED:
                self._proved.popitem(last=False)


def session_secret(headers: Mapping[bytes, bytes]) -> str:
    """The cookie of a session, empty without one.

    Its name is part of it: what was given over TLS proves nothing under the name that anybody beside this host, or
    between it and the browser, could give a cookie.
    """
    return _SAFE.said(headers) or _PLAIN.said(headers)


def _given(headers: Mapping[bytes, bytes], origin: Origin) -> bytes | None:
    """What is remembered a caller by: a hash, so that no secret stays in memory; None where nothing is said.

    Of one address: else who guesses from another would learn what is right, although shut out there.
    """
    place = origin.address.encode("utf-8", "surrogatepass")
    authorization = headers.get(b"authorization")
    if authorization:
        return hashlib.sha256(b"a%b\0%b" % (place, authorization)).digest()
    secret = session_secret(headers) if b"cookie" in headers else ""
    return hashlib.sha256(b"c%b\0%b" % (place, secret.encode("latin-1"))).digest() if secret else None


def _basic(value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated("The header 'Authorization' holds no name and password in base64.") from error
    username, _, password = text.partition(":")
    return username, password


def _caller(session: Session, user: User, credential: str, origin: Origin) -> Caller:
    roles = session.roles.of([user])[user.number]
    return Caller(
        name=user.username,
        number=user.number,
        is_admin=user.is_admin,
        roles=tuple(role.number for role in roles),
        credential=credential,
        address=origin.address,
        request_id=origin.request_id,
    )
