"""Handlers for `wire.registry`: registered models. Those of their versions are in `model_versions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock
from assay.search.fields import REGISTERED_MODELS
from assay.search.pages import cut, decode_offset
from assay.search.parser import parse_filter, parse_order_by
from assay.search.tree import And, Comparison, Field, Filter, Kind, Not, Operator, comparisons
from assay.service import registry_rules, rules
from assay.service.dispatch import Context, handles
from assay.service.ownership import own
from assay.store.base import STAGES, Query, Session
from assay.store.registry import MODEL_STAGES
from assay.store.users import MODEL
from assay.wire import registry as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.search.fields import Resource

PROMPT_TAG = "mlflow.prompt.is_prompt"
_IS_PROMPT = Comparison(Field(Kind.TAG, PROMPT_TAG), Operator.EQUAL, "true")
_NO_PROMPT = (
    Comparison(_IS_PROMPT.field, Operator.NOT_EQUAL, "true"),
    Comparison(_IS_PROMPT.field, Operator.EQUAL, "false"),
)


@handles(wire.CreateRegisteredModel)
def create_registered_model(
    context: Context, session: Session, request: wire.CreateRegisteredModel
) -> wire.RegisteredModelResponse:
    """Register a name that is not taken."""
    name = registry_rules.new_model_name(request.name)
    model = session.registered_models.create(
        name,
        tags=rules.tags(request.tags, registry_rules.tag_value),
        description=registry_rules.description(request.description),
        now=clock.now_ms(),
    )
    own(session, context.caller, kind=MODEL, target=name)
    return wire.RegisteredModelResponse(registered_model=model)


@handles(wire.RenameRegisteredModel)
def rename_registered_model(
    context: Context, session: Session, request: wire.RenameRegisteredModel
) -> wire.RegisteredModelResponse:
    """Change the name to one that is not taken."""
    del context
    name = registry_rules.model_name(request.name)
    new_name = registry_rules.new_model_name(request.new_name, field="new_name")
    session.registered_models.rename(name, new_name=new_name, now=clock.now_ms())
    return _model(session, new_name)


@handles(wire.UpdateRegisteredModel)
def update_registered_model(
    context: Context, session: Session, request: wire.UpdateRegisteredModel
) -> wire.RegisteredModelResponse:
    """Change the description."""
    del context
    name = registry_rules.model_name(request.name)
    session.registered_models.describe(
        name, description=registry_rules.description(request.description), now=clock.now_ms()
    )
    return _model(session, name)


@handles(wire.DeleteRegisteredModel)
def delete_registered_model(context: Context, session: Session, request: wire.DeleteRegisteredModel) -> Empty:
    """Delete a model with its versions."""
    del context
    session.registered_models.delete(registry_rules.model_name(request.name))
    return Empty()


@handles(wire.GetRegisteredModel)
def get_registered_model(
    context: Context, session: Session, request: wire.GetRegisteredModel
) -> wire.RegisteredModelResponse:
    """Get a model by name."""
    del context
    return _model(session, registry_rules.model_name(request.name))


def _model(session: Session, name: str) -> wire.RegisteredModelResponse:
    return wire.RegisteredModelResponse(registered_model=session.registered_models.get(name))


@handles(wire.SearchRegisteredModels)
def search_registered_models(
    context: Context, session: Session, request: wire.SearchRegisteredModels
) -> wire.SearchRegisteredModelsResponse:
    """Find models. A page of size 0 is empty and followed by itself, as in MLflow."""
    del context
    size = rules.page_size(
        request.max_results, default=registry_rules.DEFAULT_MODELS_PAGE, least=0, most=registry_rules.MAX_MODELS_PAGE
    )
    query = page_of(request, REGISTERED_MODELS, size=size)
    found = session.registered_models.search(query)
    page, token = cut(found, size=size, offset=query.offset)
    return wire.SearchRegisteredModelsResponse(registered_models=page, next_page_token=token)


def page_of(request: wire.SearchRegisteredModels | wire.SearchModelVersions, resource: Resource, *, size: int) -> Query:
    """What a search asks for, and one row more than its page holds."""
    return Query(
        where=without_prompts(parse_filter(request.filter, resource)),
        order_by=parse_order_by(request.order_by, resource),
        stages=STAGES,
        limit=size + 1,
        offset=decode_offset(request.page_token),
    )


def without_prompts(tree: Filter | None) -> Filter:
    """The filter with prompts left out, unless it names their tag; what says "no prompt" is true without it, too."""
    if tree is None:
        return Not(_IS_PROMPT)
    if any(clause.field == _IS_PROMPT.field for clause in comparisons(tree)):
        return _untagged_included(tree)
    return And((tree, Not(_IS_PROMPT)))


def _untagged_included(tree: Filter) -> Filter:
    if isinstance(tree, Comparison):
        return Not(_IS_PROMPT) if tree in _NO_PROMPT else tree
    if isinstance(tree, Not):
        return Not(_untagged_included(tree.part))
    return type(tree)(tuple(_untagged_included(part) for part in tree.parts))


@handles(wire.GetLatestVersions)
def get_latest_versions(
    context: Context, session: Session, request: wire.GetLatestVersions
) -> wire.LatestVersionsResponse:
    """Get the newest version in each stage that has one."""
    del context
    stages = [registry_rules.stage(stage) for stage in request.stages] or MODEL_STAGES
    found = session.model_versions.latest(registry_rules.model_name(request.name), stages=stages)
    return wire.LatestVersionsResponse(model_versions=found)


@handles(wire.SetRegisteredModelTag)
def set_registered_model_tag(context: Context, session: Session, request: wire.SetRegisteredModelTag) -> Empty:
    """Set one tag."""
    del context
    key = rules.key(request.key, "tag")
    value = registry_rules.tag_value(request.value, key)
    session.registered_models.set_tag(registry_rules.model_name(request.name), key=key, value=value)
    return Empty()


@handles(wire.DeleteRegisteredModelTag)
def delete_registered_model_tag(context: Context, session: Session, request: wire.DeleteRegisteredModelTag) -> Empty:
    """Delete one tag, if it is there."""
    del context
    session.registered_models.delete_tag(registry_rules.model_name(request.name), key=request.key)
    return Empty()
