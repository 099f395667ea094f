"""What the module-level verbs promise, over a local store and over a server alike."""

from __future__ import annotations

import math
import re
import threading

import pytest

import assay
from assay.client.entities import ViewType
from assay.core.errors import AssayError, InvalidParameterValue, InvalidState, ResourceDoesNotExist


def test_what_a_run_recorded_is_read_back(tracked):
    with assay.start_run(run_name="first", tags={"team": "fraud"}, description="a try") as run:
        assert assay.log_param("depth", 3) == 3
        assay.log_params({"lr": 0.1, "nothing": None})
        for step in range(5):
            assay.log_metric("loss", 1 / (step + 1), step=step)
        assay.log_metrics({"auc": 0.9, "f1": True}, step=4)
        assay.set_tags({"a": 1, "b": "two"})
        assay.set_tag("a", "changed")

    found = assay.get_run(run.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.info.end_time >= found.info.start_time
    assert found.info.run_name == "first"
    assert found.data.params == {"depth": "3", "lr": "0.1", "nothing": "None"}
    assert found.data.metrics == {"loss": 0.2, "auc": 0.9, "f1": 1.0}
    assert found.data.tags.items() >= {"team": "fraud", "a": "changed", "mlflow.note.content": "a try"}.items()
    history = assay.Client().get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in history] == [0, 1, 2, 3, 4]


def test_reading_in_the_middle_of_a_run_sees_all_that_was_logged(tracked):
    with assay.start_run() as run:
        for step in range(100):
            assay.log_metric("loss", step, step=step)
            if step % 25 == 0:
                assert assay.get_run(run.info.run_id).data.metrics["loss"] == step


def test_values_keep_what_floats_can_hold(tracked):
    with assay.start_run() as run:
        assay.log_metric("nan", math.nan)
        assay.log_metric("tiny", 5e-324)
    metrics = assay.get_run(run.info.run_id).data.metrics
    assert math.isnan(metrics["nan"])
    assert metrics["tiny"] == 5e-324


def test_an_exception_fails_the_run(tracked):
    with pytest.raises(KeyboardInterrupt), assay.start_run() as run:
        raise KeyboardInterrupt
    assert assay.get_run(run.info.run_id).info.status == "FAILED"
    assert assay.active_run() is None


def test_a_second_run_must_be_nested(tracked):
    with assay.start_run() as parent:
        with pytest.raises(InvalidState, match="active already"):
            assay.start_run()
        with assay.start_run(nested=True) as child:
            assert assay.active_run() is child
        assert assay.active_run() is parent
    assert assay.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id
    assert assay.get_parent_run(parent.info.run_id) is None


def test_a_run_can_be_resumed(tracked, monkeypatch):
    with assay.start_run(run_name="old") as run:
        assay.log_param("p", 1)
    with assay.start_run(run_id=run.info.run_id, run_name="new") as again:
        assert again.info.run_id == run.info.run_id
        assay.log_metric("more", 1)
        with pytest.raises(InvalidParameterValue, match="cannot become"):
            assay.log_param("p", 2)
    found = assay.get_run(run.info.run_id)
    assert (found.info.status, found.info.run_name) == ("FINISHED", "new")
    assert found.data.metrics == {"more": 1.0}
    monkeypatch.setenv("MLFLOW_RUN_ID", run.info.run_id)
    with assay.start_run() as third:
        assert third.info.run_id == run.info.run_id
    with assay.start_run() as fourth:
        assert fourth.info.run_id != run.info.run_id


def test_threads_have_runs_of_their_own(tracked):
    ids: dict[str, str] = {}

    def train(name: str) -> None:
        with assay.start_run(run_name=name) as run:
            ids[name] = run.info.run_id
            for step in range(200):
                assay.log_metric("step", step, step=step)

    threads = [threading.Thread(target=train, args=(f"run-{number}",)) for number in range(2)]
    with assay.start_run() as outer:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for name, run_id in ids.items():
        found = assay.get_run(run_id)
        assert found.info.run_name == name
        assert found.info.status == "FINISHED"
        assert len(assay.Client().get_metric_history(run_id, "step")) == 200
    assert assay.get_run(outer.info.run_id).data.metrics == {}


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: assay.log_metric("bad\nkey", 1.0), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metric("../up", 1.0), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metric("m", "high"), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metric("m", None), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metric("m", 1.0, step="last"), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metric("m", 1.0, timestamp=-1), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metrics({"good": 1.0, "bad": "x"}), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_param("", 1), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.set_tag("k" * 251, 1), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.end_run("DONE"), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_metric("m", 1.0, run_id="0" * 32), "RESOURCE_DOES_NOT_EXIST"),
        (lambda: assay.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST"),
        (lambda: assay.start_run(nested=True, experiment_id="999999"), "RESOURCE_DOES_NOT_EXIST"),
        (lambda: assay.delete_tag("missing"), "RESOURCE_DOES_NOT_EXIST"),
        (lambda: assay.log_text("x", "../out.txt"), "INVALID_PARAMETER_VALUE"),
        (lambda: assay.log_artifact("missing.bin"), "INVALID_PARAMETER_VALUE"),
    ],
)
def test_mistakes_are_told_at_the_call(tracked, call, code):
    with assay.start_run() as run:
        with pytest.raises(AssayError) as caught:
            call()
        assert caught.value.error_code == code
    found = assay.get_run(run.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.data.metrics == {}


def test_a_param_never_changes(tracked):
    with assay.start_run() as run:
        assay.log_param("lr", 0.1)
        assay.log_param("lr", 0.1)
        with pytest.raises(InvalidParameterValue, match=r"'lr'.*'0.1'"):
            assay.log_params({"other": 1, "lr": 0.2})
    assert assay.get_run(run.info.run_id).data.params == {"lr": "0.1"}


def test_runs_are_found(tracked):
    for number in range(3):
        with assay.start_run(run_name=f"r{number}"):
            assay.log_metric("auc", number / 10)
            if number:
                assay.log_param("depth", number)
    frame = assay.search_runs(order_by=["metrics.auc DESC"])
    assert list(frame["metrics.auc"]) == [0.2, 0.1, 0.0]
    assert list(frame["params.depth"]) == ["2", "1", None]
    assert str(frame["start_time"].dtype).endswith("UTC]")
    assert list(frame["tags.mlflow.runName"]) == ["r2", "r1", "r0"]
    (best,) = assay.search_runs(filter_string="metrics.auc > 0.15", output_format="list")
    assert best.info.run_name == "r2"
    assert assay.search_runs(experiment_names=["there is none"], output_format="list") == []
    with pytest.raises(InvalidParameterValue):
        assay.search_runs(experiment_ids=["0"], experiment_names=["x"])


def test_deleted_runs_take_nothing(tracked):
    with assay.start_run() as run:
        pass
    assay.delete_run(run.info.run_id)
    with pytest.raises(InvalidParameterValue, match="deleted"):
        assay.log_metric("m", 1, run_id=run.info.run_id)
    assert assay.search_runs(output_format="list") == []
    assay.restore_run(run.info.run_id)
    assay.log_metric("m", 1, run_id=run.info.run_id)
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 1.0}


