"""The client's operations on registered models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.client.context import user
from assay.client.model_versions import ModelVersionOperations
from assay.service import registry_rules, rules
from assay.wire import registry as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence


class RegistryOperations(ModelVersionOperations):
    """What a client can do with registered models, their tags and aliases."""

    def create_registered_model(
        self,
        name: str,
        tags: dict[str, Any] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> entities.RegisteredModel:
        """Register a name, under which versions of a model are then kept.

        Raises:
            ResourceAlreadyExists: the name is taken.
            InvalidParameterValue: the name or a tag is not acceptable.
        """
        request = wire.CreateRegisteredModel(
            name=registry_rules.new_model_name(name),
            tags=[wire.RegisteredModelTag(key=key, value=str(value)) for key, value in (tags or {}).items()],
            description=description,
            deployment_job_id=deployment_job_id,
        )
        return self._model(request)

    def rename_registered_model(self, name: str, new_name: str) -> entities.RegisteredModel:
        """Give a registered model another name; versions, tags and aliases stay with it.

        Raises:
            ResourceDoesNotExist: there is no such model.
            ResourceAlreadyExists: the new name is taken.
            InvalidParameterValue: the new name is not acceptable.
        """
        new_name = registry_rules.new_model_name(new_name, field="new_name")
        return self._model(wire.RenameRegisteredModel(name=name, new_name=new_name))

    def update_registered_model(
        self, name: str, description: str | None = None, deployment_job_id: str | None = None
    ) -> entities.RegisteredModel:
        """Change the description of a registered model; None clears it.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        return self._model(
            wire.UpdateRegisteredModel(name=name, description=description, deployment_job_id=deployment_job_id)
        )

    def delete_registered_model(self, name: str) -> None:
        """Delete a registered model with its versions, tags and aliases, for good; files stay.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        self._registry.ask(wire.DeleteRegisteredModel(name=name), Empty)

    def get_registered_model(self, name: str) -> entities.RegisteredModel:
        """The registered model of this name.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        return self._model(wire.GetRegisteredModel(name=registry_rules.model_name(name)))

    def _model(
        self,
        request: wire.CreateRegisteredModel
        | wire.RenameRegisteredModel
        | wire.UpdateRegisteredModel
        | wire.GetRegisteredModel,
    ) -> entities.RegisteredModel:
        return entities.registered_model(self._registry.ask(request, wire.RegisteredModelResponse).registered_model)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int = registry_rules.DEFAULT_MODELS_PAGE,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList[entities.RegisteredModel]:
        """A page of registered models, by name unless `order_by` says otherwise.

        Raises:
            InvalidParameterValue: filter, order or page is not acceptable.
        """
        request = wire.SearchRegisteredModels(
            filter=filter_string, max_results=max_results, order_by=list(order_by or ()), page_token=page_token or None
        )
        answer = self._registry.ask(request, wire.SearchRegisteredModelsResponse)
        found = [entities.registered_model(one) for one in answer.registered_models]
        return entities.PagedList(found, answer.next_page_token or None)

    def get_latest_versions(self, name: str, stages: Sequence[str] | None = None) -> list[entities.ModelVersion]:
        """The newest version in each of the stages, by default in all, that has one.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: there is no such stage.
        """
        request = wire.GetLatestVersions(name=registry_rules.model_name(name), stages=list(stages or ()))
        answer = self._registry.ask(request, wire.LatestVersionsResponse)
        return [entities.model_version(one) for one in answer.model_versions]

    def set_registered_model_tag(self, name: str, key: str, value: Any) -> None:
        """Set a tag of a registered model.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: the key or value is not acceptable.
        """
        text = registry_rules.tag_value(str(value), rules.key(key, "tag"))
        self._registry.ask(wire.SetRegisteredModelTag(name=name, key=key, value=text), Empty)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag of a registered model, if it is there.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        self._registry.ask(wire.DeleteRegisteredModelTag(name=name, key=key), Empty)

    def set_registered_model_alias(
        self, name: str, alias: str, version: str, *, expected_version: str | None = None, note: str = ""
    ) -> None:
        """Make an alias stand for a version of the model, and no longer for another one; its history tells so.

        Args:
            name: the model.
            alias: the alias.
            version: the version that it is to stand for.
            expected_version: set it only if it stands for this version now; an empty text says for none.
            note: why, kept in the history.

        Raises:
            ResourceDoesNotExist: there is no such version.
            ResourceConflict: the alias stands for another version than expected.
            InvalidParameterValue: the alias is not acceptable, or reserved (`latest`, `v1`, `v2`, ...).
        """
        request = wire.SetRegisteredModelAlias(
            name=name,
            alias=registry_rules.new_alias(alias),
            version=str(version),
            expected_version=expected_version,
            changed_by=user(),
            note=note,
        )
        self._registry.ask(request, Empty)

    def delete_registered_model_alias(self, name: str, alias: str, *, note: str = "") -> None:
        """Delete an alias, if it is there; its history stays, and keeps the note.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        self._registry.ask(wire.DeleteRegisteredModelAlias(name=name, alias=alias, changed_by=user(), note=note), Empty)

    def get_alias_history(self, name: str, alias: str) -> list[entities.AliasChange]:
        """Each set and deletion of an alias, the last first.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: that cannot be an alias.
        """
        request = wire.GetAliasHistory(name=registry_rules.model_name(name), alias=registry_rules.alias(alias))
        found: list[entities.AliasChange] = []
        while True:
            page = self._registry.ask(request, wire.AliasHistoryResponse)
            found += map(entities.alias_change, page.changes)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def rollback_alias(
        self, name: str, alias: str, *, expected_version: str | None = None, note: str = ""
    ) -> entities.ModelVersion:
        """Make an alias stand for the version that it stood for before, and return that one; deleted ones do not count.

        Done twice, it leads back to where it began. `expected_version` and `note` as for setting an alias.

        Raises:
            ResourceDoesNotExist: there is no such model.
            ResourceConflict: the alias stands for another version than expected.
            InvalidState: it stood for no other version that still exists.
        """
        request = wire.RollbackAlias(
            name=registry_rules.model_name(name),
            alias=registry_rules.new_alias(alias),
            expected_version=expected_version,
            changed_by=user(),
            note=note,
        )
        return self._version(request)

    def get_model_version_by_alias(self, name: str, alias: str) -> entities.ModelVersion:
        """The version that an alias stands for; `latest` stands for the newest one.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: it has no such alias.
        """
        return self._version(wire.GetModelVersionByAlias(name=name, alias=registry_rules.alias(alias)))
