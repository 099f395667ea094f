"""Statements and messages of the history of aliases: every set and deletion is a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.wire.registry import AliasChange

if TYPE_CHECKING:
    from assay.store.registry import Change
    from assay.store.sql.database import Transaction


class SqlAliasChanges:
    """What the aliases of models stood for, over a transaction.

    A change gets the number after the highest that its writer sees. Of two writers at once, the second finds its number
    taken and does all of its work again, so that each has seen every change before its own.
    """

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    LAST = "select max(change_no) from alias_changes"
    LAST_TIME = "select max(changed_at) from alias_changes where model_no = ? and alias = ?"
    NOTE = """
    insert into alias_changes (change_no, model_no, alias, version, changed_at, changed_by, note)
    values (?, ?, ?, ?, ?, ?, ?)
    """

    def note(self, model_no: int, *, alias: str, version: int | None, change: Change) -> None:
        """Note that the alias stands for a version now, or for none; its times never go back."""
        number: int = (self._transaction.all(self.LAST)[0][0] or 0) + 1
        last: int = self._transaction.all(self.LAST_TIME, (model_no, alias))[0][0] or 0
        values = (number, model_no, alias, version, max(change.now, last), change.by, change.note)
        self._transaction.run(self.NOTE, values)

    HISTORY = """
    select alias, version, changed_at, changed_by, note
    from alias_changes
    where model_no = ? and alias = ? and changed_at <= ?
    order by change_no desc
    limit ? offset ?
    """

    def history(self, model_no: int, *, alias: str, as_of: int, limit: int, offset: int) -> list[AliasChange]:
        """The changes of an alias until a time, in milliseconds, the last first."""
        return _changes(self._transaction.all(self.HISTORY, (model_no, alias, as_of, limit, offset)))

    ALL = """
    select alias, version, changed_at, changed_by, note
    from alias_changes
    where model_no = ?
    order by change_no desc
    limit ?
    """

    def all(self, model_no: int, *, limit: int) -> list[AliasChange]:
        """The changes of all aliases of a model, the last first."""
        return _changes(self._transaction.all(self.ALL, (model_no, limit)))

    BEFORE = """
    select c.version
    from alias_changes c join model_versions v on v.model_no = c.model_no and v.version = c.version
    where c.model_no = ? and c.alias = ? and c.version <> ?
    order by c.change_no desc
    limit 1
    """

    def before(self, model_no: int, *, alias: str, present: int | None) -> int | None:
        """The version, not the present one and not deleted since, that the alias stood for last; None for none."""
        row = self._transaction.one(self.BEFORE, (model_no, alias, present or 0))
        return None if row is None else row[0]


def _changes(rows: list[tuple[Any, ...]]) -> list[AliasChange]:
    return [
        AliasChange(
            alias=name, version="" if version is None else str(version), changed_at=at, changed_by=by, note=note
        )
        for name, version, at, by, note in rows
    ]
