"""Models as functions from data to predictions: your own, and those of any library.

`load_model` loads every model that can predict, and checks its input by the model's signature. `PythonModel` and plain
functions are saved by cloudpickle; give the path of a script that calls `set_model` to save code as text instead.
Either runs code of its writer when it is loaded: MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false refuses both.
"""

from __future__ import annotations

import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.client.artifact_uris import download_artifacts
from assay.core import uri
from assay.core.errors import InvalidParameterValue, NotSupported
from assay.core.lazy import require
from assay.data.signature import infer_signature
from assay.data.type_hints import signature_of
from assay.flavors import bundle, examples, installed, logged, pickles, predictor, python_model, requirements
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.predictor import FLAVOR, PYTHON, PyFuncModel
from assay.flavors.python_model import PythonModel, PythonModelContext, set_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.data.schema import ModelSignature

__all__ = [
    "PyFuncModel",
    "PythonModel",
    "PythonModelContext",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "load_model",
    "log_model",
    "save_model",
    "set_model",
]

MODEL_FILE = "python_model.pkl"
ARTIFACTS = "artifacts"
DATA = "data"

_ALWAYS = ("cloudpickle", "pandas")


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    path: str | Path,
    loader_module: str | None = None,
    data_path: str | Path | None = None,
    code_paths: Sequence[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    python_model: Any = None,
    artifacts: Mapping[str, str] | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    model_config: dict[str, Any] | None = None,
    streamable: bool | None = None,
) -> None:
    """Save a model of your own in a new directory.

    `python_model` is an instance of `PythonModel`, a function of the data, or the path of a script that calls
    `set_model`. `artifacts` names files, by path or URI, that come with it; the model finds them in
    `context.artifacts`. Instead, `loader_module` may name a module whose `_load_pyfunc(path)` returns an object with
    `predict`, from what lies at `data_path`. The signature is the one given, else that of type hints such as
    `list[str]`, else inferred from `input_example` (data, or a tuple of data and params) and what the model
    makes of it.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: not exactly one of `python_model` and `loader_module` is given, the model cannot be
            pickled, or an argument is not acceptable.
        NotSupported: `infer_code_paths` is set.

    Example:
        >>> import assay
        >>> assay.pyfunc.save_model("double", python_model=lambda frame: frame * 2)
        >>> assay.pyfunc.load_model("double").predict(3)
        6
    """
    if infer_code_paths:
        raise NotSupported("infer_code_paths is not there yet. Name the modules in code_paths.")
    if (python_model is None) == (loader_module is None):
        raise InvalidParameterValue("Give python_model, or loader_module with data_path: exactly one of the two.")
    model = mlflow_model or Model()
    model.metadata = metadata
    pins = requirements.chosen(
        get_default_pip_requirements(),
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
    )
    with bundle.new_directory(Path(path)) as directory:
        code = bundle.copy_code(directory, code_paths)
        fields = _fields(directory, python_model, loader_module=loader_module, data_path=data_path)
        if artifacts:
            fields["artifacts"] = _kept(directory, artifacts)
        fields["config"] = dict(model_config or {})
        fields["streamable"] = bool(streamable)
        _describe(model, fields, code=code)
        _sign(model, directory, signature, input_example)
        requirements.write_environment(directory, pins, conda_env=conda_env)
        bundle.write_description(directory, model)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    artifact_path: str | None = None,
    loader_module: str | None = None,
    data_path: str | Path | None = None,
    code_paths: Sequence[str] | None = None,
    infer_code_paths: bool = False,
    conda_env: Any = None,
    python_model: Any = None,
    artifacts: Mapping[str, str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    model_config: dict[str, Any] | None = None,
    streamable: bool | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Keep a model of your own as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling). `registered_model_name`, `params`, `tags`,
    `model_type`, `step` and `model_id` are those of `assay.flavors.logged.log`, the other arguments those of
    `save_model`.

    Raises:
        InvalidParameterValue: the model cannot be pickled, or an argument is not acceptable.
    """
    del await_registration_for

    def save(directory: Path, model: Model) -> None:
        save_model(
            directory,
            loader_module=loader_module,
            data_path=data_path,
            code_paths=code_paths,
            infer_code_paths=infer_code_paths,
            conda_env=conda_env,
            mlflow_model=model,
            python_model=python_model,
            artifacts=artifacts,
            signature=signature,
            input_example=input_example,
            pip_requirements=pip_requirements,
            extra_pip_requirements=extra_pip_requirements,
            metadata=metadata,
            model_config=model_config,
            streamable=streamable,
        )

    return logged.log(
        save,
        name=bundle.place(artifact_path, name),
        registered_model_name=registered_model_name,
        params=params,
        tags=tags,
        model_type=model_type,
        step=step,
        model_id=model_id,
    )


def load_model(
    model_uri: str | Path,
    suppress_warnings: bool = False,
    dst_path: str | None = None,
    model_config: dict[str, Any] | None = None,
) -> PyFuncModel:
    """The model of any library at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `model_config` takes the place of what was saved, key by key. Nothing is warned about, so that `suppress_warnings`
    changes nothing.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it cannot predict.
        ConfigurationError: it runs code of its writer, and the settings do not allow that; or its library is missing.
        NotSupported: it is of a library that Assay does not know.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    del suppress_warnings
    directory = bundle.fetch(str(model_uri), dst_path)
    model = Model.load(directory)
    fields = model.flavor(FLAVOR)
    config = {**(fields.get("config") or {}), **(model_config or {})}
    if predictor.library(fields) is None:
        pickles.check_allowed(str(model_uri), what="is code")
        installed.warn_of_others(directory, str(model_uri))
    bundle.use_code(directory, fields.get("code"))
    with installed.explained(directory, str(model_uri)):
        return PyFuncModel(model, predictor.loaded(directory, fields, config), config)


