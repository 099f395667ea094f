"""The registry in SQL: what its searches cost, and that they find what the plain-Python oracle finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.search.fields import MODEL_VERSIONS, REGISTERED_MODELS
from assay.search.parser import parse_filter, parse_order_by
from assay.search.tree import And, Comparison, Field, Kind, Not, Operator, Or, OrderKey
from assay.store.base import STAGES, Query
from assay.store.open import open_store
from assay.store.registry import MODEL_STAGES, STAGING
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.store.sqlite.database import SqliteDatabase
from assay.testing.registry_contract import (
    MODEL_SAMPLES,
    NOW,
    add_model,
    add_version,
    assert_models_found,
    assert_versions_found,
    fill_registry,
    set_alias,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assay.store.base import Store
    from assay.testing.search_oracle import Record

SCANNED = re.compile(r"SCAN (?!json_each|n$)\w+$", re.MULTILINE)
"""A whole table read, other than a list of values, or `n`, the newest version of each stage of a model."""


class Watched(SqlStore):
    """A store that tells the statements it ran."""

    def __init__(self, path: Path) -> None:
        self.statements: list[str] = []
        self.database = SqliteDatabase(path, on_statement=self.statements.append)
        migrate.prepare(self.database, artifact_root="/artifacts", now=1)
        super().__init__(self.database)

    def run(self, work, *, writing: bool = False) -> list[str]:
        self.statements.clear()
        (self.write if writing else self.read)(work)
        return [sql for sql in self.statements if sql.lower() not in ("begin", "begin immediate", "commit", "rollback")]

    def plan(self, sql: str) -> str:
        rows = self.database.read(lambda transaction: transaction.all(f"explain query plan {sql}"))
        return "\n".join(row[3] for row in rows)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    one = Watched(tmp_path / "assay.db")
    for number in range(30):
        add_model(one, f"m{number:02d}", tags={"k": str(number)})
        for _ in range(3):
            add_version(one, f"m{number:02d}", source=f"s3://b/{number}", run_id=f"r{number}")
    set_alias(one, "m00", "champion", 1)
    yield one
    one.close()


@pytest.mark.parametrize("limit", [2, 30])
def test_a_search_runs_a_fixed_number_of_statements(watched, limit):
    query = Query(stages=STAGES, limit=limit)
    assert len(watched.run(lambda session: session.registered_models.search(query))) == 6
    assert len(watched.run(lambda session: session.model_versions.search(query))) == 3
    assert len(watched.run(lambda session: session.model_versions.shown([f"m{n:02d}" for n in range(limit)]))) == 3
    assert len(watched.run(lambda session: session.model_versions.get("m00", 1))) == 3
    assert len(watched.run(lambda session: session.model_versions.aliased("m00", alias="champion"))) == 4


@pytest.mark.parametrize(
    ("resource", "where", "order", "index"),
    [
        ("models", "name = 'm07'", [], "sqlite_autoindex_registered_models_1"),
        ("models", "name IN ('m07', 'm08')", [], "sqlite_autoindex_registered_models_1"),
        ("models", "tags.k = '7'", [], "registered_model_tags_by_value"),
        ("models", None, [], "sqlite_autoindex_registered_models_1"),
        ("models", None, ["timestamp DESC"], "registered_models_by_update"),
        ("versions", None, [], "model_versions_by_update"),
        ("versions", "name = 'm07'", [], "sqlite_autoindex_registered_models_1"),
        ("versions", "name = 'm07'", ["version_number DESC"], "sqlite_autoindex_model_versions_1"),
        ("versions", "run_id = 'r7'", [], "model_versions_by_run"),
        ("versions", "source_path = 's3://b/7'", [], "model_versions_by_source"),
        ("versions", "tags.k = '7'", [], "model_version_tags_by_value"),
    ],
)
def test_searches_are_answered_by_an_index(watched, resource, where, order, index):
    fields = REGISTERED_MODELS if resource == "models" else MODEL_VERSIONS
    query = Query(where=parse_filter(where, fields), order_by=parse_order_by(order, fields), stages=STAGES, limit=5)
    if resource == "models":
        ran = watched.run(lambda session: session.registered_models.search(query))
    else:
        ran = watched.run(lambda session: session.model_versions.search(query))
    assert index in watched.plan(ran[0]), watched.plan(ran[0])
    for sql in ran:
        assert not SCANNED.search(watched.plan(sql)), f"{sql}\n{watched.plan(sql)}"


def test_looking_up_and_changing_use_indexes(watched):
    works = [
        lambda session: session.registered_models.get("m00"),
        lambda session: session.registered_models.rename("m00", new_name="new", now=1),
        lambda session: session.registered_models.set_alias("new", alias="champion", version=2, change=NOW),
        lambda session: session.registered_models.set_alias("new", alias="gone", version=2, change=NOW),
        lambda session: session.registered_models.delete_alias("new", alias="gone", change=NOW),
        lambda session: session.registered_models.alias_history("new", alias="champion", as_of=9, limit=5),
        lambda session: session.registered_models.alias_changes("new", limit=5),
        lambda session: session.model_versions.shown(["new", "m01"]),
        lambda session: session.registered_models.alias_before("new", alias="champion"),
        lambda session: session.model_versions.aliased("new", alias="champion"),
        lambda session: session.model_versions.newest("new"),
        lambda session: session.model_versions.latest("new", stages=MODEL_STAGES),
        lambda session: session.model_versions.move("new", 2, stage=STAGING, archiving=True, now=1),
        lambda session: session.model_versions.set_tag("new", 2, key="k", value="v"),
        lambda session: session.model_versions.delete("new", 2, change=NOW),
        lambda session: session.registered_models.delete("new"),
    ]
    for work in works:
        for sql in watched.run(work, writing=True):
            assert not SCANNED.search(watched.plan(sql)), f"{sql}\n{watched.plan(sql)}"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Record], list[Record]]]:
    store = open_store(str(tmp_path_factory.mktemp("store")), artifact_root="/artifacts")
    yield (store, *fill_registry(store))
    store.close()


TEXTS = st.sampled_from(
    [
        *(sample.name for sample in MODEL_SAMPLES),
        *(text for sample in MODEL_SAMPLES for text in sample.tags.values()),
        *(
            text
            for sample in MODEL_SAMPLES
            for version in sample.versions
            for text in (*version[:2], *version[3].values())
        ),
    ]
) | st.text("aAfF%_\\rR/ü", max_size=4)
MATCHING = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL, Operator.LIKE, Operator.ILIKE])
ORDERING = st.sampled_from(
    [
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.LESS_OR_EQUAL,
        Operator.GREATER,
        Operator.GREATER_OR_EQUAL,
    ]
)
TAGS = st.builds(Field, st.just(Kind.TAG), st.sampled_from(["team", "é", "q", "x", "none", "mlflow.prompt.is_prompt"]))


def named(*names: str) -> st.SearchStrategy[Field]:
    return st.builds(Field, st.just(Kind.ATTRIBUTE), st.sampled_from(names))


def trees(texts: st.SearchStrategy[Field], lists: st.SearchStrategy[Field], numbers: st.SearchStrategy[Field]):
    clauses = st.one_of(
        st.builds(Comparison, texts | TAGS, MATCHING, TEXTS),
        st.builds(Comparison, TAGS, st.sampled_from([Operator.IS_NULL, Operator.IS_NOT_NULL])),
        st.builds(Comparison, numbers, ORDERING, st.integers(-1, 12) | st.integers(-(2**63), 2**63 - 1)),
        st.builds(
            Comparison,
            lists,
            st.sampled_from([Operator.IN, Operator.NOT_IN]),
            st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
        ),
    )
    joins = lambda inner: (  # noqa: E731 -- a step of the recursion below
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
    )
    return st.none() | st.recursive(clauses, joins, max_leaves=6)


def queries(where: st.SearchStrategy, orderable: st.SearchStrategy[Field]) -> st.SearchStrategy[Query]:
    orders = st.lists(
        st.builds(OrderKey, orderable, st.booleans()), max_size=2, unique_by=lambda key: (key.field.kind, key.field.key)
    )
    return st.builds(
        Query,
        where=where,
        order_by=orders,
        stages=st.just(STAGES),
        limit=st.integers(1, 20),
        offset=st.integers(0, 6),
    )


MODELS = trees(named("name"), named("name"), named("creation_timestamp", "last_updated_timestamp"))
VERSIONS = trees(
    named("name", "run_id", "source_path"),
    named("name", "run_id"),
    named("version_number", "creation_timestamp", "last_updated_timestamp"),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries(MODELS, named("name", "last_updated_timestamp")))
def test_sql_finds_the_models_that_the_oracle_finds(filled, query) -> None:
    store, models, _ = filled
    assert_models_found(store, query, models)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries(VERSIONS, named("name", "version_number", "creation_timestamp", "last_updated_timestamp")))
def test_sql_finds_the_versions_that_the_oracle_finds(filled, query) -> None:
    store, _, versions = filled
    assert_versions_found(store, query, versions)
