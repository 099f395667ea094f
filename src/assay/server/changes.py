"""Which runs, experiments and registered models a request touches, gathered for those who watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.store.users import EXPERIMENT, MODEL, READ
from assay.wire.experiments import ChangeExperiments
from assay.wire.journal import ApplyJournal
from assay.wire.models import LoggedModelResponse
from assay.wire.operations import OPERATIONS
from assay.wire.run_views import ChangeRuns
from assay.wire.runs import CreateRun, RunResponse, UpdateRun

if TYPE_CHECKING:
    from assay.store.base import Session
    from assay.store.users import Reader
    from assay.wire.base import Message

MOST_IDS = 500
_REGISTRY_PATHS = ("/registered-models/", "/model-versions/", "/registry/")
_REGISTRY = {
    message
    for message, operation in OPERATIONS.items()
    if operation.writes and any(part in operation.path for part in _REGISTRY_PATHS)
}


class _Ids(msgspec.Struct):
    run_id: str = ""
    experiment_id: str | None = None


_decode_ids = msgspec.msgpack.Decoder(_Ids).decode


class Change:
    """Ids that were touched. Too many of them, or changes of unknown extent, count as everything: no ids at all."""

    __slots__ = ("everything", "experiments", "models", "runs")

    def __init__(self) -> None:
        self.runs: set[str] = set()
        self.experiments: set[str] = set()
        self.models: set[str] = set()
        self.everything = False

    def __bool__(self) -> bool:
        return bool(self.everything or self.runs or self.experiments or self.models)

    def add(self, other: Change) -> None:
        """Take in another change."""
        self.runs |= other.runs
        self.experiments |= other.experiments
        self.models |= other.models
        self.everything = self.everything or other.everything
        if len(self.runs) + len(self.experiments) + len(self.models) > MOST_IDS:
            self.everything = True
        if self.everything:
            self.runs.clear()
            self.experiments.clear()
            self.models.clear()

    def encode(self) -> bytes:
        """As JSON: `{"runs": [...], "experiments": [...]}`, both empty for everything; `models` where there are any."""
        told = {"runs": sorted(self.runs), "experiments": sorted(self.experiments)}
        return msgspec.json.encode({**told, "models": sorted(self.models)} if self.models else told)

    def seen(self, session: Session, reader: Reader) -> Change:
        """What of it a reader may know of; a change of unknown extent names nothing."""
        if self.everything:
            return self
        found = Change()
        homes = session.runs.experiments_of(sorted(self.runs))
        asked = sorted({*self.experiments, *homes.values()})
        levels = session.grants.levels(reader, kind=EXPERIMENT, targets=asked)
        found.experiments = {one for one in self.experiments if levels[one] >= READ}
        found.runs = {run_id for run_id, home in homes.items() if levels[home] >= READ}
        held = session.grants.levels(reader, kind=MODEL, targets=sorted(self.models))
        found.models = {name for name in self.models if held[name] >= READ}
        return found


def everything() -> Change:
    """A change of unknown extent."""
    change = Change()
    change.everything = True
    return change


def touched(request: Message, answer: Message) -> Change:
    """What a request that succeeded has changed."""
    change = Change()
    if isinstance(request, ApplyJournal):
        _add_records(change, request)
        return change
    if type(request) in _REGISTRY:
        _add_models(change, request)
    if isinstance(request, ChangeRuns):
        change.runs.update(request.run_ids)
    if isinstance(request, ChangeExperiments):
        change.experiments.update(request.experiment_ids)
    run_id = getattr(request, "run_id", None) or getattr(request, "run_uuid", None)
    if run_id:
        change.runs.add(run_id)
    experiment_id = getattr(request, "experiment_id", None) or getattr(answer, "experiment_id", None)
    if experiment_id:
        change.experiments.add(experiment_id)
    if len(change.runs) + len(change.experiments) > MOST_IDS:
        return everything()
    info = answer.run.info if isinstance(answer, RunResponse) else getattr(answer, "run_info", None)
    if info is not None and isinstance(request, (CreateRun, UpdateRun)):
        change.runs.add(info.run_id)
        change.experiments.add(info.experiment_id)
    if isinstance(answer, LoggedModelResponse):
        change.experiments.add(answer.model.info.experiment_id)
    return change


def _add_models(change: Change, request: Message) -> None:
    """Gates are set by their text, which says the name of the model within: it counts as everything."""
    names = {getattr(request, field, "") for field in ("name", "new_name")} - {""}
    change.models |= names
    change.everything = not names


def _add_records(change: Change, request: ApplyJournal) -> None:
    if request.lost:
        change.everything = True
    for payload in request.payloads:
        if change.everything:
            return
        try:
            ids = _decode_ids(memoryview(payload)[1:])
        except msgspec.DecodeError:  # refused by the store, too
            continue
        if ids.run_id:
            change.runs.add(ids.run_id)
        if ids.experiment_id:
            change.experiments.add(ids.experiment_id)
        if len(change.runs) > MOST_IDS:
            change.everything = True
