"""What the client does with answers other than success: busy servers, refusals, credentials that expire."""

from __future__ import annotations

import json
import socket
import threading
import time
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

import assay
from assay.client import spools
from assay.core.errors import RequestLimitExceeded, ResourceDoesNotExist, ServerUnreachable, Unauthenticated
from assay.journal.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Gate:
    """In front of a real server: answers in its place where `judge(head, body)` returns an answer, else hands on."""

    def __init__(self, target: str) -> None:
        self._target = int(target.rsplit(":", 1)[1])
        self.judge: Callable[[bytes, bytes], bytes | None] = lambda head, body: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """One request for each connection keeps this short."""
        with client:
            data = b""
            while b"\r\n\r\n" not in data:
                piece = client.recv(1 << 16)
                if not piece:
                    return
                data += piece
            head, _, body = data.partition(b"\r\n\r\n")
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            while len(body) < length:
                body += client.recv(1 << 16)
            answer = self.judge(head, body)
            if answer is not None:
                client.sendall(answer)
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.sendall(head + b"\r\nconnection: close\r\n\r\n" + body)
                while piece := server.recv(1 << 16):
                    client.sendall(piece)

    def close(self) -> None:
        self._listener.close()


def refusal(status: int, code: str, message: str, **headers: str) -> bytes:
    body = json.dumps({"error_code": code, "message": message}).encode()
    lines = [f"HTTP/1.1 {status} X", "connection: close", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def gate(shared_server: str) -> Iterator[Gate]:
    found = Gate(shared_server)
    assay.set_tracking_uri(found.url)
    yield found
    found.judge = lambda head, body: None
    found.close()


def test_a_busy_server_is_obeyed(gate):
    seen: list[float] = []

    def judge(head: bytes, body: bytes) -> bytes | None:
        if b"journal/apply" not in head:
            return None
        seen.append(time.monotonic())
        return refusal(503, "TEMPORARILY_UNAVAILABLE", "busy", retry_after="1") if len(seen) < 3 else None

    with assay.start_run() as run:
        assay.log_metric("m", 1)
        assay.flush()
        gate.judge = judge
        assay.log_metric("m", 2, step=1)
    assert len(seen) >= 3
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 2.0}


def test_one_record_that_the_server_cannot_take_does_not_hold_up_the_others(gate):
    gate.judge = lambda head, body: (
        refusal(400, "BAD_REQUEST", "cannot read this") if b"poison" in body and b"journal/apply" in head else None
    )
    with assay.start_run() as run:
        for step in range(20):
            assay.log_metric("poison" if step == 11 else "m", step, step=step)
    history = assay.Client().get_metric_history(run.info.run_id, "m")
    assert [point.step for point in history] == [step for step in range(20) if step != 11]
    (line,) = (spools.spool_for(gate.url) / "rejected.jsonl").read_text().splitlines()
    assert json.loads(line)["message"] == "cannot read this"


def test_delivery_goes_on_with_new_credentials(gate, monkeypatch, until):
    passwords = {"old"}

    def judge(head: bytes, body: bytes) -> bytes | None:
        given = [b64encode(f"me:{password}".encode()) for password in passwords]
        if any(b"Authorization: Basic " + one in head for one in given):
            return None
        return refusal(401, "UNAUTHENTICATED", "who are you?")

    gate.judge = judge
    with pytest.raises(Unauthenticated, match="who are you"):
        assay.set_experiment("x")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "me")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "old")
    with assay.start_run() as run:
        assay.log_metric("m", 1)
        passwords.clear()
        passwords.add("new")
        assay.log_metric("m", 2, step=1)
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "new")
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 2.0}
    until(lambda: not Spool(spools.spool_for(gate.url)).size())


def test_reads_wait_for_a_server_that_restarts(gate):
    with assay.start_run() as run:
        assay.log_metric("m", 1)
    refused: list[int] = []

    def judge(head: bytes, body: bytes) -> bytes | None:
        refused.append(1)
        return refusal(502, "", "starting") if len(refused) < 3 else None

    gate.judge = judge
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 1.0}
    with pytest.raises(ResourceDoesNotExist):
        assay.get_run("0" * 32)
    gate.judge = lambda head, body: refusal(429, "REQUEST_LIMIT_EXCEEDED", "slow down", retry_after="0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSAY_HTTP_MAX_RETRIES", "1")
        with pytest.raises(RequestLimitExceeded, match="slow down"):
            assay.get_run(run.info.run_id)


def test_a_server_that_is_none_says_so(gate):
    gate.judge = lambda head, body: b"HTTP/1.1 404 X\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno"
    with pytest.raises(assay.AssayError, match="Check the address"):
        assay.set_experiment("x")


def test_an_address_without_a_server(monkeypatch):
    monkeypatch.setenv("ASSAY_HTTP_MAX_RETRIES", "0")
    with pytest.raises(ServerUnreachable, match="does not answer"):
        assay.Client("http://127.0.0.1:9").search_experiments()
