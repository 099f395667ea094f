"""Nothing that a client sends can become code in the server: it has no way to run a command or load a pickle.

That its modules import nothing of the kind is a contract of import-linter, in `pyproject.toml`.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

tomllib = pytest.importorskip("tomllib", reason="tomllib needs Python 3.11")

ROOT = Path(__file__).parents[2]
LAYERS = ("core", "wire", "search", "store", "blobs", "journal", "service", "server")
"""What a server is made of."""
SOURCES = [path for layer in LAYERS for path in sorted((ROOT / "src" / "assay" / layer).rglob("*.py"))]
RUNNING = {"eval", "exec", "compile", "__import__", "breakpoint"}
OF_OS = {"system", "popen", "posix_spawn", "posix_spawnp", "startfile"}
IMPORTING = {"core/lazy.py", "core/force.py"}
"""Where modules are imported by name: names that stand in tables of ours, and a module of the standard library."""
STATEMENT = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s+into\s|update\s\S+\sset\s|delete\s+from\s|(create|drop|alter)\s+table\s)",
    re.IGNORECASE | re.DOTALL,
)
MARKUP = re.compile(
    r"dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|\beval\(|new Function\("
)
LIBRARIES = ("numpy", "pandas", "sklearn", "torch", "cloudpickle", "joblib", "dill", "skops", "yaml", "mlflow", "PIL")


def test_import_linter_holds_what_the_layers_of_a_server_import() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["name"] == "The server runs no commands and loads no models"]
    assert set(contract["source_modules"]) == {f"assay.{layer}" for layer in LAYERS}
    assert {"pickle", "subprocess", "cloudpickle", "joblib", "dill", "yaml"} <= set(contract["forbidden_modules"])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src" / "assay").as_posix())
def test_no_text_becomes_code(path: Path) -> None:
    name = path.relative_to(ROOT / "src" / "assay").as_posix()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name):
            assert called.id not in RUNNING, (name, node.lineno)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            of, what = called.value.id, called.attr
            if of == "os":
                assert what not in OF_OS, (name, node.lineno)
                assert not what.startswith(("exec", "spawn")), (name, node.lineno)
            if of == "importlib" and what == "import_module":
                assert name in IMPORTING, (name, node.lineno)


def test_a_server_that_answers_has_loaded_no_library_of_models(tmp_path: Path) -> None:
    script = f"""
import json, sys, urllib.request
from pathlib import Path
from assay.testing.server import running_server
with running_server(Path({str(tmp_path)!r})) as server:
    for path in ("health", "api/2.0/mlflow/experiments/get?experiment_id=0"):
        urllib.request.urlopen(f"{{server.url}}/{{path}}").read()
print(json.dumps([name for name in {LIBRARIES!r} if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((ROOT / "src" / "assay").rglob("*.py")) if not {"store", "testing"} & set(path.parts)],
    ids=lambda path: path.relative_to(ROOT / "src" / "assay").as_posix(),
)
def test_sql_stands_in_the_store_alone(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [node.lineno for node in texts if STATEMENT.match(node.value)]


def test_text_becomes_markup_in_one_room_of_the_web_ui() -> None:
    sources = [path for path in (ROOT / "ui" / "src").rglob("*.ts*") if ".test." not in path.name]
    found = {path.name for path in sources if MARKUP.search(path.read_text("utf-8"))}
    assert found == {"safe-html.tsx"}
