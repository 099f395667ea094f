"""The environment of a saved model: what must be installed to load it, in the three files that MLflow writes.

Versions come from the metadata of what is installed here, so that writing them takes no time and imports nothing.
MLflow itself is not listed: a model loads without it, and Assay's `mlflow` package cannot be installed beside it.
"""

from __future__ import annotations

import platform
import re
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONDA_FILE = "conda.yaml"
PYTHON_FILE = "python_env.yaml"
REQUIREMENTS_FILE = "requirements.txt"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_RENAMED = {"sklearn": "scikit-learn", "yaml": "pyyaml"}


def pins(distributions: Iterable[str]) -> list[str]:
    """`name==version` of each distribution that is installed, sorted; the others are left out."""
    return sorted(f"{name}=={found}" for name in set(distributions) if (found := version(name)))


def providers(modules: Iterable[str]) -> set[str]:
    """The distributions that bring these modules; reads the metadata of all only where names differ."""
    wanted = {module.partition(".")[0] for module in modules}
    named = {distribution(module): module for module in wanted}
    found = {name for name in named if version(name)}
    if others := {named[name] for name in named if name not in found}:
        owners = metadata.packages_distributions()
        found.update(owner for module in others for owner in owners.get(module, ()))
    return found


def distribution(module: str) -> str:
    """The distribution that a module is first looked for in."""
    return _RENAMED.get(module, module)


def _pinned(distribution: str) -> str:
    found = version(distribution)
    return f"{distribution}=={found}" if found else distribution


def version(distribution: str) -> str | None:
    """The version of a distribution that is installed here, None when it is not."""
    try:
        return metadata.version(distribution).partition("+")[0]  # no index has local versions, such as 2.13.0+cpu
    except metadata.PackageNotFoundError:
        return None


def chosen(
    inferred: Sequence[str],
    *,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
) -> list[str]:
    """The requirements of a model: those given, or the inferred ones, and the extra ones.

    Lists may be given as the path of a requirements file.

    Raises:
        InvalidParameterValue: both are given, or a file that is named does not exist.
    """
    if pip_requirements is not None and extra_pip_requirements is not None:
        raise InvalidParameterValue("Give pip_requirements or extra_pip_requirements, not both.")
    if pip_requirements is not None:
        return _lines(pip_requirements)
    return [*inferred, *(line for line in _lines(extra_pip_requirements or ()) if line not in inferred)]


def named(requirement: str) -> str:
    """The distribution that a line of a requirements file names, as pip compares it."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else requirement


def read(directory: Path) -> list[str]:
    """The lines of the requirements file of a saved model; none where it has no such file."""
    file = directory / REQUIREMENTS_FILE
    return _lines(str(file)) if file.is_file() else []


def _lines(given: Sequence[str] | str) -> list[str]:
    if not isinstance(given, str):
        return list(given)
    path = Path(given)
    if not path.is_file():
        raise InvalidParameterValue(f"The requirements file {given!r} does not exist. Give a file, or a list of texts.")
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def write_environment(directory: Path, requirements: Sequence[str], *, conda_env: Any = None) -> None:
    """Write conda.yaml, python_env.yaml and requirements.txt into the directory of a model.

    `conda_env`, a dictionary or the path of a YAML file, takes the place of the conda environment made here, and its
    pip requirements that of `requirements`.

    Raises:
        InvalidParameterValue: `conda_env` is neither.
    """
    yaml = require("yaml", extra="sklearn")
    conda = default_conda_env(requirements) if conda_env is None else _given_conda_env(conda_env)
    if conda_env is not None:
        requirements = _pip_part(conda)
    python = {
        "python": platform.python_version(),
        "build_dependencies": [_pinned(name) for name in ("pip", "setuptools", "wheel")],
        "dependencies": [f"-r {REQUIREMENTS_FILE}"],
    }
    for name, content in ((CONDA_FILE, conda), (PYTHON_FILE, python)):
        (directory / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    (directory / REQUIREMENTS_FILE).write_text("".join(f"{line}\n" for line in requirements), encoding="utf-8")


def default_conda_env(requirements: Sequence[str]) -> dict[str, Any]:
    """The conda environment with this Python, pip, and the requirements installed by pip."""
    pip = version("pip")
    return {
        "name": "mlflow-env",
        "channels": ["conda-forge"],
        "dependencies": [
            f"python={platform.python_version()}",
            f"pip<={pip}" if pip else "pip",
            {"pip": list(requirements)},
        ],
    }


def _given_conda_env(given: Any) -> dict[str, Any]:
    if isinstance(given, str | Path):
        text = Path(given).read_text(encoding="utf-8")
        given = require("yaml", extra="sklearn").safe_load(text)
    if not isinstance(given, dict):
        raise InvalidParameterValue(f"conda_env must be a dictionary or the path of a YAML file, not {given!r:.100}.")
    return given


def _pip_part(conda: dict[str, Any]) -> list[str]:
    parts = (part["pip"] for part in conda.get("dependencies", ()) if isinstance(part, dict) and "pip" in part)
    return [requirement for part in parts for requirement in part]
