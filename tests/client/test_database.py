"""A database as tracking URI: the same promises as with a server, and its password is nowhere to be found."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

import assay
from assay.client import launcher, spools
from assay.client.sync import sync
from assay.core.errors import ConfigurationError, ServerUnreachable, Unauthenticated
from assay.journal.locks import is_held
from assay.journal.spool import Spool
from assay.server.config import ServerConfig
from assay.testing.server import running_server

USER, PASSWORD = "trainer", "s3cr#t?word"
KINDS = ["postgres", "mariadb"]


def mariadb_uri(request, *, password: str = PASSWORD) -> str:
    """The address of an emptied store for a user with a password that the server checks."""
    uri = request.getfixturevalue("new_mariadb_uri")()
    request.getfixturevalue("mariadb").run(
        f"create or replace user {USER} identified by '{PASSWORD}'", f"grant all on *.* to {USER}"
    )
    return uri.replace("mysql://root@", f"mysql+pymysql://{USER}:{password}@")


def database_uri(request, kind: str) -> str:
    if kind == "mariadb":
        return mariadb_uri(request)
    return request.getfixturevalue("new_postgres_uri")().replace("postgres@", f"postgres:{PASSWORD}@")


@pytest.fixture(params=KINDS)
def tracked(request) -> str:
    """The tracking URI in use, of an empty store."""
    uri = database_uri(request, request.param)
    assay.set_tracking_uri(uri)
    return uri


def spool() -> Path:
    return spools.spool_for(assay.get_tracking_uri())


def helper_pid() -> int:
    lock = spool() / launcher.LOCK_NAME
    return int(lock.read_text() or 0) if lock.exists() and is_held(lock) else 0


def refusing_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_run_is_recorded_found_and_read(tracked, tmp_path, capsys):
    experiment = assay.set_experiment("churn")
    assert experiment.artifact_location == str(tmp_path / "mlruns" / experiment.experiment_id)
    with assay.start_run(run_name="first", tags={"team": "growth"}) as run:
        assay.log_params({"lr": 0.1, "depth": 6})
        for step in range(1000):
            assay.log_metric("loss", 1 / (step + 1), step=step)
        assay.log_text("hello", "notes/a.txt")
        assay.log_table({"prompt": ["2 + 2?"], "answer": ["4"]}, "answers.json")
        # Each read sees what was written before it.
        assert len(assay.Client().get_metric_history(run.info.run_id, "loss")) == 1000
    (found,) = assay.search_runs(filter_string="metrics.loss < 0.01 and params.depth = '6'", output_format="list")
    assert (found.info.run_name, found.info.status, found.data.tags["team"]) == ("first", "FINISHED", "growth")
    assert run.info.artifact_uri == f"{experiment.artifact_location}/{run.info.run_id}/artifacts"
    assert Path(run.info.artifact_uri, "notes/a.txt").read_text() == "hello"
    assert assay.artifacts.load_text(f"runs:/{run.info.run_id}/notes/a.txt") == "hello"
    assert json.loads(assay.artifacts.load_text(f"{run.info.artifact_uri}/answers.json"))["data"] == [["2 + 2?", "4"]]
    assert "View run" not in capsys.readouterr().out, "a database has no pages"
    names = [file.path for file in assay.Client().list_artifacts(run.info.run_id)]
    assert names == ["answers.json", "notes", "table_parts"]


def test_the_root_of_artifacts_is_a_setting(tracked, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_DEFAULT_ARTIFACT_ROOT", str(tmp_path / "elsewhere"))
    assert assay.set_experiment("kept elsewhere").artifact_location.startswith(str(tmp_path / "elsewhere"))


SCRIPT = """
import os, sys
import assay
assay.set_experiment("killed")
run = assay.start_run()
for number in range(20000):
    assay.log_metric("m", number, step=number)
