"""Roles, what is granted to them, and who has them, as MLflow has had them since 3.13. Messages and operations.

A role is a group of users. `resource_pattern` is the id of an experiment, the name of a registered model, or `*`.
"""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation

_ROLES = "3.0/mlflow/roles"
WORKSPACE = "default"
"""There is one workspace."""


class RolePermission(Message, omit_defaults=False):
    """What a role may do with something."""

    id: int
    role_id: int
    resource_type: str
    resource_pattern: str
    permission: str


class Role(Message, omit_defaults=False):
    """A role with all that is granted to it."""

    id: int
    name: str
    description: str | None = None
    workspace: str = WORKSPACE
    permissions: list[RolePermission] = []


class RoleAssignment(Message, omit_defaults=False):
    """That a user has a role."""

    id: int
    user_id: int
    role_id: int
    username: str = ""
    origin: str = ""


class RoleResponse(Message):
    """One role."""

    nullable: ClassVar[bool] = True

    role: Role


class RolesResponse(Message, omit_defaults=False):
    """Roles by name."""

    nullable: ClassVar[bool] = True

    roles: list[Role]


class RolePermissionResponse(Message):
    """One grant."""

    role_permission: RolePermission


class RolePermissionsResponse(Message, omit_defaults=False):
    """What is granted to a role."""

    role_permissions: list[RolePermission]


class RoleAssignmentResponse(Message):
    """One membership."""

    assignment: RoleAssignment


class RoleAssignmentsResponse(Message, omit_defaults=False):
    """Who has a role, by name."""

    assignments: list[RoleAssignment]


@operation("POST", f"{_ROLES}/create", returns=RoleResponse, access="permission:manage")
class CreateRole(Message):
    """Make a role."""

    name: str
    workspace: str = WORKSPACE
    description: str | None = None


@operation("GET", f"{_ROLES}/get", returns=RoleResponse, access="permission:manage")
class GetRole(Message):
    """Get a role."""

    role_id: int


@operation("GET", f"{_ROLES}/list", returns=RolesResponse, access="permission:manage")
class ListRoles(Message):
    """List roles."""

    workspace: str | None = None


@operation("PATCH", f"{_ROLES}/update", returns=RoleResponse, access="permission:manage")
class UpdateRole(Message):
    """Change what is given of a role."""

    role_id: int
    name: str | None = None
    description: str | None = None


@operation("DELETE", f"{_ROLES}/delete", access="permission:manage")
class DeleteRole(Message):
    """Delete a role with all that is granted to it."""

    role_id: int


@operation("POST", f"{_ROLES}/permissions/add", returns=RolePermissionResponse, access="permission:manage")
class AddRolePermission(Message):
    """Grant something to a role."""

    role_id: int
    resource_type: str
    resource_pattern: str
    permission: str


@operation("DELETE", f"{_ROLES}/permissions/remove", access="permission:manage")
class RemoveRolePermission(Message):
    """Take back what is granted to a role."""

    role_permission_id: int


@operation("GET", f"{_ROLES}/permissions/list", returns=RolePermissionsResponse, access="permission:manage")
class ListRolePermissions(Message):
    """List what is granted to a role."""

    role_id: int


@operation("PATCH", f"{_ROLES}/permissions/update", returns=RolePermissionResponse, access="permission:manage")
class UpdateRolePermission(Message):
    """Change the level of what is granted."""

    role_permission_id: int
    permission: str


@operation("POST", f"{_ROLES}/assign", returns=RoleAssignmentResponse, access="permission:manage")
class AssignRole(Message):
    """Give a role to a user."""

    username: str
    role_id: int


@operation("DELETE", f"{_ROLES}/unassign", access="permission:manage")
class UnassignRole(Message):
    """Take a role from a user."""

    username: str
    role_id: int


@operation("GET", f"{_ROLES}/users/list", returns=RoleAssignmentsResponse, access="permission:manage")
class ListRoleUsers(Message):
    """List who has a role."""

    role_id: int
