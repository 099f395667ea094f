"""Artifact bytes through the server: exact, in ranges, confined, whole or absent, in flat memory."""

import hashlib
import os
import resource
import socket
from pathlib import Path

import pytest

from assay.server.config import ServerConfig
from assay.testing.server import running_server

PROXY = "/api/2.0/mlflow-artifacts/artifacts"
CONTENT = bytes(range(256)) * 8192


@pytest.fixture
def put(http_):
    def put(path, body, **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return http_.send("PUT", f"{PROXY}/{path}", body, given)

    return put


def test_a_file_comes_back_as_it_went(http_, put):
    assert put("a/b/file.bin", CONTENT).status == 200
    answer = http_.get(f"{PROXY}/a/b/file.bin")
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="file.bin"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["accept-ranges"] == "bytes"
    ajax = http_.get("/ajax-api/2.0/mlflow-artifacts/artifacts/a/b/file.bin")
    assert ajax.body == CONTENT
    head = http_.send("HEAD", f"{PROXY}/a/b/file.bin")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(CONTENT)))


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=0-99", 206, CONTENT[:100]),
        ("bytes=100-100", 206, CONTENT[100:101]),
        (f"bytes={len(CONTENT) - 5}-", 206, CONTENT[-5:]),
        ("bytes=-7", 206, CONTENT[-7:]),
        ("bytes=5-99999999999", 206, CONTENT[5:]),
        (f"bytes={len(CONTENT)}-", 416, b""),
        ("bytes=9-3", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=-", 200, CONTENT),
        ("bytes=0-1,5-9", 200, CONTENT),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(1000)), 200, CONTENT),
        ("lines=1-2", 200, CONTENT),
    ],
)
def test_ranges(http_, put, asked, status, expected):
    put("ranges.bin", CONTENT)
    answer = http_.get(f"{PROXY}/ranges.bin", Range=asked)
    assert (answer.status, answer.body) == (status, expected)
    if status == 206:
        assert answer.headers["content-range"].endswith(f"/{len(CONTENT)}")
    if status == 416:
        assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_what_has_not_changed_is_not_sent_again(http_, put):
    put("e.txt", b"one")
    etag = http_.get(f"{PROXY}/e.txt").headers["etag"]
    assert http_.get(f"{PROXY}/e.txt", If_None_Match=etag).status == 304
    assert http_.get(f"{PROXY}/e.txt", If_None_Match=f'"x", W/{etag}').status == 304
    put("e.txt", b"two")
    assert http_.get(f"{PROXY}/e.txt", If_None_Match=etag).body == b"two"
    assert http_.get(f"{PROXY}/e.txt", Range="bytes=0-0", If_Range=etag).body == b"two"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x.txt", "text/plain; charset=utf-8"),
        ("x.js", "text/plain; charset=utf-8"),
        ("x.json", "text/plain; charset=utf-8"),
        ("MLmodel", "text/plain; charset=utf-8"),
        ("X.YAML", "text/plain; charset=utf-8"),
        ("x.png", "image/png"),
        ("x", "application/octet-stream"),
        ("x.unheard-of", "application/octet-stream"),
    ],
)
def test_types_follow_the_name(http_, put, name, kind):
    put(f"types/{name}", b"<script>")
    assert http_.get(f"{PROXY}/types/{name}").headers["content-type"] == kind


def test_names_of_any_script_survive(http_, put):
    for encoded, plain in (("%C3%BC%20%22x%22.txt", 'ü "x".txt'), ("a%23b%3Fc", "a#b?c"), ("a+b", "a+b")):
        assert put(f"names/{encoded}", b"x").status == 200
        answer = http_.get(f"{PROXY}/names/{encoded}")
        assert answer.status == 200
        listed = [file["path"] for file in http_.get(f"{PROXY}?path=names").json["files"]]
        assert plain in listed
    assert (
        "filename*=UTF-8''%C3%BC%20%22x%22.txt"
        in http_.get(f"{PROXY}/names/%C3%BC%20%22x%22.txt").headers["content-disposition"]
    )


