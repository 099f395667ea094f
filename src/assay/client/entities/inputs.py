"""What runs read and made: datasets and models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.client.entities.base import Entity, Pair
from assay.wire import inputs as wire

if TYPE_CHECKING:
    from collections.abc import Mapping


class InputTag(Pair):
    """A label of what a run read."""


class Dataset(Entity):
    """Data by name and digest; `source`, `schema` and `profile` are JSON texts."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by name, in their own order."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class DatasetInput(Entity):
    """A dataset that a run read; the tag `mlflow.data.context` says what for."""

    dataset: Dataset
    tags: list[InputTag] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        self.tags = list(self.tags or ())

    def to_dictionary(self) -> dict[str, Any]:
        """The dataset, and its tags by key."""
        return {"dataset": self.dataset.to_dictionary(), "tags": {tag.key: tag.value for tag in self.tags}}

    @classmethod
    def from_dictionary(cls, values: Mapping[str, Any]) -> DatasetInput:
        """The inverse of `to_dictionary`."""
        tags = [InputTag(key, value) for key, value in (values.get("tags") or {}).items()]
        return cls(Dataset.from_dictionary(values["dataset"]), tags)


class LoggedModelInput(Entity):
    """A logged model that a run read."""

    model_id: str


class LoggedModelOutput(Entity):
    """A logged model that a run made, at a step of its training."""

    model_id: str
    step: int


class RunInputs(Entity):
    """What a run read, in the order logged."""

    dataset_inputs: list[DatasetInput] = msgspec.field(default_factory=list)
    model_inputs: list[LoggedModelInput] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        self.model_inputs = list(self.model_inputs or ())

    def to_dictionary(self) -> dict[str, Any]:
        """The inputs as dictionaries."""
        return {
            "model_inputs": [one.to_dictionary() for one in self.model_inputs],
            "dataset_inputs": [one.to_dictionary() for one in self.dataset_inputs],
        }

    @classmethod
    def from_dictionary(cls, values: Mapping[str, Any]) -> RunInputs:
        """The inverse of `to_dictionary`."""
        return cls(
            [DatasetInput.from_dictionary(one) for one in values.get("dataset_inputs") or ()],
            [LoggedModelInput.from_dictionary(one) for one in values.get("model_inputs") or ()],
        )


class RunOutputs(Entity):
    """What a run made, in the order logged."""

    model_outputs: list[LoggedModelOutput] = msgspec.field(default_factory=list)

    def to_dictionary(self) -> dict[str, Any]:
        """The outputs as dictionaries."""
        return {"model_outputs": [one.to_dictionary() for one in self.model_outputs]}

    @classmethod
    def from_dictionary(cls, values: Mapping[str, Any]) -> RunOutputs:
        """The inverse of `to_dictionary`."""
        return cls([LoggedModelOutput.from_dictionary(one) for one in values.get("model_outputs") or ()])


def run_inputs(message: wire.RunInputs) -> RunInputs:
    """The inputs of a wire message."""
    return RunInputs(
        [dataset_input(one) for one in message.dataset_inputs],
        [LoggedModelInput(one.model_id) for one in message.model_inputs],
    )


def run_outputs(message: wire.RunOutputs) -> RunOutputs:
    """The outputs of a wire message."""
    return RunOutputs([LoggedModelOutput(one.model_id, one.step) for one in message.model_outputs])


def dataset_input(message: wire.DatasetInput) -> DatasetInput:
    """The dataset and its tags of a wire message."""
    found = message.dataset
    return DatasetInput(
        Dataset(
            name=found.name,
            digest=found.digest,
            source_type=found.source_type,
            source=found.source,
            schema=found.schema or None,
            profile=found.profile or None,
        ),
        [InputTag(tag.key, tag.value) for tag in message.tags],
    )


def dataset_message(given: Dataset) -> wire.Dataset:
    """The wire message of a dataset."""
    return wire.Dataset(
        name=given.name,
        digest=given.digest,
        source_type=given.source_type,
        source=given.source,
        schema=given.schema or "",
        profile=given.profile or "",
    )


def dataset_input_message(given: DatasetInput) -> wire.DatasetInput:
    """The wire message of a dataset and its tags."""
    tags = [wire.InputTag(key=tag.key, value=str(tag.value)) for tag in given.tags]
    return wire.DatasetInput(tags=tags, dataset=dataset_message(given.dataset))
