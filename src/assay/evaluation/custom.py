"""Metrics and artifacts that people define themselves, asked for what they say."""

from __future__ import annotations

import inspect
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from assay.core.errors import InvalidParameterValue
from assay.evaluation.metrics import EvaluationMetric, MetricValue
from assay.evaluation.result import EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.evaluation.examples import Examples
    from assay.evaluation.request import Request

_ABSENT = object()


class Custom:
    """What custom metrics and artifacts may ask for, and what the metrics have answered so far."""

    def __init__(
        self,
        request: Request,
        examples: Examples,
        predicted: np.ndarray,
        *,
        others: pd.DataFrame | None,
        metrics: Mapping[str, float],
    ) -> None:
        self._request = request
        self._examples = examples
        self._frame = pd.DataFrame({"prediction": predicted})
        if examples.targets is not None:
            self._frame["target"] = examples.targets
        self._others = others
        self.values = {name: MetricValue(aggregate_results={name: value}) for name, value in metrics.items()}

    def evaluate(self) -> None:
        """Ask each metric; one that builds on another comes after it.

        Raises:
            InvalidParameterValue: a metric asks for what is not there, or answers something else than numbers.
        """
        waiting = list(self._request.extra_metrics)
        while waiting:
            ready = [metric for metric in waiting if not self._missing(metric)]
            if not ready:
                missing = ", ".join(self._missing(waiting[0]))
                raise InvalidParameterValue(
                    f"The metric {waiting[0].name!r} asks for {missing}, which is no column, metric or option. "
                    "Map it to a column: evaluator_config={'col_mapping': {...}}."
                )
            for metric in ready:
                value = _value(metric, metric.eval_fn(*self._arguments(metric)), rows=len(self._frame))
                if value is not None:
                    self.values[metric.key] = value
            waiting = [metric for metric in waiting if metric not in ready]

    def numbers(self, *, prefix: str = "") -> dict[str, float]:
        """Every metric, those of `evaluate` first, by the names under which they are logged."""
        found = {}
        for key, value in self.values.items():
            for name, number in value.aggregate_results.items():
                if number is not None:
                    found[f"{prefix}{key}" if name == key.split("/")[0] else f"{prefix}{key}/{name}"] = float(number)
        return found

    def table(self) -> pd.DataFrame | None:
        """Features, answers, predictions and the scores of metrics that score rows; None when none does."""
        columns = {}
        for key, value in self.values.items():
            if value.scores is not None:
                columns[f"{key}/score"] = list(value.scores)
            if value.justifications is not None:
                columns[f"{key}/justification"] = list(value.justifications)
        if not columns:
            return None
        table = self._examples.features.reset_index(drop=True)
        if "target" in self._frame:
            table[self._examples.target_name] = self._frame["target"]
        table[self._examples.predictions_name] = self._frame["prediction"]
        return table.assign(**columns)

    def artifacts(self, directory: Path) -> dict[str, tuple[str, bytes]]:
        """Ask each function for its artifacts: the name of the file and its bytes, by name of the artifact.

        Raises:
            InvalidParameterValue: a function answers no dictionary, a name twice, or what cannot be kept.
        """
        found: dict[str, tuple[str, bytes]] = {}
        for number, function in enumerate(self._request.custom_artifacts):
            scratch = directory / str(number)
            scratch.mkdir()
            answer = function(self._frame.copy(), self.numbers(), str(scratch))
            for name, value in _named(function, answer).items():
                if name in found:
                    raise InvalidParameterValue(f"Two custom artifacts are called {name!r}. Rename one of them.")
                extension, data = _encoded(name, value)
                found[name] = (f"{name}{extension}", data)
        return found

    def _missing(self, metric: EvaluationMetric) -> list[str]:
        if _is_of_frame(metric.eval_fn):
            return []
        return [name for name, value in self._named(metric).items() if value is _ABSENT]

    def _arguments(self, metric: EvaluationMetric) -> list[Any]:
        if _is_of_frame(metric.eval_fn):
            return [self._frame.copy(), self.numbers()]
        return list(self._named(metric).values())

    def _named(self, metric: EvaluationMetric) -> dict[str, Any]:
        parameters = inspect.signature(metric.eval_fn).parameters.values()
        return {
            one.name: self._found(one.name, _ABSENT if one.default is one.empty else one.default)
            for one in parameters
            if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        }

    def _found(self, parameter: str, default: Any) -> Any:
        examples, config = self._examples, self._request.config
        column = (config.get("col_mapping") or {}).get(parameter, parameter)
        if not isinstance(column, str):
            return column
        frames = [frame for frame in (examples.features, self._others) if frame is not None]
        places: tuple[Mapping[str, Any], ...] = (
            {one: self._frame["prediction"].copy() for one in ("predictions", examples.predictions_name)},
            {one: self._frame["target"].copy() for one in ("targets", examples.target_name) if "target" in self._frame},
            {"metrics": dict(self.values)},
            *({column: frame[column].reset_index(drop=True)} for frame in frames if column in frame.columns),
            config,
            {key.split("/")[0]: value for key, value in self.values.items()},
        )
        return next((place[column] for place in places if column in place), default)


