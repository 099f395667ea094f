"""Datasets of pandas frames."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.data.dataset import Dataset
from assay.data.digests import frame_digest
from assay.data.signature import infer_schema
from assay.data.sources import resolve_dataset_source

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]

    from assay.data.schema import Schema
    from assay.data.sources import DatasetSource

_log = logger("data")


class PandasDataset(Dataset):
    """A pandas frame, with the columns that hold targets and predictions named."""

    def __init__(
        self,
        df: pd.DataFrame,
        source: DatasetSource,
        targets: str | None = None,
        name: str | None = None,
        digest: str | None = None,
        predictions: str | None = None,
    ) -> None:
        for what, column in (("targets", targets), ("predictions", predictions)):
            if column is not None and column not in df.columns:
                raise InvalidParameterValue(f"The frame has no column {column!r}, which {what!r} names.")
        self._df = df
        self._targets = targets
        self._predictions = predictions
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        return frame_digest(self._df)

    @property
    def df(self) -> pd.DataFrame:
        """The frame."""
        return self._df

    @property
    def targets(self) -> str | None:
        """The column of targets."""
        return self._targets

    @property
    def predictions(self) -> str | None:
        """The column of predictions."""
        return self._predictions

    @property
    def profile(self) -> dict[str, int]:
        """The numbers of rows and of cells."""
        return {"num_rows": len(self._df), "num_elements": int(self._df.size)}

    @cached_property
    def schema(self) -> Schema | None:
        """The columns with their types; None, and a warning, for a frame that no schema describes."""
        try:
            return infer_schema(self._df) if len(self._df.columns) else None
        except InvalidParameterValue as error:
            _log.warning("The dataset %r is logged without a schema: %s", self.name, error)
            return None


def from_pandas(
    df: pd.DataFrame,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PandasDataset:
    """The dataset of a pandas frame.

    Args:
        df: The frame.
        source: Where it came from: a path, a URI, an address. By default, the code that runs now.
        targets: The column that holds what is to be predicted.
        name: What the dataset is called; `dataset` by default.
        digest: A fingerprint of the content; computed from the first 10,000 rows by default.
        predictions: The column that holds predictions.

    Raises:
        InvalidParameterValue: a column is missing, or the kind of source is not known.
        ConfigurationError: pandas is not installed.

    Example:
        >>> import assay, pandas
        >>> assay.data.from_pandas(pandas.DataFrame({"x": [1, 2, 3]})).profile
        {'num_rows': 3, 'num_elements': 3}
    """
    return PandasDataset(
        df, resolve_dataset_source(source), targets=targets, name=name, digest=digest, predictions=predictions
    )
