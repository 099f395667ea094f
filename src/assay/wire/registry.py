"""Registered models, their versions, aliases, tags and stages: messages and operations."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation


class RegisteredModelTag(Message, gc=False):
    """A label of a registered model."""

    key: str
    value: str = msgspec.field(default_factory=str)


class RegisteredModelAlias(Message, gc=False):
    """A name, such as `champion`, that stands for one version of a model and can be moved to another."""

    alias: str
    version: str


class AliasChange(Message, gc=False):
    """One set or deletion of an alias, at a time in milliseconds; `version` is empty where it stands for none.

    `changed_by` is who is known to have asked for it, else who the request said it was; it may be empty.
    """

    alias: str
    changed_at: int
    version: str = msgspec.field(default_factory=str)
    changed_by: str = msgspec.field(default_factory=str)
    note: str = msgspec.field(default_factory=str)


class AliasHistoryResponse(Message):
    """A page of the changes of an alias, the last first."""

    changes: list[AliasChange] = msgspec.field(default_factory=list)
    next_page_token: str = ""


class ModelVersionTag(Message, gc=False):
    """A label of one version of a model."""

    key: str
    value: str = msgspec.field(default_factory=str)


class ModelVersion(Message):
    """One version of a registered model. Times are milliseconds since the epoch; `version` is a whole number.

    `source` is where it was said to come from: an artifact of a run, a logged model, another version, an object store.
    """

    name: str
    version: str
    creation_timestamp: int
    last_updated_timestamp: int
    current_stage: str = msgspec.field(default_factory=lambda: "None")
    description: str | None = None
    source: str = msgspec.field(default_factory=str)
    run_id: str = msgspec.field(default_factory=str)
    status: str = msgspec.field(default_factory=lambda: "READY")
    status_message: str = ""
    tags: list[ModelVersionTag] = []
    run_link: str = msgspec.field(default_factory=str)
    aliases: list[str] = []
    model_id: str = ""
    user_id: str = ""


class RegisteredModel(Message):
    """A model under a name, with its tags, aliases, and the newest version in each stage that has one."""

    name: str
    creation_timestamp: int
    last_updated_timestamp: int
    description: str = ""
    latest_versions: list[ModelVersion] = []
    tags: list[RegisteredModelTag] = []
    aliases: list[RegisteredModelAlias] = []
    deployment_job_id: str = ""
    user_id: str = ""


class RegisteredModelResponse(Message):
    """One registered model."""

    registered_model: RegisteredModel


class SearchRegisteredModelsResponse(Message):
    """A page of registered models."""

    registered_models: list[RegisteredModel] = []
    next_page_token: str = ""


class LatestVersionsResponse(Message):
    """The newest version in each stage."""

    model_versions: list[ModelVersion] = []


class ModelVersionResponse(Message):
    """One version of a model."""

    model_version: ModelVersion


class SearchModelVersionsResponse(Message):
    """A page of versions."""

    model_versions: list[ModelVersion] = []
    next_page_token: str = ""


class DownloadUriResponse(Message):
    """Where the files of a version are."""

    artifact_uri: str = msgspec.field(default_factory=str)


_MODELS = "2.0/mlflow/registered-models"
_VERSIONS = "2.0/mlflow/model-versions"
_HISTORY = "assay/1/registry"


@operation("POST", f"{_MODELS}/create", returns=RegisteredModelResponse, access="workspace:use")
class CreateRegisteredModel(Message):
    """Register a name for versions of a model. `deployment_job_id` is accepted, and kept nowhere."""

    name: str
    tags: list[RegisteredModelTag] = []
    description: str | None = None
    deployment_job_id: str | None = None


@operation("POST", f"{_MODELS}/rename", returns=RegisteredModelResponse, access="registered_model:manage")
class RenameRegisteredModel(Message):
    """Give a registered model another name; versions, tags and aliases stay with it."""

    name: str
    new_name: str


@operation("PATCH", f"{_MODELS}/update", returns=RegisteredModelResponse, access="registered_model:edit")
class UpdateRegisteredModel(Message):
    """Change the description of a registered model; without one, it is cleared."""

    name: str
    description: str | None = None
    deployment_job_id: str | None = None


@operation("DELETE", f"{_MODELS}/delete", access="registered_model:manage")
class DeleteRegisteredModel(Message):
    """Delete a registered model with its versions, tags and aliases, for good. Files stay where they are."""

    name: str


@operation("GET", f"{_MODELS}/get", returns=RegisteredModelResponse, access="registered_model:read", quick=True)
class GetRegisteredModel(Message):
    """Get a registered model by name."""

    name: str


@operation("GET", f"{_MODELS}/search", returns=SearchRegisteredModelsResponse, access="registered_model:search")
class SearchRegisteredModels(Message):
    """Find registered models, by name unless `order_by` says otherwise; prompts only if the filter names their tag."""

    filter: str | None = None
    max_results: int | None = None
    order_by: list[str] = []
    page_token: str | None = None


@operation(
    "GET",
    f"{_MODELS}/get-latest-versions",
    also="POST",
    returns=LatestVersionsResponse,
    access="registered_model:read",
)
class GetLatestVersions(Message):
    """Get the newest version in each of the given stages, or in all of them."""

    name: str
    stages: list[str] = []


@operation("POST", f"{_MODELS}/set-tag", access="registered_model:edit")
class SetRegisteredModelTag(Message):
    """Set a tag of a registered model, replacing its present value."""

    name: str
    key: str
    value: str = msgspec.field(default_factory=str)


@operation("DELETE", f"{_MODELS}/delete-tag", access="registered_model:edit")
class DeleteRegisteredModelTag(Message):
    """Delete a tag of a registered model; a missing one is accepted."""

    name: str
    key: str


@operation("POST", f"{_MODELS}/alias", access="registered_model:edit")
class SetRegisteredModelAlias(Message):
    """Make an alias stand for a version, and no longer for another one. A gate may refuse it.

    With `expected_version`, only if it stands for that one now, or for none where that is empty. `changed_by` and
    `note` are kept in its history. These three are Assay's own.
    """

    name: str
    alias: str
    version: str
    expected_version: str | None = None
    changed_by: str = ""
    note: str = ""


@operation("DELETE", f"{_MODELS}/alias", access="registered_model:edit")
class DeleteRegisteredModelAlias(Message):
    """Delete an alias; a missing one is accepted. `changed_by` and `note`, Assay's own, are kept in its history."""

    name: str
    alias: str
    changed_by: str = ""
    note: str = ""


