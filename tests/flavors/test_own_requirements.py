"""What a model of one's own needs installed is read from its code, and from models among its artifacts."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
from sklearn.linear_model import LinearRegression

from assay.core.errors import NotSupported
from assay.flavors import pyfunc, sklearn, stored


def needed(directory):
    return {line.partition("=")[0] for line in Path(directory, "requirements.txt").read_text().splitlines()}


def test_what_functions_import_and_name_is_pinned():
    def fitted(model_input):
        def inner(rows):
            import yaml

            return yaml.safe_dump(rows)

        return scipy.stats.zscore(model_input), inner

    pyfunc.save_model("fitted", python_model=fitted)
    assert needed("fitted") == {"cloudpickle", "pandas", "pyyaml", "scipy"}
    assert f"scipy=={metadata.version('scipy')}" in Path("fitted/requirements.txt").read_text()


def test_what_a_model_holds_is_pinned():
    class Wrapped(pyfunc.PythonModel):
        def __init__(self):
            self.inner = LinearRegression().fit(np.array([[0.0], [1.0]]), [0.0, 1.0])

        def predict(self, model_input):
            return self.inner.predict(model_input)

    pyfunc.save_model("wrapped", python_model=Wrapped())
    assert needed("wrapped") == {"cloudpickle", "numpy", "pandas", "scikit-learn"}


def test_models_among_the_artifacts_say_what_they_need(model, frame):
    class Inner(pyfunc.PythonModel):
        def load_context(self, context):
            self.model = sklearn.load_model(context.artifacts["inner"])

        def predict(self, context, model_input):
            return self.model.predict(model_input)

    sklearn.save_model(
        model, "inner", pip_requirements=["pandas==0.1", "scikit_learn>=1", "odd[extra]==3; os_name=='x'"]
    )
    pyfunc.save_model("outer", python_model=Inner(), artifacts={"inner": "inner"})
    lines = Path("outer/requirements.txt").read_text().splitlines()
    assert f"pandas=={metadata.version('pandas')}" in lines
    assert {"scikit_learn>=1", "odd[extra]==3; os_name=='x'"} <= set(lines)
    assert not {"assay", "mlflow", "assay-mlflow", "pandas==0.1"} & {*lines, *needed("outer")}
    assert pyfunc.load_model("outer").predict(frame).tolist() == model.predict(frame).tolist()


def test_given_requirements_go_first():
    def plain(model_input):
        return np.abs(model_input)

    pyfunc.save_model("given", python_model=plain, pip_requirements=["torch==1.0"])
    assert needed("given") == {"torch"}
    pyfunc.save_model("more", python_model=plain, extra_pip_requirements=["mine"])
    assert needed("more") == {"cloudpickle", "mine", "numpy", "pandas"}


def test_a_directory_of_another_flavor_is_read(model):
    Path("files").mkdir()
    sklearn.save_model(model, "saved", serialization_format="cloudpickle")
    Path("saved/model.pkl").rename("files/model.pkl")
    Path("files/code.py").write_text("import yaml, json\nfrom . import near\n")
    inferred = stored.infer_pip_requirements("files", ["scikit-learn>1", "own"])
    assert inferred[:2] == ["scikit-learn>1", "own"]
    assert {line.partition("=")[0] for line in inferred[2:]} >= {"numpy", "pyyaml"}
    assert not any(line.startswith("scikit-learn==") for line in inferred)


def test_nothing_is_imported_for_it():
    Path("model.py").write_text(
        "from assay.flavors.pyfunc import set_model\n\n"
        "def doubled(model_input):\n    import scipy.stats\n    return [one * 2 for one in model_input]\n\n"
        "set_model(doubled)\n"
    )
    code = (
        "import sys\nfrom assay.flavors import pyfunc\n"
        "pyfunc.save_model('saved', python_model='model.py')\nassert 'scipy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert "scipy" in needed("saved")


@pytest.mark.parametrize("name", ["resources", "auth_policy", "uv_project_path", "uv_groups", "uv_extras"])
def test_what_is_of_hosted_services_is_refused(name):
    with pytest.raises(NotSupported, match=name):
        pyfunc.save_model("saved", python_model=lambda model_input: model_input, **{name: ["x"]})
    with pytest.raises(NotSupported, match="prompts"):
        pyfunc.log_model(name="saved", python_model=lambda model_input: model_input, prompts=["x"])
