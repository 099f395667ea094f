"""Short ways to fill a store, for the contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.store.base import NewRun
from assay.store.inputs import CONTEXT_TAG
from assay.wire.inputs import Dataset, DatasetInput, InputTag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.store.base import Store
    from assay.store.metrics import Point
    from assay.wire.runs import Run


def create_experiment(store: Store, name: str, *, now: int = 1) -> str:
    """The id of a new experiment without tags."""
    return store.write(
        lambda session: session.experiments.create(name, artifact_location=None, root="/artifacts", tags={}, now=now)
    )


def add_run(  # noqa: PLR0913 -- one name for each column
    store: Store,
    run_id: str,
    *,
    experiment_id: str = "0",
    run_name: str | None = None,
    user_id: str = "user",
    status: str = "RUNNING",
    start_time: int = 0,
    tags: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    metrics: Mapping[str, Sequence[Point]] | None = None,
) -> None:
    """Store a run with what it recorded."""
    run = NewRun(
        run_id=run_id,
        run_name=f"run {run_id}" if run_name is None else run_name,
        experiment_id=experiment_id,
        user_id=user_id,
        start_time=start_time,
        artifact_uri=f"/artifacts/{experiment_id}/{run_id}",
        status=status,
    )
    store.write(lambda session: session.runs.create(run, tags=dict(tags or {})))
    if params:
        store.write(lambda session: session.runs.log_params(run_id, params=dict(params)))
    if metrics:
        append_all(store, run_id, metrics)


def append_all(store: Store, run_id: str, points: Mapping[str, Sequence[Point]]) -> None:
    """Add points to several series of a run."""
    store.write(lambda session: session.metrics.append(run_id, points=points))


def adopt(store: Store, run_id: str, writer: str) -> None:
    """Note which journal writer opened the run."""
    store.write(lambda session: session.runs.adopt(run_id, writer=writer))


def get_run(store: Store, run_id: str) -> Run:
    """The run with what it recorded."""
    return store.read(lambda session: session.runs.get(run_id))


def dataset_input(name: str = "d", digest: str = "1", *, context: str | None = None) -> DatasetInput:
    """A dataset that a run reads."""
    tags = [] if context is None else [InputTag(key=CONTEXT_TAG, value=context)]
    return DatasetInput(dataset=Dataset(name=name, digest=digest, source_type="code", source="{}"), tags=tags)
