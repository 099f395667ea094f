"""Keras models go both ways with MLflow, and trainings are recorded as MLflow records them, and better."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"

import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
import yaml

import assay
from assay.autologging import patching
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, NotSupported
from assay.flavors import pyfunc
from assay.flavors.mlmodel import Model

ROWS = np.arange(48.0, dtype="float32").reshape(16, 3) / 48
TARGETS = ROWS.sum(axis=1, keepdims=True)

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]  # Keras's own, of its variables


def network():
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    layers = [keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    return model


@keras.saving.register_keras_serializable("tests")
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2


@pytest.fixture
def model():
    """A model that has seen a batch, so that its optimizer has what it keeps."""
    made = network()
    made.train_on_batch(ROWS, TARGETS)
    return made


@pytest.fixture
def autologged():
    assay.keras.autolog()
    yield
    assay.keras.autolog(disable=True)


def read(info_or_path):
    return yaml.safe_load(Path(info_or_path, "MLmodel").read_text())


def history(run_id, key):
    return [(point.step, point.value) for point in assay.Client().get_metric_history(run_id, key)]


def test_a_model_comes_back(model):
    assay.keras.save_model(model, "saved", input_example=ROWS[:2], metadata={"team": "x"})
    again = assay.keras.load_model("saved")
    assert type(again) is keras.Sequential
    assert np.allclose(again.predict(ROWS, verbose=0), model.predict(ROWS, verbose=0))
    content = read("saved")
    assert content["flavors"]["keras"] == {
        "data": "data",
        "keras_version": keras.__version__,
        "keras_backend": "torch",
        "save_exported_model": False,
        "code": None,
    }
    assert content["flavors"]["python_function"]["loader_module"] == "mlflow.keras"
    assert "data" not in content["flavors"]["python_function"]
    assert content["metadata"] == {"team": "x"}
    assert Path("saved/data/keras_module.txt").read_text() == "keras"
    pins = Path("saved/requirements.txt").read_text().split()
    assert {pin.partition("==")[0] for pin in pins} == {"keras", "numpy", "torch"}
    assert not any("+" in pin for pin in pins)
    assert json.loads(content["signature"]["inputs"])[0]["tensor-spec"] == {"dtype": "float32", "shape": [-1, 3]}


def test_what_it_says_of_each_kind_of_data(model):
    assay.keras.save_model(model, "saved", signature=False)
    loaded = pyfunc.load_model("saved")
    expected = model.predict(ROWS, verbose=0)
    assert np.allclose(loaded.predict(ROWS), expected)
    assert np.allclose(loaded.predict(ROWS.tolist()), expected)
    frame = pd.DataFrame(ROWS, columns=list("abc"), index=np.arange(16) + 5)
    predicted = loaded.predict(frame)
    assert predicted.index.tolist() == frame.index.tolist()
    assert np.allclose(predicted.to_numpy(), expected)
    assert loaded.get_raw_model().input_shape == (None, 3)


def test_several_inputs_and_classes_of_ones_own():
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right", dtype="int32")
    joined = keras.layers.Concatenate()([Doubled()(left), keras.layers.Rescaling(1.0)(right)])
    made = keras.Model({"left": left, "right": right}, keras.layers.Dense(2)(joined))
    data = {"left": ROWS, "right": np.ones((16, 3), dtype="int32")}
    assay.keras.save_model(made, "saved", input_example=data)
    assert np.allclose(pyfunc.load_model("saved").predict(data), made.predict(data, verbose=0))
    keras.saving.get_custom_objects().pop("tests>Doubled")
    try:
        with pytest.raises(InvalidParameterValue, match="custom_objects"):
            assay.keras.load_model("saved")
        again = assay.keras.load_model("saved", custom_objects={"tests>Doubled": Doubled})
        assert np.allclose(again.predict(data, verbose=0), made.predict(data, verbose=0))
    finally:
        keras.saving.get_custom_objects()["tests>Doubled"] = Doubled


def test_a_model_is_logged_and_registered(model):
    with assay.start_run() as run:
        info = assay.keras.log_model(model, name="net", input_example=ROWS[:2], registered_model_name="nets")
    assert (info.run_id, info.registered_model_version) == (run.info.run_id, 1)
    for uri in (info.model_uri, "models:/nets/1"):
        assert np.allclose(assay.keras.load_model(uri).predict(ROWS, verbose=0), model.predict(ROWS, verbose=0))


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
def test_code_in_a_model_is_run_only_where_it_is_trusted(monkeypatch):
    made = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x + 1, output_shape=(3,))])
    assay.keras.save_model(made, "saved")
    for load in (assay.keras.load_model, pyfunc.load_model):
        with pytest.raises(ConfigurationError, match="safe_mode"):
            load("saved")
    trusted = assay.keras.load_model("saved", load_model_kwargs={"safe_mode": False})
    assert np.allclose(trusted.predict(ROWS, verbose=0), ROWS + 1)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="runs code of whoever wrote it"):
        assay.keras.load_model("saved", load_model_kwargs={"safe_mode": False})


def test_damaged_and_changed_files_say_so(model):
    assay.keras.save_model(model, "saved")
    Path("saved/data/model.keras").write_bytes(b"damaged")
    with pytest.raises(DataLoss, match="has changed"):
        assay.keras.load_model("saved")
    description = read("saved")
    del description["file_digests"]
    Path("saved/MLmodel").write_text(yaml.safe_dump(description))
    with pytest.raises(DataLoss, match="is damaged"):
        assay.keras.load_model("saved")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("other.txt", "x")
    Path("saved/data/model.keras").write_bytes(buffer.getvalue())
    with pytest.raises(DataLoss, match="is damaged"):
        assay.keras.load_model("saved")


def test_what_is_not_a_model_of_keras_3(model, monkeypatch):
    for thing in ({"a": 1}, "model", keras.Sequential):
        with pytest.raises(InvalidParameterValue, match="is no Keras model"):
            assay.keras.save_model(thing, "saved")
    with pytest.raises(NotSupported, match="TensorFlow"):
        assay.keras.save_model(model, "saved", save_exported_model=True)
    with pytest.raises(InvalidParameterValue, match="cannot be saved"):
        assay.keras.save_model(model, "saved", save_model_kwargs={"zipped": False, "other": 1})
    assay.keras.save_model(model, "kept")
    description = read("kept")
    description["flavors"]["keras"]["save_exported_model"] = True
    Path("kept/MLmodel").write_text(yaml.safe_dump(description))
    with pytest.raises(NotSupported, match="exported for TensorFlow"):
        assay.keras.load_model("kept")
    monkeypatch.setattr(keras, "__version__", "2.15.0")
    with pytest.raises(NotSupported, match="Install Keras 3"):
        assay.keras.save_model(model, "saved")
    assert not Path("saved").exists()


OPTIONS = {"epochs": {}, "steps": {"log_every_epoch": False, "log_every_n_steps": 2}}
THEIR_SIDE = """
import json, os
import keras, mlflow, numpy as np
from mlflow.models import infer_signature

