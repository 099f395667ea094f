"""Names, events and states of webhooks, as MLflow has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.store.webhooks import ACTIVE, DISABLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.wire.webhooks import WebhookEvent

MAX_PAGE = 1000
DEFAULT_PAGE = 100
MAX_URL = 2000
MAX_SECRET = 1000
MAX_DESCRIPTION = 1000
ACTIONS = {
    "REGISTERED_MODEL": ("CREATED",),
    "MODEL_VERSION": ("CREATED",),
    "MODEL_VERSION_TAG": ("SET", "DELETED"),
    "MODEL_VERSION_ALIAS": ("CREATED", "DELETED"),
}
"""What can happen to what, so that webhooks are told."""

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def name(given: str) -> str:
    """The name of a webhook; several may have the same.

    Raises:
        InvalidParameterValue: it is too long, or holds other characters than letters, digits, dots, _ and -.
    """
    if not _NAME.fullmatch(given):
        raise InvalidParameterValue(
            f"Invalid webhook name {given[:100]!r}: use up to 63 letters, digits, dots, _ and -, the first and the "
            "last of them a letter or digit."
        )
    return given


def events(given: Sequence[WebhookEvent]) -> list[WebhookEvent]:
    """The events that a webhook is told of.

    Raises:
        InvalidParameterValue: there are none, or there is no such event.
    """
    if not given:
        raise InvalidParameterValue("A webhook needs at least one event, such as MODEL_VERSION CREATED.")
    return [event(one) for one in given]


def event(given: WebhookEvent) -> WebhookEvent:
    """An event that webhooks are told of.

    Raises:
        InvalidParameterValue: there is no such event; names those of the entity.
    """
    actions = ACTIONS.get(given.entity)
    if actions is None:
        raise InvalidParameterValue(f"Webhooks are not told of {given.entity[:50]!r}; use one of {', '.join(ACTIONS)}.")
    if given.action not in actions:
        raise InvalidParameterValue(
            f"Webhooks are not told of {given.entity} {given.action[:50]!r}; use {' or '.join(actions)}."
        )
    return given


def status(given: str) -> str:
    """Whether a webhook is told anything.

    Raises:
        InvalidParameterValue: neither ACTIVE nor DISABLED.
    """
    if given not in (ACTIVE, DISABLED):
        raise InvalidParameterValue(f"Invalid status {given[:50]!r} of a webhook: use {ACTIVE} or {DISABLED}.")
    return given


def text(given: str, kind: str, *, limit: int) -> str:
    """A text that is not too long; `kind` names it in errors.

    Raises:
        InvalidParameterValue: longer than `limit` characters.
    """
    if len(given) > limit:
        raise InvalidParameterValue(
            f"The {kind} of a webhook has {len(given)} characters; at most {limit} are allowed."
        )
    return given
