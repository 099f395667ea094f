"""Finding runs, and fetching what they recorded in a fixed number of statements."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.search import fields
from assay.search.tree import Kind
from assay.store.base import RunTable
from assay.store.sql import filters
from assay.store.sql.inputs import add_edges
from assay.wire.metrics import Metric
from assay.wire.runs import Param, Run, RunData, RunInfo, RunTag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.search.tree import Field, OrderKey
    from assay.store.base import Query
    from assay.store.sql.database import Transaction
    from assay.store.sql.filters import Fragment
    from assay.wire.views import Cell

Row = tuple[Any, ...]

RUN_COLUMNS = (
    "r.run_no, r.run_id, r.run_name, r.experiment_id, r.user_id, r.status, r.start_time, r.artifact_uri, r.stage, "
    "r.end_time"
)
_FEW = 500
_PROBES = 3
_SPELLED: dict[Any, str] = {None: "NaN", math.inf: "Infinity", -math.inf: "-Infinity"}


def run_info(row: Row) -> RunInfo:
    """The state of a run from a row of `RUN_COLUMNS`."""
    _, run_id, name, experiment, user, status, started, artifacts, stage, ended = row
    return RunInfo(
        run_id=run_id,
        run_uuid=run_id,
        run_name=name,
        experiment_id=str(experiment),
        user_id=user,
        status=status,
        start_time=started,
        artifact_uri=artifacts,
        lifecycle_stage=stage,
        end_time=ended,
    )


class _Page(NamedTuple):
    """A query made ready: its condition, its order and its page."""

    condition: Fragment
    keys: Sequence[OrderKey]
    limit: int
    offset: int


def rows(transaction: Transaction, query: Query) -> list[Row]:
    """The rows of the runs that match, in order, at the cost of the page rather than of the experiment.

    In one experiment, a clause that an index shows to leave few runs is followed to those runs; else, where the first
    order key is a metric, its index gives the order.
    """
    condition = filters.where(query, entity=filters.RUNS, dialect=transaction.dialect)
    page = _Page(condition, filters.complete(query.order_by, fields.RUNS), query.limit, query.offset)
    if query.experiment_ids is None or len(query.experiment_ids) != 1 or query.run_ids is not None:
        return _sorted(transaction, page)
    numbers = filters.experiment_numbers(query.experiment_ids)
    if not numbers:
        return []
    few = _few(transaction, query, experiment_no=numbers[0])
    if few is not None:
        chosen = filters.among("r.run_no", few, transaction.dialect)
        return _sorted(transaction, page._replace(condition=filters.joined([chosen, condition], " and ")))
    if page.keys[0].field.kind in filters.METRIC_COLUMNS:
        return _by_metric(transaction, numbers[0], page)
    return _sorted(transaction, page)


def _few(transaction: Transaction, query: Query, *, experiment_no: int) -> list[int] | None:
    """Numbers of the only runs that can match, if an index shows that they are few."""
    for probe in filters.narrowing(query.where, experiment_no=experiment_no)[:_PROBES]:
        found = transaction.all(f"{probe.sql} limit ?", (*probe.values, _FEW + 1))
        if len(found) <= _FEW:
            return [row[0] for row in found]
    return None


def _sorted(transaction: Transaction, page: _Page) -> list[Row]:
    joins, order = filters.order_by(page.keys, entity=filters.RUNS)
    return transaction.all(
        f"select {RUN_COLUMNS} from runs r {joins.sql} where {page.condition.sql} order by {order.sql} "
        "limit ? offset ?",
        (*joins.values, *page.condition.values, page.limit, page.offset),
    )


def _by_metric(transaction: Transaction, experiment: int, page: _Page) -> list[Row]:
    """Runs with a number there, read along its index; then, to fill the page, those with a NaN or nothing."""
    first, *others = page.keys
    column = f"s.{filters.METRIC_COLUMNS[first.field.kind]}"
    joins, order = filters.order_by(others, entity=filters.RUNS)
    direction = "asc" if first.ascending else "desc"
    having = (
        f"from metrics s cross join runs r {joins.sql} where s.experiment_id = ? and s.key = ? "
        f"and {column} is not null and r.run_no = s.run_no and {page.condition.sql}"
    )
    values = (*joins.values, experiment, first.field.key, *page.condition.values)
    found = transaction.all(
        f"select {RUN_COLUMNS} {having} order by {column} {direction}, {order.sql} limit ? offset ?",
        (*values, page.limit, page.offset),
    )
    if len(found) == page.limit:
        return found
    ahead = page.offset + len(found)
    if not found and page.offset:
        row = transaction.one(f"select count(*) {having}", values)
        ahead = row[0] if row else 0
    rest = filters.joined([filters.without_number(first.field), page.condition], " and ")
    return found + _sorted(transaction, _Page(rest, page.keys, page.limit - len(found), max(0, page.offset - ahead)))


def count(transaction: Transaction, query: Query) -> int:
    """How many runs match."""
    condition = filters.where(query, entity=filters.RUNS, dialect=transaction.dialect)
    row = transaction.one(f"select count(*) from runs r where {condition.sql}", condition.values)
    return row[0] if row else 0


METRICS_OF = """
select run_no, key, last_value, last_time, last_step from metrics where run_no in ({integers}) order by run_no, key
"""
PARAMS_OF = "select run_no, key, value from params where run_no in ({integers}) order by run_no, key"
TAGS_OF = "select run_no, key, value from tags where run_no in ({integers}) order by run_no, key"


def _of(transaction: Transaction, sql: str, run_nos: list[int]) -> list[Row]:
    dialect = transaction.dialect
    return transaction.all(sql.format(integers=dialect.integers), (dialect.bound(run_nos),))


def with_data(transaction: Transaction, found: list[Row]) -> list[Run]:
    """Runs with all that they recorded: four statements, however many runs there are."""
    runs = {row[0]: Run(info=run_info(row), data=RunData(metrics=[], params=[], tags=[])) for row in found}
    run_nos = list(runs)
    if not run_nos:
        return []
    for run_no, key, value, timestamp, step in _of(transaction, METRICS_OF, run_nos):
        number = math.nan if value is None else value
        runs[run_no].data.metrics.append(Metric(key=key, value=number, timestamp=timestamp, step=step))
    for run_no, key, text in _of(transaction, PARAMS_OF, run_nos):
        runs[run_no].data.params.append(Param(key=key, value=text))
    for run_no, key, text in _of(transaction, TAGS_OF, run_nos):
        runs[run_no].data.tags.append(RunTag(key=key, value=text))
    add_edges(transaction, runs)
    return list(runs.values())


_TABLE_ATTRIBUTES = {
    "attributes.run_name": 2,
    "attributes.experiment_id": 3,
    "attributes.user_id": 4,
    "attributes.status": 5,
    "attributes.start_time": 6,
    "attributes.end_time": 9,
    "attributes.lifecycle_stage": 8,
}
_NAMED = " and key in ({texts})"
_SOURCES: dict[Kind, tuple[str, str]] = {
    **{
        kind: (prefix, f"select run_no, key, {column} from metrics where run_no in ({{integers}})")
        for kind, prefix, column in (
            (Kind.METRIC, "metrics", "last_value"),
            (Kind.METRIC_MIN, "metrics_min", "min_value"),
            (Kind.METRIC_MAX, "metrics_max", "max_value"),
            (Kind.METRIC_FIRST, "metrics_first", "first_value"),
        )
    },
    Kind.PARAM: ("params", "select run_no, key, value from params where run_no in ({integers})"),
    Kind.TAG: ("tags", "select run_no, key, value from tags where run_no in ({integers})"),
}
_ALL_KEYS = (Kind.METRIC, Kind.PARAM, Kind.TAG)


def table(transaction: Transaction, query: Query, *, columns: Sequence[Field] | None) -> RunTable:
    """A page of matching runs as columns, with the total that match."""
    found = rows(transaction, query)
    total = query.offset + len(found)
    if len(found) == query.limit or (query.offset and not found):
        total = count(transaction, query)
    return RunTable(
        total=total, run_ids=[row[1] for row in found], columns=columns_of(transaction, found, wanted=columns)
    )


def columns_of(transaction: Transaction, found: list[Row], *, wanted: Sequence[Field] | None) -> dict[str, list[Cell]]:
    """Attributes of runs and what they recorded as columns: all last metrics, params and tags, or those wanted."""
    columns: dict[str, list[Cell]] = {
        name: [row[position] for row in found] for name, position in _TABLE_ATTRIBUTES.items()
    }
    columns["attributes.experiment_id"] = [str(row[3]) for row in found]
    places = {row[0]: place for place, row in enumerate(found)}
    kinds = _ALL_KEYS if wanted is None else tuple(kind for kind in _SOURCES if any(one.kind is kind for one in wanted))
    for kind in kinds if places else ():
        keys = None if wanted is None else [one.key for one in wanted if one.kind is kind]
        by_key: dict[str, list[Cell]] = {}
        odd = {} if kind in _ALL_KEYS[1:] else _SPELLED
        for run_no, key, value in _recorded(transaction, _SOURCES[kind][1], list(places), keys=keys):
            column = by_key.get(key)
            if column is None:
                column = by_key[key] = [None] * len(found)
            column[places[run_no]] = odd.get(value, value)
        columns.update((f"{_SOURCES[kind][0]}.{key}", by_key[key]) for key in sorted(by_key))
    return columns


def _recorded(transaction: Transaction, sql: str, run_nos: list[int], *, keys: list[str] | None) -> list[Row]:
    """Rows of run, key and value; of these keys only, where they are given."""
    dialect = transaction.dialect
    if keys is None:
        return _of(transaction, sql, run_nos)
    bound = (dialect.bound(run_nos), dialect.bound(keys))
    return transaction.all((sql + _NAMED).format(integers=dialect.integers, texts=dialect.texts), bound)


def spelled(value: float) -> Cell:
    """A number as a cell: what is not finite as text."""
    return _SPELLED.get(value, value)