mlflow.keras.save.infer_pip_requirements = lambda *_, fallback: fallback  # which loads each model in another process
rows = np.load("rows.npy")
ours = mlflow.keras.load_model("ours")
generic = mlflow.pyfunc.load_model("ours")
answers = {
    "native": ours.predict(rows, verbose=0).tolist(),
    "generic": generic.predict(rows).tolist(),
    "inputs": generic.metadata.signature.inputs.to_dict(),
}
mlflow.keras.save_model(ours, "theirs", signature=infer_signature(rows, ours.predict(rows, verbose=0)))

mlflow.set_tracking_uri("sqlite:///theirs.db")
client = mlflow.MlflowClient()
targets = rows.sum(axis=1, keepdims=True)
for name, options in json.load(open("options.json")).items():
    mlflow.keras.autolog(**options)
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)]
    )
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    model.fit(rows, targets, batch_size=4, epochs=3, verbose=0, validation_data=(rows[:4], targets[:4]))
    run = mlflow.last_active_run()
    found = mlflow.get_logged_model(run.outputs.model_outputs[0].model_id)
    answers[name] = {
        "params": run.data.params,
        "points": {
            key: [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, key)]
            for key in run.data.metrics
        },
        "files": [one.path for one in client.list_artifacts(run.info.run_id)],
        "signature": mlflow.models.get_model_info(found.model_uri).signature.to_dict(),
        "model_keys": sorted({metric.key for metric in found.metrics}),
    }
