"""What of the store one reader may see, as conditions: put into every statement that looks for things by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from assay.store.sql.filters import Fragment
from assay.store.users import ALL, EXPERIMENT, MODEL, READ

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Query
    from assay.store.sql.database import Transaction
    from assay.store.sql.grants import SqlGrants
    from assay.store.users import Reader

Q = TypeVar("Q", bound="Query")

_EVERYTHING = Fragment("1 = 1")
_NOTHING = Fragment("1 = 0")


class Sight:
    """The eyes of a session: it sees everything, until it is limited to what a reader may read."""

    __slots__ = ("_grants", "_reader", "_transaction", "_wide")

    def __init__(self, transaction: Transaction, grants: SqlGrants) -> None:
        self._transaction = transaction
        self._grants = grants
        self._reader: Reader | None = None
        self._wide: dict[str, int | None] = {}

    def limit(self, reader: Reader | None) -> None:
        """See only what the reader may read; None for everything."""
        self._reader = reader
        self._wide.clear()

    def experiments(self, column: str) -> Fragment:
        """That the experiment whose number stands in a column is seen."""
        return self._condition(column, kind=EXPERIMENT)

    def models(self, column: str) -> Fragment:
        """That the registered model whose number stands in a column is seen."""
        return self._condition(column, kind=MODEL)

    def among(self, query: Q) -> Q:
        """The query over the experiments that are seen."""
        if self._reader is None:
            return query
        return replace(query, experiment_ids=self._seen(query.experiment_ids))

    def readable(self, experiment_ids: Sequence[str]) -> Sequence[str]:
        """The experiments among these that are seen."""
        if self._reader is None:
            return experiment_ids
        levels = self._grants.levels(self._reader, kind=EXPERIMENT, targets=experiment_ids)
        return [one for one in experiment_ids if levels[one] >= READ]

    def _seen(self, experiment_ids: Sequence[str] | None) -> Sequence[str] | None:
        if experiment_ids is not None:
            return self.readable(experiment_ids)
        seen = self.experiments("e.experiment_id")
        if seen == _EVERYTHING:
            return None
        rows = self._transaction.all(f"select e.experiment_id from experiments e where {seen.sql}", seen.values)
        return [str(number) for (number,) in rows]

    OWN = """
    coalesce((
      select case when min(x.level) < 0 then 0 when ? >= 1 then ? else max(x.level) end
      from grants x
      where x.kind = ? and x.target = {column} and x.role_no in ({places})
    ), ?) >= 1
    """

    def _condition(self, column: str, *, kind: str) -> Fragment:
        """Two-valued: what is granted on this one, with what is granted on all, else the reader's default."""
        reader = self._reader
        if reader is None:
            return _EVERYTHING
        only = reader.experiment if kind == EXPERIMENT else reader.model
        if (reader.experiment or reader.model) and not only:
            return _NOTHING
        if kind not in self._wide:
            self._wide[kind] = self._grants.wide(reader, kind=kind)
        wide = self._wide[kind]
        if wide is not None and wide < 0:
            return _NOTHING
        base = reader.default if wide is None else wide
        seen = _EVERYTHING if base >= READ else _NOTHING
        if reader.roles:
            sql = self.OWN.format(column=column, places=", ".join("?" * len(reader.roles)))
            seen = Fragment(sql, (wide or 0, wide or 0, kind, *reader.roles, base))
        if not only or only == ALL:
            return seen
        return Fragment(f"({column} = ? and {seen.sql})", (self._grants.number(kind, only), *seen.values))
