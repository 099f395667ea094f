"""Small trainings, and what a tracker recorded of them.

Run in an environment with MLflow, XGBoost, LightGBM and statsmodels, this writes what MLflow records:
`python trained.py sqlite:///new.db recorded/boosters-autolog.json`. The tests run the same trainings with Assay.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
import xgboost
import yaml
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from statsmodels.tsa.arima.model import ARIMA

X, Y = load_diabetes(return_X_y=True)
FRAME, SERIES = load_diabetes(return_X_y=True, as_frame=True)
CANCER = load_breast_cancer(return_X_y=True)
NAMED = pd.DataFrame(CANCER[0], columns=load_breast_cancer().feature_names)
GREEDY = {"max_depth": 3, "seed": 0, "eta": 1.0, "eval_metric": ["rmse", "mae"]}
SERIAL = {"verbose": -1, "num_threads": 1}


def xgboost_plain(tracker):
    tracker.xgboost.autolog()
    xgboost.train({"max_depth": 2, "seed": 0}, xgboost.DMatrix(X, Y), 3)


def xgboost_stopped(tracker):
    tracker.xgboost.autolog(importance_types=["weight", "gain"], log_input_examples=True, model_format="json")
    train, held_out = xgboost.DMatrix(X[:300], Y[:300]), xgboost.DMatrix(X[300:], Y[300:])
    evals = [(train, "train"), (held_out, "val")]
    xgboost.train(GREEDY, train, num_boost_round=20, evals=evals, early_stopping_rounds=3, verbose_eval=False)


def xgboost_names(tracker):
    tracker.xgboost.autolog()
    train = xgboost.DMatrix(NAMED, CANCER[1])
    params = {"objective": "binary:logistic", "eval_metric": ["error@0.7", "auc"], "max_depth": 2}
    with tracker.start_run():
        xgboost.train(params, train, 3, evals=[(train, "train")], verbose_eval=False)


def xgboost_linear(tracker):
    tracker.xgboost.autolog(log_models=False)
    params = {"objective": "multi:softprob", "num_class": 3, "booster": "gblinear", "nthread": 1}
    xgboost.train(params, xgboost.DMatrix(*load_iris(return_X_y=True)), 3)


def xgboost_classifier(tracker):
    tracker.xgboost.autolog()
    X, y = CANCER  # noqa: N806 -- names are recorded
    model = xgboost.XGBClassifier(n_estimators=3, max_depth=2)
    model.fit(X, y, eval_set=[(X, y), (X[:50], y[:50])], verbose=False)
    model.score(X, y)
    model.predict(X)


def xgboost_regressor_stopped(tracker):
    tracker.xgboost.autolog(log_input_examples=True, log_datasets=False)
    settings = {"n_estimators": 20, "max_depth": 3, "learning_rate": 1.0, "early_stopping_rounds": 3}
    model = xgboost.XGBRegressor(eval_metric="mae", **settings)
    model.fit(FRAME[:300], SERIES[:300], eval_set=[(FRAME[300:], SERIES[300:])], verbose=False)


def xgboost_pipeline(tracker):
    tracker.xgboost.autolog()
    make_pipeline(StandardScaler(), xgboost.XGBRegressor(n_estimators=2)).fit(X, Y)


def xgboost_search(tracker):
    tracker.sklearn.autolog()
    tracker.xgboost.autolog()
    GridSearchCV(xgboost.XGBRegressor(n_estimators=2), {"max_depth": [1, 2]}, cv=2).fit(X, Y)


def lightgbm_plain(tracker):
    tracker.lightgbm.autolog()
    lightgbm.train({**SERIAL, "seed": 0}, lightgbm.Dataset(X, Y), 3)


def lightgbm_stopped(tracker):
    tracker.lightgbm.autolog(log_input_examples=True)
    train = lightgbm.Dataset(FRAME[:300], SERIES[:300])
    held_out = lightgbm.Dataset(FRAME[300:], SERIES[300:], reference=train)
    params = {**SERIAL, "metric": ["l1", "l2"], "learning_rate": 0.9}
    stopping = [lightgbm.early_stopping(3, verbose=False)]
    lightgbm.train(params, train, 30, valid_sets=[train, held_out], callbacks=stopping)


def lightgbm_names(tracker):
    tracker.lightgbm.autolog()
    train = lightgbm.Dataset(*CANCER)
    held_out = lightgbm.Dataset(CANCER[0][:100], CANCER[1][:100], reference=train)
    params = {**SERIAL, "objective": "binary", "metric": "auc", "early_stopping_round": 2, "learning_rate": 1.0}
    lightgbm.train(params, train, 10, valid_sets=[held_out], valid_names=["mine"])


def lightgbm_ranks(tracker):
    tracker.lightgbm.autolog(log_models=False, extra_tags={"team": "ranks"})
    train = lightgbm.Dataset(X, (Y > 150).astype(int), group=[200, 242])
    params = {**SERIAL, "objective": "lambdarank", "metric": "ndcg", "eval_at": [1, 3]}
    lightgbm.train(params, train, 3, valid_sets=[train])


def lightgbm_regressor_stopped(tracker):
    tracker.lightgbm.autolog()
    model = lightgbm.LGBMRegressor(n_estimators=30, verbose=-1, learning_rate=0.9, n_jobs=1)
    stopping = [lightgbm.early_stopping(3, verbose=False)]
    held_out = {"eval_X": FRAME[300:], "eval_y": SERIES[300:], "eval_metric": "l1"}
    model.fit(FRAME[:300], SERIES[:300], **held_out, callbacks=stopping)
    X_test, y_test = FRAME[300:], SERIES[300:]  # noqa: N806
    model.score(X_test, y_test)


def lightgbm_search(tracker):
    tracker.sklearn.autolog()
    tracker.lightgbm.autolog()
    model = lightgbm.LGBMRegressor(n_estimators=2, verbose=-1, n_jobs=1)
    GridSearchCV(model, {"num_leaves": [3, 4]}, cv=2).fit(X, Y)


def statsmodels_ols(tracker):
    tracker.statsmodels.autolog()
    sm.OLS(Y, sm.add_constant(X)).fit()


def statsmodels_frame(tracker):
    tracker.statsmodels.autolog(log_datasets=False)
    sm.OLS(SERIES, sm.add_constant(FRAME)).fit(cov_type="HC1")


def statsmodels_formula(tracker):
    tracker.statsmodels.autolog(log_models=False)
    smf.ols("target ~ bmi + age", data=FRAME.assign(target=SERIES)).fit()


def statsmodels_logit(tracker):
    tracker.statsmodels.autolog()
    with tracker.start_run():
        sm.Logit(CANCER[1], sm.add_constant(CANCER[0][:, :2])).fit(disp=0)


def statsmodels_glm(tracker):
    tracker.statsmodels.autolog(log_models=False)
    sm.GLM(CANCER[1], sm.add_constant(CANCER[0][:, :2]), family=sm.families.Binomial()).fit(maxiter=50)


def statsmodels_arima(tracker):
    tracker.statsmodels.autolog(log_models=False)
    ARIMA(np.sin(np.arange(80.0)) + np.arange(80) % 3, order=(1, 0, 0)).fit()


TRAININGS = {
    name: function
    for name, function in list(globals().items())
    if name.startswith(("xgboost_", "lightgbm_", "statsmodels_"))
}
CONTEXT = ("mlflow.user", "mlflow.runName", "mlflow.source", "mlflow.parentRunId", "assay.")


def last_run(tracker):
    """The newest run that is nobody's child."""
    found = tracker.search_runs(search_all_experiments=True, output_format="list")
    return next(run for run in found if "mlflow.parentRunId" not in run.data.tags)


