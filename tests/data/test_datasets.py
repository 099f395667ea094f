"""Datasets are described and fingerprinted exactly as MLflow does it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import assay
from assay import data
from assay.core.errors import InvalidParameterValue
from assay.data.sources import DatasetSource

MLFLOW = json.loads((Path(__file__).parent / "mlflow-3.17.2.json").read_text())
"""What MLflow 3.17.2 with pandas 3.1 says of the same data."""
RANDOM = np.random.RandomState(3)
FRAMES = {
    "mixed": pd.DataFrame(
        {
            "a": [1, 2, 3],
            "b": [1.5, 2.5, float("nan")],
            "c": ["x", "y", "z"],
            "d": pd.to_datetime(["2020-01-01"] * 3),
            "e": [True, False, True],
        }
    ),
    "big": pd.DataFrame({"z": RANDOM.rand(12000), "a": RANDOM.randint(0, 9, 12000)}),
    "empty": pd.DataFrame({"a": [], "b": []}),
    "none": pd.DataFrame(),
    "cat": pd.DataFrame({"c": pd.Categorical(["a", "b", "a"]), "n": [1, 2, 3]}),
    "objs": pd.DataFrame({"o": ["a", 1, None], "t": ["p", "q", "r"]}),
    "intcols": pd.DataFrame({1: [1, 2], 0: ["a", "b"]}),
    "i8": pd.DataFrame({"a": np.array([1, 2], np.int8), "f": np.array([1, 2], np.float32)}),
    "lists": pd.DataFrame({"l": [[1], [2]], "x": [1, 2]}),
    "idx": pd.DataFrame({"x": [1, 2]}, index=["q", "r"]),
    "nullstr": pd.DataFrame({"s": ["a", None]}),
    "nullable": pd.DataFrame({"i": pd.array([1, None], dtype="Int64")}),
    "strdt": pd.DataFrame({"s": pd.array(["a", "b"], dtype="string")}),
}
ARRAYS = {
    "f": (np.arange(12).reshape(3, 4).astype("float32"), np.array([1, 2, 3])),
    "dict_": ({"u": np.arange(3), "v": np.ones((2, 2))}, None),
    "dt": ({"b": np.arange(3), "a": np.ones((2, 2))}, {"y": np.zeros(3)}),
    "s": (np.array(["a", "bb"]), None),
    "o": (np.array(["a", 1, None], dtype=object), None),
    "big": (RANDOM.rand(300, 50), None),
    "b": (np.array([True, False]), None),
    "c": (np.array([1 + 2j]), None),
    "by": (np.array([b"a"]), None),
    "zero": (np.array(5), None),
    "dtm": (np.array(["2020-01-01"], dtype="datetime64[ns]"), None),
    "rec": (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), None),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_described_as_mlflow_describes_them(name):
    assert data.from_pandas(FRAMES[name], source="/x.csv").to_dict() == MLFLOW[f"pandas.{name}"]


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_described_as_mlflow_describes_them(name):
    features, targets = ARRAYS[name]
    assert data.from_numpy(features, source="/x.csv", targets=targets).to_dict() == MLFLOW[f"numpy.{name}"]


def test_data_that_is_only_named():
    assert data.MetaDataset(data.HTTPDatasetSource("http://a/b.csv"), name="m").to_dict() == MLFLOW["meta"]
    schema = data.from_pandas(FRAMES["idx"]).schema
    described = data.MetaDataset(data.HTTPDatasetSource("http://a/b.csv"), schema=schema).to_dict()
    assert json.loads(described["schema"]) == {"mlflow_colspec": [{"type": "long", "name": "x", "required": True}]}
    assert described["digest"] != MLFLOW["meta"]["digest"]


def test_columns_of_targets_and_predictions_exist():
    frame = pd.DataFrame({"x": [1], "y": [2], "z": [3]})
    dataset = data.from_pandas(frame, targets="y", predictions="z")
    assert (dataset.targets, dataset.predictions) == ("y", "z")
    assert dataset.df is frame
    with pytest.raises(InvalidParameterValue, match="no column 'w'"):
        data.from_pandas(frame, targets="w")


@pytest.mark.parametrize(
    ("source", "kind", "stored"),
    [
        ("/tmp/a.csv", "local", {"uri": "/tmp/a.csv"}),
        ("file:///tmp/a", "local", {"uri": "file:///tmp/a"}),
        ("https://x/b", "http", {"url": "https://x/b"}),
        ("s3://b/c", "s3", {"uri": "s3://b/c"}),
        ("gs://b/c", "gs", {"uri": "gs://b/c"}),
        ("hdfs://a/b", "hdfs", {"uri": "hdfs://a/b"}),
    ],
)
def test_sources_come_back_from_what_is_stored(source, kind, stored):
    dataset = data.from_numpy(np.zeros(3), source=source)
    assert dataset.source._get_source_type() == kind
    assert dataset.source.to_dict() == stored
    back = data.get_source(dataset._to_mlflow_entity())
    assert type(back) is type(dataset.source)
    assert back.to_dict() == stored


def test_without_a_source_it_is_the_code_that_runs():
    source = data.from_numpy(np.zeros(3)).source
    assert set(source.to_dict()["tags"]) >= {"mlflow.user", "mlflow.source.name", "mlflow.source.type"}
    assert not [key for key in source.to_dict()["tags"] if key.startswith("assay.")]


def test_a_source_of_an_unknown_kind_keeps_what_is_stored():
    source = data.get_dataset_source_from_json('{"path": "t"}', "delta_table")
    assert (source._get_source_type(), source.to_dict()) == ("delta_table", {"path": "t"})
    with pytest.raises(assay.MlflowException, match="delta_table"):
        source.load()
    with pytest.raises(InvalidParameterValue, match="models:/a/1"):
        data.from_numpy(np.zeros(3), source="models:/a/1")


def test_a_source_of_ones_own_is_taken_as_it_is():
    class Warehouse(DatasetSource):
        _TYPE = "warehouse"

        def to_dict(self):
            return {"table": "t"}

    assert data.from_numpy(np.zeros(3), source=Warehouse()).to_dict()["source_type"] == "warehouse"


def test_local_data_is_loaded(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    source = data.ArtifactDatasetSource(str(tmp_path / "a.csv"))
    assert Path(source.load()).read_text() == "x"
    assert Path(source.load(str(tmp_path / "to"))) == tmp_path / "to/a.csv"
