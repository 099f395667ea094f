"""Datasets: what a run was trained on, by name and a fingerprint of its content.

>>> import pandas, assay
>>> dataset = assay.data.from_pandas(pandas.DataFrame({"x": [1, 2, 3]}), name="numbers")
>>> with assay.start_run():
...     assay.log_input(dataset, context="training")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.lazy import lazy_names

if TYPE_CHECKING:
    from assay.data.arrays import NumpyDataset, from_numpy
    from assay.data.dataset import Dataset, MetaDataset, get_source
    from assay.data.frames import PandasDataset, from_pandas
    from assay.data.sources import (
        ArtifactDatasetSource,
        CodeDatasetSource,
        DatasetSource,
        HTTPDatasetSource,
        get_dataset_source_from_json,
        get_registered_sources,
    )

__all__ = [
    "ArtifactDatasetSource",
    "CodeDatasetSource",
    "Dataset",
    "DatasetSource",
    "HTTPDatasetSource",
    "MetaDataset",
    "NumpyDataset",
    "PandasDataset",
    "from_numpy",
    "from_pandas",
    "get_dataset_source_from_json",
    "get_registered_sources",
    "get_source",
]

_HOMES = {
    "arrays": "NumpyDataset from_numpy",
    "dataset": "Dataset MetaDataset get_source",
    "frames": "PandasDataset from_pandas",
    "sources": (
        "ArtifactDatasetSource CodeDatasetSource DatasetSource HTTPDatasetSource get_dataset_source_from_json "
        "get_registered_sources"
    ),
}

__getattr__, __dir__ = lazy_names(
    __name__, {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names.split()}
)
