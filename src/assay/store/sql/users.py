"""Statements of users and of the roles that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.store.users import Account, Membership, Role, Size, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.sql.database import Transaction

_USER = "u.user_no, u.username, u.password_hash, u.is_admin, u.origin, u.changed_at"
_ROLE = "r.role_no, r.name, r.description, coalesce(o.username, '')"
_MEMBERSHIP = """
select m.member_no, m.role_no, m.user_no, u.username, m.origin
from role_members m join users u on u.user_no = m.user_no
"""
_ROLES = f"select {_ROLE} from roles r left join users o on o.user_no = r.owner_no"


class SqlUsers:
    """`Users` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    CREATE = """
    insert into users (username, password_hash, is_admin, origin, creation_time, changed_at)
    values (?, ?, ?, ?, ?, ?)
    returning user_no
    """

    def create(self, username: str, *, password_hash: str, is_admin: bool, origin: str, now: int) -> User:
        """Store a user."""
        if self.find(username) is not None:
            raise ResourceAlreadyExists(f"User (username={username}) already exists. Choose another name.")
        values = (username, password_hash, int(is_admin), origin, now, now)
        number: int = self._transaction.all(self.CREATE, values)[0][0]
        self._transaction.run(self.ADD_OWN_ROLE, (f"__user_{number}__", number, now))
        return User(number, username, password_hash, is_admin, origin, now)

    ADD_OWN_ROLE = "insert into roles (name, description, owner_no, creation_time) values (?, '', ?, ?)"

    FIND = f"select {_USER} from users u where u.username = ?"

    def find(self, username: str) -> User | None:
        """The user, or None."""
        row = self._transaction.one(self.FIND, (username,))
        return _user(row) if row else None

    def get(self, username: str) -> User:
        """The user."""
        found = self.find(username)
        if found is None:
            raise ResourceDoesNotExist(f"User with username={username} not found. Check the name.")
        return found

    NUMBERED = f"select {_USER} from users u where u.user_no = ?"

    def numbered(self, number: int) -> User | None:
        """The user with a number, or None."""
        row = self._transaction.one(self.NUMBERED, (number,))
        return _user(row) if row else None

    IDENTIFY = "insert into identities (issuer, subject, user_no, creation_time) values (?, ?, ?, ?)"

    def identify(self, user: User, *, issuer: str, subject: str, now: int) -> None:
        """Remember by what an identity provider knows the user."""
        self._transaction.run(self.IDENTIFY, (issuer, subject, user.number, now))

    IDENTIFIED = f"""
    select {_USER} from identities i join users u on u.user_no = i.user_no where i.issuer = ? and i.subject = ?
    """

    def identified(self, *, issuer: str, subject: str) -> User | None:
        """The user whom an identity provider knows by this, or None."""
        row = self._transaction.one(self.IDENTIFIED, (issuer, subject))
        return _user(row) if row else None

    PAGE = f"select {_USER} from users u order by u.username limit ? offset ?"

    def page(self, *, limit: int, offset: int) -> list[User]:
        """Users by name."""
        return [_user(row) for row in self._transaction.all(self.PAGE, (limit, offset))]

    MEMBERSHIPS = "select user_no, role_no from role_members order by user_no, role_no"
    GRANTED = """
    select r.owner_no, count(*) from grants x join roles r on r.role_no = x.role_no
    where r.owner_no is not null
    group by r.owner_no
    """
    TOKENS = """
    select user_no, sum(case when expiry_time > ? then 1 else 0 end), max(last_used) from tokens group by user_no
    """
    SESSIONS = "select user_no, max(last_used) from sessions group by user_no"

    def accounts(self, *, limit: int, now: int) -> list[Account]:
        """Users by name with what belongs to them."""
        roles: dict[int, list[int]] = {}
        for user_no, role_no in self._transaction.all(self.MEMBERSHIPS):
            roles.setdefault(user_no, []).append(role_no)
        granted: dict[int, int] = dict(self._transaction.all(self.GRANTED))
        tokens = {user_no: (count, used) for user_no, count, used in self._transaction.all(self.TOKENS, (now,))}
        sessions: dict[int, int] = dict(self._transaction.all(self.SESSIONS))
        found = []
        for user in self.page(limit=limit, offset=0):
            count, used = tokens.get(user.number, (0, 0))
            last_used = max(used, sessions.get(user.number, 0))
            held = tuple(roles.get(user.number, ()))
            found.append(Account(user, held, granted.get(user.number, 0), int(count), last_used))
        return found

    COUNT = "select count(*) from users"

    def count(self) -> int:
        """How many users there are."""
        counted: int = self._transaction.all(self.COUNT)[0][0]
        return counted

    ADMINS = f"select {_USER} from users u where u.is_admin = 1 order by u.username"

    def admins(self) -> list[User]:
        """Administrators by name."""
        return [_user(row) for row in self._transaction.all(self.ADMINS)]

    COUNT_ADMINS = "select count(*) from users where is_admin = 1"

    def count_admins(self) -> int:
        """How many administrators there are."""
        counted: int = self._transaction.all(self.COUNT_ADMINS)[0][0]
        return counted

    ANY = "select 1 from users limit 1"

    def is_empty(self) -> bool:
        """Whether there is no user yet."""
        return self._transaction.one(self.ANY) is None

    SET_PASSWORD = "update users set password_hash = ?, changed_at = ? where username = ?"  # noqa: S105
    END_SESSIONS = "delete from sessions where user_no = ?"

    def set_password(self, username: str, *, password_hash: str, now: int) -> None:
        """Set the password, which ends the sessions of the user."""
        user = self.get(username)
        self._transaction.run(self.SET_PASSWORD, (password_hash, now, username))
        self._transaction.run(self.END_SESSIONS, (user.number,))

    REHASH = "update users set password_hash = ? where user_no = ? and password_hash = ?"

    def rehash(self, user: User, *, password_hash: str) -> None:
        """Keep the same password in another way."""
        self._transaction.run(self.REHASH, (password_hash, user.number, user.password_hash))

    SET_ADMIN = "update users set is_admin = ? where user_no = ?"

    def set_admin(self, username: str, *, is_admin: bool) -> None:
        """Make the user an administrator, or no longer."""
        self._transaction.run(self.SET_ADMIN, (int(is_admin), self.get(username).number))

    DELETE = "delete from users where user_no = ?"

    def delete(self, username: str) -> None:
        """Delete the user with what was granted to it alone, its tokens and its sessions."""
        self._transaction.run(self.DELETE, (self.get(username).number,))


