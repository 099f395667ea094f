"""Names for runs."""

from __future__ import annotations

from assay.core.ids import run_name

__all__: list[str] = []


def _generate_random_name() -> str:
    """Two words and a number."""
    return run_name()
