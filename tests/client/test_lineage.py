"""Where a version comes from, told in one request: run, logged model, data, code, and what it is a copy of."""

from __future__ import annotations

import os

import pytest

import assay
from assay.client import connection, entities
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist

pytestmark = pytest.mark.usefixtures("tracked")
CODE = {"mlflow.source.git.commit": "c0ffee", "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}


@pytest.fixture
def client(tracked):
    return assay.Client(tracked)


@pytest.fixture
def name():
    return f"fraud {os.urandom(4).hex()}"


@pytest.fixture
def version(client, name):
    """A version of a logged model, whose run read two datasets, measured on one of them and on another."""
    experiment = client.create_experiment(name)
    run = client.create_run(experiment, tags={**CODE, "team": "risk"}, run_name="train").info.run_id
    sales = entities.Dataset("sales", "d1", "code", '{"a": 1}')
    client.log_inputs(
        run,
        [
            entities.DatasetInput(sales, [entities.InputTag("mlflow.data.context", "training")]),
            entities.DatasetInput(entities.Dataset("plain", "d2", "code", "{}")),
        ],
    )
    model = client.create_logged_model(experiment, "forest", source_run_id=run).model_id
    for step, (data, digest) in enumerate([("sales", "d1"), ("fresh", "d3"), ("fresh", "d3")]):
        client.log_metric(run, "auc", 0.5, step=step, model_id=model, dataset_name=data, dataset_digest=digest)
    client.log_metric(run, "loss", 0.5, model_id=model)
    client.flush()
    client.create_registered_model(name)
    return client.create_model_version(name, f"models:/{model}", run, model_id=model)


def test_everything_is_told_in_one_request(client, name, version, monkeypatch):
    client.set_registered_model_alias(name, "champion", "1")
    asked = []
    ask = connection.Connection.ask
    monkeypatch.setattr(connection.Connection, "ask", lambda self, *given: asked.append(given[0]) or ask(self, *given))
    found = client.get_model_lineage(f"models:/{name}@champion")
    assert len(asked) == 1
    assert (found.version.name, found.version.version) == (name, "1")
    assert (found.run.run_id, found.run.run_name) == (version.run_id, "train")
    assert (found.logged_model.model_id, found.logged_model.name) == (version.model_id, "forest")
    assert found.code == CODE
    assert [(one.name, one.digest, one.source_type, one.contexts, one.metrics) for one in found.datasets] == [
        ("sales", "d1", "code", ["training"], ["auc"]),
        ("plain", "d2", "code", [], []),
        ("fresh", "d3", "", [], ["auc"]),
    ]
    assert (found.copied_from, found.copied_from_server) == (None, None)
    assert found.to_dictionary()["datasets"][0]["source"] == '{"a": 1}'


@pytest.mark.parametrize("wanted", ["/1", "/latest", "/None", "@champion?as_of=2999-01-01"])
def test_a_version_is_named_in_every_way(client, name, version, wanted):
    client.set_registered_model_alias(name, "champion", "1")
    assert client.get_model_lineage(f"models:/{name}{wanted}").version.version == version.version


def test_a_copy_says_of_what(client, name, version):
    client.copy_model_version(f"models:/{name}/1", f"{name} live")
    found = client.get_model_lineage(f"models:/{name} live/1")
    assert (found.copied_from, found.copied_from_server) == (f"models:/{name}/1", None)
    assert found.run.run_id == version.run_id


def test_what_is_gone_is_left_out(client, name, version):
    client.delete_run(version.run_id)
    client.delete_logged_model(version.model_id)
    found = client.get_model_lineage(f"models:/{name}/1")
    assert (found.run.lifecycle_stage, found.logged_model.name) == ("deleted", "forest")
    client.create_registered_model(f"{name} bucket")
    client.create_model_version(f"{name} bucket", "s3://bucket/model")
    found = client.get_model_lineage(f"models:/{name} bucket/1")
    assert (found.run, found.logged_model, found.datasets, found.code) == (None, None, [], {})


def test_what_is_not_there_is_said(client, name, version):
    for uri, error in [
        (f"models:/{name}/2", ResourceDoesNotExist),
        ("models:/none/1", ResourceDoesNotExist),
        (f"models:/{name}@nobody", InvalidParameterValue),
        (f"models:/{version.model_id}", InvalidParameterValue),
    ]:
        with pytest.raises(error):
            client.get_model_lineage(uri)
