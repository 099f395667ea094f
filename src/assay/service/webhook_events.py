"""Which changes webhooks are told of, in which words, and how those are signed.

What is said to a webhook is stored in the transaction of the change, and sent later by `server.webhooks`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from assay.core import clock
from assay.wire import registry as wire
from assay.wire.webhooks import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.store.base import Session
    from assay.wire.base import Message

    Facts = dict[str, Any]

DELIVERY_HEADER = "X-MLflow-Delivery-Id"
TIMESTAMP_HEADER = "X-MLflow-Timestamp"
SIGNATURE_HEADER = "X-MLflow-Signature"

MODEL_MADE = ("REGISTERED_MODEL", "CREATED")
VERSION_MADE = ("MODEL_VERSION", "CREATED")
TAG_SET = ("MODEL_VERSION_TAG", "SET")
TAG_DELETED = ("MODEL_VERSION_TAG", "DELETED")
ALIAS_SET = ("MODEL_VERSION_ALIAS", "CREATED")
ALIAS_DELETED = ("MODEL_VERSION_ALIAS", "DELETED")


def _model(request: wire.CreateRegisteredModel, answer: Message) -> Facts:
    del answer
    return {"name": request.name, "tags": _tags(request.tags), "description": request.description or ""}


def _version(request: wire.CreateModelVersion, answer: wire.ModelVersionResponse) -> Facts:
    return {
        "name": request.name,
        "version": answer.model_version.version,
        "source": request.source,
        "run_id": request.run_id or None,
        "tags": _tags(request.tags),
        "description": request.description or None,
    }


def _rollback(request: wire.RollbackAlias, answer: wire.ModelVersionResponse) -> Facts:
    return {"name": request.name, "alias": request.alias, "version": answer.model_version.version}


def _tags(given: Sequence[wire.RegisteredModelTag | wire.ModelVersionTag]) -> dict[str, str]:
    return {tag.key: tag.value for tag in given}


def _fields(*names: str) -> Callable[[Message, Message], Facts]:
    return lambda request, _: {name: str(getattr(request, name)) for name in names}


_TOLD: dict[type[Message], tuple[tuple[str, str], Callable[[Any, Any], Facts]]] = {
    wire.CreateRegisteredModel: (MODEL_MADE, _model),
    wire.CreateModelVersion: (VERSION_MADE, _version),
    wire.SetModelVersionTag: (TAG_SET, _fields("name", "version", "key", "value")),
    wire.DeleteModelVersionTag: (TAG_DELETED, _fields("name", "version", "key")),
    wire.SetRegisteredModelAlias: (ALIAS_SET, _fields("name", "alias", "version")),
    wire.RollbackAlias: (ALIAS_SET, _rollback),
    wire.DeleteRegisteredModelAlias: (ALIAS_DELETED, _fields("name", "alias")),
}

_EXAMPLES: dict[tuple[str, str], Facts] = {
    MODEL_MADE: {"name": "example", "tags": {"key": "value"}, "description": "An example of a registered model"},
    VERSION_MADE: {
        "name": "example",
        "version": "1",
        "source": "models:/m-0123456789abcdef0123456789abcdef",
        "run_id": "0123456789abcdef0123456789abcdef",
        "tags": {"key": "value"},
        "description": "An example of a version",
    },
    TAG_SET: {"name": "example", "version": "1", "key": "key", "value": "value"},
    TAG_DELETED: {"name": "example", "version": "1", "key": "key"},
    ALIAS_SET: {"name": "example", "alias": "champion", "version": "1"},
    ALIAS_DELETED: {"name": "example", "alias": "champion"},
}


def announce(session: Session, request: Message, answer: Message) -> None:
    """Let those webhooks wait for news that are to be told of what the request has changed."""
    told = _TOLD.get(type(request))
    if told is None:
        return
    (entity, action), facts = told
    event = WebhookEvent(entity=entity, action=action)
    session.webhooks.tell(event, body=_body(event, facts(request, answer)), now=clock.now_ms())


def example(event: WebhookEvent) -> str:
    """What a webhook would be told of such an event."""
    return _body(event, _EXAMPLES[event.entity, event.action])


def _body(event: WebhookEvent, facts: Facts) -> str:
    moment = datetime.fromtimestamp(clock.now_ms() / 1000, tz=timezone.utc)
    said = {
        "entity": event.entity.lower(),
        "action": event.action.lower(),
        "timestamp": moment.isoformat(timespec="microseconds"),
        "data": facts,
    }
    return json.dumps(said)


def headers(delivery_id: str, body: str, *, secret: str | None) -> dict[str, str]:
    """What stands above a body: its id, the time in seconds and, with a secret, a signature of all three.

    The signature is the HMAC-SHA256 of `<delivery id>.<time>.<body>`, in base64 after `v1,`, as MLflow makes it.
    """
    moment = str(clock.now_ms() // 1000)
    found = {"Content-Type": "application/json", DELIVERY_HEADER: delivery_id, TIMESTAMP_HEADER: moment}
    if secret:
        digest = hmac.new(secret.encode(), f"{delivery_id}.{moment}.{body}".encode(), hashlib.sha256).digest()
        found[SIGNATURE_HEADER] = f"v1,{base64.b64encode(digest).decode()}"
    return found
