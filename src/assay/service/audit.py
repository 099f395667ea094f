"""Handlers for `wire.audit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.search.pages import decode_offset, encode_offset
from assay.service import rules
from assay.service.audit_events import is_audited
from assay.service.dispatch import Context, handles
from assay.service.logins import ACTION as LOGGED_IN
from assay.store.audit import Wanted, digest_of
from assay.wire import audit as wire
from assay.wire.operations import OPERATIONS, TRANSFERS

if TYPE_CHECKING:
    from assay.store.base import Session

DEFAULT_PAGE = 100
MAX_PAGE = 1000


@handles(wire.SearchAudit)
def search_audit(context: Context, session: Session, request: wire.SearchAudit) -> wire.AuditResponse:
    """Find entries, the latest first."""
    del context
    size = rules.page_size(request.max_results or None, default=DEFAULT_PAGE, most=MAX_PAGE)
    before = decode_offset(request.page_token) or None
    wanted = Wanted(
        actor=request.actor,
        action=request.action,
        resource=request.resource,
        address=request.address,
        outcome=request.outcome,
        refused=request.refused,
        since=_moment(request.since),
        until=_moment(request.until),
        before=before,
    )
    found = session.audit.find(wanted, limit=size + 1)
    token = encode_offset(found[size - 1].number) if len(found) > size else ""
    return wire.AuditResponse(
        entries=[
            wire.AuditEntry(
                number=entry.number,
                time=entry.event.happened_at,
                request_id=entry.event.request_id,
                actor=entry.event.actor,
                credential=entry.event.credential,
                address=entry.event.address,
                action=entry.event.action,
                resource=entry.event.resource,
                outcome=entry.event.outcome,
                detail=entry.event.detail,
                digest=entry.digest,
            )
            for entry in found[:size]
        ],
        next_page_token=token,
    )


def _moment(given: int | None) -> int | None:
    if given is not None and abs(given) >= 2**62:
        raise InvalidParameterValue(f"Invalid time {given}: give milliseconds since 1970.")
    return given


@handles(wire.ListAuditActions)
def list_audit_actions(context: Context, session: Session, request: wire.ListAuditActions) -> wire.AuditActionsResponse:
    """List what is remembered."""
    del context, session, request
    operations = (*OPERATIONS.values(), *TRANSFERS.values())
    return wire.AuditActionsResponse(
        actions=sorted({operation.name for operation in operations if is_audited(operation)} | {LOGGED_IN})
    )


@handles(wire.CheckAudit)
def check_audit(context: Context, session: Session, request: wire.CheckAudit) -> wire.AuditCheckResponse:
    """Check the chain from its first entry to its head."""
    del context
    behind, count, missing = "", 0, bool(request.head)
    for entry in session.audit.entries():
        count += 1
        behind = digest_of(entry.event, behind=behind)
        if entry.digest != behind:
            return wire.AuditCheckResponse(entries=count, broken=entry.number)
        missing = missing and behind != request.head
    is_whole = session.audit.head() == behind and not missing
    return wire.AuditCheckResponse(entries=count, broken=0 if is_whole else -1, head=behind)
