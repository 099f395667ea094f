"""What a filter and an order mean, as immutable values: the result of parsing and the input of every store."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(enum.Enum):
    """What part of an entity a field names."""

    ATTRIBUTE = "attribute"
    METRIC = "metric"
    METRIC_MIN = "metric_min"
    METRIC_MAX = "metric_max"
    METRIC_FIRST = "metric_first"
    PARAM = "param"
    TAG = "tag"
    DATASET = "dataset"


class Operator(enum.Enum):
    """How a field is compared; the value is how it is written."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    IN = "IN"
    NOT_IN = "NOT IN"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Field:
    """A metric, param, tag, attribute or dataset property, by its canonical name.

    `position` is the 1-based column where the text names it; two fields are equal wherever they stand.
    """

    kind: Kind
    key: str
    position: int = field(default=1, compare=False)


Value: TypeAlias = str | int | float | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One clause.

    `value` is None for IS NULL and IS NOT NULL, a tuple of texts for IN and NOT IN, else one text or number.
    Metrics and numeric comparisons of params hold a float (perhaps infinite, never NaN), integer attributes
    an int of 64 bits wherever the number written is whole.
    """

    field: Field
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds. A parsed tree has two or more parts, none of them an `And`."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds. A parsed tree has two or more parts, none of them an `Or`."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold: also true of entities that lack the part's key."""

    part: Filter


Filter: TypeAlias = Comparison | And | Or | Not


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of a sort order. Missing values come last in both directions."""

    field: Field
    ascending: bool = True


def comparisons(tree: Filter | None) -> Iterator[Comparison]:
    """Every comparison in a tree, left to right."""
    if isinstance(tree, Comparison):
        yield tree
    elif isinstance(tree, Not):
        yield from comparisons(tree.part)
    elif tree is not None:
        for part in tree.parts:
            yield from comparisons(part)
