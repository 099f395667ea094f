"""What a version of a registered model showed at a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client.entities.base import Entity

if TYPE_CHECKING:
    from assay.wire import gates as wire


class GateOutcome(Entity):
    """What a version showed for one rule, in words: what was found, and what is wanted.

    `guards` is an alias with its `@`, or a stage; `line` is where the rule stands in the text.
    """

    guards: str
    line: int
    rule: str
    passed: bool
    found: str
    wanted: str


def gate_outcome(message: wire.GateOutcome) -> GateOutcome:
    """The outcome of a wire message."""
    return GateOutcome(
        guards=message.guards,
        line=message.line,
        rule=message.rule,
        passed=message.passed,
        found=message.found,
        wanted=message.wanted,
    )
