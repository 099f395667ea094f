"""Saves a small scikit-learn classifier: `python model.py CLIENT DIRECTORY`, CLIENT the module that saves it."""

import importlib
import sys

from sklearn.datasets import load_iris  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

client, directory = sys.argv[1:]
features, target = load_iris(return_X_y=True, as_frame=True)
features.columns = ["a", "b", "c", "d"]
importlib.import_module(f"{client}.sklearn" if client == "mlflow" else f"{client}.flavors.sklearn").save_model(
    LogisticRegression(max_iter=500).fit(features, target),
    directory,
    input_example=features.head(2),
    serialization_format="cloudpickle",
)
