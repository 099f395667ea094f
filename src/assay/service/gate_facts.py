"""What is known of a version of a registered model when its gate is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.core.errors import ResourceDoesNotExist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.store.base import Session
    from assay.wire.metrics import Metric
    from assay.wire.registry import ModelVersion


@dataclass(frozen=True, slots=True)
class Facts:
    """A version, its tags, and the latest value of each metric of its logged model, else of its run.

    `measured` holds the latest values on each dataset, by metric and digest. `signature` says what was found instead of
    one; empty where there is one, and where nobody asks.
    """

    version: int
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    measured: Mapping[str, Mapping[str, float]]
    signature: str = ""


def facts_of(session: Session, version: ModelVersion, *, signature: str = "") -> Facts:
    """What is known of a version; a run or logged model that is gone for good has no metrics."""
    metrics: dict[str, float] = {}
    measured: dict[str, dict[str, float]] = {}
    if version.run_id and session.runs.find(version.run_id) is not None:
        metrics.update((one.key, one.value) for one in session.runs.get(version.run_id).data.metrics)
    for one in _points(session, version.model_id):
        metrics[one.key] = one.value
        if one.dataset_digest:
            measured.setdefault(one.key, {})[one.dataset_digest] = one.value
    tags = {tag.key: tag.value for tag in version.tags}
    return Facts(int(version.version), tags, metrics, measured, signature)


def _points(session: Session, model_id: str) -> list[Metric]:
    """The points of a logged model, the latest last."""
    if not model_id:
        return []
    try:
        return by_time(session.models.get(model_id, deleted=True).data.metrics)
    except ResourceDoesNotExist:
        return []


def by_time(points: list[Metric]) -> list[Metric]:
    """Points of a logged model, the latest last: by time, then step, then as they were logged."""
    return sorted(points, key=lambda one: (one.timestamp, one.step))
