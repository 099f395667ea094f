"""Handlers for `wire.users`. Passwords are reckoned before a transaction begins: it must not wait for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import InvalidParameterValue, InvalidState, NotSupported, PermissionDenied, Unauthenticated
from assay.service import user_rules
from assay.service.dispatch import Context, handles
from assay.service.logins import LoginGuard
from assay.service.passwords import checked_password
from assay.service.roles import roles_of
from assay.store.users import EXPERIMENT, MODEL, PASSWORD
from assay.wire import users as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.service.passwords import Passwords
    from assay.store.base import Session
    from assay.store.users import User

MOST_USERS = 10_000
"""As many as are listed."""


@handles(wire.CreateUser)
def create_user(context: Context, request: wire.CreateUser) -> wire.UserResponse:
    """Add a user with a password."""
    username = user_rules.name(request.username, "user name")
    kept = _passwords(context).keep(checked_password(request.password, username=username))

    def create(session: Session) -> wire.UserResponse:
        user = session.users.create(username, password_hash=kept, is_admin=False, origin=PASSWORD, now=clock.now_ms())
        return wire.UserResponse(user=_told(session, user))

    return context.store.write(create)


def _passwords(context: Context) -> Passwords:
    if context.passwords is None:
        raise NotSupported("This server has no users. Start it with --auth.")
    return context.passwords


@handles(wire.GetUser)
def get_user(context: Context, session: Session, request: wire.GetUser) -> wire.UserResponse:
    """Get a user."""
    del context
    return wire.UserResponse(user=_told(session, session.users.get(request.username)))


@handles(wire.ListUsers)
def list_users(context: Context, session: Session, request: wire.ListUsers) -> wire.UsersResponse:
    """List users by name."""
    del request
    users = session.users.page(limit=MOST_USERS, offset=0)
    caller = context.caller
    shown = [user for user in users if caller.is_admin or user.number == caller.number]
    roles = roles_of(session, shown)
    return wire.UsersResponse(
        users=[
            wire.ListedUser(
                id=user.number,
                username=user.username,
                is_admin=user.is_admin,
                roles=[role for role in roles.get(user.number, []) if not role.name.startswith("__user_")],
                origin=user.origin,
            )
            for user in users
        ]
    )


@handles(wire.GetCurrentUser)
def get_current_user(context: Context, session: Session, request: wire.GetCurrentUser) -> wire.CurrentUserResponse:
    """Who asks."""
    del request
    user = session.users.find(context.caller.name)
    if user is None:
        raise Unauthenticated(f"User {context.caller.name!r} has just been deleted.")
    told = _told(session, user)
    if context.caller.is_limited:  # it tells whose it is, and not of what else there is
        told.experiment_permissions, told.registered_model_permissions = [], []
    return wire.CurrentUserResponse(user=told, is_basic_auth=user.origin == PASSWORD)


@handles(wire.UpdateUserPassword)
def update_user_password(context: Context, request: wire.UpdateUserPassword) -> Empty:
    """Set a password; one's own only with the present one."""
    caller, username = context.caller, request.username
    if caller.name != username and not caller.is_admin:
        raise PermissionDenied("Permission denied: only administrators set the passwords of others.")
    user = context.store.read(lambda session: session.users.get(username))
    if user.origin != PASSWORD:
        raise InvalidState(f"User {username!r} logs in by {user.origin}, and has no password here.")
    password = checked_password(request.password, username=username)
    if caller.name == username:
        _check_present(context, user, request.current_password or "")
        if password == request.current_password:
            raise InvalidParameterValue("The new password is the present one. Choose another.")
    kept = _passwords(context).keep(password)
    context.store.write(lambda session: session.users.set_password(username, password_hash=kept, now=clock.now_ms()))
    return Empty()


def _check_present(context: Context, user: User, given: str) -> None:
    """Return when this is the present password; who has only a session or a token may not guess it, either."""
    caller, guard = context.caller, LoginGuard(context.store)
    guard.check(user.username, caller.address)
    if not _passwords(context).proves(given, user.password_hash):
        guard.failed(user.username, caller.address, caller.request_id)
        raise InvalidParameterValue("The present password is wrong. Give it as 'current_password'.")


@handles(wire.UpdateUserAdmin)
def update_user_admin(context: Context, session: Session, request: wire.UpdateUserAdmin) -> Empty:
    """Make a user an administrator, or no longer."""
    del context
    user = session.users.get(request.username)
    if not request.is_admin:
        _check_not_last(session, user)
    session.users.set_admin(user.username, is_admin=request.is_admin)
    return Empty()


@handles(wire.DeleteUser)
def delete_user(context: Context, session: Session, request: wire.DeleteUser) -> Empty:
    """Delete a user."""
    user = session.users.get(request.username)
    if user.username == context.caller.name:
        raise InvalidState("You cannot delete yourself. Have another administrator do it.", "BAD_REQUEST")
    _check_not_last(session, user)
    session.users.delete(user.username)
    return Empty()


def _check_not_last(session: Session, user: User) -> None:
    if user.is_admin and session.users.count_admins() == 1:
        raise InvalidState(f"User {user.username!r} is the last administrator. Make somebody else one first.")


def _told(session: Session, user: User) -> wire.User:
    """A user with what is granted to it alone."""
    grants = session.grants.of([session.roles.own(user).number])
    return wire.User(
        id=user.number,
        username=user.username,
        is_admin=user.is_admin,
        origin=user.origin,
        experiment_permissions=[
            wire.ExperimentPermission(
                experiment_id=grant.target, user_id=user.number, permission=user_rules.level_name(grant.level)
            )
            for grant in grants
            if grant.kind == EXPERIMENT
        ],
        registered_model_permissions=[
            wire.RegisteredModelPermission(
                name=grant.target, user_id=user.number, permission=user_rules.level_name(grant.level)
            )
            for grant in grants
            if grant.kind == MODEL
        ],
    )
