"""`evaluate`: what it takes, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, NotSupported
from assay.evaluation.metrics import EvaluationMetric
from assay.evaluation.open import open_procedure
from assay.evaluation.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.evaluation.result import EvaluationResult

DEFAULT = "default"
CLASSIFIER = "classifier"
REGRESSOR = "regressor"


def evaluate(  # noqa: PLR0913 -- MLflow's signature
    model: Any = None,
    data: Any = None,
    *,
    model_type: str | None = None,
    targets: Any = None,
    predictions: str | None = None,
    dataset_path: str | None = None,
    feature_names: Sequence[str] | None = None,
    evaluators: str | Sequence[str] | None = None,
    evaluator_config: Mapping[str, Any] | None = None,
    extra_metrics: Sequence[EvaluationMetric] | None = None,
    custom_artifacts: Sequence[Callable[..., Any]] | None = None,
    env_manager: str = "local",
    model_config: Mapping[str, Any] | None = None,
    inference_params: Mapping[str, Any] | None = None,
    model_id: str | None = None,
) -> EvaluationResult:
    """Measure a classifier or regressor on data whose answers are known, and log metrics and figures.

    They go to the active run (one is started, and ended, when there is none), with the dataset as its input; metrics
    are linked to the dataset, and to the logged model where it is known.

    Args:
        model: a fitted estimator, a function of a frame, an object with `predict`, the URI of a saved model; None
            when the predictions stand in the data.
        data: a pandas frame, a NumPy array or list of rows, or a dataset of `assay.data`.
        model_type: `classifier` or `regressor`; None for `extra_metrics` alone.
        targets: the column of the right answers, or the answers themselves; a dataset names them itself.
        predictions: the column of predictions, in the data or among several that the model answers.
        dataset_path: where the data came from, to be recorded as their source.
        feature_names: the columns that the model reads, or names for those of an array; by default all others.
        evaluators: `default`, `classifier` or `regressor`.
        evaluator_config: `label_list`, `pos_label`, `sample_weights` (one for each row), `average` (of more than two
            classes: `weighted`, `macro`, `micro`), `metric_prefix`, `max_classes_for_multiclass_roc_pr` (10),
            `calibration_n_bins`, `log_model_explainability` (False leaves feature importance out), `col_mapping`
            (names of columns by parameter of a custom metric), and what custom metrics ask for.
        extra_metrics: metrics of one's own, from `make_metric`.
        custom_artifacts: functions of a frame with `prediction` and `target`, the metrics, and a directory, that
            answer frames, figures, arrays, texts, dictionaries or paths by name.
        env_manager: `local` is the only one there is.
        model_config: what `load_model` is to be told, for a URI.
        inference_params: for hosted endpoints, which are out of scope.
        model_id: the logged model to link to; by default that of the model, or else the active one.

    Raises:
        InvalidParameterValue: data, columns, labels or options do not fit; targets or predictions are missing values.
        NotSupported: the kind of model, evaluator or environment is not offered.
        ConfigurationError: scikit-learn, pandas or Matplotlib is not installed.

    Example:
        >>> from sklearn.datasets import load_iris
        >>> from sklearn.linear_model import LogisticRegression
        >>> flowers = load_iris(as_frame=True)
        >>> model = LogisticRegression(max_iter=1000).fit(flowers.data, flowers.target)
        >>> result = evaluate(model, flowers.frame, targets="target", model_type="classifier")
        >>> sorted(result.artifacts)[:2]
        ['calibration_curve_plot', 'confusion_matrix']
    """
    if data is None:
        raise InvalidParameterValue("Give the data to evaluate on: a frame, an array or a dataset.")
    if env_manager != "local":
        raise NotSupported(f"env_manager={env_manager!r} is not offered: models run in this environment, 'local'.")
    if inference_params is not None:
        raise NotSupported("inference_params are for hosted endpoints, which Assay does not call.")
    _check_type(model_type, extra_metrics)
    config = _config(evaluators, evaluator_config, model_type)
    mapping = config.get("col_mapping") or {}
    request = Request(
        model=model,
        data=data,
        model_type=model_type,
        targets=mapping.get(targets, targets) if isinstance(targets, str) else targets,
        predictions=mapping.get(predictions, predictions),
        source=dataset_path,
        feature_names=feature_names,
        config=config,
        extra_metrics=_metrics(extra_metrics),
        custom_artifacts=custom_artifacts or (),
        model_config=model_config,
        model_id=model_id,
    )
    return open_procedure()(request)


def list_evaluators() -> list[str]:
    """Names that `evaluators` takes."""
    return [DEFAULT, CLASSIFIER, REGRESSOR]


def _check_type(model_type: str | None, extra_metrics: Sequence[EvaluationMetric] | None) -> None:
    if model_type is None and not extra_metrics:
        raise InvalidParameterValue("Say model_type='classifier' or 'regressor', or give extra_metrics.")
    if model_type not in (None, CLASSIFIER, REGRESSOR):
        raise NotSupported(f"model_type={model_type!r} is not offered. Use 'classifier' or 'regressor'.")


def _config(
    evaluators: str | Sequence[str] | None, config: Mapping[str, Any] | None, model_type: str | None
) -> Mapping[str, Any]:
    """The options of the one evaluator that applies; they may stand under its name."""
    names = [DEFAULT] if evaluators is None else [evaluators] if isinstance(evaluators, str) else list(evaluators)
    usable = {DEFAULT, model_type}
    if not names or not usable.issuperset(names):
        raise NotSupported(f"evaluators={evaluators!r} cannot evaluate a {model_type}. Use {DEFAULT!r}.")
    options = dict(config or {})
    for name in names:
        if isinstance(options.get(name), dict):
            return dict(options[name])
    return options


def _metrics(extra_metrics: Sequence[EvaluationMetric] | None) -> Sequence[EvaluationMetric]:
    for metric in extra_metrics or ():
        if not isinstance(metric, EvaluationMetric):
            raise InvalidParameterValue(
                f"extra_metrics has a {type(metric).__name__}. Make metrics with make_metric(eval_fn=...)."
            )
    return extra_metrics or ()
