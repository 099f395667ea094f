"""PyTorch models: round trips, both ways with a real MLflow, and what loading may run."""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml

import assay
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, ResourceDoesNotExist
from assay.flavors import Model, torch_programs

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.[a-z]+` is deprecated:DeprecationWarning")
ROWS = np.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32")
SOURCE = """
import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 1)
        self.drop = torch.nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(self.linear(x))


class Sum(torch.nn.Module):
    def forward(self, left, right):
        return {"sum": left + right}


class Branching(torch.nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x
"""


@pytest.fixture
def nets(tmp_path, monkeypatch):
    """Modules whose classes are in a file of the user's."""
    (tmp_path / "own_nets.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("own_nets", None)
    yield importlib.import_module("own_nets")
    sys.modules.pop("own_nets", None)


@pytest.fixture
def net(nets):
    torch.manual_seed(0)
    return nets.Net()


def expected(model, rows=ROWS):
    return assay.flavors.pytorch.predict(model, rows)


@pytest.fixture
def forbidden(monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")


def test_a_program_comes_back(net):
    assay.pytorch.save_model(net, "saved", input_example=ROWS)
    again = assay.pytorch.load_model("saved")
    more = np.arange(10, dtype="float32").reshape(5, 2)
    assert np.allclose(expected(again, more), expected(net, more))
    assert net.training, "tracing leaves the model in its mode"


def test_one_example_leaves_their_number_open(net):
    assay.pytorch.save_model(net, "saved", input_example=torch.from_numpy(ROWS[:1]))
    assert np.allclose(expected(assay.pytorch.load_model("saved")), expected(net))
    assert json.loads(Path("saved/input_example.json").read_text()) == [[1.0, 2.0]]


def test_a_pickle_comes_back_with_its_class(net, nets):
    assay.pytorch.save_model(net, "saved", serialization_format="pickle")
    again = assay.pytorch.load_model("saved", device="cpu")
    assert type(again) is nets.Net
    assert np.allclose(expected(again), expected(net))
    assert Path("saved/data/pickle_module_info.txt").read_text() == "mlflow.pytorch.pickle_module"


def test_torchscript_comes_back(net):
    assay.pytorch.save_model(torch.jit.script(net), "saved", input_example=ROWS)
    again = assay.pytorch.load_model("saved")
    assert isinstance(again, torch.jit.ScriptModule)
    assert np.allclose(expected(again), expected(net))
    with pytest.raises(InvalidParameterValue, match="TorchScript"):
        assay.pytorch.save_model(torch.jit.script(net), "other", serialization_format="pt2", input_example=ROWS)


def test_a_pickler_of_ones_own(net):
    assay.pytorch.save_model(net, "saved", pickle_module=pickle, input_example=ROWS, pickle_protocol=4)
    assert Path("saved/data/pickle_module_info.txt").read_text() == "pickle"
    assert np.allclose(expected(assay.pytorch.load_model("saved", map_location="cpu")), expected(net))


def test_the_mlmodel_file_is_mlflows(net):
    assay.pytorch.save_model(net, "saved", input_example=ROWS, metadata={"team": "x"})
    content = yaml.safe_load(Path("saved/MLmodel").read_text())
    assert content["flavors"]["pytorch"] == {
        "model_data": "data",
        "pytorch_version": torch.__version__,
        "code": None,
    }
    assert content["flavors"]["python_function"]["loader_module"] == "mlflow.pytorch"
    assert content["flavors"]["python_function"]["data"] == "data"
    assert json.loads(content["signature"]["inputs"])[0]["tensor-spec"] == {"dtype": "float32", "shape": [-1, 2]}
    assert json.loads(content["signature"]["outputs"])[0]["tensor-spec"]["shape"] == [-1, 1]
    assert Path("saved/data/model.pt2").is_file()


def test_requirements_are_what_the_model_imports(net):
    net.note = yaml.YAMLError
    assay.pytorch.save_model(net, "saved")
    lines = Path("saved/requirements.txt").read_text().split()
    assert [line.partition("==")[0] for line in lines] == ["cloudpickle", "numpy", "pyyaml", "torch"]
    torch_pin = f"torch=={metadata.version('torch').partition('+')[0]}"
    assert torch_pin in lines
    assert torch_pin in assay.pytorch.get_default_pip_requirements()
    assert assay.pytorch.get_default_conda_env()["dependencies"][-1]["pip"]


def test_several_inputs_by_name(nets):
    example = {"left": ROWS, "right": torch.from_numpy(ROWS)}
    assay.pytorch.save_model(nets.Sum(), "saved", input_example=example, serialization_format="pt2")
    assert Model.load("saved").get_input_schema().input_names() == ["left", "right"]
    loaded = assay.pyfunc.load_model("saved")
    rows = np.ones((3, 2), dtype="float32")
    assert loaded.predict({"right": rows, "left": rows})["sum"].tolist() == [[2.0, 2.0]] * 3


def test_what_cannot_be_traced_is_a_pickle_or_an_error(nets, caplog):
    with pytest.raises(InvalidParameterValue, match=r"cannot be traced.*pickle"):
        assay.pytorch.save_model(nets.Branching(), "saved", input_example=ROWS, export_model=True)
    assert not Path("saved").exists()
    assay.pytorch.save_model(nets.Branching(), "saved", input_example=ROWS)
    assert Path("saved/data/model.pth").is_file()
    assert "cannot be traced" in caplog.text
    assert expected(assay.pytorch.load_model("saved")).tolist() == ROWS.tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"serialization_format": "onnx"}, "'onnx'"),
        ({"export_model": True, "serialization_format": "pickle"}, "export_model"),
        ({"export_model": True}, "input_example"),
        ({"serialization_format": "pt2", "input_example": pd.DataFrame(ROWS)}, "input_example"),
        ({"serialization_format": "pickle", "nonsense": 1}, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused(net, options, message):
    with pytest.raises(InvalidParameterValue, match=message):
        assay.pytorch.save_model(net, "saved", **options)
    assert not Path("saved").exists()


@pytest.mark.parametrize("thing", [{"a": 1}, "model", torch.nn.Linear], ids=["dict", "text", "class"])
def test_only_modules_are_saved(thing):
    with pytest.raises(InvalidParameterValue, match="no PyTorch model"):
        assay.pytorch.save_model(thing, "saved")


def test_a_model_is_logged_and_registered(net):
    with assay.start_run() as run:
        assay.log_param("depth", 1)
        info = assay.pytorch.log_model(net, name="net", input_example=ROWS, registered_model_name="nets")
    assert info.run_id == run.info.run_id
    assert assay.get_logged_model(info.model_id).params == {"depth": "1"}
    assert np.allclose(expected(assay.pytorch.load_model("models:/nets/1")), expected(net))
    assert np.allclose(assay.pyfunc.load_model(f"runs:/{run.info.run_id}/net").predict(ROWS), expected(net))


def test_frames_go_in_and_come_out(net):
    assay.pytorch.save_model(net, "saved", serialization_format="pickle")
    model = assay.pyfunc.load_model("saved")
    frame = pd.DataFrame(ROWS.astype("float64"), index=[5, 7])
    found = model.predict(frame)
    assert found.index.tolist() == [5, 7]
    assert np.allclose(found.to_numpy(), expected(net))
    with pytest.raises(InvalidParameterValue, match="not a list"):
        model.predict([[1.0, 2.0]])


def test_prediction_leaves_each_part_in_its_mode(net):
    net.drop.eval()
    first = expected(net)
    assert np.allclose(first, expected(net)), "nothing is dropped in evaluation mode"
    assert (net.training, net.linear.training, net.drop.training) == (True, True, False)


def test_code_paths_bring_the_class(net, nets, tmp_path, monkeypatch):
    assay.pytorch.save_model(net, "saved", serialization_format="pickle", code_paths=[nets.__file__])
    wanted = expected(net)
    del sys.modules["own_nets"]
    Path(nets.__file__).unlink()
    importlib.invalidate_caches()
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != str(tmp_path)])
    assert np.allclose(expected(assay.pytorch.load_model("saved")), wanted)


@pytest.mark.parametrize("form", ["pickle", "pt2"])
def test_a_changed_file_is_refused(net, form):
    assay.pytorch.save_model(net, "saved", serialization_format=form, input_example=ROWS)
    (file,) = Path("saved/data").glob("model.*")
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(DataLoss, match=file.name):
        assay.pytorch.load_model("saved")
    description = yaml.safe_load(Path("saved/MLmodel").read_text())
    del description["file_digests"]
    Path("saved/MLmodel").write_text(yaml.safe_dump(description))
    file.write_bytes(b"damaged")
    with pytest.raises(DataLoss, match="damaged"):
        assay.pytorch.load_model("saved")
    file.unlink()
    with pytest.raises(ResourceDoesNotExist, match=r"model\.pth"):
        assay.pytorch.load_model("saved")


@pytest.mark.usefixtures("forbidden")
def test_pickles_are_loaded_by_rule(net):
    for name, model in (("plain", net), ("script", torch.jit.script(net))):
        assay.pytorch.save_model(model, name, serialization_format="pickle")
        with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
            assay.pytorch.load_model(name)
    assay.pytorch.save_model(net, "program", input_example=ROWS)
    assert np.allclose(expected(assay.pytorch.load_model("program")), expected(net))


EVIL = "__import__('pathlib').Path('evil').write_text('ran')"


def spoiled(change):
    """A saved program, one of whose texts was changed by somebody who also wrote the digests anew."""
    source, target = Path("saved/data/model.pt2"), Path("saved/data/new.pt2")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        if change is twice:
            new.writestr(name, old.read(name))
    target.replace(source)
    lines = Path("saved/MLmodel").read_text().splitlines()
    Path("saved/MLmodel").write_text("\n".join(line for line in lines if "model.pt2:" not in line))


def in_program(old, new):
    def change(name, content):
        if not name.endswith("models/model.json"):
            return content
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change


class Opener:
    def __reduce__(self):
        return eval, (EVIL,)


def with_pickle(part):
    def change(name, content):
        if part not in name:
            return content
        torch.save({"a": Opener()}, "evil.pt")
        return Path("evil.pt").read_bytes()

    return change


def twice(_, content):
    return content


SPOILED = {
    "twice": pytest.param(twice, marks=pytest.mark.filterwarnings("ignore:Duplicate name")),
    "expression": in_program("Symbol(", f"{EVIL} or Symbol("),
    "operator": in_program("torch.ops.aten.linear.default", "torch.os.system"),
    "files": in_program("torch.ops.aten.linear.default", "torch.ops.aten.from_file.default"),
    "name": in_program('"name": "x"', f'"name": "x={EVIL}"'),
    "sample": with_pickle("sample_inputs/"),
    "weights": lambda name, content: (
        content.replace(b'"use_pickle": false', b'"use_pickle": true') if "weights_config" in name else content
    ),
    "no json": lambda name, content: b"{" if name.endswith("models/model.json") else content,
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED)
@pytest.mark.usefixtures("forbidden")
def test_a_program_with_more_than_data_is_loaded_as_pickles_are(net, change):
    assay.pytorch.save_model(net, "saved", input_example=ROWS)
    spoiled(change)
    with pytest.raises(ConfigurationError, match="PyTorch's own operators"):
        assay.pytorch.load_model("saved")
    assert not Path("evil").exists()


class Convolving(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.GELU(approximate="tanh"), torch.nn.Flatten()
        )
        self.head = torch.nn.LazyLinear(3)

    def forward(self, x):
        found = self.layers(x.view(x.shape[0], 1, 6, -1))
        return torch.softmax(self.head(found), dim=1)


class Attending(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(10, 8)
        self.encoder = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.lstm = torch.nn.LSTM(8, 4, batch_first=True)

    def forward(self, x):
        return self.lstm(self.encoder(self.embedding(x)))[0][:, -1]


USUAL = {
    "convolving": (Convolving, np.ones((3, 36), dtype="float32")),
    "attending": (Attending, np.ones((3, 5), dtype="int64")),
}


@pytest.mark.filterwarnings("ignore:The tensor attributes self.lstm:UserWarning")  # PyTorch of its own LSTM
@pytest.mark.parametrize(("kind", "example"), USUAL.values(), ids=USUAL)
@pytest.mark.usefixtures("forbidden")
def test_usual_programs_are_data(kind, example):
    model = kind()
    wanted = expected(model, example)
    assay.pytorch.save_model(model, "saved", input_example=example, serialization_format="pt2")
    assert torch_programs.is_data(Path("saved/data/model.pt2"))
    assert np.allclose(expected(assay.pytorch.load_model("saved"), example), wanted, atol=1e-6)


def test_state_dicts(net, forbidden, monkeypatch):
    with assay.start_run() as run:
        assay.pytorch.log_state_dict(net.state_dict(), "state")
    again = assay.pytorch.load_state_dict(f"runs:/{run.info.run_id}/state")
    assert torch.equal(again["linear.weight"], net.linear.weight)
    assay.pytorch.save_state_dict({"evil": Opener()}, "evil-state")
    with pytest.raises(ConfigurationError, match=r"state_dict\.pth"):
        assay.pytorch.load_state_dict("evil-state")
    assert not Path("evil").exists()
    Path("evil-state/state_dict.pth").write_bytes(b"damaged")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    with pytest.raises(DataLoss, match="damaged"):
        assay.pytorch.load_state_dict("evil-state")
    with pytest.raises(ResourceDoesNotExist, match=r"state_dict\.pth"):
        assay.pytorch.load_state_dict(".")
    with pytest.raises(InvalidParameterValue, match="Net"):
        assay.pytorch.save_state_dict(net, "other")


MLFLOW_SIDE = """
import sys
import numpy as np, torch, mlflow
from own_nets import Net

rows = np.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32")
for form in ("pickle", "pt2"):
    native = mlflow.pytorch.load_model(f"ours/{form}")
    loaded = mlflow.pyfunc.load_model(f"ours/{form}")
    print(form, type(native).__name__, *loaded.predict(rows).ravel())
    mlflow.pytorch.save_model(
        Net() if form == "pt2" else native, f"theirs/{form}", serialization_format=form,
        input_example=rows, pip_requirements=["torch"], code_paths=["own_nets.py"],
    )
    told = mlflow.pyfunc.load_model(f"theirs/{form}").predict(rows)
    np.save(f"theirs/{form}.npy", told)
plain = torch.nn.Linear(2, 1)
mlflow.pytorch.save_model(plain, "theirs/plain", input_example=rows, pip_requirements=["torch"])
np.save("theirs/plain.npy", plain(torch.from_numpy(rows)).detach().numpy())
mlflow.pytorch.save_state_dict(Net().state_dict(), "theirs/state")
print(len(mlflow.pytorch.load_state_dict("ours/state")))
"""


def test_both_ways_with_mlflow(net, nets, in_process, tmp_path, monkeypatch):
    for form in ("pickle", "pt2"):
        assay.pytorch.save_model(
            net, tmp_path / "ours" / form, serialization_format=form, input_example=ROWS, code_paths=[nets.__file__]
        )
    assay.pytorch.save_state_dict(net.state_dict(), tmp_path / "ours/state")
    (tmp_path / "theirs").mkdir()
    told = [line.split() for line in in_process(MLFLOW_SIDE).splitlines()]
    wanted = expected(net).ravel()
    assert [one[:2] for one in told[:2]] == [["pickle", "Net"], ["pt2", "GraphModule"]]
    for one in told[:2]:
        assert np.allclose([float(number) for number in one[2:]], wanted)
    assert told[2] == ["2"]
    for form in ("pickle", "pt2"):
        theirs = np.load(tmp_path / f"theirs/{form}.npy")
        loaded = assay.pyfunc.load_model(tmp_path / "theirs" / form)
        if form == "pickle":  # MLflow traces in training mode, in which this module drops at random
            assert np.allclose(loaded.predict(ROWS), theirs)
        assert loaded.predict(ROWS).shape == theirs.shape
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    plain = assay.pytorch.load_model(tmp_path / "theirs/plain")
    assert np.allclose(expected(plain), np.load(tmp_path / "theirs/plain.npy"))
    assert set(assay.pytorch.load_state_dict(tmp_path / "theirs/state")) == {"linear.weight", "linear.bias"}
