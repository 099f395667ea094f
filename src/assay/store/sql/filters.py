"""Search trees to SQL: the only maker of SQL fragments.

Names of columns come from the tables below, everything a user wrote is bound. Conditions are two-valued (never null),
as `search.tree` has it, so that NOT means what it says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.search.numbers import number_in
from assay.search.tree import And, Comparison, Field, Filter, Kind, Not, Operator, OrderKey
from assay.store.base import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assay.search.fields import Resource
    from assay.store.base import Query
    from assay.store.models import DatasetName
    from assay.store.sql.database import Dialect

_SQL_OPERATORS = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "<>",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
    Operator.IN: "in",
    Operator.NOT_IN: "not in",
}
METRIC_COLUMNS = {
    Kind.METRIC: "last_value",
    Kind.METRIC_MIN: "min_value",
    Kind.METRIC_MAX: "max_value",
    Kind.METRIC_FIRST: "first_value",
}
_NOTHING = "1 = 0"
_ANYTHING = "1 = 1"
_SAME_TEXT = "value = ? and substr(value, 1, 250) = substr(?, 1, 250)"
"""The second part follows from the first; some databases index no more of a long text."""


class Fragment(NamedTuple):
    """A piece of SQL and the values for its question marks."""

    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Entity:
    """Where one kind of entity is stored: the alias of its table, its attributes and its tables of keys and values.

    `tables` maps params and tags to their table; the row of an entity is found by `row`. `metrics` is the table of its
    metrics, `metric_columns` what of a metric stands where. Where `by_value`, rows are few
    enough to be found by the index of a tag's value; `long` attributes are indexed by how they begin.
    """

    alias: str
    row: str
    attributes: Mapping[str, str]
    nullable: frozenset[str] = frozenset()
    integers: frozenset[str] = frozenset()
    tables: Mapping[Kind, str] = field(default_factory=dict)
    metrics: str = "metrics"
    metric_columns: Mapping[Kind, str] = field(default_factory=lambda: METRIC_COLUMNS)
    by_value: bool = False
    long: frozenset[str] = frozenset()


RUNS = Entity(
    alias="r",
    row="run_no",
    attributes={
        name: f"r.{name}"
        for name in ("run_id", "run_name", "status", "artifact_uri", "user_id", "start_time", "end_time")
    },
    nullable=frozenset({"end_time"}),
    tables={Kind.PARAM: "params", Kind.TAG: "tags"},
)
EXPERIMENTS = Entity(
    alias="e",
    row="experiment_id",
    attributes={name: f"e.{name}" for name in ("name", "experiment_id", "creation_time", "last_update_time")},
    integers=frozenset({"experiment_id"}),
    tables={Kind.TAG: "experiment_tags"},
)
REGISTERED_MODELS = Entity(
    alias="g",
    row="model_no",
    attributes={
        "name": "g.name",
        "creation_timestamp": "g.creation_time",
        "last_updated_timestamp": "g.last_update_time",
    },
    tables={Kind.TAG: "registered_model_tags"},
    by_value=True,
)
MODEL_VERSIONS = Entity(
    alias="v",
    row="version_no",
    attributes={
        "name": "g.name",
        "version_number": "v.version",
        "run_id": "v.run_id",
        "source_path": "v.source",
        "creation_timestamp": "v.creation_time",
        "last_updated_timestamp": "v.last_update_time",
    },
    tables={Kind.TAG: "model_version_tags"},
    by_value=True,
    long=frozenset({"source_path"}),
)

LOGGED_MODELS = Entity(
    alias="l",
    row="model_no",
    attributes={
        **{
            name: f"l.{name}"
            for name in ("name", "model_id", "model_type", "source_run_id", "status", "status_message", "experiment_id")
        },
        "artifact_location": "l.artifact_uri",
        "lifecycle_stage": "l.stage",
        "creation_timestamp": "l.creation_time",
        "last_updated_timestamp": "l.last_update_time",
    },
    integers=frozenset({"experiment_id", "status"}),
    tables={Kind.PARAM: "logged_model_params", Kind.TAG: "logged_model_tags"},
    metrics="logged_model_points",
    metric_columns={Kind.METRIC: "value"},
)
_DATASET_COLUMNS = {"name": "d.name", "digest": "d.digest", "context": "i.context"}
_DATASETS_READ = "run_datasets i join datasets d on d.dataset_no = i.dataset_no"


def where(query: Query, *, entity: Entity, dialect: Dialect, datasets: Sequence[DatasetName] = ()) -> Fragment:
    """The condition of a query, over the entity's alias; points of metrics are seen on `datasets` only, if any."""
    parts: list[Fragment] = []
    if query.experiment_ids is not None:
        parts.append(among(f"{entity.alias}.experiment_id", experiment_numbers(query.experiment_ids), dialect))
    if set(query.stages) != set(STAGES):
        parts.append(among(f"{entity.alias}.stage", query.stages, dialect))
    if query.run_ids is not None:
        parts.append(among("r.run_id", query.run_ids, dialect))
    if query.where is not None:
        parts.append(_Compiler(entity, dialect, datasets).condition(query.where))
    return joined(parts, " and ") if parts else Fragment(_ANYTHING)


