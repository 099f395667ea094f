"""Files that go past the server, to the bucket behind it: MLflow's client has addresses and no credentials."""

import os
import tempfile
from pathlib import Path
from unittest import mock

from mlflow.store.artifact import http_artifact_repo
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

from checks.setting import client, run

CONTENT = os.urandom(1 << 20) * 13


def _file():
    path = Path(tempfile.mkdtemp()) / "big ü.bin"
    path.write_bytes(CONTENT)
    return path


def _counted(owner, name):
    return mock.patch.object(owner, name, mock.Mock(wraps=getattr(owner, name)))


def check_large_files_go_up_in_parts_and_come_down_in_ranges():
    run_id, path = run(), _file()
    with _counted(HttpArtifactRepository, "_upload_part") as sent:
        client().log_artifact(run_id, str(path), "models/deep")
    assert sent.call_count == 3, sent.call_count
    assert client().list_artifacts(run_id, "models/deep")[0].file_size == len(CONTENT)
    with _counted(http_artifact_repo, "download_chunk") as fetched:
        found = client().download_artifacts(run_id, f"models/deep/{path.name}", tempfile.mkdtemp())
    assert fetched.call_count == 4, fetched.call_count
    assert Path(found).read_bytes() == CONTENT


def check_a_broken_upload_leaves_nothing():
    run_id, path = run(), _file()
    with mock.patch.object(HttpArtifactRepository, "_upload_part", side_effect=OSError("broken")):
        try:
            client().log_artifact(run_id, str(path))
        except Exception as error:
            assert "broken" in str(error), error
        else:
            raise AssertionError("the upload did not fail")
    assert client().list_artifacts(run_id) == []


def check_small_files_go_through_the_server():
    run_id = run()
    with _counted(HttpArtifactRepository, "_upload_part") as sent:
        client().log_text(run_id, "small", "note.txt")
    assert sent.call_count == 0
    path = client().download_artifacts(run_id, "note.txt", tempfile.mkdtemp())
    assert Path(path).read_text() == "small"
