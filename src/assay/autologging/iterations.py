"""Metrics that a library tells after each iteration: recorded soon, and many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.autologging import records
from assay.core.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.autologging.patching import Call

MOST_WAITING = 1000
LONGEST_WAIT_MS = 500


class Iterations:
    """The points of one training. They wait for half a second at most, as long as others come.

    What goes wrong is one warning; from then on, nothing more of the training's iterations is recorded.
    """

    def __init__(self, call: Call, *, model_id: str | None) -> None:
        self._call = call
        self._origin = {"model_id": model_id} if model_id else {}
        self._waiting: list[tuple[str, Any, int, int]] = []
        self._recorded = now_ms()
        self._goes_on = True

    def add(self, points: Iterable[tuple[str, Any]], step: int) -> None:
        """Record points of an iteration, as (key, value); raises nothing."""
        if not self._goes_on:
            return
        self._goes_on = False
        with self._call.attempt("Metrics of iterations are not logged any more"):
            moment = now_ms()
            self._waiting += [(key, value, step, moment) for key, value in points]
            if moment - self._recorded >= LONGEST_WAIT_MS or len(self._waiting) >= MOST_WAITING:
                self._record(moment)
            self._goes_on = True

    def close(self) -> None:
        """Record what still waits."""
        if self._goes_on:
            self._record(now_ms())

    def _record(self, moment: int) -> None:
        waiting, self._waiting, self._recorded = self._waiting, [], moment
        records.run_of(self._call).recorder.metrics(waiting, **self._origin)
