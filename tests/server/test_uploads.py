"""Large files in parts: in any order, through a restart of the server, whole and right or absent."""

import hashlib
import os
import socket
import threading
import time
import zlib
from contextlib import suppress

import pytest

from assay.blobs import uploads
from assay.blobs.partial import PartialFile
from assay.blobs.uploads import DIRECTORY, PART_BYTES
from assay.server import bodies
from assay.server.config import ServerConfig
from assay.testing.server import running_server

PROXY = "/api/2.0/mlflow-artifacts/artifacts"
CONTENT = os.urandom(PART_BYTES + 1000) + bytes(PART_BYTES)
PARTS = [CONTENT[start : start + PART_BYTES] for start in range(0, len(CONTENT), PART_BYTES)]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Sender:
    """A client that does everything by hand."""

    def __init__(self, http_, path="big.bin", *, content=CONTENT, digest=None):
        self.http = http_
        self.address = f"/api/assay/1/uploads/{path}?size={len(content)}&sha256={digest or sha256(content)}"

    def state(self):
        answer = self.http.send("POST", self.address)
        assert answer.status == 200, answer.body
        return answer.json.get("missing", []), answer.json.get("stored", False)

    def put(self, number, data=None, checksum=None):
        data = PARTS[number] if data is None else data
        headers = {"X-Assay-CRC32": f"{zlib.crc32(data) if checksum is None else checksum:08x}"}
        return self.http.send("PUT", f"{self.address}&part={number}", data, headers)


@pytest.fixture
def sender(http_):
    return Sender(http_, f"{os.urandom(4).hex()}/big.bin")


def path_of(sender):
    return sender.address.partition("?")[0].removeprefix("/api/assay/1/uploads/")


def test_parts_in_any_order_become_the_file(sender, http_):
    assert sender.state() == ([0, 1, 2], False)
    assert sender.put(2).status == 200
    assert sender.put(0).status == 200
    assert sender.put(0).status == 200, "again, as after a lost answer"
    assert sender.state() == ([1], False)
    assert http_.get(f"{PROXY}/{path_of(sender)}").status == 404
    assert sender.put(1).status == 200
    assert sender.state() == ([], True)
    assert sender.state() == ([], True), "again, as after a lost answer"
    answer = http_.get(f"{PROXY}/{path_of(sender)}")
    assert answer.body == CONTENT
    assert "repr-digest" in answer.headers
    assert DIRECTORY not in [file["path"] for file in http_.get(PROXY).json["files"]]


def test_a_restarted_server_goes_on(tmp_path, client_for):
    with running_server(tmp_path) as server:
        sender = Sender(client_for(server.port))
        assert sender.put(1).status == 200
    with running_server(tmp_path) as server:
        http_ = client_for(server.port)
        sender = Sender(http_)
        assert sender.state() == ([0, 2], False)
        assert sender.put(0).status == sender.put(2).status == 200
        assert sender.state() == ([], True)
        assert http_.get(f"{PROXY}/big.bin").body == CONTENT
    assert list((tmp_path / "mlartifacts" / DIRECTORY).iterdir()) == []


def test_damaged_parts_are_still_missing(sender):
    assert sender.put(0, checksum=5).status == 400
    assert sender.put(1, PARTS[1][:-1]).status == 400
    assert sender.put(1, PARTS[1] + b"x").status == 400
    assert sender.put(7, b"x").status == 400
    assert sender.http.send("PUT", f"{sender.address}&part=0", PARTS[0]).status == 400, "without its checksum"
    assert sender.state() == ([0, 1, 2], False)


def test_a_whole_of_another_digest_is_dropped(http_):
    sender = Sender(http_, "wrong.bin", digest=sha256(b"other"))
    for number in range(3):
        assert sender.put(number).status == 200
    answer = http_.send("POST", sender.address)
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert http_.get(f"{PROXY}/wrong.bin").status == 404
    assert sender.state() == ([0, 1, 2], False)


def test_an_upload_can_be_given_up(sender):
    sender.put(0)
    assert sender.http.send("DELETE", sender.address).status == 200
    assert sender.http.send("DELETE", sender.address).status == 200
    assert sender.state() == ([0, 1, 2], False)


