"""What is asked of an OpenID provider: where users log in, and whom a code that it sent with one of them stands for.

https://openid.net/specs/openid-connect-core-1_0.html, the code flow with PKCE. Imported by the first who logs in:
authlib takes its time.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core.claims import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from assay.core.egress import EVERYWHERE, Egress
from assay.core.errors import AssayError
from assay.server.oidc import is_protected
from assay.service.federated import LoginRefused, Proved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.core.egress import Reply
    from assay.server.oidc import Oidc
    from assay.server.oidc_attempt import Attempt

T = TypeVar("T")

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Such as prove something by a public key: `none` proves nothing, and HS256 takes a public key for a secret."""
LEEWAY_SECONDS = 30
SECONDS = 5.0
"""How long one question to the provider may take."""
FETCHED_SECONDS = 3600.0
FAILED_SECONDS = 3.0
"""After a failure nothing is fetched again for so long: who waits for the same is not made to wait for another."""
MOST_RENEWALS = 3
RENEWALS_SECONDS = 60.0
"""Proofs by unknown keys have the keys fetched anew, but no more often than this."""
_KEY_TYPES = ("RSA", "EC")
_MOST_BYTES = 256 << 10
_LONGEST_SUBJECT = 255


class Metadata(msgspec.Struct):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Fetched(Generic[T]):
    """Something that is fetched when it is needed, by one thread at a time, and kept for an hour."""

    def __init__(self, fetch: Callable[[], T]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._found: T | None = None
        self._until = 0.0
        self._failure = ""
        self._renewals: deque[float] = deque(maxlen=MOST_RENEWALS)

    def get(self) -> T:
        """It.

        Raises:
            LoginRefused: it cannot be had now.
        """
        with self._lock:
            if time.monotonic() >= self._until:
                self._renew()
            if self._found is None:
                raise LoginRefused("provider", self._failure)
            return self._found

    def anew(self) -> T:
        """It as it is now, unless it was fetched so a few times in the last minute.

        Raises:
            LoginRefused: it cannot be had now.
        """
        with self._lock:
            now = time.monotonic()
            if len(self._renewals) < MOST_RENEWALS or self._renewals[0] < now - RENEWALS_SECONDS:
                self._renewals.append(now)
                self._until = 0.0
        return self.get()

    def _renew(self) -> None:
        try:
            self._found, seconds = self._fetch(), FETCHED_SECONDS
        except LoginRefused as error:
            self._found, self._failure, seconds = None, error.message, FAILED_SECONDS
        self._until = time.monotonic() + seconds


class Provider:
    """A provider. Safe to use from many threads; everything but its first page is fetched when it is needed.

    Args:
        config: Which one, and what it knows this server by.
    """

    def __init__(self, config: Oidc) -> None:
        self._config = config
        self._schemes = ("https",) if config.issuer.startswith("https:") else ("http", "https")
        self._door = Egress(self._schemes, ports=None, networks=EVERYWHERE, seconds=SECONDS, answer_bytes=_MOST_BYTES)
        self._metadata = Fetched(self._fetch_metadata)
        self._keys = Fetched(self._fetch_keys)

    def address(self, attempt: Attempt) -> str:
        """Where to send a browser, so that its user logs in there.

        Raises:
            LoginRefused: the provider does not say where.
        """
        metadata = self._metadata.get()
        url, _ = self._client(metadata).create_authorization_url(
            metadata.authorization_endpoint,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
        return url

    def proved(self, code: str, attempt: Attempt) -> Proved:
        """Whom a code stands for.

        Raises:
            LoginRefused: the provider does not take it, or cannot be asked, or what it says proves nothing.
        """
        metadata = self._metadata.get()
        try:
            given = self._client(metadata).fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
            )
        except (AuthlibBaseError, ValueError) as error:
            raise LoginRefused("proof", f"The provider does not take the code: {str(error)[:300]!r}.") from error
        if not isinstance(given, dict):
            raise LoginRefused("proof", "The provider answers a code with no object.")
        id_token, access_token = given.get("id_token"), given.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise LoginRefused("proof", "The provider sent no id token, or no access token.")
        claims = self._claims(id_token, access_token, nonce=attempt.nonce)
        wanted = {self._config.username_claim, self._config.groups_claim} - {""}
        if metadata.userinfo_endpoint and not wanted <= claims.keys():
            claims = {**self._userinfo(metadata, access_token, subject=claims["sub"]), **claims}
        return self._who(claims)

    def _who(self, claims: Mapping[str, Any]) -> Proved:
        subject, name_claim = claims["sub"], self._config.username_claim
        if not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise LoginRefused("proof", f"The subject has not 1 to {_LONGEST_SUBJECT} characters.")
        username = claims.get(name_claim)
        if not isinstance(username, str):
            raise LoginRefused("name", f"The provider does not tell the claim {name_claim!r} of {subject!r}.")
        if name_claim == "email" and claims.get("email_verified") is False:
            raise LoginRefused("name", f"The provider has not verified the address {username!r} of {subject!r}.")
        groups = self._groups(claims) if self._config.groups_claim else None
        return Proved(issuer=self._config.issuer, subject=subject, username=username, groups=groups)

    def _groups(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """The groups of a user: none where the claim is missing."""
        told = claims.get(self._config.groups_claim, [])
        listed = [told] if isinstance(told, str) else told
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise LoginRefused("proof", f"The claim {self._config.groups_claim!r} is no list of names.")
        return tuple(listed)

    def _claims(self, id_token: str, access_token: str, *, nonce: str) -> dict[str, Any]:
        """What an id token says, once it is proved that it says so to us, now, and of this login."""
        try:
            decoded = self._decoded(id_token)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._config.issuer},
                    "aud": {"essential": True, "value": self._config.client_id},
                },
                {"nonce": nonce, "client_id": self._config.client_id, "access_token": access_token},
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise LoginRefused("proof", f"The id token proves nothing: {str(error)[:300]!r}.") from error
        if claims["iss"] != self._config.issuer or not isinstance(claims["sub"], str):  # a list may hold ours, too
            raise LoginRefused("proof", "The id token is not of this issuer alone, or its subject is no text.")
        return dict(claims)

    def _decoded(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, self._keys.get(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._keys.anew(), algorithms=ALGORITHMS)

    def _userinfo(self, metadata: Metadata, access_token: str, *, subject: str) -> dict[str, Any]:
        reply = self._ask(metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"})
        told = _decoded_json(reply, dict[str, Any], "its userinfo")
        if told.get("sub") != subject:
            raise LoginRefused("proof", "The userinfo of the provider is that of somebody else.")
        return told

    def _fetch_metadata(self) -> Metadata:
        issuer = self._config.issuer
        reply = self._ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        metadata = _decoded_json(reply, Metadata, "its configuration")
        if metadata.issuer != issuer:
            raise LoginRefused(
                "provider", f"The provider calls itself {metadata.issuer[:200]!r}, not {issuer!r} as ASSAY_OIDC_ISSUER."
            )
        for endpoint in (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri):
            self._check(endpoint)
        if metadata.userinfo_endpoint:
            self._check(metadata.userinfo_endpoint)
        return metadata

    def _check(self, endpoint: str) -> None:
        """Return when an address may be used; one that is not protected only where the issuer is this machine."""
        if not is_protected(endpoint) or urlsplit(endpoint).scheme not in self._schemes:
            raise LoginRefused(
                "provider", f"The provider names the address {endpoint[:200]!r}, which does not begin with https://."
            )

    def _fetch_keys(self) -> KeySet:
        told = _decoded_json(self._ask(self._metadata.get().jwks_uri), dict[str, Any], "its keys")
        try:
            usable = [key for key in told["keys"] if key.get("kty") in _KEY_TYPES]
            keys: KeySet = KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise LoginRefused("provider", f"The keys of the provider are not usable: {error!r}.") from error
        return keys

    def _client(self, metadata: Metadata) -> OAuth2Client:
        secret, methods = self._config.client_secret, metadata.token_endpoint_auth_methods_supported
        by_post = "client_secret_basic" not in methods and "client_secret_post" in methods
        client = OAuth2Client(
            _Session(self._ask),
            client_id=self._config.client_id,
            client_secret=secret,
            scope=self._config.scopes,
            redirect_uri=self._config.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method=("client_secret_post" if by_post else _ENCODED) if secret else "none",
        )
        client.register_client_auth_method((_ENCODED, _basic))
        return client

    def _ask(self, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        try:
            return self._door.ask(url, body=body, headers={"Accept": "application/json", **(headers or {})})
        except AssayError as error:
            raise LoginRefused("provider", f"The provider cannot be asked. {error.message}") from error


def _decoded_json(reply: Reply, kind: type[T], what: str) -> T:
    if reply.status != 200:
        raise LoginRefused("provider", f"The provider answers {reply.status} where it should tell {what}.")
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LoginRefused("provider", f"The provider does not tell {what}: {error}.") from error


_ENCODED = "client_secret_basic_encoded"


def _basic(client: Any, method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
    """Basic credentials, encoded as RFC 6749 section 2.3.1 has it, which authlib leaves out."""
    del method
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    return uri, {**headers, "Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, body


class _Session:
    """What authlib's client sends by: our own way out."""

    def __init__(self, ask: Callable[..., Reply]) -> None:
        self._ask = ask

    def post(self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> _Response:
        """Send a form."""
        url, headers, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return _Response(self._ask(url, body=body.encode(), headers=headers))


class _Response:
    """An answer as authlib reads it."""

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self._reply = reply

    def json(self) -> Any:
        """What it says.

        Raises:
            ValueError: it is no JSON.
        """
        return json.loads(self._reply.body)

    def raise_for_status(self) -> None:
        """Return where it says that something was done.

        Raises:
            LoginRefused: it does not.
        """
        if self.status_code >= 400:
            raise LoginRefused("provider", f"The provider answers {self.status_code} where it should take a code.")
