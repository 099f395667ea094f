"""The policy is asked before anything is done: for operations, and for what carries bytes."""

import pytest
from msgspec.structs import replace

from assay.core.errors import PermissionDenied
from assay.server import app
from assay.server.config import ServerConfig
from assay.server.services import open_context
from assay.testing.server import running_server

PROXY = "/api/2.0/mlflow-artifacts"


class ReadersOnly:
    """Lets callers read, and notes what was asked for."""

    def __init__(self):
        self.asked = []

    def reader(self, caller):
        return None

    def check(self, session, caller, operation, request):
        self.asked.append((operation.name, operation.access, request))
        if not operation.access.endswith((":read", "open")):
            raise PermissionDenied(f"{operation.name} needs {operation.access}.")


@pytest.fixture
def policy(monkeypatch):
    policy = ReadersOnly()
    monkeypatch.setattr(app, "open_context", lambda config: replace(open_context(config), policy=policy))
    return policy


@pytest.fixture
def http(tmp_path, policy, client_for):
    (tmp_path / "kept" / "d").mkdir(parents=True)
    (tmp_path / "kept" / "d" / "f").write_bytes(b"x")
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"), artifacts_destination=str(tmp_path / "kept"), access_log=False
    )
    with running_server(tmp_path, config) as server:
        yield client_for(server.port)


CHANGING = [
    ("PUT", f"{PROXY}/artifacts/d/f", "uploadArtifact"),
    ("DELETE", f"{PROXY}/artifacts/d", "deleteArtifact"),
    ("POST", f"{PROXY}/mpu/create/d", "createMultipartUpload"),
    ("POST", f"{PROXY}/mpu/complete/d", "completeMultipartUpload"),
    ("POST", f"{PROXY}/mpu/abort/d", "abortMultipartUpload"),
    ("POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=r&path=f", "uploadRunArtifact"),
    ("POST", "/api/2.0/mlflow/artifacts/presigned-upload-url", "createPresignedUploadUrl"),
    ("POST", "/api/2.0/mlflow/runs/create", "createRun"),
]


@pytest.mark.parametrize(("method", "path", "name"), CHANGING, ids=[name for _, _, name in CHANGING])
def test_who_may_only_read_changes_nothing(http, tmp_path, policy, method, path, name):
    body = '{"path": "f", "upload_id": "u", "parts": [], "run_id": "r", "experiment_id": "0"}'
    answer = http.send(method, path, body, {"Content-Type": "application/json"})
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert policy.asked[-1][0] == name
    assert [path.name for path in (tmp_path / "kept").rglob("*")] == ["d", "f"]
    assert (tmp_path / "kept" / "d" / "f").read_bytes() == b"x"


READING = [
    (f"{PROXY}/artifacts/d/f", "downloadArtifact", "d/f"),
    (f"{PROXY}/artifacts?path=d", "listProxiedArtifacts", "d"),
    (f"{PROXY}/presigned/d/f", "getPresignedDownloadUrl", "d/f"),
    ("/get-artifact?run_id=r&path=f", "getArtifact", "f"),
    ("/model-versions/get-artifact?name=m&version=1&path=f", "getModelVersionArtifact", "f"),
    ("/api/2.0/mlflow/artifacts/list?run_id=r&path=f", "listArtifacts", "f"),
    ("/ajax-api/assay/1/views/run-files?run_id=r&path=f", "viewRunFiles", "f"),
    ("/ajax-api/assay/1/views/model-files?model_id=m&path=f", "viewModelFiles", "f"),
    ("/ajax-api/assay/1/run-archive?run_id=r&path=f", "getRunArchive", "f"),
    ("/ajax-api/assay/1/model-archive?model_id=m&path=f", "getModelArchive", "f"),
]


@pytest.mark.parametrize(("path", "name", "file"), READING, ids=[name for _, name, _ in READING])
def test_what_is_read_is_asked_for_with_its_path(http, policy, path, name, file):
    assert http.get(path).status != 403
    asked, access, request = policy.asked[-1]
    assert (asked, access.partition(":")[2], request.path) == (name, "read", file)
