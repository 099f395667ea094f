"""Logging a model makes a logged model: ready, linked to its run, measured, and registered when asked."""

from __future__ import annotations

import pytest

import assay
from assay.client import connection, entities
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.flavors import logged, sklearn
from assay.wire.metrics import GetMetricHistory
from assay.wire.models import GetLoggedModel, LoggedModelResponse
from assay.wire.views import ViewCurves


@pytest.fixture
def kept(model):
    """Log the model by `sklearn`; the logged model behind it."""

    def log(**arguments):
        return assay.get_logged_model(sklearn.log_model(model, **arguments).model_id)

    return log


def test_a_model_has_the_params_and_metrics_of_its_run(kept):
    with assay.start_run() as run:
        assay.log_params({"depth": 3, "seed": 1})
        assay.log_metric("accuracy", 0.5, step=1)
        assay.log_metric("accuracy", 0.9, step=2)
        assay.log_metric("loss", 0.1, step=2)
        one = kept(name="net", params={"depth": 9, "own": "yes"}, tags={"team": "a"}, model_type="tree", step=2)
        assay.log_metric("late", 1.0, step=2)
    assert one.params == {"depth": "3", "seed": "1", "own": "yes"}
    assert (one.tags["team"], one.model_type) == ("a", "tree")
    measured = assay.get_logged_model(one.model_id).metrics
    assert {(metric.key, metric.value, metric.step) for metric in measured} == {
        ("accuracy", 0.9, 2),
        ("loss", 0.1, 2),
        ("late", 1.0, 2),
    }
    found = assay.get_run(run.info.run_id)
    assert [(made.model_id, made.step) for made in found.outputs.model_outputs] == [(one.model_id, 2)]
    assert len(assay.Client().get_metric_history(run.info.run_id, "accuracy")) == 2


def points_of(model):
    """Every point of a logged model."""
    request = GetLoggedModel(model_id=model.model_id)
    return connection.connect(assay.get_tracking_uri()).ask(request, LoggedModelResponse).model.data.metrics


def test_the_points_of_a_step_come_in_one_request(kept, monkeypatch):
    values = {"loss": float("inf"), "nan": float("nan"), **{f"m{number}": number for number in range(30)}}
    with assay.start_run():
        for step in (3, 4):
            assay.log_metrics(values, step=step, timestamp=step)
        assay.log_metric("m1", 7.0, step=4, timestamp=9)
        asked = []
        ask = connection.Connection.ask
        monkeypatch.setattr(
            connection.Connection, "ask", lambda self, *given: asked.append(type(given[0])) or ask(self, *given)
        )
        one = kept(name="net", step=4)
    assert asked.count(ViewCurves) == 1
    assert GetMetricHistory not in asked
    points = connection.connect(assay.get_tracking_uri()).ask(
        GetLoggedModel(model_id=one.model_id), LoggedModelResponse
    )
    found = {(point.key, point.step, point.timestamp, repr(point.value)) for point in points.model.data.metrics}
    assert found == {(key, 4, 4, repr(float(value))) for key, value in values.items()} | {("m1", 4, 9, "7.0")}


def test_thousands_of_points_at_a_step_are_all_copied(kept):
    with assay.start_run() as run:
        points = [entities.Metric("loss", number / 2, number, 0) for number in range(10_001)]
        assay.Client().log_batch(run.info.run_id, points)
        one = kept(name="net")
    assert len(points_of(one)) == 10_001


def test_without_a_run_none_is_started(kept):
    one = kept(name="alone")
    assert assay.active_run() is None
    assert (one.source_run_id, one.status.value) == (None, "READY")
    assert assay.last_logged_model().model_id == one.model_id


def test_a_failure_marks_the_model(model):
    with assay.start_run() as run, pytest.raises(InvalidParameterValue, match="estimator"):
        sklearn.log_model("no model", name="broken")
    (one,) = assay.search_logged_models(output_format="list")
    assert (one.name, one.status.value, one.source_run_id) == ("broken", "FAILED", run.info.run_id)
    assert assay.Client().list_logged_model_artifacts(one.model_id) == []


def test_an_interruption_marks_the_model_too():
    def interrupted(directory, model):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        logged.log(interrupted, name="net")
    assert assay.last_logged_model().status.value == "FAILED"


def test_a_model_that_is_there_gets_its_files(kept, model, frame):
    one = assay.initialize_logged_model(name="early")
    assert kept(name="ignored", model_id=one.model_id, params={"late": 1}, tags={"t": "v"}).status.value == "READY"
    again = assay.get_logged_model(one.model_id)
    assert (again.name, again.params, again.tags["t"]) == ("early", {"late": "1"}, "v")
    assert sklearn.load_model(f"models:/{one.model_id}").predict(frame).tolist() == model.predict(frame).tolist()
    with pytest.raises(ResourceDoesNotExist, match="m-0"):
        kept(model_id=f"m-{'0' * 32}")


def test_a_registered_model_is_loaded_by_version_and_alias(model, frame):
    with assay.start_run() as run:
        info = sklearn.log_model(model, name="net", registered_model_name="fraud")
        assert sklearn.log_model(model, name="net", registered_model_name="fraud").registered_model_version == 2
    version = assay.Client().get_model_version("fraud", str(info.registered_model_version))
    assert (info.registered_model_version, version.run_id, version.model_id) == (1, run.info.run_id, info.model_id)
    assay.Client().set_registered_model_alias("fraud", "champion", "1")
    for uri in ("models:/fraud/1", "models:/fraud@champion", "models:/fraud/latest"):
        assert sklearn.load_model(uri).predict(frame).tolist() == model.predict(frame).tolist()


def test_a_bad_name_to_register_leaves_nothing(model):
    with pytest.raises(InvalidParameterValue, match="a/b"):
        sklearn.log_model(model, name="net", registered_model_name="a/b")
    assert assay.search_logged_models(output_format="list") == []


def test_a_model_without_a_signature_is_warned_about(kept, frame, caplog):
    kept(name="bare")
    assert "'bare' has no signature" in caplog.text
    caplog.clear()
    kept(name="signed", input_example=frame)
    assert "signature" not in caplog.text
    kept(name="meant", signature=False)
    assert "signature" not in caplog.text
