"""Our client against MLflow's own server: what is logged is there, once, and every read works.

One server serves all tests of a session; each test has an experiment of its own.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import assay
from assay.client import artifact_uris, connection, mlflow_server, spools
from assay.client.courier import Courier
from assay.client.fluent import experiments
from assay.client.open import open_receiver
from assay.client.refusals import Refusal
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist, ServerUnreachable
from assay.journal.spool import Spool, WriterJournal
from assay.journal.writer import JournalWriter
from assay.testing.processes import free_port
from assay.wire.inputs import Dataset, DatasetInput, InputTag, LogInputs, LogOutputs, ModelOutput
from assay.wire.journal import encode_payload
from assay.wire.metrics import LogMetric
from assay.wire.runs import CreateRun, DeleteTag, LogParam, RunTag, SetTag, UpdateRun

pytestmark = [pytest.mark.xdist_group("mlflow-server"), pytest.mark.timeout(600)]
REPOSITORY = Path(__file__).parents[2]
CONTESTANT = """
import sys
from pathlib import Path
from benchmarks.rivals.mlflow import MLflow
mlflow = MLflow(workers=1)
mlflow.install()
sys.stdout.write("\\n".join(["", "command:", *mlflow.server_command(Path(sys.argv[1]), port=int(sys.argv[2]))]))
"""
LIBRARY = "import os, sys, assay\nassay.set_tracking_uri(sys.argv[1])\n"


def until(condition, *, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def mlflow_server_url(tmp_path_factory):
    """The address of `mlflow server`, in the environment that the benchmarks measure it in."""
    directory = tmp_path_factory.mktemp("mlflow-server")
    port = free_port()
    with (REPOSITORY / ".cache" / "mlflow-server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = subprocess.run(
            [sys.executable, "-c", CONTESTANT, directory, str(port)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    command = told.stdout.partition("\ncommand:\n")[2].split("\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "MLFLOW_"))}
    with (directory / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env={**environment, "MLFLOW_DISABLE_TELEMETRY": "true"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.poll() is not None or healthy(url), seconds=90)
        assert process.poll() is None, (directory / "log.txt").read_text()
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def healthy(url):
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture
def fresh_library(_own_environment):
    yield
    while assay.active_run():
        assay.end_run()
    experiments._active = None
    connection._close_all()
    for name in ("EXPERIMENT_ID", "EXPERIMENT_NAME", "TRACKING_URI"):
        os.environ.pop(f"ASSAY_{name}", None)
        os.environ.pop(f"MLFLOW_{name}", None)


@pytest.fixture
def server(fresh_library, mlflow_server_url, request, monkeypatch):
    """MLflow's server, in use with an experiment of the test's own; it may be slow beside other tests."""
    monkeypatch.setenv("ASSAY_CONNECT_TIMEOUT", "20")
    assay.set_tracking_uri(mlflow_server_url)
    assay.set_experiment(f"{request.node.name}-{os.urandom(4).hex()}")
    return mlflow_server_url


@pytest.fixture
def client(server):
    """A client of the server itself, also where a gate is in use."""
    return assay.Client(server)


class Gate:
    """In front of the server: `judge(head)` says what becomes of a request, None for nothing in particular."""

    def __init__(self, target):
        self._target = int(target.rsplit(":", 1)[1])
        self.judge = lambda head: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            data = b""
            while b"\r\n\r\n" not in data:
                piece = client.recv(1 << 16)
                if not piece:
                    return
                data += piece
            verdict = self.judge(data)
            if verdict == "away":
                return
            if isinstance(verdict, int):
                client.sendall(f"HTTP/1.1 {verdict} X\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno".encode())
                return
            head, _, body = data.partition(b"\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.sendall(head + b"\r\nconnection: close\r\n\r\n" + body)
                threading.Thread(target=pump, args=(client, server), daemon=True).start()
                while piece := server.recv(1 << 16):
                    if verdict == "lose":
                        client.shutdown(socket.SHUT_RDWR)
                        return
                    client.sendall(piece)

    def close(self):
        self._listener.close()


def pump(source, target):
    try:
        while piece := source.recv(1 << 16):
            target.sendall(piece)
    except OSError:
        return


@pytest.fixture
def gate(server):
    """The server behind a proxy that can fail, in use."""
    found = Gate(server)
    assay.set_tracking_uri(found.url)
    yield found
    found.judge = lambda head: None
    connection._close_all()
    found.close()


def ship(url, writer):
    """Deliver a journal from here, without the helper."""
    spool = Spool(spools.spool_for(url))
    courier = Courier(open_receiver(url, spool.root), spool)
    return courier.ship(courier.load(WriterJournal(writer.directory)))


def journal(url, *messages):
    """A journal with these records, as a process that logs to the server leaves it."""
    writer = JournalWriter(spools.spool_for(url))
    writer.append_many([encode_payload(message) for message in messages])
    return writer


def refused(url):
    lines = (spools.spool_for(url) / "rejected.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


def test_a_run_has_the_id_that_the_server_chose_and_all_that_was_logged(server, client, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.bin").write_bytes(os.urandom(3_000_000))
    with assay.start_run(run_name="first", tags={"color": "red"}, description="said") as run:
        for step in range(2500):
            assay.log_metric("loss", 1 / (step + 1), step=step)
        assay.log_metrics({"nan": math.nan, "inf": math.inf}, step=3)
        assay.log_params({f"p{number}": number for number in range(250)})
        assay.log_param("p0", 0)
        assay.set_tags({f"t{number}": number for number in range(150)})
        assay.set_tag("color", "blue")
        assay.log_text("héllo", "deep/er/a b.txt")
        assay.log_dict({"a": 1}, "d.json")
        assay.log_artifacts(tmp_path / "folder", "many")
        with assay.start_run(nested=True) as child:
            assay.log_metric("m", 1)
    found = assay.get_run(run.info.run_id)
    assert found.info.run_id == run.info.run_id
    assert found.info.artifact_uri == run.info.artifact_uri == assay.get_run(run.info.run_id).info.artifact_uri
    assert (found.info.status, found.info.run_name) == ("FINISHED", "first")
    assert found.data.metrics["loss"] == 1 / 2500
    assert math.isnan(found.data.metrics["nan"])
    assert found.data.params == {f"p{number}": str(number) for number in range(250)}
    assert found.data.tags["color"] == "blue"
    assert {f"t{number}" for number in range(150)} <= found.data.tags.keys()
    assert [point.step for point in client.get_metric_history(run.info.run_id, "loss")] == list(range(2500))
    assert client.get_parent_run(child.info.run_id).info.run_id == run.info.run_id
    assert client.get_run(run.info.run_id).data.tags["mlflow.note.content"] == "said"
    names = [(one.path, one.is_dir, one.file_size) for one in client.list_artifacts(run.info.run_id)]
    assert names == [("d.json", False, 12), ("deep", True, None), ("many", True, None)]
    copies = Path(client.download_artifacts(run.info.run_id, ""))
    assert (copies / "deep/er/a b.txt").read_text("utf-8") == "héllo"
    assert (copies / "many/x.bin").read_bytes() == (tmp_path / "folder/x.bin").read_bytes()
    assert artifact_uris.load_dict(f"runs:/{run.info.run_id}/d.json") == {"a": 1}
    assert not Spool(spools.spool_for(server)).size()


def test_the_client_writes_by_id(client):
    run_id = client.create_run(
        experiments._active.experiment_id, tags={"a": "1"}, run_name="by id", start_time=5
    ).info.run_id
    client.log_metric(run_id, "m", 1.5, timestamp=10, step=2)
    client.log_param(run_id, "p", "x")
    client.set_tag(run_id, "b", "2")
    client.log_batch(
        run_id,
        metrics=[assay.entities.Metric("m", 2.5, 20, 3)],
        params=[assay.entities.Param("q", "y")],
        tags=[assay.entities.RunTag("c", "3")],
    )
    client.delete_tag(run_id, "a")
    with pytest.raises(ResourceDoesNotExist):
        client.delete_tag(run_id, "a")
    client.update_run(run_id, name="renamed")
    client.set_terminated(run_id, "FAILED", end_time=99)
    found = client.get_run(run_id)
    assert (found.info.run_name, found.info.status, found.info.start_time, found.info.end_time) == (
        "renamed",
        "FAILED",
        5,
        99,
    )
    assert found.data.metrics == {"m": 2.5}
    assert found.data.params == {"p": "x", "q": "y"}
    assert (found.data.tags["b"], found.data.tags["c"], "a" in found.data.tags) == ("2", "3", False)
    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    with pytest.raises(InvalidParameterValue):
        client.set_tag(run_id, "late", 1)
    client.restore_run(run_id)
    with pytest.raises(ResourceDoesNotExist):
        client.log_metric("0" * 32, "m", 1)


def test_experiments(client):
    name = f"made-{os.urandom(4).hex()}"
    experiment_id = client.create_experiment(name, tags={"team": "a"})
    with pytest.raises(ResourceAlreadyExists):
        client.create_experiment(name)
    client.set_experiment_tag(experiment_id, "k", "v")
    client.delete_experiment_tag(experiment_id, "team")
    client.rename_experiment(experiment_id, f"{name}-new")
    found = client.get_experiment(experiment_id)
    assert (found.name, found.tags) == (f"{name}-new", {"k": "v"})
    assert client.get_experiment_by_name(name) is None
    assert client.get_experiment_by_name(f"{name}-new").experiment_id == experiment_id
    names = [one.name for one in client.search_experiments(filter_string=f"name LIKE '{name}%'")]
    assert names == [f"{name}-new"]
    page = client.search_experiments(max_results=1)
    assert page.token
    assert client.search_experiments(max_results=1, page_token=page.token)[0].experiment_id != page[0].experiment_id
    client.delete_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    with pytest.raises(InvalidParameterValue, match="is deleted"):
        assay.set_experiment(f"{name}-new")
    with pytest.raises(InvalidParameterValue):
        client.create_run(experiment_id)
    client.restore_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "active"


def test_search_and_the_module_level_verbs(client):
    runs = []
    for number in range(5):
        with assay.start_run(tags={"parity": number % 2}) as run:
            assay.log_metric("m", number)
            assay.log_param("n", number)
            runs.append(run.info.run_id)
    experiment_id = run.info.experiment_id
    found = client.search_runs([experiment_id], "metrics.m >= 3", order_by=["metrics.m desc"])
    assert [one.info.run_id for one in found] == [runs[4], runs[3]]
    pages, token = [], None
    while True:
        page = client.search_runs([experiment_id], order_by=["metrics.m asc"], max_results=2, page_token=token)
        pages.append([one.info.run_id for one in page])
        token = page.token
        if not token:
            break
    assert pages == [runs[:2], runs[2:4], runs[4:]]
    assert len(assay.search_runs(filter_string="tags.parity = '0'", output_format="list")) == 3
    with pytest.raises(InvalidParameterValue):
        client.search_runs([experiment_id], "metrics.m >")
    assay.delete_run(runs[0])
    deleted = client.search_runs([experiment_id], run_view_type=assay.entities.ViewType.DELETED_ONLY)
    assert [one.info.run_id for one in deleted] == [runs[0]]
    assay.set_experiment_tag("k", "v")
    assert assay.get_experiment(experiment_id).tags == {"k": "v"}
    assert assay.last_active_run().info.run_id == runs[4]
    with assay.start_run(run_id=runs[1]) as resumed:
        assay.log_metric("again", 1)
        assert resumed.info.run_id == runs[1]
        assert client.get_run(runs[1]).info.status == "RUNNING"
    assert client.get_run(runs[1]).info.status == "FINISHED"
    with assay.start_run():
        assay.log_param("p", 1)
        with pytest.raises(InvalidParameterValue, match="never change"):
            assay.log_param("p", 2)


def test_logged_models_and_what_runs_read_and_made(client, tmp_path):
    (tmp_path / "MLmodel").write_text("flavors: {}")
    with assay.start_run() as run:
        assay.log_input(assay.data.from_numpy(np.zeros(3), name="zeros"), context="training")
        model_id = client.create_logged_model(
            run.info.experiment_id, name="net", source_run_id=run.info.run_id, params={"a": "1"}, tags={"x": "1"}
        ).model_id
        assay.log_metric("acc", 0.5, step=1, model_id=model_id)
        assay.log_outputs(models=[assay.entities.LoggedModelOutput(model_id, 1)])
        assay.log_table({"a": [1, 2]}, "t.json")
        assay.log_table({"a": [3]}, "t.json")
    found = client.get_run(run.info.run_id)
    assert [one.dataset.name for one in found.inputs.dataset_inputs] == ["zeros"]
    assert [(one.model_id, one.step) for one in found.outputs.model_outputs] == [(model_id, 1)]
    assert list(client.load_table(run.info.experiment_id, "t.json")["a"]) == [1, 2, 3]
    client.set_logged_model_tags(model_id, {"y": "2"})
    client.delete_logged_model_tag(model_id, "x")
    client.log_model_params(model_id, {"b": "2"})
    client.log_model_artifact(model_id, tmp_path / "MLmodel")
    client.finalize_logged_model(model_id, "READY")
    assert [one.path for one in client.list_logged_model_artifacts(model_id)] == ["MLmodel"]
    model = client.search_logged_models([run.info.experiment_id], filter_string="name = 'net'")[0]
    assert (model.model_id, str(model.status), model.tags["y"], model.params["b"]) == (model_id, "READY", "2", "2")
    assert [point.value for point in model.metrics] == [0.5]


def test_a_large_file_comes_back_in_parts(client, tmp_path, monkeypatch):
    for name in ("UPLOAD", "DOWNLOAD"):
        monkeypatch.setenv(f"ASSAY_{name}_PARTS_FROM", "1000000")
    (tmp_path / "large.bin").write_bytes(os.urandom(3_000_000))
    with assay.start_run() as run:
        assay.log_artifact(tmp_path / "large.bin")
    fetched = client.download_artifacts(run.info.run_id, "large.bin")
    assert Path(fetched).read_bytes() == (tmp_path / "large.bin").read_bytes()


def test_the_model_registry(client):
    name = f"fraud-{os.urandom(4).hex()}"
    with assay.start_run() as run:
        assay.log_text("weights", "model/weights.txt")
    made = assay.register_model(f"runs:/{run.info.run_id}/model", name, tags={"a": 1})
    assert (made.version, made.run_id, made.tags, made.status) == ("1", run.info.run_id, {"a": "1"}, "READY")
    client.set_registered_model_alias(name, "champion", "1")
    assert client.get_registered_model(name).aliases == {"champion": "1"}
    assert client.get_model_version_by_alias(name, "champion").aliases == ["champion"]
    assert client.transition_model_version_stage(name, "1", "staging").current_stage == "Staging"
    assert [version.version for version in client.get_latest_versions(name, ["Staging"])] == ["1"]
    for uri in (f"models:/{name}@champion", f"models:/{name}/staging"):
        assert assay.artifacts.load_text(f"{uri}/weights.txt") == "weights"
    copied = client.copy_model_version(f"models:/{name}@champion", f"{name}-copy")
    assert (copied.source, copied.tags) == (f"models:/{name}/1", {"a": "1"})
    found = assay.search_registered_models(filter_string=f"name LIKE '{name}%'", order_by=["name DESC"])
    assert [model.name for model in found] == [f"{name}-copy", name]
    assert len(assay.search_model_versions(filter_string=f"name = '{name}' AND version_number = 1")) == 1
    assert client.update_registered_model(name, "why").description == "why"
    client.rename_registered_model(f"{name}-copy", f"{name}-other")
    client.delete_model_version_tag(name, "1", "a")
    client.delete_registered_model_alias(name, "champion")
    client.delete_model_version(f"{name}-other", "1")
    client.delete_registered_model(f"{name}-other")
    with pytest.raises(ResourceDoesNotExist):
        client.get_registered_model(f"{name}-other")
    with pytest.raises(InvalidParameterValue):
        client.get_model_version_by_alias(name, "champion")


def test_artifacts_in_a_directory_that_the_server_only_names(client, tmp_path):
    for location in ((tmp_path / "plain").as_uri(), str(tmp_path / "bare")):
        experiment_id = client.create_experiment(f"files-{os.urandom(4).hex()}", artifact_location=location)
        run_id = client.create_run(experiment_id).info.run_id
        client.log_text(run_id, "hello", "a/b.txt")
        assert [one.path for one in client.list_artifacts(run_id)] == ["a"]
        assert [(one.path, one.file_size) for one in client.list_artifacts(run_id, "a")] == [("a/b.txt", 5)]
        assert Path(client.download_artifacts(run_id, "a/b.txt")).read_text() == "hello"
    assert len(list(tmp_path.glob("*/*/artifacts/a/b.txt"))) == 2


@pytest.mark.parametrize("points", [1500, 20])
def test_a_killed_process_loses_nothing_that_it_logged(client, server, tmp_path, points):
    source = LIBRARY + (
        "assay.set_experiment(sys.argv[2])\n"
        "assay.start_run()\n"
        "print(assay.active_run().info.run_id, flush=True)\n"
        "number = 0\n"
        "while True:\n"
        "    assay.log_metric(f'key-{number % 4}', number, step=number)\n"
        "    os.write(1, b'%d\\n' % number)\n"
        "    number += 1\n"
    )
    command = [sys.executable, "-c", source, server, experiments._active.name]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE) as process:
        run_id = process.stdout.readline().decode().strip()
        assert run_id, "the script did not start its run"
        told = [process.stdout.readline() for _ in range(points)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
    accepted = max(int(line) for line in told if line.endswith(b"\n"))
    until(lambda: client.get_run(run_id).info.status == "KILLED", seconds=60)
    stored = Counter(int(point.value) for key in range(4) for point in client.get_metric_history(run_id, f"key-{key}"))
    assert set(range(accepted + 1)) <= stored.keys() <= set(range(accepted + 2))
    assert set(stored.values()) == {1}
    assert not Spool(spools.spool_for(server)).size()


def test_a_run_that_started_without_the_server_is_found_by_both_ids(gate, client):
    gate.judge = lambda head: "away"
    name = f"offline-{os.urandom(4).hex()}"
    assay.set_experiment(name)
    with assay.start_run(run_name="offline") as run:
        assay.log_metric("m", 1)
        assay.log_text("hello", "a.txt")
        with assay.start_run(nested=True) as child:
            assay.log_metric("m", 2)
    gate.judge = lambda head: None
    until(lambda: not Spool(spools.spool_for(gate.url)).size(), seconds=40)
    behind = assay.Client(gate.url)
    found = behind.get_run(run.info.run_id)
    assert found.info.run_id != run.info.run_id
    assert (found.info.status, found.info.run_name, found.data.metrics) == ("FINISHED", "offline", {"m": 1.0})
    assert found.data.tags["assay.run_id"] == run.info.run_id
    assert client.get_run(found.info.run_id).info.experiment_id == client.get_experiment_by_name(name).experiment_id
    assert [point.value for point in behind.get_metric_history(run.info.run_id, "m")] == [1.0]
    assert Path(behind.download_artifacts(run.info.run_id, "a.txt")).read_text() == "hello"
    assert behind.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == found.info.run_id
    behind.set_tag(run.info.run_id, "later", "yes")
    behind.flush()
    assert client.get_run(found.info.run_id).data.tags["later"] == "yes"
    assert behind.list_artifacts(run.info.run_id)[0].path == "a.txt"


def test_a_delivery_repeated_from_its_beginning_changes_nothing(gate, client, monkeypatch):
    monkeypatch.setattr(mlflow_server, "SETTLING_MS", 0)
    experiment_id = experiments._active.experiment_id
    ours = os.urandom(16).hex()
    data = Dataset(name="d", digest="1", source_type="local", source="{}")
    records = [
        CreateRun(run_id=ours, experiment_id=experiment_id, run_name="r", start_time=1),
        *(LogMetric(run_id=ours, key="m", value=step / 7, timestamp=step, step=step) for step in range(1500)),
        *(LogParam(run_id=ours, key=f"p{number}", value="x") for number in range(120)),
        SetTag(run_id=ours, key="t", value="1"),
        SetTag(run_id=ours, key="gone", value="1"),
        DeleteTag(run_id=ours, key="gone"),
        LogMetric(run_id=ours, key="nan", value=math.nan, timestamp=1),
        SetTag(run_id=ours, key="t", value="2"),
        LogInputs(run_id=ours, datasets=[DatasetInput(dataset=data, tags=[InputTag(key="c", value="train")])]),
        LogOutputs(run_id=ours, models=[ModelOutput(model_id=f"m-{ours}", step=1)]),
        LogOutputs(run_id=ours, models=[ModelOutput(model_id=one) for one in (f"m-{ours}", f"n-{ours}")]),
        UpdateRun(run_id=ours, status="FINISHED", end_time=9),
    ]
    writer = journal(gate.url, *records)
    for lost in (b"create", b"log-batch", b"delete-tag", b"log-inputs", b"outputs", b"update"):
        gate.judge = lambda head, lost=lost: "lose" if b"/runs/" + lost in head else None
        with pytest.raises(ServerUnreachable):
            ship(gate.url, writer)
    gate.judge = lambda head: None
    assert ship(gate.url, writer).records == len(records)
    found = client.search_runs([experiment_id])
    assert [one.data.tags["assay.run_id"] for one in found] == [ours]
    history = client.get_metric_history(found[0].info.run_id, "m")
    assert [point.value for point in history] == [step / 7 for step in range(1500)]
    assert len(client.get_metric_history(found[0].info.run_id, "nan")) == 1
    assert len(found[0].data.params) == 120
    assert (found[0].data.tags["t"], "gone" in found[0].data.tags) == ("2", False)
    assert (found[0].info.status, found[0].info.end_time) == ("FINISHED", 9)
    (read,) = found[0].inputs.dataset_inputs
    assert (read.dataset.name, [one.value for one in read.tags]) == ("d", ["train"])
    assert {one.model_id: one.step for one in found[0].outputs.model_outputs} == {f"m-{ours}": 1, f"n-{ours}": 0}
    assert not (spools.spool_for(gate.url) / "rejected.jsonl").exists()
    writer.close()


def test_a_creation_that_may_still_be_under_way_is_not_asked_for_twice(gate, client):
    experiment_id = experiments._active.experiment_id
    writer = journal(gate.url, CreateRun(run_id="a" * 32, experiment_id=experiment_id, run_name="r", start_time=1))
    gate.judge = lambda head: "away" if b"/runs/create" in head else None
    with pytest.raises(ServerUnreachable):
        ship(gate.url, writer)
    gate.judge = lambda head: None
    with pytest.raises(assay.AssayError, match="may still do so"):
        ship(gate.url, writer)
    assert client.search_runs([experiment_id]) == []
    writer.close()


def test_refused_records_are_kept_and_the_others_arrive(gate, client):
    experiment_id = experiments._active.experiment_id
    ours, deleted = os.urandom(16).hex(), client.create_run(experiment_id).info.run_id
    client.flush()
    client.delete_run(deleted)
    writer = journal(
        gate.url,
        CreateRun(run_id=ours, experiment_id=experiment_id, run_name="r", start_time=1),
        LogParam(run_id=ours, key="p", value="1"),
        LogMetric(run_id=ours, key="m", value=1, timestamp=1),
        LogParam(run_id=ours, key="p", value="2"),
        LogMetric(run_id=ours, key="bad\\name", value=1, timestamp=1),
        LogMetric(run_id=ours, key="m", value=2, timestamp=2),
        *(LogMetric(run_id=deleted, key="m", value=step, timestamp=step) for step in range(50)),
        CreateRun(run_id="b" * 32, experiment_id="987654321", run_name="nowhere", start_time=1),
        LogMetric(run_id=ours, key="m", value=3, timestamp=3, step=1),
    )
    asked = []
    gate.judge = asked.append
    assert ship(gate.url, writer).records == 58
    (found,) = client.search_runs([experiment_id])
    assert found.data.params == {"p": "1"}
    assert [point.value for point in client.get_metric_history(found.info.run_id, "m")] == [1.0, 2.0, 3.0]
    lines = refused(gate.url)
    assert sorted(line["seq"] for line in lines) == [4, 5, *range(7, 57), 57]
    assert {line["error_code"] for line in lines} == {"INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"}
    assert all(Refusal(**line).payload for line in lines)
    assert len(asked) < 25, "a deleted run's records are refused together"
    writer.close()


def test_a_missing_endpoint_alone_does_not_make_it_mlflows_server(gate, client):
    experiment_id = experiments._active.experiment_id
    writer = journal(gate.url, CreateRun(run_id="c" * 32, experiment_id=experiment_id, start_time=1))
    gate.judge = lambda head: 404
    with pytest.raises(ServerUnreachable, match="no tracking server"):
        ship(gate.url, writer)
    assert client.search_runs([experiment_id]) == []
    gate.judge = lambda head: 404 if b"server-info" in head else None
    assert ship(gate.url, writer).records == 1
    assert len(client.search_runs([experiment_id])) == 1
    writer.close()


def test_records_whose_beginning_was_damaged_get_a_run(gate, client):
    experiment_id, ours = experiments._active.experiment_id, os.urandom(16).hex()
    writer = journal(
        gate.url,
        CreateRun(run_id=ours, experiment_id=experiment_id, start_time=1, tags=[RunTag(key="k", value="v")]),
        LogMetric(run_id=ours, key="m", value=4, timestamp=1),
    )
    (segment,) = [path for path in writer.directory.iterdir() if path.stat().st_size > 100]
    data = bytearray(segment.read_bytes())
    data[data.index(ours.encode())] ^= 0xFF
    segment.write_bytes(bytes(data))
    ship(gate.url, writer)
    (found,) = client.search_runs(["0"], f"tags.`assay.run_id` = '{ours}'")
    assert (found.data.metrics, "assay.restored" in found.data.tags) == ({"m": 4.0}, True)
    writer.close()
