"""Where a version of a model may come from: never a place that only its creator names.

A source on this server's disk, or behind it, must be an artifact of the run or logged model that the request names; no
tag and no flag changes that. Among users this holds for buckets that the server opens as well: whose files lie there is
known only of runs and logged models.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assay.blobs.base import ARTIFACT_SCHEME
from assay.blobs.paths import checked_path
from assay.core import settings, uri
from assay.core.errors import ConfigurationError, InvalidParameterValue
from assay.service import registry_rules, rules

if TYPE_CHECKING:
    from assay.service.dispatch import Context
    from assay.store.base import Session
    from assay.wire.registry import CreateModelVersion, ModelVersion

MODELS_SCHEME = "models"
RUNS_SCHEME = "runs"


DATED = re.compile(r"(?P<model>models:/*[^/]+@[\w\-]+)(?P<path>(?:/.*)?)\?as_of=(?P<moment>[^/]*)")
"""A model by its alias at a time, with the path below it, perhaps empty."""


class Source(NamedTuple):
    """A checked source: as it is kept, where it leads, and the run and logged model it belongs to, empty for none."""

    source: str
    location: str
    run_id: str = ""
    model_id: str = ""


class ModelUri(NamedTuple):
    """A `models:` URI in parts: a logged model, or what of a registered model; only what is named is not empty."""

    model_id: str = ""
    name: str = ""
    version: str = ""
    alias: str = ""
    stage: str = ""
    as_of: int | None = None
    """The time whose alias is meant, in milliseconds; None for now."""


def parse_model_uri(given: str) -> ModelUri:
    """The parts of `models:/<model id>`, `models:/<name>/<version, stage or latest>` or `models:/<name>@<alias>`.

    After an alias, `?as_of=` and a date (its beginning in UTC) or a time with its zone may follow.

    Raises:
        InvalidParameterValue: it is of another form.
    """
    dated = DATED.fullmatch(given)
    if dated and not dated["path"]:
        return parse_model_uri(dated["model"])._replace(as_of=registry_rules.moment(dated["moment"]))
    path = given.partition(":")[2].lstrip("/") if not given.startswith("models://") else ""
    name, slash, wanted = path.partition("/")
    if slash and name and wanted and "/" not in wanted:
        if wanted.lower() == registry_rules.NEWEST:
            return ModelUri(name=name, alias=registry_rules.NEWEST)
        return ModelUri(name=name, version=wanted) if wanted.isdecimal() else ModelUri(name=name, stage=wanted)
    name, at, alias = path.rpartition("@")
    if at and name and alias and "/" not in path:
        return ModelUri(name=name, alias=alias)
    if path and "/" not in path and not at:
        return ModelUri(model_id=path)
    raise InvalidParameterValue(
        f"{given[:200]!r} is no model: write models:/<name>/<version>, models:/<name>@<alias>, "
        "models:/<name>@<alias>?as_of=<date>, models:/<name>/latest or models:/<model id>."
    )


def registered_version(session: Session, wanted: ModelUri) -> ModelVersion:
    """The version of a registered model that a URI names.

    Raises:
        ResourceDoesNotExist: there is no such model or version.
        InvalidParameterValue: there is no such alias, stage, or version in the stage.
    """
    name = registry_rules.model_name(wanted.name)
    if wanted.version:
        return session.model_versions.get(name, registry_rules.version_number(wanted.version))
    if wanted.alias:
        return aliased(session, name, alias=wanted.alias, as_of=wanted.as_of)
    stage = registry_rules.stage(wanted.stage)
    found = session.model_versions.latest(name, stages=[stage])
    if not found:
        raise InvalidParameterValue(f"No version of the model {name!r} is in the stage {stage}. Name a version.")
    return found[0]


def aliased(session: Session, name: str, *, alias: str, as_of: int | None = None) -> ModelVersion:
    """The version that an alias stands for, or stood for at a time; `latest` stands for the newest.

    Raises:
        ResourceDoesNotExist: there is no such model, or no longer that version.
        InvalidParameterValue: it has no such alias, or had none then.
    """
    if as_of is not None:
        changes = session.registered_models.alias_history(name, alias=alias, as_of=as_of, limit=1)
        return session.model_versions.get(name, registry_rules.held(changes, alias=alias))
    if registry_rules.alias(alias).lower() == registry_rules.NEWEST:
        found = session.model_versions.newest(name)
    else:
        found = session.model_versions.aliased(name, alias=alias)
    if found is None:
        raise InvalidParameterValue(f"Registered model {name!r} has no alias {alias!r}. Set it, or name a version.")
    return found


def followed(context: Context, session: Session, request: CreateModelVersion) -> Source:
    """The source of a new version, once it is known to be one that may be used.

    Raises:
        InvalidParameterValue: the source is no artifact of the run or logged model that the request names, leads out of
            it, or is of a kind that is not accepted.
        ResourceDoesNotExist: the logged model or version that it names does not exist.
    """
    given, kind = request.source, uri.scheme(request.source)
    if len(given) > rules.MAX_ARTIFACT_LOCATION:
        raise InvalidParameterValue(
            f"The source {given[:100]!r}... has {len(given)} characters; at most {rules.MAX_ARTIFACT_LOCATION} are "
            "allowed."
        )
    _check_pattern(given)
    if kind == MODELS_SCHEME:
        return _from_model(context, session, request)
    if kind == RUNS_SCHEME:
        return _from_run(context, session, request)
    run_id, model_id = request.run_id or "", request.model_id or ""
    if _below_owner(session, request):
        return Source(given, given, run_id, model_id)
    caller = context.caller
    if kind == ARTIFACT_SCHEME or (kind in ("", "file") and not caller.local) or _is_among_others(context, given):
        raise _foreign(request)
    location = rules.artifact_location(given, trusted=caller.local)
    return Source(location, location, run_id, model_id)


def _is_among_others(context: Context, location: str) -> bool:
    """Whether the server would open, for one of its users, what may be another's."""
    if not context.caller.number or context.caller.is_admin or context.reach is None:
        return False
    return any(uri.is_below(location, root) for root in context.reach)


