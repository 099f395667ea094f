"""Models of one's own, with MLflow's names only: run with Assay and with MLflow.

`own_models.py save SIDE` saves them in the folder SIDE, `own_models.py answers SIDE` tells what those there predict.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pandas as pd

import mlflow
from mlflow import pyfunc

FRAME = pd.DataFrame({"x": [1.0, 2.0]})
SCRIPT = """
from factors import FACTOR

from mlflow.models import ModelConfig, set_model
from mlflow.pyfunc import PythonModel

settings = ModelConfig(development_config={"bias": 1000})


class Adds(PythonModel):
    def predict(self, context, model_input: list[float]) -> list[float]:
        return [one * FACTOR + settings.get("bias") + context.model_config["more"] for one in model_input]


set_model(Adds())
"""


class Scaled(pyfunc.PythonModel):
    """Multiplies by what an artifact holds, and adds a setting and a param."""

    def load_context(self, context):
        self.factor = json.loads(Path(context.artifacts["factor"]).read_text())

    def predict(self, context, model_input, params=None):
        return model_input["x"] * self.factor + context.model_config["bias"] + params["more"]


class Shouting(pyfunc.PythonModel):
    """Has type hints and no context."""

    def predict(self, model_input: list[str]) -> list[str]:
        return [one.upper() for one in model_input]


class Totals(pyfunc.PythonModel):
    """Has nested type hints."""

    def predict(self, model_input: list[dict[str, list[float]]]) -> list[float]:
        return [sum(sum(values) for values in one.values()) for one in model_input]


class Wrapping(pyfunc.PythonModel):
    """Asks another saved model, which lies among its artifacts."""

    def load_context(self, context):
        self.inner = mlflow.pyfunc.load_model(context.artifacts["inner"])

    def predict(self, context, model_input):
        return self.inner.predict(model_input)


def doubled(model_input):
    return model_input * 2


def save(side):
    """Save every model in the folder of a side."""
    Path("factor.json").write_text("10")
    Path("factors.py").write_text("FACTOR = 3\n")
    Path("adds.py").write_text(SCRIPT)
    Path("settings.yaml").write_text("bias: 100\nmore: 0.5\n")
    sys.path.append(str(Path.cwd()))
    plain = {"pip_requirements": []}
    pyfunc.save_model(
        f"{side}/scaled",
        python_model=Scaled(),
        artifacts={"factor": "factor.json"},
        model_config={"bias": 1},
        input_example=(FRAME, {"more": 0.5}),
        **plain,
    )
    pyfunc.save_model(f"{side}/shouting", python_model=Shouting(), **plain)
    pyfunc.save_model(f"{side}/totals", python_model=Totals(), **plain)
    pyfunc.save_model(f"{side}/doubled", python_model=doubled, input_example=FRAME, **plain)
    pyfunc.save_model(f"{side}/wrapping", python_model=Wrapping(), artifacts={"inner": f"{side}/doubled"}, **plain)
    pyfunc.save_model(
        f"{side}/adds", python_model="adds.py", code_paths=["factors.py"], model_config="settings.yaml", **plain
    )
    os.environ["MLFLOW_LOG_MODEL_COMPRESSION"] = "lzma"
    pyfunc.save_model(f"{side}/packed", python_model=Shouting(), **plain)


def answers(side):
    """What the models in the folder of a side predict, and what they say of themselves."""
    scaled = pyfunc.load_model(f"{side}/scaled")
    adds = pyfunc.load_model(f"{side}/adds", model_config={"bias": 200, "more": 0.5})
    signatures = {
        name: pyfunc.load_model(f"{side}/{name}").metadata.signature
        for name in ("scaled", "shouting", "totals", "doubled", "adds")
    }
    return {
        "scaled": scaled.predict(FRAME).tolist(),
        "with a param": scaled.predict(FRAME, params={"more": 2.5}).tolist(),
        "example": scaled.input_example["x"].tolist(),
        "params": scaled.metadata.load_input_example_params(f"{side}/scaled"),
        "body": json.loads(scaled.metadata.get_serving_input(f"{side}/scaled")),
        "shouting": pyfunc.load_model(f"{side}/shouting").predict(["a", "b"]),
        "packed": pyfunc.load_model(f"{side}/packed").predict(["a"]),
        "totals": pyfunc.load_model(f"{side}/totals").predict([{"a": [1.0, 2.0], "b": [0.5]}]),
        "doubled": pyfunc.load_model(f"{side}/doubled").predict(FRAME)["x"].tolist(),
        "wrapping": pyfunc.load_model(f"{side}/wrapping").predict(FRAME)["x"].tolist(),
        "adds": pyfunc.load_model(f"{side}/adds").predict([1.0]),
        "adds, set": adds.predict([1.0]),
        "signatures": {name: signature.to_dict() for name, signature in signatures.items()},
    }


if __name__ == "__main__":
    action, side = sys.argv[1:]
    if action == "save":
        save(side)
    else:
        Path("answers.json").write_text(json.dumps(answers(side)))
