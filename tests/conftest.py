"""What every test gets: an environment without anyone's settings, and a directory of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ASSAY_", "MLFLOW_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSAY_SPOOL_DIR", str(tmp_path / "spool"))
    monkeypatch.chdir(tmp_path)
