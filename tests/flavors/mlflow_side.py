"""Run in an environment with MLflow: loads what Assay saved, tells what it predicts, and saves the same by itself."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

from mlflow import pyfunc
from mlflow.models import Model


def flat(found):
    """The numbers of a prediction: of an array, a frame, or a dictionary of arrays with one key."""
    value = next(iter(found.values())) if isinstance(found, dict) else found
    return [float(number) for number in np.asarray(value).ravel()]


answers = {}
for ours in sorted(Path("ours").iterdir()):
    told = json.loads((Path("data") / f"{ours.name}.json").read_text())
    rows = np.array(told["rows"], dtype=told["dtype"])
    data = pd.DataFrame(rows, columns=told["columns"]) if told["columns"] else rows
    flavor = importlib.import_module(f"mlflow.{told['flavor']}")
    native = flavor.load_model(str(ours))
    flavor.save_model(native, f"theirs/{ours.name}", pip_requirements=["numpy"], input_example=data[:2])
    answers[ours.name] = {
        "class": f"{type(native).__module__}.{type(native).__qualname__}",
        "example": len(Model.load(str(ours)).load_input_example(str(ours))),
        "predicted": flat(pyfunc.load_model(str(ours)).predict(data)),
    }
Path("answers.json").write_text(json.dumps(answers))
