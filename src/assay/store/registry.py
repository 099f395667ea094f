"""The part of the `Store` contract that the model registry is kept in: registered models and their versions.

Models are found by name. Each method raises ResourceDoesNotExist for a model or version that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.store.base import Query
    from assay.wire.gates import GatesResponse
    from assay.wire.registry import AliasChange, ModelVersion, RegisteredModel

NO_STAGE = "None"
STAGING = "Staging"
PRODUCTION = "Production"
ARCHIVED = "Archived"
MODEL_STAGES = (NO_STAGE, STAGING, PRODUCTION, ARCHIVED)
"""The stages of a version, in the order in which a model grows older."""


@dataclass(frozen=True)
class NewVersion:
    """A version to be stored: where it is said to come from, and where its files are found once that was followed.

    `run_id` and `model_id` are empty where it belongs to no run or logged model.
    """

    source: str
    location: str
    run_id: str = ""
    run_link: str = ""
    model_id: str = ""
    description: str | None = None


@dataclass(frozen=True)
class Change:
    """When an alias is changed, in milliseconds, by whom as far as that is known, and why."""

    now: int
    by: str = ""
    note: str = ""


class RegisteredModels(Protocol):
    """Registered models with their tags and aliases."""

    def create(self, name: str, *, tags: Mapping[str, str], description: str | None, now: int) -> RegisteredModel:
        """Store a model without versions, and return it.

        Raises:
            ResourceAlreadyExists: the name is taken.
        """

    def get(self, name: str) -> RegisteredModel:
        """The model with tags and aliases, by name each, and the newest version of each stage, by number."""

    def search(self, query: Query) -> list[RegisteredModel]:
        """Models that match, as `get` gives them; by default by name. No N+1 statements."""

    def rename(self, name: str, *, new_name: str, now: int) -> None:
        """Change the name; what belongs to the model stays with it.

        Raises:
            ResourceAlreadyExists: another model has the name.
        """

    def describe(self, name: str, *, description: str | None, now: int) -> None:
        """Change the description; None clears it."""

    def delete(self, name: str) -> None:
        """Delete the model with its versions, tags and aliases, for good."""

    def set_tag(self, name: str, *, key: str, value: str) -> None:
        """Set one tag, replacing its value."""

    def delete_tag(self, name: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""

    def set_alias(self, name: str, *, alias: str, version: int, change: Change) -> None:
        """Make the alias stand for a version, and no longer for another one; its history tells so."""

    def delete_alias(self, name: str, *, alias: str, change: Change) -> bool:
        """Delete one alias, as its history tells; False when there was none."""

    def alias_history(self, name: str, *, alias: str, as_of: int, limit: int, offset: int = 0) -> list[AliasChange]:
        """Each set and deletion of the alias until a time, in milliseconds, the last first.

        Times never go back, even where clocks did. History outlives the versions in it, and goes with the model.
        """

    def alias_changes(self, name: str, *, limit: int) -> list[AliasChange]:
        """Each set and deletion of any alias of the model, the last first."""

    def alias_before(self, name: str, *, alias: str) -> int | None:
        """The version that the alias stood for last, before the one it stands for now; deleted ones do not count."""

    def protect_alias(self, name: str, *, alias: str, protected: bool) -> None:
        """Have the alias be protected, or no longer."""

    def protected_aliases(self, name: str) -> list[str]:
        """The protected aliases, by name; none of an unknown model."""

    def set_gates(self, name: str, *, rules: str, change: Change) -> None:
        """Replace the text of the model's gates; an empty one deletes them."""

    def gates(self, name: str) -> GatesResponse:
        """The text of the model's gates as it was set; empty for none."""


class ModelVersions(Protocol):
    """Versions of registered models, with their tags."""

    def create(self, name: str, version: NewVersion, *, tags: Mapping[str, str], now: int) -> ModelVersion:
        """Store a version and return it; its number is one above the highest that the model ever had.

        The model counts as changed.
        """

    def get(self, name: str, version: int) -> ModelVersion:
        """The version with tags and aliases, by name each."""

    def aliased(self, name: str, *, alias: str) -> ModelVersion | None:
        """The version that the alias stands for, or None."""

    def newest(self, name: str) -> ModelVersion | None:
        """The version with the highest number, or None where there is none."""

    def latest(self, name: str, *, stages: Sequence[str]) -> list[ModelVersion]:
        """The newest version in each of the stages that has one, by number."""

    def shown(self, names: Sequence[str]) -> list[ModelVersion]:
        """The newest version of each of these models, and all that an alias stands for, by name and number.

        Names of no model are passed over.
        """

    def search(self, query: Query) -> list[ModelVersion]:
        """Versions that match, as `get` gives them; by default the last changed first. No N+1 statements."""

    def location(self, name: str, version: int) -> str:
        """Where the files of the version are."""

    def describe(self, name: str, version: int, *, description: str | None, now: int) -> None:
        """Change the description; None clears it."""

    def move(self, name: str, version: int, *, stage: str, archiving: bool, now: int) -> None:
        """Change the stage; when `archiving`, the versions that were in it go to Archived.

        The model counts as changed.
        """

    def delete(self, name: str, version: int, *, change: Change) -> None:
        """Delete the version, with its tags and aliases, for good. The model counts as changed."""

    def set_tag(self, name: str, version: int, *, key: str, value: str) -> None:
        """Set one tag, replacing its value."""

    def delete_tag(self, name: str, version: int, *, key: str) -> bool:
        """Delete one tag; False when there was none."""
