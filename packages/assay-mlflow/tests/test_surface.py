"""What the package offers has MLflow's names and signatures; the rest says that it is not there."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient, MlflowException, artifacts, sklearn
from mlflow.exceptions import RestException

SURFACE = json.loads((Path(__file__).parent / "mlflow-3.17.2.json").read_text())
"""MLflow's functions and methods in scope with their parameters, as [name, kind, default] each."""

FEWER = {
    "log_image": "images over steps come later",
    "log_model": "unknown arguments are errors",
}
"""Functions that lack some of MLflow's parameters, and why. The list may only shrink."""


def parameters(function):
    found = [
        [one.name, one.kind.name.lower(), "<required>" if one.default is one.empty else one.default]
        for one in inspect.signature(function).parameters.values()
    ]
    return json.loads(json.dumps(found))


def check_parameters(name, ours, theirs):
    if name in FEWER:
        shared = [one[0] for one in theirs if one[0] in {own[0] for own in ours}]
        assert [one[0] for one in ours] == shared
    else:
        assert ours == theirs


def functions(home, recorded):
    return [(name, getattr(home, name), recorded[name]) for name in recorded if name in dir(home) and recorded[name]]


OFFERED = [
    *(("mlflow", *found) for found in functions(mlflow, SURFACE["mlflow"])),
    *(("sklearn", *found) for found in functions(sklearn, SURFACE["sklearn"])),
    *(("artifacts", *found) for found in functions(artifacts, SURFACE["artifacts"])),
]


@pytest.mark.parametrize(
    ("name", "function", "theirs"), [found[1:] for found in OFFERED], ids=[".".join(found[:2]) for found in OFFERED]
)
def test_functions_take_what_they_take_in_mlflow(name, function, theirs):
    check_parameters(name, parameters(function), theirs)


@pytest.mark.parametrize("name", sorted(set(dir(MlflowClient)) & set(SURFACE["MlflowClient"])))
def test_methods_take_what_they_take_in_mlflow(name):
    check_parameters(name, parameters(getattr(MlflowClient, name))[1:], SURFACE["MlflowClient"][name])


def test_what_is_not_offered_yet_says_so():
    missing = [name for name in SURFACE["mlflow"] if name not in dir(mlflow)]
    assert "autolog" in missing
    for name in missing:
        assert not hasattr(mlflow, name)
        with pytest.raises(MlflowException, match=rf"mlflow\.{name} is not offered"):
            getattr(mlflow, name)
    with pytest.raises(MlflowException, match=r"mlflow\.sklearn\.autolog is not offered"):
        sklearn.autolog()


def test_a_misspelt_name_is_a_plain_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'log_metirc'"):
        mlflow.log_metirc("a", 1)


def test_mlflow_exceptions_catch_what_assay_raises():
    client = MlflowClient("runs")
    with pytest.raises(MlflowException) as caught:
        client.get_run("f" * 32)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert caught.value.get_http_status_code() == 404
    with pytest.raises(RestException):
        client.get_experiment("999")


def test_mlflow_exceptions_can_be_raised():
    from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, ErrorCode

    error = MlflowException("wrong", error_code=INVALID_PARAMETER_VALUE)
    assert error.error_code == ErrorCode.Name(INVALID_PARAMETER_VALUE) == "INVALID_PARAMETER_VALUE"
    assert MlflowException("odd").error_code == "INTERNAL_ERROR"
    assert MlflowException.invalid_parameter_value("x").error_code == "INVALID_PARAMETER_VALUE"


def test_paths_that_other_projects_import():
    from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
    from mlflow.models import Model, ModelSignature, infer_signature
    from mlflow.models.signature import infer_signature as the_same
    from mlflow.store.entities import PagedList
    from mlflow.tracking import MlflowClient as TrackingClient
    from mlflow.tracking.client import MlflowClient as OldClient
    from mlflow.tracking.fluent import log_metric
    from mlflow.types import Schema
    from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
    from mlflow.version import VERSION

    assert TrackingClient is OldClient is MlflowClient
    assert infer_signature is the_same
    assert log_metric is mlflow.log_metric
    assert MLFLOW_PARENT_RUN_ID == "mlflow.parentRunId"
    assert mlflow.__version__ == VERSION == "3.17.2"
    assert (ViewType.ALL, RunStatus.to_string(3)) == (3, "FINISHED")
    assert all((Metric, Param, RunTag, Model, ModelSignature, PagedList, Schema))


def child(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"PATH": "", **environment}
    )


def test_import_is_light():
    done = child("import mlflow, mlflow.sklearn, sys; print(len(sys.modules), *sys.modules)")
    assert done.returncode == 0, done.stderr
    heavy = {"sklearn", "numpy", "pandas", "yaml", "click", "ssl", "asyncio", "starlette", "sqlite3"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("distribution", ["mlflow-3.17.2", "mlflow_skinny-2.9.0"])
def test_it_does_not_work_beside_mlflow_itself(tmp_path, distribution):
    (tmp_path / f"{distribution}.dist-info").mkdir()
    done = child("import mlflow", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "ImportError: " + distribution.split("-")[0].replace("_", "-") in done.stderr
    assert "pip uninstall" in done.stderr


def test_the_command_is_assays():
    command = Path(sys.executable).with_name("mlflow")
    shown = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "Usage: mlflow" in shown
    assert {"server", "ui", "experiments", "runs", "artifacts"} <= set(shown.split())
    wrong = subprocess.run([command, "runs", "list"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