def facts(tracker, run_id):
    """What there is of a run, in plain data; durations and addresses left out."""
    client = tracker.MlflowClient()
    run = client.get_run(run_id)
    names = sorted(files(client, run_id))
    children = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run_id}'")
    found = {
        "status": run.info.status,
        "params": run.data.params,
        "tags": {key: value for key, value in run.data.tags.items() if not key.startswith(CONTEXT)},
        "metrics": {
            key: sorted([point.step, rounded(key, point.value)] for point in client.get_metric_history(run_id, key))
            for key in run.data.metrics
        },
        "artifacts": names,
        "importances": {
            name: json.loads(Path(tracker.artifacts.download_artifacts(f"runs:/{run_id}/{name}")).read_text())
            for name in names
            if name.startswith("feature_importance") and name.endswith(".json")
        },
        "inputs": sorted(
            [one.dataset.name, one.dataset.digest, one.dataset.schema, one.dataset.profile, one.tags[0].value]
            for one in run.inputs.dataset_inputs
        ),
        "models": {
            model.name: described(tracker, model)
            for model in (client.get_logged_model(one.model_id) for one in run.outputs.model_outputs)
        },
        "children": sorted((facts(tracker, one.info.run_id) for one in children), key=lambda one: str(one["params"])),
    }
    return json.loads(json.dumps(found))


def described(tracker, model):
    """A logged model, and what its file says."""
    file = yaml.safe_load(
        Path(tracker.artifacts.download_artifacts(f"models:/{model.model_id}"), "MLmodel").read_text()
    )
    return {
        "status": str(model.status).rpartition(".")[2],
        "params": model.params,
        "metrics": sorted(
            [point.key, point.step, rounded(point.key, point.value), str(point.dataset_digest)]
            for point in model.metrics or ()
        ),
        "flavors": {
            name: {key: flavor.get(key) for key in ("data", "model_class", "model_format", "loader_module")}
            for name, flavor in file["flavors"].items()
        },
        "signature": file.get("signature"),
        "example": (file.get("saved_input_example_info") or {}).get("type"),
    }


def rounded(key, value):
    """A number that both can agree about: four digits, none for durations."""
    return None if "_time" in key else float(f"{value:.4g}")


def files(client, run_id, path=None):
    """The paths of a run's artifacts."""
    for file in client.list_artifacts(run_id, path):
        yield from files(client, run_id, file.path) if file.is_dir else [file.path]


if __name__ == "__main__":
    import mlflow

    mlflow.set_tracking_uri(sys.argv[1])
    recorded = {}
    for name, train in TRAININGS.items():
        train(mlflow)
        recorded[name] = facts(mlflow, last_run(mlflow).info.run_id)
        for flavor in ("sklearn", "xgboost", "lightgbm", "statsmodels"):
            getattr(mlflow, flavor).autolog(disable=True)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value, sort_keys=True)}" for name, value in recorded.items())
    Path(sys.argv[2]).write_text(f"{{\n{lines}\n}}\n")
