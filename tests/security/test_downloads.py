"""S14 and S15: what a hostile server answers makes the client write nowhere but where the user said."""

from __future__ import annotations

import ast
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import assay
from assay.client import connection
from assay.core.errors import AssayError, InvalidParameterValue
from assay.data import HTTPDatasetSource

SOURCES = Path(__file__).parents[2]
RUN = "0" * 32
ROOT = "mlflow-artifacts:/0/r/artifacts"
NAMES = [
    "../x", "/x", "a/../../x", "..", ".", "a\\..\\..\\x", "C:x", "C:/x", "\\\\srv\\x", "a\0b", "a%2f..%2f..%2fx", "",
    "deep/x", "x" * 256, ".assay-download-x",
]  # fmt: skip


class Hostile(BaseHTTPRequestHandler):
    """Speaks just enough of the API to be believed; `listed` is what it says that there is."""

    listed = ()
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.endswith("runs/get"):
            info = {"run_id": RUN, "run_uuid": RUN, "run_name": "r", "experiment_id": "0", "status": "FINISHED"}
            info |= {"artifact_uri": ROOT, "lifecycle_stage": "active", "start_time": 1, "user_id": "u"}
            self.answer({"run": {"info": info, "data": {}}})
        elif path.endswith("server-info"):
            self.answer({"store_type": "SqlStore", "workspaces_enabled": False, "journal": 1})
        elif path.endswith("mlflow-artifacts/artifacts"):
            root = ROOT.partition(":/")[2]
            asked = parse_qs(urlsplit(self.path).query).get("path", [""])[0]
            self.answer({"files": list(self.listed) if asked.strip("/") == root else []})
        elif path.endswith("away"):
            self.send_response(302)
            self.send_header("Location", f"http://{self.headers['Host']}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer(b"hostile", **{"Content-Disposition": "attachment; filename=../x", "Content-Location": "/x"})

    do_HEAD = do_GET  # noqa: N815 -- the names of the standard library

    def answer(self, body, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def hostile():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    connection._close_all()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def place(tmp_path):
    """The directory that the user names; what surrounds it must stay as it is."""
    (tmp_path / "around" / "down").mkdir(parents=True)
    yield tmp_path / "around" / "down"
    assert [path.name for path in (tmp_path / "around").iterdir()] == ["down"]


@pytest.mark.parametrize("is_dir", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_s14_names_in_a_list_lead_nowhere(hostile, place, monkeypatch, name, is_dir):
    monkeypatch.setattr(Hostile, "listed", [{"path": name, "is_dir": is_dir, "file_size": 7}])
    with pytest.raises(InvalidParameterValue):
        assay.Client(hostile).download_artifacts(RUN, "", str(place))
    assert list(place.iterdir()) == []


def test_s14_names_in_headers_count_for_nothing_and_redirects_are_not_followed(hostile, place, monkeypatch):
    monkeypatch.setattr(Hostile, "listed", [{"path": "f", "is_dir": False, "file_size": 7}])
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    client = assay.Client(hostile)
    assert Path(client.download_artifacts(RUN, "", str(place))) == place
    assert [(path.name, path.read_bytes()) for path in place.iterdir()] == [("f", b"hostile")]
    monkeypatch.setattr(Hostile, "listed", [{"path": "away", "is_dir": False, "file_size": 7}])
    with pytest.raises(AssayError):
        client.download_artifacts(RUN, "", str(place))
    assert [path.name for path in place.iterdir()] == ["f"]


@pytest.mark.parametrize(
    "path", ["/..", "/a/..", "/%2e%2e", "/..%2fx", "/%2e%2e%2fx", "/a%5c..%5cx", "/.", "/", "/C:x"]
)
def test_s14_the_address_of_a_dataset_names_a_file_in_the_directory_only(hostile, place, path):
    fetched = Path(HTTPDatasetSource(hostile + path).load(str(place)))
    assert fetched.parent == place
    assert [found.read_bytes() for found in place.iterdir()] == [b"hostile"]


UNPACKING = {"extract", "extractall", "unpack_archive"}


@pytest.mark.parametrize("package", ["src/assay", "packages/assay-mlflow/src"])
def test_s15_no_archive_is_unpacked_anywhere(package):
    """Tar files are not read at all, and of ZIP files only members that are named are read into memory."""
    for file in (SOURCES / package).rglob("*.py"):
        text = file.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if re.search("tarfile|extract|unpack_archive", text) else ():
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = {alias.name for alias in node.names} | {getattr(node, "module", None)}
                assert "tarfile" not in named, file
            if isinstance(node, ast.Attribute | ast.Name):
                assert (node.attr if isinstance(node, ast.Attribute) else node.id) not in UNPACKING, (file, node.lineno)
