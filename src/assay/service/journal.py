"""The handler for `wire.journal`: a writer's records become rows, each exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core import clock
from assay.core.errors import AssayError, BadRequest, DataLoss, InvalidParameterValue
from assay.core.log import logger
from assay.service import inputs, model_rules, rules, runs
from assay.service.access import ALLOW_ALL
from assay.service.dispatch import Context, handles
from assay.service.metrics import append_to_models
from assay.service.needs import named_models, named_runs
from assay.wire.inputs import LogInputs, LogOutputs
from assay.wire.journal import RESTORED, AppliedResponse, ApplyJournal, Rejection, decode_payload
from assay.wire.metrics import LogMetric
from assay.wire.operations import OPERATIONS
from assay.wire.runs import CreateRun, DeleteTag, LogBatch, LogParam, SetTag, UpdateRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.store.base import Session
    from assay.store.metrics import Spot
    from assay.wire.base import Message

MAX_WRITER = 64
_log = logger("journal")


@handles(ApplyJournal)
def apply_journal(context: Context, session: Session, request: ApplyJournal) -> AppliedResponse:
    """Apply what is new of a writer's records in order, in the caller's transaction.

    A record that can never be applied (its run was deleted, a param changed) is refused alone and reported; the
    others go on. Any other failure undoes the whole request, to be tried again.
    """
    if len(request.seqs) != len(request.payloads):
        raise BadRequest(f"{len(request.seqs)} sequence numbers came with {len(request.payloads)} payloads.")
    if not 0 < len(request.writer) <= MAX_WRITER:
        raise InvalidParameterValue(f"Invalid journal writer {request.writer[:100]!r}: give its id.")
    applied = last = session.journals.applied(request.writer)
    batch = _Batch(context, session, request.writer, damaged=request.damaged)
    for seq, payload in zip(request.seqs, request.payloads, strict=True):
        if seq > last:
            batch.add(seq, payload)
            last = seq
    batch.flush()
    if last > applied:
        session.journals.advance(request.writer, seq=last, now=clock.now_ms())
    if request.lost:
        for run_id in session.runs.end_lost(request.writer, ended_at=request.ended_at or clock.now_ms()):
            batch.admit(UpdateRun(run_id=run_id))
            _log.warning("Run %s was ended as KILLED: its process died without ending it.", run_id)
    return AppliedResponse(seq=last, rejected=batch.rejected)


class _Batch:
    """Records of one request on their way into the store; points wait so that each series is written once."""

    def __init__(self, context: Context, session: Session, writer: str, *, damaged: bool) -> None:
        self.rejected: list[Rejection] = []
        self._context = context
        self._session = session
        self._writer = writer
        self._damaged = damaged
        self._points: dict[str, dict[str, list[Spot]]] = {}
        self._point_seqs: dict[str, list[int]] = {}
        self._model_points: dict[str, list[LogMetric]] = {}
        self._admitted: set[tuple[str, ...]] = set()

    def add(self, seq: int, payload: bytes) -> None:
        """Apply one record, or refuse it."""
        try:
            message = decode_payload(payload)
            if self._damaged and not isinstance(message, CreateRun):
                self._restore_run(message)
            self.admit(message)
            if isinstance(message, LogMetric):
                self._add_point(seq, message)
            else:
                self._apply(message)
        except DataLoss as error:
            self._reject(seq, error)
        except AssayError as error:
            if error.status >= 500:
                raise
            self._reject(seq, error)

    def admit(self, message: Message) -> None:
        """Return when the caller may ask for what a record says; asked once for all records about one run.

        Raises:
            PermissionDenied, ResourceDoesNotExist: see `Policy.check`.
        """
        policy, operation = self._context.policy, OPERATIONS.get(type(message))
        if policy is ALLOW_ALL or operation is None:
            return
        about = (operation.access, *named_runs(message), *named_models(message))
        if about not in self._admitted:
            policy.check(self._session, self._context.caller, operation, message)
            if not isinstance(message, CreateRun):
                self._admitted.add(about)

    def flush(self) -> None:
        """Write the points that wait; those of a run that cannot take them are refused."""
        for run_id, points in self._points.items():
            try:
                rules.writable(self._session.runs.info(rules.run_id(run_id)))
            except AssayError as error:
                if error.status >= 500:
                    raise
                for seq in self._point_seqs[run_id]:
                    self._reject(seq, error)
                continue
            self._session.metrics.append(run_id, points=points)
            append_to_models(self._session, run_id, self._model_points.get(run_id, ()))
        self._points.clear()
        self._point_seqs.clear()
        self._model_points.clear()

    def _reject(self, seq: int, error: AssayError) -> None:
        _log.warning("Record %d of writer %s was refused: %s", seq, self._writer, error.message)
        self.rejected.append(Rejection(seq=seq, error_code=error.code, message=error.message))

    def _add_point(self, seq: int, message: LogMetric) -> None:
        key = rules.key(message.key, "metric")
        point = (rules.step(message.step), rules.timestamp(message.timestamp), message.value)
        if message.model_id:
            model_rules.measured_on(message.dataset_name, message.dataset_digest)
            self._session.models.check([message.model_id])
            self._model_points.setdefault(message.run_id, []).append(message)
        self._points.setdefault(message.run_id, {}).setdefault(key, []).append(point)
        self._point_seqs.setdefault(message.run_id, []).append(seq)

    def _restore_run(self, message: Message) -> None:
        """Make a run whose creation was damaged: the records that follow must not be lost with it."""
        run_id = getattr(message, "run_id", "")
        if not run_id or self._session.runs.find(rules.run_id(run_id)) is not None:
            return
        home = self._context.caller.experiment or "0"
        creation = CreateRun(run_id=run_id, experiment_id=home, start_time=clock.now_ms(), tags=[RESTORED])
        self.admit(creation)
        self._apply(creation)
        _log.warning(
            "The record that began run %s is damaged: the run is in experiment %s, with another name and start.",
            *(run_id, home),
        )

    def _apply(self, message: Message) -> None:
        handler = _HANDLERS.get(type(message))
        if handler is None:
            raise InvalidParameterValue(f"A record of kind {type(message).__name__} is not for the store.")
        handler(self._context, self._session, message)
        if isinstance(message, CreateRun | UpdateRun) and message.run_id and _opens(message):
            self._session.runs.adopt(message.run_id, writer=self._writer)


def _opens(message: CreateRun | UpdateRun) -> bool:
    """Whether the record starts a run, or resumes one."""
    return isinstance(message, CreateRun) or rules.status(message.status) == "RUNNING"


_HANDLERS: dict[type[Message], Callable[[Context, Session, Any], Message]] = {
    CreateRun: runs.create_run,
    LogBatch: runs.log_batch,
    LogParam: runs.log_param,
    SetTag: runs.set_tag,
    DeleteTag: runs.delete_tag,
    UpdateRun: runs.update_run,
    LogInputs: inputs.log_inputs,
    LogOutputs: inputs.log_outputs,
}
