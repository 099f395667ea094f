"""What the library hands out: experiments, runs, models and files in the shape that MLflow gives them."""

from __future__ import annotations

from assay.client.entities.experiments import Experiment, ExperimentTag, experiment
from assay.client.entities.files import FileInfo, file_info
from assay.client.entities.gates import GateOutcome, gate_outcome
from assay.client.entities.inputs import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    LoggedModelOutput,
    RunInputs,
    RunOutputs,
    dataset_input_message,
    dataset_message,
)
from assay.client.entities.lineage import LineageDataset, ModelLineage, model_lineage
from assay.client.entities.metrics import Metric, metric
from assay.client.entities.models import LoggedModel, LoggedModelParameter, LoggedModelTag, logged_model
from assay.client.entities.pages import PagedList
from assay.client.entities.registry import (
    AliasChange,
    ModelVersion,
    ModelVersionTag,
    RegisteredModel,
    RegisteredModelAlias,
    RegisteredModelTag,
    alias_change,
    model_version,
    registered_model,
)
from assay.client.entities.reports import NoteChange, Report, SavedView, note_change, report, saved_view
from assay.client.entities.runs import Param, Run, RunData, RunInfo, RunTag, run, run_info
from assay.client.entities.states import LifecycleStage, LoggedModelStatus, RunStatus, SourceType, ViewType
from assay.client.entities.webhooks import Webhook, WebhookEvent, WebhookStatus, WebhookTestResult, webhook

__all__ = [
    "AliasChange",
    "Dataset",
    "DatasetInput",
    "Experiment",
    "ExperimentTag",
    "FileInfo",
    "GateOutcome",
    "InputTag",
    "LifecycleStage",
    "LineageDataset",
    "LoggedModel",
    "LoggedModelInput",
    "LoggedModelOutput",
    "LoggedModelParameter",
    "LoggedModelStatus",
    "LoggedModelTag",
    "Metric",
    "ModelLineage",
    "ModelVersion",
    "ModelVersionTag",
    "NoteChange",
    "PagedList",
    "Param",
    "RegisteredModel",
    "RegisteredModelAlias",
    "RegisteredModelTag",
    "Report",
    "Run",
    "RunData",
    "RunInfo",
    "RunInputs",
    "RunOutputs",
    "RunStatus",
    "RunTag",
    "SavedView",
    "SourceType",
    "ViewType",
    "Webhook",
    "WebhookEvent",
    "WebhookStatus",
    "WebhookTestResult",
    "alias_change",
    "dataset_input_message",
    "dataset_message",
    "experiment",
    "file_info",
    "gate_outcome",
    "logged_model",
    "metric",
    "model_lineage",
    "model_version",
    "note_change",
    "registered_model",
    "report",
    "run",
    "run_info",
    "saved_view",
    "webhook",
]
