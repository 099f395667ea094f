"""Filters and orders of registered models and their versions: MLflow's language first, then what Assay adds."""

import pytest

from assay.core.errors import InvalidParameterValue
from assay.search.fields import MODEL_VERSIONS, REGISTERED_MODELS
from assay.search.parser import complete_order, parse_filter, parse_order_by
from assay.search.tree import And, Comparison, Field, Kind, Not, Operator, Or


def attribute(key, symbol, value=None):
    return Comparison(Field(Kind.ATTRIBUTE, key), Operator(symbol), value)


def tag(key, symbol, value=None):
    return Comparison(Field(Kind.TAG, key), Operator(symbol), value)


MODELS = {
    "name = 'a'": attribute("name", "=", "a"),
    'attribute.name != "a"': attribute("name", "!=", "a"),
    "name LIKE 'a%' and tag.k = 'v'": And((attribute("name", "LIKE", "a%"), tag("k", "=", "v"))),
    "name ilike 'A%'": attribute("name", "ILIKE", "A%"),
    "name IN ('a', 'b')": attribute("name", "IN", ("a", "b")),
    "name NOT IN ('a',)": attribute("name", "NOT IN", ("a",)),
    "tags.`mlflow.prompt.is_prompt` != 'true'": tag("mlflow.prompt.is_prompt", "!=", "true"),
    "tags.k IS NULL": tag("k", "IS NULL"),
    "NOT tags.k = 'v' OR timestamp > 5": Or((Not(tag("k", "=", "v")), attribute("last_updated_timestamp", ">", 5))),
}
VERSIONS = {
    "name = 'a' AND version_number = 1": And((attribute("name", "=", "a"), attribute("version_number", "=", 1))),
    "version_number >= '10'": attribute("version_number", ">=", 10),
    "attribute.version_number != 2": attribute("version_number", "!=", 2),
    "run_id IN ('r')": attribute("run_id", "IN", ("r",)),
    "source_path ILIKE 's3:%'": attribute("source_path", "ILIKE", "s3:%"),
    "(name = 'a')": attribute("name", "=", "a"),
    "tags.k IS NOT NULL": tag("k", "IS NOT NULL"),
}


@pytest.mark.parametrize(
    ("text", "tree", "resource"),
    [(text, tree, REGISTERED_MODELS) for text, tree in MODELS.items()]
    + [(text, tree, MODEL_VERSIONS) for text, tree in VERSIONS.items()],
)
def test_what_is_accepted(text, tree, resource):
    assert parse_filter(text, resource) == tree


@pytest.mark.parametrize(
    ("text", "resource", "position", "words"),
    [
        ("attributes.name = 'a'", REGISTERED_MODELS, 1, "unknown prefix 'attributes'. Did you mean 'attribute'?"),
        ("nqme = 'a'", REGISTERED_MODELS, 1, "Did you mean 'name'?"),
        ("name > 'a'", REGISTERED_MODELS, 6, "name cannot be compared with >"),
        ("name = a", REGISTERED_MODELS, 8, "Put it in quotes: 'a'"),
        ("metrics.loss > 1", REGISTERED_MODELS, 1, "Prefixes of registered models are attribute, tags, tag."),
        ("tags.k IN ('a')", REGISTERED_MODELS, 8, "cannot be compared with IN"),
        ("name = 'a' AND version = 1", MODEL_VERSIONS, 16, "unknown attribute 'version'"),
        ("current_stage = 'None'", MODEL_VERSIONS, 1, "Attributes of model versions are creation_timestamp"),
        ("version_number = 'abc'", MODEL_VERSIONS, 18, "expected an integer in quotes"),
        ("version_number = 1.5", MODEL_VERSIONS, 18, "expected an integer"),
        ("version_number IN (1)", MODEL_VERSIONS, 16, "cannot be compared with IN"),
        ("source_path IN ('a')", MODEL_VERSIONS, 13, "cannot be compared with IN"),
    ],
)
def test_what_is_refused(text, resource, position, words):
    with pytest.raises(InvalidParameterValue) as caught:
        parse_filter(text, resource)
    assert f"at position {position}:" in caught.value.message
    assert words in caught.value.message


def test_orders():
    def completed(items, resource):
        keys = complete_order(parse_order_by(items, resource), resource)
        return [(key.field.key, key.ascending) for key in keys]

    assert completed([], REGISTERED_MODELS) == [("name", True)]
    assert completed(["timestamp DESC"], REGISTERED_MODELS) == [("last_updated_timestamp", False), ("name", True)]
    ties = [("name", True), ("version_number", False)]
    assert completed([], MODEL_VERSIONS) == [("last_updated_timestamp", False), *ties]
    assert completed(["creation_timestamp"], MODEL_VERSIONS) == [("creation_timestamp", True), *ties]
    assert completed(["version_number ASC", "name DESC"], MODEL_VERSIONS) == [
        ("version_number", True),
        ("name", False),
    ]
    for item, resource in (
        ("creation_timestamp", REGISTERED_MODELS),
        ("tags.k", REGISTERED_MODELS),
        ("run_id", MODEL_VERSIONS),
        ("source_path DESC", MODEL_VERSIONS),
        ("timestamp", MODEL_VERSIONS),
    ):
        with pytest.raises(InvalidParameterValue, match="position 1"):
            parse_order_by([item], resource)
