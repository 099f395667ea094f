"""The data of an evaluation: what the model reads, the right answers, predictions that stand there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from assay.core.errors import InvalidParameterValue, NotSupported
from assay.data.arrays import NumpyDataset, from_numpy
from assay.data.dataset import Dataset
from assay.data.frames import PandasDataset, from_pandas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.evaluation.request import Request

PREDICTIONS = "outputs"
TARGET = "target"


@dataclass(frozen=True)
class Examples:
    """Rows to evaluate on, checked: of one length, without missing answers."""

    features: pd.DataFrame
    targets: np.ndarray | None
    predictions: np.ndarray | None
    weights: np.ndarray | None
    dataset: Dataset
    target_name: str
    predictions_name: str
    named: bool
    """Whether the columns have names of the caller's; otherwise an estimator reads them as an array."""

    def inputs(self, *, as_frame: bool) -> Any:
        """A copy of the features, so that a model that writes into them changes nothing here."""
        return self.features.copy() if as_frame or self.named else self.features.to_numpy(copy=True)


def read(request: Request) -> Examples:
    """The rows that an evaluation asks for.

    Raises:
        InvalidParameterValue: columns are missing, lengths differ, there are no rows, or answers are missing values.
        NotSupported: the data is of a kind that cannot be read.
    """
    if isinstance(request.data, Dataset):
        found = _of_dataset(request, request.data)
    elif isinstance(request.data, pd.DataFrame):
        found = _of_frame(request, request.data, targets=request.targets, predictions=request.predictions)
    elif isinstance(request.data, np.ndarray | list | tuple):
        found = _of_array(request, request.data)
    else:
        raise NotSupported(f"A {type(request.data).__name__} cannot be evaluated on. Give a frame, array or dataset.")
    _check(found, request)
    return found


def _of_dataset(request: Request, dataset: Dataset) -> Examples:
    if request.targets is not None or (request.model is None and request.predictions is not None):
        raise InvalidParameterValue("A dataset names its targets and predictions itself. Leave them out of evaluate().")
    if isinstance(dataset, PandasDataset):
        predictions = dataset.predictions if request.model is None else None
        return _of_frame(request, dataset.df, targets=dataset.targets, predictions=predictions, dataset=dataset)
    if isinstance(dataset, NumpyDataset):
        return _of_array(request, dataset.features, targets=dataset.targets, dataset=dataset)
    raise NotSupported(f"A {type(dataset).__name__} has no rows at hand. Give a dataset of a frame or of arrays.")


def _of_frame(
    request: Request, frame: pd.DataFrame, *, targets: Any, predictions: str | None, dataset: Dataset | None = None
) -> Examples:
    aside = [name for name in (targets, predictions) if isinstance(name, str)]
    if request.model is not None and predictions is not None and predictions not in frame.columns:
        aside.remove(predictions)  # it names a column of what the model answers
    wanted = [*(request.feature_names or ()), *aside]
    if missing := [name for name in wanted if name not in frame.columns]:
        raise InvalidParameterValue(f"The data has no column {missing[0]!r}. It has: {', '.join(map(str, frame))}.")
    answers = frame[targets].to_numpy() if isinstance(targets, str) else targets
    return Examples(
        features=frame[list(request.feature_names)] if request.feature_names else frame.drop(columns=aside),
        targets=None if answers is None else column(answers, "targets"),
        predictions=column(frame[predictions], "predictions") if predictions in aside else None,
        weights=_weights(request),
        dataset=dataset
        or from_pandas(
            frame,
            source=request.source,
            targets=targets if isinstance(targets, str) else None,
            predictions=predictions if predictions in aside else None,
        ),
        target_name=targets if isinstance(targets, str) else TARGET,
        predictions_name=predictions or PREDICTIONS,
        named=True,
    )


def _of_array(request: Request, data: Any, *, targets: Any = None, dataset: Dataset | None = None) -> Examples:
    array = np.asarray(data)
    if array.ndim != 2:
        raise InvalidParameterValue(
            f"The array has {array.ndim} dimensions. Give one with two, rows and columns, or a frame."
        )
    answers = request.targets if targets is None else targets
    if isinstance(answers, str):
        raise InvalidParameterValue(f"An array has no column {answers!r}. Give the targets as an array.")
    answers = None if answers is None else column(answers, "targets")
    return Examples(
        features=pd.DataFrame(array, columns=_names(request.feature_names, array.shape[1])),
        targets=answers,
        predictions=None,
        weights=_weights(request),
        dataset=dataset or from_numpy(array, source=request.source, targets=answers),
        target_name=TARGET,
        predictions_name=request.predictions or PREDICTIONS,
        named=request.feature_names is not None,
    )


def _names(given: Sequence[str] | None, count: int) -> list[str]:
    if given is None:
        return [f"feature_{number:0{len(str(count))}}" for number in range(1, count + 1)]
    if len(given) != count:
        raise InvalidParameterValue(f"There are {len(given)} feature_names for {count} columns.")
    return list(given)


def _weights(request: Request) -> np.ndarray | None:
    given = request.config.get("sample_weights")
    return None if given is None else column(given, "sample_weights").astype(float)


def column(values: Any, what: str) -> np.ndarray:
    """One value for each row; numbers that are kept as Python objects become numbers.

    Raises:
        InvalidParameterValue: there are several columns.
    """
    array = np.asarray(values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise InvalidParameterValue(f"{what} must be one column; they have the shape {array.shape}.")
    found: np.ndarray = pd.Series(array).infer_objects().to_numpy() if array.dtype == object else array
    return found


def _check(examples: Examples, request: Request) -> None:
    rows = len(examples.features)
    if rows == 0:
        raise InvalidParameterValue("The data has no rows.")
    if request.model_type and examples.targets is None:
        raise InvalidParameterValue(f"A {request.model_type} is measured against answers. Give targets.")
    if request.model is None and examples.predictions is None:
        raise InvalidParameterValue("Give a model, or the column of the data that holds its predictions.")
    columns = {
        "targets": examples.targets,
        "predictions": examples.predictions,
        "sample_weights": examples.weights,
    }
    for what, values in columns.items():
        if values is not None:
            check_column(values, what, rows=rows)


def check_column(values: np.ndarray, what: str, *, rows: int) -> None:
    """Refuse a column that does not fit the data.

    Raises:
        InvalidParameterValue: it is too long or too short, or holds missing values.
    """
    if len(values) != rows:
        raise InvalidParameterValue(f"There are {len(values)} {what} for {rows} rows.")
    missing = np.flatnonzero(pd.isna(values))
    if missing.size:
        raise InvalidParameterValue(
            f"{what} are missing (NaN or None) in {missing.size} of {rows} rows, first in row {missing[0]}. "
            "Drop these rows, or fill them in."
        )