def test_experiments(tracked):
    name = assay.search_experiments(max_results=1)[0].name
    experiment = assay.get_experiment_by_name(name)
    assay.set_experiment_tags({"team": "fraud"})
    assert assay.get_experiment(experiment.experiment_id).tags == {"team": "fraud"}
    assay.delete_experiment_tag("team")
    assay.delete_experiment(experiment.experiment_id)
    with pytest.raises(InvalidParameterValue, match="deleted"):
        assay.set_experiment(name)
    with pytest.raises(InvalidParameterValue, match="deleted"):
        assay.start_run()
    deleted = assay.search_experiments(view_type=ViewType.DELETED_ONLY)
    assert experiment.experiment_id in [one.experiment_id for one in deleted]
    assay.restore_experiment(experiment.experiment_id)
    with assay.start_run() as run:
        assert run.info.experiment_id == experiment.experiment_id
    assert assay.get_experiment_by_name(f"{name}-missing") is None
    with pytest.raises(ResourceDoesNotExist):
        assay.get_experiment("987654")
    with pytest.raises(AssayError) as caught:
        assay.create_experiment(name)
    assert caught.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_the_environment_chooses_the_experiment(tmp_path, monkeypatch):
    assay.set_tracking_uri(tmp_path / "store")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "from-environment")
    with assay.start_run() as run:
        pass
    assert assay.get_experiment(run.info.experiment_id).name == "from-environment"


def test_asynchronous_calls_return_a_promise(tracked):
    with assay.start_run() as run:
        promise = assay.log_metric("m", 1, synchronous=False)
        promise.wait()
        assert assay.log_metric("m", 2, synchronous=True) is None
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 2.0}


def test_the_default_store_is_a_directory_named_mlruns(tmp_path):
    with assay.start_run() as run:
        assay.log_text("hello", "notes/a.txt")
    assert assay.get_tracking_uri() == str(tmp_path / "mlruns")
    assert (tmp_path / "mlruns" / "assay.db").is_file()
    kept = tmp_path / "mlruns" / "0" / run.info.run_id / "artifacts" / "notes" / "a.txt"
    assert kept.read_text() == "hello"
    assert assay.last_active_run().info.run_id == run.info.run_id


@pytest.mark.parametrize("uri", ["databricks", "databricks-uc", "databricks://profile"])
def test_a_hosted_service_is_no_directory(uri, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with pytest.raises(assay.MlflowException, match=re.escape(repr(uri))):
        assay.start_run()
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_setting_is_told_once(monkeypatch, caplog):
    monkeypatch.setenv("ASSAY_TRAKING_URI", "http://nowhere")
    with assay.start_run():
        assay.log_metric("m", 1)
    with assay.start_run():
        pass
    assert caplog.text.count("ASSAY_TRAKING_URI is no setting of Assay. Did you mean ASSAY_TRACKING_URI?") == 1


def test_registered_models_may_be_kept_elsewhere(tmp_path, monkeypatch):
    assert assay.get_registry_uri() == assay.get_tracking_uri()
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", str(tmp_path / "registry"))
    assay.Client().create_registered_model("fraud")
    assert [model.name for model in assay.Client(str(tmp_path / "registry")).search_registered_models()] == ["fraud"]
    monkeypatch.delenv("MLFLOW_REGISTRY_URI")
    assert assay.Client().search_registered_models() == []


def test_promises_raise_what_the_store_refused():
    run = assay.start_run()
    promise = assay.log_metric("m", 1, synchronous=False)
    promise.wait()
    assay.Client().delete_run(run.info.run_id)
    refused = assay.log_metric("m", 2, synchronous=False)
    with pytest.raises(assay.MlflowException, match="deleted"):
        refused.wait()
    assay.config.enable_async_logging()
    try:
        assert assay.set_tag("a", "b") is not None
        assert assay.set_tag("a", "b", synchronous=True) is None
    finally:
        assay.config.enable_async_logging(False)
    assert assay.set_tag("a", "b") is None
