"""Statements and messages of registered models, their tags and aliases. Their versions are in `model_versions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.search import fields
from assay.store.sql import filters
from assay.store.sql.alias_changes import SqlAliasChanges
from assay.wire.gates import GatesResponse
from assay.wire.registry import AliasChange, RegisteredModel, RegisteredModelAlias, RegisteredModelTag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.store.base import Query
    from assay.store.registry import Change
    from assay.store.sql.database import Transaction
    from assay.store.sql.model_versions import SqlModelVersions
    from assay.store.sql.sight import Sight

_COLUMNS = "g.model_no, g.name, g.creation_time, g.last_update_time, g.description"


class SqlRegisteredModels:
    """`RegisteredModels` over a transaction."""

    __slots__ = ("_alias_changes", "_sight", "_transaction", "_versions")

    def __init__(self, transaction: Transaction, versions: SqlModelVersions, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._versions = versions
        self._alias_changes = SqlAliasChanges(transaction)

    NAMED = f"select {_COLUMNS} from registered_models g where g.name = ?"
    CREATE = """
    insert into registered_models (name, creation_time, last_update_time, description, last_version)
    values (?, ?, ?, ?, 0)
    returning model_no
    """

    def create(self, name: str, *, tags: Mapping[str, str], description: str | None, now: int) -> RegisteredModel:
        """Store a model without versions, and return it."""
        self._check_name(name)
        number: int = self._transaction.all(self.CREATE, (name, now, now, description))[0][0]
        if tags:
            self._transaction.many(self.PUT_TAG, [(number, key, value) for key, value in tags.items()])
        return self.get(name)

    def _check_name(self, name: str) -> None:
        if self._transaction.one(self.NAMED, (name,)) is not None:
            raise ResourceAlreadyExists(f"Registered model {name!r} exists already. Choose another name, or use it.")

    def get(self, name: str) -> RegisteredModel:
        """The model with tags and aliases, by name each, and the newest version of each stage, by number."""
        row = self._transaction.one(self.NAMED, (name,))
        if row is None:
            raise ResourceDoesNotExist(f"There is no registered model {name!r}. Check the name, or create it.")
        return self._models([row])[0]

    def search(self, query: Query) -> list[RegisteredModel]:
        """Models that match, as `get` gives them; by default by name."""
        wanted = filters.where(query, entity=filters.REGISTERED_MODELS, dialect=self._transaction.dialect)
        condition = filters.joined([wanted, self._sight.models("g.model_no")], " and ")
        keys = filters.complete(query.order_by, fields.REGISTERED_MODELS)
        joins, order = filters.order_by(keys, entity=filters.REGISTERED_MODELS)
        rows = self._transaction.all(
            f"select {_COLUMNS} from registered_models g {joins.sql} where {condition.sql} order by {order.sql} "
            "limit ? offset ?",
            (*joins.values, *condition.values, query.limit, query.offset),
        )
        return self._models(rows)

    TAGS = "select model_no, key, value from registered_model_tags where model_no in ({integers}) order by key"
    ALIASES = """
    select a.model_no, a.alias, v.version
    from registered_model_aliases a join model_versions v on v.version_no = a.version_no
    where a.model_no in ({integers})
    order by a.alias
    """

    def _models(self, rows: list[tuple[Any, ...]]) -> list[RegisteredModel]:
        """Models from rows of `_COLUMNS`, with what belongs to them, in a fixed number of statements."""
        if not rows:
            return []
        models = {
            number: RegisteredModel(
                name=name,
                creation_timestamp=created,
                last_updated_timestamp=updated,
                description=description or "",
                tags=[],
                aliases=[],
                latest_versions=[],
            )
            for number, name, created, updated, description in rows
        }
        dialect = self._transaction.dialect
        bound = (dialect.bound(list(models)),)
        for number, key, value in self._transaction.all(self.TAGS.format(integers=dialect.integers), bound):
            models[number].tags.append(RegisteredModelTag(key=key, value=value))
        for number, alias, version in self._transaction.all(self.ALIASES.format(integers=dialect.integers), bound):
            models[number].aliases.append(RegisteredModelAlias(alias=alias, version=str(version)))
        for number, newest in self._versions.newest_by_stage(list(models)):
            models[number].latest_versions.append(newest)
        return list(models.values())

    RENAME = "update registered_models set name = ?, last_update_time = ? where model_no = ?"

    def rename(self, name: str, *, new_name: str, now: int) -> None:
        """Change the name; what belongs to the model stays with it."""
        number = self._versions.model_no(name)
        if new_name != name:
            self._check_name(new_name)
        self._transaction.run(self.RENAME, (new_name, now, number))

    DESCRIBE = "update registered_models set description = ?, last_update_time = ? where model_no = ?"

    def describe(self, name: str, *, description: str | None, now: int) -> None:
        """Change the description; None clears it."""
        self._transaction.run(self.DESCRIBE, (description, now, self._versions.model_no(name)))

    DELETE = "delete from registered_models where model_no = ?"

    def delete(self, name: str) -> None:
        """Delete the model with its versions, tags and aliases, for good."""
        self._transaction.run(self.DELETE, (self._versions.model_no(name),))

    PUT_TAG = """
    insert into registered_model_tags (model_no, key, value) values (?, ?, ?)
    on conflict (model_no, key) do update set value = excluded.value
    """

    def set_tag(self, name: str, *, key: str, value: str) -> None:
        """Set one tag, replacing its value."""
        self._transaction.run(self.PUT_TAG, (self._versions.model_no(name), key, value))

    DELETE_TAG = "delete from registered_model_tags where model_no = ? and key = ?"

    def delete_tag(self, name: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""
        return self._transaction.run(self.DELETE_TAG, (self._versions.model_no(name), key)) > 0

    PUT_ALIAS = """
    insert into registered_model_aliases (model_no, alias, version_no) values (?, ?, ?)
    on conflict (model_no, alias) do update set version_no = excluded.version_no
    """

    def set_alias(self, name: str, *, alias: str, version: int, change: Change) -> None:
        """Make the alias stand for a version, and no longer for another one; its history tells so."""
        located = self._versions.locate(name, version)
        self._transaction.run(self.PUT_ALIAS, (located.model_no, alias, located.version_no))
        self._alias_changes.note(located.model_no, alias=alias, version=version, change=change)

    DELETE_ALIAS = "delete from registered_model_aliases where model_no = ? and alias = ?"

    def delete_alias(self, name: str, *, alias: str, change: Change) -> bool:
        """Delete one alias, as its history tells; False when there was none."""
        number = self._versions.model_no(name)
        if not self._transaction.run(self.DELETE_ALIAS, (number, alias)):
            return False
        self._alias_changes.note(number, alias=alias, version=None, change=change)
        return True

    def alias_history(self, name: str, *, alias: str, as_of: int, limit: int, offset: int = 0) -> list[AliasChange]:
        """Each set and deletion of the alias until a time, in milliseconds, the last first."""
        number = self._versions.model_no(name)
        return self._alias_changes.history(number, alias=alias, as_of=as_of, limit=limit, offset=offset)

    def alias_changes(self, name: str, *, limit: int) -> list[AliasChange]:
        """Each set and deletion of any alias of the model, the last first."""
        return self._alias_changes.all(self._versions.model_no(name), limit=limit)

    UNPROTECT = "delete from protected_aliases where model_no = ? and alias = ?"
    PROTECT = "insert into protected_aliases (model_no, alias) values (?, ?)"

    def protect_alias(self, name: str, *, alias: str, protected: bool) -> None:
        """Have the alias be protected, or no longer."""
        number = self._versions.model_no(name)
        self._transaction.run(self.UNPROTECT, (number, alias))
        if protected:
            self._transaction.run(self.PROTECT, (number, alias))

    PROTECTED = """
    select p.alias from registered_models g join protected_aliases p on p.model_no = g.model_no
    where g.name = ?
    order by p.alias
    """

    def protected_aliases(self, name: str) -> list[str]:
        """The protected aliases, by name; none of an unknown model."""
        return [alias for (alias,) in self._transaction.all(self.PROTECTED, (name,))]

    DELETE_GATES = "delete from registered_model_gates where model_no = ?"
    PUT_GATES = "insert into registered_model_gates (model_no, rules, changed_at, changed_by) values (?, ?, ?, ?)"

    def set_gates(self, name: str, *, rules: str, change: Change) -> None:
        """Replace the text of the model's gates; an empty one deletes them."""
        number = self._versions.model_no(name)
        self._transaction.run(self.DELETE_GATES, (number,))
        if rules:
            self._transaction.run(self.PUT_GATES, (number, rules, change.now, change.by))

    GATES = "select rules, changed_at, changed_by from registered_model_gates where model_no = ?"

    def gates(self, name: str) -> GatesResponse:
        """The text of the model's gates as it was set; empty for none."""
        row = self._transaction.one(self.GATES, (self._versions.model_no(name),))
        return GatesResponse() if row is None else GatesResponse(rules=row[0], changed_at=row[1], changed_by=row[2])

    def alias_before(self, name: str, *, alias: str) -> int | None:
        """The version that the alias stood for last, before the one it stands for now; deleted ones do not count."""
        found = self._versions.aliased(name, alias=alias)
        present = int(found.version) if found else None
        return self._alias_changes.before(self._versions.model_no(name), alias=alias, present=present)
