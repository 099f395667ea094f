"""Models that are kept already: logged by a flavor of one's own, read, and changed where they are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import assay
from assay.core.errors import InvalidParameterValue, NotSupported, ResourceDoesNotExist
from assay.data.signature import infer_signature
from assay.flavors import pyfunc, sklearn, stored
from assay.flavors.mlmodel import Model

FRAME = pd.DataFrame({"n": np.array([1, 2], dtype="int32"), "when": pd.to_datetime(["2020-01-02", "2021-01-02"])})


def first(model_input):
    return model_input[:1]


@pytest.fixture
def logged():
    with assay.start_run() as run:
        info = pyfunc.log_model(name="first", python_model=first, input_example=[["a"]], registered_model_name="firsts")
    return SimpleNamespace(info=info, run_uri=f"runs:/{run.info.run_id}/first", run_id=run.info.run_id)


def save_marked(path, mlflow_model, text):
    """`save_model` of a flavor of one's own."""
    Path(path).mkdir()
    Path(path, "text.txt").write_text(text)
    pyfunc.add_to_model(mlflow_model, "my_loader", data="text.txt", made_by="me")
    mlflow_model.save(Path(path, "MLmodel"))


def test_a_flavor_of_ones_own_logs_its_models():
    flavor = SimpleNamespace(save_model=save_marked)
    run = assay.Client().create_run("0")
    info = Model.log(
        "marked", flavor, run_id=run.info.run_id, params={"depth": 3}, tags={"a": "b"}, metadata={"x": 1}, text="hello"
    )
    assert (info.name, info.run_id, info.params, info.metadata) == ("marked", run.info.run_id, {"depth": "3"}, {"x": 1})
    assert info.tags["a"] == "b"
    model = Model.load(info.model_uri)
    assert model.flavor("python_function")["made_by"] == "me"
    assert Model.load(f"runs:/{run.info.run_id}/marked").model_id == info.model_id
    assert assay.get_logged_model(info.model_id).source_run_id == run.info.run_id

    def fails(path, mlflow_model):
        raise RuntimeError("no")

    with pytest.raises(NotSupported, match="resources"):
        Model.log("marked", flavor, resources=["x"], text="hello")
    with pytest.raises(RuntimeError, match="no"):
        Model.log("marked", SimpleNamespace(save_model=fails))
    assert [model.status.name for model in assay.search_logged_models(output_format="list")].count("FAILED") == 1


@pytest.mark.parametrize("by_run", [True, False])
def test_the_signature_of_a_logged_model_is_replaced(logged, by_run):
    uri = logged.run_uri if by_run else logged.info.model_uri
    signature = infer_signature(pd.DataFrame({"x": [1.0]}), [1])
    stored.set_signature(uri, signature)
    found = stored.get_model_info(uri)
    assert (found.signature, found.model_uri) == (signature, logged.info.model_uri)
    loaded = pyfunc.load_model("models:/firsts/1")
    assert loaded.predict(pd.DataFrame({"x": [1.0, 2.0]}))["x"].tolist() == [1.0]
    with pytest.raises(InvalidParameterValue, match=r"\['x'\]"):
        loaded.predict(pd.DataFrame({"y": [1.0]}))


def test_requirements_are_added_replaced_and_removed(logged):
    uri = logged.info.model_uri
    stored.update_model_requirements(uri, "add", ["SciPy>1", "pandas==1.0"])
    text = Path(pyfunc.get_model_dependencies(uri)).read_text()
    assert text.splitlines()[-2:] == ["SciPy>1", "pandas==1.0"]
    assert text.count("pandas") == 1
    stored.update_model_requirements(uri, "remove", ["scipy", "unknown"])
    assert "SciPy" not in Path(pyfunc.get_model_dependencies(uri)).read_text()
    conda = Path(pyfunc.get_model_dependencies(uri, "conda")).read_text()
    assert "pandas==1.0" in conda
    assert "SciPy" not in conda
    assert pyfunc.load_model(uri).predict([["a"], ["b"]]).shape == (1, 1)
    for wrong in (lambda: stored.update_model_requirements(uri, "replace", ["a"]), lambda: logged_as(uri, "pipenv")):
        with pytest.raises(InvalidParameterValue, match="give"):
            wrong()


def logged_as(uri, form):
    return pyfunc.get_model_dependencies(uri, form)


def test_a_local_model_is_changed_where_it_lies():
    pyfunc.save_model("first", python_model=first)
    signature = infer_signature([1])
    stored.set_signature("first", signature)
    assert Model.load("first").signature == pyfunc.load_model("first").metadata.signature == signature
    Path("first/conda.yaml").unlink()
    Path("first/MLmodel").write_text(Path("first/MLmodel").read_text().partition("file_digests")[0] + "flavors: {}\n")
    with pytest.raises(ResourceDoesNotExist, match=r"conda\.yaml"):
        pyfunc.get_model_dependencies("first", "conda")


def test_a_version_is_not_changed_by_its_own_uri(logged):
    with pytest.raises(InvalidParameterValue, match="cannot be changed"):
        stored.set_signature("models:/firsts/1", infer_signature([1]))
    assert pyfunc.load_model("models:/firsts/1").metadata.signature == logged.info.signature


@pytest.mark.parametrize(
    ("example", "params"),
    [
        (FRAME, None),
        (FRAME, {"more": 1}),
        (np.array([[1, 2]], dtype="float32"), None),
        ({"a": np.array([[1, 2]], dtype="int8"), "b": np.array([1.5])}, {"more": "x"}),
        ([["a"]], None),
        ({"a": "b", "c": [1]}, {"more": [1.5]}),
    ],
)
def test_an_input_example_comes_back(example, params):
    given = example if params is None else (example, params)
    pyfunc.save_model("saved", python_model=lambda model_input, params=None: [1], input_example=given)
    model = Model.load("saved")
    found = model.load_input_example("saved")
    if isinstance(example, pd.DataFrame):
        pd.testing.assert_frame_equal(found, example.astype({"when": "datetime64[ns]"}))
    elif isinstance(example, np.ndarray):
        assert (found.dtype, found.tolist()) == (example.dtype, example.tolist())
    elif "b" in example:
        assert {name: (array.dtype, array.tolist()) for name, array in found.items()} == {
            name: (array.dtype, array.tolist()) for name, array in example.items()
        }
    else:
        assert found == example
    assert model.load_input_example_params("saved") == params
    assert ('"params"' in model.get_serving_input("saved")) == (params is not None)
    assert repr(pyfunc.load_model("saved").input_example) == repr(found)


def test_an_example_of_a_logged_model_is_found_by_its_id(logged):
    model = Model.load(logged.info.model_uri)
    assert model.load_input_example() == [["a"]]
    assert Model().load_input_example("anywhere") is None
    assert Model().get_serving_input("anywhere") is None
    model.saved_input_example_info["type"] = "sparse_matrix_csr"
    with pytest.raises(NotSupported, match="sparse_matrix_csr"):
        model.load_input_example()
    model.model_id = None
    with pytest.raises(InvalidParameterValue, match="path"):
        model.load_input_example()


def test_models_of_libraries_have_examples_too(model, frame):
    sklearn.save_model(model, "saved", input_example=frame)
    pd.testing.assert_frame_equal(pyfunc.load_model("saved").input_example, frame)
    Path("saved/input_example.json").unlink()
    with pytest.raises(ResourceDoesNotExist, match="input_example"):
        Model.load("saved").load_input_example("saved")