def on_datasets(datasets: Sequence[DatasetName]) -> Fragment:
    """What to add to a condition so that a point `m` was measured on one of the datasets; nothing for no datasets."""
    if not datasets:
        return Fragment("")
    named = [
        Fragment("(d.name = ? and d.digest = ?)", tuple(one)) if one.digest else Fragment("d.name = ?", (one.name,))
        for one in datasets
    ]
    either = joined(named, " or ")
    return Fragment(f" and m.dataset_no in (select d.dataset_no from datasets d where {either.sql})", either.values)


def narrowing(tree: Filter | None, *, experiment_no: int) -> list[Fragment]:
    """Statements that find, by an index, runs of one experiment outside of which the filter cannot hold."""
    clauses = tree.parts if isinstance(tree, And) else (tree,)
    texts: list[Fragment] = []
    numbers: list[Fragment] = []
    for clause in clauses:
        if not isinstance(clause, Comparison) or isinstance(clause.value, tuple):
            continue
        kind, operator = clause.field.kind, clause.operator
        values = (experiment_no, clause.field.key, clause.value)
        if kind in RUNS.tables and operator is Operator.EQUAL and isinstance(clause.value, str):
            texts.append(_runs_with(kind, experiment_no, clause.field.key, clause.value))
        elif kind is Kind.DATASET and operator is Operator.EQUAL:
            column = _DATASET_COLUMNS[clause.field.key]
            sql = f"select i.run_no from {_DATASETS_READ} where {column[0]}.experiment_id = ? and {column} = ?"
            texts.append(Fragment(sql, (experiment_no, clause.value)))
        elif _is_range(clause):
            table, column = ("params", "number") if kind is Kind.PARAM else ("metrics", METRIC_COLUMNS[kind])
            test = f"{column} {_SQL_OPERATORS[operator]} ?"
            numbers.append(
                Fragment(f"select run_no from {table} where experiment_id = ? and key = ? and {test}", values)
            )
    return texts + numbers


def _is_range(clause: Comparison) -> bool:
    """Whether a clause asks for numbers that lie side by side in an index."""
    if clause.operator is Operator.NOT_EQUAL:
        return False
    return clause.field.kind in METRIC_COLUMNS or (
        clause.field.kind is Kind.PARAM and isinstance(clause.value, (int, float))
    )


def _runs_with(kind: Kind, experiment_no: int, key: str, text: str) -> Fragment:
    """The runs that have exactly this text as a param or tag; in the index of params, the number stands before it."""
    test = Fragment(_SAME_TEXT, (text, text))
    if kind is Kind.PARAM:
        number = number_in(text)
        same_number = Fragment("number is null") if number is None else Fragment("number = ?", (number,))
        test = joined([same_number, test], " and ")
    sql = f"select run_no from {RUNS.tables[kind]} where experiment_id = ? and key = ? and {test.sql}"
    return Fragment(sql, (experiment_no, key, *test.values))


