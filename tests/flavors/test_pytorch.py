"""Without PyTorch, its flavor can be imported and says what is missing; what it does with it: `tests/deep/inside`."""

from __future__ import annotations

import sys

import pytest

import assay
from assay.core.errors import ConfigurationError

ABSENT = ("torch", "lightning", "pytorch_lightning")


@pytest.fixture(autouse=True)
def _absent(monkeypatch):
    for name in [one for one in sys.modules if one.partition(".")[0] in ABSENT]:
        monkeypatch.delitem(sys.modules, name)
    for name in ABSENT:
        monkeypatch.setitem(sys.modules, name, None)


CALLS = {
    "save_model": lambda: assay.pytorch.save_model(object(), "saved"),
    "log_model": lambda: assay.lightning.log_model(object(), name="net"),
    "predict": lambda: assay.flavors.pytorch.predict(object(), [1.0]),
    "save_state_dict": lambda: assay.pytorch.save_state_dict({}, "saved"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_missing_library_is_named_with_what_installs_it(call):
    with pytest.raises(ConfigurationError, match=r"torch is not installed.*assay\[pytorch\]"):
        call()
    assert assay.search_logged_models(output_format="list") == []


def test_autologging_waits_for_the_library():
    assay.pytorch.autolog()
    assay.pytorch.autolog(disable=True)


def test_a_callback_needs_lightning(monkeypatch):
    monkeypatch.setattr("assay.autologging.pytorch.callbacks.find_spec", lambda _: None)
    for name in ("lightning.pytorch", "pytorch_lightning"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ConfigurationError, match="pip install lightning"):
        assay.pytorch.MlflowModelCheckpointCallback()
