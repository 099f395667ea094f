"""What autologging promises, whatever the library: training is never broken, changed or counted twice."""

from __future__ import annotations

import copy
import inspect
import logging
import pickle
import subprocess
import sys
import threading

import cloudpickle
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import assay
from assay.autologging import imports, patching, records
from assay.autologging.sklearn import autolog, evaluation, models, plots, training
from assay.client.recorder import Recorder

X = np.arange(40.0).reshape(20, 2) % 7
Y = X[:, 0] * 2 - X[:, 1]
LABELS = np.array([0, 1] * 10)


@pytest.fixture(autouse=True)
def _off():
    yield
    assay.sklearn.autolog(disable=True)
    patching.forget_choice("sklearn")
    assay.autolog(disable=True)


@pytest.fixture
def warned(caplog):
    caplog.set_level(logging.WARNING, logger="assay")
    return lambda: [record.message for record in caplog.records if record.name == "assay.autologging"]


def runs():
    return assay.search_runs(output_format="list")


def child(code):
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_nothing_is_recorded_unless_asked_for():
    LinearRegression().fit(X, Y)
    assert runs() == []
    assert imports._finder not in sys.meta_path


def test_without_a_run_one_is_started_and_ended():
    assay.autolog(extra_tags={"team": "a"})
    LinearRegression().fit(X, Y)
    assert assay.active_run() is None
    (run,) = runs()
    assert run.info.status == "FINISHED"
    assert run.data.tags.items() >= {"mlflow.autologging": "sklearn", "team": "a"}.items()
    assert run.data.tags["estimator_name"] == "LinearRegression"


def test_a_users_run_goes_on():
    assay.autolog()
    with assay.start_run() as run:
        LinearRegression().fit(X, Y)
        assert assay.active_run() is run
    (found,) = runs()
    assert "mlflow.autologging" not in found.data.tags
    assert found.data.metrics["training_r2_score"] == pytest.approx(1)


def test_an_exclusive_one_leaves_users_runs_alone():
    assay.autolog(exclusive=True)
    with assay.start_run():
        LinearRegression().fit(X, Y)
    assert runs()[0].data.params == {}
    LinearRegression().fit(X, Y)
    assert len(runs()) == 2


def test_what_training_raises_passes_unchanged():
    assay.autolog()
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LinearRegression().fit(X, Y[:3])
    (run,) = runs()
    assert run.info.status == "FAILED"
    assert run.data.params["fit_intercept"] == "True"
    with assay.start_run(), pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LinearRegression().fit(X, Y[:3])
    LinearRegression().fit(X, Y)
    assert [run.info.status for run in runs()] == ["FINISHED", "FINISHED", "FAILED"]


FAULTS = [
    (assay.client.fluent.runs, "start_run"),
    (Recorder, "param"),
    (Recorder, "tags"),
    (Recorder, "metrics"),
    (autolog, "observe"),
    (records, "record_dataset"),
    (models.sklearn, "log_model"),
    (evaluation, "remember"),
    (training, "signature"),
    (training.Data, "of"),
    (training, "metrics"),
    (plots, "pictures"),
    (assay.client.fluent.runs, "end"),
]


@pytest.mark.parametrize(("home", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_a_fault_of_ours_is_one_warning(monkeypatch, warned, home, name):
    calls = []
    real = LogisticRegression._validate_params
    monkeypatch.setattr(LogisticRegression, "_validate_params", lambda self: (calls.append(1), real(self))[1])

    def broken(*args, **kwargs):
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(home, name, broken)
    assay.autolog()
    model = LogisticRegression().fit(X, LABELS)
    monkeypatch.undo()
    assert model.coef_.shape == (1, 2)
    assert len(calls) == 1
    assert [("disk on fire" in text, "training goes on" in text) for text in warned()] == [(True, True)]
    assert assay.active_run() is None or name == "end"


def test_silence_is_kept(monkeypatch, warned):
    monkeypatch.setattr(training, "metrics", None)
    assay.autolog(silent=True)
    LinearRegression().fit(X, Y)
    assert warned() == []
    assert runs()[0].data.params


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), PCA(1), Ridge()),
        BaggingClassifier(LogisticRegression(), n_estimators=2),
        BaggingClassifier(LogisticRegression(), n_estimators=2, n_jobs=2),
    ],
    ids=["pipeline", "ensemble", "parallel"],
)
def test_what_a_training_calls_is_part_of_it(model):
    import joblib

    assay.autolog(log_models=False)
    with joblib.parallel_backend("threading"):
        model.fit(X, LABELS)
    (run,) = runs()
    assert run.data.tags["estimator_name"] == type(model).__name__


