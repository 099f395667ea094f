"""Statements of the search over everything: each reads a bounded number of rows, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.store.base import ACTIVE
from assay.wire.home import FoundItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.filters import Fragment
    from assay.store.sql.sight import Sight

_NEWEST_RUNS = 10_000
_NEWEST_TAGGED = 2_000
_NEWEST_KEYED = 100
_MOST_KEYS = 50_000
_MOST_PLACES = 10_000
_AFTER = chr(0x10FFFF)
"""No text sorts after it."""


class SqlFinding:
    """`Finding` over a transaction."""

    __slots__ = ("_dialect", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._dialect = transaction.dialect

    def _like(self, expression: str, pattern: str) -> tuple[str, str]:
        return self._dialect.like(expression, pattern, ignore_case=True)

    _COLUMNS = "r.run_id, r.run_name, r.experiment_id, e.name, r.status, r.start_time"
    _BEGINS = f"""
    select {_COLUMNS}, ''
    from (select * from runs where {{column}} >= ? and {{column}} < ? order by {{column}} limit ?) r
    cross join experiments e
    where r.stage = ? and e.experiment_id = r.experiment_id and {{seen}}
    """
    BY_ID = _BEGINS.format(column="run_id", seen="{seen}")
    BY_NAME = _BEGINS.format(column="run_name", seen="{seen}")
    NAMED = f"""
    select {_COLUMNS}, '' from (select * from runs order by run_no desc limit ?) r cross join experiments e
    where r.stage = ? and {{like}} and e.experiment_id = r.experiment_id and {{seen}}
    order by r.run_no desc limit ?
    """

    def runs(self, text: str, pattern: str, *, limit: int) -> list[FoundItem]:
        """Runs whose id or name begins with the text, and of the newest those with the pattern in name or tag."""
        found: dict[str, FoundItem] = {}
        seen = self._sight.experiments("r.experiment_id")
        for sql in (self.BY_ID, self.BY_NAME):
            values = (text, text + _AFTER, limit, ACTIVE, *seen.values)
            self._add_runs(found, self._transaction.all(sql.format(seen=seen.sql), values))
        like, value = self._like("r.run_name", pattern)
        sql = self.NAMED.format(like=like, seen=seen.sql)
        self._add_runs(found, self._transaction.all(sql, (_NEWEST_RUNS, ACTIVE, value, *seen.values, limit)))
        self._add_runs(found, self._tagged(pattern, limit=limit))
        return list(found.values())

    TAGS = """
    select r.run_id, r.run_name, r.experiment_id, e.name, r.status, r.start_time, t.key, substr(t.value, 1, 100)
    from (select * from runs order by run_no desc limit ?) r cross join tags t cross join experiments e
    where r.stage = ? and t.run_no = r.run_no and substr(t.key, 1, 7) <> 'mlflow.' and {like}
      and e.experiment_id = r.experiment_id and {seen}
    order by r.run_no desc limit ?
    """

    def _tagged(self, pattern: str, *, limit: int) -> list[tuple[Any, ...]]:
        like, value = self._like("substr(t.value, 1, 100)", pattern)
        seen = self._sight.experiments("r.experiment_id")
        sql = self.TAGS.format(like=like, seen=seen.sql)
        rows = self._transaction.all(sql, (_NEWEST_TAGGED, ACTIVE, value, *seen.values, limit))
        return [(*row[:6], f"{row[6]}: {row[7]}") for row in rows]

    @staticmethod
    def _add_runs(found: dict[str, FoundItem], rows: Iterable[tuple[Any, ...]]) -> None:
        for run_id, name, number, experiment, status, started, match in rows:
            item = FoundItem(kind="run", id=run_id, label=name, experiment_id=str(number), experiment_name=experiment)
            item.status, item.time, item.match = status, started, match
            found.setdefault(run_id, item)

    EXPERIMENTS = """
    select e.experiment_id, e.name, e.last_update_time
    from (select * from experiments where stage = ? order by experiment_id desc limit ?) e
    where {like} and {seen} order by e.experiment_id desc limit ?
    """

    def experiments(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Active experiments by name."""
        seen = self._sight.experiments("e.experiment_id")
        rows = self._search(self.EXPERIMENTS, "e.name", (ACTIVE, _MOST_PLACES), pattern, limit, seen)
        return [
            FoundItem(kind="experiment", id=str(number), label=name, experiment_id=str(number), time=time)
            for number, name, time in rows
        ]

    def _search(
        self, sql: str, expression: str, values: Sequence[Any], pattern: str, limit: int, seen: Fragment
    ) -> list[tuple[Any, ...]]:
        like, value = self._like(expression, pattern)
        return self._transaction.all(sql.format(like=like, seen=seen.sql), (*values, value, *seen.values, limit))

    MODELS = """
    select g.name, g.last_version, g.last_update_time
    from (select * from registered_models order by model_no desc limit ?) g
    where {like} and {seen} order by g.model_no desc limit ?
    """
    ALIASES = """
    select g.name, a.alias, v.version, v.last_update_time
    from registered_model_aliases a
    join registered_models g on g.model_no = a.model_no
    join model_versions v on v.version_no = a.version_no
    where {like} and {seen} order by v.version_no desc limit ?
    """

    def models(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Registered models by name, and versions by alias."""
        seen = self._sight.models("g.model_no")
        models = [
            FoundItem(kind="model", id=name, label=name, version=str(last or ""), time=time)
            for name, last, time in self._search(self.MODELS, "g.name", (_MOST_PLACES,), pattern, limit, seen)
        ]
        return models + [
            FoundItem(kind="version", id=name, label=f"{name}@{alias}", version=str(version), time=time)
            for name, alias, version, time in self._search(self.ALIASES, "a.alias", (), pattern, limit, seen)
        ]

    REPORTS = """
    select p.report_id, p.title, p.experiment_id, e.name, p.last_update_time
    from (select report_no, report_id, title, experiment_id, last_update_time from reports
      order by report_no desc limit ?) p
    join experiments e on e.experiment_id = p.experiment_id
    where e.stage = ? and {like} and {seen} order by p.report_no desc limit ?
    """
    VIEWS = """
    select p.name, p.name, p.experiment_id, e.name, p.last_update_time
    from (select view_no, name, experiment_id, last_update_time from saved_views order by view_no desc limit ?) p
    join experiments e on e.experiment_id = p.experiment_id
    where e.stage = ? and {like} and {seen} order by p.view_no desc limit ?
    """

    def pages(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Reports by title, saved views by name."""
        seen = self._sight.experiments("e.experiment_id")
        kinds = (("report", self.REPORTS, "p.title"), ("view", self.VIEWS, "p.name"))
        return [
            FoundItem(kind=kind, id=one, label=label, experiment_id=str(number), experiment_name=experiment, time=time)
            for kind, sql, column in kinds
            for one, label, number, experiment, time in self._search(
                sql, column, (_MOST_PLACES, ACTIVE), pattern, limit, seen
            )
        ]

    KEYS = """
    select k.key, k.experiment_id, e.name from (
      select k.key, max(k.experiment_id) as experiment_id from (
        select m.key, m.experiment_id
        from (select run_no, stage from runs order by run_no desc limit ?) r cross join {table} m
        where r.stage = ? and m.run_no = r.run_no and {seen} limit ?
      ) k group by k.key
    ) k cross join experiments e
    where e.experiment_id = k.experiment_id and {like} order by k.key limit ?
    """

    def keys(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Keys of metrics and params that the newest runs have."""
        found = []
        seen = self._sight.experiments("m.experiment_id")
        like, value = self._like("k.key", pattern)
        for kind in ("metric", "param"):
            sql = self.KEYS.format(table=f"{kind}s", like=like, seen=seen.sql)
            values = (_NEWEST_KEYED, ACTIVE, *seen.values, _MOST_KEYS, value, limit)
            for key, number, experiment in self._transaction.all(sql, values):
                found.append(
                    FoundItem(kind=kind, id=key, label=key, experiment_id=str(number), experiment_name=experiment)
                )
        return found
