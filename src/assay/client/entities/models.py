"""Models logged on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.client.entities.base import Entity, Pair, by_key
from assay.client.entities.metrics import Metric, metric
from assay.client.entities.states import LoggedModelStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.wire import models as wire

_STATUSES = {
    "LOGGED_MODEL_PENDING": LoggedModelStatus.PENDING,
    "LOGGED_MODEL_READY": LoggedModelStatus.READY,
    "LOGGED_MODEL_UPLOAD_FAILED": LoggedModelStatus.FAILED,
}


class LoggedModelTag(Pair):
    """A label of a logged model."""


class LoggedModelParameter(Pair):
    """A setting of a logged model."""


class LoggedModel(Entity, eq=False):
    """A model that was logged, with or without a run; times in milliseconds since the epoch.

    `metrics` are the last values, one for each key and dataset; None when there are none.
    """

    experiment_id: str
    model_id: str
    name: str
    artifact_location: str
    creation_timestamp: int
    last_updated_timestamp: int
    model_type: str | None = None
    source_run_id: str | None = None
    status: LoggedModelStatus = LoggedModelStatus.READY
    status_message: str | None = None
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    params: dict[str, str] = msgspec.field(default_factory=dict)
    metrics: list[Metric] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.status, int):
            self.status = LoggedModelStatus.from_int(self.status)
        self.tags = by_key(self.tags)
        self.params = by_key(self.params)

    @property
    def model_uri(self) -> str:
        """The URI under which the model is loaded."""
        return f"models:/{self.model_id}"

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from sorted([*super().__iter__(), ("model_uri", self.model_uri)])

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by name; the status as a number, the metrics as dictionaries."""
        values = {name: getattr(self, name) for name in sorted(self.__struct_fields__)}
        metrics = [one.to_dictionary() for one in self.metrics] if self.metrics else None
        return {**values, "status": self.status.to_int(), "metrics": metrics}


def logged_model(message: wire.LoggedModel) -> LoggedModel:
    """The model of a wire message."""
    info, data = message.info, message.data
    return LoggedModel(
        experiment_id=info.experiment_id,
        model_id=info.model_id,
        name=info.name,
        artifact_location=info.artifact_uri,
        creation_timestamp=info.creation_timestamp_ms,
        last_updated_timestamp=info.last_updated_timestamp_ms,
        model_type=info.model_type or None,
        source_run_id=info.source_run_id or None,
        status=_STATUSES.get(info.status, LoggedModelStatus.UNSPECIFIED),
        status_message=info.status_message or None,
        tags={tag.key: tag.value for tag in info.tags},
        params={param.key: param.value for param in data.params},
        metrics=[metric(one) for one in data.metrics] or None,
    )
