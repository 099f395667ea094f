"""Logged models: made, finalized, found; metrics that are about them."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

import assay
from assay.client.fluent import models
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.entities import LoggedModelOutput, LoggedModelStatus, Metric


@pytest.fixture(autouse=True)
def _no_model_is_active():
    yield
    models._state.model_id = models._state.last_id = None


def points(model_id):
    return [(one.key, one.value, one.step) for one in assay.get_logged_model(model_id).metrics or ()]


def test_a_model_goes_from_pending_to_ready(tracked, tmp_path):
    client = assay.Client()
    with assay.start_run() as run:
        model = assay.initialize_logged_model("net", params={"depth": 3}, tags={"team": "a"}, model_type="cnn")
    assert (model.name, model.status, model.source_run_id) == ("net", LoggedModelStatus.PENDING, run.info.run_id)
    assert model.model_id.startswith("m-")
    assert model.params == {"depth": "3"}
    assert {"mlflow.user", "mlflow.source.name", "mlflow.source.type", "team"} <= set(model.tags)
    assert assay.last_logged_model().model_id == model.model_id
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights/a.bin").write_bytes(b"1234")
    client.log_model_artifact(model.model_id, tmp_path / "weights/a.bin", "deep")
    client.log_model_artifacts(model.model_id, tmp_path / "weights")
    assert [one.path for one in client.list_logged_model_artifacts(model.model_id)] == ["a.bin", "deep"]
    assert client.list_logged_model_artifacts(model.model_id, "deep")[0].file_size == 4
    ready = assay.finalize_logged_model(model.model_id, "READY")
    assert (ready.status, ready.metrics) == (LoggedModelStatus.READY, None)
    assert ready.to_dictionary()["status"] == 2
    assert ready.model_uri == f"models:/{model.model_id}"


LARGE = """
import resource, sys
import assay
client = assay.Client(sys.argv[1])
model = client.create_logged_model("0", "large")
client.log_metric(client.create_run("0").info.run_id, "warm", 1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
client.log_model_artifact(model.model_id, sys.argv[2])
print(client.list_logged_model_artifacts(model.model_id)[0].file_size)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_file_of_a_model_is_not_held_in_memory(shared_server, script, tmp_path):
    with (tmp_path / "weights.bin").open("wb") as file:
        file.truncate(96 << 20)
    done = script(LARGE, shared_server, str(tmp_path / "weights.bin"))
    assert done.returncode == 0, done.stderr
    size, kibibytes = map(int, done.stdout.split())
    assert size == 96 << 20
    assert kibibytes < 32 << 10


def test_tags_and_params_change_and_a_model_is_deleted(tracked):
    model = assay.initialize_logged_model("net", params={f"p{number:03d}": number for number in range(250)})
    assert len(model.params) == 250
    assay.set_logged_model_tags(model.model_id, {"a": 1, "b": 2})
    assay.delete_logged_model_tag(model.model_id, "a")
    assay.log_model_params({"late": "x"}, model.model_id)
    found = assay.get_logged_model(model.model_id)
    assert (found.tags["b"], found.params["late"], "a" in found.tags) == ("2", "x", False)
    with pytest.raises(InvalidParameterValue, match="DONE"):
        assay.finalize_logged_model(model.model_id, "DONE")
    assay.delete_logged_model(model.model_id)
    with pytest.raises(ResourceDoesNotExist):
        assay.get_logged_model(model.model_id)


def test_an_external_model_says_where_it_is(tracked, tmp_path):
    model = assay.create_external_model("outside", params={"p": "1"})
    assert (model.status, model.tags["mlflow.model.isExternal"]) == (LoggedModelStatus.READY, "true")
    fetched = assay.artifacts.download_artifacts(f"models:/{model.model_id}/MLmodel", dst_path=str(tmp_path))
    described = json.loads(Path(fetched).read_text())
    assert described["model_id"] == model.model_id
    assert described["metadata"] == {"mlflow.model.isExternal": True}


def test_search_gives_a_frame_or_models(tracked):
    made = [assay.create_external_model(f"m{number}", params={"n": str(number)}) for number in range(3)]
    frame = assay.search_logged_models()
    assert list(frame.columns)[:3] == ["artifact_location", "creation_timestamp", "experiment_id"]
    assert list(frame["name"]) == ["m2", "m1", "m0"]
    assert (frame["status"][0], frame["params"][0], frame["metrics"][0]) == ("READY", {"n": "2"}, None)
    ordered = assay.search_logged_models(order_by=[{"field_name": "name"}], max_results=2, output_format="list")
    assert [model.model_id for model in ordered] == [made[0].model_id, made[1].model_id]
    found = assay.search_logged_models(filter_string="params.n = '1'", output_format="list")
    assert [model.name for model in found] == ["m1"]
    with pytest.raises(InvalidParameterValue, match="field"):
        assay.search_logged_models(order_by=[{"field": "name"}])
    with pytest.raises(InvalidParameterValue, match="output_format"):
        assay.search_logged_models(output_format="table")


def test_metrics_are_about_the_model_that_is_named(tracked):
    with assay.start_run() as run:
        model = assay.initialize_logged_model("net")
        assay.log_metric("acc", 0.5, step=2, model_id=model.model_id)
        assay.log_metrics({"acc": 0.75, "f1": 0.1}, step=3, model_id=model.model_id)
    assert sorted(points(model.model_id)) == [("acc", 0.5, 2), ("acc", 0.75, 3), ("f1", 0.1, 3)]
    found = assay.get_run(run.info.run_id)
    assert found.data.metrics == {"acc": 0.75, "f1": 0.1}
    assert [one.model_id for one in found.inputs.model_inputs] == [model.model_id]


def test_points_of_a_batch_say_what_they_are_about(tracked):
    model = assay.create_external_model("outside")
    client = assay.Client()
    with assay.start_run() as run:
        about = Metric("acc", 0.5, 1, 2, model_id=model.model_id, dataset_name="d", dataset_digest="abc")
        client.log_batch(run.info.run_id, metrics=[Metric("loss", 1.0, 1, 2), about])
    [point] = assay.get_logged_model(model.model_id).metrics
    assert (point.key, point.dataset_name, point.dataset_digest, point.run_id) == ("acc", "d", "abc", run.info.run_id)
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 1.0, "acc": 0.5}


