"""What scikit-learn's autologging records: what a real MLflow recorded of the same trainings, keys and values."""

from __future__ import annotations

import csv
import inspect
import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

import assay
from assay.autologging import patching
from assay.autologging.sklearn import evaluation
from assay.core.errors import InvalidParameterValue

RECORDED = json.loads((Path(__file__).parent / "recorded/sklearn-autolog.json").read_text())
"""From MLflow 3.17.2 and scikit-learn 1.9.1; null stands for durations, which differ."""


@pytest.fixture(autouse=True)
def _off():
    yield
    assay.sklearn.autolog(disable=True)
    patching.forget_choice("sklearn")


@pytest.fixture(scope="module")
def cancer():
    return load_breast_cancer(return_X_y=True)


@pytest.fixture(scope="module")
def diabetes():
    return load_diabetes(return_X_y=True)


def files(run_id, path=None):
    for file in assay.list_artifacts(run_id, path):
        yield from files(run_id, file.path) if file.is_dir else [file.path]


def timed(key, value):
    """Solvers that go on until they are near enough end elsewhere on other processors."""
    return None if "_time" in key else pytest.approx(value, rel=1e-2)


def facts(run_id):
    """A run as the recording has it."""
    run = assay.get_run(run_id)
    models = [assay.get_logged_model(one.model_id) for one in run.outputs.model_outputs]
    return {
        "params": run.data.params,
        "metrics": {key: timed(key, value) for key, value in run.data.metrics.items()},
        "artifacts": sorted(files(run_id)),
        "tags": {key: value for key, value in run.data.tags.items() if key.startswith("estimator")},
        "inputs": sorted(
            [one.dataset.name, one.dataset.digest, one.dataset.source_type, one.tags[0].value]
            for one in run.inputs.dataset_inputs
        ),
        "models": {
            model.name: {
                "params": model.params,
                "metrics": [
                    [point.key, timed(point.key, point.value), point.dataset_name, point.dataset_digest]
                    for point in sorted(model.metrics or [], key=lambda point: point.key)
                ],
            }
            for model in models
        },
    }


def children(run_id):
    found = assay.search_runs(filter_string=f"tags.mlflow.parentRunId = '{run_id}'", output_format="list")
    assert {one.info.status for one in found} <= {"FINISHED"}
    facts = [
        {
            "params": one.data.params,
            "metrics": {key: timed(key, value) for key, value in one.data.metrics.items()},
            "tags": {key: one.data.tags[key] for key in ("mlflow.autologging", "estimator_name", "estimator_class")},
            "inputs": [read.tags[0].value for read in one.inputs.dataset_inputs],
        }
        for one in found
    ]
    return sorted(facts, key=lambda one: one["metrics"]["rank_test_score"].expected)


def check(name, run):
    ours, theirs = facts(run.info.run_id), dict(RECORDED[name])
    if "children" in theirs:
        ours["children"] = children(run.info.run_id)
    if "metric_info" in theirs:
        place = assay.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="metric_info.json")
        ours["metric_info"] = json.loads(Path(place).read_text())
    assert ours.keys() == theirs.keys()
    for part, expected in theirs.items():
        assert ours[part] == expected, part


PLAIN = {
    "binary": lambda cancer, _: LogisticRegression(max_iter=5000).fit(*cancer),
    "svc": lambda cancer, _: LinearSVC().fit(*cancer),
    "linear": lambda _, diabetes: LinearRegression().fit(*diabetes, sample_weight=np.arange(len(diabetes[1])) + 1.0),
    "kmeans": lambda _, diabetes: KMeans(n_clusters=3, n_init=2, random_state=0).fit(diabetes[0]),
    "pca": lambda _, diabetes: PCA(2).fit_transform(diabetes[0]),
}


@pytest.mark.parametrize("name", PLAIN)
def test_estimators(name, cancer, diabetes):
    assay.sklearn.autolog()
    with assay.start_run() as run:
        PLAIN[name](cancer, diabetes)
    check(name, run)