print("answers:" + json.dumps(answers))
"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory, answers_in):
    """A directory with the model that Assay saved and what MLflow saved of it; what MLflow said, of trainings too."""
    directory = tmp_path_factory.mktemp("exchange")
    made = network()
    made.train_on_batch(ROWS, TARGETS)
    np.save(directory / "rows.npy", ROWS)
    (directory / "options.json").write_text(json.dumps(OPTIONS))
    assay.keras.save_model(made, directory / "ours", input_example=ROWS[:2])
    expected = made.predict(ROWS, verbose=0)
    return SimpleNamespace(directory=directory, expected=expected, answers=answers_in(directory, THEIR_SIDE))


def test_models_go_both_ways_with_mlflow(exchange):
    assert np.allclose(exchange.answers["native"], exchange.expected)
    assert np.allclose(exchange.answers["generic"], exchange.expected)
    tensor = {"dtype": "float32", "shape": [-1, 3]}
    assert exchange.answers["inputs"] == [{"type": "tensor", "tensor-spec": tensor}]
    ours, theirs = (read(exchange.directory / side)["flavors"] for side in ("ours", "theirs"))
    assert theirs["keras"].items() <= ours["keras"].items()
    assert theirs["python_function"] == ours["python_function"]
    saved = exchange.directory / "theirs"
    assert np.allclose(assay.keras.load_model(saved).predict(ROWS, verbose=0), exchange.expected)
    assert np.allclose(pyfunc.load_model(saved).predict(ROWS), exchange.expected)


@pytest.mark.parametrize("every", OPTIONS)
def test_a_training_is_recorded_as_mlflow_records_it(every, exchange, request):
    theirs = exchange.answers[every]
    request.addfinalizer(lambda: assay.keras.autolog(disable=True))
    assay.keras.autolog(**OPTIONS[every])
    made = network()
    made.fit(ROWS, TARGETS, batch_size=4, epochs=3, verbose=0, validation_data=(ROWS[:4], TARGETS[:4]))
    run = assay.last_active_run()
    assert run.data.params == theirs["params"]
    ours = {key: history(run.info.run_id, key) for key in run.data.metrics}
    assert set(ours) == set(theirs["points"])
    for key, points in theirs["points"].items():
        assert np.allclose([value for _, value in ours[key]], [value for _, value in points], rtol=1e-4), key
        if not key.startswith("validation_"):  # MLflow puts those of every epoch at step 0
            assert [step for step, _ in ours[key]] == [step for step, _ in points]
    assert [one.path for one in assay.Client().list_artifacts(run.info.run_id)] == theirs["files"]
    assert run.data.tags["mlflow.autologging"] == "keras"
    (output,) = run.outputs.model_outputs
    found = assay.get_logged_model(output.model_id)
    assert sorted({metric.key for metric in found.metrics}) == theirs["model_keys"]
    info = Model.load(assay.artifacts.download_artifacts(artifact_uri=f"models:/{output.model_id}"))
    for part in ("inputs", "outputs"):
        assert json.loads(info.signature.to_dict()[part]) == json.loads(theirs["signature"][part])
    assert [one.tags[0].value for one in run.inputs.dataset_inputs] == ["train", "eval"]


