"""A piece of work that a thread of a store does for somebody else, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

W = TypeVar("W")

_log = logger("store")


@dataclass(slots=True, eq=False)
class Job(Generic[W]):
    """Work, whom to tell its outcome, and the outcome once it was attempted."""

    work: W
    done: Callable[[Any, BaseException | None], None]
    result: Any = None
    error: BaseException | None = None

    def attempt(self, run: Callable[[W], Any]) -> None:
        """Note what `run` makes of the work."""
        try:
            self.result, self.error = run(self.work), None
        except BaseException as error:  # noqa: BLE001 -- handed to whoever waits for the job
            self.error = error

    def report(self) -> None:
        """Tell the outcome; a callback that fails must not stop the others' answers."""
        try:
            self.done(self.result, self.error)
        except Exception:  # noqa: BLE001 -- a defect of the caller; the thread serves others too
            _log.exception("A callback of a store write failed.")