SEARCHES = {
    "rand": lambda: RandomizedSearchCV(Ridge(), {"alpha": [1.0, 2.0, 3.0]}, n_iter=2, cv=2, random_state=0),
    "grid_pipe": lambda: GridSearchCV(
        Pipeline([("s", StandardScaler()), ("m", Ridge())]), {"m__alpha": [1.0, 2.0]}, cv=2
    ),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_searches(name, diabetes):
    assay.sklearn.autolog()
    with assay.start_run() as run:
        SEARCHES[name]().fit(*diabetes)
    check(name, run)


@pytest.mark.parametrize(("most", "ranks"), [(5, [1, 2, 3, 4, 5]), (0, []), (None, [1, 2, 3, 4, 5, 6, 7])])
def test_the_best_candidates_of_a_search_get_runs(most, ranks, diabetes):
    assay.sklearn.autolog(max_tuning_runs=most, log_models=False)
    GridSearchCV(Ridge(), {"alpha": [0.1, 1, 2, 3, 4, 5, 6]}, cv=2).fit(*diabetes)
    run = assay.last_active_run()
    found = children(run.info.run_id)
    assert [one["metrics"]["rank_test_score"] for one in found] == ranks
    table = Path(assay.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="cv_results.csv"))
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [float(row["param_alpha"]) for row in rows] == [0.1, 1, 2, 3, 4, 5, 6]
    assert {int(row["rank_test_score"]) for row in rows} == set(range(1, 8))


def test_a_search_that_keeps_no_estimator(diabetes, caplog):
    assay.sklearn.autolog()
    search = GridSearchCV(Ridge(), {"alpha": [1, 2]}, cv=2, refit=False, scoring=["r2", "neg_max_error"])
    search.fit(*diabetes)
    run = assay.last_active_run()
    assert run.data.metrics == {}
    assert len(assay.search_runs()) == 3
    assert [record.message for record in caplog.records if "training goes on" in record.message] == []


def test_what_is_computed_after_training():
    Xw, yw = load_wine(return_X_y=True, as_frame=True)  # noqa: N806 -- names are recorded
    assay.sklearn.autolog()
    with assay.start_run() as run:
        p = Pipeline([("scaler", StandardScaler()), ("model", LogisticRegression(max_iter=500))])
        p.fit(Xw, yw)
        pr = p.predict(Xw[:50])
        sklearn.metrics.accuracy_score(yw[:50], pr)
        sklearn.metrics.f1_score(yw[:50], pr, average="macro")
        Xte, yte = Xw[:50], yw[:50]  # noqa: N806
        p.score(Xte, yte)
        p.score(Xte, yte)
        sklearn.metrics.accuracy_score(yw[:50], pr)
        sklearn.metrics.accuracy_score(yte, p.predict(Xte))
        sklearn.metrics.confusion_matrix(yte, pr, labels=[0, 1, 2])
    check("pipeline_wine", run)


def test_a_run_that_has_ended_gets_what_is_computed_later(diabetes):
    features, labels = diabetes
    assay.sklearn.autolog(log_models=False)
    model = Ridge().fit(features, labels)
    run = assay.last_active_run()
    other = Ridge().fit(features[:200], labels[:200])
    held_out = features[200:]
    expected = model.score(held_out, labels[200:])
    predicted = other.predict(held_out)
    sklearn.metrics.r2_score(y_true=labels[200:], y_pred=predicted)
    assert assay.get_run(run.info.run_id).data.metrics["Ridge_score_held_out"] == expected
    assert assay.get_run(run.info.run_id).info.status == "FINISHED"
    assert "r2_score_held_out" in assay.last_active_run().data.metrics
    assert "r2_score_held_out" not in assay.get_run(run.info.run_id).data.metrics


def test_predictions_are_not_watched_where_that_is_not_wanted(diabetes):
    features, labels = diabetes
    assay.sklearn.autolog(log_post_training_metrics=False, log_models=False)
    model = Ridge().fit(features, labels)
    model.score(features, labels)
    assert not [key for key in assay.last_active_run().data.metrics if not key.startswith("training_")]


def test_metrics_are_still_functions_that_can_be_pickled():
    before = sklearn.metrics.accuracy_score
    assay.sklearn.autolog()
    scorer = sklearn.metrics.make_scorer(sklearn.metrics.accuracy_score)
    assert inspect.signature(sklearn.metrics.accuracy_score) == inspect.signature(before)
    assert sklearn.metrics.accuracy_score.__doc__ == before.__doc__
    assay.sklearn.autolog(disable=True)
    for held in (scorer, sklearn.metrics.accuracy_score, sklearn.metrics.get_scorer("accuracy")):
        pickle.loads(pickle.dumps(held))


