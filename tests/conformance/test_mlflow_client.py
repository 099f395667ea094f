"""MLflow's client 3.17.2, unmodified, against our server: it does what it does against its own.

Each `check_*` function in `checks/` runs in a process where MLflow is installed and Assay is not.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

BUCKET = "bucket"
"""The module of checks for a server that keeps artifacts in a bucket; those of `artifacts` hold there too."""
FOUND = [
    (file.stem, node.name)
    for file in sorted((Path(__file__).parent / "checks").glob("*.py"))
    for node in ast.parse(file.read_text()).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")
]
CHECKS = [check for check in FOUND if check[0] != BUCKET]
BUCKET_CHECKS = [check for check in FOUND if check[0] in (BUCKET, "artifacts")]


@pytest.mark.xdist_group("conformance")
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("module", "name"), CHECKS, ids=[f"{module}-{name[6:]}" for module, name in CHECKS])
def test_mlflow_client(mlflow_client, module, name):
    failure = mlflow_client.check(module, name)
    assert failure is None, failure


@pytest.mark.xdist_group("conformance")
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("module", "name"), BUCKET_CHECKS, ids=[f"{module}-{name[6:]}" for module, name in BUCKET_CHECKS]
)
def test_mlflow_client_of_a_bucket(mlflow_client_of_bucket, module, name):
    failure = mlflow_client_of_bucket.check(module, name)
    assert failure is None, failure
