"""The checks that a module of `checks/` has: it can only be imported where MLflow is."""

from __future__ import annotations

import ast
from pathlib import Path

CHECKS = Path(__file__).parent / "checks"


def checks_of(module):
    """Names of the checks in it, imported ones too, in order."""
    names = []
    for node in ast.parse((CHECKS / f"{module}.py").read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.ImportFrom):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.startswith("check_")]