def test_lists_give_names_within_the_directory(http_, put):
    put("list/sub/f", b"123")
    put("list/a", b"1")
    assert http_.get(f"{PROXY}?path=list").json == {
        "files": [{"path": "a", "is_dir": False, "file_size": 1}, {"path": "sub", "is_dir": True}]
    }
    assert {"path": "list", "is_dir": True} in http_.get(PROXY).json["files"]
    assert http_.get(f"{PROXY}?path=list/a").json == {}
    assert http_.get(f"{PROXY}?path=missing").json == {}


def test_missing_files_and_directories(http_, put):
    put("dir/f", b"x")
    missing = http_.get(f"{PROXY}/dir/none")
    assert (missing.status, missing.code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert http_.get(f"{PROXY}/dir").status == 400
    assert put("dir", b"x").status == 400
    assert http_.send("DELETE", f"{PROXY}/dir").json == {}
    assert http_.send("DELETE", f"{PROXY}/dir").status == 200
    assert http_.get(f"{PROXY}/dir/f").status == 404


ESCAPES = [
    "../outside",
    "a/../../outside",
    "..%2foutside",
    "%2e%2e/outside",
    "%2e%2e%2foutside",
    "%252e%252e%252foutside",
    "..%5coutside",
    "a%5c..%5coutside",
    "C:/outside",
    "C:outside",
    "%5c%5csrv%5cx",
    "/etc/hostname",
    "//etc/hostname",
    "a;/../outside",
    "a%3fx=/../outside",
    "a%23/../outside",
    "a%00b",
    ".",
    "./",
    "./a",
    "a/./b",
    "a//b",
    "%2fetc%2fhostname",
    "x" * 5000,
    "d/" * 64 + "f",
    "a%ff",
    "a%ed%a0%80",
]


@pytest.mark.parametrize("path", ESCAPES)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "LIST"])
def test_no_path_leads_out(http_, directory, method, path):
    """Sent as it stands, byte for byte: clients would tidy it up."""
    (Path(directory) / "outside").write_text("marker")
    lines = {"LIST": f"GET {PROXY}?path={path.replace(';', '%3b')}"}
    line = lines.get(method, f"{method} {PROXY}/{path}")
    body = b"\r\nContent-Length: 1\r\n\r\nx" if method == "PUT" else b"\r\n\r\n"
    answer = http_.raw(f"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close".encode() + body)
    assert answer.split()[1] == b"400", answer
    assert b"marker" not in answer
    assert (Path(directory) / "outside").read_text() == "marker"


def test_no_path_holds_a_line_break(http_, put):
    assert put("a%0ab", b"x").status == 400
    assert http_.get(f"{PROXY}/a%0ab").status == 400


@pytest.mark.parametrize("path", ["../x", "..%2fx", "%252e%252e%252fx", "/etc/hostname", "C:/x", "%5c%5csrv", ".", ""])
def test_no_path_leads_out_of_a_run(http_, path):
    run_id = http_.new_run()
    assert http_.get(f"/get-artifact?run_id={run_id}&path={path}").status == 400
    assert http_.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}&path={path or '..'}").status == 400
    assert http_.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path={path}", b"x").status == 400


def test_links_in_the_destination_are_not_followed(http_, directory):
    destination = Path(directory) / "mlartifacts"
    destination.mkdir(exist_ok=True)
    (destination / "etc").symlink_to("/etc")
    assert http_.get(f"{PROXY}/etc/hostname").status == 404
    assert http_.get(f"{PROXY}?path=etc").json == {}


def test_artifacts_of_a_run(http_):
    run_id = http_.new_run()
    sent = http_.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=d/f.txt", b"hello")
    assert (sent.status, sent.body) == (200, b"")
    listed = http_.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}&path=d").json
    assert listed["files"] == [{"path": "d/f.txt", "is_dir": False, "file_size": 5}]
    answer = http_.get(f"/get-artifact?run_uuid={run_id}&path=d/f.txt")
    assert (answer.body, answer.headers["content-type"]) == (b"hello", "text/plain; charset=utf-8")
    assert http_.get(f"/get-artifact?run_id={run_id}&path=d").status == 400
    assert http_.get(f"/get-artifact?run_id={run_id}&path=none").status == 404
    assert http_.get(f"/get-artifact?run_id={'0' * 32}&path=f").status == 404
    assert http_.get("/get-artifact?path=f").status == 400
    assert http_.get(f"{PROXY}/0/{run_id}/artifacts/d/f.txt").body == b"hello"
    assert http_.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=e", b"").status == 400


