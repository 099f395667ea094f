"""Handlers for `wire.roles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists
from assay.service import user_rules
from assay.service.dispatch import Context, handles
from assay.wire import roles as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session
    from assay.store.users import Grant, Membership, Role, User

BY_HAND = "manual"
MAX_DESCRIPTION = 5000
_RESERVED = "__user_"


def roles_of(session: Session, users: Sequence[User]) -> dict[int, list[wire.Role]]:
    """The roles of users with what is granted to them, by the user's number."""
    found = session.roles.of(users)
    told = {role.id: role for role in _told(session, [role for roles in found.values() for role in roles])}
    return {number: [told[role.number] for role in roles] for number, roles in found.items()}


def _told(session: Session, roles: Sequence[Role]) -> list[wire.Role]:
    told = {
        role.number: wire.Role(id=role.number, name=role.name, description=role.description or None, permissions=[])
        for role in roles
    }
    for grant in session.grants.of(list(told)):
        told[grant.role_no].permissions.append(told_grant(grant))
    return list(told.values())


def told_grant(grant: Grant) -> wire.RolePermission:
    """A grant as it is told."""
    return wire.RolePermission(
        id=grant.number,
        role_id=grant.role_no,
        resource_type=grant.kind,
        resource_pattern=grant.target,
        permission=user_rules.level_name(grant.level),
    )


def _one(session: Session, number: int) -> wire.RoleResponse:
    return wire.RoleResponse(role=_told(session, [session.roles.get(number)])[0])


def _name(given: str) -> str:
    checked = user_rules.name(given, "role name")
    if checked.startswith(_RESERVED):
        raise InvalidParameterValue(f"Invalid role name {checked!r}: names like this are those of users' own roles.")
    return checked


def _description(given: str | None) -> str:
    if given and len(given) > MAX_DESCRIPTION:
        raise InvalidParameterValue(f"The description has {len(given)} characters; at most {MAX_DESCRIPTION} fit.")
    return given or ""


@handles(wire.CreateRole)
def create_role(context: Context, session: Session, request: wire.CreateRole) -> wire.RoleResponse:
    """Make a role."""
    del context
    if request.workspace != wire.WORKSPACE:
        raise InvalidParameterValue(f"There is no workspace {request.workspace[:100]!r}, only {wire.WORKSPACE!r}.")
    role = session.roles.create(_name(request.name), description=_description(request.description), now=clock.now_ms())
    return _one(session, role.number)


@handles(wire.GetRole)
def get_role(context: Context, session: Session, request: wire.GetRole) -> wire.RoleResponse:
    """Get a role."""
    del context
    return _one(session, request.role_id)


@handles(wire.ListRoles)
def list_roles(context: Context, session: Session, request: wire.ListRoles) -> wire.RolesResponse:
    """List roles, but those of one user."""
    del context
    if request.workspace not in (None, wire.WORKSPACE):
        return wire.RolesResponse(roles=[])
    return wire.RolesResponse(roles=_told(session, session.roles.all()))


@handles(wire.UpdateRole)
def update_role(context: Context, session: Session, request: wire.UpdateRole) -> wire.RoleResponse:
    """Change what is given of a role."""
    del context
    if request.name is None and request.description is None:
        raise InvalidParameterValue("Give 'name' or 'description': one of them is to change.")
    name = None if request.name is None else _name(request.name)
    description = None if request.description is None else _description(request.description)
    _shared(session, request.role_id)
    session.roles.update(request.role_id, name=name, description=description)
    return _one(session, request.role_id)


@handles(wire.DeleteRole)
def delete_role(context: Context, session: Session, request: wire.DeleteRole) -> Empty:
    """Delete a role."""
    del context
    _shared(session, request.role_id)
    session.roles.delete(request.role_id)
    return Empty()


def _shared(session: Session, number: int) -> Role:
    """A role that is not one user's own."""
    role = session.roles.get(number)
    if role.owner:
        raise InvalidParameterValue(
            f"The role with id {number} is {role.owner!r}'s own, and stays as long as the user."
        )
    return role


@handles(wire.AddRolePermission)
def add_role_permission(
    context: Context, session: Session, request: wire.AddRolePermission
) -> wire.RolePermissionResponse:
    """Grant something on which nothing is granted to the role."""
    del context
    role = session.roles.get(request.role_id)
    kind = user_rules.kind(request.resource_type)
    target = user_rules.target(request.resource_pattern, of=kind)
    level = user_rules.granted(request.permission, of=kind)
    if session.grants.find(role.number, kind=kind, target=target) is not None:
        raise ResourceAlreadyExists(
            f"The role {role.name!r} has a permission on the {kind} {target!r} already. Update that one."
        )
    grant = session.grants.set(role.number, kind=kind, target=target, level=level)
    return wire.RolePermissionResponse(role_permission=told_grant(grant))


@handles(wire.RemoveRolePermission)
def remove_role_permission(context: Context, session: Session, request: wire.RemoveRolePermission) -> Empty:
    """Take back a grant."""
    del context
    session.grants.delete(request.role_permission_id)
    return Empty()


@handles(wire.ListRolePermissions)
def list_role_permissions(
    context: Context, session: Session, request: wire.ListRolePermissions
) -> wire.RolePermissionsResponse:
    """List what is granted to a role."""
    del context
    role = session.roles.get(request.role_id)
    return wire.RolePermissionsResponse(
        role_permissions=[told_grant(grant) for grant in session.grants.of([role.number])]
    )


@handles(wire.UpdateRolePermission)
def update_role_permission(
    context: Context, session: Session, request: wire.UpdateRolePermission
) -> wire.RolePermissionResponse:
    """Change a level."""
    del context
    kept = session.grants.get(request.role_permission_id)
    grant = session.grants.change(kept.number, level=user_rules.granted(request.permission, of=kept.kind))
    return wire.RolePermissionResponse(role_permission=told_grant(grant))


@handles(wire.AssignRole)
def assign_role(context: Context, session: Session, request: wire.AssignRole) -> wire.RoleAssignmentResponse:
    """Give a role to a user."""
    del context
    role, user = _shared(session, request.role_id), session.users.get(request.username)
    member = session.roles.assign(role.number, user=user, origin=BY_HAND)
    return wire.RoleAssignmentResponse(assignment=_told_member(member))


@handles(wire.UnassignRole)
def unassign_role(context: Context, session: Session, request: wire.UnassignRole) -> Empty:
    """Take a role from a user."""
    del context
    role = _shared(session, request.role_id)
    session.roles.unassign(role.number, user=session.users.get(request.username))
    return Empty()


@handles(wire.ListRoleUsers)
def list_role_users(context: Context, session: Session, request: wire.ListRoleUsers) -> wire.RoleAssignmentsResponse:
    """List who has a role."""
    del context
    role = session.roles.get(request.role_id)
    return wire.RoleAssignmentsResponse(assignments=[_told_member(one) for one in session.roles.members(role.number)])


def _told_member(member: Membership) -> wire.RoleAssignment:
    return wire.RoleAssignment(
        id=member.number,
        user_id=member.user_no,
        role_id=member.role_no,
        username=member.username,
        origin=member.origin,
    )
