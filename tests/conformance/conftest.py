"""MLflow's own client, unmodified, in an environment of its own, and a real `assay server` for it to talk to."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from assay.testing.environments import MLFLOW_CLIENT, made_environment
from assay.testing.processes import ServerProcess

ENVIRONMENTS = Path(__file__).parents[2] / ".cache"
TRAINING = (
    *("torch==2.13.0", "lightning==2.6.6", "transformers==5.23.0", "accelerate==1.15.0"),
    *("optuna==5.0.0", "optuna-integration==5.0.0", "msgspec>=0.19", "click>=8.1"),
)
WORKER = Path(__file__).parent / "worker.py"


@pytest.fixture(scope="session")
def mlflow_python():
    """An interpreter with MLflow's client."""
    return made_environment(MLFLOW_CLIENT, under=ENVIRONMENTS)


@pytest.fixture(scope="session")
def training_python():
    """An interpreter with the libraries that log to MLflow by themselves, and what Assay's client needs; no tracker."""
    return made_environment(*TRAINING, under=ENVIRONMENTS)


@pytest.fixture(scope="session")
def assay_server(tmp_path_factory):
    """The address of an `assay server` in a process of its own."""
    with running_assay(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory, s3):
    """The address of an `assay server` that keeps artifacts in a bucket."""
    destination = f"{s3.bucket('conformance')}/kept"
    directory = tmp_path_factory.mktemp("bucket-server")
    with running_assay(directory, "--artifacts-destination", destination, **s3.environment) as url:
        yield url


@contextmanager
def running_assay(directory, *options, **more):
    """The address of a server in a process of its own, with these options and variables of the environment."""
    server = ServerProcess(directory, *options, environment=more)
    try:
        yield server.start().url
    finally:
        server.kill()


class MlflowClient:
    """A process in which MLflow is loaded once and runs one check after the other."""

    def __init__(self, python, tracking_uri, directory, **more):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "MLFLOW_TRACKING_URI": tracking_uri,
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
            "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }
        self._process = subprocess.Popen(
            [python, WORKER], cwd=directory, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def check(self, module, name):
        """Run one check; the traceback of its failure, or None."""
        self._process.stdin.write(json.dumps([module, name]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        return json.loads(answer) if answer else f"The process of MLflow's client died ({self._process.wait()})."

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


@pytest.fixture(scope="session")
def mlflow_client(mlflow_python, tmp_path_factory, assay_server):
    client = MlflowClient(mlflow_python, assay_server, tmp_path_factory.mktemp("mlflow"))
    yield client
    client.close()


@pytest.fixture(scope="session")
def mlflow_client_of_bucket(mlflow_python, tmp_path_factory, bucket_server):
    """MLflow's client, told to move large files past the server; it has no credentials of the bucket."""
    variables = {
        "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "true",
        "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "true",
        "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": "6000000",
        "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE": str(5 << 20),
        "MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE": "6000000",
        "MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE": "4000000",
    }
    client = MlflowClient(mlflow_python, bucket_server, tmp_path_factory.mktemp("mlflow-bucket"), **variables)
    yield client
    client.close()
