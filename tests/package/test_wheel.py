"""`pip install .` gives a wheel with the web UI in it, built by Node from PyPI; it works in an empty environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITHOUT = ("node_modules", "dist", "static", "__pycache__", ".*", "demo", "tests", "benchmarks", "docs")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment into which a clean copy of the project was installed, without Node or npm in reach."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "assay"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*WITHOUT))
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv/bin"
    path = os.pathsep.join([str(programs), "/usr/bin", "/bin"])
    subprocess.run(
        [programs / "python", "-m", "pip", "install", "--quiet", f"{copy}[server]"],
        check=True,
        env={**os.environ, "PATH": path},
    )
    return programs


@pytest.mark.timeout(600)
def test_an_installed_wheel_serves_the_ui(environment: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [environment / "assay", "server", "--port", "0"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr
            line = server.stderr.readline()
            address = re.search(r"http://[\d.]+:\d+", line)
            assert address, line
            page = _get(address[0])
            assert '<div id="root"' in page
            scripts = re.findall(r'"(/assets/[^"]+\.js)"', page)
            assert sum(len(_get(address[0] + script)) for script in scripts) > 100_000
        finally:
            server.terminate()


def test_the_library_alone_is_small(environment: Path) -> None:
    listed = subprocess.run(
        [environment / "python", "-m", "pip", "list", "--format=freeze"], check=True, capture_output=True, text=True
    )
    names = {line.split("==")[0].lower() for line in listed.stdout.splitlines()}
    assert not names & {"numpy", "pandas", "sqlalchemy", "requests", "pydantic"}


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()
