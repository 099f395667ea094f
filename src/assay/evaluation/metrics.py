"""Metrics that people define themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class MetricValue:
    """What a metric says: a score for each row, why, and figures over all rows by name."""

    scores: Sequence[Any] | None = None
    justifications: Sequence[str] | None = None
    aggregate_results: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class EvaluationMetric:
    """A metric of one's own; made by `make_metric`."""

    eval_fn: Callable[..., Any]
    name: str
    greater_is_better: bool
    long_name: str | None = None
    version: str | None = None
    metric_details: str | None = None
    metric_metadata: dict[str, Any] | None = None
    genai_metric_args: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        """The name under which it is logged: with its version, where it has one."""
        return f"{self.name}/{self.version}" if self.version else self.name

    def __str__(self) -> str:
        parts = [f"name={self.name}", f"greater_is_better={self.greater_is_better}"]
        optional = {"long_name": self.long_name, "version": self.version, "metric_details": self.metric_details}
        parts += [f"{name}={value}" for name, value in optional.items() if value]
        return f"EvaluationMetric({', '.join(parts)})"


def make_metric(
    *,
    eval_fn: Callable[..., Any],
    greater_is_better: bool,
    name: str | None = None,
    long_name: str | None = None,
    version: str | None = None,
    metric_details: str | None = None,
    metric_metadata: dict[str, Any] | None = None,
    genai_metric_args: dict[str, Any] | None = None,
) -> EvaluationMetric:
    """A metric for `extra_metrics` of `evaluate`.

    `eval_fn` gets what its parameters name: `predictions` and `targets` (pandas series), `metrics` (the `MetricValue`
    of each metric so far), columns of the data, keys of `evaluator_config`, other metrics. A function with the two
    parameters `(eval_df, builtin_metrics)` gets a frame with the columns `prediction` and `target`, and the metrics
    as numbers. It answers a number, a `MetricValue`, or None where there is nothing to say.

    Raises:
        InvalidParameterValue: the function has no name of its own and none is given, or the name has a slash.

    Example:
        >>> def worst(predictions, targets):
        ...     return (predictions - targets).abs().max()
        >>> make_metric(eval_fn=worst, greater_is_better=False).name
        'worst'
    """
    found = name or getattr(eval_fn, "__name__", None)
    if found is None or found == "<lambda>":
        raise InvalidParameterValue("The function of the metric has no name. Give one as name=...")
    if "/" in found:
        raise InvalidParameterValue(f"The metric's name {found!r} has a slash, which sets off versions. Leave it out.")
    return EvaluationMetric(
        eval_fn,
        found,
        greater_is_better,
        long_name=long_name,
        version=version,
        metric_details=metric_details,
        metric_metadata=metric_metadata,
        genai_metric_args=genai_metric_args,
    )
