"""Points of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client.entities.base import Entity

if TYPE_CHECKING:
    from assay.wire import metrics as wire


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


def metric(message: wire.Metric) -> Metric:
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
