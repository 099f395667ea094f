"""Trees survive being written and read; no text breaks the parser."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue
from assay.search.fields import EXPERIMENTS, LOGGED_MODELS, MODEL_VERSIONS, REGISTERED_MODELS, RUNS, Resource, ValueType
from assay.search.parser import parse_filter, parse_order_by
from assay.search.tree import And, Comparison, Field, Filter, Kind, Not, Operator, Or

_WORDS = st.from_regex(r"[a-z_0-9]+(\.[a-z_0-9]+)*", fullmatch=True)
_KEYS = _WORDS | st.text(min_size=1, max_size=12).filter(lambda text: "`" not in text)
_TEXTS = st.text(max_size=12).filter(lambda text: not {"'", '"'} <= set(text))
_VALUES = {
    ValueType.TEXT: _TEXTS,
    ValueType.WORD: _TEXTS,
    ValueType.STATUS: st.sampled_from("0123"),
    ValueType.DIGITS: st.integers(0, 2**63 - 1).map(str),
    ValueType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    ValueType.QUOTED_INTEGER: st.integers(-(2**63), 2**63 - 1),
    ValueType.NUMBER: st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    ValueType.REAL: st.floats(allow_nan=False),
}
RESOURCES = [RUNS, EXPERIMENTS, LOGGED_MODELS, REGISTERED_MODELS, MODEL_VERSIONS]


@st.composite
def clauses(draw, resource: Resource) -> Comparison:
    entity = draw(st.sampled_from(list(resource.entities.values())))
    if entity.attributes is None:
        key, terms = draw(_KEYS), entity.terms
    else:
        attribute = draw(st.sampled_from(list(entity.attributes.values())))
        key, terms = attribute.name, attribute.terms
    kind = draw(st.sampled_from(list(terms)))
    operator = draw(st.sampled_from(terms[kind]))
    value = draw(_VALUES[kind])
    if operator in (Operator.IN, Operator.NOT_IN):
        value = tuple(draw(st.lists(_VALUES[kind], min_size=1, max_size=4)))
    if operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
        value = None
    return Comparison(Field(entity.kind, key), operator, value)


def _flat(join: type[And] | type[Or], parts: list[Filter]) -> Filter:
    return join(tuple(leaf for part in parts for leaf in (part.parts if isinstance(part, join) else (part,))))


def trees(resource: Resource) -> st.SearchStrategy[Filter]:
    """Trees as the parser makes them: no AND directly in an AND, no OR directly in an OR."""
    return st.recursive(
        clauses(resource),
        lambda parts: st.one_of(
            parts.map(Not),
            st.lists(parts, min_size=2, max_size=4).map(lambda some: _flat(And, some)),
            st.lists(parts, min_size=2, max_size=4).map(lambda some: _flat(Or, some)),
        ),
        max_leaves=12,
    )


def written(tree: Filter, prefixes: dict[Kind, str]) -> str:
    if isinstance(tree, Not):
        return f"NOT {_grouped(tree.part, prefixes, (And, Or))}"
    if isinstance(tree, And):
        return " AND ".join(_grouped(part, prefixes, (Or,)) for part in tree.parts)
    if isinstance(tree, Or):
        return " or ".join(written(part, prefixes) for part in tree.parts)
    field = f"{prefixes[tree.field.kind]}.`{tree.field.key}`"
    return f"{field} {tree.operator.value} {_value(tree.value)}"


def _grouped(part: Filter, prefixes: dict[Kind, str], joins: tuple[type, ...]) -> str:
    return f"({written(part, prefixes)})" if isinstance(part, joins) else written(part, prefixes)


def _value(value) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))})"
    if isinstance(value, str):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return repr(value).replace("inf", "1e999")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
@given(data=st.data())
def test_a_tree_written_and_read_is_the_same_tree(resource, data):
    tree = data.draw(trees(resource))
    prefixes = {entity.kind: prefix for prefix, entity in resource.entities.items()}
    assert parse_filter(written(tree, prefixes), resource) == tree


_PIECES = st.sampled_from(
    "metrics.a params.`b c` tags.x status run_id start_time = != < >= == like ILIKE IN NOT IS NULL AND or ( ) , ; . "
    "'x' \"y\" 1 -0.5 1e3 0x1 ` ' \" \\ - + dataset.name foo.bar `run metrics_min.loss end_time é \u0000".split(" ")
)
_JUNK = st.lists(_PIECES, max_size=15).map(" ".join) | st.lists(_PIECES, max_size=8).map("".join) | st.text()


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
@given(text=_JUNK)
def test_no_text_raises_anything_else(resource, text):
    for parse in (lambda: parse_filter(text, resource), lambda: parse_order_by([text], resource)):
        try:
            parse()
        except InvalidParameterValue as error:
            assert " error at position " in error.message


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "a." * 50_000,
        "metrics." + "a." * 49_000,
        "`" * 100_000,
        "1" * 100_000,
        "=" * 100_000,
        "AND " * 25_000,
        "'x' " * 25_000,
        "run_id IN (" + "'a'," * 24_000,
        "metrics.a > " + "1" * 99_000,
    ],
    ids=lambda text: text[:12],
)
def test_the_time_for_a_text_grows_with_its_length_only(text):
    start = time.process_time()
    with contextlib.suppress(InvalidParameterValue):
        parse_filter(text, RUNS)
    assert time.process_time() - start < 2
