"""Users and roles as the pages of administrators show them: each page in one answer. Messages and operations."""

from __future__ import annotations

from assay.wire.base import Message, operation


class UserSummary(Message, omit_defaults=False):
    """A user at a glance.

    `role_ids` are the roles that it has, its own left out; `grants` counts what is granted to it alone, `tokens` those
    that have not expired. `last_used` is when one of its tokens or sessions was, in milliseconds since the epoch; 0 for
    never.
    """

    id: int
    username: str
    is_admin: bool
    origin: str
    role_ids: list[int]
    grants: int
    tokens: int
    last_used: int


class UserSummaries(Message, omit_defaults=False):
    """Users by name. `total` counts all that there are."""

    users: list[UserSummary]
    total: int


class RoleSummary(Message, omit_defaults=False):
    """A role at a glance: how many users have it, and on how much it is granted something."""

    id: int
    name: str
    description: str
    members: int
    grants: int


class HeldRole(RoleSummary, omit_defaults=False):
    """A role of a user; `origin` is where it was given: `manual` for here, or the identity provider that says so."""

    origin: str


class RoleMember(Message, omit_defaults=False):
    """A user who has a role; `origin` is as in `HeldRole`."""

    username: str
    origin: str


class RoleSummaries(Message, omit_defaults=False):
    """Roles by name, without those of one user."""

    roles: list[RoleSummary]


class NamedGrant(Message, omit_defaults=False):
    """Something that is granted; `name` is the name of the experiment or registered model, or `*`."""

    id: int
    role_id: int
    resource_type: str
    resource_id: str
    name: str
    permission: str


class UserPage(Message, omit_defaults=False):
    """A user with its roles, and all that is granted to it; `own_role_id` is the role that only this user has."""

    id: int
    username: str
    is_admin: bool
    origin: str
    own_role_id: int
    roles: list[HeldRole]
    grants: list[NamedGrant]


class RolePage(Message, omit_defaults=False):
    """A role with those who have it, by name, and what is granted to it."""

    id: int
    name: str
    description: str
    members: list[RoleMember]
    grants: list[NamedGrant]


@operation("GET", "assay/1/views/users", returns=UserSummaries, access="user:manage")
class ViewUsers(Message):
    """All users at a glance, at most 10,000."""


@operation("GET", "assay/1/views/user", returns=UserPage, access="user:manage")
class ViewUser(Message):
    """A user with its roles, and all that is granted to it by whichever role."""

    username: str


@operation("GET", "assay/1/views/roles", returns=RoleSummaries, access="permission:manage")
class ViewRoles(Message):
    """All roles at a glance."""


@operation("GET", "assay/1/views/role", returns=RolePage, access="permission:manage")
class ViewRole(Message):
    """A role with its members, and what is granted to it."""

    role_id: int
