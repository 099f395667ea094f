"""One tracking URI as this process uses it: its transport, its journal, and what is known of its runs."""

from __future__ import annotations

import atexit
import threading
from typing import TYPE_CHECKING, TypeVar

from assay.client.recorder import Recorder
from assay.client.transport import open_transport
from assay.client.writer import Outbox
from assay.core import environment, settings, uri
from assay.core.errors import AssayError, ResourceDoesNotExist, ServerUnreachable, from_wire
from assay.core.log import logger
from assay.core.retry import retry
from assay.service import rules
from assay.store.base import ACTIVE
from assay.wire.experiments import Experiment, ExperimentResponse, GetExperiment
from assay.wire.runs import CreateRun, GetRun, Run, RunData, RunInfo, RunResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.blobs.base import BlobStore
    from assay.blobs.tables import Rows
    from assay.wire.base import Message

T = TypeVar("T", bound="Message")

_log = logger("client")


class Connection:
    """Requests, records and files of one tracking URI. Every read first makes visible what this process wrote."""

    def __init__(self, tracking_uri: str) -> None:
        self.transport = open_transport(tracking_uri)
        self.outbox = Outbox(self.transport)
        self._experiments: dict[str, Experiment] = {}
        self._recorders: dict[str, Recorder] = {}
        self._artifact_uris: dict[str, str] = {}
        self.tables: dict[str, list[dict[str, str]]] = {}
        """The tables that runs are known to have, as their tag tells them."""
        self.table_parts: dict[tuple[str, str], dict[str, Rows]] = {}
        """Parts of the tables of runs that this process has read; they never change."""

    @property
    def remote(self) -> bool:
        """Whether a server or a database is behind it, to which a helper process brings what is recorded."""
        return self.transport.remote

    def ask(self, request: Message, returns: type[T]) -> T:
        """The answer to a request that sees everything this process wrote.

        Raises:
            AssayError: the request was refused, or the server does not answer.
        """
        retries = settings.http_max_retries.get() if self.remote else 0
        retry(self.settle, retries=retries)
        return self.transport.ask(request, returns)

    def ask_quickly(self, request: Message, returns: type[T]) -> T | None:
        """The answer to a request, or None when the server does not answer at once; training must not wait for it.

        Raises:
            AssayError: the request was refused.
        """
        try:
            return self.transport.ask(request, returns, patient=False)
        except ServerUnreachable as error:
            self.outbox.warn_away(error)
            return None

    def settle(self, *, seconds: float | None = None) -> None:
        """Make visible what this process wrote; in a local store, what others wrote as well.

        Raises:
            ServerUnreachable: the server does not answer.
            TemporarilyUnavailable: it was not done within `seconds`.
        """
        limit = settings.end_timeout.get() if seconds is None else seconds
        self.outbox.wait(seconds=limit, everything=not self.remote)

    def experiment(self, experiment_id: str) -> Experiment | None:
        """The experiment, remembered; None while the server is out of reach.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        known = self._experiments.get(experiment_id)
        if known is None:
            answer = self.ask_quickly(GetExperiment(experiment_id=experiment_id), ExperimentResponse)
            if answer is None:
                return None
            known = self._experiments[experiment_id] = answer.experiment
        return known

    def create_run(self, request: CreateRun) -> tuple[Recorder, Run]:
        """Record a new run; returns what records of it, and the run.

        Its id is the one that the request holds, or that of a server which chooses ids itself, where it answers.

        The run is as the server made it, or, where none is asked or answers, as it will be made.

        Raises:
            InvalidParameterValue: the experiment is deleted, or a name or tag is not acceptable.
            ResourceDoesNotExist: there is no such experiment.
        """
        run_id = rules.run_id(request.run_id or "")
        location = ""
        if request.experiment_id:
            experiment = self.experiment(rules.experiment_id(request.experiment_id))
            if experiment is not None:
                location = rules.active_experiment(experiment).artifact_location
        for tag in request.tags or ():
            rules.key(tag.key, "tag")
        self.outbox.check_journal()
        self.outbox.append(request)
        run = (self._created(run_id) if self.remote else None) or _planned(request, run_id, location)
        if run.info.artifact_uri:
            self._artifact_uris[run.info.run_id] = run.info.artifact_uri
        return self._remember(run.info.run_id), run

    def recorder(self, run_id: str) -> Recorder:
        """What records of a run; a run that this process does not know yet is looked up first.

        Raises:
            ResourceDoesNotExist: there is no such run.
            InvalidParameterValue: the run is deleted.
        """
        known = self._recorders.get(run_id)
        return known if known is not None else self.resume(run_id)[0]

    def resume(self, run_id: str) -> tuple[Recorder, Run | None]:
        """What records of an existing run, and the run as it is; None while the server is out of reach.

        Raises:
            ResourceDoesNotExist: there is no such run.
            InvalidParameterValue: the run is deleted.
        """
        run = self.find_run(rules.run_id(run_id))
        params: dict[str, str] = {}
        if run is not None:
            rules.writable(run.info)
            params = {param.key: param.value for param in run.data.params}
        return self._remember(run_id, params=params), run

    def find_run(self, run_id: str) -> Run | None:
        """The run with everything this process wrote; None while the server is out of reach.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        if not self.outbox.try_wait(seconds=settings.end_timeout.get(), everything=not self.remote):
            return None
        answer = self.ask_quickly(GetRun(run_id=run_id), RunResponse)
        return answer.run if answer else None

    def artifact_uri(self, run_id: str, *, patient: bool = True) -> str:
        """Where the artifacts of a run are; `patient` retries while the server is away.

        Raises:
            ResourceDoesNotExist: there is no such run.
            ServerUnreachable: the server does not answer.
        """
        known = self._artifact_uris.get(run_id)
        if known is None:
            request = GetRun(run_id=rules.run_id(run_id))
            run = self.ask(request, RunResponse).run if patient else self.find_run(run_id)
            if run is None:
                raise ServerUnreachable(
                    f"Where the artifacts of run {run_id} are is known only to its server, now away."
                )
            known = self._artifact_uris[run_id] = run.info.artifact_uri
        return known

    def blobs(self, run_id: str) -> BlobStore:
        """The artifacts of a run.

        Raises:
            ResourceDoesNotExist: there is no such run.
            ServerUnreachable: the server does not answer.
        """
        return self.transport.blobs(self.artifact_uri(run_id))

    def forget_experiment(self, experiment_id: str) -> None:
        """Look the experiment up again the next time: it was changed, and its runs may have been."""
        self._experiments.pop(experiment_id, None)
        self._recorders.clear()

    def forget_run(self, run_id: str) -> None:
        """Look the run up again the next time: it was changed."""
        self._recorders.pop(run_id, None)

    def close(self, *, seconds: float) -> None:
        """Deliver what is left within `seconds`, and let go of everything."""
        self.outbox.close(seconds=seconds)
        self.transport.close()

    def _remember(self, run_id: str, *, params: Mapping[str, str] | None = None) -> Recorder:
        recorder = self._recorders[run_id] = Recorder(self.outbox, run_id, params=params)
        return recorder

    def _created(self, run_id: str) -> Run | None:
        """The run as the server made it, so that other processes find it; None while it is out of reach."""
        try:
            refused = self.outbox.wait(seconds=settings.connect_timeout.get())
        except AssayError as error:
            self.outbox.warn_away(error)
            return None
        try:
            answer = self.ask_quickly(GetRun(run_id=run_id), RunResponse)
        except ResourceDoesNotExist as error:
            reasons = [from_wire(one.error_code, one.message, 400) for one in refused]
            raise (reasons[-1] if reasons else error) from error
        return answer.run if answer else None


