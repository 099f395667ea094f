"""Train real models on small data sets and log them: something to look at in the UI within a minute.

Run it with `make demo`, or by hand: `python examples/demo.py --directory demo`, then `assay server` in that directory.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import matplotlib as mpl
import numpy as np
from sklearn.datasets import load_diabetes, load_digits, load_wine
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, f1_score, log_loss, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import assay
from assay.flavors import sklearn as sklearn_flavor

mpl.use("Agg")
from matplotlib import pyplot as plt

SEED = 42


def digits_sweep() -> None:
    """A sweep over learning rate and regularisation: a parent run with a child for each trial, curves per epoch."""
    assay.set_experiment("digits-sgd")
    features, labels = load_digits(return_X_y=True)
    split = train_test_split(features / 16.0, labels, test_size=0.3, random_state=SEED, stratify=labels)
    with assay.start_run(run_name="sweep", description="Learning rate and penalty of a linear classifier."):
        best = 0.0
        for eta0 in (0.001, 0.01, 0.1):
            for penalty in ("l2", "l1"):
                accuracy = digits_trial(split, eta0=eta0, penalty=penalty)
                best = max(best, accuracy)
                assay.log_metric("best_val_accuracy", best)


def digits_trial(split: list[np.ndarray], *, eta0: float, penalty: str) -> float:
    """Train one classifier for 40 epochs; returns its accuracy on the held-out part."""
    x_train, x_val, y_train, y_val = split
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=eta0, penalty=penalty, random_state=SEED)
    order = np.random.default_rng(SEED)
    with assay.start_run(run_name=f"sgd-{penalty}-eta{eta0:g}", nested=True):
        assay.log_params({"eta0": eta0, "penalty": penalty, "epochs": 40, "batch_size": 64, "seed": SEED})
        accuracy = 0.0
        for epoch in range(40):
            shuffled = order.permutation(len(x_train))
            for batch in np.array_split(shuffled, len(shuffled) // 64):
                model.partial_fit(x_train[batch], y_train[batch], classes=np.unique(y_train))
            accuracy = accuracy_score(y_val, model.predict(x_val))
            assay.log_metrics(
                {
                    "train/loss": log_loss(y_train, model.predict_proba(x_train)),
                    "val/loss": log_loss(y_val, model.predict_proba(x_val)),
                    "val/accuracy": accuracy,
                },
                step=epoch,
            )
        display = ConfusionMatrixDisplay.from_predictions(y_val, model.predict(x_val), colorbar=False)
        assay.log_figure(display.figure_, "plots/confusion_matrix.png")
        plt.close(display.figure_)
        return float(accuracy)


def wine_models() -> None:
    """Three classifiers of wine, each with its report, a sample of its features, and the model itself."""
    assay.set_experiment("wine-quality")
    features, labels = load_wine(return_X_y=True, as_frame=True)
    x_train, x_test, y_train, y_test = train_test_split(
        features, labels, test_size=0.25, random_state=SEED, stratify=labels
    )
    models = {
        "logistic-baseline": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        "logistic-strong-penalty": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, C=0.01)),
        "forest-200": RandomForestClassifier(n_estimators=200, max_depth=4, random_state=SEED),
    }
    for name, model in models.items():
        with assay.start_run(run_name=name, tags={"owner": "demo", "dataset": "sklearn wine"}):
            model.fit(x_train, y_train)
            predictions = model.predict(x_test)
            scores = {
                "accuracy": float(accuracy_score(y_test, predictions)),
                "macro_f1": float(f1_score(y_test, predictions, average="macro")),
            }
            last = model[-1] if hasattr(model, "steps") else model
            chosen = {"C", "max_iter", "n_estimators", "max_depth", "penalty"}
            assay.log_params({"model": type(last).__name__, "seed": SEED})
            assay.log_params({key: value for key, value in last.get_params().items() if key in chosen})
            assay.log_metrics(scores)
            assay.log_dict({**scores, "n_train": len(x_train), "n_test": len(x_test)}, "report.json")
            assay.log_text(x_test.head(20).assign(target=y_test.head(20)).to_csv(index=False), "feature_sample.csv")
            sklearn_flavor.log_model(model, name="model")


def diabetes_regressors() -> None:
    """Two regressors, the boosted one with its error after every tree."""
    assay.set_experiment("diabetes-progression")
    features, target = load_diabetes(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(features, target, random_state=SEED)
    with assay.start_run(run_name="ridge"):
        ridge = Ridge(alpha=0.5).fit(x_train, y_train)
        assay.log_params({"model": "Ridge", "alpha": 0.5})
        assay.log_metrics(
            {
                "test/mse": mean_squared_error(y_test, ridge.predict(x_test)),
                "r2": r2_score(y_test, ridge.predict(x_test)),
            }
        )
    for rate in (0.03, 0.1, 0.5):
        with assay.start_run(run_name=f"boosting-rate{rate:g}"):
            model = GradientBoostingRegressor(n_estimators=300, learning_rate=rate, max_depth=2, random_state=SEED)
            model.fit(x_train, y_train)
            assay.log_params({"model": "GradientBoosting", "learning_rate": rate, "n_estimators": 300, "max_depth": 2})
            stages = zip(model.train_score_, model.staged_predict(x_test), strict=True)
            for step, (train_error, predicted) in enumerate(stages):
                assay.log_metrics(
                    {"train/mse": train_error, "test/mse": mean_squared_error(y_test, predicted)}, step=step
                )
            assay.log_metric("r2", r2_score(y_test, model.predict(x_test)))
            assay.log_text(json.dumps(model.feature_importances_.round(4).tolist()), "feature_importances.json")


def main() -> None:
    """Log all of it into `mlruns` below the directory given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, default=Path("demo"))
    directory = parser.parse_args().directory
    directory.mkdir(parents=True, exist_ok=True)
    os.chdir(directory)
    started = time.perf_counter()
    for part in (digits_sweep, wine_models, diabetes_regressors):
        print(f"{part.__name__} ...", flush=True)
        part()
    runs = assay.search_runs(search_all_experiments=True, output_format="list")
    print(f"{len(runs)} runs logged in {Path.cwd()} in {time.perf_counter() - started:.1f} s.")


if __name__ == "__main__":
    main()
