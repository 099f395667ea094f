"""What the autologging of XGBoost, LightGBM and statsmodels records: what a real MLflow did, keys and values."""

from __future__ import annotations

import importlib.util
import json
import logging
import subprocess
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics
import statsmodels.api as sm
import xgboost

import assay
from assay.autologging import artist, boosters, importances, iterations, kept, patching, records
from assay.autologging.sklearn import evaluation
from assay.autologging.sklearn import models as estimators
from assay.client.recorder import Recorder
from assay.core.errors import InvalidParameterValue

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "recorded/boosters-autolog.json").read_text())
"""From MLflow 3.17.2 with XGBoost 3.2.0, LightGBM 4.7.0 and statsmodels 0.15.0, written by trained.py."""
FLAVORS = ("sklearn", "xgboost", "lightgbm", "statsmodels")


def _trained():
    spec = importlib.util.spec_from_file_location("trained", HERE / "trained.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


trained = _trained()
X, Y = trained.X, trained.Y


@pytest.fixture(autouse=True)
def _off():
    yield
    for name in FLAVORS:
        getattr(assay, name).autolog(disable=True)
        patching.forget_choice(name)


@pytest.fixture(autouse=True)
def _no_pictures(request, monkeypatch):
    """Drawing takes a process of its own, and seconds: few of the tests are about pictures."""
    if not request.node.name.endswith(("plain]", "linear]", "draw]")):
        monkeypatch.setattr(importances, "find_spec", lambda name: None)


@pytest.fixture
def warned(caplog):
    caplog.set_level(logging.WARNING, logger="assay")
    return lambda: [record.message for record in caplog.records if record.name == "assay.autologging"]


def approximately(value):
    """The same facts, with numbers that may differ by rounding."""
    if isinstance(value, dict):
        return {key: approximately(one) for key, one in value.items()}
    if isinstance(value, list):
        return [approximately(one) for one in value]
    return pytest.approx(value, rel=2e-3) if isinstance(value, float) else value


def without_datasets(models):
    """The same models, with nothing said of which data their metrics are of."""
    for model in models.values():
        model["metrics"] = [[*one[:3], "None"] for one in model["metrics"]]


def as_assay_has_it(name, expected):
    """What MLflow recorded, where Assay records it differently, and on purpose."""
    if name.startswith("statsmodels"):
        for params in (expected["params"], *(model["params"] for model in expected["models"].values())):
            params.pop("kwargs", None)  # MLflow: the mark for a missing default, as text
    elif not name.endswith("search"):
        without_datasets(expected["models"])  # MLflow: the best metrics of held-out data as those of training data
    for model in expected["models"].values():
        if model["params"] == {}:  # MLflow: a model that was begun before its training has none
            model["params"] = expected["params"]
    return expected


@pytest.mark.parametrize("name", trained.TRAININGS)
def test_recorded_as_mlflow_does(name, warned):
    trained.TRAININGS[name](assay)
    ours = trained.facts(assay, trained.last_run(assay).info.run_id)
    theirs = as_assay_has_it(name, json.loads(json.dumps(RECORDED[name])))
    if name.endswith(("plain", "linear")):
        assert [file.endswith(".png") for file in ours["artifacts"]].count(True) == len(ours["importances"])
    if name.startswith("statsmodels"):  # MLflow records no data of them
        assert [one[4] for one in ours["inputs"]] == ([] if name == "statsmodels_frame" else ["train"])
        ours["inputs"] = []
        without_datasets(ours["models"])
    if not any(file.endswith(".png") for file in ours["artifacts"]):
        theirs["artifacts"] = [file for file in theirs["artifacts"] if not file.endswith(".png")]
    assert ours.keys() == theirs.keys()
    for part, expected in theirs.items():
        assert ours[part] == approximately(expected), part
    assert warned() == []


def train(rounds=3, **given):
    data = xgboost.DMatrix(X, Y)
    return xgboost.train({"max_depth": 2}, data, rounds, evals=[(data, "train")], verbose_eval=False, **given)


def runs():
    return assay.search_runs(output_format="list")


FAULTS = [
    (assay.client.fluent.runs, "start_run"),
    (Recorder, "param"),
    (Recorder, "metrics"),
    (boosters, "observe"),
    (records, "log_input"),
    (kept, "begin_model"),
    (iterations, "now_ms"),
    (importances, "log_importance"),
    (artist, "draw"),
    (assay.flavors.xgboost, "log_model"),
    (assay.client.fluent.runs, "end"),
]


@pytest.mark.parametrize(("home", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_a_fault_of_ours_is_one_warning(monkeypatch, warned, home, name):
    expected = train().get_dump()
    rounds = []

    class Counting(xgboost.callback.TrainingCallback):
        def after_iteration(self, model, epoch, evals_log):
            rounds.append(epoch)
            return False

    def broken(*args, **kwargs):
        raise RuntimeError("disk on fire")

    assay.xgboost.autolog()
    monkeypatch.setattr(home, name, broken)
    callbacks = [Counting()]
    booster = train(callbacks=callbacks)
    monkeypatch.undo()
    assert booster.get_dump() == expected
    assert rounds == [0, 1, 2]
    assert len(callbacks) == 1, "the user's list stays as it is"
    assert [("disk on fire" in text, "training goes on" in text) for text in warned()] == [(True, True)]


ESTIMATOR_FAULTS = [(estimators, "log_estimator"), (evaluation, "remember"), (boosters, "observe_estimator")]


@pytest.mark.parametrize(("home", "name"), ESTIMATOR_FAULTS, ids=[name for _, name in ESTIMATOR_FAULTS])
@pytest.mark.parametrize("kind", [xgboost.XGBRegressor, lightgbm.LGBMRegressor])
def test_a_fault_with_an_estimator_is_one_warning(monkeypatch, warned, home, name, kind):
    monkeypatch.setattr(home, name, None)
    assay.xgboost.autolog()
    assay.lightgbm.autolog()
    assert kind(n_estimators=2, n_jobs=1).fit(X, Y).predict(X).shape == Y.shape
    assert ["training goes on" in text for text in warned()] == [True]


def test_what_training_raises_passes_unchanged():
    class Stopping(xgboost.callback.TrainingCallback):
        def after_iteration(self, model, epoch, evals_log):
            if epoch == 2:
                raise ZeroDivisionError("mine")
            return False

    assay.xgboost.autolog()
    with pytest.raises(ZeroDivisionError, match="mine"):
        train(callbacks=[Stopping()])
    (run,) = runs()
    assert run.info.status == "FAILED"
    history = assay.MlflowClient().get_metric_history(run.info.run_id, "train-rmse")
    assert [point.step for point in history] == [0, 1, 2]
    (model,) = assay.search_logged_models(output_format="list")
    assert str(model.status) == "FAILED"
    with pytest.raises(xgboost.core.XGBoostError, match="nonsense"):
        xgboost.train({"objective": "nonsense"}, xgboost.DMatrix(X, Y), 2)
    assay.statsmodels.autolog()
    with pytest.raises(ValueError, match="cov_type"), assay.start_run():
        sm.OLS(Y, X).fit(method="qr", cov_type="nonsense")
    assert [one.info.status for one in runs()] == ["FAILED"] * 3


def test_metrics_are_there_while_the_training_goes_on(monkeypatch):
    monkeypatch.setattr(iterations, "LONGEST_WAIT_MS", 0)
    seen = []

    class Reading(xgboost.callback.TrainingCallback):
        def after_iteration(self, model, epoch, evals_log):
            history = assay.MlflowClient().get_metric_history(assay.active_run().info.run_id, "train-rmse")
            seen.append([point.step for point in history])
            return False

    assay.xgboost.autolog(log_models=False)
    train(callbacks=[Reading()])
    assert seen == [[0], [0, 1], [0, 1, 2]]


def test_an_early_stop_by_a_callback_is_recorded_to_its_last_iteration():
    assay.xgboost.autolog(log_models=False)
    train_data, held_out = xgboost.DMatrix(X[:300], Y[:300]), xgboost.DMatrix(X[300:], Y[300:])
    stopping = [xgboost.callback.EarlyStopping(rounds=3)]
    evals = [(held_out, "val")]
    xgboost.train(trained.GREEDY, train_data, 20, evals=evals, callbacks=stopping, verbose_eval=False)
    run = assay.last_active_run()
    history = assay.MlflowClient().get_metric_history(run.info.run_id, "val-mae")
    assert [point.step for point in history] == [0, 1, 2, 3, 4]
    assert history[4].value == history[0].value
    assert run.data.metrics.items() >= {"stopped_iteration": 3, "best_iteration": 0}.items()


def test_a_training_that_goes_on_counts_its_own_iterations():
    assay.xgboost.autolog(log_models=False)
    first = train()
    train(xgb_model=first, early_stopping_rounds=5)
    run = assay.last_active_run()
    history = assay.MlflowClient().get_metric_history(run.info.run_id, "train-rmse")
    assert [point.step for point in history] == [0, 1, 2, 3]
    assert run.data.metrics["best_iteration"] == 5
    assert history[3].value == history[2].value


@pytest.mark.filterwarnings("ignore:Pass `evals` as keyword args:FutureWarning")
def test_arguments_may_be_given_by_place(warned):
    assay.xgboost.autolog(log_models=False)
    assay.lightgbm.autolog(log_models=False)
    data = xgboost.DMatrix(X, Y)
    xgboost.train({}, data, 2, [(data, "here")])
    assert "here-rmse" in assay.last_active_run().data.metrics
    seen = []

    def see(environment):
        seen.append(environment.iteration)

    data = lightgbm.Dataset(X, Y)
    lightgbm.train(trained.SERIAL, data, 2, [data], ["mine"], None, None, False, [see])
    assert "mine-l2" in assay.last_active_run().data.metrics
    assert seen == [0, 1]
    assert warned() == []


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "statsmodels"])
def test_disabled_is_as_before(library):
    methods = {
        "xgboost": [(xgboost.XGBClassifier, "fit"), (xgboost.XGBModel, "predict"), (xgboost.DMatrix, "__init__")],
        "lightgbm": [(lightgbm.LGBMClassifier, "fit"), (lightgbm.LGBMModel, "predict")],
        "statsmodels": [(sm.OLS.__mro__[2], "fit"), (sm.Logit, "fit")],
    }[library]
    before = [vars(owner)[name] for owner, name in methods]
    getattr(assay, library).autolog()
    assert not set(before) & {vars(owner)[name] for owner, name in methods}
    getattr(assay, library).autolog(disable=True)
    assert [vars(owner)[name] for owner, name in methods] == before
    train()
    assert runs() == []


def test_models_come_back(warned):
    assay.xgboost.autolog(registered_model_name="trees", model_format="json")
    assay.lightgbm.autolog(extra_tags={"team": "trees"})
    booster = train()
    kept_model = assay.last_logged_model()
    again = assay.xgboost.load_model(kept_model.model_uri)
    assert again.predict(xgboost.DMatrix(X)).tolist() == booster.predict(xgboost.DMatrix(X)).tolist()
    assert assay.search_model_versions(filter_string="name = 'trees'")[0].model_id == kept_model.model_id
    frame = trained.NAMED.rename(columns=lambda name: name.replace(" ", "_"))
    classifier = lightgbm.LGBMClassifier(n_estimators=2, verbose=-1, n_jobs=1).fit(frame, trained.CANCER[1])
    again = assay.lightgbm.load_model(assay.last_logged_model().model_uri)
    assert again.predict(frame).tolist() == classifier.predict(frame).tolist()
    assert assay.last_active_run().data.tags["team"] == "trees"
    assert warned() == []


def test_data_that_lightgbm_has_forgotten_is_known_the_second_time():
    assay.lightgbm.autolog()
    data = lightgbm.Dataset(X, Y)
    for _ in range(2):
        lightgbm.train(trained.SERIAL, data, 2)
        assert data.data is None
        found = trained.facts(assay, assay.last_active_run().info.run_id)
        assert [one[:2] for one in found["inputs"]] == [["dataset", "87c19a15"]]
        assert "shape" in found["models"]["model"]["signature"]["inputs"]


def test_categories_have_a_signature(warned):
    assay.xgboost.autolog()
    frame = pd.DataFrame({"size": X[:, 0], "kind": pd.Categorical(np.where(X[:, 1] > 0, "a", "b"))})
    data = xgboost.DMatrix(frame, Y, enable_categorical=True)
    xgboost.train({"tree_method": "hist"}, data, 2)
    found = trained.facts(assay, assay.last_active_run().info.run_id)
    assert '"kind"' in found["models"]["model"]["signature"]["inputs"]
    assert warned() == []


def test_forests_are_recorded_in_full():
    assay.xgboost.autolog(log_models=False)
    xgboost.XGBRFRegressor(n_estimators=3).fit(X, Y)
    run = assay.last_active_run()
    assert run.data.params["num_parallel_tree"] == "3"
    assert [one.tags[0].value for one in run.inputs.dataset_inputs] == ["train"]


def test_cross_validation_alone_is_no_training():
    assay.xgboost.autolog()
    assay.lightgbm.autolog()
    xgboost.cv({}, xgboost.DMatrix(X, Y), 2)
    lightgbm.cv(trained.SERIAL, lightgbm.Dataset(X, Y), 2, nfold=2, stratified=False)
    assert runs() == []


def test_judging_goes_on_when_another_library_is_turned_off():
    assay.sklearn.autolog(log_models=False)
    assay.xgboost.autolog(log_models=False)
    assay.sklearn.autolog(disable=True)
    model = xgboost.XGBClassifier(n_estimators=2).fit(*trained.CANCER)
    rows, labels = trained.CANCER
    predicted = model.predict(rows)
    sklearn.metrics.accuracy_score(labels, predicted)
    assert "accuracy_score_rows" in assay.last_active_run().data.metrics
    assay.xgboost.autolog(disable=True)
    sklearn.metrics.f1_score(labels, predicted)
    assert "f1_score_rows" not in assay.last_active_run().data.metrics


def test_a_summary_that_is_no_text_is_written_as_one(warned):
    assay.statsmodels.autolog(log_models=False)
    sm.tsa.VAR(np.column_stack([np.sin(np.arange(80.0)), np.arange(80) % 3])).fit(2)
    run = assay.last_active_run()
    place = assay.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="model_summary.txt")
    assert "Vector" in Path(place).read_text() or "VAR" in Path(place).read_text()
    assert run.info.status == "FINISHED"
    assert warned() == []


