"""Handlers for `wire.model_views`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from assay.core.errors import AssayError, InvalidParameterValue, ResourceDoesNotExist
from assay.search.fields import REGISTERED_MODELS
from assay.search.pages import cut, decode_offset
from assay.search.tree import And, Comparison, Field, Kind, Operator, Or, OrderKey
from assay.service import registry_rules, rules
from assay.service.artifacts import blobs_of_version
from assay.service.dispatch import Context, handles
from assay.service.gate_facts import by_time
from assay.service.gate_rules import parse_gates
from assay.service.holders import permission, permissions
from assay.service.registry import page_of
from assay.store.base import STAGES, Query
from assay.store.models import ModelQuery
from assay.store.users import MODEL
from assay.wire import model_views as wire
from assay.wire.codec import number_as_json
from assay.wire.registry import SearchRegisteredModels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.blobs.base import BlobStore
    from assay.store.base import Session
    from assay.wire.models import LoggedModel
    from assay.wire.registry import ModelVersion
    from assay.wire.views import Cell

MOST_COMPARED = 50
"""How many versions are shown side by side."""
MOST_CHANGES = 200
_DEFAULT_VERSIONS = 200
_MOST_VERSIONS = 1000
_MOST_BYTES = 1 << 20
_MOST_EXAMPLE = 100_000
_SHOWN_OF_RUNS = ("metrics.", "params.")
_BY_NUMBER = OrderKey(Field(Kind.ATTRIBUTE, "version_number"), ascending=False)


@handles(wire.ViewModels)
def view_models(context: Context, session: Session, request: wire.ViewModels) -> wire.ModelSummaries:
    """A page of models, and of each the versions that people look at."""
    size = rules.page_size(
        request.max_results, default=registry_rules.DEFAULT_MODELS_PAGE, most=registry_rules.MAX_MODELS_PAGE
    )
    asked = SearchRegisteredModels(filter=request.filter, order_by=request.order_by, page_token=request.page_token)
    query = page_of(asked, REGISTERED_MODELS, size=size)
    page, token = cut(session.registered_models.search(query), size=size, offset=query.offset)
    names = [model.name for model in page]
    return wire.ModelSummaries(
        models=page,
        shown=_columns(session, session.model_versions.shown(names)),
        permissions=permissions(context, session, kind=MODEL, targets=names),
        next_page_token=token,
    )


@handles(wire.ViewModel)
def view_model(context: Context, session: Session, request: wire.ViewModel) -> wire.ModelPage:
    """All that a model's page shows."""
    name = registry_rules.model_name(request.name)
    model = session.registered_models.get(name)
    size = rules.page_size(request.max_results, default=_DEFAULT_VERSIONS, most=_MOST_VERSIONS)
    offset = decode_offset(request.page_token)
    named = Comparison(Field(Kind.ATTRIBUTE, "name"), Operator.EQUAL, name)
    query = Query(where=named, order_by=[_BY_NUMBER], stages=STAGES, limit=size + 1, offset=offset)
    page, token = cut(session.model_versions.search(query), size=size, offset=offset)
    versions = _columns(session, page)
    versions.next_page_token = token
    gates = session.registered_models.gates(name)
    known = parse_gates(gates.rules).rules if gates.rules else {}
    return wire.ModelPage(
        model=model,
        versions=versions,
        changes=session.registered_models.alias_changes(name, limit=MOST_CHANGES),
        gates=gates,
        rules=[
            wire.GateRule(guards=guarded, line=rule.line, rule=rule.text)
            for guarded, some in known.items()
            for rule in some
        ],
        permission=permission(context, session, kind=MODEL, target=name),
        protected=session.registered_models.protected_aliases(name),
    )


@handles(wire.ViewVersions)
def view_versions(context: Context, session: Session, request: wire.ViewVersions) -> wire.VersionColumns:
    """Some versions of a model."""
    del context
    name, numbers = _asked(request)
    clauses = (
        Comparison(Field(Kind.ATTRIBUTE, "name"), Operator.EQUAL, name),
        Or(tuple(Comparison(_BY_NUMBER.field, Operator.EQUAL, number) for number in numbers)),
    )
    query = Query(where=And(clauses), order_by=[_BY_NUMBER], stages=STAGES, limit=len(numbers))
    found = {int(version.version): version for version in session.model_versions.search(query)}
    for number in numbers:
        if number not in found:
            raise ResourceDoesNotExist(f"There is no version {number} of a registered model {name!r}. Check both.")
    return _columns(session, [found[number] for number in numbers])


