"""Statements and messages of the versions of registered models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assay.core.errors import ResourceDoesNotExist
from assay.search import fields
from assay.store.registry import ARCHIVED, NO_STAGE, NewVersion
from assay.store.sql import filters
from assay.store.sql.alias_changes import SqlAliasChanges
from assay.wire.registry import ModelVersion, ModelVersionTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assay.store.base import Query
    from assay.store.registry import Change
    from assay.store.sql.database import Transaction
    from assay.store.sql.sight import Sight

_COLUMNS = (
    "v.version_no, v.model_no, g.name, v.version, v.creation_time, v.last_update_time, v.description, v.stage, "
    "v.source, v.run_id, v.run_link, v.model_id"
)
_FROM = f"select {_COLUMNS} from model_versions v join registered_models g on g.model_no = v.model_no"


class Located(NamedTuple):
    """The numbers under which a version is stored."""

    model_no: int
    version_no: int


class SqlModelVersions:
    """`ModelVersions` over a transaction."""

    __slots__ = ("_alias_changes", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._alias_changes = SqlAliasChanges(transaction)

    MODEL = "select model_no, last_version from registered_models where name = ?"

    def model_no(self, name: str) -> int:
        """The number of a model.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        return self._counted(name)[0]

    def _counted(self, name: str) -> tuple[int, int]:
        """The number of a model, and the highest version it ever had."""
        row = self._transaction.one(self.MODEL, (name,))
        if row is None:
            raise ResourceDoesNotExist(f"There is no registered model {name!r}. Check the name, or create it.")
        return row[0], row[1]

    LOCATE = """
    select v.model_no, v.version_no
    from registered_models g join model_versions v on v.model_no = g.model_no
    where g.name = ? and v.version = ?
    """

    def locate(self, name: str, version: int) -> Located:
        """Where a version is stored.

        Raises:
            ResourceDoesNotExist: there is no such version.
        """
        row = self._transaction.one(self.LOCATE, (name, version))
        if row is None:
            raise _unknown(name, version)
        return Located(*row)

    COUNT = "update registered_models set last_version = ?, last_update_time = ? where model_no = ?"
    CREATE = """
    insert into model_versions (model_no, version, creation_time, last_update_time, description, stage, source,
      location, run_id, run_link, model_id)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    returning version_no
    """

    def create(self, name: str, version: NewVersion, *, tags: Mapping[str, str], now: int) -> ModelVersion:
        """Store a version and return it; its number is one above the highest that the model ever had."""
        model_no, highest = self._counted(name)
        number = highest + 1
        self._transaction.run(self.COUNT, (number, now, model_no))
        columns = (version.source, version.location, version.run_id, version.run_link, version.model_id)
        values = (model_no, number, now, now, version.description, NO_STAGE, *columns)
        version_no: int = self._transaction.all(self.CREATE, values)[0][0]
        if tags:
            self._transaction.many(self.PUT_TAG, [(version_no, key, value) for key, value in tags.items()])
        return self.get(name, number)

    GET = f"{_FROM} where g.name = ? and v.version = ?"

    def get(self, name: str, version: int) -> ModelVersion:
        """The version with tags and aliases, by name each."""
        found = self._first(self.GET, (name, version))
        if found is None:
            raise _unknown(name, version)
        return found

    ALIASED = f"""
    {_FROM} join registered_model_aliases a on a.version_no = v.version_no
    where a.model_no = ? and a.alias = ?
    """

    def aliased(self, name: str, *, alias: str) -> ModelVersion | None:
        """The version that the alias stands for, or None."""
        return self._first(self.ALIASED, (self.model_no(name), alias))

    NEWEST = f"{_FROM} where v.model_no = ? order by v.version desc limit 1"

    def newest(self, name: str) -> ModelVersion | None:
        """The version with the highest number, or None where there is none."""
        return self._first(self.NEWEST, (self.model_no(name),))

    def _first(self, sql: str, values: tuple[Any, ...]) -> ModelVersion | None:
        row = self._transaction.one(sql, values)
        return None if row is None else self._versions([row])[0]

    def latest(self, name: str, *, stages: Sequence[str]) -> list[ModelVersion]:
        """The newest version in each of the stages that has one, by number."""
        newest = self.newest_by_stage([self.model_no(name)])
        return [version for _, version in newest if version.current_stage in stages]

    NEWEST_BY_STAGE = f"""
    {_FROM} join (
      select model_no, max(version) as newest from model_versions
      where model_no in ({{integers}})
      group by model_no, stage
    ) n on n.model_no = v.model_no and n.newest = v.version
    order by v.version
    """

    def newest_by_stage(self, model_nos: list[int]) -> list[tuple[int, ModelVersion]]:
        """The newest version in each stage of each model, by number, with the number of its model."""
        dialect = self._transaction.dialect
        sql = self.NEWEST_BY_STAGE.format(integers=dialect.integers)
        rows = self._transaction.all(sql, (dialect.bound(model_nos),))
        return list(zip((row[1] for row in rows), self._versions(rows), strict=True))

    SHOWN = f"""
    {_FROM}
    where g.name in ({{texts}}) and {{seen}} and (
      v.version = (select max(m.version) from model_versions m where m.model_no = v.model_no)
      or exists (select 1 from registered_model_aliases a where a.version_no = v.version_no)
    )
    order by g.name, v.version
    """

    def shown(self, names: Sequence[str]) -> list[ModelVersion]:
        """The newest version of each of these models, and all that an alias stands for, by name and number."""
        dialect, seen = self._transaction.dialect, self._sight.models("v.model_no")
        sql = self.SHOWN.format(texts=dialect.texts, seen=seen.sql)
        return self._versions(self._transaction.all(sql, (dialect.bound(names), *seen.values)))

    def search(self, query: Query) -> list[ModelVersion]:
        """Versions that match, as `get` gives them; by default the last changed first."""
        wanted = filters.where(query, entity=filters.MODEL_VERSIONS, dialect=self._transaction.dialect)
        condition = filters.joined([wanted, self._sight.models("v.model_no")], " and ")
        keys = filters.complete(query.order_by, fields.MODEL_VERSIONS)
        joins, order = filters.order_by(keys, entity=filters.MODEL_VERSIONS)
        rows = self._transaction.all(
            f"{_FROM} {joins.sql} where {condition.sql} order by {order.sql} limit ? offset ?",
            (*joins.values, *condition.values, query.limit, query.offset),
        )
        return self._versions(rows)

    TAGS = "select version_no, key, value from model_version_tags where version_no in ({integers}) order by key"
    ALIASES = "select version_no, alias from registered_model_aliases where version_no in ({integers}) order by alias"

    def _versions(self, rows: list[tuple[Any, ...]]) -> list[ModelVersion]:
        """Versions from rows of `_COLUMNS`, with tags and aliases, in a fixed number of statements."""
        if not rows:
            return []
        versions = {row[0]: _version(row) for row in rows}
        for number, key, value in self._of(self.TAGS, versions):
            versions[number].tags.append(ModelVersionTag(key=key, value=value))
        for number, alias in self._of(self.ALIASES, versions):
            versions[number].aliases.append(alias)
        return list(versions.values())

    def _of(self, sql: str, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        dialect = self._transaction.dialect
        return self._transaction.all(sql.format(integers=dialect.integers), (dialect.bound(list(numbers)),))

    LOCATION = """
    select v.location
    from registered_models g join model_versions v on v.model_no = g.model_no
    where g.name = ? and v.version = ?
    """

    def location(self, name: str, version: int) -> str:
        """Where the files of the version are."""
        row = self._transaction.one(self.LOCATION, (name, version))
        if row is None:
            raise _unknown(name, version)
        location: str = row[0]
        return location

    DESCRIBE = "update model_versions set description = ?, last_update_time = ? where version_no = ?"

    def describe(self, name: str, version: int, *, description: str | None, now: int) -> None:
        """Change the description; None clears it."""
        self._transaction.run(self.DESCRIBE, (description, now, self.locate(name, version).version_no))

    ARCHIVE = """
    update model_versions set stage = ?, last_update_time = ? where model_no = ? and stage = ? and version_no <> ?
    """
    MOVE = "update model_versions set stage = ?, last_update_time = ? where version_no = ?"
    TOUCH = "update registered_models set last_update_time = ? where model_no = ?"

    def move(self, name: str, version: int, *, stage: str, archiving: bool, now: int) -> None:
        """Change the stage; when `archiving`, the versions that were in it go to Archived."""
        located = self.locate(name, version)
        if archiving:
            self._transaction.run(self.ARCHIVE, (ARCHIVED, now, located.model_no, stage, located.version_no))
        self._transaction.run(self.MOVE, (stage, now, located.version_no))
        self._transaction.run(self.TOUCH, (now, located.model_no))

    DELETE = "delete from model_versions where version_no = ?"

    def delete(self, name: str, version: int, *, change: Change) -> None:
        """Delete the version, with its tags and aliases, for good."""
        located = self.locate(name, version)
        for _, alias in self._of(self.ALIASES, [located.version_no]):
            self._alias_changes.note(located.model_no, alias=alias, version=None, change=change)
        self._transaction.run(self.DELETE, (located.version_no,))
        self._transaction.run(self.TOUCH, (change.now, located.model_no))

    PUT_TAG = """
    insert into model_version_tags (version_no, key, value) values (?, ?, ?)
    on conflict (version_no, key) do update set value = excluded.value
    """

    def set_tag(self, name: str, version: int, *, key: str, value: str) -> None:
        """Set one tag, replacing its value."""
        self._transaction.run(self.PUT_TAG, (self.locate(name, version).version_no, key, value))

    DELETE_TAG = "delete from model_version_tags where version_no = ? and key = ?"

    def delete_tag(self, name: str, version: int, *, key: str) -> bool:
        """Delete one tag; False when there was none."""
        return self._transaction.run(self.DELETE_TAG, (self.locate(name, version).version_no, key)) > 0


def _unknown(name: str, version: int) -> ResourceDoesNotExist:
    return ResourceDoesNotExist(f"There is no version {version} of a registered model {name!r}. Check both.")


def _version(row: tuple[Any, ...]) -> ModelVersion:
    _, _, name, version, created, updated, description, stage, source, run_id, run_link, model_id = row
    return ModelVersion(
        name=name,
        version=str(version),
        creation_timestamp=created,
        last_updated_timestamp=updated,
        current_stage=stage,
        description=description,
        source=source,
        run_id=run_id,
        run_link=run_link,
        model_id=model_id,
        tags=[],
        aliases=[],
    )
