"""The steps of an evaluation: read, ask the model, measure, log."""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.autologging.patching import quiet
from assay.client import entities, fluent
from assay.client.fluent.inputs import entity
from assay.core.clock import now_ms
from assay.evaluation import plots
from assay.evaluation.classifier import evaluate_classifier
from assay.evaluation.custom import Custom
from assay.evaluation.examples import read
from assay.evaluation.findings import Findings
from assay.evaluation.importance import feature_importance
from assay.evaluation.regressor import evaluate_regressor
from assay.evaluation.result import EvaluationArtifact, EvaluationResult
from assay.evaluation.subject import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    import pandas as pd  # type: ignore[import-untyped]
    from matplotlib.figure import Figure

    from assay.client.run import ActiveRun
    from assay.data.dataset import Dataset
    from assay.evaluation.examples import Examples
    from assay.evaluation.request import Request
    from assay.evaluation.subject import Subject

TABLE = "eval_results_table"


def perform(request: Request) -> EvaluationResult:
    """Carry an evaluation out; nothing is logged when data, model or metrics do not fit.

    Raises:
        InvalidParameterValue: they do not.
    """
    examples = read(request)
    subject = subject_of(request)
    with quiet():  # autologging would take what is asked here for the caller's own asking
        if subject is None:
            assert examples.predictions is not None  # noqa: S101 -- `read` refuses data without
            predicted, others = examples.predictions, None
        else:
            predicted, others = subject.predictions(examples, column=request.predictions)
        found = _measured(request, examples, predicted, subject)
        custom = Custom(request, examples, predicted, others=others, metrics=found.metrics)
        custom.evaluate()
    model_id = (subject.model_id if subject else request.model_id) or fluent.get_active_model_id()
    metrics = custom.numbers(prefix=request.prefix)
    with _run() as run:
        _log_inputs(examples.dataset, model_id, context=request.prefix)
        _log_metrics(run, metrics, dataset=examples.dataset, model_id=model_id)
        artifacts = _log_files(found, custom, prefix=request.prefix)
        table = custom.table()
        if table is not None:
            file = f"{request.prefix}{TABLE}.json"
            fluent.log_table(table, file)
            artifacts[TABLE] = EvaluationArtifact(fluent.get_artifact_uri(file))
    return EvaluationResult(metrics, artifacts, run.info.run_id)


def _measured(request: Request, examples: Examples, predicted: np.ndarray, subject: Subject | None) -> Findings:
    if request.model_type == "classifier":
        found = evaluate_classifier(examples, predicted, subject, request.config)
    elif request.model_type == "regressor":
        found = evaluate_regressor(examples, predicted, subject)
    else:
        return Findings()
    if subject is not None and request.config.get("log_model_explainability", True):
        table = feature_importance(subject, examples)
        if table is not None:
            found.tables["feature_importance"] = table
            found.figures["feature_importance_plot"] = plots.importances(table)
    return found


@contextmanager
def _run() -> Iterator[ActiveRun]:
    """The active run; without one, a run of its own that ends with the evaluation."""
    active = fluent.active_run()
    if active is not None:
        yield active
        return
    with fluent.start_run() as run:
        yield run


def _log_inputs(dataset: Dataset, model_id: str | None, *, context: str) -> None:
    model = entities.LoggedModelInput(model_id) if model_id else None
    fluent.log_input(dataset, context=context or None, model=model)


def _log_metrics(run: ActiveRun, metrics: Mapping[str, float], *, dataset: Dataset, model_id: str | None) -> None:
    """Link them to this dataset and model, and not to another model that the run has logged."""
    moment, facts = now_ms(), entity(dataset)
    origin = {"dataset_name": facts.name, "dataset_digest": facts.digest}
    if model_id:
        origin["model_id"] = model_id
    run.recorder.metrics([(key, value, 0, moment) for key, value in metrics.items()], **origin)


def _log_files(found: Findings, custom: Custom, *, prefix: str) -> dict[str, EvaluationArtifact]:
    with tempfile.TemporaryDirectory(prefix="assay-evaluation-") as scratch:
        files = {
            **{name: (f"{prefix}{name}.csv", _comma_separated(table)) for name, table in found.tables.items()},
            **{name: (f"{prefix}{name}.png", _picture(figure)) for name, figure in found.figures.items()},
            **custom.artifacts(_new(Path(scratch, "custom"))),
        }
        directory = _new(Path(scratch, "files"))
        for file, data in files.values():
            path = directory / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if files:
            fluent.log_artifacts(str(directory))
    return {name: EvaluationArtifact(fluent.get_artifact_uri(file), data) for name, (file, data) in files.items()}


def _new(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _comma_separated(table: pd.DataFrame) -> bytes:
    text: str = table.to_csv(index=False)
    return text.encode()


def _picture(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
