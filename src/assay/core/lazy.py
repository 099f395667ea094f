"""Names resolved on first use (PEP 562), and optional dependencies with a helpful error."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType


def lazy_names(package: str, names: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for a package whose public `names` map to the modules that define them."""

    def module_getattr(name: str) -> Any:
        home = names.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = importlib.import_module(home)
        value = module if home == f"{package}.{name}" else getattr(module, name)
        importlib.import_module(package).__dict__[name] = value
        return value

    def module_dir() -> list[str]:
        return sorted(names)

    return module_getattr, module_dir


def require(module: str, *, extra: str) -> ModuleType:
    """Import an optional dependency.

    Raises:
        ConfigurationError: it is not installed; the message names the extra that brings it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        raise ConfigurationError(f"{module} is not installed. Install it with: pip install 'assay[{extra}]'") from error
