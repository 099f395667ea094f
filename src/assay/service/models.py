"""Handlers for `wire.models`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.blobs.paths import checked_path
from assay.core import clock, ids, uri
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.search import clauses, pages
from assay.search.fields import LOGGED_MODELS
from assay.search.lexer import Token, TokenKind
from assay.search.parser import MAX_ORDER_KEYS, parse_filter
from assay.search.source import Source
from assay.search.tree import OrderKey
from assay.service import model_rules, rules
from assay.service.artifacts import blobs_at
from assay.service.dispatch import Context, handles
from assay.store.base import DELETED
from assay.store.models import DatasetName, ModelQuery, NewModel
from assay.wire import models as wire
from assay.wire.artifacts import ListArtifactsResponse
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session

DEFAULT_PAGE = 50


@handles(wire.CreateLoggedModel)
def create_logged_model(
    context: Context, session: Session, request: wire.CreateLoggedModel
) -> wire.LoggedModelResponse:
    """Create a model in an active experiment, with its files below the experiment's."""
    del context
    name = model_rules.model_name(request.name) if request.name else ids.run_name()
    model_id = model_rules.new_model_id(request.model_id) if request.model_id else f"m-{ids.hex_id()}"
    params, tags = model_rules.model_params(request.params), model_rules.model_tags(request.tags)
    experiment = rules.active_experiment(session.experiments.get(rules.experiment_id(request.experiment_id)))
    model = session.models.create(
        NewModel(
            model_id=model_id,
            experiment_id=experiment.experiment_id,
            name=name,
            artifact_uri=uri.join(experiment.artifact_location, "models", model_id, "artifacts"),
            now=clock.now_ms(),
            model_type=model_rules.model_type(request.model_type),
            source_run_id=model_rules.source_run_id(request.source_run_id),
        ),
        params=params,
        tags=tags,
    )
    return wire.LoggedModelResponse(model=model)


@handles(wire.GetLoggedModel)
def get_logged_model(context: Context, session: Session, request: wire.GetLoggedModel) -> wire.LoggedModelResponse:
    """Get a model with what it recorded."""
    del context
    return wire.LoggedModelResponse(model=session.models.get(request.model_id, deleted=request.allow_deleted))


@handles(wire.FinalizeLoggedModel)
def finalize_logged_model(
    context: Context, session: Session, request: wire.FinalizeLoggedModel
) -> wire.LoggedModelResponse:
    """Change the state of a model."""
    del context
    status = model_rules.model_status(request.status)
    session.models.set_status(request.model_id, status=status, now=clock.now_ms())
    return wire.LoggedModelResponse(model=session.models.get(request.model_id, deleted=True))


@handles(wire.DeleteLoggedModel)
def delete_logged_model(context: Context, session: Session, request: wire.DeleteLoggedModel) -> Empty:
    """Mark a model as deleted."""
    del context
    session.models.set_stage(request.model_id, stage=DELETED, now=clock.now_ms())
    return Empty()


@handles(wire.SetLoggedModelTags)
def set_logged_model_tags(
    context: Context, session: Session, request: wire.SetLoggedModelTags
) -> wire.LoggedModelResponse:
    """Set tags of a model, all or none."""
    del context
    session.models.set_tags(request.model_id, tags=model_rules.model_tags(request.tags))
    return wire.LoggedModelResponse(model=session.models.get(request.model_id, deleted=True))


@handles(wire.DeleteLoggedModelTag)
def delete_logged_model_tag(context: Context, session: Session, request: wire.DeleteLoggedModelTag) -> Empty:
    """Delete one tag of a model."""
    del context
    if not session.models.delete_tag(request.model_id, key=request.tag_key):
        raise ResourceDoesNotExist(f"Logged model {request.model_id!r} has no tag {request.tag_key!r}.")
    return Empty()


@handles(wire.LogLoggedModelParams)
def log_logged_model_params(context: Context, session: Session, request: wire.LogLoggedModelParams) -> Empty:
    """Record further params of a model, all or none."""
    del context
    session.models.log_params(request.model_id, params=model_rules.model_params(request.params))
    return Empty()