def test_a_digest_that_does_not_fit_stores_nothing(http_, put):
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert put("digest/ok", CONTENT, X_Assay_SHA256=digest).status == 200
    wrong = put("digest/bad", CONTENT + b"x", X_Assay_SHA256=digest)
    assert wrong.status == 400
    assert "SHA-256" in wrong.json["message"]
    assert put("digest/bad", b"x", X_Assay_SHA256="zz").status == 400
    assert [file["path"] for file in http_.get(f"{PROXY}?path=digest").json["files"]] == ["ok"]


def test_an_upload_that_breaks_off_leaves_nothing(http_, put, directory, eventually):
    put("half/old", b"old")
    for name in ("new", "old"):
        with socket.create_connection(("127.0.0.1", http_.port)) as connection:
            head = f"PUT {PROXY}/half/{name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n"
            connection.sendall(head.encode())
            connection.sendall(b"x" * 5_000_000)
    folder = Path(directory) / "mlartifacts" / "half"
    eventually(lambda: [path.name for path in folder.iterdir()] == ["old"])
    assert http_.get(f"{PROXY}/half/old").body == b"old"


def test_a_full_disk_is_told_and_the_rest_goes_on(http_, put, monkeypatch, directory):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = put("full/f", b"x" * 100)
    assert (answer.status, answer.code) == (507, "TEMPORARILY_UNAVAILABLE")
    assert answer.headers["retry-after"]
    assert "in <artifacts>: No space left on device" in answer.json["message"]
    assert str(directory) not in answer.json["message"], "where things lie is the operator's business"
    assert put("full/f", b"x").status == 200


def test_large_files_pass_through_in_flat_memory(http_, directory):
    size = 200 << 20
    piece = os.urandom(1 << 20)
    digest = hashlib.sha256(piece * (size >> 20)).hexdigest()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.create_connection(("127.0.0.1", http_.port)) as connection:
        head = f"PUT {PROXY}/large HTTP/1.1\r\nHost: localhost\r\nX-Assay-SHA256: {digest}\r\n"
        connection.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode())
        for _ in range(size >> 20):
            connection.sendall(piece)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", http_.port)) as connection:
        connection.sendall(f"GET {PROXY}/large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        received = 0
        while data := connection.recv(1 << 20):
            received += len(data)
    assert received > size
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 60_000, f"{grown} KiB more for a file of {size >> 20} MiB"
    (Path(directory) / "mlartifacts" / "large").unlink()


def test_a_server_that_serves_no_artifacts_says_so(tmp_path, client_for):
    config = ServerConfig(backend_store_uri=str(tmp_path / "mlruns"), serve_artifacts=False, access_log=False)
    with running_server(tmp_path, config) as server:
        http = client_for(server.port)
        for method in ("GET", "PUT", "DELETE"):
            answer = http.send(method, f"{PROXY}/x", b"x")
            assert (answer.status, answer.code) == (503, "TEMPORARILY_UNAVAILABLE")
        experiment = http.get("/api/2.0/mlflow/experiments/get?experiment_id=0").json["experiment"]
        assert experiment["artifact_location"].startswith(str(tmp_path))


@pytest.mark.parametrize(
    "location",
    ["mlflow-artifacts:/a//b", "mlflow-artifacts:/./a", "mlflow-artifacts://h/a", "s3://", "s3:///", "s3:b", "/tmp/x"],
)
def test_no_experiment_begins_where_nothing_can_be_stored(http_, location):
    answer = http_.post("experiments/create", {"name": f"at {location}", "artifact_location": location})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
