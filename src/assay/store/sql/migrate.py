"""Numbered migrations: what is pending, and applying it once, whoever comes first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assay.core import uri
from assay.core.errors import ConfigurationError, StoreVersionError
from assay.store.base import ACTIVE

if TYPE_CHECKING:
    from assay.store.sql.database import Database, Transaction

_DIRECTORY = Path(__file__).parent / "migrations"
_VERSION_TABLE = "schema_version"
_MLFLOW_TABLE = "alembic_version"

CREATE_VERSION = "create table schema_version (number integer primary key, name text not null)"
NOTE_VERSION = "insert into schema_version (number, name) values (?, ?)"
VERSION = "select max(number) from schema_version"
CREATE_DEFAULT = """
insert into experiments (experiment_id, name, artifact_location, stage, creation_time, last_update_time)
values (0, 'Default', ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Migration:
    """One step of the schema: its number, file name and statements."""

    number: int
    name: str
    statements: tuple[str, ...]


@cache
def migrations(dialect: str) -> tuple[Migration, ...]:
    """All steps of a dialect, oldest first."""
    return tuple(
        Migration(int(path.name[:4]), path.name.split(".")[0], _statements(path.read_text(encoding="utf-8")))
        for path in sorted(_DIRECTORY.glob(f"[0-9]*.{dialect}.sql"))
    )


def _statements(script: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in script.split(";\n") if part.strip())


def stored_version(transaction: Transaction) -> int | None:
    """The number of the newest step applied; None for an empty database.

    Raises:
        ConfigurationError: the database holds tables that are not Assay's.
    """
    tables = {name for (name,) in transaction.all(transaction.dialect.table_names)}
    if _VERSION_TABLE in tables:
        row = transaction.one(VERSION)
        return row[0] if row else None
    if _MLFLOW_TABLE in tables:
        raise ConfigurationError("This is MLflow's own database, not a store of Assay. Give another file or name.")
    if tables:
        raise ConfigurationError(
            f"This database holds tables that are not Assay's ({', '.join(sorted(tables)[:3])}). Give an empty one."
        )
    return None


def is_current(transaction: Transaction, *, newest: int) -> bool:
    """Whether the step `newest` was applied.

    Raises:
        StoreVersionError: the store was written by a newer version of Assay.
        ConfigurationError: the database holds something else.
    """
    version = stored_version(transaction)
    if version is not None and version > newest:
        raise StoreVersionError(
            f"The store has schema {version}, written by a newer version of Assay; this one knows {newest}. "
            "Upgrade assay."
        )
    return version == newest


def prepare(database: Database, *, artifact_root: str, now: int) -> None:
    """Create the schema, or bring it up to date, in one transaction; many processes may come at once.

    A new store gets the experiment `Default` with the id 0.

    Raises:
        StoreVersionError: the store was written by a newer version of Assay.
        ConfigurationError: the database holds something else.
    """
    steps = migrations(database.dialect.name)
    newest = steps[-1].number

    def upgrade(transaction: Transaction) -> None:
        transaction.claim(_VERSION_TABLE)
        if is_current(transaction, newest=newest):
            return
        version = stored_version(transaction)
        if version is None:
            transaction.run(CREATE_VERSION)
        _apply(transaction, [step for step in steps if step.number > (version or 0)])
        if version is None:
            transaction.run(CREATE_DEFAULT, (uri.join(artifact_root, "0"), ACTIVE, now, now))

    if not database.read(lambda transaction: is_current(transaction, newest=newest)):
        database.write(upgrade)


def _apply(transaction: Transaction, steps: list[Migration]) -> None:
    for step in steps:
        for statement in step.statements:
            transaction.run(statement)
        transaction.run(NOTE_VERSION, (step.number, step.name))
