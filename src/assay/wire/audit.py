"""The audit log: who did what to what, from where. Messages and operations."""

from __future__ import annotations

from assay.wire.base import Message, operation


class AuditEntry(Message, omit_defaults=False):
    """Somebody did something, or tried to.

    `credential` is how the name was proved, `action` the name of the operation, `outcome` is `done` or the code of the
    error, `detail` what was asked for, as JSON, without secrets. `digest` is the SHA-256 of all this and of the digest
    before it. `time` is in milliseconds since the epoch.
    """

    number: int
    time: int
    request_id: str
    actor: str
    credential: str
    address: str
    action: str
    resource: str
    outcome: str
    detail: str
    digest: str


class AuditResponse(Message, omit_defaults=False):
    """Entries, the latest first; the token leads to older ones."""

    entries: list[AuditEntry]
    next_page_token: str = ""


class AuditCheckResponse(Message, omit_defaults=False):
    """What came of checking the chain: how many entries there are, and the first one that is not as it was written.

    `broken` is its number, 0 where all are; -1 where entries are gone from the end, or from where `head` was it.
    `entries` counts those up to there. `head` is the digest of the last entry: kept elsewhere, it shows later whether
    one was taken away, also by who can write the database.
    """

    entries: int
    broken: int
    head: str = ""


class AuditActionsResponse(Message, omit_defaults=False):
    """Names of operations, in order."""

    actions: list[str]


@operation("GET", "assay/1/audit/search", returns=AuditResponse, access="audit:manage")
class SearchAudit(Message):
    """Find entries that are equal in all that is given; `since` and `until` are milliseconds, both included.

    `refused` finds only what was not done, whatever the outcome.
    """

    actor: str = ""
    action: str = ""
    resource: str = ""
    address: str = ""
    outcome: str = ""
    refused: bool = False
    since: int | None = None
    until: int | None = None
    max_results: int | None = None
    page_token: str | None = None


@operation("GET", "assay/1/audit/actions", returns=AuditActionsResponse, access="audit:manage")
class ListAuditActions(Message):
    """List the actions that the audit log remembers."""


@operation("GET", "assay/1/audit/check", returns=AuditCheckResponse, access="audit:manage")
class CheckAudit(Message):
    """Check that no entry was changed or taken away; also not since one had the digest `head`."""

    head: str = ""
