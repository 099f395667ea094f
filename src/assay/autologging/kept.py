"""Models of trainings: begun before a training where its metrics are to be those of its model, kept after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.autologging import records
from assay.client import entities, fluent
from assay.client.api import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.autologging.patching import Call
    from assay.data.schema import ModelSignature
    from assay.flavors.mlmodel import ModelInfo

NAME = "model"


def begin_model(call: Call, params: Mapping[str, Any]) -> str | None:
    """Begin a logged model, so that metrics can be recorded as its own; None when it is not to be kept."""
    if not call.options.log_models:
        return None
    run_id: str = records.run_of(call).info.run_id
    with call.attempt("The metrics are not linked to the model"):
        texts = {name: str(value) for name, value in params.items()}
        return str(fluent.initialize_logged_model(NAME, run_id, params=texts).model_id)
    return None


def abandon_model(call: Call, model_id: str) -> None:
    """Mark a model that was begun as failed: its training was."""
    client = Client(records.run_of(call).connection.transport.uri)
    client.finalize_logged_model(model_id, entities.LoggedModelStatus.FAILED)


def log_model(
    call: Call,
    log: Callable[..., ModelInfo],
    sample: Callable[[], Any],
    describe: Callable[[Any], ModelSignature],
    *,
    name: str = NAME,
    **facts: Any,
) -> str | None:
    """Keep what was trained, as `log` does it; gives the id of the logged model, None when it is not kept.

    `sample` gives rows of the training data, None for unknown ones, and `describe` what goes in and comes out of them.
    """
    if not call.options.log_models:
        return None
    with call.attempt(f"The model {name!r} is not logged"):
        rows = sample() if call.options.log_input_examples or call.options.log_model_signatures else None
        info = log(
            name=name,
            signature=_signature(call, rows, describe),
            input_example=rows if call.options.log_input_examples else None,
            registered_model_name=call.options.registered_model_name,
            **facts,
        )
        return info.model_id
    return None


def _signature(call: Call, rows: Any, describe: Callable[[Any], ModelSignature]) -> ModelSignature | bool:
    if call.options.log_model_signatures and rows is not None:
        with call.attempt("The model is logged without a signature"):
            return describe(rows)
    return False