print(run.info.run_id, flush=True)
sys.stdin.read(1)
assay.log_metric("m", 20000, step=20000)
os.kill(os.getpid(), 9)
"""


def test_a_killed_trainer_loses_nothing_and_a_server_shows_its_run_live(tracked, tmp_path, until):
    environment = {**os.environ, "MLFLOW_TRACKING_URI": tracked}
    config = ServerConfig(
        backend_store_uri=tracked, artifacts_destination=str(tmp_path / "mlartifacts"), access_log=False
    )
    with running_server(tmp_path, config) as server:
        client = assay.Client(server.url)

        def points() -> int:
            return len(client.get_metric_history(run_id, "m"))

        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as trainer:
            run_id = trainer.stdout.readline().strip()
            until(lambda: points() == 20000)
            assert client.get_run(run_id).info.status == "RUNNING"
            trainer.communicate("x")
        assert trainer.returncode == -signal.SIGKILL
        until(lambda: client.get_run(run_id).info.status == "KILLED")
        assert points() == 20001
    assert not Spool(spool()).size()


@pytest.mark.parametrize("kind", KINDS)
def test_training_starts_without_its_database_and_everything_arrives_later(request, kind, until, caplog, tmp_path):
    uri = database_uri(request, kind)
    server = request.getfixturevalue(kind)
    server.stop()
    try:
        assay.set_tracking_uri(uri)
        began = time.monotonic()
        assay.set_experiment("named offline")
        with assay.start_run(run_name="offline") as run:
            for step in range(1000):
                assay.log_metric("m", step, step=step)
            assay.log_text("hello", "a.txt")
            with pytest.raises(ServerUnreachable):
                assay.get_artifact_uri()
        assert time.monotonic() - began < 10
        assert len([record for record in caplog.records if "helper process delivers" in record.message]) == 1
    finally:
        server.start()
    until(lambda: not Spool(spool()).size(), seconds=40)
    found = assay.get_run(run.info.run_id)
    assert (found.info.run_name, found.info.status) == ("offline", "FINISHED")
    assert len(assay.Client().get_metric_history(run.info.run_id, "m")) == 1000
    assert assay.get_experiment(found.info.experiment_id).name == "named offline"
    assert (
        Path(found.info.artifact_uri) == tmp_path / "mlruns" / found.info.experiment_id / run.info.run_id / "artifacts"
    )
    assert Path(found.info.artifact_uri, "a.txt").read_text() == "hello"


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_database_that_swallows_everything_does_not_hold_training_up(scheme, monkeypatch):
    monkeypatch.setenv("ASSAY_CONNECT_TIMEOUT", "1")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        assay.set_tracking_uri(f"{scheme}://user:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/db")
        began = time.monotonic()
        with assay.start_run():
            assay.log_metric("m", 1)
        assert time.monotonic() - began < 8


def test_a_forked_child_logs_to_the_run_of_its_parent(tracked, until, script):
    done = script(
        """
import os, sys
import assay
with assay.start_run() as run:
    assay.log_metric("parent", 1)
    child = os.fork()
    if not child:
        assay.log_metric("child", 2)
        assert assay.Client().get_run(run.info.run_id).data.metrics == {"parent": 1, "child": 2}
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    print(run.info.run_id)
""",
        MLFLOW_TRACKING_URI=tracked,
    )
    assert done.returncode == 0, done.stderr
    run_id = done.stdout.split()[0]
    assert assay.get_run(run_id).data.metrics == {"parent": 1, "child": 2}


def told_of_the_password(directory: Path) -> list[str]:
    """The files that hold a part of the password, as it is or as it stands in a URI."""
    signs = (PASSWORD.encode(), quote(PASSWORD).encode())
    return [str(path) for path in directory.rglob("*") if path.is_file() and any(s in path.read_bytes() for s in signs)]


@pytest.mark.parametrize("kind", [*KINDS, "away", "option", "server"])
def test_the_password_is_nowhere(request, kind, until, script, tmp_path):
    if kind in KINDS:
        uri = database_uri(request, kind)
    elif kind == "away":
        uri = f"postgresql://user:{PASSWORD}@127.0.0.1:{refusing_port()}/db"
    elif kind == "server":
        uri = f"http://user:{quote(PASSWORD)}@127.0.0.1:{refusing_port()}"
    else:
        options = f"ssl_disabled=true&ssl_key_password={quote(PASSWORD)}"
        uri = f"mysql://user@127.0.0.1:{refusing_port()}/db?{options}"
    assay.set_tracking_uri(uri)
    source = """
