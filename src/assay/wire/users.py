"""Users, as MLflow's `AuthServiceClient` manages them, and how they log in. Messages and operations."""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation
from assay.wire.roles import Role

_USERS = "2.0/mlflow/users"


class ExperimentPermission(Message, omit_defaults=False):
    """What a user may do with an experiment."""

    experiment_id: str
    user_id: int
    permission: str


class RegisteredModelPermission(Message, omit_defaults=False):
    """What a user may do with a registered model."""

    name: str
    user_id: int
    permission: str
    workspace: str = "default"


class User(Message, omit_defaults=False):
    """A user. What is granted to the user alone is listed by `get`; MLflow before 3.13 reads it there.

    There are no scorers here, but MLflow's client before 3.13 cannot do without their list.
    """

    id: int
    username: str
    is_admin: bool
    experiment_permissions: list[ExperimentPermission] = []
    registered_model_permissions: list[RegisteredModelPermission] = []
    scorer_permissions: list[str] = []
    origin: str = "password"


class ListedUser(Message, omit_defaults=False):
    """A user with its roles; its own is not among them."""

    id: int
    username: str
    is_admin: bool
    roles: list[Role]
    origin: str = "password"


class UserResponse(Message):
    """One user."""

    user: User


class UsersResponse(Message, omit_defaults=False):
    """Users by name."""

    nullable: ClassVar[bool] = True

    users: list[ListedUser]


class CurrentUserResponse(Message, omit_defaults=False):
    """Who asks; `is_basic_auth` says that the user can have a password here."""

    user: User
    is_basic_auth: bool = True


@operation("POST", f"{_USERS}/create", returns=UserResponse, access="user:manage", resources=True)
class CreateUser(Message):
    """Add a user. A password has at least 12 characters, and is not one that everybody knows."""

    username: str
    password: str


@operation("GET", f"{_USERS}/get", returns=UserResponse, access="user:self")
class GetUser(Message):
    """Get a user: oneself, or, for administrators, anybody."""

    username: str


@operation("GET", f"{_USERS}/list", returns=UsersResponse, access="user:read")
class ListUsers(Message):
    """List users, at most 10,000; administrators are told everybody's roles, others their own."""


@operation("GET", f"{_USERS}/current", returns=CurrentUserResponse, access="user:read")
class GetCurrentUser(Message):
    """Who asks."""


@operation("PATCH", f"{_USERS}/update-password", access="user:own", resources=True)
class UpdateUserPassword(Message):
    """Set a password: one's own with the present one, anybody's as an administrator. It ends the user's sessions."""

    username: str
    password: str
    current_password: str | None = None


@operation("PATCH", f"{_USERS}/update-admin", access="user:manage")
class UpdateUserAdmin(Message):
    """Make a user an administrator, or no longer; the last one stays."""

    username: str
    is_admin: bool


@operation("DELETE", f"{_USERS}/delete", access="user:manage")
class DeleteUser(Message):
    """Delete a user, who cannot be oneself."""

    username: str
