"""Which modules code imports, read from the code: nothing is run, and nothing is imported."""

from __future__ import annotations

import ast
import dis
import sys
from types import CodeType
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def foreign(names: set[str]) -> set[str]:
    """The top-level modules among these that neither Python nor Assay brings."""
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OWN
