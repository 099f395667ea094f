"""Experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from assay.client.entities.base import Entity, Pair, by_key

if TYPE_CHECKING:
    from assay.wire import experiments as wire


class ExperimentTag(Pair):
    """A label of an experiment."""


class Experiment(Entity, eq=False):
    """A container of runs; times in milliseconds since the epoch. The id is empty while a server is out of reach."""

    experiment_id: str
    name: str
    artifact_location: str = ""
    lifecycle_stage: str = "active"
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    creation_time: int | None = None
    last_update_time: int | None = None

    DEFAULT_EXPERIMENT_NAME: ClassVar[str] = "Default"

    def __post_init__(self) -> None:
        self.tags = by_key(self.tags)


def experiment(message: wire.Experiment) -> Experiment:
    """The experiment of a wire message."""
    return Experiment(
        experiment_id=message.experiment_id,
        name=message.name,
        artifact_location=message.artifact_location,
        lifecycle_stage=message.lifecycle_stage,
        tags={tag.key: tag.value for tag in message.tags},
        creation_time=message.creation_time,
        last_update_time=message.last_update_time,
    )
