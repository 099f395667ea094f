"""Registered models and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.client.entities.base import Entity, Pair, by_key

if TYPE_CHECKING:
    from assay.wire import registry as wire


class RegisteredModelTag(Pair):
    """A label of a registered model."""


class ModelVersionTag(Pair):
    """A label of a version of a model."""


class RegisteredModelAlias(Entity):
    """A name that stands for one version of a model, and can be moved to another."""

    alias: str
    version: str


class AliasChange(Entity):
    """One set or deletion of an alias at `timestamp`, in milliseconds; `version` is None where it was deleted.

    `user` is who did it, as far as the server knows, else who that client said it was; it may be empty.
    """

    alias: str
    version: str | None
    timestamp: int
    user: str
    note: str


class ModelVersion(Entity):
    """One version of a registered model; times in milliseconds since the epoch, `version` a whole number as text.

    `source` is where it was said to come from. What a version has none of is an empty text, or None.
    """

    name: str
    version: str
    creation_timestamp: int
    last_updated_timestamp: int | None = None
    description: str | None = None
    user_id: str | None = None
    current_stage: str | None = None
    source: str | None = None
    run_id: str | None = None
    status: str = "READY"
    status_message: str | None = None
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    run_link: str | None = None
    aliases: list[str] = msgspec.field(default_factory=list)
    model_id: str | None = None

    def __post_init__(self) -> None:
        self.tags = by_key(self.tags)


class RegisteredModel(Entity):
    """A model under a name; times in milliseconds since the epoch.

    `latest_versions` holds the newest version in each stage, `aliases` the version of each alias.
    """

    name: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    description: str | None = None
    latest_versions: list[ModelVersion] = msgspec.field(default_factory=list)
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)
    deployment_job_id: str | None = None

    def __post_init__(self) -> None:
        self.tags = by_key(self.tags)
        self.aliases = _versions_by_alias(self.aliases)


def _versions_by_alias(given: Any) -> dict[str, str]:
    return given if isinstance(given, dict) else {one.alias: one.version for one in given or ()}


def alias_change(message: wire.AliasChange) -> AliasChange:
    """The change of a wire message."""
    return AliasChange(
        alias=message.alias,
        version=message.version or None,
        timestamp=message.changed_at,
        user=message.changed_by,
        note=message.note,
    )


def registered_model(message: wire.RegisteredModel) -> RegisteredModel:
    """The registered model of a wire message."""
    return RegisteredModel(
        name=message.name,
        creation_timestamp=message.creation_timestamp,
        last_updated_timestamp=message.last_updated_timestamp,
        description=message.description,
        latest_versions=[model_version(one) for one in message.latest_versions],
        tags={tag.key: tag.value for tag in message.tags},
        aliases={one.alias: one.version for one in message.aliases},
        deployment_job_id=message.deployment_job_id or None,
    )


def model_version(message: wire.ModelVersion) -> ModelVersion:
    """The version of a wire message."""
    return ModelVersion(
        name=message.name,
        version=message.version,
        creation_timestamp=message.creation_timestamp,
        last_updated_timestamp=message.last_updated_timestamp,
        description=message.description or "",
        user_id=message.user_id or None,
        current_stage=message.current_stage,
        source=message.source,
        run_id=message.run_id,
        status=message.status,
        status_message=message.status_message,
        tags={tag.key: tag.value for tag in message.tags},
        run_link=message.run_link,
        aliases=list(message.aliases),
        model_id=message.model_id or None,
    )
