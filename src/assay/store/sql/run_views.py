"""Statements of the run table beside its rows: families, groups, changes of many runs at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assay.search.tree import Field, Kind
from assay.store.base import DELETED, RunTable
from assay.store.run_views import PARENT_TAG, Best
from assay.store.sql import filters, run_search
from assay.store.sql.experiments import experiment_no
from assay.wire.run_views import GroupedMetric, RunFamily, RunGroup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.store.base import Query
    from assay.store.sql.database import Transaction
    from assay.store.sql.filters import Fragment
    from assay.store.sql.runs import SqlRuns
    from assay.store.sql.sight import Sight

_LARGEST = 1e150
"""Numbers up to this size can be squared and added."""
_NESTED = """
from tags t cross join runs r {more} where t.key = ? and r.run_no = t.run_no and {inside}
"""


class SqlRunViews:
    """`RunViews` over a transaction."""

    __slots__ = ("_dialect", "_runs", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, runs: SqlRuns, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._runs = runs
        self._dialect = transaction.dialect

    def _where(self, query: Query) -> Fragment:
        return filters.where(query, entity=filters.RUNS, dialect=self._dialect)

    def _tags_of(self, query: Query, *, where: Fragment) -> Fragment:
        """The condition on runs `r` with tags `t`: read from the index of tags where the experiments are known."""
        if query.experiment_ids is None:
            return where
        numbers = filters.experiment_numbers(query.experiment_ids)
        return filters.joined([filters.among("t.experiment_id", numbers, self._dialect), where], " and ")

    COUNTS = f"select t.value, count(*) {_NESTED} group by t.value order by t.value"
    BEST = f"""
    select c.parent, c.run_id, c.run_name, c.value from (
      select t.value as parent, r.run_id as run_id, r.run_name as run_name, m.last_value as value,
        row_number() over (partition by t.value order by m.last_value {{direction}}, r.run_no) as place
      {_NESTED}
    ) c where c.place = 1
    """
    _MEASURED = "join metrics m on m.run_no = r.run_no and m.key = ? and m.last_value is not null"

    def families(self, query: Query, *, best: Best | None) -> list[RunFamily]:
        """Runs that have children in the query's experiments and stages, by id; the filter does not count."""
        query = self._sight.among(replace(query, where=None))
        inside = self._tags_of(query, where=self._where(query))
        counted = self._transaction.all(self.COUNTS.format(more="", inside=inside.sql), (PARENT_TAG, *inside.values))
        found: dict[str, tuple[Any, ...]] = {}
        if best is not None and counted:
            sql = self.BEST.format(
                more=self._MEASURED, inside=inside.sql, direction="asc" if best.ascending else "desc"
            )
            rows = self._transaction.all(sql, (best.key, PARENT_TAG, *inside.values))
            found = {row[0]: row[1:] for row in rows}
        families = []
        for run_id, children in counted:
            name_id, name, value = found.get(run_id, ("", "", None))
            families.append(
                RunFamily(
                    run_id=run_id,
                    children=children,
                    best_run_id=name_id,
                    best_run_name=name,
                    best_value=None if value is None else run_search.spelled(value),
                )
            )
        return families

    # Parents of parents: `union` drops those seen before, so that runs nested in a ring come to an end.
    ANCESTORS = f"""
    with recursive up (run_no) as (
      select p.run_no from tags t cross join runs r cross join runs p
      where t.key = ? and r.run_no = t.run_no and p.run_id = t.value and {{inside}}
      union
      select p.run_no from up cross join tags t cross join runs p
      where t.run_no = up.run_no and t.key = ? and p.run_id = t.value
    )
    select {run_search.RUN_COLUMNS} from runs r
    where r.run_no in (select run_no from up) and {{stage}} and not ({{self}}) and {{seen}}
    """

    def ancestors(self, query: Query) -> RunTable:
        """Ancestors of the runs that match, on any level, that are of its stages and do not match themselves."""
        query = self._sight.among(query)
        where, seen = self._where(query), self._sight.experiments("r.experiment_id")
        inside = self._tags_of(query, where=where)
        stage = filters.among("r.stage", list(query.stages), self._dialect)
        rows = self._transaction.all(
            self.ANCESTORS.format(inside=inside.sql, stage=stage.sql, self=where.sql, seen=seen.sql),
            (PARENT_TAG, *inside.values, PARENT_TAG, *stage.values, *where.values, *seen.values),
        )
        return RunTable(
            total=len(rows),
            run_ids=[row[1] for row in rows],
            columns=run_search.columns_of(self._transaction, rows, wanted=None),
        )

    def groups(self, query: Query, *, by: Sequence[Field], metrics: Sequence[str], limit: int) -> list[RunGroup]:
        """At most `limit` groups of the runs that match, the largest first, then by their values."""
        where = self._where(self._sight.among(query))
        joins, names = _group_columns(by)
        given = ", ".join(names)
        counted = self._transaction.all(
            f"select {given}, count(*) as n from runs r {joins.sql} where {where.sql} "
            f"group by {given} order by n desc, {', '.join(f'{name} is null, {name}' for name in names)} limit ?",
            (*joins.values, *where.values, limit),
        )
        groups = {row[:-1]: RunGroup(values=list(row[:-1]), runs=row[-1], metrics={}) for row in counted}
        if metrics and groups:
            self._sum_up(groups, where=where, joins=joins, names=names, metrics=metrics)
        return list(groups.values())

    def _sum_up(
        self,
        groups: dict[tuple[Any, ...], RunGroup],
        *,
        where: Fragment,
        joins: Fragment,
        names: Sequence[str],
        metrics: Sequence[str],
    ) -> None:
        """Put the figures of metrics in their groups; the deviation is taken from the mean, so that it is exact."""
        inner = ", ".join(f"{name} as a{place}" for place, name in enumerate(names))
        outer = ", ".join(f"x.a{place}" for place in range(len(names)))
        rows = self._transaction.all(
            f"""
            select {outer}, x.k, count(*), avg(x.v), min(x.v), max(x.v), sum((x.v - x.mean) * (x.v - x.mean)) from (
              select {inner}, m.key as k, m.last_value as v,
                avg(m.last_value) over (partition by {", ".join(names)}, m.key) as mean
              from runs r {joins.sql}
              join metrics m on m.run_no = r.run_no and m.key in ({self._dialect.texts})
              where m.last_value between ? and ? and {where.sql}
            ) x group by {outer}, x.k
            """,
            (*joins.values, self._dialect.bound(list(metrics)), -_LARGEST, _LARGEST, *where.values),
        )
        for row in rows:
            *values, key, count, mean, least, greatest, squares = row
            group = groups.get(tuple(values))
            if group is not None:
                std = None if count < 2 else (max(0.0, squares) / (count - 1)) ** 0.5
                group.metrics[key] = GroupedMetric(count=count, mean=mean, std=std, min=least, max=greatest)

    def _run_nos(self, run_ids: Sequence[str]) -> list[int]:
        return [self._runs.locate(run_id).run_no for run_id in sorted(run_ids)]

    SET_STAGE = "update runs set stage = ?, deleted_at = ? where stage <> ? and run_no in ({integers})"

    def set_stage(self, run_ids: Sequence[str], *, stage: str, now: int) -> None:
        """Delete or restore runs."""
        numbers = self._dialect.bound(self._run_nos(run_ids))
        deleted_at = now if stage == DELETED else None
        self._transaction.run(
            self.SET_STAGE.format(integers=self._dialect.integers), (stage, deleted_at, stage, numbers)
        )

    PUT_TAG = """
    insert into tags (run_no, key, experiment_id, value)
    select run_no, ?, experiment_id, ? from runs where run_no in ({integers})
    on conflict (run_no, key) do update set value = excluded.value
    """
    DELETE_TAGS = "delete from tags where run_no in ({integers}) and key in ({texts})"

    def change_tags(self, run_ids: Sequence[str], *, put: Mapping[str, str], gone: Sequence[str]) -> None:
        """Set and delete tags of runs, other than their name and note."""
        dialect = self._dialect
        numbers = dialect.bound(self._run_nos(run_ids))
        if gone:
            sql = self.DELETE_TAGS.format(integers=dialect.integers, texts=dialect.texts)
            self._transaction.run(sql, (numbers, dialect.bound(list(gone))))
        for key, value in put.items():
            self._transaction.run(self.PUT_TAG.format(integers=dialect.integers), (key, value, numbers))

    COPY_DATASETS = """
    insert into datasets (experiment_id, name, digest, source_type, source, dataset_schema, profile)
    select ?, d.name, d.digest, d.source_type, d.source, d.dataset_schema, d.profile from datasets d
    where d.dataset_no in (select i.dataset_no from run_datasets i where i.run_no in ({integers}))
      and d.dataset_no in (
        select min(e.dataset_no) from datasets e join run_datasets i on i.dataset_no = e.dataset_no
        where i.run_no in ({integers}) group by e.name, e.digest
      )
    on conflict (experiment_id, name, digest) do nothing
    """
    MOVE_READS = """
    update run_datasets set experiment_id = ?, dataset_no = (
      select n.dataset_no from datasets o join datasets n on n.name = o.name and n.digest = o.digest
      where o.dataset_no = run_datasets.dataset_no and n.experiment_id = ?
    ) where run_no in ({integers})
    """
    MOVE = "update {table} set experiment_id = ? where {row} in ({integers})"
    MODEL_NOS = """
    select l.model_no from logged_models l where l.source_run_id in (
      select r.run_id from runs r where r.run_no in ({integers})
    )
    """
    _RUN_TABLES = ("params", "tags", "metrics", "run_models", "runs")
    _MODEL_TABLES = ("logged_model_params", "logged_model_tags", "logged_model_points", "logged_models")

    def move(self, run_ids: Sequence[str], *, experiment_id: str) -> None:
        """Make runs part of another experiment, which exists, with their datasets and the models they logged."""
        target, integers = experiment_no(experiment_id), self._dialect.integers
        numbers = self._dialect.bound(self._run_nos(run_ids))
        self._transaction.run(self.COPY_DATASETS.format(integers=integers), (target, numbers, numbers))
        self._transaction.run(self.MOVE_READS.format(integers=integers), (target, target, numbers))
        models = [row[0] for row in self._transaction.all(self.MODEL_NOS.format(integers=integers), (numbers,))]
        for table in self._RUN_TABLES:
            self._transaction.run(self.MOVE.format(table=table, row="run_no", integers=integers), (target, numbers))
        for table in self._MODEL_TABLES if models else ():
            self._transaction.run(
                self.MOVE.format(table=table, row="model_no", integers=integers),
                (target, self._dialect.bound(models)),
            )
        self._runs.forget()


def _group_columns(by: Sequence[Field]) -> tuple[Fragment, list[str]]:
    """The joins that columns of groups need, and the expressions that stand for them."""
    joins: list[Fragment] = []
    names: list[str] = []
    for place, field in enumerate(by):
        if field.kind is Kind.ATTRIBUTE:
            names.append(filters.RUNS.attributes[field.key])
            continue
        table, other = filters.RUNS.tables[field.kind], f"g{place}"
        joins.append(
            filters.Fragment(
                f"left join {table} {other} on {other}.run_no = r.run_no and {other}.key = ?", (field.key,)
            )
        )
        names.append(f"{other}.value")
    return filters.joined(joins, " "), names
