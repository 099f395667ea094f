"""Tables: MLflow's format, appended to by several processes without losing a row."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import assay
from assay.blobs import tables
from assay.blobs.local import LocalBlobs
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, ResourceDoesNotExist

APPENDER = """
import sys, assay
assay.set_tracking_uri(sys.argv[1])
for number in range(int(sys.argv[4])):
    assay.log_table({"who": [sys.argv[3]], "number": [number]}, "shared.json", run_id=sys.argv[2])
"""


def written(run, path):
    assay.flush()
    return json.loads(Path(assay.Client().download_artifacts(run.info.run_id, path)).read_text())


def test_a_table_is_written_as_mlflow_writes_it(tracked):
    with assay.start_run() as run:
        assay.log_table({"a": [1, 2], "b": ["x", "é"]}, "t.json")
        assert written(run, "t.json") == {"columns": ["a", "b"], "data": [[1, "x"], [2, "é"]]}
        assay.log_table({"a": [3], "c": [None]}, "t.json")
        assay.log_table(pd.DataFrame({"a": [1.5, np.nan], "d": [pd.Timestamp("2020-01-01"), pd.NaT]}), "t.json")
        assay.log_table({"a": 7, "b": "one row"}, "deep/single.json")
    assert written(run, "t.json") == {
        "columns": ["a", "b", "c", "d"],
        "data": [
            [1, "x", None, None],
            [2, "é", None, None],
            [3, None, None, None],
            [1.5, None, None, "2020-01-01T00:00:00.000"],
            [None, None, None, None],
        ],
    }
    assert written(run, "deep/single.json") == {"columns": ["a", "b"], "data": [[7, "one row"]]}
    tag = assay.get_run(run.info.run_id).data.tags["mlflow.loggedArtifacts"]
    assert json.loads(tag) == [{"path": "t.json", "type": "table"}, {"path": "deep/single.json", "type": "table"}]


def test_tables_of_several_runs_are_one_frame(tracked):
    runs = []
    for seed in range(2):
        with assay.start_run() as run:
            runs.append(run.info.run_id)
            assay.log_param("seed", seed)
            assay.log_table({"x": [seed, seed + 10], "odd": [seed % 2 == 1] * 2}, "answers.json")
    with assay.start_run():
        assay.log_table({"x": [99]}, "others.json")
    frame = assay.load_table("answers.json", extra_columns=["run_id", "seed", "start_time"])
    assert list(frame.columns) == ["x", "odd", "run_id", "seed", "start_time"]
    assert frame["x"].tolist() == [0, 10, 1, 11]
    assert frame["run_id"].tolist() == [runs[0], runs[0], runs[1], runs[1]]
    assert frame["seed"].tolist() == ["0", "0", "1", "1"]
    assert assay.load_table("answers.json", run_ids=[runs[1]])["x"].tolist() == [1, 11]
    with pytest.raises(ResourceDoesNotExist, match=r"none\.json"):
        assay.load_table("none.json")
    with pytest.raises(InvalidParameterValue, match="nope"):
        assay.load_table("answers.json", extra_columns=["nope"])


def test_processes_append_without_losing_rows(tracked, tmp_path):
    with assay.start_run() as run:
        pass
    assay.flush()
    command = [sys.executable, "-c", APPENDER, tracked, run.info.run_id]
    workers = [subprocess.Popen([*command, who, "8"], cwd=tmp_path) for who in "abc"]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    rows = written(run, "shared.json")["data"]
    assert sorted(rows) == [[who, number] for who in "abc" for number in range(8)]
    assert [row for row in rows if row[0] == "b"] == [["b", number] for number in range(8)]


def test_rows_that_something_else_wrote_are_kept(tmp_path):
    blobs = LocalBlobs(tmp_path)
    other = {"columns": ["x"], "data": [[1], [1], [2]]}
    blobs.write("t.json", [tables.encode(other, path="t.json")])
    for moment in (5, 7):
        part = tables.encode({"columns": ["x", "y"], "data": [[2, moment]]}, path="t.json")
        blobs.write(tables.part_path("t.json", moment, "w"), [part])
        tables.fold(blobs, "t.json")
    first = [[1, None], [1, None], [2, None], [2, 5], [2, 7]]
    assert json.loads((tmp_path / "t.json").read_text()) == {"columns": ["x", "y"], "data": first}
    mine = json.loads((tmp_path / "t.json").read_text())
    mine["data"].append([9, 9])
    blobs.write("t.json", [tables.encode(mine, path="t.json")])
    tables.fold(blobs, "t.json")
    assert sorted(json.loads((tmp_path / "t.json").read_text())["data"], key=str) == sorted([*first, [9, 9]], key=str)


def test_a_part_that_appears_while_the_table_is_written_is_in_it(tmp_path):
    class Busy(LocalBlobs):
        late = True

        def write(self, path, chunks, **options):
            size = super().write(path, chunks, **options)
            if path == "t.json" and self.late:
                self.late = False
                part = tables.encode({"columns": ["x"], "data": [[2]]}, path="t.json")
                super().write(tables.part_path("t.json", 2, "late"), [part])
            return size

    blobs = Busy(tmp_path)
    part = tables.encode({"columns": ["x"], "data": [[1]]}, path="t.json")
    blobs.write(tables.part_path("t.json", 1, "early"), [part])
    tables.fold(blobs, "t.json")
    assert json.loads((tmp_path / "t.json").read_text())["data"] == [[1], [2]]


def test_a_damaged_part_is_told(tmp_path):
    blobs = LocalBlobs(tmp_path)
    blobs.write(tables.part_path("t.json", 1, "w"), [b"{"])
    with pytest.raises(DataLoss, match=r"table_parts/t\.json"):
        tables.fold(blobs, "t.json")


def test_images_in_cells_are_files(tracked):
    with assay.start_run() as run:
        pictures = [assay.Image(np.zeros((4, 4, 3), np.uint8)), Image.new("RGB", (3, 3))]
        assay.log_table({"a": [1, 2], "img": pictures, "array": [np.zeros((1, 2)), None]}, "dir/img.json")
    data = written(run, "dir/img.json")["data"]
    assert [(row[0], row[2]) for row in data] == [(1, [[0.0, 0.0]]), (2, None)]
    for row in data:
        assert row[1]["type"] == "image"
        for name in ("filepath", "compressed_filepath"):
            assert row[1][name].startswith("table_images/dir/img/")
            path = assay.Client().download_artifacts(run.info.run_id, row[1][name])
            assert assay.Image(path).size in ((3, 3), (4, 4))


@pytest.mark.parametrize(
    ("data", "path"), [([1], "t.json"), ({"a": [1]}, "t.csv"), ({"a": [1]}, "../t.json"), ("text", "t.json")]
)
def test_what_is_no_table_is_refused(tracked, data, path):
    with assay.start_run() as run:
        with pytest.raises(InvalidParameterValue):
            assay.log_table(data, path)
        assert assay.Client().list_artifacts(run.info.run_id) == []


def test_rows_logged_while_the_server_is_away_are_there_when_it_is_back(server_process, until):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        assay.log_table({"n": [1]}, "t.json")
        assay.flush()
        server_process.kill()
        begin = time.monotonic()
        for number in (2, 3):
            assay.log_table({"n": [number]}, "t.json")
        assert time.monotonic() - begin < 5
        server_process.start()
        until(lambda: assay.Client().list_artifacts(run.info.run_id, "table_parts/t.json")[2:])
        assert written(run, "t.json")["data"] == [[1], [2], [3]]


def test_without_pyarrow_a_parquet_table_is_refused_with_what_to_do(monkeypatch):
    for engine in ("pyarrow", "fastparquet"):
        monkeypatch.setitem(sys.modules, engine, None)
    with assay.start_run() as run, pytest.raises(ConfigurationError, match="pip install pyarrow"):
        assay.log_table({"a": [1]}, "t.parquet")
    assert assay.Client().list_artifacts(run.info.run_id) == []


def test_parquet(tracked):
    pytest.importorskip("pyarrow")
    with assay.start_run():
        assay.log_table({"a": [1]}, "t.parquet")
        assay.log_table(pd.DataFrame({"a": [2], "when": [pd.Timestamp("2020-01-01")]}), "t.parquet")
        frame = assay.load_table("t.parquet")
    assert frame["a"].tolist() == [1, 2]
    assert frame["when"].tolist()[1] == pd.Timestamp("2020-01-01")