def test_metrics_are_about_the_models_that_the_run_made_at_their_step(tracked):
    with assay.start_run() as run:
        first, second = (assay.initialize_logged_model(name) for name in ("a", "b"))
        assay.log_outputs([LoggedModelOutput(first.model_id, 4), LoggedModelOutput(second.model_id, 4)])
        assay.log_metric("early", 1.0, step=3)
        assay.log_metric("one", 1.0, step=4)
        assay.log_metrics({"all": 2.0}, step=4)
    assert sorted(points(first.model_id)) == [("all", 2.0, 4), ("one", 1.0, 4)]
    assert points(second.model_id) == [("all", 2.0, 4)]
    outputs = assay.get_run(run.info.run_id).outputs.model_outputs
    assert [(one.model_id, one.step) for one in outputs] == [(first.model_id, 4), (second.model_id, 4)]
    assert assay.get_run(run.info.run_id).data.metrics == {"early": 1.0, "one": 1.0, "all": 2.0}


def test_the_active_model_is_found_by_name_or_made(tracked):
    active = assay.set_active_model(name="agent")
    assert assay.get_active_model_id() == active.model_id
    assert assay.set_active_model(name="agent").model_id == active.model_id
    with assay.start_run():
        assay.log_metric("acc", 0.5)
    assert points(active.model_id) == [("acc", 0.5, 0)]
    assay.log_model_params({"k": "v"})
    assert assay.get_logged_model(active.model_id).params == {"k": "v"}
    with assay.set_active_model(name="other") as other:
        assert assay.get_active_model_id() == other.model_id
    assert assay.get_active_model_id() == active.model_id
    elsewhere = []
    thread = threading.Thread(target=lambda: elsewhere.append(assay.get_active_model_id()))
    thread.start()
    thread.join()
    assert elsewhere == [None]
    assay.clear_active_model()
    assert assay.get_active_model_id() is None
    with pytest.raises(InvalidParameterValue, match="No model is active"):
        assay.log_model_params({"k": "v"})
    with pytest.raises(InvalidParameterValue, match="name or model_id"):
        assay.set_active_model()
    with pytest.raises(ResourceDoesNotExist):
        assay.set_active_model(model_id="m-missing")
