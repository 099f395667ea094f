"""What filters and orders mean, in plain Python: the measure for stores that compile them to something faster.

Everything is true or false, there is no third value:

* A comparison is true only of an entity that has the key, also with `!=` and NOT IN. NOT negates the whole clause,
  so `NOT params.a = 'x'` is true of an entity without `a`, while `params.a != 'x'` is not.
* IS NULL is true of an entity without the key.
* Numbers compare as IEEE doubles: of all operators only `!=` is true of a NaN.
* A number beside a param compares with the number that the param's whole text spells (`search.numbers`); a param
  that spells none is like a missing one.
* Texts compare by code point. In LIKE patterns `%` stands for any run of characters, line breaks among them, and `_`
  for one; nothing escapes them, a backslash is itself. ILIKE does not tell `A-Z` from `a-z`, and tells apart
  the cases of all other letters: one meaning for all stores, which is what the smallest of them knows.
* A clause on a metric of a logged model is true if any of its points satisfies it; the latest of them orders.
* A dataset clause is true if one of the run's datasets has the property and satisfies it; two clauses may be
  satisfied by different datasets.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.search.numbers import number_in
from assay.search.tree import And, Comparison, Field, Filter, Kind, Not, Operator, Or, OrderKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """What searches know of one metric of a run."""

    last: float
    min: float
    max: float
    first: float


@dataclass(frozen=True, slots=True)
class Record:
    """A run, an experiment or a logged model as searches see it.

    Attributes are keyed by canonical name; None is a missing one.
    An id that is ordered as a number (`experiment_id`) is an int. A dataset maps `name`, `digest` and `context` to
    texts. `points` are the values of a logged model's metrics that the search sees, the latest last.
    """

    attributes: Mapping[str, str | int | None] = field(default_factory=dict)
    metrics: Mapping[str, MetricSummary] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    datasets: Sequence[Mapping[str, str]] = ()
    points: Mapping[str, Sequence[float]] = field(default_factory=dict)


_SUMMARY: Mapping[Kind, Callable[[MetricSummary], float]] = {
    Kind.METRIC: lambda summary: summary.last,
    Kind.METRIC_MIN: lambda summary: summary.min,
    Kind.METRIC_MAX: lambda summary: summary.max,
    Kind.METRIC_FIRST: lambda summary: summary.first,
}


def _like(text: str, pattern: str, flags: int = 0) -> bool:
    parts = (".*" if sign == "%" else "." if sign == "_" else re.escape(sign) for sign in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL | flags) is not None


_TESTS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
    Operator.LIKE: _like,
    Operator.ILIKE: lambda text, pattern: _like(text, pattern, re.IGNORECASE | re.ASCII),
    Operator.IN: lambda text, texts: text in texts,
    Operator.NOT_IN: lambda text, texts: text not in texts,
}


def matches(tree: Filter | None, record: Record) -> bool:
    """Whether a filter is true of a record; None is true of every one."""
    if tree is None:
        return True
    if isinstance(tree, And):
        return all(matches(part, record) for part in tree.parts)
    if isinstance(tree, Or):
        return any(matches(part, record) for part in tree.parts)
    if isinstance(tree, Not):
        return not matches(tree.part, record)
    return _holds(tree, record)


def ordered(records: Iterable[Record], keys: Sequence[OrderKey]) -> list[Record]:
    """The records in the order of the keys, the first key deciding first.

    Missing values come last in both directions, and NaN comes before them but after every number.
    """
    result = list(records)
    for key in reversed(keys):
        ranked = [(_rank(record, key.field), record) for record in result]
        present = sorted(
            (pair for pair in ranked if pair[0][0] == 0), key=lambda pair: pair[0][1], reverse=not key.ascending
        )
        absent = sorted((pair for pair in ranked if pair[0][0] > 0), key=lambda pair: pair[0][0])
        result = [record for _, record in present + absent]
    return result


def _rank(record: Record, wanted: Field) -> tuple[int, Any]:
    values = _values(record, wanted)
    if not values:
        return 2, 0
    if isinstance(values[-1], float) and math.isnan(values[-1]):
        return 1, 0
    return 0, values[-1]


def _holds(clause: Comparison, record: Record) -> bool:
    values = _values(record, clause.field)
    if clause.operator is Operator.IS_NULL:
        return not values
    if clause.operator is Operator.IS_NOT_NULL:
        return bool(values)
    test = _TESTS[clause.operator]
    comparable = (_comparable(value, clause) for value in values)
    return any(value is not None and test(value, clause.value) for value in comparable)


def _comparable(value: str | float, clause: Comparison) -> str | float | None:
    """The stored value as the type that the clause compares with."""
    numeric = isinstance(clause.value, (int, float))
    if isinstance(value, str):
        return number_in(value) if numeric else value
    return value if numeric else str(value)


def _values(record: Record, wanted: Field) -> list[str | float]:
    """The values of a field: none if it is missing, several only of datasets and of a logged model's metrics."""
    kind, key = wanted.kind, wanted.key
    if kind is Kind.METRIC and key in record.points:
        return list(record.points[key])
    if kind in _SUMMARY:
        summary = record.metrics.get(key)
        return [] if summary is None else [_SUMMARY[kind](summary)]
    if kind is Kind.DATASET:
        return [dataset[key] for dataset in record.datasets if key in dataset]
    texts = {Kind.ATTRIBUTE: record.attributes, Kind.PARAM: record.params, Kind.TAG: record.tags}[kind]
    value = texts.get(key)
    return [] if value is None else [value]
