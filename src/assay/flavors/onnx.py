"""ONNX models: save, log and load them, and run them with ONNX Runtime; loading one runs no code of its writer."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.core.lazy import require
from assay.flavors import bundle, logged, requirements, saving
from assay.flavors.mlmodel import Model, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.data.schema import ModelSignature

FLAVOR = "onnx"
MODEL_FILE = "model.onnx"
EXTERNAL_FILE = "model.onnx.data"
PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")

_MODULES = ("onnx", "onnxruntime", "numpy")
_OPTIONS = (
    "inter_op_num_threads",
    "intra_op_num_threads",
    "execution_mode",
    "graph_optimization_level",
    "extra_session_config",
)


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    onnx_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    onnx_execution_providers: Sequence[Any] | None = None,
    onnx_session_options: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
    save_as_external_data: bool = True,
    extra_files: Sequence[str] | None = None,
) -> None:
    """Save a model in a new directory, with its signature, an input example and its requirements.

    `onnx_execution_providers` names what ONNX Runtime is to run it on, best first; `onnx_session_options` are its
    options. `save_as_external_data` keeps large tensors in a file beside the model, as a model of 2 GB and more needs.
    Without `signature`, it is inferred from `input_example`, by running the model; False leaves it out.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is none of ONNX, is not valid, or an argument is not acceptable.
    """
    options = saving.Options(
        conda_env=conda_env,
        code_paths=code_paths,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
        extra_files=extra_files,
    )
    contents = _contents(
        onnx_model,
        providers=onnx_execution_providers,
        session_options=onnx_session_options,
        external=save_as_external_data,
    )
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    onnx_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    onnx_execution_providers: Sequence[Any] | None = None,
    onnx_session_options: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
    save_as_external_data: bool = True,
    extra_files: Sequence[str] | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Keep a model as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is none of ONNX, is not valid, or an argument is not acceptable.
    """
    del await_registration_for
    options = saving.Options(
        conda_env=conda_env,
        code_paths=code_paths,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
        extra_files=extra_files,
    )
    contents = _contents(
        onnx_model,
        providers=onnx_execution_providers,
        session_options=onnx_session_options,
        external=save_as_external_data,
    )
    return logged.log(
        partial(saving.save, contents=contents, options=options),
        name=bundle.place(artifact_path, name),
        registered_model_name=registered_model_name,
        params=params,
        tags=tags,
        model_type=model_type,
        step=step,
        model_id=model_id,
    )


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The `onnx.ModelProto` at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download it; by default a temporary directory.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not an ONNX model.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    library = require("onnx", extra=FLAVOR)
    damage = (library.checker.ValidationError, require("google.protobuf.message", extra=FLAVOR).DecodeError)
    try:
        library.checker.check_model(str(saved.file))
        return library.load(str(saved.file))
    except damage as error:
        raise DataLoss(f"The model file {str(saved.file)!r} is damaged: {error}") from error


