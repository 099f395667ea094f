"""Models that are scripts: a program says by `set_model` what the model is, and reads settings by `ModelConfig`."""

from __future__ import annotations

import importlib.util
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core import ids, uri
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.flavors import python_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.flavors.python_model import PythonModel

_model: ContextVar[PythonModel | None] = ContextVar("assay_model", default=None)
_settings: ContextVar[Mapping[str, Any] | None] = ContextVar("assay_model_settings", default=None)


def set_model(model: Any) -> None:
    """Say, in a script that is a model's code, what the model is: a `PythonModel` or a function.

    Raises:
        InvalidParameterValue: it is neither.
    """
    _model.set(python_model.of(model))


class ModelConfig:
    """The settings of a model that is a script: what `model_config` says where the model is saved or loaded.

    While the script is run by itself, they are those of `development_config`, a dictionary or the path of a YAML file.

    Raises:
        ResourceDoesNotExist: the file does not exist.
        InvalidParameterValue: no settings are given, or they are no dictionary.

    Example:
        >>> ModelConfig(development_config={"depth": 3}).get("depth")
        3
    """

    def __init__(self, *, development_config: str | Path | Mapping[str, Any] | None = None) -> None:
        given = _settings.get()
        if given is None:
            given = read_settings(development_config)
        if not given:
            raise InvalidParameterValue(
                "The model has no settings. Give model_config where it is saved or loaded, and development_config "
                "where its script is run by itself."
            )
        self._values = dict(given)

    def get(self, key: str) -> Any:
        """The setting of this name.

        Raises:
            InvalidParameterValue: there is none.
        """
        if key not in self._values:
            raise InvalidParameterValue(f"The model has no setting {key!r}; it has: {', '.join(self._values)}.")
        return self._values[key]

    def to_dict(self) -> dict[str, Any]:
        """All settings."""
        return dict(self._values)


def read_settings(given: str | Path | Mapping[str, Any] | None) -> dict[str, Any]:
    """Settings that are given as a dictionary or as the path of a YAML file; none are an empty dictionary.

    Raises:
        ResourceDoesNotExist: the file does not exist.
        InvalidParameterValue: it holds no dictionary.
    """
    content: Any = given or {}
    if isinstance(given, str | Path):
        file = uri.local_path(str(given))
        if not file.is_file():
            raise ResourceDoesNotExist(f"The file of settings {str(given)!r} does not exist.")
        yaml = require("yaml", extra="sklearn")
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise InvalidParameterValue(f"The file of settings {str(given)!r} is no YAML: {error}") from error
    if not isinstance(content, dict):
        raise InvalidParameterValue(f"The settings of a model are a dictionary, not {content!r:.100}.")
    return content


def run(path: Path, settings: Mapping[str, Any]) -> PythonModel:
    """Run a script, and return the model that it hands to `set_model`.

    Raises:
        InvalidParameterValue: it hands over none.
    """
    name = f"assay_model_{ids.hex_id()}"
    spec: Any = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise InvalidParameterValue(f"The script {path.name!r} is no Python. Give a file that ends in .py.")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    before, given = _model.set(None), _settings.set(settings)
    try:
        spec.loader.exec_module(module)
        found = _model.get()
    finally:
        _model.reset(before)
        _settings.reset(given)
    if found is None:
        raise InvalidParameterValue(f"The script {path.name!r} does not call set_model. Call it with the model.")
    return found
