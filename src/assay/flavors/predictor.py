"""Loaded models: how a saved model of any library predicts, and the check of what comes to it."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, NotSupported
from assay.data.enforcement import enforce_input, enforce_values
from assay.data.prediction_params import enforce_params
from assay.data.type_hints import item_class
from assay.flavors import FLAVORS, pickles, python_model, scripts
from assay.flavors.python_model import PythonModel, PythonModelContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assay.flavors.mlmodel import Model

FLAVOR = "python_function"
PYTHON = "mlflow.pyfunc.model"
SCRIPT = "mlflow.pyfunc.loaders.code_model"
"""The modules of MLflow's that load models of one's own, from pickles and scripts; the MLmodel file names them."""


class Loaded(NamedTuple):
    """A model in memory, and how it predicts."""

    raw: Any
    predict: Callable[[Any, dict[str, Any]], Any]
    stream: Callable[[Any, dict[str, Any]], Iterator[Any]] | None = None
    item: Any = None


class PyFuncModel:
    """A loaded model of any library: `predict` takes what its signature asks for."""

    def __init__(self, metadata: Model, loaded: Loaded, config: dict[str, Any], directory: Path) -> None:
        self.metadata = metadata
        self.model_config = config
        self._loaded = loaded
        self._directory = directory

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """The predictions for a batch of examples.

        With a signature, columns are put into its order and further ones dropped, types widened where nothing is lost,
        and `params` filled up with defaults; without one, the data goes to the model as it is.

        Raises:
            InvalidParameterValue: the data or a param does not fit the signature; says where.
        """
        return self._loaded.predict(self._input(data), self._params(params))

    def predict_stream(self, data: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """The predictions one after the other, by the model's `predict_stream`.

        Raises:
            InvalidParameterValue: the data or a param does not fit the signature.
            NotSupported: the model has no `predict_stream`.
        """
        if self._loaded.stream is None:
            raise NotSupported("The model has no predict_stream. Call predict.")
        return self._loaded.stream(self._input(data), self._params(params))

    @property
    def model_id(self) -> str | None:
        """The id of the logged model, where it is one."""
        return self.metadata.model_id

    @property
    def input_example(self) -> Any:
        """The input example saved with the model, None where there is none."""
        return self.metadata.load_input_example(self._directory)

    @property
    def loader_module(self) -> str:
        """The module of MLflow that would load it."""
        name: str = self.metadata.flavor(FLAVOR)["loader_module"]
        return name

    def unwrap_python_model(self) -> PythonModel:
        """The `PythonModel` inside.

        Raises:
            InvalidParameterValue: it is a model of a library.
        """
        if not isinstance(self._loaded.raw, PythonModel):
            raise InvalidParameterValue("The model is of a library, and no PythonModel. get_raw_model gives it.")
        return self._loaded.raw

    def get_raw_model(self) -> Any:
        """The model as its library has it."""
        return self._loaded.raw

    def __repr__(self) -> str:
        return f"PyFuncModel(loader_module={self.loader_module!r}, model_id={self.model_id!r})"

    def _input(self, data: Any) -> Any:
        schema = self.metadata.get_input_schema()
        if schema is None or not len(schema):
            return data
        if not self.metadata.is_signature_from_type_hint:
            return enforce_input(data, schema)
        values = enforce_values(data, schema)
        return values if self._loaded.item is None else [self._loaded.item.model_validate(one) for one in values]

    def _params(self, params: dict[str, Any] | None) -> dict[str, Any]:
        return enforce_params(params, self.metadata.get_params_schema())


def library(fields: Mapping[str, Any]) -> Any:
    """The flavor of a model of a library, None for a model that is its writer's code.

    Raises:
        NotSupported: the library is not known here.
    """
    loader = fields["loader_module"]
    if loader in (PYTHON, SCRIPT) or not loader.startswith("mlflow."):
        return None
    found = FLAVORS.get(loader.removeprefix("mlflow."))
    if found is None:
        raise NotSupported(f"Models loaded by {loader} are not supported. Supported: {', '.join(FLAVORS)}, and Python.")
    return found


def loaded(directory: Path, fields: Mapping[str, Any], config: dict[str, Any]) -> Loaded:
    """Load what lies in a model's directory; `fields` are those of its python_function flavor.

    Raises:
        NotSupported: it is of a library that Assay does not know.
        DataLoss: its file is damaged.
    """
    found = library(fields)
    if found is not None:
        module = importlib.import_module(found.module)
        if hasattr(module, "as_function"):
            return Loaded(*module.as_function(directory, config))
        raw = module.load_model(str(directory))
        if method := fields.get("predict_fn"):
            return Loaded(raw, lambda data, params: getattr(raw, method)(data, **params))
        return Loaded(raw, lambda data, _: module.predict(raw, data))
    if fields["loader_module"] in (PYTHON, SCRIPT):
        return _python(directory, fields, config)
    data = directory / fields["data"] if fields.get("data") else directory
    raw = importlib.import_module(fields["loader_module"])._load_pyfunc(str(data))  # noqa: SLF001 -- MLflow's name
    return Loaded(raw, lambda data, params: python_model.call(raw.predict, data, params=params))


def _python(directory: Path, fields: Mapping[str, Any], config: dict[str, Any]) -> Loaded:
    if fields.get("model_code_path"):
        model = scripts.run(directory / Path(fields["model_code_path"]).name, config)
    else:
        file = directory / checked_path(fields["python_model"])
        load = partial(python_model.load, compression=fields.get("python_model_compression"))
        model = pickles.read(file, form=pickles.CLOUDPICKLE, load=load)
    kept = fields.get("artifacts") or {}
    places = {name: str(directory / checked_path(one["path"])) for name, one in kept.items()}
    context = PythonModelContext(places, config)
    model.load_context(context)
    function = python_model.function_of(model)
    stream = python_model.stream_of(model)
    return Loaded(
        model,
        lambda data, params: python_model.call(function, data, params=params, context=context),
        stream and (lambda data, params: python_model.call(stream, data, params=params, context=context)),
        item_class(function, python_model.input_name(function)),
    )
