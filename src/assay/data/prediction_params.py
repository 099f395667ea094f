"""The params of a prediction, brought into the form that a model's signature asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.data.schema import ParamSchema

_log = logger("data")


def enforce_params(params: Mapping[str, Any] | None, schema: ParamSchema | None) -> dict[str, Any]:
    """All params of the schema: those that are given, and defaults for the others.

    Params that the schema does not know are left out with a warning in the log, all of them where there is no schema.

    Raises:
        InvalidParameterValue: a param is of a type or shape that cannot be brought into its own; names every one.
    """
    if params is not None and not isinstance(params, dict):
        raise InvalidParameterValue(f"The params of a prediction are a dictionary, not a {type(params).__name__}.")
    given = {str(name): value for name, value in (params or {}).items()}
    specs = {spec.name: spec for spec in schema or ()}
    if unknown := sorted(set(given) - set(specs)):
        known = ", ".join(specs) or "none"
        _log.warning("The model's signature has no params %s; they are left out. It has: %s", unknown, known)
    found, faults = {}, []
    for name, spec in specs.items():
        try:
            found[name] = spec.converted(given[name]) if name in given else spec.default
        except ValueError as error:
            faults.append(f"{name!r} {error}")
    if faults:
        raise InvalidParameterValue(f"Params of the prediction do not fit the model's signature: {'; '.join(faults)}.")
    return found
