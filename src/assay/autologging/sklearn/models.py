"""Fitted estimators as logged models, and the tags that say what was trained."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from assay.autologging import kept
from assay.autologging.sklearn import training
from assay.flavors import sklearn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.autologging.patching import Call
    from assay.autologging.sklearn.training import Data
    from assay.flavors.mlmodel import ModelInfo


def tags_of(estimator: Any) -> dict[str, str]:
    """The tags that say what was trained."""
    kind = type(estimator)
    return {"estimator_name": kind.__name__, "estimator_class": f"{kind.__module__}.{kind.__qualname__}"}


def log_model(
    call: Call, estimator: Any, data: Data, *, name: str, params: Mapping[str, Any] | None = None
) -> str | None:
    """Keep a fitted estimator of scikit-learn; gives the id of the logged model, None when it is not kept."""
    log = partial(sklearn.log_model, estimator, serialization_format=call.options.serialization_format)
    return log_estimator(call, log, estimator, data, name=name, params=dict(params or {}))


def log_estimator(call: Call, log: Callable[..., ModelInfo], estimator: Any, data: Data, **facts: Any) -> str | None:
    """Keep a fitted estimator of any library, as `log` does it."""
    return kept.log_model(call, log, data.sample, partial(training.signature, estimator), **facts)
