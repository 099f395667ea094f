"""Datasets that runs read: recorded through the journal, told with the run, named by metrics."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import assay
from assay import data
from assay.core.errors import InvalidParameterValue
from assay.entities import DatasetInput, InputTag, LoggedModelInput, Run


@pytest.fixture
def dataset():
    return data.from_pandas(pd.DataFrame({"x": [1, 2, 3]}), source="s3://bucket/x.csv", name="numbers")


def test_a_dataset_is_recorded_with_its_context_and_tags(tracked, dataset):
    with assay.start_run() as run:
        assay.log_input(dataset, context="training", tags={"split": 1})
        assay.log_input(dataset, context="validation")
    inputs = assay.get_run(run.info.run_id).inputs
    [found] = inputs.dataset_inputs
    assert found.dataset.to_dictionary() == dataset.to_dict()
    assert list(found.dataset.to_dictionary()) == ["name", "digest", "source_type", "source", "schema", "profile"]
    assert found.to_dictionary()["tags"] == {"split": "1", "mlflow.data.context": "training"}
    assert inputs.model_inputs == []
    assert json.loads(found.dataset.schema)["mlflow_colspec"][0]["name"] == "x"
    assert data.get_source(found).uri == "s3://bucket/x.csv"


def test_several_at_once_and_by_the_client(tracked, dataset):
    other = data.from_numpy(np.arange(4), name="others")
    with assay.start_run() as run:
        assay.log_inputs([dataset, other], ["training", None], [None, {"a": "b"}])
    client = assay.Client()
    third = data.MetaDataset(data.HTTPDatasetSource("https://x/y"), name="third")
    client.log_inputs(run.info.run_id, [DatasetInput(third._to_mlflow_entity(), [InputTag("k", "v")])])
    found = client.get_run(run.info.run_id)
    assert [one.dataset.name for one in found.inputs.dataset_inputs] == ["numbers", "others", "third"]
    assert [one.to_dictionary()["tags"] for one in found.inputs.dataset_inputs][1:] == [{"a": "b"}, {"k": "v"}]
    back = Run.from_dictionary(found.to_dictionary())
    assert back.inputs == found.inputs
    assert back.to_dictionary() == found.to_dictionary()


def test_runs_are_found_by_their_datasets(tracked, dataset):
    with assay.start_run() as run:
        assay.log_input(dataset, context="training")
    with assay.start_run():
        pass
    found = assay.search_runs(filter_string="dataset.name = 'numbers'", output_format="list")
    assert [one.info.run_id for one in found] == [run.info.run_id]
    found = assay.search_runs(filter_string="dataset.context = 'test'", output_format="list")
    assert found == []


def test_a_metric_names_its_dataset_which_the_run_read(tracked, dataset):
    with assay.start_run() as run:
        assay.log_metric("loss", 0.5, step=3, dataset=dataset)
        assay.log_metrics({"loss": 0.25, "f1": 1.0}, step=4, dataset=dataset)
    found = assay.get_run(run.info.run_id)
    [read] = found.inputs.dataset_inputs
    assert (read.dataset.name, read.tags) == ("numbers", [])
    assert found.data.metrics == {"loss": 0.25, "f1": 1.0}


def test_lists_of_different_lengths_and_what_is_no_dataset_are_refused(dataset):
    with assay.start_run():
        with pytest.raises(InvalidParameterValue, match="1 datasets, 2 contexts"):
            assay.log_inputs([dataset], ["a", "b"])
        with pytest.raises(InvalidParameterValue, match="DataFrame is no dataset"):
            assay.log_input(pd.DataFrame({"x": [1]}))
        with pytest.raises(InvalidParameterValue, match="digest"):
            assay.log_input(data.from_numpy(np.zeros(1), digest="d" * 37))
    assert assay.last_active_run().inputs.dataset_inputs == []


def test_a_model_that_was_read(tracked):
    model = assay.create_external_model(name="outside")
    with assay.start_run() as run:
        assay.log_input(model=LoggedModelInput(model.model_id))
    assert assay.get_run(run.info.run_id).inputs.model_inputs == [LoggedModelInput(model.model_id)]
