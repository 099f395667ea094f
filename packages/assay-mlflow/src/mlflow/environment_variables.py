"""MLflow's environment variables as objects, as far as Assay heeds them."""

from __future__ import annotations

import os
from typing import Any

from assay.core.settings import SETTINGS
from mlflow._offer import NotOffered


class EnvironmentVariable:
    """One variable: read, set and unset."""

    def __init__(self, name: str, default: Any) -> None:
        self.name = name
        self.type = type(default) if default is not None else str
        self.default = default

    @property
    def defined(self) -> bool:
        """Whether it is set."""
        return self.name in os.environ

    def is_set(self) -> bool:
        """Whether it is set."""
        return self.defined

    def get_raw(self) -> str | None:
        """Its text; None when it is not set."""
        return os.environ.get(self.name)

    def get(self) -> Any:
        """Its value, or the default; ValueError when the text is none of its type."""
        text = self.get_raw()
        if not text:
            return self.default
        if self.type is bool:
            if text.lower() not in ("true", "false", "1", "0"):
                raise ValueError(f"{self.name} is {text!r}, which is not true or false.")
            return text.lower() in ("true", "1")
        return self.type(text)

    def set(self, value: Any) -> None:
        """Set it, for this process and those that it starts."""
        os.environ[self.name] = str(value)

    def unset(self) -> None:
        """Take it back."""
        os.environ.pop(self.name, None)

    def __str__(self) -> str:
        return f"{self.name} (default: {self.default!r})"

    def __repr__(self) -> str:
        return repr(self.name)


_VARIABLES = {
    variable: EnvironmentVariable(variable, setting.default)
    for setting in SETTINGS.values()
    for variable in setting.variables
    if variable.startswith("MLFLOW_")
}


def __getattr__(name: str) -> EnvironmentVariable:
    if name in _VARIABLES:
        return _VARIABLES[name]
    if name.startswith("MLFLOW_"):
        raise NotOffered(f"{__name__}.{name} is not offered: Assay does not heed this variable.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_VARIABLES)
