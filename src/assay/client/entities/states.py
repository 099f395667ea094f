"""States and stages by number and by name."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar


class ViewType:
    """Which lifecycle stages a search shows."""

    ACTIVE_ONLY, DELETED_ONLY, ALL = 1, 2, 3
    _NAMES: ClassVar[dict[str, int]] = {"active_only": 1, "deleted_only": 2, "all": 3}

    @classmethod
    def from_string(cls, view_str: str) -> int:
        """The number of a name such as `active_only`; ValueError for others."""
        if view_str not in cls._NAMES:
            raise ValueError(f"There is no view {view_str!r}: use one of {', '.join(cls._NAMES)}.")
        return cls._NAMES[view_str]

    @classmethod
    def to_string(cls, view_type: int) -> str:
        """The name of a number; ValueError for others."""
        for name, number in cls._NAMES.items():
            if number == view_type:
                return name
        raise ValueError(f"There is no view {view_type!r}: use a number from 1 to 3.")


class RunStatus:
    """The states of a run as numbers; `RunInfo.status` holds their names."""

    RUNNING, SCHEDULED, FINISHED, FAILED, KILLED = 1, 2, 3, 4, 5
    _NAMES: ClassVar[tuple[str, ...]] = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")

    @classmethod
    def from_string(cls, status_str: str) -> int:
        """The number of a state; ValueError for others."""
        return cls._NAMES.index(status_str) + 1

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
    _STAGES: ClassVar[dict[int, list[str]]] = {
        ViewType.ACTIVE_ONLY: [ACTIVE],
        ViewType.DELETED_ONLY: [DELETED],
        ViewType.ALL: [ACTIVE, DELETED],
    }

    @classmethod
    def view_type_to_stages(cls, view_type: int = ViewType.ALL) -> list[str]:
        """The stages that a view shows."""
        return list(cls._STAGES[view_type])

    @classmethod
    def is_valid(cls, lifecycle_stage: str) -> bool:
        """Whether there is such a stage."""
        return lifecycle_stage in (cls.ACTIVE, cls.DELETED)

    @classmethod
    def matches_view_type(cls, view_type: int, lifecycle_stage: str) -> bool:
        """Whether a view shows a stage."""
        return lifecycle_stage in cls._STAGES[view_type]


class SourceType:
    """What started a run, as numbers; the tag `mlflow.source.type` holds their names."""

    NOTEBOOK, JOB, PROJECT, LOCAL, UNKNOWN = 1, 2, 3, 4, 5
    _NAMES: ClassVar[tuple[str, ...]] = ("NOTEBOOK", "JOB", "PROJECT", "LOCAL", "UNKNOWN")

    @classmethod
    def from_string(cls, status_str: str) -> int:
        """The number of a name; ValueError for others."""
        return cls._NAMES.index(status_str) + 1

    @classmethod
    def to_string(cls, status: int) -> str:
        """The name of a number."""
        return cls._NAMES[status - 1]


class LoggedModelStatus(str, Enum):
    """The states of a logged model."""

    UNSPECIFIED = "UNSPECIFIED"
    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"

    def __str__(self) -> str:
        return self.value

    @staticmethod
    def is_finalized(status: LoggedModelStatus) -> bool:
        """Whether a model in this state is ready or has failed for good."""
        return status in (LoggedModelStatus.READY, LoggedModelStatus.FAILED)

    def to_int(self) -> int:
        """The number of the state."""
        return list(LoggedModelStatus).index(self)

    @classmethod
    def from_int(cls, status_int: int) -> LoggedModelStatus:
        """The state with a number; ValueError for others."""
        states = list(cls)
        if not 0 <= status_int < len(states):
            raise ValueError(f"There is no state {status_int} of a logged model: use a number from 0 to 3.")
        return states[status_int]
