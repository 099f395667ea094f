"""What a request needs: on which experiments and registered models, and at which level.

Everything else stands in one of them: runs, logged models, reports and files in an experiment, versions and aliases in
a registered model. What cannot be told to stand anywhere is only for administrators.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from assay.blobs.base import ARTIFACT_SCHEME
from assay.core import uri
from assay.core.errors import ResourceDoesNotExist
from assay.service import rules, user_rules
from assay.service.model_sources import MODELS_SCHEME, RUNS_SCHEME, parse_model_uri, parse_run_uri
from assay.store.base import unknown, unknown_name
from assay.store.users import ALL, EDIT, EVERYTHING, EXPERIMENT, MANAGE, MODEL, READ
from assay.wire.experiments import ChangeExperiments
from assay.wire.gates import SetGates
from assay.wire.metrics import GetMetricHistory, Metric
from assay.wire.models import CreateLoggedModel
from assay.wire.registry import (
    CreateModelVersion,
    DeleteRegisteredModelAlias,
    RollbackAlias,
    SetRegisteredModelAlias,
)
from assay.wire.run_views import ChangeRuns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assay.store.base import Session
    from assay.wire.base import Message

_MOVES = (SetRegisteredModelAlias, DeleteRegisteredModelAlias, RollbackAlias)
_DEEPEST = 8
"""How deep below the root artifacts of runs may begin: they do at three, or below what an experiment says."""
_MODEL_OF = attrgetter("model_id")


@dataclass(frozen=True)
class Need:
    """A level on an experiment (`target` is its id) or a registered model (its name).

    It is for the sake of `run`, if any. `missing` is what is told of something in it that is not there.
    """

    kind: str
    target: str
    level: int
    run: str = ""
    missing: str = ""


def of_experiment(session: Session, request: Message, level: int) -> list[Need]:
    """The experiments that are named: by id, else by name, or by a report in one. An unknown one needs nothing."""
    if isinstance(request, ChangeExperiments):
        return [Need(EXPERIMENT, experiment_id, level) for experiment_id in request.experiment_ids]
    report_id = getattr(request, "report_id", "")
    if report_id:
        report = session.reports.get(report_id)
        return [Need(EXPERIMENT, report.experiment_id, level, missing=unknown("report", [report_id]))]
    if isinstance(request, CreateLoggedModel) and request.source_run_id:
        made_by = _of_runs(session, [request.source_run_id], READ)
        return [Need(EXPERIMENT, request.experiment_id, level), *made_by]
    given, name = getattr(request, "experiment_id", None), getattr(request, "experiment_name", None)
    if name and not given:
        named = session.experiments.named(name)
        missing = unknown_name("experiment", name)
        return [] if named is None else [Need(EXPERIMENT, named.experiment_id, level, missing=missing)]
    return [Need(EXPERIMENT, str(given or "0"), level)]


def of_run(session: Session, request: Message, level: int) -> list[Need]:
    """The experiments of the runs that are named; unknown runs need nothing: they are not found."""
    needs = _of_runs(session, named_runs(request), level)
    if isinstance(request, GetMetricHistory) and not needs:  # the history of none is empty: others' would show by that
        raise ResourceDoesNotExist(unknown("run", named_runs(request)))
    if isinstance(request, ChangeRuns):
        if request.lifecycle_stage or request.experiment_id:  # who moves a run takes it from where it was
            needs = [replace(need, level=MANAGE) for need in needs]
        if request.experiment_id:
            needs.append(Need(EXPERIMENT, request.experiment_id, EDIT))
    return needs + _of_models(session, named_models(request), level)


def of_model(session: Session, request: Message, level: int) -> list[Need]:
    """The experiments of the logged models that are named."""
    return _of_models(session, named_models(request), level)


def of_registered_model(session: Session, request: Message, level: int) -> list[Need]:
    """The registered model that is named; for a new version also what it is made from."""
    if isinstance(request, SetGates):
        return [Need(MODEL, ALL, level)]
    name = getattr(request, "name", "") or ALL
    if isinstance(request, _MOVES) and request.alias in session.registered_models.protected_aliases(name):
        level = MANAGE
    needs = [Need(MODEL, name, level)]
    if isinstance(request, CreateModelVersion):
        needs += _of_source(session, request)
    return needs


def of_artifact(session: Session, request: Message, level: int) -> list[Need]:
    """Whoever the path belongs to: a run, a logged model, or the experiments whose files lie there.

    Of what has moved to another experiment the files stay where they are: directories that hold several things are for
    those to delete who manage all.

    Raises:
        ResourceDoesNotExist: nobody does; told as of what may not be read.
    """
    path = str(getattr(request, "directory", "") or getattr(request, "path", "")).strip("/")
    parts = path.split("/")
    places = [f"{ARTIFACT_SCHEME}:/{'/'.join(parts[:count])}" for count in range(len(parts) + 1)]
    missing = f"There are no artifacts at {path[:200]!r}. Check the path."
    if level >= MANAGE:
        missing = f"There are no artifacts of one run or logged model at {path[:200]!r}. Check the path."
    owner = _owner(session, parts, places, level)
    if owner is not None:
        return [replace(owner, missing=missing)]
    holders = session.experiments.at(places)
    if not holders:
        raise ResourceDoesNotExist(missing)
    shared = [ALL] if level >= MANAGE else []
    return [Need(EXPERIMENT, holder, level, missing=missing) for holder in (*holders, *shared)]


def _owner(session: Session, parts: list[str], places: list[str], level: int) -> Need | None:
    """The run or logged model below whose artifacts the path lies: they may have moved to another experiment."""
    names = [part for part in parts[:_DEEPEST] if part]
    for run_id in session.runs.experiments_of(names):
        run = session.runs.info(run_id)
        if run.artifact_uri in places:
            return Need(EXPERIMENT, run.experiment_id, level, run_id)
    for model_id in session.models.experiments_of([name for name in names if name.startswith("m-")]):
        model = session.models.get(model_id, deleted=True).info
        if model.artifact_uri in places:
            return Need(EXPERIMENT, model.experiment_id, level)
    return None


def of_grant(session: Session, request: Message, level: int) -> list[Need]:
    """What something is granted on; on everything, or all of a kind, only who may manage all of it grants."""
    del session
    kind = getattr(request, "resource_type", "")
    if kind:
        kind = user_rules.kind(kind)
        target = user_rules.target(str(getattr(request, "resource_id", "")), of=kind)
        if kind == EVERYTHING:
            return [Need(EXPERIMENT, ALL, level), Need(MODEL, ALL, level)]
        return [Need(kind, target, level)]
    experiment_id = str(getattr(request, "experiment_id", ""))
    if experiment_id:
        return [Need(EXPERIMENT, experiment_id, level)]
    return [Need(MODEL, str(getattr(request, "name", "")), level)]


def of_journal(session: Session, request: Message, level: int) -> list[Need]:
    """Nothing by itself: each record is asked for when it is applied."""
    del session, request, level
    return []


def named_runs(request: Message) -> list[str]:
    """The ids in whichever fields a message names runs by."""
    found: list[str] = []
    for field in ("run_id", "run_uuid", "run_ids"):
        value: Any = getattr(request, field, None)
        found += [value] if isinstance(value, str) else (value or [])
    return [run_id for run_id in dict.fromkeys(found) if run_id]


def named_models(request: Message) -> list[str]:
    """The ids of the logged models that a message names, by itself or in its points."""
    points = getattr(request, "metrics", None)
    found = dict.fromkeys([getattr(request, "model_id", None)])
    if points and isinstance(points[0], Metric):
        found |= dict.fromkeys(map(_MODEL_OF, points))
    return [model_id for model_id in found if model_id]


def _of_runs(session: Session, run_ids: Iterable[str], level: int) -> list[Need]:
    known = session.runs.experiments_of([rules.run_id(run_id) for run_id in run_ids])
    return [Need(EXPERIMENT, home, level, run_id, unknown("run", [run_id])) for run_id, home in known.items()]


def _of_models(session: Session, model_ids: Iterable[str], level: int) -> list[Need]:
    known = session.models.experiments_of(list(model_ids))
    return [
        Need(EXPERIMENT, home, level, missing=unknown("logged model", [model_id])) for model_id, home in known.items()
    ]


def _of_source(session: Session, request: CreateModelVersion) -> list[Need]:
    """Whoever makes a version of something must be able to read it."""
    runs, models = {request.run_id or ""}, {request.model_id or ""}
    needs: list[Need] = []
    kind = uri.scheme(request.source)
    if kind == RUNS_SCHEME:
        runs.add(parse_run_uri(request.source)[0])
    elif kind == MODELS_SCHEME:
        wanted = parse_model_uri(request.source)
        models.add(wanted.model_id)
        if wanted.name:
            needs.append(Need(MODEL, wanted.name, READ))
    return needs + _of_runs(session, runs - {""}, READ) + _of_models(session, models - {""}, READ)


NEEDS: dict[str, Callable[[Session, Message, int], list[Need]]] = {
    "experiment": of_experiment,
    "run": of_run,
    "model": of_model,
    "registered_model": of_registered_model,
    "artifact": of_artifact,
    "grant": of_grant,
    "journal": of_journal,
}
"""How to tell what a request needs, by the resource of its operation's `access`."""
