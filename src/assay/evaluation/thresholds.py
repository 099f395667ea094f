"""Whether a model is good enough: limits on its metrics, and comparison with another model's."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from assay.core.errors import BadRequest, InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.evaluation.result import EvaluationResult


class ModelValidationFailed(BadRequest):
    """A model is not good enough; the message lists each limit that it misses."""


@dataclass(frozen=True)
class MetricThreshold:
    """What a metric must reach: an absolute limit, and how much better than the baseline it must be.

    Args:
        threshold: the least value (the greatest one, where lower is better).
        min_absolute_change: by how much it must be better than the baseline's.
        min_relative_change: by which part of the baseline's value, from 0 to 1, it must be better.
        greater_is_better: whether higher values are better.

    Raises:
        InvalidParameterValue: no limit is given, or one of them is not acceptable.
    """

    threshold: float | None = None
    min_absolute_change: float | None = None
    min_relative_change: float | None = None
    greater_is_better: bool | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.greater_is_better, bool):
            raise InvalidParameterValue("Say greater_is_better=True or greater_is_better=False.")
        limits = {"threshold": self.threshold, **self._changes}
        if all(value is None for value in limits.values()):
            raise InvalidParameterValue("Give a threshold, min_absolute_change or min_relative_change.")
        for name, value in limits.items():
            if value is not None and (isinstance(value, bool) or not isinstance(value, Real)):
                raise InvalidParameterValue(f"{name} must be a number, not {value!r}.")
        if self.min_absolute_change is not None and self.min_absolute_change <= 0:
            raise InvalidParameterValue(f"min_absolute_change must be above 0, not {self.min_absolute_change}.")
        if self.min_relative_change is not None and not 0 <= self.min_relative_change <= 1:
            raise InvalidParameterValue(f"min_relative_change must be from 0 to 1, not {self.min_relative_change}.")

    @property
    def _changes(self) -> dict[str, float | None]:
        return {"min_absolute_change": self.min_absolute_change, "min_relative_change": self.min_relative_change}

    @property
    def compares(self) -> bool:
        """Whether a baseline is needed."""
        return any(value is not None for value in self._changes.values())

    def misses(self, name: str, *, candidate: float | None, baseline: float | None) -> Iterator[str]:
        """A sentence for each limit that `candidate`, the value of the metric `name`, does not reach.

        A value that is not a number reaches none.
        """
        if candidate is None:
            yield f"{name}: the candidate has no such metric."
            return
        sign = 1 if self.greater_is_better else -1
        if self.threshold is not None and not sign * candidate >= sign * self.threshold:
            relation = "at least" if self.greater_is_better else "at most"
            yield f"{name}: {candidate} where {relation} {self.threshold} is asked."
        if not self.compares:
            return
        if baseline is None:
            yield f"{name}: the baseline has no such metric to compare {candidate} with."
            return
        better = sign * (candidate - baseline)
        # as long as the difference is not smaller by more than rounding: 0.85 - 0.8 is not quite 0.05
        rounding = 1e-12 * max(abs(candidate), abs(baseline))
        if self.min_absolute_change is not None and not better >= self.min_absolute_change - rounding:
            yield f"{name}: {candidate} is not better than the baseline's {baseline} by {self.min_absolute_change}."
        if self.min_relative_change is None:
            return
        least = self.min_relative_change * abs(baseline)
        if not better >= least - rounding or (baseline == 0 and self.min_relative_change and not better > 0):
            yield (
                f"{name}: {candidate} is not better than the baseline's {baseline} "
                f"by {100 * self.min_relative_change:g} percent of it."
            )


def validate_evaluation_results(
    validation_thresholds: Mapping[str, MetricThreshold],
    candidate_result: EvaluationResult,
    baseline_result: EvaluationResult | None = None,
) -> None:
    """Hold an evaluation against limits by name of metric, and against the evaluation of a baseline.

    Raises:
        ModelValidationFailed: a limit is missed; the message lists all that are.
        InvalidParameterValue: the limits are no dictionary of `MetricThreshold`.

    Example:
        >>> limits = {"accuracy_score": MetricThreshold(threshold=0.9, greater_is_better=True)}
        >>> validate_evaluation_results(limits, EvaluationResult({"accuracy_score": 0.93}, {}))
    """
    if not isinstance(validation_thresholds, dict) or not all(
        isinstance(name, str) and isinstance(limit, MetricThreshold) for name, limit in validation_thresholds.items()
    ):
        raise InvalidParameterValue("Give the limits as a dictionary of names of metrics and MetricThreshold objects.")
    before = {} if baseline_result is None else baseline_result.metrics
    missed = [
        sentence
        for name, limit in validation_thresholds.items()
        for sentence in limit.misses(name, candidate=candidate_result.metrics.get(name), baseline=before.get(name))
    ]
    if missed:
        raise ModelValidationFailed("The model is not good enough. " + " ".join(missed))
