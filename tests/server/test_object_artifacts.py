"""Artifacts of a server whose destination, or whose experiments' place, is a bucket; and what it will not open."""

import hashlib
import json
import socket
import urllib.request
from contextlib import contextmanager

import pytest

from assay.blobs.open import open_blobs
from assay.core.errors import ConfigurationError, TemporarilyUnavailable
from assay.server.app import create_app
from assay.server.config import ServerConfig
from assay.server.errors import error_answer
from assay.testing.server import running_server

PROXY = "/api/2.0/mlflow-artifacts"
ARTIFACTS = f"{PROXY}/artifacts"
CONTENT = bytes(range(256)) * 90_000
BUCKET = "server"


@pytest.fixture(scope="module")
def environment(s3):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in s3.environment.items():
            patch.setenv(name, value)
        yield s3


@pytest.fixture(autouse=True)
def reach_s3(s3, monkeypatch):
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def server(environment, tmp_path_factory):
    """One whose destination is a bucket."""
    directory = tmp_path_factory.mktemp("server")
    config = configured(directory, artifacts_destination=f"{environment.bucket(BUCKET)}/kept")
    with running_server(directory, config) as running:
        yield running


@pytest.fixture
def put(http_):
    def put(path, body, **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return http_.send("PUT", f"{ARTIFACTS}/{path}", body, given)

    return put


def configured(directory, **options):
    return ServerConfig(backend_store_uri=str(directory / "mlruns"), access_log=False, **options)


def test_a_file_comes_back_in_ranges_and_only_when_it_changed(http_, put):
    assert put("a/b/f.bin", CONTENT).status == 200
    answer = http_.get(f"{ARTIFACTS}/a/b/f.bin")
    assert (answer.status, answer.body, answer.headers["accept-ranges"]) == (200, CONTENT, "bytes")
    etag = answer.headers["etag"]
    assert answer.headers["last-modified"].endswith("GMT")
    part = http_.get(f"{ARTIFACTS}/a/b/f.bin", Range="bytes=9000000-9000009")
    assert (part.status, part.body) == (206, CONTENT[9_000_000:9_000_010])
    assert part.headers["content-range"] == f"bytes 9000000-9000009/{len(CONTENT)}"
    assert http_.get(f"{ARTIFACTS}/a/b/f.bin", If_None_Match=etag).status == 304
    put("a/b/f.bin", b"new")
    assert http_.get(f"{ARTIFACTS}/a/b/f.bin", Range="bytes=0-0", If_Range=etag).body == b"new"
    head = http_.send("HEAD", f"{ARTIFACTS}/a/b/f.bin")
    assert (head.status, head.headers["content-length"], head.body) == (200, "3", b"")


def test_lists_and_deletes(http_, put):
    put("list/sub/f", b"123")
    put("list/a", b"1")
    assert http_.get(f"{ARTIFACTS}?path=list").json == {
        "files": [{"path": "a", "is_dir": False, "file_size": 1}, {"path": "sub", "is_dir": True}]
    }
    assert http_.send("DELETE", f"{ARTIFACTS}/list").json == {}
    assert http_.get(f"{ARTIFACTS}?path=list").json == {}
    assert http_.get(f"{ARTIFACTS}/list/a").status == 404


def test_a_digest_that_does_not_fit_stores_nothing(http_, put):
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert put("digest/ok", CONTENT, X_Assay_SHA256=digest).status == 200
    for body in (CONTENT + b"x", b"small"):
        wrong = put("digest/bad", body, X_Assay_SHA256=digest)
        assert (wrong.status, wrong.code) == (400, "INVALID_PARAMETER_VALUE")
    assert [file["path"] for file in http_.get(f"{ARTIFACTS}?path=digest").json["files"]] == ["ok"]
    assert "repr-digest" in http_.get(f"{ARTIFACTS}/digest/ok").headers


def test_an_upload_that_breaks_off_leaves_nothing(http_, s3, eventually):
    with socket.create_connection(("127.0.0.1", http_.port)) as connection:
        head = f"PUT {ARTIFACTS}/half/f HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n"
        connection.sendall(head.encode())
        connection.sendall(b"x" * 40_000_000)
    folder = s3.directory / BUCKET / "kept"
    eventually(lambda: not [path for path in folder.rglob("half/*") if path.is_file()])
    assert http_.get(f"{ARTIFACTS}?path=half").json == {}


def test_artifacts_of_a_run_go_to_the_bucket(http_, s3):
    run_id = http_.new_run()
    sent = http_.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=d/f.txt", b"hello")
    assert sent.status == 200
    assert (s3.directory / BUCKET / "kept" / "0" / run_id / "artifacts" / "d" / "f.txt").read_bytes() == b"hello"
    listed = http_.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}&path=d").json
    assert listed["files"] == [{"path": "d/f.txt", "is_dir": False, "file_size": 5}]
    assert http_.get(f"/get-artifact?run_id={run_id}&path=d/f.txt").body == b"hello"