def test_the_users_callbacks_stay_as_they_are(model, autologged):
    seen = []
    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))]
    result = model.fit(ROWS, TARGETS, 8, 2, 0, callbacks)
    assert len(callbacks) == 1
    assert seen == [0, 1]
    assert result.history["loss"][1] == pytest.approx(assay.last_active_run().data.metrics["loss"])
    listed = keras.callbacks.CallbackList(callbacks, add_history=True, model=model)
    model.fit(ROWS, TARGETS, epochs=1, verbose=0, callbacks=listed)
    assert [type(one).__name__ for one in listed.callbacks] == ["LambdaCallback", "History"]
    assert len(history(assay.last_active_run().info.run_id, "loss")) == 1


def test_early_stopping_is_told(model, autologged):
    stopping = keras.callbacks.EarlyStopping(monitor="loss", min_delta=1e9, patience=1, restore_best_weights=True)
    model.fit(ROWS, TARGETS, epochs=9, verbose=0, callbacks=[stopping])
    data = assay.last_active_run().data
    assert data.params["monitor"] == "loss"
    assert data.params["patience"] == "1"
    assert data.params["restore_best_weights"] == "True"
    assert data.metrics["stopped_epoch"] == stopping.stopped_epoch > 0
    assert data.metrics["restored_epoch"] == stopping.best_epoch == 0
    assert data.metrics["best_score"] == pytest.approx(stopping.best)


def test_in_a_run_of_the_users_with_examples_and_a_registered_model(model):
    assay.keras.autolog(log_input_examples=True, registered_model_name="nets", extra_tags={"team": "x"})
    try:
        with assay.start_run() as run:
            model.fit(x=ROWS, y=TARGETS, epochs=1, verbose=0)
            assert assay.active_run().info.run_id == run.info.run_id
            model.fit(x=ROWS, y=TARGETS, epochs=2, verbose=0)
    finally:
        assay.keras.autolog(disable=True)
    ended = assay.get_run(run.info.run_id)
    assert "mlflow.autologging" not in ended.data.tags
    assert len(ended.outputs.model_outputs) == 2
    assert assay.keras.load_model("models:/nets/2").input_shape == (None, 3)
    example = Path(assay.artifacts.download_artifacts(artifact_uri="models:/nets/1/input_example.json")).read_text()
    assert np.allclose(json.loads(example), ROWS[:5])


def test_sources_of_batches_and_models_without_shapes(autologged):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs)

    made = Own()
    made.compile("sgd", "mse")
    made.fit(ROWS, TARGETS, epochs=1, verbose=0)
    info = Model.load(assay.artifacts.download_artifacts(artifact_uri=f"models:/{assay.last_logged_model().model_id}"))
    assert json.loads(info.signature.to_dict()["inputs"])[0]["tensor-spec"]["shape"] == [-1, 3]
    import torch

    batches = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.tensor(ROWS), torch.tensor(TARGETS)), batch_size=8
    )
    assay.keras.autolog(log_input_examples=True)
    network().fit(batches, epochs=1, verbose=0, shuffle=False)
    run = assay.last_active_run()
    assert run.data.params["batch_size"] == "8"
    assert run.inputs.dataset_inputs == []
    assert len(run.outputs.model_outputs) == 1


def test_a_training_that_fails(model, autologged):
    def stop(epoch, logs):
        raise RuntimeError("the user's own")

    with pytest.raises(RuntimeError, match="the user's own"):
        model.fit(ROWS, TARGETS, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=stop)])
    run = assay.last_active_run()
    assert run.info.status == "FAILED"
    assert str(assay.last_logged_model().status) == "FAILED"
    assert assay.active_run() is None


FAULTS = {
    "params": ("assay.autologging.records.log_params", "is not logged"),
    "callback": ("assay.autologging.keras.training.add_callback", "is not logged"),
    "data": ("assay.autologging.keras.training.from_numpy", "data is not logged"),
    "metrics": ("assay.autologging.keras.callback.now_ms", "Metrics are not logged"),
    "summary": ("keras.Model.summary", "summary is not logged"),
    "signature": ("assay.autologging.keras.training.signature", "without a signature"),
    "model": ("assay.flavors.keras.log_model", "is not logged"),
    "start": ("assay.client.fluent.runs.start_run", "nothing is logged"),
}


