"""The heavy part of an evaluation, opened when one is asked for: NumPy, pandas, scikit-learn and Matplotlib."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from assay.core.errors import ConfigurationError
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.evaluation.request import Request
    from assay.evaluation.result import EvaluationResult


def open_procedure() -> Callable[[Request], EvaluationResult]:
    """The function that carries an evaluation out.

    Raises:
        ConfigurationError: a library that it needs is not installed.
    """
    require("sklearn", extra="sklearn")
    require("pandas", extra="pandas")
    if find_spec("matplotlib") is None:
        raise ConfigurationError("matplotlib, which draws the figures, is not installed: pip install matplotlib")
    from assay.evaluation.procedure import perform

    return perform
