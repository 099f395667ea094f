"""Several workers behind one port: they answer together, are replaced, tell pages everything, and stop together."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest

from assay.testing.processes import COMMAND, ServerProcess

TRAINING = """
import assay
with assay.start_run(run_name="local"):
    for step in range(50):
        assay.log_metric("m", step, step=step)
"""


def workers_of(server):
    return {child.pid for child in psutil.Process(server.pid).children()}


@pytest.fixture
def start(tmp_path):
    servers = []

    def start(*options):
        servers.append(ServerProcess(tmp_path, *options))
        return servers[-1].start()

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def team(start, new_postgres_uri):
    return start("--workers", "2", "--backend-store-uri", new_postgres_uri())


def test_workers_answer_together_and_one_that_dies_is_replaced(team, client_for, eventually):
    http = client_for(team.port)
    before = workers_of(team)
    assert len(before) == 2
    run_ids = [http.new_run() for _ in range(10)]
    os.kill(min(before), signal.SIGKILL)
    eventually(lambda: len(workers_of(team) - before) == 1 and len(workers_of(team)) == 2)
    assert team.said("has ended; another takes its place")
    assert [http.run(run_id)["info"]["run_id"] for run_id in run_ids] == run_ids


def listening(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(20)
    connection.sendall(b"GET /ajax-api/assay/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    received = b""
    while b"event: hello" not in received:
        received += connection.recv(65536)
    return connection


def test_pages_of_every_worker_learn_of_every_change(team, client_for):
    with contextlib.ExitStack() as stack:
        pages = [stack.enter_context(listening(team.port)) for _ in range(8)]
        client_for(team.port).new_run()
        for page in pages:
            received = b""
            while b"event: change" not in received:
                received += page.recv(65536)


def test_requests_under_way_are_finished(team):
    body = json.dumps({"experiment_id": "0"}).encode()
    head = (
        "POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", team.port)) as connection:
        connection.settimeout(20)
        connection.sendall(head.encode() + body[:5])
        time.sleep(0.3)
        os.kill(team.pid, signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(body[5:])
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    assert team.wait() == 0
    assert "Traceback" not in team.log.read_text()


def test_workers_do_not_outlive_their_supervisor(team, eventually):
    workers = [psutil.Process(pid) for pid in workers_of(team)]
    team.stop(signal.SIGKILL)
    eventually(lambda: not any(worker.is_running() and worker.status() != "zombie" for worker in workers), 20)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--artifacts-destination", "ftp://x/y"), "'ftp"),
        (("--backend-store-uri", "oracle://x/y"), "oracle:"),
        (("--allowed-hosts", "http://x"), "http://x"),
    ],
)
def test_what_keeps_workers_from_starting_is_told_in_one_line(tmp_path, options, said):
    done = subprocess.run(
        [*COMMAND, "server", "--port", "0", "--workers", "3", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert said in lines[0]


def test_the_log_is_whole_lines(start, new_postgres_uri, client_for):
    server = start("--workers", "2", "--backend-store-uri", new_postgres_uri())

    def ask():
        http = client_for(server.port)
        for number in range(60):
            http.get(f"/{'x' * (20 * (number % 30))}")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.stop()
    lines = server.log.read_text().splitlines()[1:]
    assert len(lines) == 240
    whole = re.compile(r"\d\d:\d\d:\d\d 127\.0\.0\.1 GET /x* \d{3} [\d.]+ ms \d+ bytes [0-9a-f]{16}")
    assert [line for line in lines if not whole.fullmatch(line)] == []


def test_journals_beside_a_local_store_are_applied_once(start, tmp_path, client_for, eventually):
    """One worker looks after them, also when the first one for it has died."""
    server = start("--workers", "2", "--no-access-log")
    http = client_for(server.port)
    for count in (1, 2):
        subprocess.run([sys.executable, "-c", TRAINING], cwd=tmp_path, check=True, timeout=60)
        query = {"experiment_ids": ["0"], "filter": "metrics.m = 49"}
        eventually(lambda query=query, count=count: len(http.call("runs/search", query).get("runs", ())) == count)
        for worker in workers_of(server):
            os.kill(worker, signal.SIGKILL)
        eventually(lambda count=count: server.log.read_text().count("has ended") == 2 * count)
        eventually(lambda: len(workers_of(server)) == 2)