def experiment_numbers(experiment_ids: Iterable[str]) -> list[int]:
    """The numbers of experiment ids; texts that are no ids are left out."""
    return [int(one) for one in experiment_ids if one.isascii() and one.isdigit() and len(one) < 19]


def complete(keys: Sequence[OrderKey], resource: Resource) -> list[OrderKey]:
    """A total order: the keys asked for, or the default, then the tie-breakers that are not among them."""
    chosen = list(keys or resource.default_order)
    named = {key.field for key in chosen}
    return chosen + [key for key in resource.tie_breakers if key.field not in named]


def order_by(keys: Sequence[OrderKey], *, entity: Entity) -> tuple[Fragment, Fragment]:
    """The joins that an order needs, and the order itself; missing values last, a NaN before them."""
    joins: list[Fragment] = []
    terms: list[str] = []
    for number, key in enumerate(keys):
        direction = "asc" if key.ascending else "desc"
        kind, name = key.field.kind, key.field.key
        if kind is Kind.ATTRIBUTE:
            last = " nulls last" if name in entity.nullable else ""
            terms.append(f"{entity.attributes[name]} {direction}{last}")
            continue
        table, column = ("metrics", METRIC_COLUMNS[kind]) if kind in METRIC_COLUMNS else (entity.tables[kind], "value")
        other = f"o{number}"
        joins.append(
            Fragment(
                f"left join {table} {other} on {other}.{entity.row} = {entity.alias}.{entity.row} and {other}.key = ?",
                (name,),
            )
        )
        terms.append(f"{other}.{entity.row} is null, {other}.{column} {direction} nulls last")
    return joined(joins, "\n"), Fragment(", ".join(terms))


