"""Journal records as MLflow's requests, for servers that take no journals: in order, and twice as well as once.

A delivery that broke is repeated from its beginning, and changes nothing then: MLflow drops points that it has, equal
params are accepted, tags are set to what they are. Only the creation of a run would do harm, since its id is the
server's: it is noted before it is asked for, and a run that was asked for is looked for by its tag `assay.run_id`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from assay.client.merging import MERGEABLE, Merged
from assay.client.requests import perform
from assay.client.runs import PARENT_TAG
from assay.core.clock import now_ms
from assay.core.errors import (
    AssayError,
    BadRequest,
    InvalidParameterValue,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    TemporarilyUnavailable,
)
from assay.core.log import logger
from assay.core.retry import is_about_the_server
from assay.service import rules
from assay.wire import experiments as experiment_wire
from assay.wire import runs as wire
from assay.wire.base import OPERATIONS, Empty
from assay.wire.inputs import LogOutputs
from assay.wire.journal import RESTORED, AppliedResponse, ApplyJournal, Rejection, decode_payload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.client.ledger import RunLedger
    from assay.client.merging import Mergeable
    from assay.core.http import Connections, Timeouts
    from assay.wire.base import Message

T = TypeVar("T", bound="Message")

RUN_ID_TAG = "assay.run_id"
SETTLING_MS = 10_000
"""How long a creation whose answer never came may still be on its way into the server."""
_log = logger("client")


class MlflowServer:
    """Applies journals to one MLflow server, by the contract of `ApplyJournal`."""

    def __init__(self, connections: Connections, ledger: RunLedger) -> None:
        self._connections = connections
        self._ledger = ledger

    def apply(self, request: ApplyJournal, *, timeouts: Timeouts | None = None) -> AppliedResponse:
        """Carry out a writer's records in order; one that can never be carried out is refused alone.

        Raises:
            ServerUnreachable: the server does not answer.
            AssayError: it cannot take the records now; all are to be handed over again.
        """
        ask = partial(perform, self._connections, timeouts=timeouts)
        delivery = _Delivery(ask, self._ledger, request.writer, damaged=request.damaged)
        for seq, payload in zip(request.seqs, request.payloads, strict=True):
            delivery.add(seq, payload)
        delivery.flush()
        if request.lost:
            delivery.end_lost(request.ended_at or now_ms())
        return AppliedResponse(seq=request.seqs[-1] if request.seqs else 0, rejected=delivery.rejected)


class _Delivery:
    """One request's records; what goes into batches waits, run by run, until something else must come after it."""

    def __init__(self, ask: Callable[..., T], ledger: RunLedger, writer: str, *, damaged: bool) -> None:
        self.rejected: list[Rejection] = []
        self._perform = ask
        self._ledger = ledger
        self._writer = writer
        self._damaged = damaged
        self._waiting: dict[str, Merged] = {}
        self._found: set[str] = set()

    def add(self, seq: int, payload: bytes) -> None:
        """Take one record."""
        try:
            message = decode_payload(payload)
            run_id = getattr(message, "run_id", None) or ""
            if self._damaged and not isinstance(message, wire.CreateRun):
                self._restore(run_id)
            if isinstance(message, MERGEABLE):
                self._merge(run_id, seq, message)
                return
            self.flush()
            self._carry_out(message)
        except AssayError as error:
            self._refuse(seq, error)

    def flush(self) -> None:
        """Send what waits."""
        while self._waiting:
            run_id, merged = next(iter(self._waiting.items()))
            self._send(run_id, merged.records)
            del self._waiting[run_id]

    def end_lost(self, ended_at: int) -> None:
        """End as KILLED the runs that the writer, which died, kept open."""
        for run_id in self._ledger.kept_open_by(self._writer):
            try:
                info = self._ask(wire.GetRun(run_id=run_id), wire.RunResponse).run.info
                if info.status == "RUNNING":
                    rules.writable(info)
                    self._ask(wire.UpdateRun(run_id=run_id, status="KILLED", end_time=ended_at), wire.RunInfoResponse)
                    _log.warning("Run %s was ended as KILLED: its process died without ending it.", run_id)
            except AssayError as error:
                if is_about_the_server(error):
                    raise
                _log.warning("Run %s cannot be ended: %s", run_id, error.message)
            self._ledger.note(run_id, writer="")

    def _ask(self, request: Message, returns: type[T]) -> T:
        answer: T = self._perform(self._ledger.resolve(request), returns)  # type: ignore[assignment]
        return answer

    def _refuse(self, seq: int, error: AssayError) -> None:
        if is_about_the_server(error):
            raise error
        self.rejected.append(Rejection(seq=seq, error_code=error.code, message=error.message))

    def _merge(self, run_id: str, seq: int, message: Mergeable) -> None:
        merged = self._waiting.get(run_id)
        if merged is not None and merged.add(seq, message):
            return
        if merged is not None:
            self._send(run_id, merged.records)
        self._waiting[run_id] = Merged([(seq, message)])

    def _send(self, run_id: str, records: Sequence[tuple[int, Mergeable]]) -> None:
        """Send records as one request; where it is refused, find those that are to blame."""
        try:
            self._ask(Merged(records).request(run_id), Empty)
        except AssayError as error:
            if is_about_the_server(error):
                raise
            if len(records) == 1 or self._takes_nothing(run_id):
                for seq, _ in records:
                    self._refuse(seq, error)
                return
            middle = len(records) // 2
            self._send(run_id, records[:middle])
            self._send(run_id, records[middle:])

    def _takes_nothing(self, run_id: str) -> bool:
        """Whether a run is gone or deleted, so that no record of it can be taken."""
        try:
            rules.writable(self._ask(wire.GetRun(run_id=run_id), wire.RunResponse).run.info)
        except AssayError as error:
            if is_about_the_server(error):
                raise
            return True
        return False

    def _carry_out(self, message: Message) -> None:
        if isinstance(message, wire.CreateRun):
            self._create(message)
        elif isinstance(message, wire.UpdateRun):
            self._update(message)
        elif isinstance(message, wire.DeleteTag):
            self._delete_tag(message)
        elif isinstance(message, LogOutputs):
            self._log_outputs(message)
        elif type(message) in OPERATIONS:
            self._ask(message, OPERATIONS[type(message)].returns)
        else:
            raise InvalidParameterValue(f"A record of kind {type(message).__name__} is not for the server.")

    def _update(self, message: wire.UpdateRun) -> None:
        info = self._ask(message, wire.RunInfoResponse).run_info
        if message.status is not None and info.status in (*rules.ENDED, "RUNNING"):
            self._ledger.note(info.run_id, writer=self._writer if info.status == "RUNNING" else "")

    def _delete_tag(self, message: wire.DeleteTag) -> None:
        try:
            self._ask(message, Empty)
        except ResourceDoesNotExist as error:  # gone already, unless it is the run that is
            if self._takes_nothing(message.run_id):
                raise
            _log.info("%s", error.message)

    def _log_outputs(self, message: LogOutputs) -> None:
        try:
            self._ask(message, Empty)
        except BadRequest:  # MLflow refuses a request that names a model which the run has
            made = self._ask(wire.GetRun(run_id=message.run_id), wire.RunResponse).run.outputs.model_outputs
            known = {one.model_id for one in made}
            fresh = [one for one in message.models if one.model_id not in known]
            if len(fresh) == len(message.models):
                raise
            if fresh:
                self._ask(LogOutputs(run_id=message.run_id, models=fresh), Empty)

    def _create(self, message: wire.CreateRun) -> None:
        """Create a run, unless that was done; what was begun is looked for first."""
        run_id = rules.run_id(message.run_id or "")
        if self._ledger.server_id(run_id):
            return
        request = self._translated(message, run_id)
        begun = self._ledger.begun_ms(run_id)
        server_id = self._look_for(run_id, request.experiment_id or "", begun) if begun is not None else None
        if server_id is None:
            self._ledger.note(run_id, sync=True)
            server_id = self._ask(request, wire.RunResponse).run.info.run_id
        self._ledger.note(run_id, server_id=server_id, writer=self._writer, sync=True)

    def _translated(self, message: wire.CreateRun, run_id: str) -> wire.CreateRun:
        tags = {tag.key: tag.value for tag in message.tags or ()}
        parent = tags.get(PARENT_TAG, "")
        if parent:
            tags[PARENT_TAG] = self._ledger.server_id(parent) or parent
        tags[RUN_ID_TAG] = run_id
        return msgspec.structs.replace(
            message,
            run_id=None,
            experiment_id=message.experiment_id or self._experiment_id(message.experiment_name or ""),
            experiment_name=None,
            tags=[wire.RunTag(key=key, value=value) for key, value in tags.items()],
        )

    def _look_for(self, run_id: str, experiment_id: str, begun: int) -> str | None:
        """The run that an earlier request created, if it did.

        Raises:
            TemporarilyUnavailable: it is not there, but the request may still be under way.
        """
        request = wire.SearchRuns(
            experiment_ids=[experiment_id],
            filter=f"tags.`{RUN_ID_TAG}` = '{run_id}'",
            run_view_type="ALL",
            max_results=1,
        )
        found = self._ask(request, wire.SearchRunsResponse).runs
        if found:
            return found[0].info.run_id
        if now_ms() - begun < SETTLING_MS:
            raise TemporarilyUnavailable(
                f"The server was asked to create run {run_id} and did not answer; it may still do so, and is asked "
                f"again {SETTLING_MS // 1000} seconds later."
            )
        return None

    def _experiment_id(self, name: str) -> str:
        """The id of an experiment by its name, created when missing."""
        if not name:
            raise InvalidParameterValue("Missing value for required parameter 'experiment_id'. Name the experiment.")
        request = experiment_wire.GetExperimentByName(experiment_name=name)
        try:
            return self._ask(request, experiment_wire.ExperimentResponse).experiment.experiment_id
        except ResourceDoesNotExist:
            create = experiment_wire.CreateExperiment(name=name)
        try:
            return self._ask(create, experiment_wire.CreateExperimentResponse).experiment_id
        except ResourceAlreadyExists:  # by another process, a moment ago
            return self._ask(request, experiment_wire.ExperimentResponse).experiment.experiment_id

    def _restore(self, run_id: str) -> None:
        """Make a run whose creation was damaged: the records that follow must not be lost with it."""
        if not run_id or run_id in self._found or self._ledger.server_id(run_id):
            return
        self._found.add(run_id)
        try:
            self._ask(wire.GetRun(run_id=run_id), wire.RunResponse)
        except ResourceDoesNotExist:
            self._create(wire.CreateRun(run_id=run_id, experiment_id="0", start_time=now_ms(), tags=[RESTORED]))
            _log.warning(
                "The record that began run %s is damaged: the run is in experiment 0, with another name and start.",
                run_id,
            )