@operation("GET", f"{_HISTORY}/alias-history", returns=AliasHistoryResponse, access="registered_model:read")
class GetAliasHistory(Message):
    """Get each set and deletion of an alias, the last first.

    With `as_of`, in milliseconds since the epoch, only those until then: the first says what it stood for at that time.
    """

    name: str
    alias: str
    as_of: int | None = None
    max_results: int | None = None
    page_token: str | None = None


@operation("POST", f"{_HISTORY}/rollback-alias", returns=ModelVersionResponse, access="registered_model:edit")
class RollbackAlias(Message):
    """Make an alias stand for the version that it stood for before, and get that version. No gate is asked again.

    Deleted versions are passed over. Done twice, it leads back to where it began. `expected_version`, `changed_by` and
    `note` as for setting an alias.
    """

    name: str
    alias: str
    expected_version: str | None = None
    changed_by: str = ""
    note: str = ""


@operation("GET", f"{_MODELS}/alias", returns=ModelVersionResponse, access="registered_model:read", quick=True)
class GetModelVersionByAlias(Message):
    """Get the version that an alias stands for; `latest` stands for the newest one."""

    name: str
    alias: str


@operation("POST", f"{_VERSIONS}/create", returns=ModelVersionResponse, access="registered_model:edit")
class CreateModelVersion(Message):
    """Add a version to a registered model. Its number is one above the highest ever given.

    `source` must be an artifact of the run `run_id` or of the logged model `model_id`, another version, or a place in
    an object store.
    """

    name: str
    source: str
    run_id: str | None = None
    tags: list[ModelVersionTag] = []
    run_link: str | None = None
    description: str | None = None
    model_id: str | None = None


@operation("PATCH", f"{_VERSIONS}/update", returns=ModelVersionResponse, access="registered_model:edit")
class UpdateModelVersion(Message):
    """Change the description of a version; without one, it is cleared."""

    name: str
    version: str
    description: str | None = None


@operation("POST", f"{_VERSIONS}/transition-stage", returns=ModelVersionResponse, access="registered_model:edit")
class TransitionModelVersionStage(Message):
    """Move a version to the stage None, Staging, Production or Archived. A gate may refuse it.

    With `archive_existing_versions`, the versions that were in Staging or Production go to Archived.
    """

    name: str
    version: str
    stage: str
    archive_existing_versions: bool = False


@operation("DELETE", f"{_VERSIONS}/delete", access="registered_model:manage")
class DeleteModelVersion(Message):
    """Delete a version and the aliases that stand for it; its number is not given again. Files stay."""

    name: str
    version: str


@operation("GET", f"{_VERSIONS}/get", returns=ModelVersionResponse, access="registered_model:read", quick=True)
class GetModelVersion(Message):
    """Get a version of a registered model."""

    name: str
    version: str


@operation("GET", f"{_VERSIONS}/search", returns=SearchModelVersionsResponse, access="registered_model:search")
class SearchModelVersions(Message):
    """Find versions of all models, the last changed first unless `order_by` says otherwise."""

    filter: str | None = None
    max_results: int | None = None
    order_by: list[str] = []
    page_token: str | None = None


@operation(
    "GET", f"{_VERSIONS}/get-download-uri", returns=DownloadUriResponse, access="registered_model:read", quick=True
)
class GetModelVersionDownloadUri(Message):
    """Get where the files of a version are."""

    name: str
    version: str


@operation("POST", f"{_VERSIONS}/set-tag", access="registered_model:edit")
class SetModelVersionTag(Message):
    """Set a tag of a version, replacing its present value."""

    name: str
    version: str
    key: str
    value: str = msgspec.field(default_factory=str)


@operation("DELETE", f"{_VERSIONS}/delete-tag", access="registered_model:edit")
class DeleteModelVersionTag(Message):
    """Delete a tag of a version; a missing one is accepted."""

    name: str
    version: str
    key: str
