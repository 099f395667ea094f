"""The module-level verbs under their older path."""

from __future__ import annotations

from typing import Any

from assay.client.fluent import NAMES, experiments
from assay.client.fluent import __getattr__ as _load

__all__ = sorted(NAMES)  # noqa: PLE0605


def _get_experiment_id() -> str:
    """The id of the experiment that new runs go to."""
    return experiments.active_id()


def __getattr__(name: str) -> Any:
    if name == "_active_experiment_id":
        chosen = experiments.chosen_experiment()
        return chosen.experiment_id if chosen else None
    return _load(name)