def session(model_uri: str, dst_path: str | None = None) -> Any:
    """An `onnxruntime.InferenceSession` of the model at a URI, on the providers and with the options it was saved with.

    Providers that this ONNX Runtime does not have are passed over; the processor is the last resort.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not an ONNX model, or an option is unknown.
        DataLoss: one of its files has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    return _session(
        str(saved.file),
        providers=saved.fields.get("providers"),
        session_options=saved.fields.get("onnx_session_options"),
    )


def predict(model: Any, data: Any) -> Any:
    """What a model, or a session that runs one, makes of a data frame, an array, or a dictionary of arrays.

    A model of one input takes the array, or all of the frame; a model of several takes the columns or the keys of
    their names. Frames give a frame of the outputs, other data a dictionary of arrays.

    Raises:
        InvalidParameterValue: the data lacks an input of the model.
    """
    running = model if hasattr(model, "run") else _session(model.SerializeToString())
    inputs = {one.name: one.type for one in running.get_inputs()}
    outputs = [one.name for one in running.get_outputs()]
    found = dict(zip(outputs, running.run(outputs, _feeds(data, inputs)), strict=True))
    if not hasattr(data, "iloc"):
        return found
    pandas, numpy = require("pandas", extra="pandas"), require("numpy", extra=FLAVOR)
    return pandas.DataFrame({name: numpy.asarray(values).reshape(-1) for name, values in found.items()})


def get_default_pip_requirements() -> list[str]:
    """Pins of what an ONNX model needs at the least."""
    return requirements.pins(requirements.providers(_MODULES))


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of an ONNX model."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _contents(
    model: Any, *, providers: Sequence[Any] | None, session_options: dict[str, Any] | None, external: bool
) -> saving.Contents:
    library = require("onnx", extra=FLAVOR)
    if not isinstance(model, library.ModelProto):
        raise InvalidParameterValue(f"A {type(model).__name__} is no ONNX model. Give an onnx.ModelProto.")
    if unknown := set(session_options or ()).difference(_OPTIONS):
        raise InvalidParameterValue(
            f"Unknown in onnx_session_options: {', '.join(sorted(unknown))}. Use: {', '.join(_OPTIONS)}."
        )
    return saving.Contents(
        flavor=FLAVOR,
        data=MODEL_FILE,
        fields={
            "data": MODEL_FILE,
            "onnx_session_options": session_options,
            "onnx_version": library.__version__,
            "providers": list(providers or PROVIDERS),
        },
        modules=_MODULES,
        write=partial(_write, model, external=external),
        predict=partial(predict, model),
    )


def _write(model: Any, file: Path, *, external: bool) -> None:
    library = require("onnx", extra=FLAVOR)
    library.save_model(model, str(file), save_as_external_data=external, location=EXTERNAL_FILE)
    if external:  # the library takes the tensors out of the caller's model
        library.load_external_data_for_model(model, str(file.parent))
    try:
        library.checker.check_model(str(file))
    except library.checker.ValidationError as error:
        raise InvalidParameterValue(f"The ONNX model is not valid: {error}") from error


def _session(
    model: str | bytes, *, providers: Sequence[Any] | None = None, session_options: Mapping[str, Any] | None = None
) -> Any:
    runtime = require("onnxruntime", extra=FLAVOR)
    here = runtime.get_available_providers()
    pairs = [tuple(one) if isinstance(one, list) else one for one in providers or PROVIDERS]
    usable = [one for one in pairs if (one[0] if isinstance(one, tuple) else one) in here]
    options = _session_options(runtime, session_options or {})
    return runtime.InferenceSession(model, sess_options=options, providers=usable or ["CPUExecutionProvider"])


def _session_options(runtime: Any, given: Mapping[str, Any]) -> Any:
    options = runtime.SessionOptions()
    for name in ("inter_op_num_threads", "intra_op_num_threads"):
        if name in given:
            setattr(options, name, given[name])
    if mode := given.get("execution_mode"):
        options.execution_mode = getattr(runtime.ExecutionMode, f"ORT_{mode.upper()}")
    if level := given.get("graph_optimization_level"):
        options.graph_optimization_level = runtime.GraphOptimizationLevel(level)
    for key, value in (given.get("extra_session_config") or {}).items():
        options.add_session_config_entry(key, value)
    return options


def _feeds(data: Any, inputs: Mapping[str, str]) -> dict[str, Any]:
    """The array for each input of a model, in single precision where the model computes in it."""
    numpy = require("numpy", extra=FLAVOR)
    keyed = isinstance(data, dict) or (hasattr(data, "iloc") and len(inputs) > 1)
    if not keyed and len(inputs) > 1:
        raise InvalidParameterValue(f"The model has several inputs: {', '.join(inputs)}. Give a dictionary of arrays.")
    given = data if keyed else dict.fromkeys(inputs, data)
    if missing := [name for name in inputs if name not in given]:
        raise InvalidParameterValue(f"The data lacks what the model takes as: {', '.join(missing)}.")
    arrays = {name: numpy.asarray(given[name]) for name in inputs}
    single = {name for name, kind in inputs.items() if kind == "tensor(float)" and arrays[name].dtype == "float64"}
    return {name: array.astype("float32") if name in single else array for name, array in arrays.items()}