def get_default_pip_requirements() -> list[str]:
    """Pins of what a model of your own needs at the least."""
    return requirements.pins(_ALWAYS)


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of a model of your own."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _fields(directory: Path, given: Any, *, loader_module: str | None, data_path: str | Path | None) -> dict[str, Any]:
    """Write the model's data or code; returns what the MLmodel file says of it."""
    if loader_module is not None:
        if data_path is None:
            return {"loader_module": loader_module}
        source, target = uri.local_path(str(data_path)), directory / DATA
        target.mkdir()
        if source.is_dir():
            shutil.copytree(source, target / source.name)
        else:
            shutil.copy2(source, target / source.name)
        return {"loader_module": loader_module, "data": f"{DATA}/{source.name}"}
    if isinstance(given, str | Path):
        script = uri.local_path(str(given))
        if not script.is_file():
            raise InvalidParameterValue(f"python_model names the script {str(given)!r}, which does not exist.")
        shutil.copy2(script, directory / script.name)
        return {"loader_module": PYTHON, "model_code_path": script.name}
    pickles.write(python_model.of(given), directory / MODEL_FILE, form=pickles.CLOUDPICKLE, dump=python_model.dump)
    version = require("cloudpickle", extra="sklearn").__version__
    return {"loader_module": PYTHON, "python_model": MODEL_FILE, "cloudpickle_version": version}


def _kept(directory: Path, artifacts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    kept = {}
    for name, source in artifacts.items():
        target = directory / ARTIFACTS
        if (target / str(source).rstrip("/").rpartition("/")[2]).exists():
            target = target / name
        fetched = Path(download_artifacts(str(source), dst_path=str(target)))
        place = fetched.resolve().relative_to(directory.resolve()).as_posix()
        kept[name] = {"path": place, "uri": uri.redact(str(source))}
    return kept


def _describe(model: Model, fields: dict[str, Any], *, code: str | None) -> None:
    model.add_flavor(
        FLAVOR,
        **fields,
        code=code,
        python_version=platform.python_version(),
        env={"conda": requirements.CONDA_FILE, "virtualenv": requirements.PYTHON_FILE},
    )


def _sign(model: Model, directory: Path, signature: ModelSignature | bool | None, example: Any) -> None:
    """Save the input example, and give the model its signature."""
    if signature is True:
        raise InvalidParameterValue("signature=True says nothing. Give a signature, None to infer it, or False.")
    data, params = example if isinstance(example, tuple) and len(example) == 2 else (example, None)
    if data is not None:
        model.saved_input_example_info = examples.save_example(directory, data)
    model.signature = signature or None
    if signature is not None:
        return
    fields = model.flavor(FLAVOR)
    loaded = predictor.loaded(directory, fields, fields["config"])
    model.signature = _hinted(loaded.raw)
    model.is_signature_from_type_hint = model.signature is not None
    if model.signature is None and data is not None:
        model.signature = infer_signature(data, loaded.predict(data, params or {}), params)


def _hinted(raw: Any) -> ModelSignature | None:
    if not isinstance(raw, PythonModel):
        return None
    function = python_model.function_of(raw)
    return signature_of(function, python_model.input_name(function))