@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_in_recording_is_a_warning(where, autologged, monkeypatch, caplog):
    patched, said = FAULTS[where]

    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    with patching.quiet():
        expected = network().fit(ROWS, TARGETS, epochs=2, verbose=0, shuffle=False).history
    monkeypatch.setattr(patched, fail)
    result = network().fit(ROWS, TARGETS, epochs=2, verbose=0, shuffle=False)
    assert result.history["loss"] == pytest.approx(expected["loss"])
    assert said in caplog.text
    assert "the disk is full" in caplog.text
    assert assay.active_run() is None
    if where == "model":
        assert str(assay.last_logged_model().status) == "FAILED"


def test_the_callback_by_itself(model):
    with assay.start_run() as run:
        model.fit(ROWS, TARGETS, epochs=2, verbose=0, callbacks=[assay.keras.MlflowCallback()])
    assert [step for step, _ in history(run.info.run_id, "loss")] == [0, 1]
    assert assay.get_run(run.info.run_id).data.params["optimizer_name"] == "adam"
    assert assay.get_run(run.info.run_id).outputs.model_outputs == []
    for wrong in (
        {"log_every_n_steps": 2},
        {"log_every_epoch": False},
        {"log_every_epoch": False, "log_every_n_steps": 0},
    ):
        with pytest.raises(InvalidParameterValue, match="log_every"):
            assay.keras.MlflowCallback(**wrong)
        with pytest.raises(InvalidParameterValue, match="log_every"):
            assay.keras.autolog(**wrong)


def test_with_the_callback_autologging_records_the_rest(model, autologged):
    model.fit(ROWS, TARGETS, epochs=2, verbose=0, callbacks=[assay.keras.MlflowCallback()])
    run = assay.last_active_run()
    assert len(history(run.info.run_id, "loss")) == 2
    assert len(run.outputs.model_outputs) == 1


def test_turned_off_fit_is_keras_own(model):
    owner = next(kind for kind in keras.Model.__mro__ if "fit" in vars(kind))
    before = vars(owner)["fit"]
    assay.keras.autolog()
    assert vars(owner)["fit"] is not before
    assert vars(owner)["fit"].__wrapped__ is before
    assay.keras.autolog(disable=True)
    assert vars(owner)["fit"] is before
    model.fit(ROWS, TARGETS, epochs=1, verbose=0)
    assert assay.search_runs(output_format="list") == []
    with pytest.raises(NotSupported, match="TensorFlow"):
        assay.keras.autolog(save_exported_model=True)


LATE = """
import os, sys
os.environ["KERAS_BACKEND"] = "torch"
sys.path.insert(0, sys.argv[1])
import assay
assay.autolog()
assert "keras" not in sys.modules and "torch" not in sys.modules
import keras
import numpy as np
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((4, 3)), np.ones((4, 1)), epochs=1, verbose=0)
print(assay.last_active_run().data.tags["mlflow.autologging"])
"""


@pytest.mark.slow  # another import of the library; torch's stands for it by default
def test_keras_imported_after_autolog_is_recorded(in_process):
    source = str(Path(assay.__file__).parents[1])
    assert in_process(LATE, source).strip().endswith("keras")


def test_a_step_costs_microseconds(model):
    import time

    callback = assay.keras.MlflowCallback(log_every_epoch=False, log_every_n_steps=10)
    callback.set_model(model)
    with assay.start_run():
        callback.on_train_begin()
        callback.on_epoch_begin(0)
        logs = {"loss": 1.0, "mae": 2.0}
        begun = time.perf_counter()
        for batch in range(2000):
            callback.on_train_batch_end(batch, logs)
        took = (time.perf_counter() - begun) / 2000
    assert took < 200e-6
