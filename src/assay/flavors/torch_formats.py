"""How PyTorch modules are written and read: as pickles, as TorchScript, and as programs that `torch.export` makes.

The files of a model lie in its directory `data`: `model.pth` (a pickle or TorchScript) with `pickle_module_info.txt`,
or `model.pt2` (a program). TorchScript and programs hold the model's computations, without the classes behind them.
"""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataLoss, InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.flavors import pickles, torch_programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

FLAVOR = "pytorch"
MODEL_FILE = "model.pth"
PROGRAM_FILE = "model.pt2"
PICKLER_FILE = "pickle_module_info.txt"
PICKLER = "mlflow.pytorch.pickle_module"
"""What MLflow unpickles by, unless the writer chose another module."""
STATE_FILE = "state_dict.pth"

_EXPORT_ERRORS = (RuntimeError, TypeError, ValueError, AttributeError, AssertionError)


def library() -> Any:
    """PyTorch.

    Raises:
        ConfigurationError: it is not installed.
    """
    return require("torch", extra=FLAVOR)


def write_module(model: Any, directory: Path, *, pickler: ModuleType | None, arguments: Mapping[str, Any]) -> set[str]:
    """Write a module as a pickle, or as TorchScript if it is some; gives the modules that loading it imports.

    Raises:
        InvalidParameterValue: it cannot be pickled.
    """
    torch = library()
    directory.mkdir()
    file = directory / MODEL_FILE
    (directory / PICKLER_FILE).write_text(pickler.__name__ if pickler else PICKLER, encoding="utf-8")
    if isinstance(model, torch.jit.ScriptModule):
        model.save(str(file))
        return set()
    module = pickler or require("cloudpickle", extra=FLAVOR)
    form = pickles.PICKLE if pickler else pickles.CLOUDPICKLE
    pickles.write(
        model, file, form=form, dump=lambda one, opened: torch.save(one, opened, pickle_module=module, **arguments)
    )
    return {"cloudpickle"} | _named(file)


def _named(file: Path) -> set[str]:
    """The modules that the pickle within a file of PyTorch's names; none in the form before PyTorch 1.6."""
    if not zipfile.is_zipfile(file):
        return set()
    with zipfile.ZipFile(file) as archive:
        inner = file.with_suffix(".inner")
        inner.write_bytes(archive.read(next(name for name in archive.namelist() if name.endswith("/data.pkl"))))
    try:
        return pickles.imports(inner)
    finally:
        inner.unlink()


def write_program(model: Any, directory: Path, *, example: Any) -> None:
    """Trace what a module does with an example, in evaluation mode, and write that.

    The number of examples may be another one later: the first dimension of each tensor is left open.

    Raises:
        InvalidParameterValue: the module does what cannot be traced.
    """
    torch = library()
    with evaluating(model):
        try:
            program = _traced(model, example)
        except _EXPORT_ERRORS as error:
            reason = str(error).strip().partition("\n")[0]
            raise InvalidParameterValue(
                f"The model cannot be traced by torch.export: {reason} Use serialization_format='pickle'."
            ) from error
    directory.mkdir()
    torch.export.save(program, str(directory / PROGRAM_FILE))


def _traced(model: Any, example: Any) -> Any:
    torch = library()
    single = not isinstance(example, dict)
    given = tensors({"": example} if single else example, model)
    free = {name: {0: torch.export.Dim.AUTO} if one.dim() else None for name, one in given.items()}
    given = {name: torch.cat([one, one]) if one.dim() and len(one) == 1 else one for name, one in given.items()}
    if single:  # of one example alone, PyTorch would take the number of examples as fixed
        return torch.export.export(model, (given[""],), dynamic_shapes=(free[""],))
    return torch.export.export(model, (), given, dynamic_shapes=free)


def tensors(given: Mapping[str, Any], model: Any) -> dict[str, Any]:
    """Arrays as tensors, on the device of a model."""
    torch = library()
    weights = next((one for part in (model.parameters(), model.buffers()) for one in part), None)
    device = "cpu" if weights is None else weights.device
    return {
        name: (one if isinstance(one, torch.Tensor) else torch.tensor(one)).to(device) for name, one in given.items()
    }


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Have a module in evaluation mode for the block; a program has but one mode."""
    torch = library()
    if isinstance(model, torch.fx.GraphModule):
        yield
        return
    before = [(one, one.training) for one in model.modules()]
    model.eval()
    try:
        yield
    finally:
        if before[0][1]:
            model.train()
        for one, training in before:
            one.training = training


def read(directory: Path, model_uri: str, arguments: Mapping[str, Any]) -> Any:
    """The module in a directory; `arguments` are those of `torch.load`.

    Raises:
        ResourceDoesNotExist: there is none.
        ConfigurationError: loading it may run code of its writer, and the settings do not allow that.
        DataLoss: the file is damaged.
    """
    try:
        if (directory / PROGRAM_FILE).is_file():
            return _read_program(directory / PROGRAM_FILE, model_uri)
        if not (directory / MODEL_FILE).is_file():
            raise ResourceDoesNotExist(f"The model at {model_uri!r} lacks its file {MODEL_FILE!r}.")
        return _read_module(directory / MODEL_FILE, model_uri, arguments)
    except (zipfile.BadZipFile, RuntimeError, KeyError) as error:
        raise DataLoss(f"The model in {str(directory)!r} is damaged: {error}") from error


def _read_program(file: Path, model_uri: str) -> Any:
    if not torch_programs.is_data(file):
        pickles.check_allowed(model_uri, what="is a program with more in it than tensors and PyTorch's own operators")
    return library().export.load(str(file)).module()


def _read_module(file: Path, model_uri: str, arguments: Mapping[str, Any]) -> Any:
    torch = library()
    pickles.check_allowed(model_uri)
    place = {} if torch.cuda.is_available() else {"map_location": "cpu"}
    if _is_script(file):
        return torch.jit.load(str(file), **{**place, **{key: arguments[key] for key in place.keys() & arguments}})
    options = {**place, "weights_only": False, **arguments}
    return pickles.read(file, form=pickles.CLOUDPICKLE, load=lambda opened: torch.load(opened, **options))


def _is_script(file: Path) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def read_state(file: Path, arguments: Mapping[str, Any]) -> Any:
    """Tensors by name, as PyTorch's restricted reader has them; what it refuses is read as pickles are, by rule.

    Raises:
        ConfigurationError: it holds more than tensors, and the settings do not allow to load pickles.
        DataLoss: the file is damaged.
    """
    torch = library()

    def load(*, weights_only: bool) -> Any:
        def read_from(opened: Any) -> Any:
            return torch.load(opened, **{"weights_only": weights_only, **arguments})

        return pickles.read(file, form=pickles.PICKLE, load=read_from)

    try:
        try:
            return load(weights_only=True)
        except DataLoss:
            pickles.check_allowed(str(file))
            return load(weights_only=False)
    except RuntimeError as error:
        raise DataLoss(f"The file {str(file)!r} is damaged: {error}") from error