def test_a_summary_of_few_rows_warns_of_nothing(warned):
    assay.statsmodels.autolog(log_models=False)
    sm.OLS(Y[:5], X[:5, :2]).fit()
    assert [file.path for file in assay.list_artifacts(assay.last_active_run().info.run_id)] == ["model_summary.txt"]
    assert warned() == []


def test_exclusive_and_silent(monkeypatch, warned):
    for name in FLAVORS[1:]:
        getattr(assay, name).autolog(exclusive=True, silent=True)
    with assay.start_run() as run:
        train()
        sm.OLS(Y, X).fit()
    assert assay.get_run(run.info.run_id).data.params == {}
    monkeypatch.setattr(Recorder, "metrics", None)
    train()
    sm.OLS(Y, X).fit()
    assert len(runs()) == 3
    assert warned() == []


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "statsmodels"])
def test_versions_that_are_not_tested(monkeypatch, warned, library):
    monkeypatch.setattr(sys.modules[library], "__version__", "0.1.0")
    getattr(assay, library).autolog(disable_for_unsupported_versions=True)
    train()
    lightgbm.LGBMRegressor(n_estimators=1, verbose=-1, n_jobs=1).fit(X, Y)
    sm.OLS(Y, X).fit()
    assert runs() == []
    assert f"{library} 0.1.0 is not tested" in warned()[0]


def test_an_unknown_format_is_refused():
    with pytest.raises(InvalidParameterValue, match="onnx"):
        assay.xgboost.autolog(model_format="onnx")


def test_libraries_imported_later_are_covered():
    code = """
import sys, assay
assay.autolog(log_models=False)
assert not {"xgboost", "lightgbm", "statsmodels", "numpy"} & set(sys.modules)
import numpy as np
from statsmodels.regression.linear_model import OLS
from lightgbm import LGBMRegressor
import xgboost
X, Y = np.arange(60.0).reshape(30, 2) % 7, np.arange(30.0)
OLS(Y, X).fit()
print(assay.last_active_run().data.tags["mlflow.autologging"])
LGBMRegressor(n_estimators=1, verbose=-1, n_jobs=1).fit(X, Y)
print(assay.last_active_run().data.tags["mlflow.autologging"])
xgboost.train({}, xgboost.DMatrix(X, Y), 1)
print(assay.last_active_run().data.tags["mlflow.autologging"])
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["statsmodels", "lightgbm", "xgboost"]
