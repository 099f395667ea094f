"""statsmodels models: save, log and load results of a fit.

statsmodels has no format but the pickle, and loading one runs code of whoever wrote it: load models that you trust, or
set MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import lazy_names, require
from assay.flavors import bundle, logged, pickles, requirements, saving
from assay.flavors.mlmodel import Model, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.data.schema import ModelSignature

FLAVOR = "statsmodels"
MODEL_FILE = "model.statsmodels"

_MODULES = ("statsmodels", "numpy", "pandas", "scipy")

__getattr__, _ = lazy_names(__name__, {"autolog": "assay.autologging.statsmodels"})


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    statsmodels_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    remove_data: bool = False,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    extra_files: Sequence[str] | None = None,
) -> None:
    """Save the results of a fit in a new directory, with a signature, an input example and the requirements.

    `remove_data` leaves out the data of the fit, here and in the results at hand, as statsmodels does it. Without
    `signature`, it is inferred from `input_example`; False leaves it out.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is no results of statsmodels, or an argument is not acceptable.

    Example:
        >>> import statsmodels.api as sm
        >>> save_model(sm.OLS([0.0, 1.0, 2.0], [[1.0], [2.0], [3.0]]).fit(), "line")
        >>> load_model("line").nobs
        3.0
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
    contents = _contents(statsmodels_model, remove_data=remove_data)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    statsmodels_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    registered_model_name: str | None = None,
    remove_data: bool = False,
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
) -> ModelInfo:
    """Keep the results of a fit as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is no results of statsmodels, or an argument is not acceptable.
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
    contents = _contents(statsmodels_model, remove_data=remove_data)
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
    """The results at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download them; by default a temporary directory.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not a statsmodels model.
        ConfigurationError: the settings do not allow to load pickles.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path)
    pickles.check_allowed(str(model_uri))
    require("statsmodels", extra=FLAVOR)
    return pickles.read(saved.file, form=pickles.PICKLE)


def predict(model: Any, data: Any) -> Any:
    """What the model says of each row of `data`.

    A model of time series takes a data frame with one row, whose columns `start` and `end` say which times to predict.

    Raises:
        InvalidParameterValue: the data for a model of time series is something else.
    """
    series = require("statsmodels.tsa.base.tsa_model", extra=FLAVOR).TimeSeriesModel
    if not isinstance(model.model, series):
        return model.predict(data)
    if not {"start", "end"} <= set(getattr(data, "columns", ())) or len(data) != 1:
        raise InvalidParameterValue("A model of time series takes a data frame with one row, of columns start and end.")
    return model.predict(start=data["start"].iloc[0], end=data["end"].iloc[0])


def get_default_pip_requirements() -> list[str]:
    """Pins of what a statsmodels model needs at the least."""
    return requirements.pins(requirements.providers(_MODULES))


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of a statsmodels model."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _contents(model: Any, *, remove_data: bool) -> saving.Contents:
    wrapper = require("statsmodels.base.wrapper", extra=FLAVOR).ResultsWrapper
    results = require("statsmodels.base.model", extra=FLAVOR).Results
    if not isinstance(model, (wrapper, results)):
        raise InvalidParameterValue(
            f"A {type(model).__name__} is no results of statsmodels. Give what the fit method of a model returned."
        )
    return saving.Contents(
        flavor=FLAVOR,
        data=MODEL_FILE,
        fields={"data": MODEL_FILE, "statsmodels_version": require("statsmodels", extra=FLAVOR).__version__},
        modules=_MODULES,
        write=partial(_write, model, remove_data=remove_data),
        predict=partial(predict, model),
        is_pickle=True,
    )


def _write(model: Any, file: Path, *, remove_data: bool) -> None:
    if remove_data:
        model.remove_data()
    pickles.write(model, file, form=pickles.PICKLE)
