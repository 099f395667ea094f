"""Deep-learning libraries: the tests in `inside` run in an environment of their own, with a real MLflow beside them.

By hand: the environment's python -m pytest tests/deep/inside, with PYTHONPATH=src.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from assay.testing.environments import made_environment

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
LIBRARIES = (
    *("torch==2.13.0", "lightning==2.6.6", "transformers==5.23.0", "accelerate==1.15.0", "keras==3.15.1"),
    *("safetensors==0.8.0", "tensorboard==2.21.0", "mlflow==3.17.2"),
    *("pytest>=9,<9.2", "pytest-timeout>=2.4", "msgspec>=0.19", "click>=8.1", "obstore>=0.8", "skops>=0.11"),
)


@pytest.fixture(scope="session")
def deep_python():
    """An interpreter with the deep-learning libraries and MLflow; Assay comes to it by its path."""
    return made_environment(*LIBRARIES, under=REPOSITORY / ".cache")


@pytest.mark.timeout(900)  # the first time, the libraries are installed
@pytest.mark.xdist_group("deep")
def test_deep(deep_python, tmp_path, request):
    """One process for all: half of what a module takes by itself is the import of its libraries."""
    done = subprocess.run(
        [
            *(deep_python, "-m", "pytest", HERE / "inside", "-q", "-rs", "--durations=10", "-p", "no:cacheprovider"),
            *(f"--basetemp={tmp_path}/t", "--rootdir", REPOSITORY, "-c", REPOSITORY / "pyproject.toml"),
            *("-m", request.config.getoption("markexpr")),
        ],
        cwd=REPOSITORY,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": str(REPOSITORY / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout, done.stdout
