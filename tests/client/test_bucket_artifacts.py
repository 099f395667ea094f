"""Runs whose artifacts are in a bucket: reached by the process itself, with its own credentials."""

from pathlib import Path

import pytest

import assay
from assay.blobs.open import open_blobs
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist


@pytest.fixture
def bucket(s3, monkeypatch):
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return s3.bucket("client")


def test_a_run_keeps_its_files_in_the_bucket(bucket, tmp_path):
    assay.set_tracking_uri(str(tmp_path / "mlruns"))
    experiment = assay.create_experiment("in a bucket", artifact_location=f"{bucket}/runs")
    (tmp_path / "big.bin").write_bytes(b"x" * 20_000_000)
    with assay.start_run(experiment_id=experiment) as run:
        assay.log_text("hello", "notes/a.txt")
        assay.log_artifact(str(tmp_path / "big.bin"))
    run_id = run.info.run_id
    assert run.info.artifact_uri == f"{bucket}/runs/{run_id}/artifacts"
    kept = open_blobs(run.info.artifact_uri)
    assert [(file.path, file.file_size) for file in kept.list()] == [("big.bin", 20_000_000), ("notes", None)]
    assert [file.path for file in assay.artifacts.list_artifacts(run_id=run_id)] == ["big.bin", "notes"]
    fetched = Path(assay.artifacts.download_artifacts(run_id=run_id))
    assert (fetched / "notes" / "a.txt").read_text() == "hello"
    assert (fetched / "big.bin").stat().st_size == 20_000_000


def test_a_bucket_is_read_by_its_own_uri(bucket, tmp_path):
    assay.set_tracking_uri(str(tmp_path / "mlruns"))
    open_blobs(bucket).write("data/deep/f.txt", [b"hello"])
    assert assay.artifacts.load_text(f"{bucket}/data/deep/f.txt") == "hello"
    fetched = Path(assay.artifacts.download_artifacts(f"{bucket}/data"))
    assert (fetched / "deep" / "f.txt").read_bytes() == b"hello"
    assert [file.path for file in assay.artifacts.list_artifacts(f"{bucket}/data")] == ["deep"]
    with pytest.raises(ResourceDoesNotExist):
        assay.artifacts.download_artifacts(f"{bucket}/none")
    with pytest.raises(InvalidParameterValue, match="ftp"):
        assay.artifacts.download_artifacts("ftp://host/x")