@handles(wire.ListLoggedModelArtifacts)
def list_logged_model_artifacts(context: Context, request: wire.ListLoggedModelArtifacts) -> ListArtifactsResponse:
    """List one directory level of a model's files; a file or a missing path has no entries."""
    model = context.store.read(lambda session: session.models.get(request.model_id))
    path = checked_path(request.artifact_directory_path) if request.artifact_directory_path else ""
    root_uri = model.info.artifact_uri
    return ListArtifactsResponse(root_uri=root_uri, files=blobs_at(context, root_uri).list(path))


@handles(wire.SearchLoggedModels)
def search_logged_models(
    context: Context, session: Session, request: wire.SearchLoggedModels
) -> wire.SearchLoggedModelsResponse:
    """Find models. No experiments mean no models, as in MLflow; a page token goes with the request it came from."""
    del context
    size = rules.page_size(min(request.max_results or DEFAULT_PAGE, rules.MAX_PAGE), default=None)
    offset = _offset(request)
    model_rules.at_most(request.datasets, "datasets", model_rules.MAX_SEARCHED_DATASETS)
    keys, order_datasets = _order(request.order_by)
    query = ModelQuery(
        where=parse_filter(request.filter, LOGGED_MODELS),
        order_by=keys,
        order_datasets=order_datasets,
        experiment_ids=[rules.experiment_id(one) for one in request.experiment_ids],
        datasets=[_dataset(one, f"datasets[{place}]") for place, one in enumerate(request.datasets)],
        limit=size + 1,
        offset=offset,
    )
    if not query.experiment_ids:
        return wire.SearchLoggedModelsResponse()
    found = session.models.search(query)
    token = pages.encode_token({**_bound(request), "offset": offset + size}) if len(found) > size else ""
    return wire.SearchLoggedModelsResponse(models=found[:size], next_page_token=token)


def _bound(request: wire.SearchLoggedModels) -> dict[str, Any]:
    """What a page token holds of its request."""
    return {
        "experiment_ids": list(request.experiment_ids),
        "filter_string": request.filter or None,
        "order_by": msgspec.to_builtins(request.order_by) or None,
        "datasets": msgspec.to_builtins(request.datasets) or None,
    }


def _offset(request: wire.SearchLoggedModels) -> int:
    if not request.page_token:
        return 0
    content = pages.decode_token(request.page_token)
    for name, asked in _bound(request).items():
        if content.get(name) != asked:
            raise InvalidParameterValue(
                f"The page_token comes from a search with another {name}: {content.get(name)!r:.200}, now "
                f"{asked!r:.200}. Repeat that search, or leave the token out."
            )
    return pages.offset_in(content, request.page_token)


def _order(given: Sequence[wire.ModelOrder]) -> tuple[list[OrderKey], list[DatasetName | None]]:
    """The keys of an order, each once, and the datasets beside them."""
    found: dict[tuple[Any, DatasetName | None], OrderKey] = {}
    for place, one in enumerate(given):
        source = Source(one.field_name, "Order_by")
        source.check_length()
        if place == MAX_ORDER_KEYS:
            raise source.error(1, f"more than {MAX_ORDER_KEYS} order_by items. Leave out the last ones.")
        prefix, dot, key = one.field_name.partition(".")
        token = Token(TokenKind.NAME, one.field_name, 1, key if dot else prefix, prefix if dot else None)
        field = clauses.resolve_order_field(token, LOGGED_MODELS, source)
        if one.dataset_digest and not one.dataset_name:
            raise InvalidParameterValue(f"'order_by[{place}].dataset_name' must be given with a dataset_digest.")
        dataset = DatasetName(one.dataset_name, one.dataset_digest) if one.dataset_name else None
        found.setdefault((field, dataset), OrderKey(field, one.ascending))
    return list(found.values()), [dataset for _, dataset in found]


def _dataset(given: wire.MetricDataset, path: str) -> DatasetName:
    if not given.dataset_name:
        raise InvalidParameterValue(f"Missing value for required parameter '{path}.dataset_name'. Name the dataset.")
    return DatasetName(given.dataset_name, given.dataset_digest)
