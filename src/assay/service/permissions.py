"""Handlers for `wire.permissions`: one table of grants, told in the ways of both generations of MLflow's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.service import user_rules
from assay.service.dispatch import Context, handles
from assay.service.roles import roles_of
from assay.store.users import EXPERIMENT, MANAGE, MODEL, USE, Reader
from assay.wire import permissions as wire
from assay.wire.base import Empty
from assay.wire.roles import RolesResponse
from assay.wire.users import ExperimentPermission, RegisteredModelPermission

if TYPE_CHECKING:
    from assay.store.base import Session
    from assay.store.users import Grant, User


def _own_grant(session: Session, user: User, *, kind: str, target: str) -> Grant | None:
    """What is granted to the user alone."""
    return session.grants.find(session.roles.own(user).number, kind=kind, target=target)


def _grant(session: Session, username: str, *, kind: str, target: str, level: int, anew: bool) -> User:
    """Grant something to a user alone: where nothing is granted yet, or, not `anew`, where something is."""
    user = session.users.get(username)
    present = _own_grant(session, user, kind=kind, target=target)
    if anew and present is not None:
        raise ResourceAlreadyExists(
            f"User {username!r} has a permission on the {kind} {target!r} already. Update that one."
        )
    if not anew and present is None:
        raise _missing(username, kind, target)
    session.grants.set(session.roles.own(user).number, kind=kind, target=target, level=level)
    return user


def _revoke(session: Session, username: str, *, kind: str, target: str) -> None:
    present = _own_grant(session, session.users.get(username), kind=kind, target=target)
    if present is None:
        raise _missing(username, kind, target)
    session.grants.delete(present.number)


def _missing(username: str, kind: str, target: str) -> ResourceDoesNotExist:
    return ResourceDoesNotExist(f"Nothing is granted to user {username!r} alone on the {kind} {target!r}.")


def _all_of(session: Session, username: str) -> wire.UserPermissionsResponse:
    user = session.users.get(username)
    return wire.UserPermissionsResponse(
        is_admin=user.is_admin,
        permissions=[
            wire.UserPermission(
                resource_type=grant.resource_type,
                resource_pattern=grant.resource_pattern,
                permission=grant.permission,
                role_id=role.id,
                role_name=role.name,
            )
            for role in roles_of(session, [user])[user.number]
            for grant in role.permissions
        ],
    )


@handles(wire.GetCurrentPermissions)
def get_current_permissions(
    context: Context, session: Session, request: wire.GetCurrentPermissions
) -> wire.UserPermissionsResponse:
    """All that is granted to who asks."""
    del request
    return _all_of(session, context.caller.name)


@handles(wire.ListUserPermissions)
def list_user_permissions(
    context: Context, session: Session, request: wire.ListUserPermissions
) -> wire.UserPermissionsResponse:
    """All that is granted to a user."""
    del context
    return _all_of(session, request.username)


@handles(wire.GetUserPermission)
def get_user_permission(
    context: Context, session: Session, request: wire.GetUserPermission
) -> wire.EffectivePermissionResponse:
    """What a user may do with a resource."""
    user = session.users.get(request.username)
    kind = user_rules.kind(request.resource_type)
    level = MANAGE
    if not user.is_admin:
        roles = tuple(role.number for role in session.roles.of([user])[user.number])
        eyes = Reader(roles, context.policy.default)
        target = user_rules.target(request.resource_id, of=kind)
        level = session.grants.levels(eyes, kind=kind, targets=[target])[target]
    return wire.EffectivePermissionResponse(allowed=level >= USE, permission=user_rules.level_name(level))


@handles(wire.GrantUserPermission)
def grant_user_permission(context: Context, session: Session, request: wire.GrantUserPermission) -> Empty:
    """Grant something to one user."""
    del context
    kind = user_rules.kind(request.resource_type)
    target = user_rules.target(request.resource_id, of=kind)
    level = user_rules.granted(request.permission, of=kind)
    _grant(session, request.username, kind=kind, target=target, level=level, anew=True)
    return Empty()


@handles(wire.RevokeUserPermission)
def revoke_user_permission(context: Context, session: Session, request: wire.RevokeUserPermission) -> Empty:
    """Take back what is granted to one user."""
    del context
    kind = user_rules.kind(request.resource_type)
    _revoke(session, request.username, kind=kind, target=user_rules.target(request.resource_id, of=kind))
    return Empty()


@handles(wire.ListUserRoles)
def list_user_roles(context: Context, session: Session, request: wire.ListUserRoles) -> RolesResponse:
    """List the roles of a user, but its own."""
    del context
    user = session.users.get(request.username)
    shared = {role.number for role in session.roles.of([user])[user.number] if not role.owner}
    return RolesResponse(roles=[role for role in roles_of(session, [user])[user.number] if role.id in shared])


@handles(wire.CreateExperimentPermission)
def create_experiment_permission(
    context: Context, session: Session, request: wire.CreateExperimentPermission
) -> wire.ExperimentPermissionResponse:
    """Grant something on an experiment."""
    del context
    one, level = request.experiment_id, user_rules.level(request.permission)
    user = _grant(session, request.username, kind=EXPERIMENT, target=one, level=level, anew=True)
    return _of_experiment(one, user, request.permission)


def _of_experiment(experiment_id: str, user: User, permission: str) -> wire.ExperimentPermissionResponse:
    granted = ExperimentPermission(experiment_id=experiment_id, user_id=user.number, permission=permission)
    return wire.ExperimentPermissionResponse(experiment_permission=granted)


@handles(wire.GetExperimentPermission)
def get_experiment_permission(
    context: Context, session: Session, request: wire.GetExperimentPermission
) -> wire.ExperimentPermissionResponse:
    """What is granted on an experiment."""
    del context
    user = session.users.get(request.username)
    present = _own_grant(session, user, kind=EXPERIMENT, target=request.experiment_id)
    if present is None:
        raise _missing(request.username, EXPERIMENT, request.experiment_id)
    return _of_experiment(request.experiment_id, user, user_rules.level_name(present.level))


@handles(wire.UpdateExperimentPermission)
def update_experiment_permission(context: Context, session: Session, request: wire.UpdateExperimentPermission) -> Empty:
    """Change what is granted on an experiment."""
    del context
    one, level = request.experiment_id, user_rules.level(request.permission)
    _grant(session, request.username, kind=EXPERIMENT, target=one, level=level, anew=False)
    return Empty()


@handles(wire.DeleteExperimentPermission)
def delete_experiment_permission(context: Context, session: Session, request: wire.DeleteExperimentPermission) -> Empty:
    """Take back what is granted on an experiment."""
    del context
    _revoke(session, request.username, kind=EXPERIMENT, target=request.experiment_id)
    return Empty()


@handles(wire.CreateRegisteredModelPermission)
def create_registered_model_permission(
    context: Context, session: Session, request: wire.CreateRegisteredModelPermission
) -> wire.RegisteredModelPermissionResponse:
    """Grant something on a registered model."""
    del context
    name, level = request.name, user_rules.level(request.permission)
    user = _grant(session, request.username, kind=MODEL, target=name, level=level, anew=True)
    return _of_model(name, user, request.permission)


def _of_model(name: str, user: User, permission: str) -> wire.RegisteredModelPermissionResponse:
    granted = RegisteredModelPermission(name=name, user_id=user.number, permission=permission)
    return wire.RegisteredModelPermissionResponse(registered_model_permission=granted)


@handles(wire.GetRegisteredModelPermission)
def get_registered_model_permission(
    context: Context, session: Session, request: wire.GetRegisteredModelPermission
) -> wire.RegisteredModelPermissionResponse:
    """What is granted on a registered model."""
    del context
    user = session.users.get(request.username)
    present = _own_grant(session, user, kind=MODEL, target=request.name)
    if present is None:
        raise _missing(request.username, MODEL, request.name)
    return _of_model(request.name, user, user_rules.level_name(present.level))


@handles(wire.UpdateRegisteredModelPermission)
def update_registered_model_permission(
    context: Context, session: Session, request: wire.UpdateRegisteredModelPermission
) -> Empty:
    """Change what is granted on a registered model."""
    del context
    name, level = request.name, user_rules.level(request.permission)
    _grant(session, request.username, kind=MODEL, target=name, level=level, anew=False)
    return Empty()


@handles(wire.DeleteRegisteredModelPermission)
def delete_registered_model_permission(
    context: Context, session: Session, request: wire.DeleteRegisteredModelPermission
) -> Empty:
    """Take back what is granted on a registered model."""
    del context
    _revoke(session, request.username, kind=MODEL, target=request.name)
    return Empty()