def _asked(request: wire.ViewVersions | wire.ViewVersionFiles) -> tuple[str, list[int]]:
    numbers = list(dict.fromkeys(map(registry_rules.version_number, request.versions)))
    if not 1 <= len(numbers) <= MOST_COMPARED:
        raise InvalidParameterValue(f"Ask for 1 to {MOST_COMPARED} versions at once; these are {len(numbers)}.")
    return registry_rules.model_name(request.name), numbers


@handles(wire.ViewVersionFiles)
def view_version_files(context: Context, request: wire.ViewVersionFiles) -> wire.VersionFilesResponse:
    """The texts that a version's signature and requirements are read from."""
    name, numbers = _asked(request)
    return wire.VersionFilesResponse(files=[_files(context, name, number) for number in numbers])


def _files(context: Context, name: str, number: int) -> wire.VersionFiles:
    """A version whose files are out of reach is told so, and does not hide the others.

    Raises:
        ResourceDoesNotExist: there is no such version.
    """
    told = wire.VersionFiles(version=str(number))
    context.store.read(lambda session: session.model_versions.location(name, number))
    try:
        blobs = blobs_of_version(context, name, str(number))
        told.mlmodel = _text(blobs, "MLmodel")
        told.requirements = _text(blobs, "requirements.txt")
        told.example = _text(blobs, "input_example.json", most=_MOST_EXAMPLE)
    except AssayError as error:
        told.problem = error.message
    return told


def _text(blobs: BlobStore, path: str, *, most: int = _MOST_BYTES) -> str:
    """The text of a file; empty where there is none, or it is too long."""
    try:
        blob = blobs.open(path)
    except ResourceDoesNotExist:
        return ""
    if blob.size > most:
        blob.close()
        return ""
    return b"".join(blob.chunks()).decode("utf-8", "replace")


def _columns(session: Session, versions: Sequence[ModelVersion]) -> wire.VersionColumns:
    """Versions with their metrics and params, in a fixed number of statements."""
    columns: dict[str, list[Cell]] = defaultdict(lambda: [None] * len(versions))
    columns["attributes.run_name"], columns["attributes.model_name"]  # there even where no version has one
    _add_runs(session, versions, columns)
    models = _logged_models(session, {version.model_id for version in versions if version.model_id})
    for place, version in enumerate(versions):
        model = models.get(version.model_id)
        if model is not None:
            _add_model(columns, place, model)
    return wire.VersionColumns(versions=list(versions), columns=dict(columns))


def _add_runs(session: Session, versions: Sequence[ModelVersion], columns: dict[str, list[Cell]]) -> None:
    run_ids = sorted({version.run_id for version in versions if version.run_id})
    if not run_ids:
        return
    table = session.runs.table(Query(run_ids=run_ids, stages=STAGES, limit=len(run_ids)))
    rows = {run_id: row for row, run_id in enumerate(table.run_ids)}
    for name, cells in table.columns.items():
        if name == "attributes.run_name" or name.startswith(_SHOWN_OF_RUNS):
            found = [cells[rows[version.run_id]] if version.run_id in rows else None for version in versions]
            if any(cell is not None for cell in found):
                columns[name] = found


def _logged_models(session: Session, model_ids: set[str]) -> dict[str, LoggedModel]:
    """Logged models by id, deleted ones too; those gone for good are left out."""
    if not model_ids:
        return {}
    named = Comparison(Field(Kind.ATTRIBUTE, "model_id"), Operator.IN, tuple(sorted(model_ids)))
    found = session.models.search(ModelQuery(where=named, stages=STAGES, limit=len(model_ids)))
    return {model.info.model_id: model for model in found}


def _add_model(columns: dict[str, list[Cell]], place: int, model: LoggedModel) -> None:
    columns["attributes.model_name"][place] = model.info.name
    for param in model.data.params:
        columns[f"params.{param.key}"][place] = param.value
    for point in by_time(model.data.metrics):
        columns[f"metrics.{point.key}"][place] = number_as_json(point.value)
