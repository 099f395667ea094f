"""CatBoost models: save, log and load models in CatBoost's own formats; loading one runs no code of its writer."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.core.lazy import require
from assay.flavors import bundle, logged, requirements, saving
from assay.flavors.mlmodel import Model, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.data.schema import ModelSignature

FLAVOR = "catboost"
MODEL_FILE = "model.cb"
FORMATS = ("cbm", "json", "onnx", "coreml")
"""What CatBoost can load again."""
CLASSES = ("CatBoost", "CatBoostClassifier", "CatBoostRanker", "CatBoostRegressor")

_MODULES = ("catboost", "numpy", "pandas", "scipy")


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    cb_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    extra_files: Sequence[str] | None = None,
    **kwargs: Any,
) -> None:
    """Save a model in a new directory, with its signature, an input example and its requirements.

    `kwargs` go to the model's own `save_model`: `format` (`cbm` by default, `json`, `onnx`, `coreml`),
    `export_parameters`, `pool`. Without `signature`, it is inferred from `input_example`; False leaves it out.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is none of CatBoost, is not trained, or an argument is not acceptable.

    Example:
        >>> from catboost import CatBoostRegressor
        >>> model = CatBoostRegressor(iterations=2, verbose=False, allow_writing_files=False)
        >>> save_model(model.fit([[0.0], [1.0]], [0.0, 1.0]), "trees")
        >>> load_model("trees").tree_count_
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
    contents = _contents(cb_model, **kwargs)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    cb_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    extra_files: Sequence[str] | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """Keep a trained model as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is none of CatBoost, is not trained, or an argument is not acceptable.
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
    contents = _contents(cb_model, **kwargs)
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
    """The model at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download it; by default a temporary directory.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not a CatBoost model, or not in a format that can be loaded.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    library = require("catboost", extra=FLAVOR)
    kind, form = saved.fields.get("model_type"), saved.fields.get("save_format", "cbm")
    if kind not in CLASSES or form not in FORMATS:
        raise InvalidParameterValue(
            f"The model at {str(model_uri)!r} is a {kind!r} in the format {form!r}. "
            f"Assay loads {', '.join(CLASSES)} in the formats {', '.join(FORMATS)}."
        )
    try:
        return getattr(library, kind)().load_model(str(saved.file), form)
    except library.CatBoostError as error:
        raise DataLoss(f"The model file {str(saved.file)!r} is damaged: {error}") from error


def predict(model: Any, data: Any) -> Any:
    """What the model says of a data frame or an array, a row for each example."""
    return model.predict(data)


def get_default_pip_requirements() -> list[str]:
    """Pins of what a CatBoost model needs at the least."""
    return requirements.pins(requirements.providers(_MODULES))


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of a CatBoost model."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _contents(model: Any, *, format: str = "cbm", **kwargs: Any) -> saving.Contents:
    library = require("catboost", extra=FLAVOR)
    if not isinstance(model, library.CatBoost) or type(model).__name__ not in CLASSES:
        raise InvalidParameterValue(
            f"A {type(model).__name__} is no CatBoost model. Give one of: {', '.join(CLASSES)}."
        )
    if not model.is_fitted():
        raise InvalidParameterValue(
            "The CatBoost model is not trained yet, so there is nothing to save. Call fit first."
        )
    if format not in FORMATS:
        raise InvalidParameterValue(
            f"A model in the format {format!r} cannot be loaded. Use one of: {', '.join(FORMATS)}."
        )
    return saving.Contents(
        flavor=FLAVOR,
        data=MODEL_FILE,
        fields={
            "catboost_version": library.__version__,
            "data": MODEL_FILE,
            "model_type": type(model).__name__,
            "save_format": format,
        },
        modules=_MODULES,
        write=lambda file: model.save_model(str(file), format=format, **kwargs),
        predict=partial(predict, model),
    )