def _planned(request: CreateRun, run_id: str, location: str) -> Run:
    return Run(
        info=RunInfo(
            run_id=run_id,
            run_uuid=run_id,
            run_name=request.run_name or "",
            experiment_id=request.experiment_id or "",
            user_id=request.user_id or "",
            status="RUNNING",
            start_time=request.start_time or 0,
            artifact_uri=uri.join(location, run_id, "artifacts") if location else "",
            lifecycle_stage=ACTIVE,
        ),
        data=RunData(tags=request.tags or []),
    )


_connections: dict[str, Connection] = {}
_makers: list[Callable[[float], None]] = []
_lock = threading.RLock()


def connect(tracking_uri: str) -> Connection:
    """The connection of this process to a tracking URI; the same one for every caller.

    Raises:
        ConfigurationError: the URI is of no known kind.
    """
    found = _connections.get(tracking_uri)
    if found is not None:
        return found
    directory = None if uri.is_remote(tracking_uri) else uri.store_directory(tracking_uri)
    name = str(uri.database_file(tracking_uri)) if directory else tracking_uri.rstrip("/")
    with _lock:
        found = _connections.get(name)
        if not _connections:
            for wrong in environment.unknown():
                _log.warning("%s", wrong)
        if found is None:
            found = _connections[name] = Connection(tracking_uri)
        if directory is None:
            _connections[tracking_uri] = found
        return found


def flush(*, seconds: float | None = None) -> None:
    """Wait until everything that this process wrote is committed (L2), at most `seconds` for each tracking URI.

    Raises:
        ServerUnreachable: a server does not answer; the records are kept, and delivered later.
        TemporarilyUnavailable: it was not done in time; the rest is kept, and delivered later.
        StorageFull: the disk takes no records; some wait in the memory of this process.
    """
    limit = settings.end_timeout.get() if seconds is None else seconds
    settle_files(seconds=limit)
    for connection in set(_connections.values()):
        connection.outbox.wait(seconds=limit)
        connection.outbox.check_held()


def settle_files(*, seconds: float | None = None) -> None:
    """Wait until files that other processes make for this one are there.

    Raises:
        TemporarilyUnavailable: it was not done in time; they will be, later.
    """
    for wait in _makers:
        wait(settings.end_timeout.get() if seconds is None else seconds)


def wait_also(wait: Callable[[float], None]) -> None:
    """Have those who read files wait for some that another process makes; told the seconds that it may take."""
    _makers.append(wait)


def _close_all() -> None:
    for connection in set(_connections.values()):
        connection.close(seconds=settings.end_timeout.get())
    _connections.clear()


atexit.register(_close_all)
