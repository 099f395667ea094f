"""Where a version of a registered model comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client.entities.base import Entity
from assay.client.entities.models import LoggedModel, logged_model
from assay.client.entities.registry import ModelVersion, model_version
from assay.client.entities.runs import RunInfo, run_info
from assay.wire import models

if TYPE_CHECKING:
    from assay.wire import lineage as wire


class LineageDataset(Entity):
    """Data that the run read, for these `contexts`, or that the logged model was measured on, by these `metrics`."""

    name: str
    digest: str
    source_type: str
    source: str
    contexts: list[str]
    metrics: list[str]


class ModelLineage(Entity):
    """A version, and what is known of where it comes from.

    `run` and `logged_model` are None where there is none, or it is deleted for good; the model comes without params and
    metrics. `code` maps tags such as `mlflow.source.git.commit` to what they say. `copied_from` is the URI of the
    version or logged model that this one is a copy of, None for no copy; `copied_from_server` is the server that has
    it, None for this one.
    """

    version: ModelVersion
    run: RunInfo | None
    logged_model: LoggedModel | None
    datasets: list[LineageDataset]
    code: dict[str, str]
    copied_from: str | None = None
    copied_from_server: str | None = None

    def to_dictionary(self) -> dict[str, Any]:
        """The parts by name, each as a dictionary."""
        return {
            "version": self.version.to_dictionary(),
            "run": dict(self.run) if self.run else None,
            "logged_model": self.logged_model.to_dictionary() if self.logged_model else None,
            "datasets": [one.to_dictionary() for one in self.datasets],
            "code": self.code,
            "copied_from": self.copied_from,
            "copied_from_server": self.copied_from_server,
        }


COPIED_TAG = "assay.copied_from"
"""Of a copy on another server: the model that it was made of, by a URI that nobody can move."""
COPIED_SERVER_TAG = "assay.copied_from.server"
COPIED_RUN_TAG = "assay.copied_from.run_id"


def model_lineage(message: wire.ModelLineageResponse) -> ModelLineage:
    """The lineage of a wire message."""
    version = model_version(message.model_version)
    beside = version.source if version.source and version.source.startswith("models:/") else None
    if beside == f"models:/{version.model_id}":
        beside = None
    return ModelLineage(
        version=version,
        run=run_info(message.run) if message.run else None,
        logged_model=logged_model(models.LoggedModel(info=message.logged_model)) if message.logged_model else None,
        datasets=[
            LineageDataset(
                name=one.name,
                digest=one.digest,
                source_type=one.source_type,
                source=one.source,
                contexts=one.contexts,
                metrics=one.metrics,
            )
            for one in message.datasets
        ],
        code={tag.key: tag.value for tag in message.code},
        copied_from=beside or version.tags.get(COPIED_TAG),
        copied_from_server=None if beside else version.tags.get(COPIED_SERVER_TAG),
    )
