"""What may be filtered and ordered, per resource: the tables that the parser reads.

A new resource is a new table. Differences between resources (aliases, prefixes, operators, orders) belong here.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from assay.search.tree import Field, Kind, Operator, OrderKey

if TYPE_CHECKING:
    from collections.abc import Mapping


class ValueType(enum.Enum):
    """How the value of a comparison is written, and what it becomes."""

    TEXT = "a quoted string"
    WORD = "a text"  # in quotes, or one bare word
    STATUS = "a status"  # of a logged model, by name or number, in quotes or not: the digits of its number
    DIGITS = "a quoted integer"  # an id: its text without leading zeros
    QUOTED_INTEGER = "an integer in quotes"  # as an integer
    INTEGER = "an integer"
    NUMBER = "an unquoted number"  # compared with an integer column: an int where it is whole, else a float
    REAL = "a number"  # compared with a double: always a float

    @property
    def quoted(self) -> bool:
        """Whether the value stands in quotes."""
        return self in (ValueType.TEXT, ValueType.DIGITS, ValueType.QUOTED_INTEGER)

    @property
    def bare(self) -> bool:
        """Whether the value may stand in quotes, and may as well be one word without them."""
        return self in (ValueType.WORD, ValueType.STATUS)


Operators: TypeAlias = "tuple[Operator, ...]"
Terms: TypeAlias = "Mapping[ValueType, Operators]"
"""The operators that a field takes, by the type of the value they compare with."""

EQUALITY: Operators = (Operator.EQUAL, Operator.NOT_EQUAL)
MATCHING: Operators = (*EQUALITY, Operator.LIKE, Operator.ILIKE)
MEMBERSHIP: Operators = (Operator.IN, Operator.NOT_IN)
PRESENCE: Operators = (Operator.IS_NULL, Operator.IS_NOT_NULL)
ORDERING: Operators = (
    *EQUALITY,
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
)

_TEXT: Terms = {ValueType.TEXT: MATCHING}
_TEXT_OR_LIST: Terms = {ValueType.TEXT: (*MATCHING, *MEMBERSHIP)}
_TAG: Terms = {ValueType.TEXT: (*MATCHING, *PRESENCE)}
_PARAM: Terms = {ValueType.TEXT: (*MATCHING, *PRESENCE), ValueType.REAL: ORDERING}
_METRIC: Terms = {ValueType.REAL: ORDERING}
_NUMBER: Terms = {ValueType.NUMBER: ORDERING}
_INTEGER: Terms = {ValueType.INTEGER: ORDERING}
_COUNT: Terms = {ValueType.INTEGER: ORDERING, ValueType.QUOTED_INTEGER: ORDERING}
_ID: Terms = {ValueType.DIGITS: (*EQUALITY, *MEMBERSHIP)}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property: its canonical name, the comparisons it takes, and whether results may be ordered by it."""

    name: str
    terms: Terms
    orderable: bool = True


@dataclass(frozen=True, slots=True)
class Entity:
    """What a prefix stands for: `attributes` if its keys are a fixed set, else any key under `terms`."""

    kind: Kind
    terms: Terms = field(default_factory=dict)
    attributes: Mapping[str, Attribute] | None = None
    orderable: bool = True


@dataclass(frozen=True, slots=True)
class Resource:
    """Everything the parser must know about searching one kind of thing.

    `attributes` maps each accepted name to its attribute, `entities` each accepted prefix to its entity.
    `default_order` applies when none is asked for; `tie_breakers` are appended to every order, unless present.
    """

    name: str
    attributes: Mapping[str, Attribute]
    entities: Mapping[str, Entity]
    default_order: tuple[OrderKey, ...]
    tie_breakers: tuple[OrderKey, ...]
    repeated_order_keys: bool = False  # accepted and ignored, or an error


def _attributes(*rows: Attribute, **aliases: str) -> dict[str, Attribute]:
    named = {row.name: row for row in rows}
    return named | {alias: named[name] for alias, name in aliases.items()}


def _entities(*rows: tuple[str, Entity]) -> dict[str, Entity]:
    return {prefix: entity for prefixes, entity in rows for prefix in prefixes.split()}


def _by(name: str, *, ascending: bool) -> OrderKey:
    return OrderKey(Field(Kind.ATTRIBUTE, name), ascending)


_RUN_ATTRIBUTES = _attributes(
    Attribute("run_id", _TEXT_OR_LIST),
    Attribute("run_name", _TEXT),
    Attribute("status", _TEXT),
    Attribute("artifact_uri", _TEXT),
    Attribute("user_id", _TEXT),
    Attribute("start_time", _NUMBER),
    Attribute("end_time", _NUMBER),
    created="start_time",
    Created="start_time",
) | dict.fromkeys(("run name", "Run name", "Run Name"), Attribute("run_name", _TEXT, orderable=False))

_DATASET_ATTRIBUTES = _attributes(
    Attribute("name", _TEXT_OR_LIST),
    Attribute("digest", _TEXT_OR_LIST),
    Attribute("context", _TEXT_OR_LIST),
)

