"""A server with users, as clients meet it: MLflow's of two generations, unmodified, and ours with its journal."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

from assay.testing.environments import made_environment

from .conftest import ENVIRONMENTS, MlflowClient, running_assay
from .found import checks_of

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("conformance")]

ADMIN = "admin"
OURS = Path(__file__).parent / "training" / "of_ours.py"
REPOSITORY = Path(__file__).parents[2]
PEOPLE = {"editor": "EDIT", "reader": "READ"}


def password_of(user):
    return f"the words of {user}"


class Person(NamedTuple):
    """Somebody who asks a server."""

    url: str
    name: str

    def ask(self, path, *, method="POST", **message):
        pair = base64.b64encode(f"{self.name}:{password_of(self.name)}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
        body = json.dumps(message).encode()
        asked = urllib.request.Request(f"{self.url}/api/{path}", body, headers, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="module")
def admin(tmp_path_factory):
    """The administrator of a server with users."""
    directory = tmp_path_factory.mktemp("with-users")
    with running_assay(directory, "--auth", MLFLOW_AUTH_ADMIN_PASSWORD=password_of(ADMIN)) as url:
        person = Person(url, ADMIN)
        for name in PEOPLE:
            person.ask("2.0/mlflow/users/create", username=name, password=password_of(name))
        yield person


@pytest.fixture
def experiment_id(request, admin):
    """An experiment on which each of `PEOPLE` has its level."""
    made = admin.ask("2.0/mlflow/experiments/create", name=request.node.name)["experiment_id"]
    for name, level in PEOPLE.items():
        grant = {"resource_type": "experiment", "resource_id": made, "permission": level}
        admin.ask("3.0/mlflow/users/permissions/grant", username=name, **grant)
    return made


@pytest.fixture(params=["password", "token"])
def credentials(request, admin):
    """The variables by which clients log in as somebody: a password, or a token of Assay."""

    def variables(name):
        if request.param == "token":
            told = Person(admin.url, name).ask("assay/1/tokens/create", name="for a test")
            return {"MLFLOW_TRACKING_TOKEN": told["token"]}
        return {"MLFLOW_TRACKING_USERNAME": name, "MLFLOW_TRACKING_PASSWORD": password_of(name)}

    return variables


@pytest.fixture
def mlflow_of(admin, tmp_path):
    """Starts MLflow's client of a version with some variables."""
    started = []

    def start(version, **variables):
        python = made_environment(f"mlflow[auth]=={version}", under=ENVIRONMENTS)
        started.append(MlflowClient(python, admin.url, tmp_path, **variables))
        return started[-1]

    yield start
    for client in started:
        client.close()


@pytest.mark.parametrize(("version", "module"), [("3.17.2", "users"), ("3.12.0", "users_before_3_13")])
def test_mlflow_manages_users(mlflow_of, version, module):
    client = mlflow_of(version, MLFLOW_TRACKING_USERNAME=ADMIN, MLFLOW_TRACKING_PASSWORD=password_of(ADMIN))
    names = checks_of(module)
    assert names
    failures = [failure for name in names if (failure := client.check(module, name))]
    assert not failures, "\n".join(failures)


def test_mlflow_logs_as_an_editor_and_not_as_a_reader(mlflow_of, admin, experiment_id, credentials):
    run = admin.ask("2.0/mlflow/runs/create", experiment_id=experiment_id, run_name="for readers", start_time=1)
    place = run["run"]["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/")
    put(admin, f"2.0/mlflow-artifacts/artifacts/{place}/open.txt", b"for readers")
    for name, checks in (
        ("editor", ("check_editor_logs_a_run", "check_editor_deletes_nothing")),
        ("reader", ("check_reader_reads", "check_reader_logs_nothing")),
    ):
        client = mlflow_of("3.17.2", EXPERIMENT_ID=experiment_id, **credentials(name))
        for check in checks:
            failure = client.check("people", check)
            assert failure is None, failure


def put(person, path, content):
    pair = base64.b64encode(f"{person.name}:{password_of(person.name)}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    asked = urllib.request.Request(f"{person.url}/api/{path}", content, headers, method="PUT")
    with urllib.request.urlopen(asked, timeout=30):
        pass


class Ours:
    """Our client in a process of its own, which waits for a line before it goes on from each step."""

    def __init__(self, admin, directory, experiment_id, **variables):
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "PYTHONPATH": str(REPOSITORY / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MLFLOW_TRACKING_URI": admin.url,
            "ASSAY_SPOOL_DIR": str(directory / "spool"),
        }
        self._directory = directory
        self._process = subprocess.Popen(
            [sys.executable, OURS, experiment_id],
            cwd=directory,
            env={**self._environment, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def step(self):
        """What the script says next, once it is told to go on."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self):
        """Exit status and complaints."""
        _, complaints = self._process.communicate(timeout=120)
        return self._process.returncode, complaints

    def sync(self, **variables):
        """`assay sync`."""
        command = [sys.executable, "-m", "assay", "sync", "--output", "json"]
        environment = {**self._environment, **variables}
        return subprocess.run(
            command, cwd=self._directory, env=environment, capture_output=True, text=True, timeout=120, check=False
        )


def points(admin, run_id):
    run = admin.ask(f"2.0/mlflow/runs/get?run_id={run_id}", method="GET")["run"]
    return run["info"]["status"], {one["key"]: one["value"] for one in run["data"].get("metrics", [])}


def test_ours_logs_as_an_editor(admin, experiment_id, credentials, tmp_path):
    ours = Ours(admin, tmp_path, experiment_id, **credentials("editor"))
    run_id = ours.step()
    ours.step()
    assert ours.end() == (0, "")
    assert points(admin, run_id) == ("FINISHED", {"before": 1.0, "after": 2.0})
    files = admin.ask(f"2.0/mlflow/artifacts/list?run_id={run_id}", method="GET")["files"]
    assert "notes.txt" in [file["path"] for file in files]


def test_ours_is_refused_as_a_reader(admin, experiment_id, credentials, tmp_path):
    ours = Ours(admin, tmp_path, experiment_id, **credentials("reader"))
    ours.step()
    status, complaints = ours.end()
    assert "EDIT" in complaints, (status, complaints)
    found = admin.ask("2.0/mlflow/runs/search", experiment_ids=[experiment_id])
    assert found.get("runs", []) == []


def test_ours_loses_nothing_when_its_token_is_revoked(admin, experiment_id, tmp_path):
    editor = Person(admin.url, "editor")
    first = editor.ask("assay/1/tokens/create", name="to be revoked")
    ours = Ours(admin, tmp_path, experiment_id, MLFLOW_TRACKING_TOKEN=first["token"])
    run_id = ours.step()
    editor.ask("assay/1/tokens/revoke", token_id=first["info"]["token_id"])
    assert ours.step() == "logged"
    ours.end()
    refused = ours.sync(MLFLOW_TRACKING_TOKEN=first["token"])
    assert refused.returncode != 0, refused
    assert points(admin, run_id) == ("RUNNING", {"before": 1.0})
    second = editor.ask("assay/1/tokens/create", name="instead of it")
    done = ours.sync(MLFLOW_TRACKING_TOKEN=second["token"])
    assert done.returncode == 0, done
    (told,) = json.loads(done.stdout)
    assert (told["refused"], told["waiting"]) == (0, 0)
    assert points(admin, run_id) == ("FINISHED", {"before": 1.0, "after": 2.0})
