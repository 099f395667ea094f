"""What Keras's autologging says of a training: its data, how it was stopped, and what its model takes and gives."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from assay.autologging import records
from assay.core.clock import now_ms
from assay.core.errors import InvalidParameterValue
from assay.data.arrays import from_numpy
from assay.data.schema import ModelSignature, Schema, TensorSpec
from assay.data.signature import infer_signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.autologging.patching import Call
    from assay.data.dataset import Dataset

SAMPLE_ROWS = 5
_STOPPING = ("monitor", "min_delta", "patience", "baseline", "restore_best_weights")


def check_frequency(*, every_epoch: bool, every_n_steps: int | None) -> None:
    """Refuse what does not say how often metrics are to be recorded.

    Raises:
        InvalidParameterValue: both are set, or neither is.
    """
    if every_epoch == (every_n_steps is not None):
        raise InvalidParameterValue(
            f"log_every_epoch is {every_epoch} and log_every_n_steps is {every_n_steps}. Give log_every_epoch=True, or "
            "log_every_epoch=False with a number of steps."
        )
    if every_n_steps is not None and every_n_steps < 1:
        raise InvalidParameterValue(f"log_every_n_steps is {every_n_steps}. Give a positive number.")


def add_callback(call: Call, kind: Callable[..., Any], *, model_id: str | None) -> Callable[[], None] | None:
    """Have the training call a callback of this kind, the last of all; gives what takes it away, if need be.

    The user's list stays as it is. A `CallbackList` of the user's is one object with the training: it holds the
    callback until the training is over. One of this kind that the user gave records the training already.
    """
    from keras.callbacks import CallbackList

    if any(type(one) is kind for one in _callbacks(call)):
        return None
    options = call.options
    callback = kind(options.log_every_epoch, options.log_every_n_steps, model_id=model_id, silent=options.silent)
    given = call.arguments.get("callbacks")
    if isinstance(given, CallbackList):
        callback.set_model(call.instance)
        given.callbacks.append(callback)
        return lambda: given.callbacks.remove(callback)
    bound = inspect.signature(call.function).bind(*call.args, **call.kwargs)
    bound.arguments["callbacks"] = [*_callbacks(call), callback]
    call.args, call.kwargs = bound.args, bound.kwargs
    return None


def _callbacks(call: Call) -> list[Any]:
    given = call.arguments.get("callbacks")
    found: Any = getattr(given, "callbacks", given)
    if found is None:
        return []
    return list(found) if isinstance(found, list | tuple) else [found]


def batch_size(data: Any) -> int | None:
    """How many rows a source of batches gives at once; None where it does not say."""
    for name in ("batch_size", "_batch_size"):
        size = getattr(data, name, None)
        if size is not None:
            return int(size)
    return None


def early_stopping_params(call: Call) -> dict[str, Any]:
    """The settings of early stopping, where the training has it."""
    stopping = _stopping(call)
    return {name: getattr(stopping, name) for name in _STOPPING} if stopping is not None else {}


def log_early_stopping(call: Call, *, model_id: str | None) -> None:
    """Record when a training was stopped, the best value of what was watched, and which weights were restored."""
    stopping = _stopping(call)
    if stopping is None or stopping.best is None:
        return
    found = {"best_score": float(stopping.best)}
    if stopping.stopped_epoch:
        found["stopped_epoch"] = stopping.stopped_epoch
    if stopping.restore_best_weights and stopping.best_weights is not None:
        found["restored_epoch"] = stopping.best_epoch
    moment = now_ms()
    origin = {"model_id": model_id} if model_id else {}
    records.run_of(call).recorder.metrics([(name, value, 0, moment) for name, value in found.items()], **origin)


def _stopping(call: Call) -> Any:
    from keras.callbacks import EarlyStopping

    return next((one for one in _callbacks(call) if isinstance(one, EarlyStopping)), None)


def log_data(call: Call) -> None:
    """Record the data of training and validation, where they are arrays."""
    given = call.arguments
    records.log_dataset(call, lambda: _dataset(given.get("x"), given.get("y")))
    held_out = given.get("validation_data")
    if isinstance(held_out, list | tuple) and held_out:
        records.log_dataset(call, lambda: _dataset(*held_out[:2]), context="eval")


def _dataset(features: Any, targets: Any = None) -> Dataset | None:
    inputs = _arrays(features)
    return None if inputs is None else from_numpy(inputs, targets=_arrays(targets))


def _arrays(data: Any) -> Any:
    """Data as an array, or as named ones where there are several; None for sources of batches."""
    from keras import ops

    if isinstance(data, list | tuple):
        data = {str(position): one for position, one in enumerate(data)}
    if isinstance(data, dict):
        named = {name: _arrays(one) for name, one in data.items()}
        return named if named and all(one is not None for one in named.values()) else None
    if ops.is_tensor(data) or (hasattr(data, "__array__") and hasattr(data, "shape")):
        return ops.convert_to_numpy(data)
    return None


def sample(call: Call) -> Any:
    """The first rows of the training data, as arrays; None where the data is a source of batches."""
    found = _arrays(call.arguments.get("x"))
    if isinstance(found, dict):
        return {name: one[:SAMPLE_ROWS].copy() for name, one in found.items()}
    return None if found is None else found[:SAMPLE_ROWS].copy()


def signature(model: Any, rows: Any) -> ModelSignature:
    """The arrays that go into a model and come out of it: as it declares them, else as they are for some rows.

    Raises:
        InvalidParameterValue: it declares none, and there are no rows.
    """
    if getattr(model, "inputs", None):  # sequential models, of one input and output, lack the shorter names
        inputs, outputs = (getattr(model, part, getattr(model, f"{part}s")) for part in ("input", "output"))
        return ModelSignature(_declared(inputs), _declared(outputs))
    if rows is None:
        raise InvalidParameterValue("The model declares no shapes, and its data is no array.")
    return infer_signature(rows, model.predict(rows, verbose=0))


def _declared(tensors: Any) -> Schema:
    """A schema of Keras's symbolic tensors: one, several, or named ones."""
    if isinstance(tensors, dict):
        return Schema([_tensor(one, name) for name, one in tensors.items()])
    return Schema([_tensor(one) for one in (tensors if isinstance(tensors, list | tuple) else [tensors])])


def _tensor(tensor: Any, name: str | None = None) -> TensorSpec:
    return TensorSpec(str(tensor.dtype), tuple(-1 if size is None else int(size) for size in tensor.shape), name)
