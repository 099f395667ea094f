"""A loaded model that answers requests: from the bytes of one to the bytes of its answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assay.core.errors import AssayError, BadRequest
from assay.core.lazy import require
from assay.core.log import logger
from assay.flavors import pyfunc
from assay.server.errors import outcome
from assay.serving import inputs, outputs

if TYPE_CHECKING:
    from assay.flavors.predictor import PyFuncModel

_log = logger("serving")


def load(model_uri: str) -> Scorer:
    """The model at a URI or path, ready to answer.

    Raises:
        AssayError: there is none, it may not be loaded, its files have changed, a library is missing, or it cannot
            predict; says why, and what to do.
    """
    return Scorer(pyfunc.load_model(model_uri))


class Scorer:
    """Answers requests about one model; from any number of threads, as far as the model allows that."""

    def __init__(self, model: PyFuncModel) -> None:
        require("pandas", extra="pandas")  # now, and not when the first request waits
        schema = model.metadata.get_input_schema()
        self.model = model
        self._schema = schema if schema is not None and len(schema) else None
        self._hinted = bool(model.metadata.is_signature_from_type_hint)

    def score(self, body: bytes, content_type: str) -> bytes:
        """The answer, JSON, to a request of one of `inputs.CONTENT_TYPES`.

        Raises:
            BadRequest: the request is not of a form that is read, or the model fails on it.
            InvalidParameterValue: data or params do not fit the model's signature; names the column or param.
            AssayError: the predictions hold what JSON cannot express.
        """
        data, params = inputs.read(body, content_type, self._schema, hinted=self._hinted)
        predictions, error = outcome(partial(self.model.predict, data, params))
        if error is None:
            return outputs.encode(predictions)
        if isinstance(error, AssayError):
            raise error
        _log.error("The model failed.", exc_info=error)
        raise BadRequest(
            f"The model failed on this input: {type(error).__name__}: {error}. Check that the data is what it was "
            "trained on."
        ) from error