class SqlRoles:
    """`Roles` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    CREATE = """
    insert into roles (name, description, owner_no, creation_time) values (?, ?, ?, ?) returning role_no
    """

    def create(self, name: str, *, description: str, now: int) -> Role:
        """Store a role."""
        self._check_name(name)
        number: int = self._transaction.all(self.CREATE, (name, description, None, now))[0][0]
        return Role(number, name, description)

    def _check_name(self, name: str) -> None:
        if self.named(name) is not None:
            raise ResourceAlreadyExists(f"Role with name={name} already exists. Choose another name.")

    OWN = f"{_ROLES} where r.owner_no = ?"

    def own(self, user: User) -> Role:
        """The role that only this user has."""
        return Role(*self._transaction.all(self.OWN, (user.number,))[0])

    GET = f"{_ROLES} where r.role_no = ?"

    def get(self, number: int) -> Role:
        """The role."""
        row = self._transaction.one(self.GET, (number,))
        if row is None:
            raise ResourceDoesNotExist(f"Role with id={number} not found. Check the id.")
        return Role(*row)

    SOME = f"{_ROLES} where r.role_no in ({{integers}}) order by r.role_no"

    def numbered(self, numbers: Sequence[int]) -> list[Role]:
        """Those of some roles that are there, by number."""
        dialect = self._transaction.dialect
        rows = self._transaction.all(self.SOME.format(integers=dialect.integers), (dialect.bound(list(numbers)),))
        return [Role(*row) for row in rows]

    NAMED = f"{_ROLES} where r.name = ?"

    def named(self, name: str) -> Role | None:
        """The role of this name, or None."""
        row = self._transaction.one(self.NAMED, (name,))
        return Role(*row) if row else None

    ALL = f"{_ROLES} where r.owner_no is null order by r.name"

    def all(self) -> list[Role]:
        """Roles that are not of one user, by name."""
        return [Role(*row) for row in self._transaction.all(self.ALL)]

    UPDATE = "update roles set name = ?, description = ? where role_no = ?"

    def update(self, number: int, *, name: str | None = None, description: str | None = None) -> None:
        """Change what is given."""
        role = self.get(number)
        if name is not None and name != role.name:
            self._check_name(name)
        values = (role.name if name is None else name, role.description if description is None else description)
        self._transaction.run(self.UPDATE, (*values, number))

    DELETE = "delete from roles where role_no = ?"

    def delete(self, number: int) -> None:
        """Delete the role with what was granted to it."""
        self.get(number)
        self._transaction.run(self.DELETE, (number,))

    MEMBERS_OF = "select role_no, count(*) from role_members where role_no in ({integers}) group by role_no"
    GRANTS_OF = "select role_no, count(*) from grants where role_no in ({integers}) group by role_no"

    def sizes(self, numbers: Sequence[int]) -> dict[int, Size]:
        """How large some roles are, by their number."""
        dialect = self._transaction.dialect
        bound = (dialect.bound(list(numbers)),)
        members: dict[int, int] = dict(self._transaction.all(self.MEMBERS_OF.format(integers=dialect.integers), bound))
        grants: dict[int, int] = dict(self._transaction.all(self.GRANTS_OF.format(integers=dialect.integers), bound))
        return {number: Size(members.get(number, 0), grants.get(number, 0)) for number in numbers}

    MEMBER = "select member_no from role_members where user_no = ? and role_no = ?"
    ASSIGN = "insert into role_members (role_no, user_no, origin) values (?, ?, ?) returning member_no"

    def assign(self, number: int, *, user: User, origin: str) -> Membership:
        """Make a user a member."""
        role = self.get(number)
        if self._transaction.one(self.MEMBER, (user.number, number)) is not None:
            raise ResourceAlreadyExists(f"User {user.username} has the role {role.name} already.")
        member: int = self._transaction.all(self.ASSIGN, (number, user.number, origin))[0][0]
        return Membership(member, number, user.number, user.username, origin)

    UNASSIGN = "delete from role_members where user_no = ? and role_no = ?"

    def unassign(self, number: int, *, user: User) -> None:
        """End a membership."""
        role = self.get(number)
        if not self._transaction.run(self.UNASSIGN, (user.number, number)):
            raise ResourceDoesNotExist(f"User {user.username} does not have the role {role.name}.")

    MEMBERS = f"{_MEMBERSHIP} where m.role_no = ? order by u.username"

    def members(self, number: int) -> list[Membership]:
        """Who has the role, by name."""
        return [Membership(*row) for row in self._transaction.all(self.MEMBERS, (number,))]

    HAVING = f"""
    select h.role_no, {_USER}
    from (
      select role_no, user_no from role_members where role_no in ({{integers}})
      union all
      select role_no, owner_no from roles where role_no in ({{integers}}) and owner_no is not null
    ) h join users u on u.user_no = h.user_no
    order by u.username
    """

    def having(self, numbers: Sequence[int]) -> dict[int, list[User]]:
        """Who has each of some roles, by name: its members, or the user whose own it is."""
        found: dict[int, list[User]] = {number: [] for number in numbers}
        dialect = self._transaction.dialect
        bound = dialect.bound(list(found))
        for role_no, *user in self._transaction.all(self.HAVING.format(integers=dialect.integers), (bound, bound)):
            found[role_no].append(_user(tuple(user)))
        return found

    MEMBERSHIPS = f"{_MEMBERSHIP} where m.user_no = ? order by m.role_no"

    def memberships(self, user: User) -> list[Membership]:
        """Of which roles the user was made a member, by role."""
        return [Membership(*row) for row in self._transaction.all(self.MEMBERSHIPS, (user.number,))]

    OF = f"""
    select m.user_no, {_ROLE}
    from (
      select user_no, role_no from role_members where user_no in ({{integers}})
      union all
      select owner_no, role_no from roles where owner_no in ({{integers}})
    ) m join roles r on r.role_no = m.role_no left join users o on o.user_no = r.owner_no
    order by r.name
    """

    def of(self, users: Sequence[User]) -> dict[int, list[Role]]:
        """The roles of some users by the user's number, their own ones included, by name."""
        found: dict[int, list[Role]] = {user.number: [] for user in users}
        dialect = self._transaction.dialect
        numbers = dialect.bound(list(found))
        for user_no, *role in self._transaction.all(self.OF.format(integers=dialect.integers), (numbers, numbers)):
            found[user_no].append(Role(*role))
        return found


def _user(row: tuple[Any, ...]) -> User:
    number, username, password_hash, is_admin, origin, changed_at = row
    return User(number, username, password_hash, bool(is_admin), origin, changed_at)
