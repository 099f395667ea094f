"""Models taken to another server: files, params, metrics on datasets, run, tags; or nothing that is registered."""

from __future__ import annotations

import pytest

import assay
from assay.client import entities
from assay.core.errors import DataLoss, InvalidParameterValue, InvalidState, ResourceDoesNotExist
from assay.flavors import sklearn
from assay.flavors.copies import copy_model_version
from assay.flavors.integrity import DIGEST_TAG
from assay.server.config import ServerConfig
from assay.testing.server import running_server

DATASET = entities.Dataset("sales", "d1", "code", "{}")


@pytest.fixture
def here(tmp_path):
    """The server in use, on SQLite."""
    with running_server(tmp_path / "here") as server:
        assay.set_tracking_uri(server.url)
        yield server.url


@pytest.fixture
def there(tmp_path, new_postgres_uri):
    """Another server, on PostgreSQL."""
    config = ServerConfig(
        backend_store_uri=new_postgres_uri(),
        artifacts_destination=str(tmp_path / "there"),
        default_artifact_root="mlflow-artifacts:/",
        access_log=False,
    )
    with running_server(tmp_path / "there", config) as server:
        yield assay.Client(server.url, server.url)


@pytest.fixture
def fraud(here, model, frame):
    """Version 1 of a model, with everything that a version can have; the client, and what logged it."""
    client = assay.Client()
    assay.set_experiment("fraud-training")
    with assay.start_run(run_name="first", tags={"mlflow.source.git.commit": "c0ffee"}) as run:
        assay.log_param("depth", 3)
        assay.log_metric("loss", 0.5, step=7)
        client.log_inputs(run.info.run_id, [entities.DatasetInput(DATASET)])
        info = sklearn.log_model(model, name="net", input_example=frame, params={"own": "1"}, tags={"team": "risk"})
        client.log_metric(
            run.info.run_id, "auc", 0.93, step=3, model_id=info.model_id, dataset_name="sales", dataset_digest="d1"
        )
    client.create_registered_model("fraud")
    client.create_model_version(
        "fraud", info.model_uri, run.info.run_id, {"reviewed": "yes"}, description="daily", model_id=info.model_id
    )
    client.set_registered_model_alias("fraud", "champion", "1")
    return client, info, run.info.run_id


def contents(client):
    """What a registry has."""
    return client.search_registered_models(), client.search_model_versions()


def test_a_version_goes_to_another_server_with_all_that_is_known_of_it(fraud, there, model, frame):
    client, info, run_id = fraud
    made = copy_model_version("models:/fraud@champion", "fraud-live", to_uri=there.tracking_uri)
    lineage = {
        "assay.copied_from": "models:/fraud/1",
        "assay.copied_from.server": client.tracking_uri,
        "assay.copied_from.run_id": run_id,
    }
    assert (made.name, made.version, made.status, made.description) == ("fraud-live", "1", "READY", "daily")
    assert made.tags == {"reviewed": "yes", **lineage}
    assert made.aliases == []
    kept, known = there.get_logged_model(made.model_id), client.get_logged_model(info.model_id)
    assert (kept.name, kept.params, kept.status.value) == ("net", {"depth": "3", "own": "1"}, "READY")
    assert kept.tags.items() >= {"team": "risk", DIGEST_TAG: known.tags[DIGEST_TAG], **lineage}.items()
    (auc,) = kept.metrics
    assert (auc.key, auc.value, auc.step, auc.dataset_name, auc.dataset_digest) == ("auc", 0.93, 3, "sales", "d1")
    run = there.get_run(made.run_id)
    assert (run.info.run_name, run.info.status, run.data.params) == ("first", "FINISHED", {"depth": "3"})
    assert run.data.metrics == {"loss": 0.5, "auc": 0.93}
    assert run.data.tags.items() >= {"mlflow.source.git.commit": "c0ffee", **lineage}.items()
    assert [one.dataset for one in run.inputs.dataset_inputs] == [DATASET]
    assert [one.model_id for one in run.outputs.model_outputs] == [made.model_id]
    assert there.get_experiment(run.info.experiment_id).name == "fraud-training"
    listed = {file.path for file in there.list_logged_model_artifacts(made.model_id)}
    assert listed == {file.path for file in client.list_logged_model_artifacts(info.model_id)}
    found = there.get_model_lineage("models:/fraud-live/1")
    assert (found.copied_from, found.copied_from_server) == ("models:/fraud/1", client.tracking_uri)
    assert found.code["mlflow.source.git.commit"] == "c0ffee"
    assert [(one.name, one.digest, one.metrics) for one in found.datasets] == [("sales", "d1", ["auc"])]
    assay.set_tracking_uri(there.tracking_uri)
    assert sklearn.load_model("models:/fraud-live/1").predict(frame).tolist() == model.predict(frame).tolist()