RUNS = Resource(
    name="runs",
    attributes=_RUN_ATTRIBUTES,
    entities=_entities(
        ("metrics metric", Entity(Kind.METRIC, _METRIC)),
        ("metrics_min metric_min", Entity(Kind.METRIC_MIN, _METRIC)),
        ("metrics_max metric_max", Entity(Kind.METRIC_MAX, _METRIC)),
        ("metrics_first metric_first", Entity(Kind.METRIC_FIRST, _METRIC)),
        ("params param parameters parameter", Entity(Kind.PARAM, _PARAM)),
        ("tags tag", Entity(Kind.TAG, _TAG)),
        ("attributes attribute attr run", Entity(Kind.ATTRIBUTE, attributes=_RUN_ATTRIBUTES)),
        ("datasets dataset", Entity(Kind.DATASET, attributes=_DATASET_ATTRIBUTES, orderable=False)),
    ),
    default_order=(_by("start_time", ascending=False), _by("run_id", ascending=True)),
    tie_breakers=(_by("start_time", ascending=False), _by("run_id", ascending=True)),
)

_EXPERIMENT_ATTRIBUTES = _attributes(
    Attribute("name", _TEXT),
    Attribute("experiment_id", _ID),
    Attribute("creation_time", _INTEGER),
    Attribute("last_update_time", _INTEGER),
)

EXPERIMENTS = Resource(
    name="experiments",
    attributes=_EXPERIMENT_ATTRIBUTES,
    entities=_entities(
        ("attribute", Entity(Kind.ATTRIBUTE, attributes=_EXPERIMENT_ATTRIBUTES)),
        ("tags tag", Entity(Kind.TAG, _TAG, orderable=False)),
    ),
    default_order=(_by("creation_time", ascending=False), _by("experiment_id", ascending=True)),
    tie_breakers=(_by("experiment_id", ascending=False),),
    repeated_order_keys=True,
)

_REGISTERED_MODEL_ATTRIBUTES = _attributes(
    Attribute("name", _TEXT_OR_LIST),
    Attribute("creation_timestamp", _INTEGER, orderable=False),
    Attribute("last_updated_timestamp", _INTEGER),
    timestamp="last_updated_timestamp",
)

REGISTERED_MODELS = Resource(
    name="registered models",
    attributes=_REGISTERED_MODEL_ATTRIBUTES,
    entities=_entities(
        ("attribute", Entity(Kind.ATTRIBUTE, attributes=_REGISTERED_MODEL_ATTRIBUTES)),
        ("tags tag", Entity(Kind.TAG, _TAG, orderable=False)),
    ),
    default_order=(_by("name", ascending=True),),
    tie_breakers=(_by("name", ascending=True),),
)

_MODEL_VERSION_ATTRIBUTES = _attributes(
    Attribute("name", _TEXT_OR_LIST),
    Attribute("version_number", _COUNT),
    Attribute("run_id", _TEXT_OR_LIST, orderable=False),
    Attribute("source_path", _TEXT, orderable=False),
    Attribute("creation_timestamp", _INTEGER),
    Attribute("last_updated_timestamp", _INTEGER),
)

MODEL_VERSIONS = Resource(
    name="model versions",
    attributes=_MODEL_VERSION_ATTRIBUTES,
    entities=_entities(
        ("attribute", Entity(Kind.ATTRIBUTE, attributes=_MODEL_VERSION_ATTRIBUTES)),
        ("tags tag", Entity(Kind.TAG, _TAG, orderable=False)),
    ),
    default_order=(_by("last_updated_timestamp", ascending=False),),
    tie_breakers=(_by("name", ascending=True), _by("version_number", ascending=False)),
)

_WORD_OR_LIST: Terms = {ValueType.WORD: (*MATCHING, *MEMBERSHIP)}

_LOGGED_MODEL_ATTRIBUTES = _attributes(
    *(
        Attribute(name, _WORD_OR_LIST)
        for name in (
            "name",
            "model_id",
            "model_type",
            "source_run_id",
            "artifact_location",
            "lifecycle_stage",
            "status_message",
        )
    ),
    Attribute("status", {ValueType.STATUS: (*ORDERING, *MEMBERSHIP)}),
    Attribute("experiment_id", {ValueType.DIGITS: (*EQUALITY, *MEMBERSHIP), ValueType.INTEGER: ORDERING}),
    Attribute("creation_timestamp", _NUMBER),
    Attribute("last_updated_timestamp", _NUMBER),
    creation_timestamp_ms="creation_timestamp",
    last_updated_timestamp_ms="last_updated_timestamp",
)

LOGGED_MODELS = Resource(
    name="logged models",
    attributes=_LOGGED_MODEL_ATTRIBUTES,
    entities=_entities(
        ("metrics metric", Entity(Kind.METRIC, _METRIC)),
        (
            "params param parameters parameter",
            Entity(
                Kind.PARAM,
                {ValueType.REAL: ORDERING, ValueType.WORD: (*MATCHING, *MEMBERSHIP, *PRESENCE)},
                orderable=False,
            ),
        ),
        ("tags tag", Entity(Kind.TAG, {ValueType.WORD: (*MATCHING, *MEMBERSHIP, *PRESENCE)}, orderable=False)),
        ("attributes attribute attr", Entity(Kind.ATTRIBUTE, attributes=_LOGGED_MODEL_ATTRIBUTES)),
    ),
    default_order=(_by("creation_timestamp", ascending=False), _by("model_id", ascending=True)),
    tie_breakers=(_by("creation_timestamp", ascending=False), _by("model_id", ascending=True)),
)

GATES = Resource(
    name="gates",
    attributes={},
    entities=_entities(
        ("metrics metric", Entity(Kind.METRIC, _METRIC, orderable=False)),
        ("tags tag", Entity(Kind.TAG, {ValueType.TEXT: (*EQUALITY, *MEMBERSHIP, *PRESENCE)}, orderable=False)),
    ),
    default_order=(),
    tie_breakers=(),
)
"""What the rules of a gate compare of a version."""
