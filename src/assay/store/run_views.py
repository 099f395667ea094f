"""The part of the `Store` contract that the run table asks for beside its rows: families, groups, changes of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.search.tree import Field
    from assay.store.base import Query, RunTable
    from assay.wire.run_views import RunFamily, RunGroup

PARENT_TAG = "mlflow.parentRunId"
"""The tag of a nested run that names its parent."""


class Best(NamedTuple):
    """By which metric a child is the best one."""

    key: str
    ascending: bool


class RunViews(Protocol):
    """Aggregates over the runs that match a query, whatever its page, and changes of many runs."""

    def families(self, query: Query, *, best: Best | None) -> list[RunFamily]:
        """Runs that have children in the query's experiments and stages, by id; the filter does not count."""

    def ancestors(self, query: Query) -> RunTable:
        """Ancestors of the runs that match, on any level, that are of its stages and do not match themselves."""

    def groups(self, query: Query, *, by: Sequence[Field], metrics: Sequence[str], limit: int) -> list[RunGroup]:
        """At most `limit` groups of the runs that match, the largest first, then by their values."""

    def set_stage(self, run_ids: Sequence[str], *, stage: str, now: int) -> None:
        """Delete or restore runs."""

    def change_tags(self, run_ids: Sequence[str], *, put: Mapping[str, str], gone: Sequence[str]) -> None:
        """Set and delete tags of runs, other than their name and note."""

    def move(self, run_ids: Sequence[str], *, experiment_id: str) -> None:
        """Make runs part of another experiment, which exists, with their datasets and the models they logged."""
