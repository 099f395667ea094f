"""Models that are Python: a class with `predict`, or a function. How they are called, and how they become files.

Pickles name the two base classes as MLflow does, so that a model saved by either is loaded by the other, whether or not
the other one is installed.
"""

from __future__ import annotations

import importlib
import inspect
import pickle
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import IO, TYPE_CHECKING, Any

from assay.core import errors
from assay.core.errors import InvalidParameterValue, NotSupported
from assay.core.lazy import require
from assay.data import schema, types
from assay.flavors import imports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assay.data.schema import ModelSignature

_HOME = "mlflow.pyfunc.model"
_CONTEXT = "context"
_PARAMS = "params"
_COMPRESSIONS = {"lzma": "lzma", "bzip2": "bz2", "gzip": "gzip"}
"""What MLflow may compress pickles by, and the modules that unpack it."""


@dataclass
class PythonModelContext:
    """What a model finds beside itself: `artifacts` maps names to local paths; `model_config` holds its settings."""

    artifacts: dict[str, str] = field(default_factory=dict)
    model_config: dict[str, Any] = field(default_factory=dict)


class PythonModel:
    """A model of your own: define `predict`, and `load_context` for what is loaded once.

    `predict` may leave out `context` and `params`. A hint such as `model_input: list[str]` becomes the signature.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Load what the predictions need, from `context.artifacts`; called once, before the first of them."""

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """The predictions for a batch of examples."""
        raise NotImplementedError(f"{type(self).__name__} defines no predict.")

    def predict_stream(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """The predictions one after the other; define it for a model that streams."""
        raise NotImplementedError(f"{type(self).__name__} defines no predict_stream.")


class FunctionModel(PythonModel):
    """A plain function as a model."""

    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = func
        self.signature: ModelSignature | None = None

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:  # type: ignore[override]
        """What the function returns; `params` go to a function that has such a parameter."""
        return call(self.func, model_input, params=params)


def of(given: Any) -> PythonModel:
    """The model in an object or a function.

    Raises:
        InvalidParameterValue: it is neither.
    """
    if isinstance(given, PythonModel):
        return given
    if callable(given) and not isinstance(given, type):
        return FunctionModel(given)
    raise InvalidParameterValue(
        f"python_model must be an instance of PythonModel, a function, or the path of a script, not {given!r:.100}."
    )


def call(
    function: Callable[..., Any],
    data: Any,
    *,
    params: Mapping[str, Any] | None,
    context: PythonModelContext | None = None,
) -> Any:
    """Call a prediction function with what it has parameters for."""
    names = list(inspect.signature(function).parameters)
    leading = [context] if names and names[0] == _CONTEXT else []
    return function(*leading, data, **({_PARAMS: dict(params or {})} if _PARAMS in names else {}))


def function_of(model: PythonModel) -> Callable[..., Any]:
    """The function that predicts, as its author wrote it: MLflow wraps it when it has type hints."""
    if isinstance(model, FunctionModel):
        function: Callable[..., Any] = inspect.unwrap(model.func)
        return function
    written: Any = inspect.unwrap(type(model).predict)
    bound: Callable[..., Any] = written.__get__(model)
    return bound


def stream_of(model: PythonModel) -> Callable[..., Any] | None:
    """The function that predicts one after the other, where the model's author wrote one."""
    own = type(model).predict_stream is not PythonModel.predict_stream
    return model.predict_stream if own else None


def input_name(function: Callable[..., Any]) -> str:
    """The parameter of a prediction function that takes the examples.

    Raises:
        InvalidParameterValue: it has none.
    """
    names = [name for name in inspect.signature(function).parameters if name not in (_CONTEXT, _PARAMS)]
    if not names:
        raise InvalidParameterValue("The function that predicts takes no input. Give it a parameter `model_input`.")
    return names[0]


class _Module:
    """Stands for the module of MLflow that has the base classes: whoever unpickles it imports that."""

    def __reduce__(self) -> tuple[Any, ...]:
        return importlib.import_module, (_HOME,)


def dump(model: PythonModel, file: IO[bytes], *, imported: set[str]) -> None:
    """Pickle a model by cloudpickle, with its base class named as MLflow names it.

    The modules that its code imports, and those that it holds on to, are added to `imported`.
    """
    base: Any = require("cloudpickle", extra="sklearn").CloudPickler
    named = {PythonModel: "PythonModel", FunctionModel: "_FunctionPythonModel"}

    class Pickler(base):  # type: ignore[misc]
        def reducer_override(self, obj: Any) -> Any:
            if isinstance(obj, type) and obj in named:
                return getattr, (_Module(), named[obj])
            if isinstance(obj, CodeType):
                imported.update(imports.of_code(obj))
            elif isinstance(obj, ModuleType):
                imported.add(obj.__name__)
            return super().reducer_override(obj)

    Pickler(file).dump(model)


def load(file: IO[bytes], *, compression: str | None = None) -> Any:
    """The model in a pickle, of Assay or of MLflow, without MLflow, which may have compressed it.

    Raises:
        NotSupported: it is compressed by what is not known.
    """
    if compression is None:
        return _Unpickler(file).load()
    if compression not in _COMPRESSIONS:
        known = ", ".join(_COMPRESSIONS)
        raise NotSupported(f"The model is compressed by {compression!r}, which is not known. Known: {known}.")
    with importlib.import_module(_COMPRESSIONS[compression]).open(file) as unpacked:
        return _Unpickler(unpacked).load()


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("importlib", "import_module"):
            return _import
        if module == _HOME or module.startswith("mlflow."):
            return getattr(_Names(), name)
        return super().find_class(module, name)


def _import(name: str) -> Any:
    return _Names() if name == _HOME else importlib.import_module(name)


class _Names:
    """Names of MLflow's in pickles: ours where we have them, else something that only looks like them.

    The latter belong to what MLflow wraps around functions with type hints, which is taken off before they are called.
    """

    def __getattr__(self, name: str) -> Any:
        ours = {
            "PythonModel": PythonModel,
            "PythonModelContext": PythonModelContext,
            "_FunctionPythonModel": FunctionModel,
            "MlflowException": errors.MlflowException,
        }
        known = ours.get(name) or getattr(schema, name, None) or getattr(types, name, None)
        return known or type(name, (_Unknown,), {})


class _Unknown:
    def __init__(self, *args: Any, **fields: Any) -> None:
        self.__dict__.update(fields, args=args)
