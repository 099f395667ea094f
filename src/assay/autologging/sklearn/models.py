"""Fitted estimators as logged models, and the tags that say what was trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.autologging.sklearn import training
from assay.flavors import sklearn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.autologging.patching import Call
    from assay.autologging.sklearn.training import Data
    from assay.data.schema import ModelSignature


def tags_of(estimator: Any) -> dict[str, str]:
    """The tags that say what was trained."""
    kind = type(estimator)
    return {"estimator_name": kind.__name__, "estimator_class": f"{kind.__module__}.{kind.__qualname__}"}


def log_model(
    call: Call, estimator: Any, data: Data, *, name: str, params: Mapping[str, Any] | None = None
) -> str | None:
    """Keep a fitted estimator; gives the id of the logged model, None when it is not kept."""
    if not call.options.log_models:
        return None
    with call.attempt(f"The model {type(estimator).__name__} is not logged"):
        info = sklearn.log_model(
            estimator,
            name=name,
            serialization_format=call.options.serialization_format,
            signature=_signature(call, estimator, data),
            input_example=data.sample() if call.options.log_input_examples else None,
            registered_model_name=call.options.registered_model_name,
            params=dict(params or {}),
        )
        return info.model_id
    return None


def _signature(call: Call, estimator: Any, data: Data) -> ModelSignature | bool:
    if call.options.log_model_signatures:
        with call.attempt("The model is logged without a signature"):
            return training.signature(estimator, data.sample())
    return False
