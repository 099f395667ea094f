"""The highest sequence number applied of each journal writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.store.sql.database import Transaction


class SqlJournals:
    """`base.Journals` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    _APPLIED = "select seq from journals where writer = ?"

    def applied(self, writer: str) -> int:
        """The highest sequence number applied, 0 for an unknown writer."""
        row = self._transaction.one(self._APPLIED, (writer,))
        return row[0] if row else 0

    _ADVANCE = "update journals set seq = ?, updated_at = ? where writer = ? and seq < ?"
    _BEGIN = "insert into journals (writer, seq, updated_at) values (?, ?, ?)"

    def advance(self, writer: str, *, seq: int, now: int) -> None:
        """Store the highest sequence number applied; it never goes back."""
        if self._transaction.one(self._APPLIED, (writer,)) is None:
            self._transaction.run(self._BEGIN, (writer, seq, now))
        else:
            self._transaction.run(self._ADVANCE, (seq, now, writer, seq))
