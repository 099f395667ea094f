"""Tokens for programs, and sessions of pages. Messages and operations. Times are milliseconds since the epoch."""

from __future__ import annotations

from assay.wire.base import Message, operation


class TokenInfo(Message, omit_defaults=False):
    """A token, without what proves it.

    `scope` is `read`, `write`, or `append`, which only adds to the one run or experiment that it names. `last_used` is
    0 for a token that was never used.
    """

    token_id: str
    name: str
    username: str
    scope: str
    resource_type: str
    resource_id: str
    created_by: str
    creation_time: int
    expiry_time: int
    last_used: int


class NewTokenResponse(Message, omit_defaults=False):
    """A token, and the text that proves it: it is told this once, and cannot be read again."""

    info: TokenInfo
    token: str


class TokensResponse(Message, omit_defaults=False):
    """Tokens, the newest first."""

    tokens: list[TokenInfo]


class SessionInfo(Message, omit_defaults=False):
    """Where somebody is logged in. `is_current` is whether this is the session that asks."""

    session_id: str
    address: str
    agent: str
    creation_time: int
    last_used: int
    expiry_time: int
    is_current: bool


class SessionsResponse(Message, omit_defaults=False):
    """Sessions, the last used first."""

    sessions: list[SessionInfo]


@operation("POST", "assay/1/tokens/create", returns=NewTokenResponse, access="token:own")
class CreateToken(Message):
    """Make a token of one's own; administrators make them for others, too.

    `resource_type` is `experiment`, `registered_model` or `run`, and `resource_id` its id or name; empty for all that
    the user may do. It expires after `days`: at most 365, and 30 where it may do all that an administrator may.
    Unless they are given it is 90, or that most.
    """

    name: str
    scope: str = "write"
    resource_type: str = ""
    resource_id: str = ""
    days: int | None = None
    username: str = ""


@operation("GET", "assay/1/tokens/list", returns=TokensResponse, access="token:own")
class ListTokens(Message):
    """List one's own tokens; administrators list those of others, too."""

    username: str = ""


@operation("POST", "assay/1/tokens/revoke", access="token:own")
class RevokeToken(Message):
    """Revoke a token of one's own; administrators revoke any."""

    token_id: str


@operation("GET", "assay/1/sessions/list", returns=SessionsResponse, access="token:own")
class ListSessions(Message):
    """List where one is logged in; administrators list it of others, too."""

    username: str = ""


@operation("POST", "assay/1/sessions/end", access="token:own")
class EndSession(Message):
    """End a session of one's own; administrators end any."""

    session_id: str
