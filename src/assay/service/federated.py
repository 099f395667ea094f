"""Users whom an identity provider vouches for: who is let in, under which name, and with which roles."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assay.core.errors import InvalidParameterValue, PermissionDenied
from assay.core.log import logger
from assay.service import user_rules
from assay.store.users import OIDC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.store.base import Session
    from assay.store.users import User

Reason = Literal["denied", "expired", "group", "limit", "name", "proof", "provider"]
"""Why somebody is not let in, in words that pages go by: the web UI has a sentence for each."""

_log = logger("server")


class LoginRefused(PermissionDenied):
    """Somebody whom an identity provider sent is not let in. The message is for the log: pages go by the reason."""

    def __init__(self, reason: Reason, message: str, *, username: str = "") -> None:
        """Refuse for a reason; `username` is who it was, as far as that is proved."""
        super().__init__(message)
        self.reason: Reason = reason
        self.username = username


@dataclass(frozen=True)
class Proved:
    """Whom a provider vouches for.

    Attributes:
        issuer: The provider.
        subject: Its own name for the user, which never changes and is never given to another.
        username: What the user is called.
        groups: The user's groups there; None where they are not asked for.
    """

    issuer: str
    subject: str
    username: str
    groups: tuple[str, ...] | None = None


@dataclass(frozen=True)
class GroupRules:
    """What the groups of a user mean here.

    Attributes:
        allowed: Who is in none of these is not let in; empty lets in all.
        admin: Its members are administrators, and nobody else of the provider is; empty leaves that to this server.
        roles: The role that the members of a group have; empty for the roles that are called as the groups are.
    """

    allowed: frozenset[str] = frozenset()
    admin: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)

    def role_names(self, groups: tuple[str, ...]) -> set[str]:
        """The names of the roles that the members of some groups have."""
        return {self.roles[group] for group in groups if group in self.roles} if self.roles else set(groups)


@dataclass
class Admission:
    """Who was let in, and what that changed."""

    user: User
    is_new: bool = False
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def detail(self) -> str:
        """For the audit log."""
        said = {"new user": self.is_new, "gained": self.gained[:20], "lost": self.lost[:20]}
        return json.dumps({name: value for name, value in said.items() if value})


def admit(session: Session, proved: Proved, rules: GroupRules, *, now: int) -> Admission:
    """Let somebody in: a user is made at the first time; its memberships become what the provider says.

    Memberships that were given here stay as they are.

    Raises:
        LoginRefused: the user is in none of the groups that are let in, or the name is taken, or no name.
    """
    groups = proved.groups or ()
    if rules.allowed and not rules.allowed.intersection(groups):
        raise LoginRefused(
            "group",
            f"User {proved.username!r} is in none of the groups of ASSAY_OIDC_ALLOWED_GROUPS.",
            username=proved.username,
        )
    known = session.users.identified(issuer=proved.issuer, subject=proved.subject)
    admission = Admission(known or _made(session, proved, now=now), is_new=known is None)
    if proved.groups is not None:
        _follow_groups(session, admission, proved.groups, rules)
    return admission


def _made(session: Session, proved: Proved, *, now: int) -> User:
    try:
        username = user_rules.name(proved.username, "user name")
    except InvalidParameterValue as error:
        raise LoginRefused("name", error.message) from error
    if session.users.find(username) is not None:
        raise LoginRefused(
            "name",
            f"There is another user {username!r} here, who is not {proved.subject!r} of {proved.issuer}. Delete that "
            "user, or set ASSAY_OIDC_USERNAME_CLAIM to a claim by which nobody has another one's name.",
            username=username,
        )
    user = session.users.create(username, password_hash="", is_admin=False, origin=OIDC, now=now)
    session.users.identify(user, issuer=proved.issuer, subject=proved.subject, now=now)
    return user


def _follow_groups(session: Session, admission: Admission, groups: tuple[str, ...], rules: GroupRules) -> None:
    user = admission.user
    if rules.admin and user.is_admin != (rules.admin in groups):
        session.users.set_admin(user.username, is_admin=not user.is_admin)
        (admission.lost if user.is_admin else admission.gained).append("administrator")
    roles = {role.name: role.number for role in session.roles.all()}
    wanted = rules.role_names(groups)
    if rules.roles and wanted - roles.keys():
        _log.warning("ASSAY_OIDC_GROUP_ROLES names roles that are not there: %s", ", ".join(wanted - roles.keys()))
    has = {member.role_no: member.origin for member in session.roles.memberships(user)}
    for name, number in roles.items():
        if name in wanted and number not in has:
            session.roles.assign(number, user=user, origin=OIDC)
            admission.gained.append(name)
        elif name not in wanted and has.get(number) == OIDC:
            session.roles.unassign(number, user=user)
            admission.lost.append(name)