import assay
assay.set_experiment("secrets")
with assay.start_run():
    assay.log_text("x", "a.txt")
print(assay.get_run("0" * 32))
"""
    done = script(source, ASSAY_HTTP_MAX_RETRIES="0")
    assert done.returncode == 1, "there is no such run, or nobody answers"
    assert ("0" * 32 if kind in KINDS else "127.0.0.1") in done.stderr
    until(helper_pid)
    arguments = Path(f"/proc/{helper_pid()}/cmdline").read_bytes().decode()
    assert spools.is_same(arguments.split("\0")[-2], uri)
    for place in (done.stdout, done.stderr, arguments):
        assert "s3cr" not in place
    assert (spool() / "server.json").exists()
    assert told_of_the_password(spool()) == []


def left_behind(uri: str, until, end) -> str:
    """The run of a trainer that found no database, and whose helper was killed too."""
    assay.set_tracking_uri(uri)
    with assay.start_run() as run:
        assay.log_metric("m", 1)
    until(helper_pid)
    end(helper_pid())
    assay.set_tracking_uri(None)
    return run.info.run_id


def test_sync_wants_the_password_and_takes_it_from_the_tracking_uri(request, until, end, monkeypatch):
    uri = mariadb_uri(request)
    server = request.getfixturevalue("mariadb")
    server.stop()
    try:
        run_id = left_behind(uri, until, end)
    finally:
        server.start()
    (left,) = sync()
    assert left.waiting
    assert isinstance(left.error, Unauthenticated)
    assert "set MLFLOW_TRACKING_URI to the whole address" in left.error.message
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri.replace(PASSWORD, "wrong"))
    (left,) = sync()
    assert isinstance(left.error, Unauthenticated)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    (done,) = sync()
    assert (done.error, done.waiting, done.rejected) == (None, 0, 0)
    assert assay.get_run(run_id).data.metrics == {"m": 1}


def test_a_wrong_password_is_told_at_once_and_loses_nothing(request, monkeypatch, until):
    uri = mariadb_uri(request, password="wrong")
    assay.set_tracking_uri(uri)
    with pytest.raises(ConfigurationError, match="Access denied") as caught:
        assay.start_run()
    assert "wrong" not in caught.value.message
    assert not spool().exists()


def test_files_behind_a_server_go_where_it_keeps_them_or_are_refused_with_a_reason(
    new_postgres_uri, tmp_path, monkeypatch, caplog, until
):
    uri = new_postgres_uri()
    assay.set_tracking_uri(uri)
    client = assay.Client()
    behind = client.create_experiment("behind a server", artifact_location="mlflow-artifacts:/7")
    with assay.start_run(experiment_id=behind):
        assay.log_text("lost", "a.txt")
    until(lambda: "kept by a server over this database" in caplog.text)
    monkeypatch.setenv("MLFLOW_ARTIFACTS_DESTINATION", str(tmp_path / "kept"))
    assay.client.connection._close_all()
    with assay.start_run(experiment_id=behind) as run:
        assay.log_text("hello", "b.txt")
    kept = tmp_path / "kept/7" / run.info.run_id / "artifacts/b.txt"
    until(kept.exists)
    assert kept.read_text() == "hello"


def test_a_missing_driver_is_named_with_its_extra(script):
    source = "import sys; sys.modules['psycopg'] = None\nimport assay\nassay.start_run()"
    done = script(source, ASSAY_TRACKING_URI="postgresql://u@127.0.0.1/db")
    assert done.returncode == 1
    assert "pip install 'assay[postgres]'" in done.stderr


def test_drivers_are_loaded_when_a_request_is_made(script):
    source = """
import sys
import assay
assay.set_tracking_uri("postgresql://u@127.0.0.1/db")
client = assay.Client()
print({"psycopg", "pymysql", "sqlite3"} & set(sys.modules))
"""
    done = script(source)
    assert (done.stdout, done.stderr) == ("set()\n", "")


@pytest.mark.parametrize("uri", ["oracle://u:p4ss@h/db", "redis://:p4ss@h"])
def test_other_databases_are_refused_without_their_password(uri):
    with pytest.raises(ConfigurationError, match="is no tracking URI") as caught:
        assay.Client(uri)
    assert "p4ss" not in caught.value.message