def test_what_is_being_checked_is_not_exchanged(sender, http_, monkeypatch):
    """Given up and begun again meanwhile, the new and empty file would take the name and the digest of the old one."""
    for number in range(3):
        sender.put(number)
    checking, go_on = threading.Event(), threading.Event()
    digest = PartialFile.digest

    def slow(file, **how):
        found = digest(file, **how)
        checking.set()
        go_on.wait(5)
        return found

    monkeypatch.setattr(PartialFile, "digest", slow)

    def give_up():
        http_.send("DELETE", sender.address)
        http_.send("POST", sender.address)

    threads = [threading.Thread(target=sender.state), threading.Thread(target=give_up)]
    threads[0].start()
    assert checking.wait(5)
    threads[1].start()
    time.sleep(0.2)
    go_on.set()
    for thread in threads:
        thread.join(timeout=10)
    assert http_.get(f"{PROXY}/{path_of(sender)}").body == CONTENT


@pytest.mark.parametrize(
    "address",
    [
        f"../x?size=5&sha256={'0' * 64}",
        f"{DIRECTORY}/x?size=5&sha256={'0' * 64}",
        "x?size=5&sha256=00",
        f"x?size=0&sha256={'0' * 64}",
        f"x?size=-5&sha256={'0' * 64}",
        f"x?size={10**18}&sha256={'0' * 64}",
        f"x?sha256={'0' * 64}",
        "x?size=5",
    ],
)
def test_nonsense_is_refused(http_, address):
    answer = http_.send("POST", f"/api/assay/1/uploads/{address}")
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def head_of(sender):
    lines = ("Host: localhost", f"X-Assay-CRC32: {zlib.crc32(PARTS[0]):08x}", f"Content-Length: {len(PARTS[0])}")
    return "\r\n".join((f"PUT {sender.address}&part=0 HTTP/1.1", *lines, "", "")).encode()


def test_a_client_that_falls_silent_is_not_waited_for(sender, monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", sender.http.port), timeout=10) as connection:
        connection.sendall(head_of(sender) + PARTS[0][:1_000_000])
        assert connection.recv(12) == b"HTTP/1.1 499"
    assert sender.put(0).status == 200
    assert sender.state() == ([1, 2], False)


def test_a_connection_that_breaks_in_a_part_leaves_it_missing(sender):
    with socket.create_connection(("127.0.0.1", sender.http.port)) as connection:
        head = (
            f"PUT {sender.address}&part=0 HTTP/1.1\r\nHost: localhost\r\nX-Assay-CRC32: {zlib.crc32(PARTS[0]):08x}\r\n"
        )
        connection.sendall(f"{head}Content-Length: {len(PARTS[0])}\r\n\r\n".encode() + PARTS[0][:5_000_000])
        time.sleep(0.2)
    deadline = time.monotonic() + 10
    while sender.put(0).status != 200:  # until the server has seen the break
        assert time.monotonic() < deadline
    assert sender.state() == ([1, 2], False)


def test_many_at_once_send_the_same_file(sender, http_):
    def send():
        while True:
            missing, stored = sender.state()
            if stored:
                return
            for number in missing:
                with suppress(OSError):  # told that somebody else sends it, before everything was said
                    assert sender.put(number).status in (200, 503)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert http_.get(f"{PROXY}/{path_of(sender)}").body == CONTENT


def test_uploads_are_bounded_and_abandoned_ones_swept(tmp_path, monkeypatch, client_for):
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    directory = tmp_path / "mlartifacts" / DIRECTORY
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
    )
    with running_server(tmp_path, config) as server:
        http_ = client_for(server.port)
        for name in ("a", "b"):
            assert Sender(http_, name).state()[0]
        third = Sender(http_, "c")
        assert http_.send("POST", third.address).status == 503
        assert Sender(http_, "a").put(0).status == 200, "those that have begun go on"
        hours_ago = time.time() - 2 * 3600
        for path in directory.glob(f"{uploads.Wanted('b', len(CONTENT), sha256(CONTENT)).key}*"):
            os.utime(path, (hours_ago, hours_ago))
        assert third.state()[0] == [0, 1, 2]
        assert Sender(http_, "a").state()[0] == [1, 2]
