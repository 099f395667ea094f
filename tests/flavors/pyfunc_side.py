"""Run in an environment with MLflow: saves models of one's own, and tells what those that Assay saved predict."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from mlflow import pyfunc


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


def doubled(model_input):
    return model_input * 2


frame = pd.DataFrame({"x": [1.0, 2.0]})
Path("factor.json").write_text("10")
pyfunc.save_model(
    "theirs/scaled",
    python_model=Scaled(),
    artifacts={"factor": "factor.json"},
    model_config={"bias": 1},
    input_example=(frame, {"more": 0.5}),
    pip_requirements=[],
)
pyfunc.save_model("theirs/shouting", python_model=Shouting(), pip_requirements=[])
pyfunc.save_model("theirs/doubled", python_model=doubled, input_example=frame, pip_requirements=[])

scaled = pyfunc.load_model("ours/scaled")
answers = {
    "scaled": scaled.predict(frame).tolist(),
    "with a param": scaled.predict(frame, params={"more": 2.5}).tolist(),
    "shouting": pyfunc.load_model("ours/shouting").predict(["a", "b"]),
    "doubled": pyfunc.load_model("ours/doubled").predict(frame)["x"].tolist(),
}
Path("answers.json").write_text(json.dumps(answers))
