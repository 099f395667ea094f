"""What a run read and made: datasets, models, and the operations that log and find them."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation


class Dataset(Message):
    """Data by name and digest (a short fingerprint of the content). `source`, `schema` and `profile` are JSON texts."""

    name: str = msgspec.field(default_factory=str)
    digest: str = msgspec.field(default_factory=str)
    source_type: str = msgspec.field(default_factory=str)
    source: str = msgspec.field(default_factory=str)
    schema: str = ""
    profile: str = ""


class InputTag(Message, gc=False):
    """A label of what one run read; `mlflow.data.context` says what for: training, validation, test."""

    key: str
    value: str = msgspec.field(default_factory=str)


class DatasetInput(Message):
    """A dataset that a run read."""

    tags: list[InputTag] = []
    dataset: Dataset = msgspec.field(default_factory=Dataset)


class ModelInput(Message, gc=False):
    """A logged model that a run read."""

    model_id: str


class ModelOutput(Message, gc=False):
    """A logged model that a run made, at a step of its training."""

    model_id: str
    step: int = msgspec.field(default_factory=int)


class RunInputs(Message):
    """What a run read, in the order logged."""

    dataset_inputs: list[DatasetInput] = []
    model_inputs: list[ModelInput] = []


class RunOutputs(Message):
    """What a run made, in the order logged."""

    model_outputs: list[ModelOutput] = []


class DatasetSummary(Message):
    """A dataset as an experiment's runs used it, once for each context."""

    experiment_id: str
    name: str = msgspec.field(default_factory=str)
    digest: str = msgspec.field(default_factory=str)
    context: str = ""


class SearchDatasetsResponse(Message):
    """Datasets of some experiments."""

    dataset_summaries: list[DatasetSummary] = []


@operation("POST", "2.0/mlflow/runs/log-inputs", access="run:append")
class LogInputs(Message):
    """Record datasets and models that a run read. One that it read already keeps its first tags."""

    run_id: str
    datasets: list[DatasetInput] = []
    models: list[ModelInput] = []


@operation("POST", "2.0/mlflow/runs/outputs", access="run:append")
class LogOutputs(Message):
    """Record logged models that a run made."""

    run_id: str
    models: list[ModelOutput] = []


@operation("POST", "2.0/mlflow/experiments/search-datasets", returns=SearchDatasetsResponse, access="experiment:search")
class SearchDatasets(Message):
    """Find the datasets that runs of the given experiments (at most 20) read: at most 1,000, by name."""

    experiment_ids: list[str]
