"""Environments of other programs, to try Assay against them: made once from packages by name, and kept."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MLFLOW_CLIENT = "mlflow-skinny==3.17.2"
"""The client of MLflow that Assay is tried with."""


def made_environment(*requirements: str, under: Path) -> Path:
    """The interpreter of an environment with these packages, below a directory that is kept between sessions.

    Processes that want the same one wait for the first of them to make it.
    """
    name = hashlib.sha256(" ".join((*requirements, sys.version)).encode()).hexdigest()[:12]
    home = under / f"conformance-{name}"
    python = home / "bin" / "python"
    under.mkdir(exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)  # noqa: S603 -- our own
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
            subprocess.run(install, check=True)  # noqa: S603 -- packages by name
            (home / "complete").touch()
    return python
