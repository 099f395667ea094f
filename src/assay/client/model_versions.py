"""The client's operations on versions of registered models."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists
from assay.service import model_sources, registry_rules, rules
from assay.store.registry import MODEL_STAGES
from assay.wire import registry as wire
from assay.wire.base import Empty
from assay.wire.lineage import GetModelLineage, ModelLineageResponse
from assay.wire.models import GetLoggedModel, LoggedModelResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.client.connection import Connection

PAGE = 10_000


class ModelVersionOperations:
    """What a client can do with versions of registered models."""

    _registry: Connection

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: dict[str, Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        await_creation_for: int | None = 300,
        model_id: str | None = None,
    ) -> entities.ModelVersion:
        """Add a version to a registered model. It is ready at once: `await_creation_for` is not needed.

        `source` is an artifact of the run or of the logged model, another version (`models:/<name>/<version>`), or a
        place in an object store.

        Raises:
            ResourceDoesNotExist: there is no such model, or no such version or logged model at the source.
            InvalidParameterValue: the source or a tag is not acceptable.
        """
        del await_creation_for
        request = wire.CreateModelVersion(
            name=name,
            source=source,
            run_id=run_id,
            tags=[wire.ModelVersionTag(key=key, value=str(value)) for key, value in (tags or {}).items()],
            run_link=run_link,
            description=description,
            model_id=model_id,
        )
        return self._version(request)

    def copy_model_version(self, src_model_uri: str, dst_name: str) -> entities.ModelVersion:
        """Make a version of a registered model, or a logged model, a version of another one, created when missing.

        Raises:
            ResourceDoesNotExist: there is no such version or logged model.
            InvalidParameterValue: the URI names neither, or the name is not acceptable.
        """
        if not src_model_uri.startswith("models:"):
            raise InvalidParameterValue(f"{src_model_uri!r} names no version: write models:/<name>/<version>.")
        wanted = model_sources.parse_model_uri(src_model_uri)
        if wanted.model_id:
            self._registry.ask(GetLoggedModel(model_id=wanted.model_id), LoggedModelResponse)
        found = None if wanted.model_id else self.resolve_model_version(wanted)
        with contextlib.suppress(ResourceAlreadyExists):
            request = wire.CreateRegisteredModel(name=registry_rules.model_name(dst_name))
            self._registry.ask(request, wire.RegisteredModelResponse)
        if found is None:
            return self.create_model_version(dst_name, src_model_uri, model_id=wanted.model_id)
        return self.create_model_version(
            dst_name,
            f"models:/{found.name}/{found.version}",
            run_id=found.run_id or None,
            tags=found.tags,
            run_link=found.run_link or None,
            description=found.description,
        )

    def resolve_model_version(self, wanted: model_sources.ModelUri) -> entities.ModelVersion:
        """The version of a registered model that a parsed `models:` URI names.

        Raises:
            ResourceDoesNotExist: there is no such model or version.
            InvalidParameterValue: there is no such alias or stage, or there was none at that time, or the stage has no
                version.
        """
        if wanted.version:
            return self.get_model_version(wanted.name, wanted.version)
        if wanted.as_of is not None:
            return self._aliased_at(wanted, wanted.as_of)
        if wanted.alias:
            return self._version(wire.GetModelVersionByAlias(name=wanted.name, alias=wanted.alias))
        stage = registry_rules.stage(wanted.stage)
        request = wire.GetLatestVersions(name=wanted.name, stages=[stage])
        found = self._registry.ask(request, wire.LatestVersionsResponse).model_versions
        if not found:
            raise InvalidParameterValue(f"No version of the model {wanted.name!r} is in the stage {stage}.")
        return entities.model_version(found[0])

    def _aliased_at(self, wanted: model_sources.ModelUri, as_of: int) -> entities.ModelVersion:
        request = wire.GetAliasHistory(name=wanted.name, alias=wanted.alias, as_of=as_of, max_results=1)
        changes = self._registry.ask(request, wire.AliasHistoryResponse).changes
        return self.get_model_version(wanted.name, str(registry_rules.held(changes, alias=wanted.alias)))

    def get_model_lineage(self, model_uri: str) -> entities.ModelLineage:
        """Where a version comes from: its run, logged model, data and code, and what it is a copy of.

        `model_uri` is `models:/<name>/<version>`, `models:/<name>@<alias>`, or of another form that names a version.

        Raises:
            ResourceDoesNotExist: there is no such version.
            InvalidParameterValue: the URI names no version, or its alias or stage stands for nothing.
        """
        wanted = model_sources.parse_model_uri(model_uri)
        if wanted.model_id:
            raise InvalidParameterValue(f"{model_uri!r} names no version: write models:/<name>/<version>.")
        request = GetModelLineage(name=wanted.name, version=wanted.version, alias=wanted.alias)
        if wanted.stage or wanted.as_of is not None:
            request.version, request.alias = self.resolve_model_version(wanted).version, ""
        return entities.model_lineage(self._registry.ask(request, ModelLineageResponse))

    def update_model_version(self, name: str, version: str, description: str | None = None) -> entities.ModelVersion:
        """Change the description of a version; None clears it.

        Raises:
            ResourceDoesNotExist: there is no such version.
        """
        return self._version(wire.UpdateModelVersion(name=name, version=str(version), description=description))

    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool = False
    ) -> entities.ModelVersion:
        """Move a version to the stage None, Staging, Production or Archived.

        With `archive_existing_versions`, the others that are in Staging or Production go to Archived. Aliases say the
        same with less ceremony.

        Raises:
            ResourceDoesNotExist: there is no such version.
            InvalidParameterValue: there is no such stage.
        """
        request = wire.TransitionModelVersionStage(
            name=name, version=str(version), stage=stage, archive_existing_versions=archive_existing_versions
        )
        return self._version(request)

    def delete_model_version(self, name: str, version: str) -> None:
        """Delete a version and the aliases that stand for it; its number is not given again.

        Raises:
            ResourceDoesNotExist: there is no such version.
        """
        self._registry.ask(wire.DeleteModelVersion(name=name, version=str(version)), Empty)

    def get_model_version(self, name: str, version: str) -> entities.ModelVersion:
        """The version of this number.

        Raises:
            ResourceDoesNotExist: there is none.
            InvalidParameterValue: `version` is no whole number.
        """
        return self._version(wire.GetModelVersion(name=registry_rules.model_name(name), version=str(version)))

    def _version(
        self,
        request: wire.CreateModelVersion
        | wire.UpdateModelVersion
        | wire.TransitionModelVersionStage
        | wire.GetModelVersion
        | wire.GetModelVersionByAlias
        | wire.RollbackAlias,
    ) -> entities.ModelVersion:
        return entities.model_version(self._registry.ask(request, wire.ModelVersionResponse).model_version)

    def get_model_version_download_uri(self, name: str, version: str) -> str:
        """Where the files of a version are.

        Raises:
            ResourceDoesNotExist: there is no such version.
        """
        request = wire.GetModelVersionDownloadUri(name=name, version=str(version))
        return self._registry.ask(request, wire.DownloadUriResponse).artifact_uri

    def get_model_version_stages(self, name: str, version: str) -> list[str]:
        """The stages that a version can be in: the same for all."""
        del name, version
        return list(MODEL_STAGES)

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int = PAGE,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList[entities.ModelVersion]:
        """A page of versions of all models, the last changed first unless `order_by` says otherwise.

        Raises:
            InvalidParameterValue: filter, order or page is not acceptable.
        """
        request = wire.SearchModelVersions(
            filter=filter_string, max_results=max_results, order_by=list(order_by or ()), page_token=page_token or None
        )
        answer = self._registry.ask(request, wire.SearchModelVersionsResponse)
        found = [entities.model_version(one) for one in answer.model_versions]
        return entities.PagedList(found, answer.next_page_token or None)

    def set_model_version_tag(
        self, name: str, version: str | None = None, key: str | None = None, value: Any = None, stage: str | None = None
    ) -> None:
        """Set a tag of a version, named by its number or as the newest of a stage.

        Raises:
            ResourceDoesNotExist: there is no such version.
            InvalidParameterValue: not exactly one of version and stage is given, or the key or value is not acceptable.
        """
        number = self._number(name, version, stage=stage)
        text = registry_rules.tag_value(str(value), rules.key(key, "tag"))
        self._registry.ask(wire.SetModelVersionTag(name=name, version=number, key=key or "", value=text), Empty)

    def delete_model_version_tag(
        self, name: str, version: str | None = None, key: str | None = None, stage: str | None = None
    ) -> None:
        """Delete a tag of a version, if it is there.

        Raises:
            ResourceDoesNotExist: there is no such version.
            InvalidParameterValue: not exactly one of version and stage is given.
        """
        number = self._number(name, version, stage=stage)
        self._registry.ask(wire.DeleteModelVersionTag(name=name, version=number, key=rules.key(key, "tag")), Empty)

    def _number(self, name: str, version: str | None, *, stage: str | None) -> str:
        if (version is None) == (stage is None):
            raise InvalidParameterValue("Name the version by its number or by its stage: exactly one of the two.")
        if version is not None:
            return str(version)
        return self.resolve_model_version(model_sources.ModelUri(name=name, stage=stage or "")).version
