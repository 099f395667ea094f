"""Models in the skops format: a ZIP file of arrays and names of types, of which only trusted ones are made.

Types beyond those that a flavor trusts by itself are named in the MLmodel file, by whoever wrote the model: they are
made only where the settings allow to load pickles, which could do as much.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.core.lazy import require
from assay.flavors import installed, pickles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SKOPS = "skops"


def write(model: Any, file: Path, *, trusted: Sequence[str], extra: str) -> None:
    """Write a model into a file.

    Raises:
        InvalidParameterValue: it holds what the format cannot keep, or types that are not trusted.
    """
    skops = require("skops.io", extra=extra)
    try:
        skops.dump(model, file)
    except (TypeError, AttributeError, skops.exceptions.UnsupportedTypeException) as error:
        raise InvalidParameterValue(
            f"The model cannot be saved with skops: {error}. Use serialization_format='cloudpickle'."
        ) from error
    unknown = sorted(set(skops.get_untrusted_types(file=file)).difference(trusted))
    if unknown:
        raise InvalidParameterValue(
            f"The model holds types that are not trusted: {', '.join(unknown)}. "
            "Name them in skops_trusted_types, or use serialization_format='cloudpickle'."
        )


def read(file: Path, *, trusted: Sequence[str], named: Sequence[str], model_uri: str, extra: str) -> Any:
    """The model in a file; types that are `named` in its description, and not `trusted`, count as code.

    Raises:
        ConfigurationError: it has such types, and the settings do not allow to load code.
        ConfigurationError: a library that its types are of is not installed.
        InvalidParameterValue: it holds types that are neither trusted nor named.
        DataLoss: the file is damaged.
    """
    skops = require("skops.io", extra=extra)
    try:
        untrusted = set(skops.get_untrusted_types(file=file))
        if untrusted.difference(trusted):
            pickles.check_allowed(model_uri, what="holds types that skops does not know")
        if unknown := sorted(untrusted.difference(trusted, named)):
            raise InvalidParameterValue(
                f"The model at {model_uri!r} holds types that nobody named as trusted: {', '.join(unknown)}."
            )
        with installed.explained(file.parent, model_uri):
            return skops.load(file, trusted=sorted(untrusted))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise DataLoss(f"The model file {str(file)!r} is damaged, or skops cannot keep such models: {error}") from error
