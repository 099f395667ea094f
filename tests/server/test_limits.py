"""Everything that a client sends is bounded."""

import json
import socket
import time

import pytest

from assay.server import api, protocol
from assay.server.config import ServerConfig
from assay.testing.server import running_server


@pytest.fixture(scope="module")
def server(directory):
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        max_body_bytes=200_000,
        access_log=False,
    )
    with running_server(directory, config) as running:
        yield running


def test_bodies_up_to_the_limit_are_taken_and_larger_ones_refused(http_):
    run_id = http_.new_run()
    body = json.dumps({"run_id": run_id, "key": "k", "value": "v"})
    assert http_.post("runs/set-tag", body + " " * (200_000 - len(body))).status == 200
    answer = http_.post("runs/set-tag", body + " " * (200_001 - len(body)))
    assert (answer.status, answer.code) == (413, "INVALID_PARAMETER_VALUE")
    assert "200000 bytes" in answer.json["message"]


def test_a_body_of_unknown_length_is_cut_off_too(http_):
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    head = b"POST /api/2.0/mlflow/runs/set-tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", http_.port), timeout=10) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(100):
                connection.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return
        try:
            assert b" 413 " in connection.recv(1000)
        except ConnectionResetError:
            return


@pytest.mark.parametrize("levels", [900, 5_000, 30_000])
@pytest.mark.parametrize("operation", ["runs/set-tag", "runs/log-inputs", "logged-models", "model-versions/create"])
def test_nesting_is_a_clients_error_at_any_depth_and_in_any_field(http_, operation, levels):
    for level, end in (("[", "]"), ('{"a":', "}")):
        deep = level * levels + "1" + end * levels
        assert http_.post(operation, '{"unknown":' + deep + "}").status == 400
        assert http_.post(operation, '{"run_id":' + deep + "}").status == 400


@pytest.mark.parametrize("levels", [900, 90_000])
def test_nesting_in_messagepack_is_a_clients_error_too(http_, levels):
    body = b"\x81\xa1u" + b"\x91" * levels + b"\x01"
    assert http_.post("journal/apply", body, "/api/assay/1/", Content_Type="application/msgpack").status == 400


def test_hostile_json_is_a_clients_error_and_quick(http_):
    deep = "[" * 90_000
    assert http_.post("runs/set-tag", deep).status == 400
    assert http_.post("runs/set-tag", '{"key":' + deep).status == 400
    wide = json.dumps({f"k{number}": number for number in range(10_000)})
    assert http_.post("runs/set-tag", wide).status == 400
    huge = '{"key": "m", "value": 1e400, "timestamp": 99999999999999999999, "run_id": "' + "0" * 32 + '"}'
    assert http_.post("runs/log-metric", huge).status == 400
    assert http_.post("runs/set-tag", b'{"key": "\xff\xfe", "value": "x"}').status == 400


def test_too_much_at_once_is_told_with_a_time_to_wait(http_, monkeypatch):
    monkeypatch.setattr(api, "MOST_IN_FLIGHT", 0)
    answer = http_.post("runs/create", {"experiment_id": "0"})
    assert (answer.status, answer.code) == (429, "REQUEST_LIMIT_EXCEEDED")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("begin", [b"GET /health?", b"GET /health HTTP/1.1\r\nX: ", b"GET /health HTTP/1.1\r\n"])
def test_a_head_without_end_is_cut_off(http_, begin):
    endless = b"X-Y: zzzz\r\n" * 100 if begin.endswith(b"\n") else b"x" * 1000
    connection = socket.create_connection(("127.0.0.1", http_.port), timeout=10)
    with connection, pytest.raises((BrokenPipeError, ConnectionResetError)):
        connection.sendall(begin + endless * 20_000)
    assert http_.new_run()


def test_a_head_that_does_not_come_ends_the_connection(http_, monkeypatch):
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    whole = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for said, answers in ((b"", 0), (whole[:20], 0), (whole + whole[:20], 1), (whole * 2 + b"G", 2)):
        with socket.create_connection(("127.0.0.1", http_.port), timeout=10) as connection:
            connection.sendall(said)
            connection.settimeout(5)
            received = b""
            while piece := connection.recv(65536):
                received += piece
            assert received.count(b"HTTP/1.1 200 OK") == answers


def test_a_connection_that_is_kept_outlives_the_time_for_a_head(http_, monkeypatch):
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", http_.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"200 OK" in connection.recv(65536)
            time.sleep(0.3)


def test_silent_and_broken_connections_do_not_disturb_others(http_):
    idle = [socket.create_connection(("127.0.0.1", http_.port)) for _ in range(100)]
    for connection in idle:
        connection.sendall(b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Le")
    assert http_.new_run()
    for connection in idle:
        connection.close()
    broken = http_.raw(b"NONSENSE\r\n\r\n")
    assert broken.startswith(b"HTTP/1.1 400")
    assert http_.new_run()
