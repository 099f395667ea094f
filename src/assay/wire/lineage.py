"""Where a version of a registered model comes from: its run, logged model, data and code."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation
from assay.wire.models import LoggedModelInfo
from assay.wire.registry import ModelVersion
from assay.wire.runs import RunInfo, RunTag


class LineageDataset(Message):
    """Data that the version's run read, or that its logged model was measured on.

    `contexts` say what the run read it for (the tag `mlflow.data.context`), `metrics` name what was measured on it.
    `source_type` and `source` are empty where no run described it.
    """

    name: str
    digest: str
    source_type: str = msgspec.field(default_factory=str)
    source: str = msgspec.field(default_factory=str)
    contexts: list[str] = msgspec.field(default_factory=list)
    metrics: list[str] = msgspec.field(default_factory=list)


class ModelLineageResponse(Message):
    """A version, and what is known of where it comes from.

    `run` and `logged_model` are left out where there is none, or it is deleted for good. `code` has the tags that tell
    of the source: script, Git commit, branch and repository; those of the run, else of the logged model.
    """

    model_version: ModelVersion
    run: RunInfo | None = None
    logged_model: LoggedModelInfo | None = None
    datasets: list[LineageDataset] = msgspec.field(default_factory=list)
    code: list[RunTag] = msgspec.field(default_factory=list)


@operation("GET", "assay/1/registry/lineage", returns=ModelLineageResponse, access="registered_model:read")
class GetModelLineage(Message):
    """Get where a version comes from. It is named by its number, or by an alias; `latest` stands for the newest."""

    name: str
    version: str = ""
    alias: str = ""
