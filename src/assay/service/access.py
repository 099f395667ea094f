"""Who may do what, decided in one place from the operation table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from assay.core.errors import NotSupported, PermissionDenied, ResourceDoesNotExist, Unauthenticated
from assay.service.needs import NEEDS, Need
from assay.store.base import unknown
from assay.store.users import EDIT, EXPERIMENT, LEVELS, MANAGE, MODEL, NOTHING, READ, USE, Reader

if TYPE_CHECKING:
    from assay.store.base import Session
    from assay.wire.base import Message, Operation

WRITING = "write"
READING = "read"
APPENDING = "append"
SCOPES = (READING, WRITING, APPENDING)
"""What a token is good for: reading, all but managing users and tokens, or adding to one run or experiment."""
OF_LEVEL = {"read": READ, "use": USE, "append": EDIT, "edit": EDIT, "manage": MANAGE}
_NAMES = {level: name for name, level in LEVELS.items()}
_READS = frozenset({"read", "search"})
_ABOUT_USERS = frozenset({"user", "token", "permission", "audit"})
_OF_ALL = _ABOUT_USERS | {"workspace"}
_WHO = frozenset({"getCurrentUser"})
"""All that a credential for one thing may ask about users: whose it is."""
_MANAGING = _ABOUT_USERS | {"grant"}
_NOUNS = {EXPERIMENT: "experiment with id", MODEL: "registered model named"}


class Caller(msgspec.Struct, frozen=True):
    """Who asks. `local` callers run in this process, on this machine's own files.

    A struct, as is `Context`: both are made for every request.

    Attributes:
        name: The user's name; empty where nobody has proved one.
        local: Whether it is this process.
        number: The number of the user, 0 for none.
        is_admin: Whether the user is an administrator.
        roles: The numbers of the roles that the user has.
        credential: How the name was proved, such as `password` or `token ab12cd34`.
        scope: What the credential is good for; empty for everything that the user may do.
        experiment: The only experiment that it is good for, where there is one.
        model: The only registered model that it is good for.
        run: The only run that it is good for, in `experiment`.
        address: Where the request came from.
        request_id: The name of the request in the log.
    """

    name: str = ""
    local: bool = False
    number: int = 0
    is_admin: bool = False
    roles: tuple[int, ...] = ()
    credential: str = ""
    scope: str = ""
    experiment: str = ""
    model: str = ""
    run: str = ""
    address: str = ""
    request_id: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether the credential is good for one thing only."""
        return bool(self.experiment or self.model)


class Policy(Protocol):
    """Decides what a caller may ask for.

    Attributes:
        default: The level that users have on what nothing is granted on.
    """

    default: int

    def check(self, session: Session, caller: Caller, operation: Operation, request: Message) -> None:
        """Return when it is allowed, in the transaction of what is asked for.

        Raises:
            Unauthenticated: nobody says who asks.
            PermissionDenied: it is not allowed; names what and which permission is missing.
            ResourceDoesNotExist: what is named may not even be read.
        """

    def reader(self, caller: Caller) -> Reader | None:
        """What searches find; None for everything."""


def check_has_users(operation: Operation) -> None:
    """Return when an operation makes sense without users.

    Raises:
        NotSupported: it is about them.
    """
    if operation.resource in _MANAGING:
        raise NotSupported(f"{operation.name}: this server has no users. Start it with --auth.")


class _AllowAll:
    default = MANAGE

    def check(self, session: Session, caller: Caller, operation: Operation, request: Message) -> None:
        """Allow: a server without users, or a store on one's own disk."""
        del session, caller, request
        check_has_users(operation)

    def reader(self, caller: Caller) -> Reader | None:
        """Everything."""
        del caller
        return None


ALLOW_ALL: Policy = _AllowAll()


class UserPolicy:
    """Users may do what is granted to their roles; administrators everything.

    Args:
        default: The level that users have on what nothing is granted on.
    """

    def __init__(self, *, default: int = NOTHING) -> None:
        self.default = default

    def check(self, session: Session, caller: Caller, operation: Operation, request: Message) -> None:
        """Return when it is allowed."""
        if operation.access == "open" or caller.local:
            return
        if not caller.number:
            raise Unauthenticated("You are not logged in. Send a user's name and password, or a token.")
        self._check_scope(caller, operation)
        if operation.resource in _ABOUT_USERS or operation.resource == "workspace":
            self._check_standing(caller, operation, request)
            return
        if operation.level == "search" or (self.reader(caller) is None and not caller.run):
            return
        needs = NEEDS[operation.resource](session, request, OF_LEVEL[operation.level])
        if not needs and caller.is_limited and operation.resource != "journal":
            raise PermissionDenied(f"{caller.credential} is good for what it names only, and that is not there.")
        self.check_needs(session, caller, needs, operation=operation)

    def reader(self, caller: Caller) -> Reader | None:
        """What is granted to the roles of the caller, within what its credential is good for."""
        if caller.local:
            return None
        if caller.is_admin:
            return Reader((), MANAGE, caller.experiment, caller.model) if caller.is_limited else None
        return Reader(caller.roles, self.default, caller.experiment, caller.model)

    def check_needs(self, session: Session, caller: Caller, needs: list[Need], *, operation: Operation) -> None:
        """Return when the caller has every level that is needed."""
        for need in needs:
            if caller.run and need.run != caller.run:
                raise PermissionDenied(f"{caller.credential} is good for the run {caller.run!r} only.")
        reader = self.reader(caller)
        if reader is None:
            return
        for kind in dict.fromkeys(need.kind for need in needs):  # what is named first is told first
            asked = [need for need in needs if need.kind == kind]
            held = session.grants.levels(reader, kind=kind, targets=[need.target for need in asked])
            for need in asked:
                _check_level(need, held[need.target], operation=operation)

    @staticmethod
    def _check_scope(caller: Caller, operation: Operation) -> None:
        """A token does less than its user: what it is not good for is refused before anything is looked at."""
        if not caller.scope:
            return
        level = operation.level
        good = level in _READS or (caller.scope == WRITING and operation.resource not in _MANAGING)
        good = good or (caller.scope == APPENDING and level == "append")
        if caller.run and level == "search":
            good = False
        if caller.is_limited and operation.resource in _OF_ALL and operation.name not in _WHO:
            good = False
        if not good:
            raise PermissionDenied(
                f"{caller.credential} is good for {caller.scope!r} only, not for {operation.name}. Use another."
            )

    @staticmethod
    def _check_standing(caller: Caller, operation: Operation, request: Message) -> None:
        """What depends on who asks, and not on a resource: `self` is about oneself, or for administrators."""
        if operation.level == "self" and not caller.is_admin and getattr(request, "username", "") != caller.name:
            raise PermissionDenied(f"Permission denied: {operation.name} of others is for administrators.")
        if operation.level == "manage" and not caller.is_admin:
            raise PermissionDenied(f"Permission denied: {operation.name} is for administrators.")


def _check_level(need: Need, held: int, *, operation: Operation) -> None:
    """What may not even be read is told like what is not there."""
    if held >= need.level:
        return
    if held < READ:
        if need.missing or need.kind == EXPERIMENT:
            raise ResourceDoesNotExist(need.missing or unknown("experiment", [need.target]))
        raise ResourceDoesNotExist(f"There is no registered model {need.target!r}. Check the name, or create it.")
    raise PermissionDenied(
        f"Permission denied: {operation.name} needs {_NAMES[need.level]} on the {_NOUNS[need.kind]} {need.target!r}; "
        f"you have {_NAMES[held]}."
    )
