"""A saved model by its URI, for an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import NotSupported
from assay.flavors import bundle, sklearn
from assay.flavors.mlmodel import Model

if TYPE_CHECKING:
    from collections.abc import Mapping


def load(model_uri: str, *, model_config: Mapping[str, Any] | None) -> tuple[Any, str | None]:
    """The model, and the id under which it is logged, where it is.

    Raises:
        ResourceDoesNotExist: there is no model.
        NotSupported: it is of a library whose models cannot be evaluated yet.
    """
    directory = bundle.fetch(model_uri)
    description = Model.load(directory)
    if sklearn.FLAVOR not in description.flavors or model_config:
        raise NotSupported(
            f"The model at {model_uri!r} is of {', '.join(description.flavors) or 'no library'}; only models of "
            "scikit-learn are loaded by URI. Load it, and give evaluate() a function that asks it."
        )
    return sklearn.load_model(str(directory)), getattr(description, "model_id", None)