def test_parts_go_to_the_bucket_directly(http_):
    pieces = [b"1" * (5 << 20), b"2" * 100]
    begun = http_.call("create/up/here", {"path": "/home/me/big.bin", "num_parts": 2}, f"{PROXY}/mpu/")
    parts = []
    for credential, piece in zip(begun["credentials"], pieces, strict=True):
        request = urllib.request.Request(credential["url"], data=piece, method="PUT")
        with urllib.request.urlopen(request, timeout=10) as answer:
            parts.append({"part_number": credential["part_number"], "etag": answer.headers["ETag"], "url": "x"})
    assert http_.get(f"{ARTIFACTS}?path=up/here").json == {}
    done = {"path": "big.bin", "upload_id": begun["upload_id"], "parts": parts}
    assert http_.call("complete/up/here", done, f"{PROXY}/mpu/") == {}
    assert http_.get(f"{ARTIFACTS}/up/here/big.bin").body == b"".join(pieces)
    signed = http_.get(f"{PROXY}/presigned/up/here/big.bin").json
    assert signed["file_size"] == len(b"".join(pieces))
    with urllib.request.urlopen(signed["url"], timeout=10) as answer:
        assert answer.read() == b"".join(pieces)


def test_an_upload_can_be_given_up(http_):
    begun = http_.call("create/up", {"path": "f"}, f"{PROXY}/mpu/")
    given_up = {"path": "f", "upload_id": begun["upload_id"]}
    assert http_.call("abort/up", given_up, f"{PROXY}/mpu/") == {}
    late = http_.post("complete/up", {**given_up, "parts": [{"part_number": 1, "etag": "x"}]}, f"{PROXY}/mpu/")
    assert (late.status, late.code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("directory", ["a/../..", "..%2f", "%252e%252e", "/etc", "a%5cb"])
def test_no_path_leads_out(http_, directory):
    for action in ("create", "complete", "abort"):
        message = {"path": "f", "upload_id": "x"}
        assert http_.post(f"{action}/{directory}", message, f"{PROXY}/mpu/").status == 400
    assert http_.get(f"{PROXY}/presigned/{directory}/f").status == 400


@pytest.mark.parametrize("name", ["..", ".", "", "a/..", "C:\\..", "%2e"])
def test_a_name_is_one_name(http_, name):
    assert http_.post("create/dir", {"path": name, "num_parts": 1}, f"{PROXY}/mpu/").status == 400


def test_proxied_artifacts_have_no_address_of_their_own(http_):
    run_id = http_.new_run()
    for operation in ("presigned-upload-url", "presigned-download-url"):
        answer = http_.post(f"artifacts/{operation}", {"run_id": run_id, "path": "f"})
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_the_server_sends_clients_to_the_bucket_only_when_told_that_they_reach_it(http_, monkeypatch):
    """MLflow's client believes what it reads there, and fails when it cannot."""
    names = {"upload": "multipart_uploads_enabled", "download": "multipart_downloads_enabled"}
    assert not any(http_.get("/api/3.0/mlflow/server-info").json[name] for name in names.values())
    for way, name in names.items():
        monkeypatch.setenv(f"MLFLOW_ENABLE_PROXY_MULTIPART_{way.upper()}", "true")
        assert http_.get("/api/3.0/mlflow/server-info").json[name] is True


def test_a_server_with_a_directory_offers_no_addresses(tmp_path, client_for, monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "true")
    config = configured(tmp_path, artifacts_destination=str(tmp_path / "kept"))
    with running_server(tmp_path, config) as server:
        http = client_for(server.port)
        assert http.send("PUT", f"{ARTIFACTS}/d/f", b"x").status == 200
        begun = http.post("create/d", {"path": "f", "num_parts": 1}, f"{PROXY}/mpu/")
        assert (begun.status, begun.code) == (501, "NOT_IMPLEMENTED")
        assert begun.json["message"].startswith("Multipart upload is not supported for the current artifact repository")
        assert http.get(f"{PROXY}/presigned/d/f").status == 501
        assert http.get("/api/3.0/mlflow/server-info").json["multipart_uploads_enabled"] is False


def test_a_server_without_a_key_of_its_own_sends_clients_through_itself(tmp_path, client_for, monkeypatch):
    """A machine's role signs nothing for us; the wording is what MLflow's client looks for."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with served(tmp_path, client_for, artifacts_destination="s3://bucket/x") as http:
        begun = http.post("create/d", {"path": "f", "num_parts": 1}, f"{PROXY}/mpu/")
    assert (begun.status, begun.code) == (501, "NOT_IMPLEMENTED")
    assert begun.json["message"].startswith("Multipart upload is not supported for the current artifact repository")


@contextmanager
def served(directory, client_for, **options):
    with running_server(directory, configured(directory, **options)) as server:
        yield client_for(server.port)


def test_runs_in_a_bucket_of_the_operators_choice(tmp_path, client_for, s3):
    """Clients reach it directly, with addresses that the server signs."""
    with served(tmp_path, client_for, default_artifact_root=f"{s3.bucket('team')}/runs", serve_artifacts=False) as http:
        run_id = http.new_run()
        assert http.run(run_id)["info"]["artifact_uri"] == f"s3://team/runs/0/{run_id}/artifacts"
        signed = http.call("artifacts/presigned-upload-url", {"run_id": run_id, "path": "d/f.txt", "expiration": 60})
        request = urllib.request.Request(signed["presigned_url"], data=b"hello", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()
        assert http.get(f"/get-artifact?run_id={run_id}&path=d/f.txt").body == b"hello"
        fetched = http.call("artifacts/presigned-download-url", {"run_id": run_id, "path": "d/f.txt"})
        assert fetched["file_size"] == 5
        with urllib.request.urlopen(fetched["presigned_url"], timeout=10) as answer:
            assert answer.read() == b"hello"
        for seconds in (0, -1, 604_801):
            message = {"run_id": run_id, "path": "f", "expiration": seconds}
            assert http.post("artifacts/presigned-upload-url", message).status == 400
        assert http.post("artifacts/presigned-upload-url", {"path": "f"}).status == 400
        assert http.post("artifacts/presigned-upload-url", {"run_id": run_id, "path": "../f"}).status == 400
        assert http.post("artifacts/presigned-download-url", {"run_id": run_id, "path": "none"}).status == 404


def test_files_of_models_and_versions(tmp_path, client_for, s3):
    with served(tmp_path, client_for, default_artifact_root=s3.bucket("models"), serve_artifacts=False) as http:
        model_id = http.call("logged-models", {"experiment_id": "0", "name": "m"})["model"]["info"]["model_id"]
        signed = http.call("artifacts/presigned-upload-url", {"model_id": model_id, "path": "MLmodel"})
        request = urllib.request.Request(signed["presigned_url"], data=b"flavors: {}", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()
        files = f"/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files"
        assert http.get(f"{files}?artifact_file_path=MLmodel").body == b"flavors: {}"
        assert http.get(f"{files}?artifact_file_path=../MLmodel").status == 400
        assert http.get(f"{files}?artifact_file_path=none").status == 404
        assert http.get(files).status == 400
        http.call("registered-models/create", {"name": "champion"})
        http.call("model-versions/create", {"name": "champion", "source": f"models:/{model_id}", "model_id": model_id})
        version = "/model-versions/get-artifact?name=champion&version=1"
        assert http.get(f"{version}&path=MLmodel").body == b"flavors: {}"
        assert http.get(f"{version}&path=..%2fMLmodel").status == 400
        assert http.get("/model-versions/get-artifact?name=champion&version=2&path=MLmodel").status == 404


SECRETS = [
    "s3://private/x",
    "s3://private",
    "s3://team-private/runs/0",
    "s3://team",
    "s3://team/run",
    "s3://team/runs2",
]


@pytest.mark.parametrize("location", SECRETS)
def test_no_experiment_makes_the_server_open_another_place(tmp_path, client_for, s3, location):
    """Its keys open more than its clients may see: only what lies below the operator's roots is opened."""
    for name in ("private", "team", "team-private"):
        open_blobs(s3.bucket(name)).write("x/secret", [b"marker"])
    with served(tmp_path, client_for, default_artifact_root="s3://team/runs") as http:
        experiment = http.call("experiments/create", {"name": "x", "artifact_location": location})["experiment_id"]
        run_id = http.call("runs/create", {"experiment_id": experiment})["run"]["info"]["run_id"]
        answers = [
            http.get(f"/get-artifact?run_id={run_id}&path=secret"),
            http.get(f"/api/2.0/mlflow/artifacts/list?run_id={run_id}"),
            http.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=f", b"x"),
            http.post("artifacts/presigned-upload-url", {"run_id": run_id, "path": "f"}),
            http.post("artifacts/presigned-download-url", {"run_id": run_id, "path": "secret"}),
        ]
    assert [(answer.status, answer.code) for answer in answers] == [(403, "PERMISSION_DENIED")] * 5
    assert not any(b"marker" in answer.body for answer in answers)


def test_an_operator_may_name_more_places(tmp_path, client_for, s3):
    location = f"{s3.bucket('second')}/deep"
    options = {"artifacts_destination": str(tmp_path / "kept"), "allowed_artifact_roots": ("s3://second",)}
    with served(tmp_path, client_for, **options) as http:
        experiment = http.call("experiments/create", {"name": "x", "artifact_location": location})["experiment_id"]
        run_id = http.call("runs/create", {"experiment_id": experiment})["run"]["info"]["run_id"]
        http.send("POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=f", b"x")
        assert http.get(f"/get-artifact?run_id={run_id}&path=f").body == b"x"


LOCAL = [
    "/etc", "file:///etc", "file:/etc", "./x", "~/x", "http:///#/../x", "http://h/x?y", "dbfs:/x", "ftp://h/x",
    "hdfs://h/x", "mlflow-artifacts://other:1/x", "s3://b/../x", "s3://b/x#y", "s3://b//x", "s3://key:secret@b/x",
    "s3://b/a b\n", "gs://user@b/x", "S3://b\\x", "x" * 5000, "s3://b/%2e%2e/x",
]  # fmt: skip


@pytest.mark.parametrize("location", LOCAL)
def test_no_client_names_a_place_of_this_disk_or_one_to_be_read_in_two_ways(http_, location):
    name = f"at {location[:50]}"
    answer = http_.post("experiments/create", {"name": name, "artifact_location": location})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert http_.post("experiments/get-by-name", {"experiment_name": name}).status != 200


def test_a_place_is_decided_when_the_experiment_is_made(tmp_path, client_for):
    """A server that starts with another root leaves what there is where it is."""
    with served(tmp_path, client_for, default_artifact_root="s3://first/root") as http:
        made = http.call("experiments/create", {"name": "early"})["experiment_id"]
    with served(tmp_path, client_for, default_artifact_root="s3://second/root") as http:
        early = http.get(f"/api/2.0/mlflow/experiments/get?experiment_id={made}").json["experiment"]
        late = http.call("experiments/create", {"name": "late"})["experiment_id"]
        run_id = http.call("runs/create", {"experiment_id": made})["run"]["info"]["run_id"]
        assert early["artifact_location"] == f"s3://first/root/{made}"
        assert http.run(run_id)["info"]["artifact_uri"] == f"s3://first/root/{made}/{run_id}/artifacts"
        found = http.get(f"/api/2.0/mlflow/experiments/get?experiment_id={late}").json["experiment"]
        assert found["artifact_location"] == f"s3://second/root/{late}"


def test_a_server_for_artifacts_only_answers_nothing_else(tmp_path, client_for):
    with served(tmp_path, client_for, artifacts_destination=str(tmp_path / "kept"), artifacts_only=True) as http:
        assert http.send("PUT", f"{ARTIFACTS}/d/f", b"x").status == 200
        assert http.get(f"{ARTIFACTS}/d/f").body == b"x"
        assert http.get(f"{ARTIFACTS}?path=d").status == 200
        assert http.get("/health").body == b"OK"
        assert http.get("/api/3.0/mlflow/server-info").status == 200
        for path in ("/api/2.0/mlflow/experiments/get?experiment_id=0", "/", "/get-artifact?run_id=x&path=y"):
            answer = http.get(path)
            assert (answer.status, answer.code) == (503, "TEMPORARILY_UNAVAILABLE")
            assert "--artifacts-only" in answer.json["message"]


def test_a_server_for_nothing_does_not_start(tmp_path):
    with pytest.raises(ConfigurationError, match="--artifacts-only and --no-serve-artifacts"):
        create_app(configured(tmp_path, artifacts_only=True, serve_artifacts=False))


def test_unreachable_stores_are_told_to_clients_as_temporary(tmp_path, client_for, monkeypatch):
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", "http://127.0.0.1:1")
    with served(tmp_path, client_for, artifacts_destination="s3://nowhere/x") as http:
        answer = http.get(f"{ARTIFACTS}/f")
        assert (answer.status, answer.code) == (503, "TEMPORARILY_UNAVAILABLE")
        assert answer.headers["retry-after"]


def test_no_error_names_the_place_behind_the_server(tmp_path, client_for, monkeypatch):
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", "http://127.0.0.1:1")
    with served(tmp_path, client_for, artifacts_destination="s3://nowhere/x") as http:
        for answer in (
            http.get(f"{ARTIFACTS}/f"),
            http.get(f"{ARTIFACTS}?path=d"),
            http.send("DELETE", f"{ARTIFACTS}/f"),
        ):
            assert answer.status == 503
            assert "<artifacts> does not answer" in answer.json["message"]
            assert "nowhere" not in answer.json["message"]


@pytest.mark.parametrize(
    ("store", "message", "told"),
    [
        (
            "postgresql://ada:s3cret@db.internal:5432/runs",
            "postgresql://db.internal:5432/runs is away",
            "<store>/runs is away",
        ),
        (
            "mysql+pymysql://ada:s3cret@db.internal/runs",
            "mysql+pymysql://ada:***@db.internal/runs: no way to 'db.internal'",
            "<store>: no way to '<store>'",
        ),
    ],
)
def test_no_error_names_the_database_behind_the_server(store, message, told):
    private = ServerConfig(backend_store_uri=store, artifacts_destination="s3://b").private
    status, body = error_answer(TemporarilyUnavailable(message), "4711", private=private)
    assert (status, json.loads(body)["message"]) == (503, told)
