"""What is installed here, beside what a model was saved with."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assay.core.errors import ConfigurationError
from assay.core.log import logger
from assay.flavors import requirements
from assay.flavors.requirements import REQUIREMENTS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PIN = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\[[^\]]*\])?\s*==\s*(?P<version>[^\s;#,]+)\s*(?:[;#].*)?")
_log = logger("flavors")


def warn_of_others(directory: Path, model_uri: str) -> None:
    """Warn, once, of the libraries whose version here is not the one that a model's requirements.txt names.

    What is not installed is not warned about: if loading needs it, the error names it.
    """
    others = [
        f"{name} {wanted} (here {found})"
        for name, wanted in _pins(directory).items()
        if (found := requirements.version(name)) and _public(found) != _public(wanted)
    ]
    if others:
        _log.warning(
            "The model at %r was saved with %s. It may fail, or predict otherwise: %s installs what it was saved with.",
            model_uri,
            ", ".join(others),
            install_all(directory),
        )


@contextmanager
def explained(directory: Path, model_uri: str) -> Iterator[None]:
    """What is missing while a model is loaded is named, with the command that installs it.

    Raises:
        ConfigurationError: a module is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        raise ConfigurationError(
            f"The model at {model_uri!r} needs the module {error.name!r}, which is not installed here. "
            f"Install it with: {_install(directory, module)}"
        ) from error


def _install(directory: Path, module: str) -> str:
    for name, version in _pins(directory).items():
        if name.lower().replace("-", "_") == requirements.distribution(module).lower().replace("-", "_"):
            return f"pip install {shlex.quote(f'{name}=={version}')}"
    if (directory / REQUIREMENTS_FILE).is_file():
        return install_all(directory)
    return f"pip install {shlex.quote(requirements.distribution(module))}"


def install_all(directory: Path) -> str:
    """The command that installs what a model was saved with."""
    return f"pip install -r {shlex.quote(str(directory / REQUIREMENTS_FILE))}"


def _pins(directory: Path) -> dict[str, str]:
    """The exact versions in a model's requirements, by distribution; other lines are left out."""
    lines = requirements.read(directory)
    return {found["name"]: found["version"] for line in lines if (found := _PIN.fullmatch(line))}


def _public(version: str) -> str:
    """A version without the part that says how it was built: 2.5.1 of 2.5.1+cpu."""
    return version.partition("+")[0]