def _is_of_frame(function: Callable[..., Any]) -> bool:
    """Whether it takes a frame and the metrics as numbers, which is the older form."""
    names = list(inspect.signature(function).parameters)
    return len(names) == 2 and names[0] != "predictions" and names[1] != "targets"


def _value(metric: EvaluationMetric, answer: Any, *, rows: int) -> MetricValue | None:
    if answer is None:
        return None
    if isinstance(answer, MetricValue):
        if answer.scores is not None and len(answer.scores) != rows:
            raise InvalidParameterValue(f"The metric {metric.name!r} has {len(answer.scores)} scores for {rows} rows.")
        return answer
    try:
        return MetricValue(aggregate_results={metric.name: float(answer)})
    except (TypeError, ValueError) as error:
        raise InvalidParameterValue(
            f"The metric {metric.name!r} answers a {type(answer).__name__}. Return a number or a MetricValue."
        ) from error


def _named(function: Callable[..., Any], answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or not all(isinstance(name, str) for name in answer):
        name = getattr(function, "__name__", repr(function))
        raise InvalidParameterValue(f"The custom artifact function {name!r} must answer a dictionary by name.")
    return answer


def _encoded(name: str, value: Any) -> tuple[str, bytes]:
    """The extension and the bytes of the file that keeps an object."""
    if isinstance(value, pd.DataFrame):
        return ".csv", value.to_csv(index=False).encode()
    if isinstance(value, np.ndarray):
        buffer = io.BytesIO()
        np.save(buffer, value, allow_pickle=False)
        return ".npy", buffer.getvalue()
    if hasattr(value, "savefig"):
        buffer = io.BytesIO()
        value.savefig(buffer, format="png")
        return ".png", buffer.getvalue()
    if isinstance(value, dict | list):
        return ".json", json.dumps(value).encode()
    if isinstance(value, str | Path):
        return _text_or_file(name, value)
    raise InvalidParameterValue(
        f"The custom artifact {name!r} is a {type(value).__name__}. "
        "Give a frame, array, figure, text, dictionary or path."
    )


def _text_or_file(name: str, value: str | Path) -> tuple[str, bytes]:
    if isinstance(value, Path) or ("\n" not in value and len(value) < 1000 and Path(value).is_file()):
        path = Path(value)
        if path.suffix.lower() not in EXTENSIONS:
            raise InvalidParameterValue(
                f"The custom artifact {name!r} is the file {path.name!r}. Use one of {', '.join(sorted(EXTENSIONS))}."
            )
        return path.suffix.lower(), path.read_bytes()
    try:
        json.loads(value)
    except ValueError:
        return ".txt", value.encode()
    return ".json", value.encode()
