"""The server as a process: how it starts, what it refuses, how it stops, and what survives its death."""

import contextlib
import json
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from assay.testing.processes import COMMAND, ServerProcess


@pytest.fixture
def start(tmp_path):
    processes = []

    def start(*options):
        processes.append(ServerProcess(tmp_path, *options))
        return processes[-1].start()

    yield start
    for process in processes:
        process.kill()


def test_starts_in_the_working_directory_and_says_where(start, tmp_path, client_for):
    process = start()
    line = process.log.read_text().splitlines()[0]
    assert re.fullmatch(
        r"Assay \S+ at http://127\.0\.0\.1:\d+ · store \./mlruns/assay\.db · artifacts \./mlartifacts", line
    )
    http = client_for(process.port)
    http.new_run()
    http.send("PUT", "/api/2.0/mlflow-artifacts/artifacts/f", b"x")
    assert (tmp_path / "mlruns" / "assay.db").exists()
    assert (tmp_path / "mlartifacts" / "f").read_bytes() == b"x"


def test_logs_one_line_a_request_without_query_or_credentials(start, client_for, eventually):
    process = start()
    http = client_for(process.port)
    answer = http.get("/api/2.0/mlflow/runs/get?run_id=secret", Authorization="Basic hidden")
    eventually(lambda: "GET /api/2.0" in process.log.read_text())
    text = process.log.read_text()
    assert re.search(
        r"^\d\d:\d\d:\d\d 127\.0\.0\.1 GET /api/2\.0/mlflow/runs/get 404 [\d.]+ ms \d+ bytes "
        rf"{answer.headers['x-request-id']}$",
        text,
        re.MULTILINE,
    )
    assert "secret" not in text
    assert "hidden" not in text
    http.get(f"/api/2.0/mlflow/assay_01234567_{'k' * 49}")
    eventually(lambda: "GET /api/2.0/mlflow/assay_01234567_*** 404" in process.log.read_text())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_when_asked_even_with_pages_open(start, number):
    process = start("--no-access-log")
    with socket.create_connection(("127.0.0.1", process.port)) as page:
        page.sendall(b"GET /ajax-api/assay/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert page.recv(100)
        begun = time.monotonic()
        process.stop(number)
        assert time.monotonic() - begun < 5
    assert "Traceback" not in process.log.read_text()


def test_what_was_acknowledged_survives_sigkill(start, client_for):
    """Several times over, with several writers at work: nothing said is lost, nothing is doubled."""
    acknowledged = {}
    for _ in range(3):
        process = start("--no-access-log")
        http = client_for(process.port)
        run_ids = [http.new_run() for _ in range(3)]
        threads = [
            threading.Thread(target=keep_logging, args=(client_for(process.port), run_id, acknowledged))
            for run_id in run_ids
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.4)
        process.stop(signal.SIGKILL)
        for thread in threads:
            thread.join(timeout=20)
    http = client_for(start("--no-access-log").port)
    assert sum(acknowledged.values()) > 100
    for run_id, count in acknowledged.items():
        path = f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=m"
        steps = [one.get("step", 0) for one in http.get(path).json.get("metrics", [])]
        assert steps == list(range(len(steps)))
        assert len(steps) in (count, count + 1)


def keep_logging(http, run_id, acknowledged):
    acknowledged[run_id] = 0
    for step in range(100_000):
        point = {"run_id": run_id, "key": "m", "value": step, "timestamp": step, "step": step}
        with contextlib.suppress(OSError, EOFError):
            try:
                answer = http.post("runs/log-metric", point)
            except Exception:
                return
            if answer.status == 200:
                acknowledged[run_id] += 1
                continue
        return


def refused(directory, *options):
    done = subprocess.run(
        [*COMMAND, "server", *options], cwd=directory, capture_output=True, text=True, timeout=30, check=False
    )
    lines = done.stderr.strip().splitlines()
    assert done.returncode not in (0, None)
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_port_in_use_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(tmp_path, "--port", str(port))
    assert f"Port {port} of 127.0.0.1 is in use" in line
    assert not (tmp_path / "mlruns").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "no.such.host.invalid"), "no.such.host.invalid"),
        (("--host", "203.0.113.77"), "203.0.113.77"),
        (("--backend-store-uri", "oracle://x/y"), "oracle:"),
        (("--backend-store-uri", "sqlite://"), "sqlite:///"),
        (("--artifacts-destination", "ftp://x/y"), "'ftp"),
        (("--allowed-hosts", "http://x"), "http://x"),
        (("--cors-allowed-origins", "x"), "'x'"),
    ],
)
def test_options_that_cannot_be_used_are_told_in_one_line(tmp_path, options, said):
    assert said in refused(tmp_path, "--port", "0", *options)


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "x.db").write_bytes(b"not a database, not at all" * 100)
    assert "x.db" in refused(tmp_path, "--port", "0", "--backend-store-uri", f"sqlite:///{tmp_path}/x.db")


def test_a_store_of_a_newer_version_is_told_and_left_alone(tmp_path, start):
    start().stop()
    path = tmp_path / "mlruns" / "assay.db"
    before = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("insert into schema_version (number, name) values (9999, 'later')")
        connection.commit()
    assert "newer" in refused(tmp_path, "--port", "0").lower()
    assert len(path.read_bytes()) >= len(before)


def test_a_directory_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    line = refused(tmp_path, "--port", "0", "--backend-store-uri", str(tmp_path / "file" / "mlruns"))
    assert "file" in line


def test_settings_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_PORT", "99999x")
    line = refused(tmp_path)
    assert "MLFLOW_PORT" in line


def test_starts_fast_and_small(start):
    begun = time.perf_counter()
    process = start("--no-access-log")
    took = time.perf_counter() - begun
    resident = int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())[1])
    assert took < 5, "The budget is 1 s on an idle machine."
    assert resident < 90_000


def test_answers_are_one_json_object_a_line_for_scripts(start, client_for):
    http = client_for(start("--no-access-log").port)
    assert json.loads(http.get("/api/3.0/mlflow/server-info").body)["assay_version"]
