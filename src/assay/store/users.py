"""The part of the `Store` contract that says who may do what: users, roles, and what is granted to roles.

A user has roles, by being a member or by owning one: what is granted to a user alone is granted to the role that only
this user has. What a role is granted is a level on one experiment or registered model, or on all of a kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

DENY = -1
NOTHING = 0
READ = 1
USE = 2
EDIT = 3
MANAGE = 4
LEVELS = {"DENY": DENY, "NO_PERMISSIONS": NOTHING, "READ": READ, "USE": USE, "EDIT": EDIT, "MANAGE": MANAGE}
"""What may be done with a resource, by MLflow's names for it; each includes those below, but DENY beats all."""

EXPERIMENT = "experiment"
MODEL = "registered_model"
EVERYTHING = "workspace"
ALL = "*"

PASSWORD = "password"  # noqa: S105 -- where a user comes from
"""Who was made here and proves it by a password; others come from an identity provider or a proxy, by its name."""
OIDC = "oidc"
"""Who, and which memberships, an OpenID provider vouches for."""


def together(least: int, most: int) -> int:
    """What grants of these and of levels between them come to: the greatest, unless one of them denies."""
    return DENY if least < NOTHING else most


@dataclass(frozen=True)
class User:
    """Who may ask. `changed_at` is when the password was last set; an empty hash is no password at all."""

    number: int
    username: str
    password_hash: str
    is_admin: bool
    origin: str
    changed_at: int


@dataclass(frozen=True)
class Account:
    """A user with what belongs to it.

    `roles` are the numbers of those it is a member of, `grants` counts what is granted to it alone, `tokens` those that
    have not expired; `last_used` is when one of its tokens or sessions was used last, 0 for never.
    """

    user: User
    roles: tuple[int, ...]
    grants: int
    tokens: int
    last_used: int


@dataclass(frozen=True)
class Role:
    """What its members have in common. `owner` is the name of the user whose own role it is, empty for others."""

    number: int
    name: str
    description: str
    owner: str = ""


@dataclass(frozen=True)
class Size:
    """How many members a role has, and how much is granted to it."""

    members: int
    grants: int


@dataclass(frozen=True)
class Grant:
    """What a role may do. `target` is the id of an experiment, the name of a registered model, or `*` for all."""

    number: int
    role_no: int
    kind: str
    target: str
    level: int


@dataclass(frozen=True)
class Membership:
    """That a user has a role. `origin` is where that was said: here, or by an identity provider."""

    number: int
    role_no: int
    user_no: int
    username: str
    origin: str


@dataclass(frozen=True)
class Reader:
    """Whose eyes a session sees with. `default` is the level where nothing is granted.

    `experiment` is the only experiment, `model` the only registered model, that is seen at all, where there is one.
    """

    roles: tuple[int, ...]
    default: int
    experiment: str = ""
    model: str = ""


class Users(Protocol):
    """Users by their name. Methods that take one raise ResourceDoesNotExist when it is unknown."""

    def create(self, username: str, *, password_hash: str, is_admin: bool, origin: str, now: int) -> User:
        """Store a user, with the role that only this user has.

        Raises:
            ResourceAlreadyExists: the name is taken.
        """

    def find(self, username: str) -> User | None:
        """The user, or None."""

    def get(self, username: str) -> User:
        """The user."""

    def numbered(self, number: int) -> User | None:
        """The user with a number, or None."""

    def identify(self, user: User, *, issuer: str, subject: str, now: int) -> None:
        """Remember by what an identity provider knows the user, which it knows nobody else by."""

    def identified(self, *, issuer: str, subject: str) -> User | None:
        """The user whom an identity provider knows by this, or None."""

    def page(self, *, limit: int, offset: int) -> list[User]:
        """Users by name."""

    def admins(self) -> list[User]:
        """Administrators by name."""

    def accounts(self, *, limit: int, now: int) -> list[Account]:
        """Users by name with what belongs to them, in a fixed number of statements."""

    def count(self) -> int:
        """How many users there are."""

    def count_admins(self) -> int:
        """How many administrators there are."""

    def is_empty(self) -> bool:
        """Whether there is no user yet."""

    def set_password(self, username: str, *, password_hash: str, now: int) -> None:
        """Set the password, which ends the sessions of the user."""

    def rehash(self, user: User, *, password_hash: str) -> None:
        """Keep the same password in another way."""

    def set_admin(self, username: str, *, is_admin: bool) -> None:
        """Make the user an administrator, or no longer."""

    def delete(self, username: str) -> None:
        """Delete the user with what was granted to it alone, its tokens and its sessions."""


