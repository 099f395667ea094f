"""Logged models as a store keeps them: part of the contract in `store/base.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from assay.store.base import Query

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assay.wire.models import LoggedModel

PENDING = 1
"""The number of the state that a model begins in."""


class DatasetName(NamedTuple):
    """A dataset by name and digest; without a digest, every dataset of that name."""

    name: str
    digest: str = ""


class ModelPoint(NamedTuple):
    """One point of a metric of a logged model; `dataset` is what it was measured on."""

    model_id: str
    key: str
    step: int
    timestamp: int
    value: float
    dataset: DatasetName | None = None


@dataclass(frozen=True)
class NewModel:
    """A logged model to be stored. Ids, name and artifact URI are decided by the caller."""

    model_id: str
    experiment_id: str
    name: str
    artifact_uri: str
    now: int
    model_type: str = ""
    source_run_id: str = ""


@dataclass(frozen=True)
class ModelQuery(Query):
    """Which logged models to find.

    `datasets` restricts the points that conditions on metrics see; where there is no such condition, models with a
    point on one of them are found. `order_datasets`, beside `order_by`, does the same for each key of the order.
    """

    datasets: Sequence[DatasetName] = ()
    order_datasets: Sequence[DatasetName | None] = ()


class Models(Protocol):
    """Logged models. Each method raises ResourceDoesNotExist for an unknown model id."""

    def create(self, model: NewModel, *, params: Mapping[str, str], tags: Mapping[str, str]) -> LoggedModel:
        """Store a model, pending, and return it.

        Raises:
            ResourceAlreadyExists: the model id is taken.
            ResourceDoesNotExist: there is no such experiment.
        """

    def experiments_of(self, model_ids: Sequence[str]) -> dict[str, str]:
        """The experiment of each of these models, deleted ones too; unknown ones are left out."""

    def get(self, model_id: str, *, deleted: bool = False) -> LoggedModel:
        """The model with params and tags, each sorted by key, and its points in the order logged.

        A deleted one is unknown, unless `deleted`.
        """

    def set_status(self, model_id: str, *, status: int, now: int) -> None:
        """Change the state, also of a deleted model."""

    def set_stage(self, model_id: str, *, stage: str, now: int) -> None:
        """Delete or restore the model."""

    def log_params(self, model_id: str, *, params: Mapping[str, str]) -> None:
        """Store params; equal values again are accepted.

        Raises:
            InvalidParameterValue: a param has another value already; names key, old value and new value.
        """

    def set_tags(self, model_id: str, *, tags: Mapping[str, str]) -> None:
        """Set tags, replacing values."""

    def delete_tag(self, model_id: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""

    def check(self, model_ids: Collection[str]) -> None:
        """Return when there are such models, deleted ones too.

        Raises:
            BadRequest: there is one missing; names it.
        """

    def append(self, run_id: str, *, points: Sequence[ModelPoint]) -> None:
        """Add points that a run logged. One that is identical in everything to a stored one is counted once.

        Raises:
            BadRequest: there is no such model; names it.
        """

    def search(self, query: ModelQuery) -> list[LoggedModel]:
        """Models that match, with what they recorded; by default newest first, then by id. No N+1 statements.

        A condition on a metric is true if any point satisfies it. A metric orders by the latest point: by timestamp,
        then step, then value.
        """
