"""`Context`, `@handles`, and `dispatch`: check access, find the handler, run it in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.service.access import ALLOW_ALL, Caller, Policy, check_has_users
from assay.service.audit_events import event_of, is_audited, known_of
from assay.service.webhook_events import announce
from assay.wire.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.blobs.base import BlobStore
    from assay.core.egress import Egress
    from assay.service.passwords import Passwords
    from assay.store.base import Session, Store
    from assay.wire.base import Message, Operation

    Handler = Callable[["Context", Session, Any], Message]
    ResourceHandler = Callable[["Context", Any], Message]

H = TypeVar("H", bound="Callable[..., Message]")


class Context(msgspec.Struct, frozen=True):
    """Everything a handler may use.

    `artifact_root` is where artifacts of new experiments go, as their clients see it; `destination` is where the
    server keeps what it proxies (`mlflow-artifacts:`), None when it proxies nothing. `reach` are the places that may be
    opened with this process's own rights because a stored URI names them; None for any. `egress` is the way to
    addresses that users choose; None where nothing is sent. `passwords` keeps those of users, if there are any;
    `password_login` is whether one may log in by them, `oidc_name` is the provider that one may log in with, if any.
    """

    store: Store
    artifact_root: str
    store_type: str
    destination: BlobStore | None = None
    reach: tuple[str, ...] | None = None
    egress: Egress | None = None
    passwords: Passwords | None = None
    password_login: bool = False
    oidc_name: str = ""
    policy: Policy = ALLOW_ALL
    caller: Caller = msgspec.field(default_factory=Caller)


HANDLERS: dict[type[Message], Callable[..., Message]] = {}


def handles(request: type[Message]) -> Callable[[H], H]:
    """Declare the handler of an operation.

    It is called with the context, the session of its transaction, and the message; handlers of `resources`
    operations get no session and open their own transactions.
    """

    def declare(handler: H) -> H:
        HANDLERS[request] = handler
        return handler

    return declare


def operation_of(request: Message) -> Operation:
    """The declaration of a request's operation."""
    return OPERATIONS[type(request)]


def dispatch(context: Context, request: Message) -> Message:
    """Do what the request asks and return the answer.

    Raises:
        AssayError: it cannot be done; nothing was changed.
    """
    operation = operation_of(request)
    handler = HANDLERS[operation.request]
    if operation.resources:
        admit(context, operation, request)
        answer = handler(context, request)
        if context.policy is not ALLOW_ALL and is_audited(operation):
            event = event_of(context.caller, operation, request=request)
            context.store.write(lambda session: session.audit.add(event))
        return answer
    work = unit_of_work(context, request)
    return context.store.write(work) if operation.writes else context.store.read(work)


def admit(context: Context, operation: Operation, request: Message) -> None:
    """Return when the caller may ask for an operation that opens its own transactions, or that carries bytes.

    Raises:
        Unauthenticated, PermissionDenied, ResourceDoesNotExist: see `Policy.check`.
    """
    if context.policy is ALLOW_ALL:
        check_has_users(operation)
        return
    check = context.policy.check
    context.store.read(lambda session: check(session, context.caller, operation, request))


def unit_of_work(context: Context, request: Message) -> Callable[[Session], Message]:
    """The transaction that answers the request: for stores that run it when and where they choose."""
    operation = operation_of(request)
    handler = HANDLERS[operation.request]

    def work(session: Session) -> Message:
        context.policy.check(session, context.caller, operation, request)
        if context.policy is not ALLOW_ALL:
            session.sight.limit(context.policy.reader(context.caller))
        remembers = context.policy is not ALLOW_ALL and is_audited(operation)
        known = known_of(session, request) if remembers else {}
        answer = handler(context, session, request)
        announce(session, request, answer)
        if remembers:
            session.audit.add(event_of(context.caller, operation, request=request, known=known))
        return answer

    return work
