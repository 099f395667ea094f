"""A study of five trials, logged by Optuna's `MLflowCallback`."""

import os

import optuna
from optuna_integration.mlflow import MLflowCallback

import mlflow

callback = MLflowCallback(tracking_uri=os.environ["MLFLOW_TRACKING_URI"], metric_name="distance")


@callback.track_in_mlflow()
def objective(trial):
    x = trial.suggest_float("x", -1, 1)
    kind = trial.suggest_categorical("kind", ["near", "far"])
    mlflow.log_metric("steps", trial.number, step=trial.number)
    return (x - 0.5) ** 2 + (kind == "far")


study = optuna.create_study(study_name=os.environ["STUDY"], sampler=optuna.samplers.RandomSampler(seed=1))
study.optimize(objective, n_trials=5, callbacks=[callback])
print("best", study.best_trial.number)
