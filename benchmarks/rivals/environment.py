"""A virtual environment for each rival, so that none can disturb another."""

import subprocess
import sys
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.processes import CACHE


def environment(name: str) -> Path:
    """The directory of the executables of a rival's environment, made or not."""
    return CACHE / "rivals" / name / "bin"


def install(name: str, *, requirement: str) -> None:
    """Make the environment called `name` with `requirement` in it, unless it has it.

    Raises:
        BenchmarkError: The environment could not be made or filled.
    """
    binaries = environment(name)
    installed = binaries.parent / "installed.txt"
    if installed.exists() and installed.read_text() == requirement:
        return
    print(f"Installing {requirement} into {binaries.parent} (once) ...", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(binaries.parent)])
    _run([str(binaries / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement])
    installed.write_text(requirement)


def _run(arguments: list[str]) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"`{' '.join(arguments)}` failed:\n{done.stderr[-2000:]}")