def joined(parts: Sequence[Fragment], separator: str) -> Fragment:
    """Fragments one after another, with their values."""
    return Fragment(separator.join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def among(column: str, values: Sequence[int] | Sequence[str], dialect: Dialect) -> Fragment:
    """The condition that a column holds one of the values."""
    if not values:
        return Fragment(_NOTHING)
    if len(values) == 1:
        return Fragment(f"{column} = ?", (values[0],))
    source = dialect.integers if isinstance(values[0], int) else dialect.texts
    return Fragment(f"{column} in ({source})", (dialect.bound(values),))


class _Compiler:
    """Turns a tree into a condition over the columns of one entity."""

    def __init__(self, entity: Entity, dialect: Dialect, datasets: Sequence[DatasetName]) -> None:
        self._entity = entity
        self._dialect = dialect
        self._measured = on_datasets(datasets)

    def condition(self, tree: Filter) -> Fragment:
        """The condition that a tree stands for."""
        if isinstance(tree, Comparison):
            return self._comparison(tree)
        if isinstance(tree, Not):
            inner = self.condition(tree.part)
            return Fragment(f"not ({inner.sql})", inner.values)
        parts = [self.condition(part) for part in tree.parts]
        if isinstance(tree, And):
            return joined(parts, " and ")
        either = joined(parts, " or ")
        return Fragment(f"({either.sql})", either.values)

    def _comparison(self, clause: Comparison) -> Fragment:
        kind = clause.field.kind
        if kind is Kind.ATTRIBUTE:
            return self._attribute(clause)
        if kind is Kind.DATASET:
            compared = self._compared(_DATASET_COLUMNS[clause.field.key], clause)
            found = f"select 1 from {_DATASETS_READ} where i.run_no = r.run_no and {compared.sql}"
            return Fragment(f"exists ({found})", compared.values)
        if kind in METRIC_COLUMNS:
            return self._metric(clause, self._entity.metric_columns[kind])
        return self._keyed(clause)

    def _attribute(self, clause: Comparison) -> Fragment:
        column = self._entity.attributes[clause.field.key]
        if clause.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            return Fragment(f"{column} {clause.operator.value.lower()}")
        if clause.field.key in self._entity.integers:
            clause = _with_integers(clause)
        compared = _in_integers(column, clause) if isinstance(clause.value, float) else self._compared(column, clause)
        if clause.field.key in self._entity.long and clause.operator is Operator.EQUAL:
            begins = f"substr({column}, 1, 250) = substr(?, 1, 250)"
            return Fragment(f"({compared.sql} and {begins})", (*compared.values, clause.value))
        if clause.field.key in self._entity.nullable:
            return Fragment(f"({column} is not null and {compared.sql})", compared.values)
        return compared

    def _metric(self, clause: Comparison, column: str) -> Fragment:
        compared = self._compared(f"m.{column}", clause)
        test = f"({compared.sql} or m.{column} is null)" if clause.operator is Operator.NOT_EQUAL else compared.sql
        test = f" and {test}{self._measured.sql}"
        return self._exists(
            f"{self._entity.metrics} m", clause.field, Fragment(test, (*compared.values, *self._measured.values))
        )

    def _keyed(self, clause: Comparison) -> Fragment:
        source = f"{self._entity.tables[clause.field.kind]} m"
        if clause.operator is Operator.IS_NOT_NULL:
            return self._exists(source, clause.field, Fragment(""))
        if clause.operator is Operator.IS_NULL:
            found = self._exists(source, clause.field, Fragment(""))
            return Fragment(f"not {found.sql}", found.values)
        if self._entity.by_value and clause.operator is Operator.EQUAL:
            return self._valued(clause)
        column = "m.number" if isinstance(clause.value, (int, float)) else "m.value"
        compared = self._compared(column, clause)
        return self._exists(source, clause.field, Fragment(f" and {compared.sql}", compared.values))

    def _valued(self, clause: Comparison) -> Fragment:
        row, table = self._entity.row, self._entity.tables[clause.field.kind]
        return Fragment(
            f"{self._entity.alias}.{row} in (select {row} from {table} where key = ? and {_SAME_TEXT})",
            (clause.field.key, clause.value, clause.value),
        )

    def _exists(self, source: str, wanted: Field, test: Fragment) -> Fragment:
        row = self._entity.row
        return Fragment(
            f"exists (select 1 from {source} where m.{row} = {self._entity.alias}.{row} and m.key = ?{test.sql})",
            (wanted.key, *test.values),
        )

    def _compared(self, expression: str, clause: Comparison) -> Fragment:
        operator, value = clause.operator, clause.value
        if operator in (Operator.LIKE, Operator.ILIKE):
            sql, pattern = self._dialect.like(expression, str(value), ignore_case=operator is Operator.ILIKE)
            return Fragment(sql, (pattern,))
        if isinstance(value, tuple):
            marks = ", ".join("?" * len(value))
            return Fragment(f"{expression} {_SQL_OPERATORS[operator]} ({marks})", value)
        return Fragment(f"{expression} {_SQL_OPERATORS[operator]} ?", (value,))


def _with_integers(clause: Comparison) -> Comparison:
    value = clause.value
    numbers: Any = tuple(int(one) for one in value) if isinstance(value, tuple) else int(str(value))
    return Comparison(clause.field, clause.operator, numbers)


def _in_integers(column: str, clause: Comparison) -> Fragment:
    """An integer column compared with a float, told in integers: on its way to an index, MariaDB rounds 0.5 to 0."""
    operator, value = clause.operator, float(str(clause.value))
    if value.is_integer() and abs(value) < 2.0**63:
        return Fragment(f"{column} {_SQL_OPERATORS[operator]} ?", (int(value),))
    if operator in (Operator.EQUAL, Operator.NOT_EQUAL):
        return Fragment(_NOTHING if operator is Operator.EQUAL else _ANYTHING)
    upwards = operator in (Operator.GREATER, Operator.GREATER_OR_EQUAL)
    if abs(value) >= 2.0**63:
        return Fragment(_NOTHING if upwards is (value > 0) else _ANYTHING)
    return Fragment(f"{column} {'>=' if upwards else '<='} ?", (math.ceil(value) if upwards else math.floor(value),))


def without_number(wanted: Field) -> Fragment:
    """The condition that a run lacks a metric, or has a NaN there."""
    column = METRIC_COLUMNS[wanted.kind]
    found = f"select 1 from metrics m where m.run_no = r.run_no and m.key = ? and m.{column} is not null"
    return Fragment(f"not exists ({found})", (wanted.key,))
