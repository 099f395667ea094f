"""Finding logged models, and fetching what they recorded in a fixed number of statements."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from assay.search.fields import LOGGED_MODELS
from assay.search.tree import Kind, comparisons
from assay.store.sql import filters
from assay.store.sql.filters import Fragment
from assay.wire.metrics import Metric
from assay.wire.models import (
    MODEL_STATUSES,
    LoggedModel,
    LoggedModelData,
    LoggedModelInfo,
    LoggedModelParameter,
    LoggedModelTag,
)

if TYPE_CHECKING:
    from assay.search.tree import OrderKey
    from assay.store.models import DatasetName, ModelQuery
    from assay.store.sql.database import Transaction

Row = tuple[Any, ...]

MODEL_COLUMNS = (
    "l.model_no, l.model_id, l.experiment_id, l.name, l.artifact_uri, l.model_type, l.source_run_id, l.status, "
    "l.status_message, l.creation_time, l.last_update_time"
)


def rows(transaction: Transaction, query: ModelQuery) -> list[Row]:
    """The rows of the models that match, in order."""
    condition = _condition(transaction, query)
    keys = filters.complete(query.order_by, LOGGED_MODELS)
    datasets = [*query.order_datasets, *[None] * len(keys)]
    order = filters.joined([_order(key, dataset) for key, dataset in zip(keys, datasets, strict=False)], ", ")
    return transaction.all(
        f"select {MODEL_COLUMNS} from logged_models l where {condition.sql} order by {order.sql} limit ? offset ?",
        (*condition.values, *order.values, query.limit, query.offset),
    )


def _condition(transaction: Transaction, query: ModelQuery) -> Fragment:
    entity, dialect = filters.LOGGED_MODELS, transaction.dialect
    condition = filters.where(query, entity=entity, dialect=dialect, datasets=query.datasets)
    measured = filters.on_datasets(query.datasets)
    if not measured.sql or any(clause.field.kind is Kind.METRIC for clause in comparisons(query.where)):
        return condition
    found = f"exists (select 1 from logged_model_points m where m.model_no = l.model_no{measured.sql})"
    return filters.joined([condition, Fragment(found, measured.values)], " and ")


def _order(key: OrderKey, dataset: DatasetName | None) -> Fragment:
    """Missing values last, a NaN before them."""
    direction = "asc" if key.ascending else "desc"
    if key.field.kind is not Kind.METRIC:
        return Fragment(f"{filters.LOGGED_MODELS.attributes[key.field.key]} {direction}")
    measured = filters.on_datasets([dataset] if dataset else [])
    points = f"from logged_model_points m where m.model_no = l.model_no and m.key = ?{measured.sql}"
    latest = "order by m.time desc, m.step desc, m.value desc nulls last limit 1"
    return Fragment(
        f"not exists (select 1 {points}), (select m.value {points} {latest}) {direction} nulls last",
        (key.field.key, *measured.values) * 2,
    )


PARAMS_OF = "select model_no, key, value from logged_model_params where model_no in ({integers}) order by model_no, key"
TAGS_OF = "select model_no, key, value from logged_model_tags where model_no in ({integers}) order by model_no, key"
POINTS_OF = """
select m.model_no, m.key, m.value, m.time, m.step, r.run_id, d.name, d.digest
from logged_model_points m join runs r on r.run_no = m.run_no left join datasets d on d.dataset_no = m.dataset_no
where m.model_no in ({integers})
order by m.point_no
"""


def with_data(transaction: Transaction, found: list[Row]) -> list[LoggedModel]:
    """Models with params, tags and points: three statements, however many models there are."""
    models = {row[0]: LoggedModel(info=_info(row), data=LoggedModelData()) for row in found}
    if not models:
        return []
    for model_no, key, value in _of(transaction, PARAMS_OF, models):
        models[model_no].data.params.append(LoggedModelParameter(key=key, value=value))
    for model_no, key, value in _of(transaction, TAGS_OF, models):
        models[model_no].info.tags.append(LoggedModelTag(key=key, value=value))
    for model_no, key, value, timestamp, step, run_id, name, digest in _of(transaction, POINTS_OF, models):
        model = models[model_no]
        point = Metric(
            key=key,
            value=math.nan if value is None else value,
            timestamp=timestamp,
            step=step,
            model_id=model.info.model_id,
            dataset_name=name,
            dataset_digest=digest,
            run_id=run_id,
        )
        model.data.metrics.append(point)
    return list(models.values())


def _of(transaction: Transaction, sql: str, models: dict[int, LoggedModel]) -> list[Row]:
    dialect = transaction.dialect
    return transaction.all(sql.format(integers=dialect.integers), (dialect.bound(list(models)),))


def _info(row: Row) -> LoggedModelInfo:
    _, model_id, experiment, name, artifacts, model_type, source_run_id, status, message, created, updated = row
    return LoggedModelInfo(
        model_id=model_id,
        experiment_id=str(experiment),
        name=name,
        creation_timestamp_ms=created,
        last_updated_timestamp_ms=updated,
        artifact_uri=artifacts,
        status=MODEL_STATUSES[status],
        model_type=model_type,
        source_run_id=source_run_id,
        status_message=message,
    )
