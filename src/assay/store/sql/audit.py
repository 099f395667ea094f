"""Statements of the audit log, and the chain of digests that shows whether an entry was changed or taken away."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from assay.store.audit import DONE, Entry, Event, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.store.audit import Wanted
    from assay.store.sql.database import Transaction

_EVENT = "happened_at, request_id, actor, credential, address, action, resource, outcome, detail"
_ENTRY = f"entry_no, {_EVENT}, digest"
_AT_ONCE = 1000


class SqlAudit:
    """`Audit` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    HEAD = "select digest from audit_head where place = 1"
    ADD = f"insert into audit ({_EVENT}, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning entry_no"
    MOVE_HEAD = """
    insert into audit_head (place, digest) values (1, ?)
    on conflict (place) do update set digest = excluded.digest
    """

    def add(self, event: Event) -> Entry:
        """Add an entry behind the last one."""
        self._transaction.claim("audit")
        digest = digest_of(event, behind=self.head())
        number: int = self._transaction.all(self.ADD, (*astuple(event), digest))[0][0]
        self._transaction.run(self.MOVE_HEAD, (digest,))
        return Entry(number, event, digest)

    def head(self) -> str:
        """The digest of the last entry, kept apart from it; empty where there is none."""
        row = self._transaction.one(self.HEAD)
        return row[0] if row else ""

    FIND = f"select {_ENTRY} from audit where {{condition}} order by entry_no desc limit ?"

    def find(self, wanted: Wanted, *, limit: int) -> list[Entry]:
        """Entries, the latest first."""
        terms: list[tuple[str, Any]] = [
            ("actor = ?", wanted.actor or None),
            ("action = ?", wanted.action or None),
            ("resource = ?", wanted.resource or None),
            ("address = ?", wanted.address or None),
            ("outcome = ?", wanted.outcome or None),
            ("outcome <> ?", DONE if wanted.refused else None),
            ("happened_at >= ?", wanted.since),
            ("happened_at <= ?", wanted.until),
            ("entry_no < ?", wanted.before),
        ]
        given = [(sql, value) for sql, value in terms if value is not None]
        condition = " and ".join(sql for sql, _ in given) or "1 = 1"
        rows = self._transaction.all(self.FIND.format(condition=condition), (*(value for _, value in given), limit))
        return [_entry(row) for row in rows]

    FROM = f"select {_ENTRY} from audit where entry_no > ? order by entry_no limit ?"

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """All entries from the first on, to be checked one by one; those behind a number."""
        while rows := self._transaction.all(self.FROM, (after, _AT_ONCE)):
            yield from map(_entry, rows)
            after = rows[-1][0]


def _entry(row: tuple[Any, ...]) -> Entry:
    number, *event, digest = row
    return Entry(number, Event(*event), digest)
