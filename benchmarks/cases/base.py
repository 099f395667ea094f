"""What a benchmark case is."""

from typing import Protocol

from benchmarks.field import Field


class Case(Protocol):
    """One case, a module in this folder: a sentence that says what it does, and the function that does it."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802 - modules fulfil this protocol, with a constant
        """What is measured, in one sentence."""

    def measure(self, field: Field) -> None:
        """Measure every contestant of the field and record the figures there."""
