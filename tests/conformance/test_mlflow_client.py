"""MLflow's client 3.17.2, unmodified, against our server: it does what it does against its own.

Each `check_*` function in `checks/` runs in a process where MLflow is installed and Assay is not.
"""

from __future__ import annotations

import pytest

from .found import CHECKS as DIRECTORY
from .found import checks_of

BUCKET = "bucket"
"""The module of checks for a server that keeps artifacts in a bucket; those of `artifacts` hold there too."""
WITH_USERS = ("people", "users", "users_before_3_13")
"""Those for a server with users: see `test_users.py`."""
FOUND = [
    (file.stem, name)
    for file in sorted(DIRECTORY.glob("*.py"))
    if file.stem not in WITH_USERS
    for name in checks_of(file.stem)
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
