"""What the library hands out: experiments and runs in the shape that MLflow gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.wire import artifacts, experiments, metrics, runs

T = TypeVar("T")


class Entity(msgspec.Struct):
    """A value with named fields; iterating gives its (name, value) pairs sorted by name."""

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for name in sorted(self.__struct_fields__):
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self)
        return f"<{type(self).__name__}: {fields}>"

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by name."""
        return dict(self)


class Metric(Entity):
    """One point of a metric; `timestamp` in milliseconds since the epoch."""

    key: str
    value: float
    timestamp: int
    step: int = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    run_id: str | None = None


class Param(Entity):
    """A setting of a run."""

    key: str
    value: str


class RunTag(Entity):
    """A label of a run."""

    key: str
    value: str


class ExperimentTag(Entity):
    """A label of an experiment."""

    key: str
    value: str


class FileInfo(Entity):
    """An artifact file or directory; `file_size` in bytes, None for directories."""

    path: str
    is_dir: bool
    file_size: int | None = None


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


class RunData(Entity, eq=False):
    """What a run recorded: the last value of each metric, params and tags, by key."""

    metrics: dict[str, float] = msgspec.field(default_factory=dict)
    params: dict[str, str] = msgspec.field(default_factory=dict)
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    _metric_objs: list[Metric] = msgspec.field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from (("metrics", self.metrics), ("params", self.params), ("tags", self.tags))


class RunInputs(Entity):
    """What a run read."""

    dataset_inputs: list[Any] = msgspec.field(default_factory=list)
    model_inputs: list[Any] = msgspec.field(default_factory=list)

    def to_dictionary(self) -> dict[str, Any]:
        """The inputs as dictionaries."""
        return {
            "dataset_inputs": [one.to_dictionary() for one in self.dataset_inputs],
            "model_inputs": [one.to_dictionary() for one in self.model_inputs],
        }


class RunOutputs(Entity):
    """What a run made."""

    model_outputs: list[Any] = msgspec.field(default_factory=list)

    def to_dictionary(self) -> dict[str, Any]:
        """The outputs as dictionaries."""
        return {"model_outputs": [one.to_dictionary() for one in self.model_outputs]}


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

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from (("data", self.data), ("info", self.info), ("inputs", self.inputs), ("outputs", self.outputs))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self)
        return f"<{type(self).__name__}: {fields}>"

    def to_dictionary(self) -> dict[str, Any]:
        """The run as plain dictionaries, as MLflow's client gives it."""
        return {part: value.to_dictionary() for part, value in self}


class PagedList(list[T]):
    """A page of results; `token` asks for the next page, None when there is none."""

    def __init__(self, items: Iterable[T], token: str | None) -> None:
        super().__init__(items)
        self.token = token

    def to_list(self) -> list[T]:
        """The items as a plain list."""
        return list(self)


class ViewType:
    """Which lifecycle stages a search shows."""

    ACTIVE_ONLY, DELETED_ONLY, ALL = 1, 2, 3
    _NAMES: ClassVar[dict[str, int]] = {"active_only": 1, "deleted_only": 2, "all": 3}

    @classmethod
    def from_string(cls, view: str) -> int:
        """The number of a name such as `active_only`; KeyError for others."""
        return cls._NAMES[view]

    @classmethod
    def to_string(cls, view: int) -> str:
        """The name of a number."""
        return next(name for name, number in cls._NAMES.items() if number == view)


class RunStatus:
    """The states of a run as numbers; `RunInfo.status` holds their names."""

    RUNNING, SCHEDULED, FINISHED, FAILED, KILLED = 1, 2, 3, 4, 5
    _NAMES: ClassVar[tuple[str, ...]] = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")

    @classmethod
    def from_string(cls, status: str) -> int:
        """The number of a state; ValueError for others."""
        return cls._NAMES.index(status) + 1

    @classmethod
    def to_string(cls, status: int) -> str:
        """The name of a state."""
        return cls._NAMES[status - 1]

    @classmethod
    def is_terminated(cls, status: int) -> bool:
        """Whether a run in this state has ended."""
        return status >= cls.FINISHED

    @classmethod
    def all_status(cls) -> list[int]:
        """All states."""
        return [cls.RUNNING, cls.SCHEDULED, cls.FINISHED, cls.FAILED, cls.KILLED]


class LifecycleStage:
    """Whether something was deleted."""

    ACTIVE, DELETED = "active", "deleted"


def experiment(message: experiments.Experiment) -> Experiment:
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


def run(message: runs.Run) -> Run:
    """The run of a wire message."""
    points = [metric(one) for one in message.data.metrics]
    data = RunData(
        metrics={point.key: point.value for point in points},
        params={param.key: param.value for param in message.data.params},
        tags={tag.key: tag.value for tag in message.data.tags},
        _metric_objs=points,
    )
    return Run(run_info(message.info), data)


def run_info(message: runs.RunInfo) -> RunInfo:
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


def metric(message: metrics.Metric) -> Metric:
    """The point of a wire message."""
    return Metric(
        key=message.key,
        value=message.value,
        timestamp=message.timestamp,
        step=message.step,
        model_id=message.model_id,
        dataset_name=message.dataset_name,
        dataset_digest=message.dataset_digest,
        run_id=message.run_id,
    )


def file_info(message: artifacts.FileInfo) -> FileInfo:
    """The file of a wire message."""
    return FileInfo(path=message.path, is_dir=message.is_dir, file_size=None if message.is_dir else message.file_size)
