"""What every `Store` must keep of registered models and their versions; part of `StoreContract`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.search.fields import MODEL_VERSIONS, REGISTERED_MODELS
from assay.search.parser import complete_order, parse_filter, parse_order_by
from assay.store.base import STAGES, Query
from assay.store.registry import ARCHIVED, MODEL_STAGES, NO_STAGE, PRODUCTION, STAGING, Change, NewVersion
from assay.testing.search_oracle import Record, matches, ordered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.store.base import Session, Store
    from assay.wire.registry import ModelVersion, RegisteredModel

NOW = Change(1)


def add_model(store: Store, name: str, *, now: int = 1, tags: Mapping[str, str] | None = None) -> RegisteredModel:
    """A new registered model."""
    return store.write(
        lambda session: session.registered_models.create(name, tags=tags or {}, description=None, now=now)
    )


def add_version(
    store: Store,
    name: str,
    *,
    now: int = 1,
    source: str = "s3://b/m",
    run_id: str = "",
    tags: Mapping[str, str] | None = None,
) -> ModelVersion:
    """A new version of a registered model."""
    version = NewVersion(source=source, location=source, run_id=run_id)
    return store.write(lambda session: session.model_versions.create(name, version, tags=tags or {}, now=now))


def get_model(store: Store, name: str) -> RegisteredModel:
    """The registered model of this name."""
    return store.read(lambda session: session.registered_models.get(name))


def get_version(store: Store, name: str, version: int) -> ModelVersion:
    """A version of a registered model."""
    return store.read(lambda session: session.model_versions.get(name, version))


def set_alias(store: Store, name: str, alias: str, version: int, *, change: Change = NOW) -> None:
    """Make an alias stand for a version."""
    store.write(lambda session: session.registered_models.set_alias(name, alias=alias, version=version, change=change))


def move(store: Store, name: str, version: int, stage: str, *, archiving: bool = False, now: int = 1) -> None:
    """Change the stage of a version."""
    store.write(lambda session: session.model_versions.move(name, version, stage=stage, archiving=archiving, now=now))


def delete_version(store: Store, name: str, version: int) -> None:
    """Delete a version."""
    store.write(lambda session: session.model_versions.delete(name, version, change=Change(9)))


@dataclass(frozen=True)
class ModelSample:
    """A registered model to search for, with its versions."""

    name: str
    times: tuple[int, int]
    tags: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[tuple[str, str, int, Mapping[str, str]], ...] = ()
    """Source, run id, time and tags of each."""

    def add_to(self, store: Store) -> None:
        """Store the model and its versions."""
        created, changed = self.times
        add_model(store, self.name, now=created, tags=self.tags)
        for source, run_id, now, tags in self.versions:
            add_version(store, self.name, now=now, source=source, run_id=run_id, tags=tags)
        store.write(lambda session: session.registered_models.describe(self.name, description=None, now=changed))

    def record(self) -> Record:
        """The model as the oracle sees it."""
        created, changed = self.times
        return Record(
            attributes={"name": self.name, "creation_timestamp": created, "last_updated_timestamp": changed},
            tags=self.tags,
        )

    def version_records(self) -> list[Record]:
        """The versions as the oracle sees them."""
        return [
            Record(
                attributes={
                    "name": self.name,
                    "version_number": number,
                    "run_id": run_id,
                    "source_path": source,
                    "creation_timestamp": now,
                    "last_updated_timestamp": now,
                },
                tags=tags,
            )
            for number, (source, run_id, now, tags) in enumerate(self.versions, start=1)
        ]


MODEL_SAMPLES = (
    ModelSample(
        "fraud", (1, 9), {"team": "risk", "é": "ü"}, (("s3://b/1", "r1", 3, {}), ("s3://b/2", "", 5, {"q": "1"}))
    ),
    ModelSample("Fraud", (2, 9), {"team": "Risk"}, (("s3://b/1", "r1", 5, {"q": "1", "x": ""}),)),
    ModelSample("churn", (3, 4), {}, tuple((f"runs:/r{n}/model", f"r{n}", n, {"q": str(n)}) for n in range(1, 12))),
    ModelSample("100%_", (4, 8), {"team": "", "mlflow.prompt.is_prompt": "true"}),
    ModelSample("ünï", (5, 5), {"team": "risk\nrisk"}, (("models:/churn/1", "", 1, {"q": "a%b"}),)),
)
MODEL_FILTERS = """
name = 'fraud' | name != 'fraud' | name LIKE '%raud' | name ILIKE 'FRAUD' | name LIKE '100%' | name LIKE '____'
name IN ('fraud', 'churn', 'none') | name NOT IN ('fraud') | attribute.name = 'churn'
tags.team = 'risk' | tag.team != 'risk' | tags.team LIKE 'risk%' | tags.team ILIKE 'RISK' | tags.team = ''
tags.team IS NULL | tags.team IS NOT NULL | NOT tags.team = 'risk' | tags.`é` = 'ü' | tags.none IS NULL
tags.mlflow.prompt.is_prompt = 'true' | name = 'fraud' OR tags.team IS NULL | NOT (name = 'fraud' OR name = 'churn')
last_updated_timestamp > 5 | timestamp <= 5 | creation_timestamp != 3 AND NOT tags.team = 'Risk'
"""
MODEL_ORDERS = """
name | name DESC | timestamp | last_updated_timestamp DESC | last_updated_timestamp DESC, name DESC
"""
VERSION_FILTERS = """
name = 'churn' | name ILIKE 'fraud' | name IN ('fraud', 'Fraud') | name NOT IN ('churn') | version_number = 1
version_number = '1' | version_number > 2 | version_number >= '10' | version_number < '9' | version_number != 1
run_id = 'r1' | run_id != 'r1' | run_id = '' | run_id LIKE 'r1%' | run_id IN ('r1', 'r2') | run_id NOT IN ('r1')
source_path = 's3://b/1' | source_path LIKE 'runs:/%' | source_path ILIKE 'S3:%' | NOT source_path LIKE 's3%'
tags.q = '1' | tags.q != '1' | tags.q IS NULL | tags.x IS NOT NULL | tags.q LIKE 'a%b' | creation_timestamp > 4
name = 'churn' AND run_id = 'r3' | name = 'churn' AND (tags.q = '2' OR version_number > 10) | NOT name = 'churn'
last_updated_timestamp = 5
"""
VERSION_ORDERS = """
name | name DESC | version_number | version_number DESC, name | creation_timestamp, name DESC | last_updated_timestamp
"""


def lines(text: str) -> list[str]:
    """The pieces of a table of filters or orders."""
    return [part.strip() for line in text.split("\n") for part in line.split(" | ") if part.strip()]


def fill_registry(store: Store) -> tuple[list[Record], list[Record]]:
    """Store the samples; the models and the versions as the oracle sees them."""
    for sample in MODEL_SAMPLES:
        sample.add_to(store)
    versions = [record for sample in MODEL_SAMPLES for record in sample.version_records()]
    return [sample.record() for sample in MODEL_SAMPLES], versions


def assert_models_found(store: Store, query: Query, records: list[Record]) -> None:
    """Check that a search finds the models it must among records, in order."""
    keys = complete_order(query.order_by, REGISTERED_MODELS)
    wanted = [record.attributes["name"] for record in ordered(filter(_test(query), records), keys)]
    found = [model.name for model in store.read(lambda session: session.registered_models.search(query))]
    assert found == wanted[query.offset : query.offset + query.limit]


def assert_versions_found(store: Store, query: Query, records: list[Record]) -> None:
    """Check that a search finds the versions it must among records, in order."""
    keys = complete_order(query.order_by, MODEL_VERSIONS)
    wanted = [
        (record.attributes["name"], str(record.attributes["version_number"]))
        for record in ordered(filter(_test(query), records), keys)
    ]
    found = store.read(lambda session: session.model_versions.search(query))
    assert [(version.name, version.version) for version in found] == wanted[query.offset : query.offset + query.limit]


def _test(query: Query) -> Any:
    return lambda record: matches(query.where, record)


class RegistryContract:
    """Registered models, versions, tags, stages, and how they are found."""

    def test_a_model_comes_back_as_created(self, store: Store) -> None:
        """Tags and aliases by name, times as given, no versions."""
        made = store.write(
            lambda session: session.registered_models.create(
                "é 漢/", tags={"b": "2", "a": ""}, description="why", now=77
            )
        )
        assert (made.name, made.creation_timestamp, made.last_updated_timestamp) == ("é 漢/", 77, 77)
        assert (made.description, made.latest_versions, made.aliases) == ("why", [], [])
        assert [(tag.key, tag.value) for tag in made.tags] == [("a", ""), ("b", "2")]
        assert get_model(store, "é 漢/") == made

    def test_a_name_is_taken_once(self, store: Store) -> None:
        """Creating and renaming refuse it; upper and lower case differ; a deleted model frees its name."""
        add_model(store, "one")
        add_model(store, "One")
        with pytest.raises(ResourceAlreadyExists, match="one"):
            add_model(store, "one")
        with pytest.raises(ResourceAlreadyExists, match="one"):
            store.write(lambda session: session.registered_models.rename("One", new_name="one", now=2))
        store.write(lambda session: session.registered_models.rename("one", new_name="one", now=3))
        assert get_model(store, "one").last_updated_timestamp == 3
        store.write(lambda session: session.registered_models.delete("one"))
        assert add_model(store, "one", now=5).creation_timestamp == 5

    def test_what_does_not_exist_is_said_so(self, store: Store) -> None:
        """Every method names the model, and the version."""
        add_model(store, "known")
        works: list[Any] = [
            lambda session: session.registered_models.get("none"),
            lambda session: session.registered_models.rename("none", new_name="n", now=1),
            lambda session: session.registered_models.describe("none", description="", now=1),
            lambda session: session.registered_models.delete("none"),
            lambda session: session.registered_models.set_tag("none", key="k", value="v"),
            lambda session: session.registered_models.delete_tag("none", key="k"),
            lambda session: session.registered_models.delete_alias("none", alias="a", change=NOW),
            lambda session: session.registered_models.alias_before("none", alias="a"),
            lambda session: session.model_versions.create("none", NewVersion("s", "s"), tags={}, now=1),
            lambda session: session.model_versions.aliased("none", alias="a"),
            lambda session: session.model_versions.newest("none"),
            lambda session: session.model_versions.latest("none", stages=MODEL_STAGES),
        ]
        for name in ("none", "known"):
            works += [
                lambda session, name=name: session.registered_models.set_alias(name, alias="a", version=1, change=NOW),
                lambda session, name=name: session.model_versions.get(name, 1),
                lambda session, name=name: session.model_versions.location(name, 1),
                lambda session, name=name: session.model_versions.describe(name, 1, description=None, now=1),
                lambda session, name=name: session.model_versions.move(name, 1, stage=STAGING, archiving=True, now=1),
                lambda session, name=name: session.model_versions.delete(name, 1, change=NOW),
                lambda session, name=name: session.model_versions.set_tag(name, 1, key="k", value="v"),
                lambda session, name=name: session.model_versions.delete_tag(name, 1, key="k"),
            ]
        for work in works:
            with pytest.raises(ResourceDoesNotExist, match=r"none|known"):
                store.write(work)

    def test_a_version_comes_back_as_created(self, store: Store) -> None:
        """The model counts as changed; its location may be another than its source."""
        add_model(store, "m", now=1)
        version = NewVersion("models:/x/1", "s3://b/x", run_id="r", run_link="http://l", model_id="m-1", description="")
        made = store.write(
            lambda session: session.model_versions.create("m", version, tags={"b": "2", "a": "1"}, now=7)
        )
        assert (made.name, made.version, made.current_stage, made.status) == ("m", "1", NO_STAGE, "READY")
        assert (made.creation_timestamp, made.last_updated_timestamp, made.description) == (7, 7, "")
        assert (made.source, made.run_id, made.run_link, made.model_id) == ("models:/x/1", "r", "http://l", "m-1")
        assert [(tag.key, tag.value) for tag in made.tags] == [("a", "1"), ("b", "2")]
        assert get_version(store, "m", 1) == made
        assert store.read(lambda session: session.model_versions.location("m", 1)) == "s3://b/x"
        assert get_model(store, "m").last_updated_timestamp == 7
        assert get_model(store, "m").latest_versions == [made]

    def test_numbers_of_versions_are_never_given_again(self, store: Store) -> None:
        """Not after deletion, of the newest or of all; a new model of the same name begins anew."""
        add_model(store, "m")
        assert [add_version(store, "m").version for _ in range(3)] == ["1", "2", "3"]
        for version in (3, 1, 2):
            delete_version(store, "m", version)
        assert get_model(store, "m").latest_versions == []
        assert store.read(lambda session: session.model_versions.newest("m")) is None
        assert add_version(store, "m").version == "4"
        store.write(lambda session: session.registered_models.delete("m"))
        with pytest.raises(ResourceDoesNotExist):
            get_version(store, "m", 4)
        add_model(store, "m")
        assert add_version(store, "m").version == "1"

    def test_writers_at_once_get_numbers_of_their_own(self, store: Store, another: Store) -> None:
        """Through two stores over the same data."""
        add_model(store, "m")
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda n: add_version((store, another)[n % 2], "m").version, range(24)))
        assert sorted(map(int, made)) == list(range(1, 25))

    def test_renaming_takes_everything_along(self, store: Store) -> None:
        """Versions, tags and aliases."""
        add_model(store, "old", tags={"k": "v"})
        add_version(store, "old")
        set_alias(store, "old", "champion", 1)
        store.write(lambda session: session.registered_models.rename("old", new_name="new", now=5))
        model = get_model(store, "new")
        assert (model.tags[0].value, model.aliases[0].alias, model.latest_versions[0].name) == ("v", "champion", "new")
        assert get_version(store, "new", 1).aliases == ["champion"]
        with pytest.raises(ResourceDoesNotExist):
            get_version(store, "old", 1)

    def test_descriptions_are_set_and_cleared(self, store: Store) -> None:
        """A version's description leaves the time of the model alone."""
        add_model(store, "m", now=1)
        add_version(store, "m", now=2)
        store.write(lambda session: session.registered_models.describe("m", description="a", now=3))
        store.write(lambda session: session.model_versions.describe("m", 1, description="b", now=4))
        assert (get_model(store, "m").description, get_model(store, "m").last_updated_timestamp) == ("a", 3)
        found = get_version(store, "m", 1)
        assert (found.description, found.last_updated_timestamp, found.creation_timestamp) == ("b", 4, 2)
        store.write(lambda session: session.model_versions.describe("m", 1, description=None, now=5))
        assert get_version(store, "m", 1).description is None

    def test_tags_are_set_replaced_and_deleted(self, store: Store) -> None:
        """Of models and of versions; times stay."""
        add_model(store, "m", now=1)
        add_version(store, "m", now=1)

        def tag(session: Session, value: str) -> None:
            session.registered_models.set_tag("m", key="k", value=value)
            session.model_versions.set_tag("m", 1, key="k", value=value)

        for value in ("1", "2"):
            store.write(partial(tag, value=value))
        assert [tag.value for tag in get_model(store, "m").tags] == ["2"]
        assert [tag.value for tag in get_version(store, "m", 1).tags] == ["2"]
        for wanted in (True, False):
            assert store.write(lambda session: session.registered_models.delete_tag("m", key="k")) is wanted
            assert store.write(lambda session: session.model_versions.delete_tag("m", 1, key="k")) is wanted
        assert get_model(store, "m").last_updated_timestamp == get_version(store, "m", 1).last_updated_timestamp == 1

    def test_stages_are_left_and_entered(self, store: Store) -> None:
        """The newest of each stage is told; the others of a stage are archived on demand."""
        add_model(store, "m", now=1)
        for _ in range(5):
            add_version(store, "m", now=1)
        for version, stage in ((1, PRODUCTION), (2, STAGING), (5, STAGING)):
            move(store, "m", version, stage, now=3)
        move(store, "m", 3, PRODUCTION, archiving=True, now=4)
        latest = store.read(lambda session: session.model_versions.latest("m", stages=MODEL_STAGES))
        stages = [(version.version, version.current_stage) for version in latest]
        assert stages == [("1", ARCHIVED), ("3", PRODUCTION), ("4", NO_STAGE), ("5", STAGING)]
        assert get_model(store, "m").latest_versions == latest
        assert (latest[0].last_updated_timestamp, get_model(store, "m").last_updated_timestamp) == (4, 4)
        some = store.read(lambda session: session.model_versions.latest("m", stages=(STAGING, NO_STAGE)))
        assert [version.version for version in some] == ["4", "5"]
        newest = store.read(lambda session: session.model_versions.newest("m"))
        assert newest is not None
        assert newest.version == "5"

    def test_searches_for_models_mean_what_the_oracle_says(self, store: Store) -> None:
        """Each filter and each order, on every page of two."""
        records, _ = fill_registry(store)
        for text in lines(MODEL_FILTERS):
            assert_models_found(store, Query(where=parse_filter(text, REGISTERED_MODELS), stages=STAGES), records)
        for text in lines(MODEL_ORDERS):
            keys = parse_order_by(text.split(", "), REGISTERED_MODELS)
            for offset in range(0, 6, 2):
                assert_models_found(store, Query(order_by=keys, stages=STAGES, limit=2, offset=offset), records)

    def test_searches_for_versions_mean_what_the_oracle_says(self, store: Store) -> None:
        """Each filter and each order, on every page of four."""
        _, records = fill_registry(store)
        for text in lines(VERSION_FILTERS):
            assert_versions_found(store, Query(where=parse_filter(text, MODEL_VERSIONS), stages=STAGES), records)
        for text in lines(VERSION_ORDERS):
            keys = parse_order_by(text.split(", "), MODEL_VERSIONS)
            for offset in range(0, 16, 4):
                assert_versions_found(store, Query(order_by=keys, stages=STAGES, limit=4, offset=offset), records)

    def test_what_is_found_is_what_get_gives(self, store: Store) -> None:
        """With tags, aliases and the newest versions."""
        fill_registry(store)
        set_alias(store, "churn", "champion", 3)
        move(store, "churn", 4, STAGING)
        for model in store.read(lambda session: session.registered_models.search(Query(stages=STAGES))):
            assert model == get_model(store, model.name)
        for version in store.read(lambda session: session.model_versions.search(Query(stages=STAGES))):
            assert version == get_version(store, version.name, int(version.version))
