"""A login by OpenID Connect that was begun: kept by the browser until it comes back, so that any process goes on.

The cookie is the browser's own: what is in it proves nothing here, it only has to be what the provider and its proof
say again. Over TLS nobody else can make a browser send one, so that nobody can log others in as themselves.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import msgspec

from assay.server.cookies import Cookie

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE = "assay-oidc"
SECONDS = 600
HOME = "/"
_PAGE = re.compile(r"/(?!/)[!-\[\]-~]*")
"""ASCII that a browser takes as it is, with no backslash, which it takes for a slash."""
_LONGEST_PAGE = 1500
_NOT_PAGES = ("/api/", "/ajax-api/")
_SECRET_BYTES = 32
_Secret = Annotated[str, msgspec.Meta(min_length=_SECRET_BYTES)]
"""What is empty would be asked of nobody."""


class Attempt(msgspec.Struct):
    """A login that was begun.

    Attributes:
        state: By which the answer is known to be to this browser's question.
        nonce: By which the proof is known to be made for it.
        verifier: By which the provider knows that who has the code has asked for it.
        page: Where it leads.
    """

    state: _Secret
    nonce: _Secret
    verifier: _Secret
    page: str = HOME

    @classmethod
    def new(cls, page: str) -> Attempt:
        """One that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(3))
        return cls(state, nonce, verifier, own_page(page))

    @classmethod
    def of(cls, request: Request, *, secure: bool) -> Attempt | None:
        """The one that a browser has begun; None where it has not, or too long ago."""
        text = Cookie(_name(secure=secure)).value(dict(request.scope["headers"]))
        try:
            found = msgspec.json.decode(urlsafe_b64decode(text.encode()), type=cls)
        except (ValueError, msgspec.DecodeError):
            return None
        found.page = own_page(found.page)
        return found

    def is_answered_by(self, state: str) -> bool:
        """Whether an answer is to this question."""
        return hmac.compare_digest(self.state.encode(), state.encode())

    def keep(self, answer: Response, *, secure: bool) -> Response:
        """The answer with which a browser keeps it, for ten minutes."""
        text = urlsafe_b64encode(msgspec.json.encode(self)).decode()
        _set(answer, text, secure=secure, seconds=SECONDS)
        return answer


def forget(answer: Response) -> Response:
    """The answer with which a browser forgets what was begun: it is good for one try."""
    for secure in (False, True):
        _set(answer, "", secure=secure, seconds=0)
    return answer


def own_page(given: str) -> str:
    """The page of the web UI that is asked for; its first one where it is none of them."""
    if len(given) > _LONGEST_PAGE or not _PAGE.fullmatch(given) or given.startswith(_NOT_PAGES):
        return HOME
    parts = urlsplit(given)
    return HOME if parts.scheme or parts.netloc or "//" in parts.path or parts.fragment else given


def _name(*, secure: bool) -> str:
    return f"__Host-{COOKIE}" if secure else COOKIE


def _set(answer: Response, text: str, *, secure: bool, seconds: int) -> None:
    name = _name(secure=secure)
    answer.set_cookie(name, text, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")
