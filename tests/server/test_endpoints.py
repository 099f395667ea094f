"""Every endpoint of MLflow is answered: by what it does, or by saying in MLflow's words that it is not here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.server.routes import Routes

ENDPOINTS = [
    line.split() for line in (Path(__file__).parents[2] / "tools/mlflow_endpoints.txt").read_text().splitlines()
]
OTHERS = ("/", "/health", "/version")


@pytest.fixture(scope="module")
def routes():
    return Routes()


def test_each_endpoint_is_served_or_said_to_be_absent(http_, routes):
    wrong = []
    for method, path in ENDPOINTS:
        address = re.sub(r"\{\w+\}", "x", path)
        found = routes.find(address.encode())
        if address in OTHERS or (found is not None and method in found[0]):
            continue
        answer = http_.send(method, address)
        if (answer.status, answer.json.get("error_code")) != (501, "NOT_IMPLEMENTED"):
            wrong.append(f"{method} {path}: {answer.status}")
    assert not wrong
