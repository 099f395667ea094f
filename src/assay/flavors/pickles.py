"""Models written as pickles: the one door through which they are written and read.

Loading a pickle runs code of whoever wrote it: by itself, that is done only with a user's own models.
"""

from __future__ import annotations

import pickle
import pickletools
from collections import deque
from typing import IO, TYPE_CHECKING, Any

from assay.core import settings
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue
from assay.core.lazy import require
from assay.core.setting import ALWAYS, OWN
from assay.flavors import installed, ownership

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CLOUDPICKLE = "cloudpickle"
PICKLE = "pickle"
FORMATS = (CLOUDPICKLE, PICKLE)

_TEXTS = ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8")
_RECALLS = ("BINGET", "LONG_BINGET")


def check_allowed(model_uri: str, *, what: str = "is a pickle") -> None:
    """Refuse to load what runs code, unless it is the user's own, or as the settings say; `what` says why it does.

    Raises:
        ConfigurationError: it is somebody else's and MLFLOW_ALLOW_PICKLE_DESERIALIZATION is not true; or that is false.
    """
    rule = settings.allow_pickle_deserialization.get()
    if rule == ALWAYS or (rule == OWN and ownership.is_own(model_uri)):
        return
    found = "it is not known to be your own" if rule == OWN else "that is forbidden here"
    raise ConfigurationError(
        f"The model at {model_uri!r} {what}, loading it runs code of whoever wrote it, and {found}. "
        "Set MLFLOW_ALLOW_PICKLE_DESERIALIZATION=true to load models that you trust."
    )


def write(model: Any, file: Path, *, form: str, dump: Callable[[Any, IO[bytes]], object] | None = None) -> None:
    """Write a model into a file as `cloudpickle` or `pickle`, by `dump` where a flavor has one of its own.

    Raises:
        InvalidParameterValue: it cannot be pickled.
    """
    pickler: Any = pickle if form == PICKLE else require("cloudpickle", extra="sklearn")
    try:
        with file.open("wb") as opened:
            (dump or pickler.dump)(model, opened)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise InvalidParameterValue(
            f"The model cannot be saved with {form}: {error}. Leave out what cannot be pickled, such as open files, "
            "locks and (for pickle) functions without a module."
        ) from error


def imports(file: Path) -> set[str]:
    """The top-level modules that loading a pickle imports, read from its instructions; nothing is loaded."""
    found: set[str] = set()
    memo: dict[Any, str | None] = {}
    texts: deque[str] = deque(maxlen=2)
    latest: str | None = None
    with file.open("rb") as opened:
        for operation, argument, _ in pickletools.genops(opened):
            if operation.name == "MEMOIZE":
                memo[len(memo)] = latest
                continue
            if operation.name == "GLOBAL":
                found.add(str(argument).partition(" ")[0])
            elif operation.name == "STACK_GLOBAL":
                found.add(texts[0])
            latest = _text(operation.name, argument, memo)
            if latest is not None:
                texts.append(latest)
    return {module.partition(".")[0] for module in found}


def _text(operation: str, argument: Any, memo: Mapping[Any, str | None]) -> str | None:
    """The text that an instruction of a pickle puts on the stack, if it is one."""
    if operation in _RECALLS:
        return memo.get(argument)
    return str(argument) if operation in _TEXTS else None


def read(file: Path, *, form: str, load: Callable[[IO[bytes]], Any] = pickle.load) -> Any:
    """The model in a file, read by `load`; `check_allowed` comes first.

    Raises:
        DataLoss: the file is damaged.
        ConfigurationError: what it names is not installed.
    """
    if form == CLOUDPICKLE:
        require("cloudpickle", extra="sklearn")
    try:
        with file.open("rb") as opened, installed.explained(file.parent, str(file)):
            return load(opened)
    except (pickle.UnpicklingError, EOFError) as error:
        raise DataLoss(f"The model file {str(file)!r} is damaged: {error}") from error
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"The model file {str(file)!r} needs what the modules here do not have: {error}. Load it where its classes "
            f"are defined, with the libraries it was saved with: {installed.install_all(file.parent)}"
        ) from error