class Roles(Protocol):
    """Roles by their number. Methods that take one raise ResourceDoesNotExist when it is unknown."""

    def create(self, name: str, *, description: str, now: int) -> Role:
        """Store a role.

        Raises:
            ResourceAlreadyExists: the name is taken.
        """

    def own(self, user: User) -> Role:
        """The role that only this user has."""

    def get(self, number: int) -> Role:
        """The role."""

    def numbered(self, numbers: Sequence[int]) -> list[Role]:
        """Those of some roles that are there, by number."""

    def named(self, name: str) -> Role | None:
        """The role of this name, or None."""

    def all(self) -> list[Role]:
        """Roles that are not of one user, by name."""

    def sizes(self, numbers: Sequence[int]) -> dict[int, Size]:
        """How large some roles are, by their number."""

    def update(self, number: int, *, name: str | None = None, description: str | None = None) -> None:
        """Change what is given.

        Raises:
            ResourceAlreadyExists: the name is taken.
        """

    def delete(self, number: int) -> None:
        """Delete the role with what was granted to it."""

    def assign(self, number: int, *, user: User, origin: str) -> Membership:
        """Make a user a member.

        Raises:
            ResourceAlreadyExists: it is one already.
        """

    def unassign(self, number: int, *, user: User) -> None:
        """End a membership.

        Raises:
            ResourceDoesNotExist: the user is no member.
        """

    def members(self, number: int) -> list[Membership]:
        """Who has the role, by name."""

    def having(self, numbers: Sequence[int]) -> dict[int, list[User]]:
        """Who has each of some roles, by name: its members, or the user whose own it is."""

    def memberships(self, user: User) -> list[Membership]:
        """Of which roles the user was made a member, by role; not the one that only this user has."""

    def of(self, users: Sequence[User]) -> dict[int, list[Role]]:
        """The roles of some users by the user's number, their own ones included, by name."""


class Grants(Protocol):
    """What is granted to roles. `target` is as in `Grant`; an unknown one raises ResourceDoesNotExist."""

    def set(self, role_no: int, *, kind: str, target: str, level: int) -> Grant:
        """Grant a level in place of what was granted there before."""

    def change(self, number: int, *, level: int) -> Grant:
        """Change the level of a grant, which is there."""

    def find(self, role_no: int, *, kind: str, target: str) -> Grant | None:
        """What is granted to a role on exactly this, or None."""

    def get(self, number: int) -> Grant:
        """The grant with a number.

        Raises:
            ResourceDoesNotExist: there is none.
        """

    def delete(self, number: int) -> None:
        """Take back a grant."""

    def of(self, role_nos: Sequence[int]) -> list[Grant]:
        """All that is granted to some roles, by role, kind and target."""

    def on(self, *, kind: str, target: str) -> list[Grant]:
        """All that is granted on one experiment or registered model, to whichever role."""

    def levels(self, reader: Reader, *, kind: str, targets: Sequence[str]) -> dict[str, int]:
        """What a reader may do with each of the experiments, or of the registered models.

        The greatest level that is granted counts, on this one, on all of its kind, or on everything; the reader's
        default where none is. DENY, on whichever of them, leaves nothing.
        """
