"""Without Keras and Transformers, their modules are there, cost nothing, and say what to install."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

import assay
from assay.core.errors import ConfigurationError, NotSupported
from assay.flavors import FLAVORS, pyfunc
from assay.flavors.mlmodel import Model

MISSING = [name for name in ("keras", "transformers") if find_spec(name) is None]

pytestmark = pytest.mark.skipif(not MISSING, reason="both are installed")


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_library_says_what_to_install(name, tmp_path):
    module = getattr(assay, name)
    with pytest.raises(ConfigurationError, match=rf"{name} is not installed.*assay\[{name}\]"):
        module.save_model(object(), tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize("name", MISSING)
def test_a_model_of_a_missing_library_is_not_loaded(name, tmp_path):
    model = Model().add_flavor("python_function", loader_module=f"mlflow.{name}", env={})
    model.add_flavor(name, data="data", task="fill-mask", model_binary="data", pipeline_model_type="BertModel")
    (tmp_path / "data").mkdir()
    model.save(tmp_path / "MLmodel")
    for load in (getattr(assay, name).load_model, pyfunc.load_model):
        with pytest.raises(ConfigurationError, match=f"{name} is not installed"):
            load(str(tmp_path))


@pytest.mark.parametrize("name", MISSING)
def test_autologging_waits_for_a_library(name):
    module = getattr(assay, name)
    finders = list(sys.meta_path)
    module.autolog()
    assert len(sys.meta_path) >= len(finders)
    module.autolog(disable=True)
    assert sys.meta_path == finders
    assert FLAVORS[name].imports not in sys.modules


def test_options_are_checked_at_once():
    with pytest.raises(NotSupported, match="TensorFlow"):
        assay.keras.autolog(save_exported_model=True)
    with pytest.raises(NotSupported, match="PEFT"):
        assay.transformers.load_model("saved", base_model_path="base")
