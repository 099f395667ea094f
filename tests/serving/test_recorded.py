"""The same answers as MLflow 3.17.2 gives to the same requests about the same models, over real sockets."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("serving")

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "recorded.json").read_text(encoding="utf-8"))


def _loaded(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXCHANGES = _loaded("exchanges").EXCHANGES

TOLERANT = "what clients write in several ways is read in each of them"
HONEST = "no value is changed without a word"
WHOLE = "what the signature asks for can be said in CSV, too"
SAME = "base64 is base64 in every format"
EXPRESSED = "what has a form in JSON is answered, and no error"
DIFFERENT = {
    "iris params of a list": (400, "params are checked, whether or not the model has any"),
    "charset quoted": (200, TOLERANT),
    "content type in capitals": (200, TOLERANT),
    "no content type": (415, "the client's fault is no fault of the server"),
    "told inputs of dictionaries": (200, "inputs and instances are read alike"),
    "typed instances": (200, SAME),
    "typed inputs": (200, SAME),
    "typed csv": (200, WHOLE),
    "matrix csv": (200, WHOLE),
    "typed large for an integer": (400, HONEST),
    "typed fraction for a long": (400, HONEST),
    "typed no base64": (400, HONEST),
    "nested": (200, "integers in objects are Python's"),
    "nested split": (200, "integers in objects are Python's"),
    "answer timedelta": (200, EXPRESSED),
    "answer dict of frame": (200, EXPRESSED),
    "answer set": (200, EXPRESSED),
    "answer decimal": (200, EXPRESSED),
}
"""Where the answers differ: our status, and why."""
CODES = {"INVALID_PARAMETER_VALUE", "BAD_REQUEST"}
"""Both stand for a request that is not acceptable; which of them is MLflow's own affair."""


def strict(value):
    """MLflow's predictions, with null for what is no number, no time, and without line ends in base64."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return None if value == "NaT" else value.rstrip("\n")
    if isinstance(value, list):
        return [strict(one) for one in value]
    if isinstance(value, dict):
        return {name: strict(one) for name, one in value.items()}
    return value


def test_every_exchange_is_recorded():
    assert list(EXCHANGES) == list(RECORDED)
    assert set(DIFFERENT) <= set(EXCHANGES)


@pytest.mark.parametrize("name", EXCHANGES)
def test_answers_are_mlflows(name, http_to):
    asked, recorded = EXCHANGES[name], RECORDED[name]
    headers = {} if asked.content_type is None else {"Content-Type": asked.content_type}
    answer = http_to(asked.model).send(asked.method, asked.path, asked.body, headers)
    wanted = DIFFERENT[name][0] if name in DIFFERENT else recorded["status"]
    assert answer.status == wanted, answer.body
    assert answer.headers["content-type"] == "application/json"
    if "text" in recorded:
        assert answer.body.decode() == recorded["text"]
    elif answer.status == 200 and name not in DIFFERENT:
        assert answer.json == {"predictions": strict(recorded["predictions"])}
    elif answer.status == 200:
        assert answer.json["predictions"] != recorded.get("predictions")
    else:
        assert answer.json["message"]
        assert answer.json["error_code"] in (CODES if answer.status in (400, 415) else answer.json["error_code"])


@pytest.mark.parametrize("name", [name for name, (status, _) in DIFFERENT.items() if status == 400])
def test_what_is_refused_here_only_is_named(name, http_to):
    asked = EXCHANGES[name]
    assert any(word in http_to(asked.model).predict(asked.body).json["message"] for word in ("column", "params"))
