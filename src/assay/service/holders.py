"""Handlers for `wire.holders`, and what pages tell their reader of the own level."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.service import user_rules
from assay.service.access import ALLOW_ALL
from assay.service.dispatch import Context, handles
from assay.store.users import ALL, EVERYTHING, MANAGE, together
from assay.wire import holders as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session
    from assay.store.users import Grant, Role, User

MOST_HOLDERS = 1000


def permissions(context: Context, session: Session, *, kind: str, targets: Sequence[str]) -> list[str]:
    """What the caller may do with each of some experiments or models; empty on a server without users."""
    if context.policy is ALLOW_ALL:
        return [""] * len(targets)
    eyes = context.policy.reader(context.caller)
    if eyes is None:
        return [user_rules.level_name(MANAGE)] * len(targets)
    levels = session.grants.levels(eyes, kind=kind, targets=targets)
    return [user_rules.level_name(levels[target]) for target in targets]


def permission(context: Context, session: Session, *, kind: str, target: str) -> str:
    """What the caller may do with an experiment or a model; empty on a server without users."""
    return permissions(context, session, kind=kind, targets=[target])[0]


@handles(wire.ListResourceHolders)
def list_resource_holders(
    context: Context, session: Session, request: wire.ListResourceHolders
) -> wire.ResourceHoldersResponse:
    """List who may do what with a resource."""
    kind = user_rules.kind(request.resource_type)
    target = user_rules.target(request.resource_id, of=kind)
    places = dict.fromkeys([(kind, target), (kind, ALL), (EVERYTHING, ALL)])
    found = [session.grants.on(kind=place[0], target=place[1]) for place in places]
    numbers = list({grant.role_no for some in found for grant in some})
    roles = {role.number: role for role in session.roles.numbered(numbers)}
    grants = [grant for some in found for grant in sorted(some, key=lambda one: _by_name(roles[one.role_no]))]
    having = session.roles.having(numbers)
    holders = _holders(grants, having, session.users.admins(), default=context.policy.default)
    return wire.ResourceHoldersResponse(
        permission=permission(context, session, kind=kind, target=target),
        default_permission=user_rules.level_name(context.policy.default),
        grants=[_told(grant, roles[grant.role_no], members=len(having[grant.role_no])) for grant in grants],
        holders=holders[:MOST_HOLDERS],
        total=len(holders),
    )


def _holders(
    grants: list[Grant], having: dict[int, list[User]], admins: list[User], *, default: int
) -> list[wire.Holder]:
    """What each user comes to who is granted something, and administrators, who may do everything."""
    of_role: dict[int, list[int]] = defaultdict(list)
    for grant in grants:
        of_role[grant.role_no].append(grant.level)
    users = {user.username: user for some in (*having.values(), admins) for user in some}
    role_ids: dict[str, list[int]] = defaultdict(list)
    for number, some in having.items():
        for user in some:
            role_ids[user.username].append(number)

    def level(user: User) -> int:
        if user.is_admin:
            return MANAGE
        said = [one for number in role_ids[user.username] for one in of_role[number]]
        return together(min(said), max(said)) if said else default

    return [
        wire.Holder(
            username=name,
            permission=user_rules.level_name(level(user)),
            is_admin=user.is_admin,
            role_ids=role_ids[name],
        )
        for name, user in sorted(users.items())
    ]


def _by_name(role: Role) -> tuple[bool, str]:
    """Users stand before roles."""
    return (not role.owner, role.owner or role.name)


def _told(grant: Grant, role: Role, *, members: int) -> wire.ResourceGrant:
    return wire.ResourceGrant(
        resource_type=grant.kind,
        resource_pattern=grant.target,
        permission=user_rules.level_name(grant.level),
        role_id=role.number,
        role_name="" if role.owner else role.name,
        username=role.owner,
        members=members,
    )


@handles(wire.SetResourceGrant)
def set_resource_grant(context: Context, session: Session, request: wire.SetResourceGrant) -> Empty:
    """Grant something to a user or to a role."""
    del context
    kind = user_rules.kind(request.resource_type)
    target = user_rules.target(request.resource_id, of=kind)
    level = user_rules.granted(request.permission, of=kind)
    session.grants.set(_role(session, request).number, kind=kind, target=target, level=level)
    return Empty()


@handles(wire.RemoveResourceGrant)
def remove_resource_grant(context: Context, session: Session, request: wire.RemoveResourceGrant) -> Empty:
    """Take back a grant."""
    del context
    kind = user_rules.kind(request.resource_type)
    target = user_rules.target(request.resource_id, of=kind)
    present = session.grants.find(_role(session, request).number, kind=kind, target=target)
    if present is None:
        name = request.username or request.role_name
        raise ResourceDoesNotExist(f"Nothing is granted to {name!r} itself on the {kind} {target!r}.")
    session.grants.delete(present.number)
    return Empty()


def _role(session: Session, request: wire.SetResourceGrant | wire.RemoveResourceGrant) -> Role:
    """The role that is named, or the one that only the user has who is named."""
    if bool(request.username) == bool(request.role_name):
        raise InvalidParameterValue("Give 'username' or 'role_name': the one to whom it is granted.")
    if request.username:
        return session.roles.own(session.users.get(request.username))
    role = session.roles.named(request.role_name)
    if role is None or role.owner:
        raise ResourceDoesNotExist(f"Role with name={request.role_name} not found. Check the name.")
    return role
