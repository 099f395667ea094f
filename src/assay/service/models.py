"""Handlers for `wire.models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.service.dispatch import Context, handles
from assay.wire import models as wire

if TYPE_CHECKING:
    from assay.store.base import Session


@handles(wire.SearchLoggedModels)
def search_logged_models(
    context: Context, session: Session, request: wire.SearchLoggedModels
) -> wire.SearchLoggedModelsResponse:
    """Find nothing: models are artifacts of their runs."""
    del context, session, request
    return wire.SearchLoggedModelsResponse()
