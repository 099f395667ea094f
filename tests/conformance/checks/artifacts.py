"""Files through the server's proxy."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

import mlflow
from checks.setting import client, run
from mlflow.exceptions import MlflowException


def _tree():
    root = Path(tempfile.mkdtemp())
    (root / "report.txt").write_text("fine ü", encoding="utf-8")
    (root / "empty").touch()
    (root / "plots").mkdir()
    (root / "plots" / "a b+(1).bin").write_bytes(bytes(range(256)) * 5000)
    (root / "plots" / "deep").mkdir()
    (root / "plots" / "deep" / "ünï.json").write_text("{}")
    return root


def check_upload_list_download():
    run_id, root = run(), _tree()
    client().log_artifacts(run_id, str(root))
    client().log_artifact(run_id, str(root / "report.txt"), "copies/here")
    listed = client().list_artifacts(run_id)
    assert [(one.path, one.is_dir, one.file_size) for one in listed] == [
        ("copies", True, None),
        ("empty", False, 0),
        ("plots", True, None),
        ("report.txt", False, 7),
    ]
    plots = [one.path for one in client().list_artifacts(run_id, "plots")]
    assert plots == ["plots/a b+(1).bin", "plots/deep"], plots
    assert [one.path for one in client().list_artifacts(run_id, "copies/here")] == ["copies/here/report.txt"]
    assert client().list_artifacts(run_id, "nothing") == []
    fetched = Path(client().download_artifacts(run_id, "", tempfile.mkdtemp()))
    for file in ("report.txt", "empty", "plots/a b+(1).bin", "plots/deep/ünï.json"):
        assert (fetched / file).read_bytes() == (root / file).read_bytes(), file
    assert (fetched / "copies/here/report.txt").read_text(encoding="utf-8") == "fine ü"


def check_one_file_is_overwritten():
    run_id = run()
    client().log_text(run_id, "first", "note.txt")
    client().log_text(run_id, "second", "note.txt")
    path = client().download_artifacts(run_id, "note.txt", tempfile.mkdtemp())
    assert Path(path).read_text() == "second"


def check_dictionaries_and_uris():
    run_id = run()
    client().log_dict(run_id, {"a": [1, 2.5, None], "ü": "x"}, "deep/config.json")
    uri = f"runs:/{run_id}/deep/config.json"
    assert mlflow.artifacts.load_dict(uri) == {"a": [1, 2.5, None], "ü": "x"}
    assert json.loads(mlflow.artifacts.load_text(uri))["a"] == [1, 2.5, None]
    found = mlflow.artifacts.list_artifacts(run_id=run_id)
    assert [one.path for one in found] == ["deep"]
    root = client().get_run(run_id).info.artifact_uri
    fetched = mlflow.artifacts.download_artifacts(artifact_uri=f"{root}/deep/config.json")
    assert Path(fetched).is_file()


def check_large_file():
    run_id = run()
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        block = os.urandom(1 << 20)
        for _ in range(20):
            file.write(block)
        file.flush()
        client().log_artifact(run_id, file.name, "big")
        name = Path(file.name).name
        assert client().list_artifacts(run_id, "big")[0].file_size == 20 << 20
        fetched = client().download_artifacts(run_id, f"big/{name}", tempfile.mkdtemp())
        assert Path(fetched).read_bytes() == block * 20


def check_missing_file():
    run_id = run()
    with contextlib.suppress(MlflowException):
        raise AssertionError(client().download_artifacts(run_id, "nothing.txt", tempfile.mkdtemp()))
