"""XGBoost models: save, log and load boosters and estimators, in XGBoost's own formats.

Loading one runs no code of its writer, unless its class is the writer's own: that is loaded as pickles are, where the
settings allow it.
"""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.core.lazy import lazy_names, require
from assay.flavors import bundle, logged, pickles, requirements, saving
from assay.flavors.mlmodel import Model, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.data.schema import ModelSignature

FLAVOR = "xgboost"
FORMATS = ("ubj", "json", "xgb")

_MODULES = ("xgboost", "numpy", "scipy")

__getattr__, _ = lazy_names(__name__, {"autolog": "assay.autologging.xgboost.autolog"})


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    xgb_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    model_format: str = "ubj",
    metadata: dict[str, Any] | None = None,
    extra_files: Sequence[str] | None = None,
) -> None:
    """Save a booster or an estimator in a new directory, with its signature, an input example and its requirements.

    `model_format` is `ubj`, `json` or `xgb`. Without `signature`, it is inferred from `input_example`; False leaves it
    out.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is none of XGBoost, or an argument is not acceptable.

    Example:
        >>> from xgboost import XGBRegressor
        >>> save_model(XGBRegressor(n_estimators=2).fit([[0.0], [1.0]], [0.0, 1.0]), "trees")
        >>> load_model("trees").n_estimators
        2
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
    contents = _contents(xgb_model, model_format=model_format)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    xgb_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    model_format: str = "ubj",
    metadata: dict[str, Any] | None = None,
    extra_files: Sequence[str] | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
) -> ModelInfo:
    """Keep a booster or an estimator as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is none of XGBoost, or an argument is not acceptable.
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
    contents = _contents(xgb_model, model_format=model_format)
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
    """The booster or estimator at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download it; by default a temporary directory.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not an XGBoost model.
        ConfigurationError: its class is not XGBoost's, and the settings do not allow to load code.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    library = require("xgboost", extra=FLAVOR)
    model = _class(saved.fields.get("model_class", "xgboost.core.Booster"), model_uri)()
    try:
        model.load_model(str(saved.file))
    except library.core.XGBoostError as error:
        raise DataLoss(f"The model file {str(saved.file)!r} is damaged: {error}") from error
    return model


def predict(model: Any, data: Any) -> Any:
    """What the model says of a data frame or an array, a row for each example."""
    library = require("xgboost", extra=FLAVOR)
    return model.predict(library.DMatrix(data) if isinstance(model, library.Booster) else data)


def get_default_pip_requirements() -> list[str]:
    """Pins of what an XGBoost model needs at the least."""
    return requirements.pins(requirements.providers(_MODULES))


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of an XGBoost model."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _kinds() -> tuple[Any, ...]:
    library = require("xgboost", extra=FLAVOR)
    return (library.Booster, library.XGBModel)


def _contents(model: Any, *, model_format: str) -> saving.Contents:
    if not isinstance(model, _kinds()):
        raise InvalidParameterValue(
            f"A {type(model).__name__} is no XGBoost model. Give a trained xgboost.Booster or an estimator of xgboost."
        )
    if model_format not in FORMATS:
        raise InvalidParameterValue(f"Unknown model_format {model_format!r}. Use one of: {', '.join(FORMATS)}.")
    data = f"model.{model_format}"
    estimator = not isinstance(model, _kinds()[0])
    return saving.Contents(
        flavor=FLAVOR,
        data=data,
        fields={
            "data": data,
            "model_class": saving.class_name(model),
            "model_format": model_format,
            "xgb_version": require("xgboost", extra=FLAVOR).__version__,
        },
        modules=(*_MODULES, type(model).__module__, *(("sklearn",) if estimator else ())),
        write=lambda file: model.save_model(str(file)),
        predict=partial(predict, model),
    )


def _class(name: str, model_uri: str) -> type:
    """The class of a saved model; one that is not XGBoost's is code that came with the model."""
    module, _, attribute = name.rpartition(".")
    if module.partition(".")[0] != FLAVOR:
        pickles.check_allowed(str(model_uri), what=f"is a {name!r}, a class of its writer's own")
    try:
        found = getattr(importlib.import_module(module), attribute, None)
    except (ModuleNotFoundError, ValueError) as error:
        raise InvalidParameterValue(
            f"The model at {str(model_uri)!r} is a {name!r}, which cannot be imported: {error}. "
            "Install its module, or save the model with code_paths."
        ) from error
    if not (isinstance(found, type) and issubclass(found, _kinds())):
        raise InvalidParameterValue(f"The model at {str(model_uri)!r} is a {name!r}, which is no model of XGBoost.")
    return found
