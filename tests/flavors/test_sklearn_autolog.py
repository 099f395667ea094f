"""What scikit-learn's autologging records: what a real MLflow recorded of the same trainings, keys and values."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.svm import LinearSVC

import assay
from assay.core.errors import InvalidParameterValue
from assay.flavors import patching

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
    return None if "_time" in key else pytest.approx(value, rel=1e-4)


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


def check(name, run):
    ours, theirs = facts(run.info.run_id), RECORDED[name]
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