def test_preparation_and_cross_validation_are_no_trainings():
    assay.autolog(log_models=False)
    StandardScaler().fit_transform(X)
    StandardScaler().fit(X)
    FunctionTransformer().fit_transform(X)
    RFE(Ridge()).fit(X, Y)
    cross_val_score(Ridge(), X, Y, cv=2)
    assert runs() == []


def test_threads_record_each_their_own():
    assay.autolog(log_models=False)
    models = [Ridge(alpha=alpha) for alpha in (1, 2, 3)]
    threads = [threading.Thread(target=model.fit, args=(X, Y)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run.data.params["alpha"] for run in runs()) == ["1", "2", "3"]
    assert {run.info.status for run in runs()} == {"FINISHED"}


def test_estimators_are_copied_and_pickled_as_before():
    assay.autolog(log_models=False)
    fitted = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression())]).fit(X, LABELS)
    expected = fitted.predict(X).tolist()
    for other in (
        pickle.loads(pickle.dumps(fitted)),
        cloudpickle.loads(cloudpickle.dumps(fitted)),
        copy.deepcopy(fitted),
    ):
        assert other.predict(X).tolist() == expected
    assert clone(fitted).get_params().keys() == fitted.get_params().keys()
    assert pickle.loads(pickle.dumps(LogisticRegression.fit)) is LogisticRegression.fit
    assert b"assay" not in pickle.dumps(fitted)


KINDS = (LogisticRegression, Pipeline, PCA, BaggingClassifier)
METHODS = [(kind, name) for kind in KINDS for name in ("fit", "fit_transform", "fit_predict") if hasattr(kind, name)]


def test_signatures_and_docstrings_stay():
    before = [(inspect.signature(getattr(kind, name)), getattr(kind, name).__doc__) for kind, name in METHODS]
    originals = {(kind, name): vars(kind).get(name) for kind, name in METHODS}
    assay.autolog()
    assert vars(PCA)["fit"] is not originals[PCA, "fit"]
    assert [(inspect.signature(getattr(kind, name)), getattr(kind, name).__doc__) for kind, name in METHODS] == before
    assert not hasattr(Pipeline([("model", Ridge())]), "fit_predict"), "what is there under a condition stays so"
    assay.autolog(disable=True)
    assert {(kind, name): vars(kind).get(name) for kind, name in METHODS} == originals


def test_twice_is_once():
    assay.autolog()
    wrapped = LinearRegression.fit
    assay.autolog()
    assay.sklearn.autolog()
    assert LinearRegression.fit is wrapped
    LinearRegression().fit(X, Y)
    assert len(runs()) == 1


def test_a_library_keeps_what_it_was_told_itself():
    assay.sklearn.autolog(log_models=False)
    assay.autolog(log_models=True)
    LinearRegression().fit(X, Y)
    assert runs()[0].outputs.model_outputs == []
    assay.autolog(disable=True)
    LinearRegression().fit(X, Y)
    assert len(runs()) == 2
    assay.sklearn.autolog(disable=True)
    assay.autolog()
    LinearRegression().fit(X, Y)
    assert len(runs()) == 2


def test_libraries_can_be_left_out():
    assay.autolog(exclude_flavors=["sklearn", "no such one"])
    LinearRegression().fit(X, Y)
    assert runs() == []


@pytest.mark.parametrize(("disabled", "expected"), [(False, 1), (True, 0)])
def test_versions_that_are_not_tested(monkeypatch, warned, disabled, expected):
    monkeypatch.setattr(sys.modules["sklearn"], "__version__", "0.24.2")
    assay.autolog(disable_for_unsupported_versions=disabled)
    LinearRegression().fit(X, Y)
    assert len(runs()) == expected
    assert "sklearn 0.24.2 is not tested" in warned()[0]


def test_libraries_imported_later_are_covered():
    code = """
import sys, assay
assay.autolog()
assert "sklearn" not in sys.modules and "assay.autologging.sklearn.autolog" not in sys.modules
from sklearn.linear_model import LinearRegression
import sklearn.linear_model as later, sklearn.cluster
print(later.__spec__.loader is later.__loader__, type(later.__loader__).__name__)
LinearRegression().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])
print(assay.last_active_run().data.tags["estimator_name"])
assay.autolog(disable=True)
print(len([one for one in sys.meta_path if type(one).__module__.startswith("assay")]))
"""
    assert child(code) == ["True", "SourceFileLoader", "LinearRegression", "0"]


def test_a_hook_is_taken_back_before_the_library_comes():
    code = """
import sys, assay
assay.autolog()
assay.autolog(disable=True)
from sklearn.linear_model import LinearRegression
print(hasattr(LinearRegression.fit.__wrapped__, "__wrapped__"))
"""
    assert child(code) == ["False"]
