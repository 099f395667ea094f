"""How busy the machine is while runs go on: switch it on and off, and say how often to look.

The functions set the environment of this process, and of those that it starts.
"""

from __future__ import annotations

from assay.core import settings
from assay.core.lazy import require

__all__ = [
    "disable_system_metrics_logging",
    "enable_system_metrics_logging",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
]


def enable_system_metrics_logging() -> None:
    """Record the state of the machine with every run that starts from now on.

    Raises:
        ConfigurationError: psutil is not installed.
    """
    require("psutil", extra="system")
    settings.enable_system_metrics_logging.set(value=True)


def disable_system_metrics_logging() -> None:
    """Record the state of the machine only with runs that ask for it."""
    settings.enable_system_metrics_logging.set(value=False)


def set_system_metrics_sampling_interval(interval: float | None) -> None:
    """Look every `interval` seconds; None goes back to 10."""
    settings.system_metrics_sampling_interval.set(interval)


def set_system_metrics_samples_before_logging(samples: int | None) -> None:
    """Average so many looks into one point; None goes back to 1."""
    settings.system_metrics_samples_before_logging.set(samples)


def set_system_metrics_node_id(node_id: str | None) -> None:
    """Name this machine in the keys of its metrics, where several log to one run; None takes the name back."""
    settings.system_metrics_node_id.set(node_id)
