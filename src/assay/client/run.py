"""The handle that a `with` block holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from assay.client.entities import Run
from assay.core import settings, uri
from assay.core.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from assay.client.connection import Connection
    from assay.client.recorder import Recorder


class Companion(Protocol):
    """What goes on beside a run and ends with it."""

    def fail(self, error: BaseException) -> None:
        """Hear of the exception that ends the run, before `stop`."""

    def stop(self) -> None:
        """End, with everything recorded."""


class ActiveRun(Run):
    """A run of this process; `info` and `data` say what was known when it started."""

    def __init__(
        self,
        connection: Connection,
        recorder: Recorder,
        run: Run,
        *,
        on_exit: Callable[[ActiveRun, str], None],
    ) -> None:
        super().__init__(run.info, run.data, run.inputs, run.outputs)
        self.connection = connection
        self.recorder = recorder
        self._on_exit = on_exit
        self._companions: list[Companion] = []

    def accompany(self, *companions: Companion | None) -> None:
        """Have these end with the run."""
        self._companions += [one for one in companions if one is not None]

    def __enter__(self) -> ActiveRun:  # noqa: PYI034 -- typing.Self needs Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            for companion in self._companions:
                companion.fail(error)
        self._on_exit(self, "FINISHED" if kind is None else "FAILED")

    def finish(self, status: str) -> None:
        """Record the end, wait until the store has it, and say where the run can be seen."""
        while self._companions:
            self._companions.pop().stop()
        self.recorder.update(status=status, end_time=now_ms())
        self.connection.outbox.try_wait(seconds=settings.end_timeout.get())
        if uri.is_remote(self.connection.transport.uri) and not settings.suppress_urls.get():
            self._print_addresses()

    def _print_addresses(self) -> None:
        if not self.info.experiment_id:
            return
        experiment = uri.redact(self.connection.transport.uri).rstrip("/") + f"/#/experiments/{self.info.experiment_id}"
        print(f"View run {self.info.run_name} at: {experiment}/runs/{self.info.run_id}")  # noqa: T201
        print(f"View experiment at: {experiment}")  # noqa: T201
