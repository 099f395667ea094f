"""What the audit log remembers of a request.

Remembered is what changes who may do what, what is deleted and restored, and what a model in use is: not what runs
record, of which there is too much. What is done is remembered in the transaction that does it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from assay.core import clock
from assay.core.errors import ResourceDoesNotExist
from assay.service.user_rules import level_name
from assay.store.audit import DONE, Event
from assay.store.users import EXPERIMENT, MODEL
from assay.wire.experiments import CreateExperiment
from assay.wire.registry import (
    CreateModelVersion,
    CreateRegisteredModel,
    DeleteRegisteredModelAlias,
    RollbackAlias,
    SetRegisteredModelAlias,
    TransitionModelVersionStage,
)
from assay.wire.roles import RemoveRolePermission, UpdateRolePermission
from assay.wire.run_views import ChangeRuns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.service.access import Caller
    from assay.store.base import Session
    from assay.wire.base import Message, Operation

_KINDS = frozenset({"user", "token", "permission", "grant", "workspace"})
_ALSO = frozenset(
    {
        ChangeRuns,
        CreateModelVersion,
        DeleteRegisteredModelAlias,
        RollbackAlias,
        SetRegisteredModelAlias,
        TransitionModelVersionStage,
    }
)
_SECRETS = frozenset({"password", "current_password", "secret", "token"})
_NAMED = (
    ("experiment_id", "experiment"),
    ("run_id", "run"),
    ("model_id", "logged_model"),
    ("username", "user"),
    ("role_id", "role"),
    ("token_id", "token"),
    ("session_id", "session"),
    ("webhook_id", "webhook"),
    ("path", "file"),
)
_LONGEST_RESOURCE = 500
_LONGEST_DETAIL = 4000
_LONGEST_TEXT = 200


def is_audited(operation: Operation) -> bool:
    """Whether the audit log remembers an operation."""
    return operation.writes and (
        operation.resource in _KINDS or operation.level == "manage" or operation.request in _ALSO
    )


def event_of(
    caller: Caller,
    operation: Operation,
    *,
    request: Message | None = None,
    known: Mapping[str, str] | None = None,
    outcome: str = DONE,
) -> Event:
    """What is remembered of a request, with what was `known` of it; of one that was refused, not what it said."""
    return event(
        caller,
        operation.name,
        resource="" if request is None else _resource(operation, request),
        outcome=outcome,
        detail="{}" if request is None else _detail(request, known or {}),
    )


def known_of(session: Session, request: Message) -> dict[str, str]:
    """What the store knows of roles and grants that a request names by numbers alone: they may end with it."""
    try:
        if isinstance(request, (RemoveRolePermission, UpdateRolePermission)):
            grant = session.grants.get(request.role_permission_id)
            before = {"granted_on": f"{grant.kind} {grant.target}", "before": level_name(grant.level)}
            return {"role": session.roles.get(grant.role_no).name, **before}
        number = getattr(request, "role_id", None)
        return {} if number is None else {"role": session.roles.get(number).name}
    except ResourceDoesNotExist:  # who does it says so
        return {}


def event(caller: Caller, action: str, *, resource: str = "", outcome: str = DONE, detail: str = "{}") -> Event:
    """An event of now."""
    return Event(
        happened_at=clock.now_ms(),
        request_id=caller.request_id,
        actor=caller.name,
        credential=caller.credential,
        address=caller.address,
        action=action,
        resource=resource,
        outcome=outcome,
        detail=detail,
    )


def _resource(operation: Operation, request: Message) -> str:
    """What a request is about, such as `experiment 3`."""
    name = getattr(request, "name", "")
    if name and (operation.resource == MODEL or isinstance(request, CreateRegisteredModel)):
        return f"{MODEL} {name}"[:_LONGEST_RESOURCE]
    granted_on = getattr(request, "resource_id", "")
    if operation.resource == "grant" and granted_on:
        return f"{getattr(request, 'resource_type', '')} {granted_on}"[:_LONGEST_RESOURCE]
    if isinstance(request, CreateExperiment):
        return f"{EXPERIMENT} {name}"[:_LONGEST_RESOURCE]
    told = (f"{kind} {getattr(request, field)}" for field, kind in _NAMED if getattr(request, field, None))
    return next(told, "")[:_LONGEST_RESOURCE]


def _detail(request: Message, known: Mapping[str, str]) -> str:
    """What was asked for: names and short values; secrets are left out, long texts and lists are cut."""
    asked = {**msgspec.to_builtins(request), **known}
    said: dict[str, Any] = {name: _cut(value) for name, value in asked.items() if name not in _SECRETS}
    return json.dumps(said, ensure_ascii=True, default=str)[:_LONGEST_DETAIL]


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[:_LONGEST_TEXT]}..."
    if isinstance(value, list) and len(value) > 20:
        return [*map(_cut, value[:20]), f"... {len(value)} in all"]
    if isinstance(value, list):
        return [_cut(one) for one in value]
    if isinstance(value, dict):
        return {key: "***" if key in _SECRETS else _cut(one) for key, one in value.items()}
    return value