def test_aliases_go_along_on_request_if_the_gates_there_let_them(fraud, there):
    there.create_registered_model("fraud")
    there.set_gates("model fraud\ngate @champion\nmetrics.auc >= 0.9\ntags.ticket IS NOT NULL\nsignature\nevaluation")
    with pytest.raises(InvalidState, match="1 of 4 rules fail"):
        copy_model_version("models:/fraud/1", "fraud", to_uri=there.tracking_uri, with_aliases=True)
    assert there.get_registered_model("fraud").aliases == {}
    assert there.get_model_version("fraud", "1").status == "READY"
    fraud[0].set_model_version_tag("fraud", "1", "ticket", "A-1")
    made = copy_model_version("models:/fraud/1", "fraud", to_uri=there.tracking_uri, with_aliases=True)
    assert (made.version, made.aliases) == ("2", ["champion"])
    assert there.get_alias_history("fraud", "champion")[0].note == "copied from models:/fraud/1"


def test_a_logged_model_becomes_a_version_there(fraud, there, model, frame):
    _, info, _ = fraud
    made = copy_model_version(info.model_uri, "net", to_uri=there.tracking_uri, experiment_name="received")
    assert made.tags["assay.copied_from"] == info.model_uri
    assert there.get_experiment(there.get_run(made.run_id).info.experiment_id).name == "received"
    back = copy_model_version("models:/net/1", "returned", from_uri=there.tracking_uri)
    assert back.tags["assay.copied_from.server"] == there.tracking_uri
    assert sklearn.load_model("models:/returned/1").predict(frame).tolist() == model.predict(frame).tolist()


def test_from_a_directory_without_run(tmp_path, there, model, frame):
    assay.set_tracking_uri(str(tmp_path / "mlruns"))
    info = sklearn.log_model(model, name="net")
    made = copy_model_version(info.model_uri, "net", to_uri=there.tracking_uri, experiment_name="received")
    assert (made.run_id, made.tags["assay.copied_from"]) == ("", info.model_uri)
    assay.set_tracking_uri(there.tracking_uri)
    assert sklearn.load_model("models:/net/1").predict(frame).tolist() == model.predict(frame).tolist()


def test_files_that_are_no_model_of_a_flavor_go_too(here, there):
    with assay.start_run() as run:
        assay.log_text("weights", "model/deep/weights.txt")
    assay.register_model(f"runs:/{run.info.run_id}/model", "plain")
    made = copy_model_version("models:/plain/1", "plain", to_uri=there.tracking_uri, experiment_name="plain")
    assay.set_tracking_uri(there.tracking_uri)
    assert assay.artifacts.load_text(f"models:/plain/{made.version}/deep/weights.txt") == "weights"
    assert [file.path for file in there.list_logged_model_artifacts(made.model_id)] == ["deep"]


def test_nothing_is_registered_of_a_changed_model(fraud, there, tmp_path):
    (file,) = (tmp_path / "here").rglob("model.pkl")
    file.write_bytes(b"changed")
    with pytest.raises(DataLoss, match=r"model\.pkl"):
        copy_model_version("models:/fraud/1", "fraud", to_uri=there.tracking_uri)
    assert contents(there) == ([], [])
    assert there.search_runs(["0"]) == []


def test_nothing_is_registered_of_a_copy_that_is_interrupted(fraud, there, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("assay.client.artifacts.write_tree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        copy_model_version("models:/fraud/1", "fraud", to_uri=there.tracking_uri)
    monkeypatch.undo()
    assert contents(there) == ([], [])
    experiment = there.get_experiment_by_name("fraud-training").experiment_id
    assert [one.status.value for one in there.search_logged_models([experiment])] == ["FAILED"]
    assert copy_model_version("models:/fraud/1", "fraud", to_uri=there.tracking_uri).version == "1"


@pytest.mark.parametrize(
    ("uri", "error"),
    [
        ("models:/none/1", ResourceDoesNotExist),
        ("models:/fraud/9", ResourceDoesNotExist),
        ("models:/fraud@nobody", InvalidParameterValue),
        (f"models:/m-{'0' * 32}", ResourceDoesNotExist),
        ("models:/fraud/1/model.pkl", InvalidParameterValue),
        ("runs:/x/model", InvalidParameterValue),
    ],
)
def test_what_is_not_there_changes_nothing(fraud, there, uri, error):
    client = fraud[0]
    before = contents(client)
    for target in (there.tracking_uri, None):
        with pytest.raises(error):
            copy_model_version(uri, "copy", to_uri=target)
    with pytest.raises(InvalidParameterValue, match="'a/b'"):
        copy_model_version("models:/fraud/1", "a/b", to_uri=there.tracking_uri)
    assert (contents(client), contents(there)) == (before, ([], []))


def test_within_one_store_the_files_stay_where_they_are(fraud, frame, model):
    client, info, run_id = fraud
    made = copy_model_version("models:/fraud@champion", "fraud-live", to_uri=client.tracking_uri, with_aliases=True)
    assert (made.source, made.run_id, made.model_id) == ("models:/fraud/1", run_id, info.model_id)
    assert (made.tags, made.aliases) == ({"reviewed": "yes"}, ["champion"])
    other = copy_model_version(info.model_uri, "fraud-live")
    assert (other.version, other.model_id, other.run_id) == ("2", info.model_id, run_id)
    assert sklearn.load_model("models:/fraud-live/2").predict(frame).tolist() == model.predict(frame).tolist()
    assert len(client.search_logged_models([client.get_experiment_by_name("fraud-training").experiment_id])) == 1
