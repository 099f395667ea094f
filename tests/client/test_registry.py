"""Registered models through the library, in a local store and on a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import assay
from assay.client import connection
from assay.client.artifact_uris import download_artifacts, list_artifacts, load_text
from assay.core.errors import (
    AssayError,
    InvalidParameterValue,
    NotSupported,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from assay.wire import models as wire

pytestmark = pytest.mark.usefixtures("tracked")


@pytest.fixture
def client(tracked):
    return assay.Client(tracked)


@pytest.fixture
def name():
    return f"fraud é {os.urandom(4).hex()}"


def logged(text="weights"):
    with assay.start_run() as run:
        assay.log_text(text, "my model/weights.txt")
        assay.log_text("flavors: {}", "my model/MLmodel")
    return run.info.run_id


def logged_model(client, run_id, model_name="forest"):
    """A logged model with one file."""
    asked = connection.connect(client.tracking_uri)
    experiment_id = client.get_run(run_id).info.experiment_id
    request = wire.CreateLoggedModel(experiment_id=experiment_id, name=model_name, source_run_id=run_id)
    info = asked.ask(request, wire.LoggedModelResponse).model.info
    asked.transport.blobs(info.artifact_uri).write("weights.txt", [b"forest"])
    return info.model_id


def test_a_model_is_registered_found_and_fetched(client, name):
    run_id = logged()
    made = assay.register_model(f"runs:/{run_id}/my model", name, tags={"accuracy": 0.9})
    assert (made.name, made.version, made.run_id, made.tags) == (name, "1", run_id, {"accuracy": "0.9"})
    assert made.source.endswith(f"/{run_id}/artifacts/my model")
    assert assay.register_model(f"models:/{name}/1", name).source == f"models:/{name}/1"
    client.set_registered_model_alias(name, "champion", "1")
    client.transition_model_version_stage(name, "2", "staging")
    for wanted in (f"{name}/1", f"{name}@champion", f"{name}/latest", f"{name}/LATEST", f"{name}/Staging"):
        assert load_text(f"models:/{wanted}/weights.txt") == "weights"
        assert {file.path for file in list_artifacts(f"models:/{wanted}")} == {"MLmodel", "weights.txt"}
    fetched = Path(download_artifacts(f"models:/{name}@champion", dst_path="out"))
    assert (fetched / "MLmodel").is_file()
    assert 'model_version: "1"' in (fetched / "registered_model_meta").read_text()
    with pytest.raises(InvalidParameterValue, match="none"):
        download_artifacts(f"models:/{name}@none")
    with pytest.raises(InvalidParameterValue, match="Production"):
        download_artifacts(f"models:/{name}/production")
    with pytest.raises(ResourceDoesNotExist, match="7"):
        list_artifacts(f"models:/{name}/7")


def test_what_is_not_there_is_registered_under_no_name(client, name):
    run_id = logged()
    with pytest.raises(ResourceDoesNotExist, match="nothing"):
        assay.register_model(f"runs:/{run_id}/nothing", name)
    with pytest.raises(InvalidParameterValue, match="runs:/"):
        assay.register_model("runs:/", name)
    with pytest.raises(InvalidParameterValue, match="may not hold"):
        assay.register_model(f"runs:/{run_id}/my model", "a/b")
    with pytest.raises(NotSupported, match="env_pack"):
        assay.register_model(f"runs:/{run_id}/my model", name, env_pack="databricks_model_serving")
    other = client.create_registered_model(f"{name} other").name
    for nothing in ("/1", "@nobody", "/Staging", "@champion?as_of=2001-01-01"):
        with pytest.raises(AssayError, match=r"version|alias|stage"):
            assay.register_model(f"models:/{other}{nothing}", name)
    for place in ("https://somewhere/model", "s3://bucket/../model"):
        with pytest.raises(InvalidParameterValue, match="location"):
            assay.register_model(place, name)
    with pytest.raises(InvalidParameterValue, match="tag"):
        assay.register_model(f"runs:/{run_id}/my model", name, tags={"": "x"})
    with pytest.raises(ResourceDoesNotExist):
        client.get_registered_model(name)
    assert assay.register_model(f"runs:/{run_id}", name).source.endswith(f"/{run_id}/artifacts")


def test_a_logged_model_is_registered_by_its_id_and_by_its_run(client, name):
    run_id = logged()
    model_id = logged_model(client, run_id)
    assert assay.register_model(f"models:/{model_id}", name).source == f"models:/{model_id}"
    made = assay.register_model(f"runs:/{run_id}/forest", name)
    assert (made.source, made.run_id, made.model_id) == (f"models:/{model_id}", run_id, model_id)
    for uri in (f"models:/{model_id}", f"models:/{name}/1", f"models:/{name}/2", f"runs:/{run_id}/forest"):
        assert load_text(f"{uri}/weights.txt") == "forest"
    assert [file.path for file in list_artifacts(f"models:/{model_id}")] == ["weights.txt"]
    assert [file.path for file in list_artifacts(f"runs:/{run_id}/forest")] == ["forest/weights.txt"]
    assert list_artifacts(f"runs:/{run_id}/none") == []
    with pytest.raises(ResourceDoesNotExist):
        download_artifacts(f"models:/{name}")


def test_models_are_created_changed_and_deleted(client, name):
    made = client.create_registered_model(name, tags={"team": "risk", "size": 3}, description="why")
    assert (made.name, made.description, made.tags) == (name, "why", {"team": "risk", "size": "3"})
    assert (made.latest_versions, made.aliases) == ([], {})
    assert client.get_registered_model(name) == made
    with pytest.raises(ResourceAlreadyExists, match="exists already"):
        client.create_registered_model(name)
    client.set_registered_model_tag(name, "team", "ops")
    client.delete_registered_model_tag(name, "size")
    client.delete_registered_model_tag(name, "size")
    assert client.get_registered_model(name).tags == {"team": "ops"}
    assert client.update_registered_model(name, "because").description == "because"
    assert client.update_registered_model(name).description == ""
    renamed = client.rename_registered_model(name, f"{name}2")
    assert (renamed.name, renamed.tags) == (f"{name}2", {"team": "ops"})
    client.delete_registered_model(f"{name}2")
    with pytest.raises(ResourceDoesNotExist, match=name):
        client.get_registered_model(name)
    for wrong in ("", " ", "a/b", "a:b", ".", "..", "x" * 257):
        with pytest.raises(InvalidParameterValue):
            client.create_registered_model(wrong)


def test_versions_are_created_changed_and_deleted(client, name):
    client.create_registered_model(name)
    made = client.create_model_version(name, "s3://bucket/m", tags={"a": 1}, run_link="http://ci/1", description="one")
    assert (made.version, made.current_stage, made.status, made.description) == ("1", "None", "READY", "one")
    assert (made.source, made.run_id, made.run_link, made.tags) == ("s3://bucket/m", "", "http://ci/1", {"a": "1"})
    assert client.get_model_version(name, 1) == made
    assert client.get_model_version_download_uri(name, "1") == "s3://bucket/m"
    assert client.update_model_version(name, "1", "two").description == "two"
    client.set_model_version_tag(name, "1", "a", 2)
    client.set_model_version_tag(name, key="b", value="x", stage="None")
    assay.set_model_version_tag(name, "1", "c", 0.5)
    client.delete_model_version_tag(name, "1", "a")
    assert client.get_model_version(name, "1").tags == {"b": "x", "c": "0.5"}
    with pytest.raises(InvalidParameterValue, match="exactly one"):
        client.set_model_version_tag(name, key="a", value="b")
    second = client.copy_model_version(f"models:/{name}/1", f"{name} copy")
    assert (second.name, second.version, second.source) == (f"{name} copy", "1", f"models:/{name}/1")
    assert client.copy_model_version(f"models:/{name}/latest", f"{name} copy").tags == {"b": "x", "c": "0.5"}
    client.delete_model_version(name, "1")
    assert client.create_model_version(name, "s3://bucket/m").version == "2"
    with pytest.raises(ResourceDoesNotExist, match="version 1"):
        client.get_model_version(name, "1")
    with pytest.raises(InvalidParameterValue, match="integer"):
        client.get_model_version(name, "one")
    assert client.get_model_version_stages(name, "2") == ["None", "Staging", "Production", "Archived"]


def test_aliases_and_stages(client, name):
    client.create_registered_model(name)
    for _ in range(3):
        client.create_model_version(name, "s3://bucket/m")
    client.set_registered_model_alias(name, "champion", 1)
    client.set_registered_model_alias(name, "champion", "2")
    assert client.get_registered_model(name).aliases == {"champion": "2"}
    assert client.get_model_version_by_alias(name, "champion").aliases == ["champion"]
    assert client.get_model_version_by_alias(name, "latest").version == "3"
    for reserved in ("latest", "Latest", "v1", "V22", "a b", ""):
        with pytest.raises(InvalidParameterValue):
            client.set_registered_model_alias(name, reserved, "1")
    client.delete_registered_model_alias(name, "champion")
    client.delete_registered_model_alias(name, "champion")
    with pytest.raises(InvalidParameterValue, match="champion"):
        client.get_model_version_by_alias(name, "champion")
    client.transition_model_version_stage(name, "1", "Production")
    moved = client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
    assert moved.current_stage == "Production"
    stages = {one.current_stage: one.version for one in client.get_latest_versions(name)}
    assert stages == {"Archived": "1", "Production": "2", "None": "3"}
    assert [one.version for one in client.get_latest_versions(name, ["PRODUCTION"])] == ["2"]
    with pytest.raises(InvalidParameterValue, match="cannot be archived"):
        client.transition_model_version_stage(name, "1", "None", archive_existing_versions=True)


def test_searches_give_pages_and_everything(client, name):
    for number in range(5):
        client.create_registered_model(f"{name}-{number}", tags={"n": str(number % 2)})
        client.create_model_version(f"{name}-{number}", f"s3://bucket/{number}", tags={"n": str(number)})
    mine = f"name LIKE '{name}%'"
    page = client.search_registered_models(mine, max_results=2)
    assert [model.name for model in page] == [f"{name}-0", f"{name}-1"]
    rest = client.search_registered_models(mine, max_results=1000, page_token=page.token)
    assert (len(rest), rest.token) == (3, None)
    found = assay.search_registered_models(filter_string=f"{mine} AND tags.n = '1'", order_by=["name DESC"])
    assert [model.name for model in found] == [f"{name}-3", f"{name}-1"]
    assert len(assay.search_registered_models(max_results=3, filter_string=mine)) == 3
    versions = assay.search_model_versions(filter_string=f"{mine} AND (tags.n = '4' OR source_path = 's3://bucket/0')")
    assert [version.source for version in versions] == ["s3://bucket/4", "s3://bucket/0"]
    assert len(assay.search_model_versions(max_results=2, filter_string=mine)) == 2
    page = client.search_model_versions(mine, max_results=3, order_by=["name ASC"])
    assert [version.name for version in page] == [f"{name}-{number}" for number in range(3)]
    assert len(client.search_model_versions(mine, page_token=page.token, order_by=["name ASC"])) == 2
    with pytest.raises(InvalidParameterValue, match="position 1"):
        assay.search_registered_models(filter_string="nqme = 'x'")


def test_the_registry_may_be_elsewhere(tmp_path, name):
    client = assay.Client(registry_uri=str(tmp_path / "registry"))
    client.create_registered_model(name)
    client.create_model_version(name, "s3://bucket/m")
    assert assay.Client(str(tmp_path / "registry")).get_model_version(name, "1").source == "s3://bucket/m"
    with pytest.raises(ResourceDoesNotExist):
        assay.Client().get_registered_model(name)


def test_entities_print_and_come_apart(client, name):
    made = client.create_registered_model(name, tags={"a": "b"})
    assert f"name='{name}'" in repr(made)
    assert dict(made)["tags"] == {"a": "b"}
    version = client.create_model_version(name, "s3://bucket/m")
    assert repr(version).startswith("<ModelVersion: aliases=[], creation_timestamp=")
