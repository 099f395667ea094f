"""The part of the `Store` contract that holds how users prove who they are: tokens for programs, sessions for pages.

Neither can be read from the store: only hashes of them are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assay.store.users import User


@dataclass(frozen=True)
class Token:
    """A token of a user. `scope` is what it is good for; `kind` and `target` are the one resource, where there is one.

    Times are milliseconds; `last_used` is 0 for never, and right to a minute.
    """

    token_id: str
    user_no: int
    name: str
    secret_hash: str
    scope: str
    kind: str
    target: str
    created_by: str
    creation_time: int
    expiry_time: int
    last_used: int = 0


@dataclass(frozen=True)
class LoginSession:
    """That somebody logged in. `session_id` names it; what proves it is kept as `session_hash`."""

    session_hash: str
    session_id: str
    user_no: int
    address: str
    agent: str
    creation_time: int
    expiry_time: int
    last_used: int


class Tokens(Protocol):
    """Tokens by their id."""

    def create(self, token: Token) -> None:
        """Store a token; its id is new."""

    def find(self, token_id: str) -> Token | None:
        """The token, expired or not, or None."""

    def of(self, user: User) -> list[Token]:
        """The tokens of a user, the newest first."""

    def use(self, token_id: str, *, now: int) -> None:
        """Note that the token was used."""

    def expire(self, token_id: str, *, now: int) -> None:
        """Have the token expire at a time, from which on it proves nothing."""

    def delete(self, token_id: str) -> bool:
        """Revoke the token; False when there was none."""


class LoginSessions(Protocol):
    """Sessions by the hash of what proves them."""

    def create(self, session: LoginSession) -> None:
        """Store a session."""

    def find(self, session_hash: str) -> LoginSession | None:
        """The session, expired or not, or None."""

    def of(self, user: User) -> list[LoginSession]:
        """The sessions of a user, the last used first."""

    def use(self, session_hash: str, *, now: int) -> None:
        """Note that the session was used."""

    def delete(self, session_id: str) -> bool:
        """End the session; False when there was none."""

    def delete_expired(self, *, now: int, idle_since: int) -> int:
        """End the sessions whose time is over, or that were not used since; how many."""
