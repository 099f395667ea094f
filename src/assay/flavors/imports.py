"""Which modules code imports, read from the code: nothing is run, and nothing is imported."""

from __future__ import annotations

import ast
import dis
import importlib.util
import sys
import sysconfig
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.flavors import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = frozenset({"assay", "mlflow"})
"""Not counted as requirements of a model, which loads without either."""


def of_code(code: CodeType) -> set[str]:
    """The modules that a function's code imports when it is run, and the code of what it defines."""
    found = {str(step.argval) for step in dis.get_instructions(code) if step.opname == "IMPORT_NAME" and step.argval}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= of_code(constant)
    return found


def of_files(path: Path) -> set[str]:
    """The modules that a Python file imports, or all those below a directory, but for each other.

    Raises:
        InvalidParameterValue: a file is no Python of this version.
    """
    if path.is_file():
        return set(_of_text(path))
    files = sorted(path.rglob("*.py"))
    own = {file.relative_to(path).with_suffix("").parts[0] for file in files}
    return {name for file in files for name in _of_text(file) if name.partition(".")[0] not in own}


def _of_text(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes(), filename=file.name)
    except SyntaxError as error:
        raise InvalidParameterValue(f"The file {file.name!r} is no Python that can run here: {error}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def local_files(names: set[str]) -> list[Path]:
    """The files and packages of these modules, and of those that they import, which no installed distribution brings.

    They are looked for where Python would import them from.
    """
    found: dict[str, Path] = {}
    waiting = foreign(names)
    while waiting:
        name = waiting.pop()
        place = _place(name)
        if place is not None and not requirements.providers({name}):
            found[name] = place
            waiting |= foreign(of_files(place)) - found.keys()
    return [found[name] for name in sorted(found)]


def _place(name: str) -> Path | None:
    """The file of a module or the directory of a package; None where it has none, or is among what is installed."""
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # a module without a specification, such as __main__
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    file = Path(spec.origin)
    installed = (sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib"))
    if any(file.is_relative_to(directory) for directory in installed):
        return None
    return file.parent if spec.submodule_search_locations else file


def foreign(names: set[str]) -> set[str]:
    """The top-level modules among these that neither Python nor Assay brings."""
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OWN
