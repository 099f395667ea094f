"""Who may do what with one experiment or registered model, and why. Messages and operations.

Whoever may manage it may ask, and grant on it to users and to roles.
"""

from __future__ import annotations

from assay.wire.base import Message, operation

_PERMISSIONS = "assay/1/permissions"


class ResourceGrant(Message, omit_defaults=False):
    """Something granted on one resource, or, with `*`, on all of its kind or on everything.

    It is granted to a user alone (`username`), or to all who have a role (`role_name`); the other one is empty.
    """

    resource_type: str
    resource_pattern: str
    permission: str
    role_id: int
    role_name: str = ""
    username: str = ""
    members: int = 0


class Holder(Message, omit_defaults=False):
    """What a user may do in the end; `role_ids` are the roles of the grants that count, one's own among them."""

    username: str
    permission: str
    is_admin: bool
    role_ids: list[int]


class ResourceHoldersResponse(Message, omit_defaults=False):
    """What is granted, on the resource itself first and to users first, and which users may do what by it, by name.

    `permission` is what the caller may do, `default_permission` what all may do who are not among the holders, of whom
    there are `total`: no more than 1,000 are told.
    """

    permission: str
    default_permission: str
    grants: list[ResourceGrant]
    holders: list[Holder]
    total: int


@operation("GET", f"{_PERMISSIONS}/holders", returns=ResourceHoldersResponse, access="grant:manage")
class ListResourceHolders(Message):
    """List who may do what with an experiment or a registered model, and why."""

    resource_type: str
    resource_id: str


@operation("POST", f"{_PERMISSIONS}/set", access="grant:manage")
class SetResourceGrant(Message):
    """Grant something to a user or to a role, in place of what was granted to it there."""

    resource_type: str
    resource_id: str
    permission: str
    username: str = ""
    role_name: str = ""


@operation("POST", f"{_PERMISSIONS}/remove", access="grant:manage")
class RemoveResourceGrant(Message):
    """Take back what is granted to a user alone, or to a role."""

    resource_type: str
    resource_id: str
    username: str = ""
    role_name: str = ""
