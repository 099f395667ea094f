"""What loading the library costs, and where late imports and catch-alls may stand."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src/assay"
SOURCES = sorted(ROOT.rglob("*.py"))
LATE_IMPORTS = ("cli/*", "flavors/*", "autologging/*", "*/open.py", "client/transport/__init__.py", "client/frames.py")
CATCH_ALL = (
    "client/monitor.py",
    "core/parallel.py",
    "autologging/artist.py",
    "autologging/patching.py",
    "server/errors.py",
    "store/jobs.py",
    "client/writer.py",
)
HEAVY = {"asyncio", "ssl", "sqlite3", "click", "yaml", "numpy", "pandas", "sklearn", "starlette", "uvicorn"}
COUNT = """
import json, sys
before = set(sys.modules)
{code}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _loaded(code: str) -> set[str]:
    result = subprocess.run([sys.executable, "-c", COUNT.format(code=code)], check=True, capture_output=True, text=True)
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_import_is_light() -> None:
    loaded = _loaded("import assay")
    assert not loaded & HEAVY
    assert len(loaded) < 80


def test_the_first_names_are_light() -> None:
    loaded = _loaded("import assay as mlflow\nmlflow.start_run, mlflow.log_metric, mlflow.set_tracking_uri")
    assert not loaded & HEAVY


def test_the_commands_are_loaded_when_used() -> None:
    loaded = _loaded(
        "from assay.cli.main import cli\ntry: cli(['--help'])\nexcept SystemExit: pass",
    )
    assert not loaded & {"starlette", "uvicorn", "sqlite3", "numpy", "assay.client.fluent"}


def _matches(path: Path, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(_name(path), pattern) for pattern in patterns)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_late_imports_stand_in_their_homes(path: Path) -> None:
    if _matches(path, LATE_IMPORTS):
        return
    late = [
        node.lineno
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not late, f"{_name(path)} imports inside a function at lines {late}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_catch_alls_stand_in_their_homes(path: Path) -> None:
    if _matches(path, CATCH_ALL):
        return
    caught = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
    ]
    assert not caught, f"{_name(path)} catches everything at lines {caught}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_only_settings_read_the_environment(path: Path) -> None:
    if _name(path) == "core/setting.py":
        return
    reads = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"))
    ]
    assert not reads, f"{_name(path)} reads the environment at lines {reads}; make it a row in core/settings.py"
