"""Models whose files changed where they are kept, or that bring code, are not loaded; those of MLflow are as before."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
import yaml

import assay
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue
from assay.flavors import pyfunc, sklearn
from assay.flavors.integrity import DIGEST_TAG
from assay.testing.server import running_server


@pytest.fixture(params=["local", "server"])
def root(request, tmp_path):
    """Where a store keeps its files; it is the one in use."""
    if request.param == "local":
        assay.set_tracking_uri(str(tmp_path / "mlruns"))
        yield tmp_path / "mlruns"
        return
    with running_server(tmp_path / "server") as server:
        assay.set_tracking_uri(server.url)
        yield tmp_path / "server"


@pytest.fixture
def logged(root, model, frame):
    """A logged model that is a version with an alias: its URIs, and its MLmodel file where it is kept."""
    with assay.start_run() as run:
        info = sklearn.log_model(model, name="net", input_example=frame, registered_model_name="fraud")
    assay.Client().set_registered_model_alias("fraud", "champion", "1")
    (file,) = root.rglob("MLmodel")
    return [info.model_uri, "models:/fraud/1", "models:/fraud@champion", f"runs:/{run.info.run_id}/net"], file


def registry():
    """All that the registry says of the model."""
    client = assay.Client()
    found = client.get_registered_model("fraud")
    return found, client.get_model_version("fraud", "1"), client.get_alias_history("fraud", "champion")


def test_a_changed_description_is_named_with_both_digests(logged):
    uris, file = logged
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    assert assay.get_logged_model(uris[0].rpartition("/")[2]).tags[DIGEST_TAG] == expected
    for uri in uris:
        sklearn.load_model(uri)
    before = registry()
    content = yaml.safe_load(file.read_text())
    del content["file_digests"]  # who changes other files must do this first
    file.write_text(yaml.safe_dump(content))
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    for uri in uris:
        for module in (sklearn, pyfunc):
            with pytest.raises(DataLoss, match=rf"'MLmodel' of the model at '{uri}' .*{found}.*{expected}"):
                module.load_model(uri)
    assert registry() == before


def test_a_changed_file_is_named_with_both_digests(logged):
    uris, file = logged
    expected = hashlib.sha256(file.with_name("model.pkl").read_bytes()).hexdigest()
    file.with_name("model.pkl").write_bytes(b"changed")
    found = hashlib.sha256(b"changed").hexdigest()
    before = registry()
    for uri in uris:
        with pytest.raises(DataLoss, match=rf"'model\.pkl' of .*{found}.*{expected}"):
            sklearn.load_model(uri)
    assert registry() == before


def test_a_version_outlives_its_logged_model(logged, frame, model):
    uris, file = logged
    assay.delete_logged_model(uris[0].rpartition("/")[2])
    assert sklearn.load_model("models:/fraud/1").predict(frame).tolist() == model.predict(frame).tolist()
    file.write_text(file.read_text() + "\n")
    with pytest.raises(DataLoss, match="MLmodel"):
        sklearn.load_model("models:/fraud/1")


def test_what_mlflow_logged_is_loaded_by_rule_alone(logged, frame, model, monkeypatch):
    uris, file = logged
    content = yaml.safe_load(file.read_text())
    del content["file_digests"]
    file.write_text(yaml.safe_dump(content))
    assay.delete_logged_model_tag(uris[0].rpartition("/")[2], DIGEST_TAG)
    for uri in uris:
        assert sklearn.load_model(uri).predict(frame).tolist() == model.predict(frame).tolist()
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for uri in uris:
        with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
            sklearn.load_model(uri)


@pytest.fixture
def coded(tmp_path, library_model):
    """A model that no pickle is, with a module of its own."""
    module = tmp_path / "own" / "assay_test_own.py"
    module.parent.mkdir()
    module.write_text("raise SystemExit('imported')\n")
    kept = library_model("onnx_model")
    kept.module.save_model(kept.model, "saved", code_paths=[str(module)])
    yield kept
    sys.path[:] = [path for path in sys.path if not path.startswith(str(tmp_path))]


def test_modules_of_a_model_are_code(coded, monkeypatch):
    assert coded.agrees(coded.module.load_model("saved"))
    assert str(Path("saved/code").absolute()) in sys.path
    sys.path.remove(str(Path("saved/code").absolute()))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in (coded.module.load_model, pyfunc.load_model):
        with pytest.raises(ConfigurationError, match="brings modules of its own"):
            load("saved")
    assert str(Path("saved/code").absolute()) not in sys.path


def test_nothing_is_put_beside_the_modules_of_a_model(coded):
    bytecode = Path("saved/code/__pycache__/numpy.cpython-311.pyc")
    bytecode.parent.mkdir()
    bytecode.write_bytes(b"evil")
    assert coded.agrees(coded.module.load_model("saved"))
    assert not bytecode.exists()
    Path("saved/code/numpy_mkl.py").write_text("raise SystemExit('imported')\n")
    with pytest.raises(DataLoss, match=r"'code/numpy_mkl\.py' lies among the code"):
        coded.module.load_model("saved")


def test_modules_lie_below_the_model(coded, tmp_path):
    content = yaml.safe_load(Path("saved/MLmodel").read_text())
    content["flavors"]["onnx"]["code"] = "../own"
    Path("saved/MLmodel").write_text(yaml.safe_dump(content))
    with pytest.raises(InvalidParameterValue, match="path"):
        coded.module.load_model("saved")
    assert str(tmp_path / "own") not in sys.path
