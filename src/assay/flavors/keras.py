"""Keras models (Keras 3, on any backend): save, log and load them in the `.keras` format.

Loading one runs no code of its writer: Keras itself refuses lambdas, and makes classes and functions only of its own
and of those that this process has registered or names in `custom_objects`.
"""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, NotSupported
from assay.core.lazy import lazy_names, require
from assay.flavors import bundle, logged, pickles, requirements, saving
from assay.flavors.mlmodel import Model, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from assay.data.schema import ModelSignature

FLAVOR = "keras"
DATA = "data"
MODEL_FILE = "model.keras"
MODULE_FILE = "keras_module.txt"

__getattr__, _ = lazy_names(
    __name__,
    {"autolog": "assay.autologging.keras.autolog", "MlflowCallback": "assay.autologging.keras.callback"},
)


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    model: Any,
    path: str | Path,
    save_exported_model: bool = False,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    save_model_kwargs: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> None:
    """Save a model in a new directory, with its signature, an input example and its requirements.

    `save_model_kwargs` are handed to the model's own `save`. Without `signature`, it is inferred from `input_example`;
    False leaves it out.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is none of Keras 3, or an argument is not acceptable.
        NotSupported: `save_exported_model` is set, or Keras is older than 3.
    """
    options = saving.Options(
        conda_env=conda_env,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
    )
    contents = _contents(model, exported=save_exported_model, arguments=save_model_kwargs)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    model: Any,
    artifact_path: str | None = None,
    save_exported_model: bool = False,
    conda_env: Any = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    registered_model_name: str | None = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    save_model_kwargs: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
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
        InvalidParameterValue: the model is none of Keras 3, or an argument is not acceptable.
        NotSupported: `save_exported_model` is set, or Keras is older than 3.
    """
    del await_registration_for
    options = saving.Options(
        conda_env=conda_env,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
    )
    contents = _contents(model, exported=save_exported_model, arguments=save_model_kwargs)
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


def load_model(
    model_uri: str,
    dst_path: str | None = None,
    custom_objects: dict[str, Any] | None = None,
    load_model_kwargs: dict[str, Any] | None = None,
) -> Any:
    """The `keras.Model` at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download it; by default a temporary directory. `custom_objects` maps names to classes and
    functions of your own that the model has; `load_model_kwargs` are for `keras.saving.load_model`.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not a Keras model, or a class or function of its is unknown here.
        ConfigurationError: it holds code, which is loaded only with `load_model_kwargs={"safe_mode": False}` and where
            the settings allow to load code.
        NotSupported: it is a graph exported for TensorFlow, or Keras is older than 3.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    arguments = {"safe_mode": True, **(load_model_kwargs or {})}
    if not arguments["safe_mode"]:
        pickles.check_allowed(str(model_uri), what="is to be loaded without safe_mode")
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    if saved.fields.get("save_exported_model"):
        raise NotSupported(f"The model at {str(model_uri)!r} is a graph exported for TensorFlow. Save it as .keras.")
    library = _library()
    file = saved.file / MODEL_FILE if saved.file.is_dir() else saved.file.with_name(f"{saved.file.name}.keras")
    if not zipfile.is_zipfile(file):
        raise DataLoss(f"The model file {str(file)!r} is damaged: it is no .keras file.")
    try:
        return library.saving.load_model(str(file), custom_objects=custom_objects, **arguments)
    except (KeyError, OSError, zipfile.BadZipFile) as error:
        raise DataLoss(f"The model file {str(file)!r} is damaged: {error}") from error
    except (ValueError, TypeError) as error:
        if "safe_mode" in str(error):
            raise ConfigurationError(
                f"The model at {str(model_uri)!r} holds code, such as a lambda, and loading it runs what its writer "
                'wrote. Where you trust that, load it with load_model_kwargs={"safe_mode": False}.'
            ) from error
        raise InvalidParameterValue(
            f"The model at {str(model_uri)!r} cannot be made: {error} Give classes and functions of your own in "
            "custom_objects, or register them before."
        ) from error


def predict(model: Any, data: Any) -> Any:
    """What the model says of a data frame (a frame again), of an array, or of a list or dictionary of arrays."""
    if hasattr(data, "iloc"):
        pandas = require("pandas", extra="pandas")
        return pandas.DataFrame(model.predict(data.to_numpy(), verbose=0), index=data.index)
    if isinstance(data, list | tuple) and len(getattr(model, "inputs", None) or ()) == 1:
        data = require("numpy", extra=FLAVOR).asarray(data)
    return model.predict(data, verbose=0)


def get_default_pip_requirements() -> list[str]:
    """Pins of what a Keras model needs at the least."""
    return requirements.pins(("keras",))


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of a Keras model."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _library() -> ModuleType:
    library = require("keras", extra=FLAVOR)
    if int(library.__version__.partition(".")[0]) < 3:
        raise NotSupported(f"Keras {library.__version__} is too old. Install Keras 3: pip install 'keras>=3'")
    return library


def _contents(model: Any, *, exported: bool, arguments: dict[str, Any] | None) -> saving.Contents:
    library = _library()
    if exported:
        raise NotSupported(
            "save_exported_model needs TensorFlow, which Assay does not use. Leave it out, or call model.export and "
            "log its directory with log_artifacts."
        )
    if not isinstance(model, library.Model):
        raise InvalidParameterValue(f"A {type(model).__name__} is no Keras model. Give a keras.Model of Keras 3.")
    backend = library.backend.backend()
    return saving.Contents(
        flavor=FLAVOR,
        data=None,
        fields={
            "data": DATA,
            "keras_version": library.__version__,
            "keras_backend": backend,
            "save_exported_model": False,
        },
        modules=("keras", backend, "numpy", type(model).__module__),
        write=partial(_write, model, arguments=arguments or {}),
        predict=partial(predict, model),
    )


def _write(model: Any, directory: Path, *, arguments: dict[str, Any]) -> None:
    data = directory / DATA
    data.mkdir()
    (data / MODULE_FILE).write_text("keras", encoding="utf-8")
    try:
        model.save(str(data / MODEL_FILE), **arguments)
    except (TypeError, ValueError) as error:
        raise InvalidParameterValue(f"The Keras model cannot be saved: {error}") from error
