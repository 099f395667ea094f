"""Datasets: what a run was trained on, by name and a fingerprint of its content."""

from typing import Any

from assay.data import (
    Dataset,
    DatasetSource,
    from_numpy,
    from_pandas,
    get_dataset_source_from_json,
    get_registered_sources,
    get_source,
)
from mlflow._aliases import offer
from mlflow._offer import missing

__all__ = [
    "Dataset",
    "DatasetSource",
    "from_numpy",
    "from_pandas",
    "get_dataset_source_from_json",
    "get_registered_sources",
    "get_source",
]

_LATER = frozenset(("from_huggingface", "from_polars", "from_spark", "from_tensorflow", "load_delta"))

offer(
    __name__,
    {
        "code_dataset_source": "CodeDatasetSource",
        "dataset": "Dataset",
        "dataset_source": "DatasetSource",
        "http_dataset_source": "HTTPDatasetSource",
        "meta_dataset": "MetaDataset",
        "numpy_dataset": "NumpyDataset from_numpy",
        "pandas_dataset": "PandasDataset from_pandas",
        "sources": "ArtifactDatasetSource CodeDatasetSource HTTPDatasetSource",
    },
    home="assay.data",
)
offer(__name__, {"schema": "TensorDatasetSchema"}, home="assay.data.arrays")
offer(
    __name__,
    {"dataset_source_registry": "get_dataset_source_from_json get_registered_sources resolve_dataset_source"},
    home="assay.data.sources",
)


def __getattr__(name: str) -> Any:
    raise missing(__name__, name, _LATER)
