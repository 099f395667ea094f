"""What is granted to one user: as MLflow has it since 3.13, and, for one resource, as it had it before.

Messages and operations. Whoever may manage an experiment or a registered model may grant on it.
"""

from __future__ import annotations

from assay.wire.base import Message, operation
from assay.wire.roles import RolesResponse
from assay.wire.users import ExperimentPermission, RegisteredModelPermission

_USERS = "3.0/mlflow/users"
_EXPERIMENTS = "2.0/mlflow/experiments/permissions"
_MODELS = "2.0/mlflow/registered-models/permissions"


class UserPermission(Message, omit_defaults=False):
    """Something that a user may do, and the role by which."""

    resource_type: str
    resource_pattern: str
    permission: str
    role_id: int
    role_name: str
    workspace: str = "default"


class UserPermissionsResponse(Message, omit_defaults=False):
    """All that is granted to a user, by whichever role."""

    is_admin: bool
    permissions: list[UserPermission]


class EffectivePermissionResponse(Message, omit_defaults=False):
    """What a user may do in the end; `allowed` is whether that is USE or more, as MLflow has it."""

    allowed: bool
    permission: str


class ExperimentPermissionResponse(Message):
    """What a user may do with an experiment."""

    experiment_permission: ExperimentPermission


class RegisteredModelPermissionResponse(Message):
    """What a user may do with a registered model."""

    registered_model_permission: RegisteredModelPermission


@operation("GET", f"{_USERS}/current/permissions", returns=UserPermissionsResponse, access="user:read")
class GetCurrentPermissions(Message):
    """All that is granted to who asks."""


@operation("GET", f"{_USERS}/permissions/list", returns=UserPermissionsResponse, access="user:self")
class ListUserPermissions(Message):
    """All that is granted to a user."""

    username: str


@operation("GET", f"{_USERS}/permissions/get", returns=EffectivePermissionResponse, access="user:self")
class GetUserPermission(Message):
    """What a user may do with a resource, all grants and the default considered."""

    username: str
    resource_type: str
    resource_id: str


@operation("POST", f"{_USERS}/permissions/grant", access="grant:manage")
class GrantUserPermission(Message):
    """Grant something to one user."""

    username: str
    resource_type: str
    resource_id: str
    permission: str


@operation("POST", f"{_USERS}/permissions/revoke", access="grant:manage")
class RevokeUserPermission(Message):
    """Take back what is granted to one user."""

    username: str
    resource_type: str
    resource_id: str


@operation("GET", f"{_USERS}/roles/list", returns=RolesResponse, access="user:self")
class ListUserRoles(Message):
    """List the roles of a user."""

    username: str


@operation("POST", f"{_EXPERIMENTS}/create", returns=ExperimentPermissionResponse, access="grant:manage")
class CreateExperimentPermission(Message):
    """Grant something on an experiment to a user to whom nothing is granted there."""

    experiment_id: str
    username: str
    permission: str


@operation("GET", f"{_EXPERIMENTS}/get", returns=ExperimentPermissionResponse, access="grant:manage")
class GetExperimentPermission(Message):
    """What is granted to a user on an experiment."""

    experiment_id: str
    username: str


@operation("PATCH", f"{_EXPERIMENTS}/update", access="grant:manage")
class UpdateExperimentPermission(Message):
    """Change what is granted to a user on an experiment."""

    experiment_id: str
    username: str
    permission: str


@operation("DELETE", f"{_EXPERIMENTS}/delete", access="grant:manage")
class DeleteExperimentPermission(Message):
    """Take back what is granted to a user on an experiment."""

    experiment_id: str
    username: str


@operation("POST", f"{_MODELS}/create", returns=RegisteredModelPermissionResponse, access="grant:manage")
class CreateRegisteredModelPermission(Message):
    """Grant something on a registered model to a user to whom nothing is granted there."""

    name: str
    username: str
    permission: str


@operation("GET", f"{_MODELS}/get", returns=RegisteredModelPermissionResponse, access="grant:manage")
class GetRegisteredModelPermission(Message):
    """What is granted to a user on a registered model."""

    name: str
    username: str


@operation("PATCH", f"{_MODELS}/update", access="grant:manage")
class UpdateRegisteredModelPermission(Message):
    """Change what is granted to a user on a registered model."""

    name: str
    username: str
    permission: str


@operation("DELETE", f"{_MODELS}/delete", access="grant:manage")
class DeleteRegisteredModelPermission(Message):
    """Take back what is granted to a user on a registered model."""

    name: str
    username: str