def test_a_loop_over_rows_records_no_dataset_for_each(diabetes, monkeypatch):
    features, labels = diabetes
    monkeypatch.setattr(evaluation, "MAX_DATASETS", 3)
    assay.sklearn.autolog(log_models=False)
    model = Ridge().fit(features, labels)
    for row in range(10):
        model.predict(features[row : row + 1])
    assert len(assay.last_active_run().inputs.dataset_inputs) == 1 + 3


def test_the_model_is_kept_and_described(cancer):
    assay.sklearn.autolog(log_input_examples=True, registered_model_name="cancer")
    model = LogisticRegression(max_iter=5000).fit(*cancer)
    kept = assay.last_logged_model()
    again = assay.sklearn.load_model(kept.model_uri)
    assert again.predict(cancer[0]).tolist() == model.predict(cancer[0]).tolist()
    described = assay.flavors.Model.load(assay.artifacts.download_artifacts(kept.model_uri))
    assert described.signature.inputs.is_tensor_spec()
    assert described.saved_input_example_info["type"] == "ndarray"
    assert assay.search_model_versions(filter_string="name = 'cancer'")[0].run_id == kept.source_run_id


@pytest.mark.parametrize(
    ("option", "parts"),
    [({"log_models": False}, ("models",)), ({"log_datasets": False}, ("inputs",))],
    ids=["models", "datasets"],
)
def test_parts_can_be_left_out(option, parts, diabetes):
    assay.sklearn.autolog(**option)
    Ridge().fit(*diabetes)
    found = facts(assay.last_active_run().info.run_id)
    assert not any(found[part] for part in parts)
    assert "training_r2_score" in found["metrics"]
    assert all(found[part] for part in {"models", "inputs"} - set(parts))


def test_one_class_may_be_the_positive_one(cancer):
    features, labels = cancer
    assay.sklearn.autolog(pos_label=0, log_models=False)
    model = LogisticRegression(max_iter=5000).fit(features, labels)
    found = assay.last_active_run().data.metrics
    expected = sklearn.metrics.recall_score(labels, model.predict(features), pos_label=0)
    assert found["training_recall_score"] == pytest.approx(expected)


def test_several_outputs_are_recorded_as_far_as_they_can_be(diabetes):
    features, labels = diabetes
    assay.sklearn.autolog()
    LinearRegression().fit(features, np.column_stack([labels, labels]))
    assert assay.last_active_run().data.metrics["training_r2_score"] == pytest.approx(0.517748, abs=1e-5)


def test_a_second_training_in_a_run_keeps_the_first_params(diabetes, caplog):
    assay.sklearn.autolog()
    with assay.start_run() as run:
        Ridge(alpha=1).fit(*diabetes)
        Ridge(alpha=2, tol=0.5).fit(*diabetes)
    found = assay.get_run(run.info.run_id)
    assert found.data.params.items() >= {"alpha": "1", "tol": "0.0001"}.items()
    assert len(found.outputs.model_outputs) == 2
    (warning,) = [record.message for record in caplog.records if record.name == "assay.autologging"]
    assert "alpha, tol" in warning


def test_matplotlib_is_left_as_it_was(cancer):
    before = {name for name in sys.modules if name.startswith("matplotlib.pyplot")}
    assay.sklearn.autolog(log_models=False)
    LogisticRegression(max_iter=5000).fit(*cancer)
    assert {name for name in sys.modules if name.startswith("matplotlib.pyplot")} == before
    picture = assay.artifacts.download_artifacts(run_id=assay.last_active_run().info.run_id)
    assert (Path(picture) / "training_roc_curve.png").read_bytes().startswith(b"\x89PNG")
    assert "LogisticRegression" in (Path(picture) / "estimator.html").read_text()


@pytest.mark.parametrize("wrong", [{"max_tuning_runs": -1}, {"serialization_format": "onnx"}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidParameterValue, match=str(next(iter(wrong.values())))):
        assay.sklearn.autolog(**wrong)
