"""Limits on metrics: what is good enough, and what is better than before."""

from __future__ import annotations

import math

import pytest

from assay.core.errors import InvalidParameterValue, MlflowException
from assay.evaluation import EvaluationResult, MetricThreshold, ModelValidationFailed, validate_evaluation_results


def judged(limit, candidate, baseline=None):
    before = None if baseline is None else EvaluationResult({"m": baseline}, {})
    validate_evaluation_results({"m": limit}, EvaluationResult({"m": candidate}, {}), before)


PASS = [
    ({"threshold": 0.8, "greater_is_better": True}, 0.8, None),
    ({"threshold": 10, "greater_is_better": False}, 10, None),
    ({"min_absolute_change": 0.05, "greater_is_better": True}, 0.85, 0.8),
    ({"min_absolute_change": 1, "greater_is_better": False}, 4, 5),
    ({"min_relative_change": 0.1, "greater_is_better": True}, 1.1, 1.0),
    ({"min_relative_change": 0.0, "greater_is_better": True}, 0.9, 0.9),
    ({"min_relative_change": 0.0, "greater_is_better": True}, 0.0, 0.0),
    ({"min_relative_change": 0.5, "greater_is_better": True}, -0.5, -1.0),
    ({"min_relative_change": 0.5, "greater_is_better": True}, 0.1, 0.0),
]
FAIL = [
    ({"threshold": 0.8, "greater_is_better": True}, 0.79, None, "at least 0.8"),
    ({"threshold": 10, "greater_is_better": False}, 11, None, "at most 10"),
    ({"threshold": 0.8, "greater_is_better": True}, math.nan, None, "nan where"),
    ({"min_absolute_change": 0.05, "greater_is_better": True}, 0.84, 0.8, "baseline's 0.8 by 0.05"),
    ({"min_absolute_change": 0.05, "greater_is_better": True}, 0.84, None, "baseline has no such metric"),
    ({"min_absolute_change": 0.05, "greater_is_better": True}, 0.84, math.nan, "baseline's nan"),
    ({"min_relative_change": 0.1, "greater_is_better": False}, 0.95, 1.0, "by 10 percent"),
    ({"min_relative_change": 0.5, "greater_is_better": True}, 0.0, 0.0, "baseline's 0.0"),
    ({"min_relative_change": 0.0, "greater_is_better": True}, 0.8, 0.9, "baseline's 0.9"),
]


@pytest.mark.parametrize(("limits", "candidate", "baseline"), PASS)
def test_good_enough(limits, candidate, baseline):
    judged(MetricThreshold(**limits), candidate, baseline)


@pytest.mark.parametrize(("limits", "candidate", "baseline", "message"), FAIL)
def test_not_good_enough(limits, candidate, baseline, message):
    with pytest.raises(ModelValidationFailed, match=message):
        judged(MetricThreshold(**limits), candidate, baseline)


def test_every_missed_limit_is_named():
    limits = {
        "a": MetricThreshold(threshold=0.9, min_relative_change=0.1, greater_is_better=True),
        "b": MetricThreshold(threshold=1, greater_is_better=False),
        "c": MetricThreshold(threshold=1, greater_is_better=False),
    }
    with pytest.raises(MlflowException) as caught:
        validate_evaluation_results(
            limits, EvaluationResult({"a": 0.5, "c": 0}, {}), EvaluationResult({"a": 0.5, "c": 0}, {})
        )
    assert caught.value.error_code == "BAD_REQUEST"
    assert str(caught.value).count("a: 0.5") == 2
    assert "b: the candidate has no such metric." in str(caught.value)
    assert "c:" not in str(caught.value)


@pytest.mark.parametrize(
    "limits",
    [
        {"threshold": 1},
        {"greater_is_better": True},
        {"threshold": "1", "greater_is_better": True},
        {"threshold": True, "greater_is_better": True},
        {"min_absolute_change": 0, "greater_is_better": True},
        {"min_relative_change": 1.5, "greater_is_better": True},
    ],
)
def test_limits_that_make_no_sense_are_refused(limits):
    with pytest.raises(InvalidParameterValue):
        MetricThreshold(**limits)


@pytest.mark.parametrize("limits", [None, {"m": 0.5}, {1: MetricThreshold(threshold=1, greater_is_better=True)}])
def test_limits_are_a_dictionary_of_thresholds(limits):
    with pytest.raises(InvalidParameterValue, match="dictionary"):
        validate_evaluation_results(limits, EvaluationResult({}, {}))