def _check_pattern(given: str) -> None:
    setting = settings.model_version_source_pattern
    pattern = setting.get()
    try:
        accepted = pattern is None or re.search(pattern, given)
    except re.error as error:
        raise ConfigurationError(f"{setting.variables[0]} is {pattern!r}, no regular expression: {error}.") from error
    if not accepted:
        raise InvalidParameterValue(
            f"Invalid model version source {given[:200]!r}: only sources with {pattern!r} in them are accepted here."
        )


def _from_model(context: Context, session: Session, request: CreateModelVersion) -> Source:
    wanted = parse_model_uri(request.source)
    if wanted.model_id:
        if request.model_id != wanted.model_id and (request.model_id or not context.caller.local):
            raise _foreign(request)
        model = session.models.get(wanted.model_id).info
        run_id = request.run_id or model.source_run_id
        return Source(request.source, model.artifact_uri, run_id, model.model_id)
    version = registered_version(session, wanted)
    return Source(
        f"models:/{version.name}/{version.version}",
        session.model_versions.location(version.name, int(version.version)),
        request.run_id or version.run_id,
        request.model_id or version.model_id,
    )


def _from_run(context: Context, session: Session, request: CreateModelVersion) -> Source:
    run_id, path = parse_run_uri(request.source)
    if request.model_id or (request.run_id != run_id and (request.run_id or not context.caller.local)):
        raise _foreign(request)
    if session.runs.find(rules.run_id(run_id)) is None:
        raise InvalidParameterValue(f"Invalid model version source {request.source!r}: there is no such run.")
    checked_path(path)
    return Source(request.source, request.source, run_id)


def parse_run_uri(given: str) -> tuple[str, str]:
    """The run and the path below its artifacts, perhaps empty, of `runs:/<run id>/<path>`.

    Raises:
        InvalidParameterValue: it is of another form.
    """
    rest = given.partition(":")[2]
    run_id, _, path = rest.lstrip("/").partition("/")
    if rest.startswith("//") or not run_id:
        raise InvalidParameterValue(f"{given[:200]!r} is not of the form runs:/<run id>/<path>.")
    return run_id, path


def _below_owner(session: Session, request: CreateModelVersion) -> bool:
    """Whether the source is an artifact of the logged model that the request names, else of its run."""
    given = request.source
    if any(sign in given for sign in "#?;\\%") or any(ord(sign) < 32 for sign in given):
        raise InvalidParameterValue(
            f"Invalid model version source {given[:200]!r}: it may not hold \\, %, #, ?, ; or control characters."
        )
    if request.model_id:
        return uri.is_below(given, session.models.get(request.model_id).info.artifact_uri)
    run = session.runs.find(request.run_id) if request.run_id else None
    return run is not None and uri.is_below(given, run.artifact_uri)


def _foreign(request: CreateModelVersion) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"Invalid model version source {request.source[:200]!r}: it must be an artifact of the run that 'run_id' "
        "names, or of the logged model that 'model_id' names."
    )
