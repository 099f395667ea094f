"""Models logged on their own. There are none yet: a model is kept among the artifacts of its run."""

from __future__ import annotations

from assay.wire.base import Empty, Message, operation


class SearchLoggedModelsResponse(Message):
    """A page of models."""

    models: list[Empty] = []
    next_page_token: str = ""


@operation("POST", "2.0/mlflow/logged-models/search", returns=SearchLoggedModelsResponse, access="experiment:read")
class SearchLoggedModels(Message):
    """Find models logged on their own; there are none yet. MLflow's client asks before it lists a run's files."""

    experiment_ids: list[str] = []
    filter: str | None = None
    max_results: int | None = None
    page_token: str | None = None
