"""Whether a version satisfies a rule, with what was found and what is wanted, in words."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, NamedTuple

from assay.search.tree import Comparison, Kind, Operator
from assay.service.gate_rules import APPROVAL_TAG, Approval, NotWorse, Presence, Test

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.search.tree import Value
    from assay.service.gate_facts import Facts

_COMPARE: Mapping[Operator, Callable[[object, object], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,  # type: ignore[dict-item]
    Operator.LESS_OR_EQUAL: operator.le,  # type: ignore[dict-item]
    Operator.GREATER: operator.gt,  # type: ignore[dict-item]
    Operator.GREATER_OR_EQUAL: operator.ge,  # type: ignore[dict-item]
    Operator.IN: lambda found, wanted: found in wanted,  # type: ignore[operator]
    Operator.NOT_IN: lambda found, wanted: found not in wanted,  # type: ignore[operator]
    Operator.IS_NOT_NULL: lambda found, wanted: True,  # noqa: ARG005 -- it is there
    Operator.IS_NULL: lambda found, wanted: False,  # noqa: ARG005 -- it is there
}


class Verdict(NamedTuple):
    """Whether a rule is satisfied, what was found, and what is wanted."""

    passed: bool
    found: str
    wanted: str


def judged(test: Test, facts: Facts, others: Mapping[str, Facts | None]) -> Verdict:
    """The verdict on a version; `others` are the versions of the aliases that rules compare with."""
    if isinstance(test, Comparison):
        return _compared(test, facts)
    if isinstance(test, NotWorse):
        return _not_worse(test, facts, others[test.alias])
    if isinstance(test, Approval):
        return _approved(test, facts)
    return _present(test, facts)


def _compared(test: Comparison, facts: Facts) -> Verdict:
    known: Mapping[str, Value] = facts.metrics if test.field.kind is Kind.METRIC else facts.tags
    wanted = test.operator.value if test.value is None else f"{test.operator.value} {_shown(test.value)}"
    if test.field.key not in known:
        return Verdict(test.operator is Operator.IS_NULL, f"no {test.field.kind.value} {test.field.key!r}", wanted)
    found = known[test.field.key]
    return Verdict(_COMPARE[test.operator](found, test.value), _shown(found), wanted)


def _shown(value: Value) -> str:
    return f"({', '.join(map(repr, value))})" if isinstance(value, tuple) else repr(value)


def _not_worse(test: NotWorse, facts: Facts, other: Facts | None) -> Verdict:
    """Each dataset on which both were measured counts."""
    name = f"metrics.{test.metric}"
    if other is None:
        return Verdict(True, f"no version is @{test.alias} yet", f"{name} of @{test.alias}")
    wanted = f"{name} measured on a dataset on which version {other.version}, @{test.alias}, was measured"
    mine, theirs = facts.measured.get(test.metric, {}), other.measured.get(test.metric, {})
    shared = sorted(mine.keys() & theirs.keys())
    if not shared:
        return Verdict(False, f"{_datasets(mine)}, where @{test.alias} has {_datasets(theirs)}", wanted)
    room = -test.tolerance if test.operator is Operator.GREATER_OR_EQUAL else test.tolerance
    limits = {digest: theirs[digest] + room for digest in shared}
    passed = all(_COMPARE[test.operator](mine[digest], limits[digest]) for digest in shared)
    found = ", ".join(f"{mine[digest]!r} on {digest}" for digest in shared)
    bounds = ", ".join(f"{test.operator.value} {limits[digest]!r} on {digest}" for digest in shared)
    return Verdict(passed, found, f"{bounds} as version {other.version} is @{test.alias}")


def _datasets(measured: Mapping[str, float]) -> str:
    return f"values on {', '.join(sorted(measured))}" if measured else "no value on a dataset"


def _approved(test: Approval, facts: Facts) -> Verdict:
    given = [name for name in test.names if APPROVAL_TAG + name in facts.tags]
    missing = [f"tag {APPROVAL_TAG}{name}" for name in test.names if name not in given]
    found = f"approval by {', '.join(given)}" if given else "no approval"
    return Verdict(not missing, found, ", ".join(missing) or f"approval by {', '.join(test.names)}")


def _present(test: Presence, facts: Facts) -> Verdict:
    if test is Presence.SIGNATURE:
        return Verdict(facts.signature == "", facts.signature or "a signature", "a signature in the MLmodel file")
    keys = sorted(facts.measured)
    found = f"{', '.join(f'metrics.{key}' for key in keys)}" if keys else "no metric on a dataset"
    return Verdict(bool(keys), found, "a metric of the logged model on a dataset")
