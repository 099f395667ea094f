"""The text of gates, parsed: what a version of a registered model must show before it gets an alias or enters a stage.

    # a comment
    model fraud

    gate @champion
      metrics.val_auc >= 0.9
      metrics.val_auc >= @champion - 0.005
      tags.reviewed = 'yes'
      signature
      evaluation
      approved by ada, bob

    gate Production
      tags.ticket IS NOT NULL

One rule a line. Comparisons are those of the search language (`assay.search`).
"""

from __future__ import annotations

import enum
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from assay.core.errors import InvalidParameterValue
from assay.search.fields import GATES
from assay.search.parser import parse_filter
from assay.search.tree import Comparison, Kind, Operator
from assay.service import registry_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 100_000
APPROVAL_TAG = "assay.approved_by."
"""With a name after it, the tag by which that person approves of a version."""

_AGAINST = re.compile(
    r"(?P<metric>.+?)\s*(?P<operator>>=|<=)\s*@(?P<alias>[\w\-]+)(?:\s*(?P<sign>[+-])\s*(?P<tolerance>[\w.+\-]+))?"
)
_APPROVED = re.compile(r"approved\s+by\s+(?P<names>.+)")
_NAME = re.compile(r"[\w.\-]+")
_SIGNS = {Operator.GREATER_OR_EQUAL: "-", Operator.LESS_OR_EQUAL: "+"}


class Presence(enum.Enum):
    """What must be there."""

    SIGNATURE = "signature"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class NotWorse:
    """On the same data, a metric at most `tolerance` worse than that of an alias's version; `>=`: more is better."""

    metric: str
    operator: Operator
    alias: str
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Approval:
    """Each of these people approves."""

    names: tuple[str, ...]


Test: TypeAlias = Comparison | NotWorse | Presence | Approval


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a gate: its number in the file, its text, and what it asks for."""

    line: int
    text: str
    test: Test


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of a model by what they guard: `@` and an alias, or a stage."""

    model: str
    rules: Mapping[str, tuple[Rule, ...]]


def parse_gates(text: str) -> Gates:
    """The gates that a text describes.

    Raises:
        InvalidParameterValue: it is too long or no such text; names the line and the rule.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidParameterValue(f"The gates have {len(text)} characters; at most {MAX_LENGTH} are allowed.")
    parser = _Parser()
    for number, line in enumerate(text.split("\n"), start=1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        try:
            parser.take(number, written)
        except InvalidParameterValue as error:
            raise InvalidParameterValue(f"Line {number} of the gates, {written[:200]!r}: {error.message}") from error
    if not parser.model:
        raise InvalidParameterValue("The gates name no model. Begin with a line such as: model fraud")
    return Gates(parser.model, {guarded: tuple(rules) for guarded, rules in parser.rules.items()})


class _Parser:
    def __init__(self) -> None:
        self.model = ""
        self.rules: dict[str, list[Rule]] = {}
        self._open: list[Rule] | None = None

    def take(self, number: int, line: str) -> None:
        """Take in one line that says something."""
        word, _, rest = line.partition(" ")
        if word == "model":
            self._name(rest.strip())
        elif word == "gate":
            self._begin(rest.strip())
        elif self._open is None:
            raise InvalidParameterValue("A rule stands below the gate that it belongs to, such as: gate @champion")
        else:
            self._open.append(Rule(number, line, parse_rule(line)))

    def _name(self, name: str) -> None:
        if self.model:
            raise InvalidParameterValue(
                f"These are the gates of {self.model!r}. Write those of another in another file."
            )
        self.model = registry_rules.model_name(name)

    def _begin(self, guarded: str) -> None:
        if not self.model:
            raise InvalidParameterValue("The model comes first. Begin with a line such as: model fraud")
        target = guards(guarded)
        if target in self.rules:
            raise InvalidParameterValue(f"There is a gate for {target} above. Put all its rules there.")
        self._open = self.rules[target] = []


def guards(given: str) -> str:
    """What a gate guards, as it is kept: `@` and an alias that can be set, or a stage.

    Raises:
        InvalidParameterValue: it is neither.
    """
    if given.startswith("@"):
        return f"@{registry_rules.new_alias(given[1:])}"
    return registry_rules.stage(given)


def parse_rule(text: str) -> Test:
    """What one rule asks for.

    Raises:
        InvalidParameterValue: it is no rule; says what is allowed.
    """
    if text in [one.value for one in Presence]:
        return Presence(text)
    approved = _APPROVED.fullmatch(text)
    if approved:
        return _approval(approved["names"])
    against = _AGAINST.fullmatch(text)
    if against:
        return _not_worse(against)
    return _comparison(text)


def _approval(written: str) -> Approval:
    names = tuple(name.strip() for name in written.split(","))
    for name in names:
        if not _NAME.fullmatch(name):
            raise InvalidParameterValue(
                f"{name!r} is no name: use letters, digits, _, - and dots, with commas between."
            )
    return Approval(names)


def _not_worse(found: re.Match[str]) -> NotWorse:
    clause = _comparison(f"{found['metric']} {found['operator']} 0")
    if clause.field.kind is not Kind.METRIC:
        raise InvalidParameterValue("Only a metric is compared with that of another version.")
    if found["sign"] not in (None, _SIGNS[clause.operator]):
        raise InvalidParameterValue(
            f"With {clause.operator.value}, a tolerance follows {_SIGNS[clause.operator]}: it allows a little worse."
        )
    alias = registry_rules.new_alias(found["alias"])
    return NotWorse(clause.field.key, clause.operator, alias, _tolerance(found["tolerance"] or "0"))


def _tolerance(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise InvalidParameterValue(f"The tolerance {written!r} is no finite number from 0 on.")
    return value


def _comparison(text: str) -> Comparison:
    tree = parse_filter(text, GATES)
    if not isinstance(tree, Comparison):
        raise InvalidParameterValue("One comparison is one rule: write each on a line of its own.")
    return tree
