"""scikit-learn models: save, log and load estimators and pipelines.

Models are written with cloudpickle, which also takes functions and classes defined in a notebook. Loading a pickle
runs code of whoever wrote it: load models that you trust, or set MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false. The skops
format, MLflow's default since 3.17, runs none, and takes only types that skops trusts or that the caller names.
"""

from __future__ import annotations

import platform
from importlib import metadata as distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import lazy_names, require
from assay.data.signature import infer_signature
from assay.flavors import bundle, examples, logged, pickles, requirements, saving, skops_format
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.pickles import CLOUDPICKLE, PICKLE
from assay.flavors.skops_format import SKOPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.data.schema import ModelSignature

FLAVOR = "sklearn"
MODEL_FILE = "model.pkl"
SKOPS_FILE = "model.skops"
FORMATS = (CLOUDPICKLE, PICKLE, SKOPS)

_ALWAYS = ("scikit-learn", "numpy", "scipy")
_KNOWN_MODULES = ("sklearn", "numpy", "scipy", "builtins", "__main__")

__getattr__, _ = lazy_names(__name__, {"autolog": "assay.autologging.sklearn.autolog"})


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    sk_model: Any,
    path: str | Path,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    serialization_format: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    skops_trusted_types: Sequence[str] | None = None,
    extra_files: Sequence[str] | None = None,
) -> None:
    """Save a fitted estimator in a new directory, with its signature, an input example and its requirements.

    `serialization_format` is `cloudpickle` (the default), `pickle` or `skops`, the default with `skops_trusted_types`:
    types, beyond those that skops trusts, that may be loaded. Without `signature`, it is inferred from `input_example`;
    False leaves it out. `pyfunc_predict_fn` names the method that generic tools call to predict.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is no estimator, holds types that are not trusted, or an argument is not
            acceptable.

    Example:
        >>> from sklearn.linear_model import LinearRegression
        >>> model = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
        >>> save_model(model, "line", input_example=[[2.0]])
        >>> load_model("line").predict([[3.0]]).round(3).tolist()
        [3.0]
    """
    form = _checked_format(serialization_format, skops_trusted_types)
    _check_estimator(sk_model)
    if signature is True:
        raise InvalidParameterValue("signature=True says nothing. Give a signature, None to infer it, or False.")
    pins = requirements.chosen(
        _requirements_of(sk_model, form=form, example=input_example),
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
    )
    if signature is None and input_example is not None:
        signature = _infer(sk_model, input_example, pyfunc_predict_fn)
    model = mlflow_model or Model()
    model.signature = signature or None
    model.is_unsigned_by_choice = signature is False
    model.metadata = metadata
    with bundle.new_directory(Path(path)) as directory:
        if input_example is not None:
            model.saved_input_example_info = examples.save_example(directory, input_example)
        types = _write(sk_model, directory, form=form, trusted=skops_trusted_types)
        code = bundle.copy_code(directory, code_paths)
        _describe(sk_model, model, form=form, types=types, predict=pyfunc_predict_fn, code=code)
        if extra := bundle.copy_files(directory, extra_files):
            model.flavors[FLAVOR]["extra_files"] = extra
        requirements.write_environment(directory, pins, conda_env=conda_env)
        bundle.write_description(directory, model)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    sk_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    serialization_format: str | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    pyfunc_predict_fn: str = "predict",
    metadata: dict[str, Any] | None = None,
    extra_files: Sequence[str] | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    name: str | None = None,
    skops_trusted_types: Sequence[str] | None = None,
) -> ModelInfo:
    """Keep a fitted estimator as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling; `model` when neither is given), and the answer's
    `model_uri`, `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and
    `model_id` are those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is no estimator, or an argument is not acceptable.

    Example:
        >>> from sklearn.linear_model import LinearRegression
        >>> info = log_model(LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]), name="line", input_example=[[2.0]])
        >>> load_model(info.model_uri).n_features_in_
        1
    """
    del await_registration_for

    def save(directory: Path, model: Model) -> None:
        save_model(
            sk_model,
            directory,
            conda_env=conda_env,
            code_paths=code_paths,
            mlflow_model=model,
            serialization_format=serialization_format,
            signature=signature,
            input_example=input_example,
            pip_requirements=pip_requirements,
            extra_pip_requirements=extra_pip_requirements,
            pyfunc_predict_fn=pyfunc_predict_fn,
            metadata=metadata,
            skops_trusted_types=skops_trusted_types,
            extra_files=extra_files,
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


def load_model(model_uri: str, dst_path: str | None = None) -> Any:
    """The estimator at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download it; by default a temporary directory.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not a scikit-learn model.
        ConfigurationError: it runs code, and the settings do not allow that; or what it needs is not installed.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path, key="pickled_model")
    form = saved.fields.get("serialization_format", PICKLE)
    if form not in FORMATS:
        raise InvalidParameterValue(
            f"The model at {str(model_uri)!r} is in the format {form!r}; Assay loads: {', '.join(FORMATS)}."
        )
    if form == SKOPS:
        require(FLAVOR, extra=FLAVOR)
        named = saved.fields.get("skops_trusted_types") or ()
        return skops_format.read(saved.file, trusted=(), named=named, model_uri=str(model_uri), extra=FLAVOR)
    pickles.check_allowed(str(model_uri))
    require(FLAVOR, extra=FLAVOR)
    return pickles.read(saved.file, form=form)


def get_default_pip_requirements(include_cloudpickle: bool = False, include_skops: bool = False) -> list[str]:
    """Pins of what a scikit-learn model needs at the least."""
    asked = (("cloudpickle", include_cloudpickle), ("skops", include_skops))
    return requirements.pins([*_ALWAYS, *(name for name, wanted in asked if wanted)])


def get_default_conda_env(include_cloudpickle: bool = False, include_skops: bool = False) -> dict[str, Any]:
    """The conda environment of a scikit-learn model."""
    return requirements.default_conda_env(get_default_pip_requirements(include_cloudpickle, include_skops))


def _checked_format(given: str | None, skops_trusted_types: Sequence[str] | None) -> str:
    form = given or (SKOPS if skops_trusted_types else CLOUDPICKLE)
    if form not in FORMATS:
        raise InvalidParameterValue(f"Unknown serialization_format {form!r}. Use one of: {', '.join(FORMATS)}.")
    if skops_trusted_types and form != SKOPS:
        raise InvalidParameterValue(f"skops_trusted_types go with serialization_format='skops', not with {form!r}.")
    return form


def _write(sk_model: Any, directory: Path, *, form: str, trusted: Sequence[str] | None) -> list[str] | None:
    """Write the model's file; returns the types that the MLmodel file is to name, None for pickles."""
    if form != SKOPS:
        pickles.write(sk_model, directory / MODEL_FILE, form=form)
        return None
    skops_format.write(sk_model, directory / SKOPS_FILE, trusted=trusted or (), extra=FLAVOR)
    return list(trusted or ())


def _check_estimator(sk_model: Any) -> None:
    base = require("sklearn.base", extra="sklearn").BaseEstimator
    if not isinstance(sk_model, base):
        raise InvalidParameterValue(
            f"A {type(sk_model).__name__} is no scikit-learn estimator. Give an instance of sklearn.base.BaseEstimator."
        )


def _requirements_of(sk_model: Any, *, form: str, example: Any) -> list[str]:
    """Pins of scikit-learn and of every library whose estimators are parts of the model."""
    wanted = {*_ALWAYS, *([form] if form != PICKLE else [])}
    if hasattr(sk_model, "feature_names_in_") or hasattr(example, "iloc"):
        wanted.add("pandas")
    parts = (sk_model, *sk_model.get_params(deep=True).values())
    modules = {type(part).__module__.partition(".")[0] for part in parts}.difference(_KNOWN_MODULES)
    if modules:
        owners = distributions.packages_distributions()
        wanted.update(owner for module in modules for owner in owners.get(module, ()))
    return requirements.pins(wanted)


def _infer(sk_model: Any, example: Any, predict: str) -> ModelSignature:
    return infer_signature(example, getattr(sk_model, predict)(example) if hasattr(sk_model, predict) else None)


def _describe(
    sk_model: Any, model: Model, *, form: str, types: list[str] | None, predict: str, code: str | None
) -> None:
    file = SKOPS_FILE if form == SKOPS else MODEL_FILE
    if hasattr(sk_model, predict):
        model.add_flavor(
            "python_function",
            loader_module="mlflow.sklearn",
            model_path=file,
            predict_fn=predict,
            python_version=platform.python_version(),
            env={"conda": requirements.CONDA_FILE, "virtualenv": requirements.PYTHON_FILE},
            **({"code": code} if code else {}),
        )
    model.add_flavor(
        FLAVOR,
        pickled_model=file,
        sklearn_version=distributions.version("scikit-learn"),
        serialization_format=form,
        code=code,
        skops_trusted_types=types,
    )
