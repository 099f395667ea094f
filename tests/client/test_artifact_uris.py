"""Artifacts named by URI."""

from __future__ import annotations

from pathlib import Path

import pytest

import assay
from assay.client.artifact_uris import download_artifacts, list_artifacts, load_dict, load_text
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.testing.server import running_server


def logged():
    with assay.start_run() as run:
        assay.log_dict({"a": [1, 2]}, "deep/config.json")
        assay.log_text("ü", "note.txt")
    return run.info.run_id


def check_everything(run_id):
    root = assay.get_run(run_id).info.artifact_uri
    for uri in (f"runs:/{run_id}/deep/config.json", f"{root}/deep/config.json"):
        assert load_dict(uri) == {"a": [1, 2]}
    assert load_text(f"runs:/{run_id}/note.txt") == "ü"
    assert [file.path for file in list_artifacts(run_id=run_id)] == ["deep", "note.txt"]
    assert [file.path for file in list_artifacts(f"runs:/{run_id}/deep")] == ["deep/config.json"]
    fetched = Path(download_artifacts(run_id=run_id, artifact_path="deep", dst_path="out"))
    assert (fetched / "config.json").is_file()
    with pytest.raises(ResourceDoesNotExist, match="nothing"):
        download_artifacts(f"runs:/{run_id}/nothing")


def test_in_a_local_store():
    check_everything(logged())


def test_through_a_server(tmp_path):
    with running_server(tmp_path / "server") as server:
        assay.set_tracking_uri(server.url)
        check_everything(logged())
        from assay.client import connection

        connection._close_all()


def test_a_path_of_this_disk_stays_where_it_is(tmp_path):
    Path("file.txt").write_text("x")
    assert download_artifacts("file.txt") == str(tmp_path / "file.txt")
    assert download_artifacts((tmp_path / "file.txt").as_uri(), dst_path="out") == str(tmp_path / "out/file.txt")
    assert Path("out/file.txt").read_text() == "x"


def test_what_is_wrong_is_said():
    with pytest.raises(InvalidParameterValue, match="exactly one"):
        download_artifacts()
    with pytest.raises(InvalidParameterValue, match="exactly one"):
        download_artifacts("runs:/a/b", run_id="a")
    with pytest.raises(InvalidParameterValue, match="runs:/<run id>/<path>"):
        download_artifacts("runs://host/b")
    with pytest.raises(ResourceDoesNotExist, match="fraud"):
        download_artifacts("models:/fraud/1")
    with pytest.raises(InvalidParameterValue, match="models:/<name>/<version>"):
        download_artifacts("models:/")
    with pytest.raises(InvalidParameterValue, match="ftp://host"):
        download_artifacts("ftp://host/key")
    with pytest.raises(ResourceDoesNotExist, match="missing"):
        download_artifacts("missing.txt")
    Path("list.json").write_text("[1]")
    with pytest.raises(InvalidParameterValue, match="no object"):
        load_dict("list.json")
