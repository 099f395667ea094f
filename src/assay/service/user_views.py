"""Handlers for `wire.user_views`, each in a fixed number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.core import clock
from assay.core.errors import ResourceDoesNotExist
from assay.service import user_rules
from assay.service.dispatch import Context, handles
from assay.service.users import MOST_USERS
from assay.store.users import ALL, EXPERIMENT
from assay.wire import user_views as wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session
    from assay.store.users import Role, User


@handles(wire.ViewUsers)
def view_users(context: Context, session: Session, request: wire.ViewUsers) -> wire.UserSummaries:
    """All users at a glance."""
    del context, request
    accounts = session.users.accounts(limit=MOST_USERS, now=clock.now_ms())
    return wire.UserSummaries(
        total=session.users.count(),
        users=[
            wire.UserSummary(
                id=account.user.number,
                username=account.user.username,
                is_admin=account.user.is_admin,
                origin=account.user.origin,
                role_ids=list(account.roles),
                grants=account.grants,
                tokens=account.tokens,
                last_used=account.last_used,
            )
            for account in accounts
        ],
    )


@handles(wire.ViewUser)
def view_user(context: Context, session: Session, request: wire.ViewUser) -> wire.UserPage:
    """A user with its roles, and all that is granted to it."""
    del context
    user = session.users.get(request.username)
    roles = session.roles.of([user])[user.number]
    (own,) = (role for role in roles if role.owner)
    return wire.UserPage(
        id=user.number,
        username=user.username,
        is_admin=user.is_admin,
        origin=user.origin,
        own_role_id=own.number,
        roles=_held(session, user, [role for role in roles if not role.owner]),
        grants=_grants(session, [role.number for role in roles]),
    )


@handles(wire.ViewRoles)
def view_roles(context: Context, session: Session, request: wire.ViewRoles) -> wire.RoleSummaries:
    """All roles at a glance."""
    del context, request
    return wire.RoleSummaries(roles=_summaries(session, session.roles.all()))


@handles(wire.ViewRole)
def view_role(context: Context, session: Session, request: wire.ViewRole) -> wire.RolePage:
    """A role with its members, and what is granted to it."""
    del context
    role = session.roles.get(request.role_id)
    if role.owner:
        raise ResourceDoesNotExist(f"The role with id {role.number} is {role.owner!r}'s own: look at the user.")
    return wire.RolePage(
        id=role.number,
        name=role.name,
        description=role.description,
        members=[
            wire.RoleMember(username=member.username, origin=member.origin)
            for member in session.roles.members(role.number)
        ],
        grants=_grants(session, [role.number]),
    )


def _summaries(session: Session, roles: Sequence[Role]) -> list[wire.RoleSummary]:
    sizes = session.roles.sizes([role.number for role in roles])
    return [
        wire.RoleSummary(
            id=role.number,
            name=role.name,
            description=role.description,
            members=sizes[role.number].members,
            grants=sizes[role.number].grants,
        )
        for role in roles
    ]


def _held(session: Session, user: User, roles: Sequence[Role]) -> list[wire.HeldRole]:
    origins = {member.role_no: member.origin for member in session.roles.memberships(user)}
    return [
        wire.HeldRole(**msgspec.structs.asdict(summary), origin=origins[summary.id])
        for summary in _summaries(session, roles)
    ]


def _grants(session: Session, roles: Sequence[int]) -> list[wire.NamedGrant]:
    found = session.grants.of(roles)
    names = session.experiments.names(
        [grant.target for grant in found if grant.kind == EXPERIMENT and grant.target != ALL]
    )
    return [
        wire.NamedGrant(
            id=grant.number,
            role_id=grant.role_no,
            resource_type=grant.kind,
            resource_id=grant.target,
            name=names.get(grant.target, grant.target) if grant.kind == EXPERIMENT else grant.target,
            permission=user_rules.level_name(grant.level),
        )
        for grant in found
    ]
