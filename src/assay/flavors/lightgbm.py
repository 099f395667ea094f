"""LightGBM models: save, log and load boosters in LightGBM's own format, and estimators in the skops format.

Loading either runs no code of its writer. Estimators may be kept as pickles too, for what skops cannot keep: those are
loaded where the settings allow it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.core.lazy import lazy_names, require
from assay.flavors import bundle, logged, pickles, requirements, saving, skops_format
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.skops_format import SKOPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.data.schema import ModelSignature

FLAVOR = "lightgbm"
BOOSTER_FILE = "model.lgb"
PICKLE_FILE = "model.pkl"
SKOPS_FILE = "model.skops"
BOOSTER = "lightgbm.basic.Booster"
FORMATS = (SKOPS, *pickles.FORMATS)
TRUSTED = (
    "lightgbm.sklearn.LGBMRegressor",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRanker",
    "lightgbm.basic.Booster",
    "collections.OrderedDict",
)
"""Types of LightGBM's own that the skops format may name."""

_MODULES = ("lightgbm", "numpy", "scipy")

__getattr__, _ = lazy_names(__name__, {"autolog": "assay.autologging.lightgbm.autolog"})


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    lgb_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    serialization_format: str | None = None,
    skops_trusted_types: Sequence[str] | None = None,
    extra_files: Sequence[str] | None = None,
) -> None:
    """Save a booster or an estimator in a new directory, with its signature, an input example and its requirements.

    `serialization_format` is for estimators: `skops` (the default), `cloudpickle` or `pickle`; `skops_trusted_types`
    names types of your own that skops is to keep. Without `signature`, it is inferred from `input_example`; False
    leaves it out.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is none of LightGBM, or an argument is not acceptable.

    Example:
        >>> import lightgbm
        >>> data = lightgbm.Dataset([[0.0], [1.0]], [0.0, 1.0], params={"verbose": -1})
        >>> save_model(lightgbm.train({"verbose": -1}, data, 2), "trees")
        >>> load_model("trees").num_feature()
        1
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
    contents = _contents(lgb_model, form=serialization_format or SKOPS, trusted=skops_trusted_types)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    lgb_model: Any,
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
    serialization_format: str | None = None,
    skops_trusted_types: Sequence[str] | None = None,
) -> ModelInfo:
    """Keep a booster or an estimator as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is none of LightGBM, or an argument is not acceptable.
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
    contents = _contents(lgb_model, form=serialization_format or SKOPS, trusted=skops_trusted_types)
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
        InvalidParameterValue: it is not a LightGBM model.
        ConfigurationError: it is an estimator, and the settings do not allow to load pickles.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    library = require("lightgbm", extra=FLAVOR)
    if saved.fields.get("model_class", BOOSTER) != BOOSTER:
        return _estimator(saved, str(model_uri))
    try:
        return library.Booster(model_file=str(saved.file))
    except library.basic.LightGBMError as error:
        raise DataLoss(f"The model file {str(saved.file)!r} is damaged: {error}") from error


def predict(model: Any, data: Any) -> Any:
    """What the model says of a data frame or an array, a row for each example."""
    return model.predict(data)


def get_default_pip_requirements(include_cloudpickle: bool = False, include_skops: bool = False) -> list[str]:
    """Pins of what a LightGBM model needs at the least."""
    asked = (("cloudpickle", include_cloudpickle), ("skops", include_skops))
    return requirements.pins(requirements.providers((*_MODULES, *(name for name, wanted in asked if wanted))))


def get_default_conda_env(include_cloudpickle: bool = False, include_skops: bool = False) -> dict[str, Any]:
    """The conda environment of a LightGBM model."""
    return requirements.default_conda_env(get_default_pip_requirements(include_cloudpickle, include_skops))


def _estimator(saved: saving.Saved, model_uri: str) -> Any:
    form = saved.fields.get("serialization_format", pickles.CLOUDPICKLE)
    if form not in FORMATS:
        raise InvalidParameterValue(
            f"The model at {model_uri!r} is in the format {form!r}; Assay loads: {', '.join(FORMATS)}."
        )
    if form == SKOPS:
        named = saved.fields.get("skops_trusted_types") or ()
        return skops_format.read(saved.file, trusted=TRUSTED, named=named, model_uri=model_uri, extra=FLAVOR)
    pickles.check_allowed(model_uri)
    return pickles.read(saved.file, form=form)


def _contents(model: Any, *, form: str, trusted: Sequence[str] | None) -> saving.Contents:
    library = require("lightgbm", extra=FLAVOR)
    if not isinstance(model, (library.Booster, library.LGBMModel)):
        raise InvalidParameterValue(
            f"A {type(model).__name__} is no LightGBM model. "
            "Give a trained lightgbm.Booster or an estimator of lightgbm."
        )
    if form not in FORMATS:
        raise InvalidParameterValue(f"Unknown serialization_format {form!r}. Use one of: {', '.join(FORMATS)}.")
    if isinstance(model, library.Booster):
        return _of_booster(model, library.__version__)
    types = [*TRUSTED, *(trusted or ())] if form == SKOPS else None
    data = SKOPS_FILE if form == SKOPS else PICKLE_FILE
    return saving.Contents(
        flavor=FLAVOR,
        data=data,
        fields={
            "data": data,
            "lgb_version": library.__version__,
            "model_class": saving.class_name(model),
            "serialization_format": form,
            "skops_trusted_types": types,
        },
        modules=(*_MODULES, "sklearn", type(model).__module__, *((form,) if form != pickles.PICKLE else ())),
        write=partial(skops_format.write, model, trusted=types, extra=FLAVOR)
        if types
        else partial(pickles.write, model, form=form),
        predict=partial(predict, model),
        is_pickle=form != SKOPS,
    )


def _of_booster(model: Any, version: str) -> saving.Contents:
    return saving.Contents(
        flavor=FLAVOR,
        data=BOOSTER_FILE,
        fields={
            "data": BOOSTER_FILE,
            "lgb_version": version,
            "model_class": BOOSTER,
            "serialization_format": None,
            "skops_trusted_types": None,
        },
        modules=_MODULES,
        write=lambda file: model.save_model(str(file)),
        predict=partial(predict, model),
    )
