"""Models as functions from data to predictions: your own, and those of any library.

`load_model` loads every model that can predict, and checks its input by the model's signature. `PythonModel` and plain
functions are saved by cloudpickle; give the path of a script that calls `set_model` to save code as text instead.
Either runs code of its writer when it is loaded: MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false refuses both.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.data.signature import infer_signature
from assay.data.type_hints import signature_of
from assay.flavors import (
    bundle,
    examples,
    installed,
    logged,
    own_files,
    pickles,
    predictor,
    python_model,
    requirements,
    scripts,
)
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.predictor import FLAVOR, PyFuncModel
from assay.flavors.python_model import PythonModel, PythonModelContext
from assay.flavors.refused import refuse
from assay.flavors.scripts import ModelConfig, set_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.data.schema import ModelSignature

__all__ = [
    "ModelConfig",
    "PyFuncModel",
    "PythonModel",
    "PythonModelContext",
    "add_to_model",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "get_model_dependencies",
    "load_model",
    "log_model",
    "save_model",
    "set_model",
]


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
    model_config: str | Path | dict[str, Any] | None = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: Sequence[str] | None = None,
    uv_extras: Sequence[str] | None = None,
) -> None:
    """Save a model of your own in a new directory.

    `python_model` is an instance of `PythonModel`, a function of the data, or the path of a script that calls
    `set_model`. `artifacts` names files, by path or URI, that come with it; the model finds them in
    `context.artifacts`. Instead, `loader_module` may name a module whose `_load_pyfunc(path)` returns an object with
    `predict`, from what lies at `data_path`. The signature is the one given, else that of type hints such as
    `list[str]`, else inferred from `input_example` (data, or a tuple of data and params) and what the model
    makes of it. `model_config`, a dictionary or a YAML file, holds settings for `context.model_config` and for the
    `ModelConfig` of a script. `code_paths` names modules and packages to be saved with the model; `infer_code_paths`
    finds those that its code imports and no installed distribution brings. Requirements are what the code imports, and
    those of saved models among the artifacts.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: not exactly one of `python_model` and `loader_module` is given, the model cannot be
            pickled, or an argument is not acceptable.
        NotSupported: `resources`, `auth_policy` or an argument for uv is given.

    Example:
        >>> import assay
        >>> assay.pyfunc.save_model("double", python_model=lambda frame: frame * 2)
        >>> assay.pyfunc.load_model("double").predict(3)
        6
    """
    if (python_model is None) == (loader_module is None):
        raise InvalidParameterValue("Give python_model, or loader_module with data_path: exactly one of the two.")
    refuse(
        resources=resources,
        auth_policy=auth_policy,
        uv_project_path=uv_project_path,
        uv_groups=uv_groups,
        uv_extras=uv_extras,
    )
    model = mlflow_model or Model()
    model.metadata = metadata
    settings = scripts.read_settings(model_config)
    with bundle.new_directory(Path(path)) as directory:
        if loader_module is None:
            written = own_files.write_python(directory, python_model)
        else:
            written = own_files.write_data(directory, loader_module, data_path)
        code = own_files.copy_code(directory, code_paths, modules=written.modules if infer_code_paths else set())
        if artifacts:
            written.fields["artifacts"] = own_files.keep_artifacts(directory, artifacts)
        _describe(model, {**written.fields, "model_config": settings, "streamable": streamable}, code=code)
        _sign(model, directory, signature, input_example)
        pins = requirements.chosen(
            own_files.inferred_requirements(directory, written.modules),
            pip_requirements=pip_requirements,
            extra_pip_requirements=extra_pip_requirements,
        )
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
    model_config: str | Path | dict[str, Any] | None = None,
    streamable: bool | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    uv_project_path: str | Path | None = None,
    uv_groups: Sequence[str] | None = None,
    uv_extras: Sequence[str] | None = None,
    prompts: Sequence[Any] | None = None,
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
    refuse(prompts=prompts)

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
            resources=resources,
            auth_policy=auth_policy,
            uv_project_path=uv_project_path,
            uv_groups=uv_groups,
            uv_extras=uv_extras,
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
    model_config: str | Path | dict[str, Any] | None = None,
) -> PyFuncModel:
    """The model of any library at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `model_config`, a dictionary or a YAML file, takes the place of what was saved, key by key. `suppress_warnings`
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
    config = {**(fields.get("config") or {}), **scripts.read_settings(model_config)}
    if predictor.library(fields) is None:
        pickles.check_allowed(str(model_uri), what="is code")
        installed.warn_of_others(directory, str(model_uri))
    bundle.use_code(directory, fields.get("code"))
    with installed.explained(directory, str(model_uri)):
        return PyFuncModel(model, predictor.loaded(directory, fields, config), config, directory)


