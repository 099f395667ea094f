"""Handlers for `wire.tokens`: tokens and sessions, made and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from assay.service import rules, tokens, user_rules
from assay.service.access import APPENDING, SCOPES
from assay.service.dispatch import Context, handles
from assay.store.base import unknown
from assay.store.credentials import Token
from assay.store.users import ALL, EXPERIMENT, MODEL, READ
from assay.wire import tokens as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.store.base import Session
    from assay.store.users import User

MAX_DAYS = 365
USUAL_DAYS = 90
MAX_ADMIN_DAYS = 30
DAY_MS = 86_400_000
RUN = "run"


def _user(context: Context, session: Session, username: str) -> User:
    """Whose credentials are meant: one's own, or, for administrators, those of the user who is named."""
    caller = context.caller
    if username and username != caller.name and not caller.is_admin:
        raise PermissionDenied("Permission denied: the tokens and sessions of others are for administrators.")
    return session.users.get(username or caller.name)


@handles(wire.CreateToken)
def create_token(context: Context, session: Session, request: wire.CreateToken) -> wire.NewTokenResponse:
    """Make a token."""
    user = _user(context, session, request.username)
    if request.scope not in SCOPES:
        raise InvalidParameterValue(f"Invalid scope {request.scope[:100]!r}: give one of {', '.join(SCOPES)}.")
    kind, target = _limit(context, session, request)
    if request.scope == APPENDING and not kind:
        raise InvalidParameterValue("A token that only appends is for one run or experiment. Name it.")
    most = MAX_ADMIN_DAYS if user.is_admin and not kind else MAX_DAYS
    days = min(USUAL_DAYS, most) if request.days is None else request.days
    if not 1 <= days <= most:
        raise InvalidParameterValue(f"Invalid value {days} for 'days': give 1 to {most} for this user.")
    secret, now = tokens.make(), clock.now_ms()
    token = Token(
        token_id=secret.token_id,
        user_no=user.number,
        name=user_rules.name(request.name, "token name"),
        secret_hash=secret.digest,
        scope=request.scope,
        kind=kind,
        target=target,
        created_by=context.caller.name,
        creation_time=now,
        expiry_time=now + days * DAY_MS,
    )
    session.tokens.create(token)
    return wire.NewTokenResponse(info=_told(token, user.username), token=secret.text)


def _limit(context: Context, session: Session, request: wire.CreateToken) -> tuple[str, str]:
    """The kind and the name of the one resource that a token is good for; a run stands in its experiment."""
    kind, target = request.resource_type, request.resource_id
    if not kind:
        return "", ""
    if kind == RUN:
        experiment_id = session.runs.info(rules.run_id(target)).experiment_id
        _check_seen(context, session, EXPERIMENT, experiment_id, missing=unknown(RUN, [target]))
        return EXPERIMENT, f"{experiment_id}/{target}"
    if kind not in (EXPERIMENT, MODEL) or target in ("", ALL):
        raise InvalidParameterValue(
            f"Invalid resource {kind[:100]!r}: give a run, an experiment or a registered model."
        )
    _check_seen(context, session, kind, target)
    return kind, target


def _check_seen(context: Context, session: Session, kind: str, target: str, *, missing: str = "") -> None:
    eyes = context.policy.reader(context.caller)
    if eyes is not None and session.grants.levels(eyes, kind=kind, targets=[target])[target] < READ:
        raise ResourceDoesNotExist(missing or f"There is no {kind} {target!r}. Check the id or name.")
    session.grants.on(kind=kind, target=target)


@handles(wire.ListTokens)
def list_tokens(context: Context, session: Session, request: wire.ListTokens) -> wire.TokensResponse:
    """List tokens."""
    user = _user(context, session, request.username)
    return wire.TokensResponse(tokens=[_told(token, user.username) for token in session.tokens.of(user)])


@handles(wire.RevokeToken)
def revoke_token(context: Context, session: Session, request: wire.RevokeToken) -> Empty:
    """Revoke a token."""
    token = session.tokens.find(request.token_id)
    if token is None or (token.user_no != context.caller.number and not context.caller.is_admin):
        raise ResourceDoesNotExist(f"There is no token {request.token_id[:100]!r} of yours. Check the id.")
    session.tokens.delete(token.token_id)
    return Empty()


@handles(wire.ListSessions)
def list_sessions(context: Context, session: Session, request: wire.ListSessions) -> wire.SessionsResponse:
    """List sessions."""
    user = _user(context, session, request.username)
    return wire.SessionsResponse(
        sessions=[
            wire.SessionInfo(
                session_id=one.session_id,
                address=one.address,
                agent=one.agent,
                creation_time=one.creation_time,
                last_used=one.last_used,
                expiry_time=one.expiry_time,
                is_current=context.caller.credential == f"session {one.session_id}",
            )
            for one in session.login_sessions.of(user)
        ]
    )


@handles(wire.EndSession)
def end_session(context: Context, session: Session, request: wire.EndSession) -> Empty:
    """End a session."""
    me = session.users.get(context.caller.name)
    own = {one.session_id for one in session.login_sessions.of(me)}
    if request.session_id not in own and not context.caller.is_admin:
        raise ResourceDoesNotExist(f"There is no session {request.session_id[:100]!r} of yours. Check the id.")
    if not session.login_sessions.delete(request.session_id):
        raise ResourceDoesNotExist(f"There is no session {request.session_id[:100]!r}. Check the id.")
    return Empty()


def _told(token: Token, username: str) -> wire.TokenInfo:
    experiment_id, slash, run_id = token.target.partition("/") if token.kind == EXPERIMENT else (token.target, "", "")
    return wire.TokenInfo(
        token_id=token.token_id,
        name=token.name,
        username=username,
        scope=token.scope,
        resource_type=RUN if slash else token.kind,
        resource_id=run_id or experiment_id,
        created_by=token.created_by,
        creation_time=token.creation_time,
        expiry_time=token.expiry_time,
        last_used=token.last_used,
    )
