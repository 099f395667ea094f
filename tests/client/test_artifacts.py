"""Files of runs, over a local store and over a server alike."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import assay
from assay.core.errors import AssayError, ResourceDoesNotExist


def test_files_and_folders_come_back_as_they_were(tracked, tmp_path):
    source = tmp_path / "data"
    (source / "deep" / "er").mkdir(parents=True)
    content = os.urandom(3_000_000)
    (source / "big.bin").write_bytes(content)
    (source / "deep" / "er" / "ü name.txt").write_text("text")
    (source / "empty").write_bytes(b"")
    with assay.start_run() as run:
        assay.log_artifact(source / "big.bin")
        assay.log_artifact(source / "big.bin", "models")
        assay.log_artifact(source, "copies")
        assay.log_artifacts(source, "flat")
        (source / "big.bin").write_bytes(b"changed after it was logged")

    client = assay.Client()
    run_id = run.info.run_id
    assert [(one.path, one.is_dir, one.file_size) for one in client.list_artifacts(run_id)] == [
        ("big.bin", False, len(content)),
        ("copies", True, None),
        ("flat", True, None),
        ("models", True, None),
    ]
    assert Path(client.download_artifacts(run_id, "big.bin")).read_bytes() == content
    fetched = Path(client.download_artifacts(run_id, "copies", str(tmp_path / "fetched")))
    assert fetched == tmp_path / "fetched" / "copies"
    assert (fetched / "data" / "deep" / "er" / "ü name.txt").read_text() == "text"
    everything = Path(client.download_artifacts(run_id, ""))
    assert (everything / "flat" / "empty").read_bytes() == b""
    assert client.list_artifacts(run_id, "flat/deep")[0].path == "flat/deep/er"


def test_what_is_not_there_cannot_be_downloaded(tracked, tmp_path):
    with assay.start_run() as run:
        pass
    with pytest.raises(ResourceDoesNotExist):
        assay.Client().download_artifacts(run.info.run_id, "missing.txt", str(tmp_path / "x"))
    with pytest.raises(ResourceDoesNotExist):
        assay.Client().list_artifacts("0" * 32)
    assert assay.Client().list_artifacts(run.info.run_id) == []


def test_texts_dictionaries_figures_and_images(tracked):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    numpy = pytest.importorskip("numpy")
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3])
    with assay.start_run() as run:
        assay.log_text("grüße", "a.txt")
        assay.log_dict({"a": [1, 2], "b": numpy.float64(0.5)}, "config/c.json")
        assay.log_dict({"a": 1}, "config/c.yaml")
        assay.log_figure(figure, "plots/curve.png")
        assay.log_figure(figure, "plots/curve.svg", save_kwargs={"dpi": 50})
        assay.log_image(numpy.zeros((4, 6, 3), dtype="uint8"), "black.png")
        with pytest.raises(AssayError, match="no figure"):
            assay.log_figure("not a figure", "x.png")
        with pytest.raises(AssayError, match="pixels"):
            assay.log_image(numpy.full((2, 2), 700), "x.png")
    plt.close(figure)

    root = Path(assay.download_artifacts(run.info.run_id))
    assert (root / "a.txt").read_text("utf-8") == "grüße"
    assert json.loads((root / "config" / "c.json").read_text()) == {"a": [1, 2], "b": 0.5}
    assert (root / "config" / "c.yaml").read_text() == "a: 1\n"
    assert (root / "plots" / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (root / "plots" / "curve.svg").read_bytes()
    assert (root / "black.png").read_bytes().startswith(b"\x89PNG")


def test_the_address_of_artifacts(tracked):
    with assay.start_run() as run:
        root = assay.get_artifact_uri()
        assert root.endswith(f"{run.info.run_id}/artifacts")
        assert assay.get_artifact_uri("model/a.bin") == f"{root}/model/a.bin"
        with pytest.raises(AssayError):
            assay.get_artifact_uri("../elsewhere")
