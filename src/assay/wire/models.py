"""Models logged on their own: each has an id, a state, params, tags, metrics and files, and may name its run."""

from __future__ import annotations

import msgspec

from assay.wire.artifacts import ListArtifactsResponse
from assay.wire.base import Message, operation
from assay.wire.metrics import Metric

MODEL_STATUSES = (
    "LOGGED_MODEL_STATUS_UNSPECIFIED",
    "LOGGED_MODEL_PENDING",
    "LOGGED_MODEL_READY",
    "LOGGED_MODEL_UPLOAD_FAILED",
)
"""The states of a logged model, each at its number."""

MODEL_STATUS_NUMBERS = {
    **{status: number for number, status in enumerate(MODEL_STATUSES)},
    **{status[len("LOGGED_MODEL_") :]: number for number, status in enumerate(MODEL_STATUSES)},
    **{str(number): number for number in range(len(MODEL_STATUSES))},
    "UNSPECIFIED": 0,
    "FAILED": 3,
}
"""The number of a state by all that names it: its name with and without the prefix, its number, Python's name."""


class LoggedModelTag(Message, gc=False):
    """A label of a logged model; it can be changed."""

    key: str
    value: str = msgspec.field(default_factory=str)


class LoggedModelParameter(Message, gc=False):
    """A setting of a logged model; it never changes once logged."""

    key: str
    value: str = msgspec.field(default_factory=str)


class LoggedModelRegistrationInfo(Message, gc=False):
    """A version in the registry that was made from the model."""

    name: str
    version: str


class LoggedModelInfo(Message):
    """What a logged model is. Times are milliseconds since the epoch.

    `status` is one of `MODEL_STATUSES`.
    """

    model_id: str
    experiment_id: str
    name: str
    creation_timestamp_ms: int
    last_updated_timestamp_ms: int
    artifact_uri: str
    status: str
    model_type: str = msgspec.field(default_factory=str)
    source_run_id: str = msgspec.field(default_factory=str)
    status_message: str = ""
    tags: list[LoggedModelTag] = []
    registrations: list[LoggedModelRegistrationInfo] = []


class LoggedModelData(Message):
    """What a logged model recorded: params by key, and every point of its metrics in the order logged."""

    params: list[LoggedModelParameter] = []
    metrics: list[Metric] = []


class LoggedModel(Message):
    """A model that was logged, with or without a run."""

    info: LoggedModelInfo
    data: LoggedModelData = msgspec.field(default_factory=LoggedModelData)


class LoggedModelResponse(Message):
    """One logged model."""

    model: LoggedModel


class SearchLoggedModelsResponse(Message):
    """A page of logged models."""

    models: list[LoggedModel] = []
    next_page_token: str = ""


class MetricDataset(Message):
    """A dataset whose metrics count in a search; without a digest, every digest of that name."""

    dataset_name: str
    dataset_digest: str = ""


class ModelOrder(Message):
    """What to order logged models by: an attribute, or `metrics.<key>`, on a dataset where one is named."""

    field_name: str
    ascending: bool = True
    dataset_name: str = ""
    dataset_digest: str = ""


@operation("POST", "2.0/mlflow/logged-models", returns=LoggedModelResponse, access="experiment:append")
class CreateLoggedModel(Message):
    """Create a logged model, pending until it is finalized. Without a name it is given one.

    `model_id` is Assay's own: a client that may have to ask twice names the model itself.
    """

    experiment_id: str
    name: str = ""
    model_type: str = ""
    source_run_id: str = ""
    model_id: str = ""
    params: list[LoggedModelParameter] = []
    tags: list[LoggedModelTag] = []


@operation("POST", "2.0/mlflow/logged-models/search", returns=SearchLoggedModelsResponse, access="experiment:search")
class SearchLoggedModels(Message):
    """Find logged models of the given experiments; newest first unless `order_by` says otherwise.

    `datasets` restricts which points a condition on a metric looks at.
    """

    experiment_ids: list[str]
    filter: str | None = None
    datasets: list[MetricDataset] = []
    max_results: int | None = None
    order_by: list[ModelOrder] = []
    page_token: str | None = None


@operation("GET", "2.0/mlflow/logged-models/{model_id}", returns=LoggedModelResponse, access="model:read", quick=True)
class GetLoggedModel(Message):
    """Get a logged model; a deleted one only with `allow_deleted`."""

    model_id: str
    allow_deleted: bool = False


@operation("PATCH", "2.0/mlflow/logged-models/{model_id}", returns=LoggedModelResponse, access="model:append")
class FinalizeLoggedModel(Message):
    """Say that a logged model is ready, or that its upload failed. `status` is a name or a number."""

    model_id: str
    status: str | int


@operation("DELETE", "2.0/mlflow/logged-models/{model_id}", access="model:manage")
class DeleteLoggedModel(Message):
    """Mark a logged model as deleted."""

    model_id: str


@operation("PATCH", "2.0/mlflow/logged-models/{model_id}/tags", returns=LoggedModelResponse, access="model:append")
class SetLoggedModelTags(Message):
    """Set tags of a logged model, replacing their present values."""

    model_id: str
    tags: list[LoggedModelTag] = []


@operation("DELETE", "2.0/mlflow/logged-models/{model_id}/tags/{tag_key}", access="model:edit")
class DeleteLoggedModelTag(Message):
    """Delete a tag of a logged model."""

    model_id: str
    tag_key: str


@operation(
    "GET",
    "2.0/mlflow/logged-models/{model_id}/artifacts/directories",
    returns=ListArtifactsResponse,
    access="model:read",
    resources=True,
)
class ListLoggedModelArtifacts(Message):
    """List one directory level of a logged model's files."""

    model_id: str
    artifact_directory_path: str = ""
    page_token: str | None = None


@operation("POST", "2.0/mlflow/logged-models/{model_id}/params", access="model:append")
class LogLoggedModelParams(Message):
    """Record further params of a logged model. The same value again is accepted, another value is not."""

    model_id: str
    params: list[LoggedModelParameter] = []