def add_to_model(
    model: Model,
    loader_module: str,
    data: str | None = None,
    code: str | None = None,
    conda_env: Any = None,
    python_env: Any = None,
    model_config: Mapping[str, Any] | None = None,
    model_code_path: str | None = None,
    **kwargs: Any,
) -> Model:
    """Describe in an MLmodel file how a model is loaded as a function, and return the description.

    `loader_module` has the function `_load_pyfunc`, which gets the path `data`; `code`, `conda_env` and `python_env`
    are paths below the model's directory, too. Further arguments are kept as they are.

    Example:
        >>> model = add_to_model(assay.flavors.Model(), "my_loader", data="weights", conda_env="conda.yaml")
        >>> model.flavor("python_function")["loader_module"]
        'my_loader'
    """
    optional = {"code": code, "data": data, "config": model_config, "model_code_path": model_code_path}
    env = {"conda": conda_env, "virtualenv": python_env}
    return model.add_flavor(
        FLAVOR,
        loader_module=loader_module,
        python_version=platform.python_version(),
        **({"env": {name: file for name, file in env.items() if file}} if any(env.values()) else {}),
        **{name: value for name, value in optional.items() if value},
        **kwargs,
    )


def get_model_dependencies(model_uri: str | Path, format: str = "pip") -> str:
    """The path of a model's requirements file, or with `format="conda"` of its conda environment.

    Raises:
        ResourceDoesNotExist: there is no model, or it has no such file.
        InvalidParameterValue: `format` is neither `pip` nor `conda`.
    """
    names = {"pip": requirements.REQUIREMENTS_FILE, "conda": requirements.CONDA_FILE}
    if format not in names:
        raise InvalidParameterValue(f"format is {format!r}; give one of: {', '.join(names)}.")
    file = bundle.fetch(str(model_uri)) / names[format]
    if not file.is_file():
        raise ResourceDoesNotExist(
            f"The model at {str(model_uri)!r} does not say what it needs: it has no {file.name}."
        )
    return str(file)


def get_default_pip_requirements() -> list[str]:
    """Pins of what a model of your own needs at the least."""
    return requirements.pins(own_files.ALWAYS)


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of a model of your own."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _describe(model: Model, fields: dict[str, Any], *, code: str | None) -> None:
    add_to_model(model, code=code, conda_env=requirements.CONDA_FILE, python_env=requirements.PYTHON_FILE, **fields)


def _sign(model: Model, directory: Path, signature: ModelSignature | bool | None, example: Any) -> None:
    """Save the input example, and give the model its signature."""
    if signature is True:
        raise InvalidParameterValue("signature=True says nothing. Give a signature, None to infer it, or False.")
    data, params = examples.parts(example)
    if data is not None:
        model.saved_input_example_info = examples.save_example(directory, data, params=params)
    model.signature = signature or None
    model.is_unsigned_by_choice = signature is False
    fields = model.flavor(FLAVOR)
    if signature is not None and fields["loader_module"] != predictor.SCRIPT:
        fields["streamable"] = bool(fields["streamable"])
        return
    loaded = predictor.loaded(directory, fields, fields.get("config") or {})
    if fields["streamable"] is None:
        fields["streamable"] = loaded.stream is not None
    if signature is not None:
        return
    model.signature = _hinted(loaded.raw)
    model.is_signature_from_type_hint = model.signature is not None
    if model.signature is None and data is not None:
        model.signature = infer_signature(data, loaded.predict(data, params or {}), params)


def _hinted(raw: Any) -> ModelSignature | None:
    if not isinstance(raw, PythonModel):
        return None
    function = python_model.function_of(raw)
    return signature_of(function, python_model.input_name(function))
