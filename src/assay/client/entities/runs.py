"""Runs, and what they recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.client.entities import notebook
from assay.client.entities.base import Entity, Pair, by_key
from assay.client.entities.inputs import RunInputs, RunOutputs, run_inputs, run_outputs
from assay.client.entities.metrics import Metric, metric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.wire import runs as wire


class Param(Pair):
    """A setting of a run."""


class RunTag(Pair):
    """A label of a run."""


class RunInfo(Entity):
    """What a run is: its name, state and times (milliseconds since the epoch)."""

    run_id: str
    experiment_id: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    lifecycle_stage: str
    artifact_uri: str = ""
    run_name: str = ""

    @classmethod
    def get_searchable_attributes(cls) -> list[str]:
        """The attributes that filters know."""
        return ["run_id", "run_name", "status", "artifact_uri", "user_id", "start_time", "end_time"]

    @classmethod
    def get_orderable_attributes(cls) -> list[str]:
        """The attributes that searches order by."""
        return cls.get_searchable_attributes()


class RunData(Entity, eq=False):
    """What a run recorded: the last value of each metric, params and tags, by key.

    It is made of dictionaries, or of lists of `Metric`, `Param` and `RunTag`.
    """

    metrics: dict[str, float] = msgspec.field(default_factory=dict)
    params: dict[str, str] = msgspec.field(default_factory=dict)
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    _metric_objs: list[Metric] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        if not isinstance(self.metrics, dict):
            self._metric_objs = list(self.metrics or ())
            self.metrics = {point.key: point.value for point in self._metric_objs}
        self.params = by_key(self.params)
        self.tags = by_key(self.tags)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from (("metrics", self.metrics), ("params", self.params), ("tags", self.tags))


class Run:
    """One execution of training or evaluation code, as it was when it was read."""

    def __init__(
        self,
        run_info: RunInfo,
        run_data: RunData | None = None,
        run_inputs: RunInputs | None = None,
        run_outputs: RunOutputs | None = None,
    ) -> None:
        self.info = run_info
        self.data = run_data or RunData()
        self.inputs = run_inputs or RunInputs()
        self.outputs = run_outputs or RunOutputs()

    @classmethod
    def from_dictionary(cls, values: Mapping[str, Any]) -> Run:
        """The inverse of `to_dictionary`."""
        return Run(
            RunInfo.from_dictionary(values["info"]),
            RunData.from_dictionary(values.get("data") or {}),
            RunInputs.from_dictionary(values.get("inputs") or {}),
            RunOutputs.from_dictionary(values.get("outputs") or {}),
        )

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from (("data", self.data), ("info", self.info), ("inputs", self.inputs), ("outputs", self.outputs))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self)
        return f"<{type(self).__name__}: {fields}>"

    def to_dictionary(self) -> dict[str, Any]:
        """The run as plain dictionaries, as MLflow's client gives it."""
        parts = ("info", "data", "inputs", "outputs")
        return {part: getattr(self, part).to_dictionary() for part in parts}

    def summary(self) -> dict[str, Any]:
        """The run in a line of a table: what it is, and its metrics."""
        names = ("run_name", "run_id", "status", "start_time")
        return {name: getattr(self.info, name) for name in names} | self.data.metrics

    def _repr_html_(self) -> str:
        own = {key: value for key, value in self.data.tags.items() if not key.startswith(("mlflow.", "assay."))}
        datasets = {
            f"{one.dataset.name} ({one.dataset.digest})": ", ".join(tag.value for tag in one.tags)
            for one in self.inputs.dataset_inputs
        }
        parts: dict[str, dict[str, Any]] = {
            "metrics": self.data.metrics,
            "params": self.data.params,
            "tags": own,
            "datasets": datasets,
            "run": dict(self.info),
        }
        return notebook.sections(f"{self.info.run_name or self.info.run_id}: {self.info.status}", parts)


def run(message: wire.Run) -> Run:
    """The run of a wire message."""
    data = RunData(
        metrics=[metric(one) for one in message.data.metrics],  # type: ignore[arg-type]  # taken apart when made
        params={param.key: param.value for param in message.data.params},
        tags={tag.key: tag.value for tag in message.data.tags},
    )
    return Run(run_info(message.info), data, run_inputs(message.inputs), run_outputs(message.outputs))


def run_info(message: wire.RunInfo) -> RunInfo:
    """The state of a run of a wire message."""
    return RunInfo(
        run_id=message.run_id,
        experiment_id=message.experiment_id,
        user_id=message.user_id,
        status=message.status,
        start_time=message.start_time,
        end_time=message.end_time,
        lifecycle_stage=message.lifecycle_stage,
        artifact_uri=message.artifact_uri,
        run_name=message.run_name,
    )
