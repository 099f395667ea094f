"""What runs read and made, as a store keeps it: part of the contract in `store/base.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.wire.inputs import DatasetInput, DatasetSummary, ModelInput, ModelOutput

CONTEXT_TAG = "mlflow.data.context"
"""The tag of an input that says what a run used a dataset for."""


class Inputs(Protocol):
    """Datasets, and the edges between runs, datasets and logged models. Unknown run ids raise ResourceDoesNotExist."""

    def log_datasets(self, run_id: str, *, datasets: Sequence[DatasetInput]) -> None:
        """Note that the run read these. A dataset is one in its experiment by name and digest, as first described.

        A dataset that the run read already keeps its first tags.
        """

    def log_inputs(self, run_id: str, *, models: Sequence[ModelInput]) -> None:
        """Note that the run read these logged models, which need not be known; again changes nothing."""

    def log_outputs(self, run_id: str, *, models: Sequence[ModelOutput]) -> None:
        """Note that the run made these logged models, which need not be known; again keeps the first step."""

    def datasets(self, experiment_ids: Sequence[str], *, limit: int) -> list[DatasetSummary]:
        """Datasets that runs of these experiments read, once for each context, by experiment, name, digest, context."""
