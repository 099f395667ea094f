"""Models that are scripts: run where they are saved and loaded, with settings, and what they import beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assay.core.errors import ConfigurationError, InvalidParameterValue, ResourceDoesNotExist
from assay.data.signature import infer_signature
from assay.flavors import pyfunc
from assay.flavors.mlmodel import Model
from assay.flavors.scripts import ModelConfig

ADDS = """
from assay.flavors.pyfunc import ModelConfig, PythonModel, set_model

settings = ModelConfig(development_config={"n": 100})

class Adds(PythonModel):
    def predict(self, context, model_input):
        return [one + settings.get("n") + context.model_config["n"] for one in model_input]

set_model(Adds())
"""


@pytest.fixture
def adds():
    Path("adds.py").write_text(ADDS)
    Path("settings.yaml").write_text("n: 5\n")
    pyfunc.save_model("adds", python_model="adds.py", model_config="settings.yaml")
    return "adds"


def test_settings_come_from_where_the_model_is_saved_or_loaded(adds):
    Path("settings.yaml").write_text("n: 7\n")
    assert pyfunc.load_model(adds).predict([1]) == [11]
    assert pyfunc.load_model(adds, model_config="settings.yaml").predict([1]) == [15]
    assert pyfunc.load_model(adds, model_config={"n": 1}).predict([1]) == [3]
    fields = Model.load(adds).flavor("python_function")
    assert (fields["loader_module"], fields["model_code_path"]) == ("mlflow.pyfunc.loaders.code_model", "adds.py")
    assert not list(Path(adds).glob("*.pkl"))


def test_development_settings_serve_a_script_run_by_itself():
    Path("settings.yaml").write_text("depth: 3\n")
    assert ModelConfig(development_config="settings.yaml").to_dict() == {"depth": 3}
    config = ModelConfig(development_config={"depth": 4})
    assert config.get("depth") == 4
    with pytest.raises(InvalidParameterValue, match="'width'; it has: depth"):
        config.get("width")
    with pytest.raises(ResourceDoesNotExist, match=r"nowhere\.yaml"):
        ModelConfig(development_config="nowhere.yaml")
    with pytest.raises(InvalidParameterValue, match="no settings"):
        ModelConfig()
    Path("settings.yaml").write_text("- 1\n")
    with pytest.raises(InvalidParameterValue, match="a dictionary"):
        ModelConfig(development_config="settings.yaml")
    Path("settings.yaml").write_text("{")
    with pytest.raises(InvalidParameterValue, match="no YAML"):
        ModelConfig(development_config="settings.yaml")


def test_scripts_that_load_each_other_keep_their_models_apart(adds):
    Path("outer.py").write_text(
        "from assay.flavors import pyfunc\n"
        "inner = pyfunc.load_model('adds')\n"
        "pyfunc.set_model(lambda model_input: [one * 2 for one in inner.predict(model_input)])\n"
        "assert pyfunc.ModelConfig().to_dict() == {'own': 1}\n"
    )
    pyfunc.save_model("outer", python_model="outer.py", model_config={"own": 1})
    assert pyfunc.load_model("outer").predict([1]) == [22]


def test_a_script_runs_only_where_that_is_allowed(adds, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        pyfunc.load_model(adds)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("x = 1\n", "script.py", "does not call set_model"),
        ("from assay.flavors.pyfunc import set_model\nset_model(3)\n", "script.py", "python_model must be"),
        ("x = (\n", "script.py", "no Python that can run"),
        ("{}", "script.ipynb", r"end in \.py"),
    ],
)
def test_what_is_no_script_of_a_model_is_not_saved(text, name, said):
    Path(name).write_text(text)
    with pytest.raises(InvalidParameterValue, match=said):
        pyfunc.save_model("saved", python_model=name, signature=infer_signature([1]))
    assert not Path("saved").exists()


@pytest.mark.parametrize("infer", [True, False])
def test_what_a_script_imports_comes_with_it(infer, monkeypatch):
    names = [f"{part}_of_{infer}" for part in ("near", "far", "package")]
    near, far, package = names
    Path(f"{near}.py").write_text(f"import {far}\nimport {package}.inside\nfactor = {far}.factor\n")
    Path(f"{far}.py").write_text("import numpy\nfactor = 3\n")
    Path(package).mkdir()
    Path(package, "__init__.py").touch()
    Path(package, "inside.py").write_text("import sklearn.linear_model\n")
    Path("times.py").write_text(
        f"from assay.flavors.pyfunc import set_model\nimport {near}\n"
        f"set_model(lambda model_input: [one * {near}.factor for one in model_input])\n"
    )
    paths = None if infer else [f"{near}.py", f"{far}.py", package]
    monkeypatch.setattr(sys, "path", [str(Path.cwd()), *sys.path])
    pyfunc.save_model("times", python_model="times.py", infer_code_paths=infer, code_paths=paths)
    assert sorted(path.name for path in Path("times/code").iterdir()) == sorted([f"{near}.py", f"{far}.py", package])
    named = {line.partition("=")[0] for line in Path("times/requirements.txt").read_text().splitlines()}
    assert named == {"cloudpickle", "numpy", "pandas", "scikit-learn"}
    for name in (*names, f"{package}.inside"):
        sys.modules.pop(name, None)
        Path(f"{name}.py").unlink(missing_ok=True)
    assert pyfunc.load_model("times").predict([2]) == [6]
    assert Path(sys.modules[near].__file__).parent == Path("times/code").resolve()
