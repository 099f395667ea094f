"""Handlers for `wire.registry`: aliases of registered models, what they stood for, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import InvalidState, ResourceConflict
from assay.search.pages import cut, decode_offset
from assay.service import registry_rules, rules
from assay.service.dispatch import Context, handles
from assay.service.gates import pass_gate
from assay.service.model_sources import aliased
from assay.store.registry import Change
from assay.wire import registry as wire
from assay.wire.base import Empty
from assay.wire.protection import ListProtectedAliases, ProtectAlias, ProtectedAliasesResponse

if TYPE_CHECKING:
    from assay.store.base import Session


@handles(ProtectAlias)
def protect_alias(context: Context, session: Session, request: ProtectAlias) -> Empty:
    """Have an alias be protected, or no longer."""
    del context
    alias = registry_rules.new_alias(request.alias)
    session.registered_models.protect_alias(
        registry_rules.model_name(request.name), alias=alias, protected=request.protected
    )
    return Empty()


@handles(ListProtectedAliases)
def list_protected_aliases(
    context: Context, session: Session, request: ListProtectedAliases
) -> ProtectedAliasesResponse:
    """List the protected aliases of a model."""
    del context
    model = session.registered_models.get(request.name)
    return ProtectedAliasesResponse(aliases=session.registered_models.protected_aliases(model.name))


@handles(wire.SetRegisteredModelAlias)
def set_registered_model_alias(context: Context, session: Session, request: wire.SetRegisteredModelAlias) -> Empty:
    """Set or move an alias, if it stands where it is expected to and the version passes its gate."""
    name = registry_rules.model_name(request.name)
    alias = registry_rules.new_alias(request.alias)
    version = registry_rules.version_number(request.version)
    _check_expected(session, name, alias, expected=request.expected_version)
    pass_gate(context, session, session.model_versions.get(name, version), target=f"@{alias}")
    session.registered_models.set_alias(name, alias=alias, version=version, change=_change(context, request))
    return Empty()


def _change(
    context: Context, request: wire.SetRegisteredModelAlias | wire.DeleteRegisteredModelAlias | wire.RollbackAlias
) -> Change:
    """Who asks, if that is proved, outranks who the request says it is."""
    by = context.caller.name or registry_rules.short(request.changed_by, "changed_by")
    return Change(clock.now_ms(), by, registry_rules.short(request.note, "note"))


def _check_expected(session: Session, name: str, alias: str, *, expected: str | None) -> None:
    """Refuse to change an alias that somebody else has changed.

    Raises:
        ResourceConflict: it stands for another version than expected.
    """
    if expected is None:
        return
    wanted = str(registry_rules.version_number(expected)) if expected else ""
    found = session.model_versions.aliased(name, alias=alias)
    present = found.version if found else ""
    if present != wanted:
        raise ResourceConflict(
            f"The alias {alias!r} of {name!r} stands for {_named(present)}, and {_named(wanted)} was expected: "
            "somebody else changed it. Look again, then decide."
        )


def _named(version: str) -> str:
    return f"version {version}" if version else "no version"


@handles(wire.DeleteRegisteredModelAlias)
def delete_registered_model_alias(
    context: Context, session: Session, request: wire.DeleteRegisteredModelAlias
) -> Empty:
    """Delete an alias, if it is there."""
    name = registry_rules.model_name(request.name)
    session.registered_models.delete_alias(name, alias=request.alias, change=_change(context, request))
    return Empty()


@handles(wire.GetModelVersionByAlias)
def get_model_version_by_alias(
    context: Context, session: Session, request: wire.GetModelVersionByAlias
) -> wire.ModelVersionResponse:
    """Get the version that an alias stands for."""
    del context
    found = aliased(session, registry_rules.model_name(request.name), alias=request.alias)
    return wire.ModelVersionResponse(model_version=found)


@handles(wire.GetAliasHistory)
def get_alias_history(context: Context, session: Session, request: wire.GetAliasHistory) -> wire.AliasHistoryResponse:
    """Get the changes of an alias, the last first."""
    del context
    size = rules.page_size(
        request.max_results, default=registry_rules.MAX_CHANGES_PAGE, most=registry_rules.MAX_CHANGES_PAGE
    )
    offset = decode_offset(request.page_token)
    found = session.registered_models.alias_history(
        registry_rules.model_name(request.name),
        alias=registry_rules.alias(request.alias),
        as_of=registry_rules.as_of(request.as_of),
        limit=size + 1,
        offset=offset,
    )
    page, token = cut(found, size=size, offset=offset)
    return wire.AliasHistoryResponse(changes=page, next_page_token=token)


@handles(wire.RollbackAlias)
def rollback_alias(context: Context, session: Session, request: wire.RollbackAlias) -> wire.ModelVersionResponse:
    """Set an alias to the version that it stood for before."""
    name = registry_rules.model_name(request.name)
    alias = registry_rules.new_alias(request.alias)
    _check_expected(session, name, alias, expected=request.expected_version)
    version = session.registered_models.alias_before(name, alias=alias)
    if version is None:
        raise InvalidState(
            f"The alias {alias!r} of {name!r} stood for no other version that still exists. Set it to the one you want."
        )
    session.registered_models.set_alias(name, alias=alias, version=version, change=_change(context, request))
    return wire.ModelVersionResponse(model_version=session.model_versions.get(name, version))
