"""Handlers for `wire.registry`: versions of registered models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import PermissionDenied
from assay.search.fields import MODEL_VERSIONS
from assay.search.pages import cut
from assay.service import registry_rules, rules
from assay.service.dispatch import Context, handles
from assay.service.gate_rules import APPROVAL_TAG
from assay.service.gates import pass_gate
from assay.service.model_sources import followed
from assay.service.registry import page_of
from assay.store.registry import Change, NewVersion
from assay.wire import registry as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.service.access import Caller
    from assay.store.base import Session

REGISTRATIONS_TAG = "mlflow.modelVersions"
"""Of a logged model: the versions made from it, as JSON."""


@handles(wire.CreateModelVersion)
def create_model_version(
    context: Context, session: Session, request: wire.CreateModelVersion
) -> wire.ModelVersionResponse:
    """Add a version whose source may be used; the logged model it comes from is told."""
    name = registry_rules.model_name(request.name)
    tags = rules.tags(request.tags, registry_rules.tag_value)
    for key in tags:
        _check_approver(context.caller, key)
    session.registered_models.get(name)
    found = followed(context, session, request)
    version = NewVersion(
        source=found.source,
        location=found.location,
        run_id=found.run_id,
        run_link=registry_rules.short(request.run_link or "", "run_link"),
        model_id=found.model_id,
        description=registry_rules.description(request.description) or "",
    )
    made = session.model_versions.create(name, version, tags=tags, now=clock.now_ms())
    if found.model_id:
        _tell_logged_model(session, found.model_id, made)
    return wire.ModelVersionResponse(model_version=made)


def _tell_logged_model(session: Session, model_id: str, made: wire.ModelVersion) -> None:
    tags = {tag.key: tag.value for tag in session.models.get(model_id, deleted=True).info.tags}
    try:
        known = json.loads(tags.get(REGISTRATIONS_TAG, "[]"))
    except ValueError:  # a user wrote there, too
        known = []
    versions = [*(known if isinstance(known, list) else []), {"name": made.name, "version": int(made.version)}]
    session.models.set_tags(model_id, tags={REGISTRATIONS_TAG: json.dumps(versions)})


@handles(wire.UpdateModelVersion)
def update_model_version(
    context: Context, session: Session, request: wire.UpdateModelVersion
) -> wire.ModelVersionResponse:
    """Change the description."""
    del context
    name, version = _named(request)
    session.model_versions.describe(
        name, version, description=registry_rules.description(request.description), now=clock.now_ms()
    )
    return _version(session, name, version)


def _named(
    request: wire.UpdateModelVersion
    | wire.TransitionModelVersionStage
    | wire.DeleteModelVersion
    | wire.GetModelVersion
    | wire.GetModelVersionDownloadUri
    | wire.SetModelVersionTag
    | wire.DeleteModelVersionTag,
) -> tuple[str, int]:
    return registry_rules.model_name(request.name), registry_rules.version_number(request.version)


def _version(session: Session, name: str, version: int) -> wire.ModelVersionResponse:
    return wire.ModelVersionResponse(model_version=session.model_versions.get(name, version))


@handles(wire.TransitionModelVersionStage)
def transition_model_version_stage(
    context: Context, session: Session, request: wire.TransitionModelVersionStage
) -> wire.ModelVersionResponse:
    """Move a version to another stage, if it passes its gate."""
    name, version = _named(request)
    stage = registry_rules.stage(request.stage)
    archiving = registry_rules.left_by_others(stage, archiving=request.archive_existing_versions)
    pass_gate(context, session, session.model_versions.get(name, version), target=stage)
    session.model_versions.move(name, version, stage=stage, archiving=archiving, now=clock.now_ms())
    return _version(session, name, version)


@handles(wire.DeleteModelVersion)
def delete_model_version(context: Context, session: Session, request: wire.DeleteModelVersion) -> Empty:
    """Delete a version."""
    name, version = _named(request)
    change = Change(clock.now_ms(), context.caller.name, f"version {version} was deleted")
    session.model_versions.delete(name, version, change=change)
    return Empty()


@handles(wire.GetModelVersion)
def get_model_version(context: Context, session: Session, request: wire.GetModelVersion) -> wire.ModelVersionResponse:
    """Get a version."""
    del context
    return _version(session, *_named(request))


@handles(wire.SearchModelVersions)
def search_model_versions(
    context: Context, session: Session, request: wire.SearchModelVersions
) -> wire.SearchModelVersionsResponse:
    """Find versions of all models."""
    del context
    most = registry_rules.MAX_VERSIONS_PAGE
    size = rules.page_size(request.max_results, default=most, most=most)
    query = page_of(request, MODEL_VERSIONS, size=size)
    found = session.model_versions.search(query)
    page, token = cut(found, size=size, offset=query.offset)
    return wire.SearchModelVersionsResponse(model_versions=page, next_page_token=token)


@handles(wire.GetModelVersionDownloadUri)
def get_model_version_download_uri(
    context: Context, session: Session, request: wire.GetModelVersionDownloadUri
) -> wire.DownloadUriResponse:
    """Get where the files of a version are."""
    del context
    return wire.DownloadUriResponse(artifact_uri=session.model_versions.location(*_named(request)))


@handles(wire.SetModelVersionTag)
def set_model_version_tag(context: Context, session: Session, request: wire.SetModelVersionTag) -> Empty:
    """Set one tag; among users an approval only in one's own name."""
    key = rules.key(request.key, "tag")
    _check_approver(context.caller, key)
    value = registry_rules.tag_value(request.value, key)
    session.model_versions.set_tag(*_named(request), key=key, value=value)
    return Empty()


def _check_approver(caller: Caller, key: str) -> None:
    """Return when a tag is no approval, or the caller's own. Without users nobody can prove who asks."""
    name = key.removeprefix(APPROVAL_TAG)
    if caller.number and name not in (key, caller.name):
        raise PermissionDenied(
            f"Permission denied: the tag {key[:300]!r} says that {name[:250]!r} approves, who sets it."
        )


@handles(wire.DeleteModelVersionTag)
def delete_model_version_tag(context: Context, session: Session, request: wire.DeleteModelVersionTag) -> Empty:
    """Delete one tag, if it is there; administrators take back what others have approved, too."""
    if not context.caller.is_admin:
        _check_approver(context.caller, request.key)
    session.model_versions.delete_tag(*_named(request), key=request.key)
    return Empty()
