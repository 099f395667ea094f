"""What is asked of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.evaluation.metrics import EvaluationMetric


@dataclass(frozen=True)
class Request:
    """The arguments of `evaluate`, checked."""

    model: Any
    data: Any
    model_type: str | None
    targets: Any
    predictions: str | None
    source: str | None
    feature_names: Sequence[str] | None
    config: Mapping[str, Any]
    extra_metrics: Sequence[EvaluationMetric]
    custom_artifacts: Sequence[Callable[..., Any]]
    model_config: Mapping[str, Any] | None
    model_id: str | None

    @property
    def prefix(self) -> str:
        """What stands before the name of every metric and file."""
        return str(self.config.get("metric_prefix") or "")
