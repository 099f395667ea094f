"""URI to store: SQLite files, directories, servers, and other schemes through the entry point group `assay.stores`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock, uri
from assay.core.errors import ConfigurationError
from assay.core.lazy import require

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from assay.store.base import Store

ENTRY_POINTS = "assay.stores"
POSTGRES_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2")
MYSQL_SCHEMES = ("mysql", "mariadb", "mysql+pymysql", "mysql+mysqldb", "mariadb+pymysql", "mariadb+mysqldb")


def open_store(store_uri: str, *, artifact_root: str) -> Store:
    """The store at `store_uri`; it is created, or its schema brought up to date, when needed.

    Accepted are `sqlite:///relative.db`, `sqlite:////absolute.db`, a directory (`./mlruns` or `file:///data/mlruns`;
    its database is `assay.db` inside), `postgresql://user:password@host/database`, `mysql://user:password@host/database`,
    and the schemes that installed packages add: an entry point in the group `assay.stores` names a scheme, and loads a
    function that is called as this one is. `artifact_root` is where the artifacts of the experiment `Default` go,
    `<artifact_root>/0`, if the store is new.

    Raises:
        ConfigurationError: no store can be opened there; an unknown scheme is told which ones are accepted.
        StoreVersionError: the store was written by a newer version of Assay.

    Example:
        >>> import tempfile
        >>> directory = tempfile.mkdtemp()
        >>> store = open_store(directory, artifact_root=directory)
        >>> store.read(lambda session: session.experiments.get("0").name)
        'Default'
        >>> store.close()
    """
    if not store_uri:
        raise ConfigurationError("The URI of the store is empty. Give sqlite:///file.db or a directory.")
    scheme = uri.scheme(store_uri)
    if scheme in ("", "file", "sqlite"):
        return _open_sqlite(uri.database_file(store_uri), artifact_root=artifact_root)
    if scheme in POSTGRES_SCHEMES + MYSQL_SCHEMES and not store_uri[len(scheme) :].startswith("://"):
        raise ConfigurationError(  # not quoted: a password in it could not be told from the rest
            f"The URI of the store has no // behind {scheme}:. Write {scheme}://user:password@host/database."
        )
    if scheme in POSTGRES_SCHEMES:
        return _open_postgres(uri.with_escaped_password(store_uri), artifact_root=artifact_root)
    if scheme in MYSQL_SCHEMES:
        return _open_mysql(uri.with_escaped_password(store_uri), artifact_root=artifact_root)
    return _open_installed(scheme, store_uri, artifact_root=artifact_root)


def is_database(store_uri: str) -> bool:
    """Whether it is the URI of a database that is no file of this machine: of a kind known here, or installed."""
    scheme = uri.scheme(store_uri)
    if scheme in ("", "file", "sqlite"):
        return False
    return scheme in POSTGRES_SCHEMES or scheme in MYSQL_SCHEMES or scheme in _installed()


def _installed() -> dict[str, EntryPoint]:
    from importlib import metadata  # slow to load, and rarely needed

    return {point.name: point for point in metadata.entry_points(group=ENTRY_POINTS)}


def _open_installed(scheme: str, store_uri: str, *, artifact_root: str) -> Store:
    found = _installed()
    if scheme not in found:
        others = "".join(f", {name}:" for name in sorted(found))
        raise ConfigurationError(
            f"There is no kind of store for {scheme}: URIs. Accepted are sqlite:///file.db, "
            f"a directory such as ./mlruns, postgresql:// or mysql://user@host/database{others}."
        )
    store: Store = found[scheme].load()(store_uri, artifact_root=artifact_root)
    return store


def _open_sqlite(path: Path, *, artifact_root: str) -> Store:
    from assay.store.sql.migrate import prepare
    from assay.store.sql.store import SqlStore
    from assay.store.sqlite.database import SqliteDatabase

    database = SqliteDatabase(path)
    try:
        prepare(database, artifact_root=artifact_root, now=clock.now_ms())
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


def _open_postgres(address: str, *, artifact_root: str) -> Store:
    require("psycopg", extra="postgres")
    from assay.store.postgres.database import PostgresDatabase
    from assay.store.sql.migrate import prepare
    from assay.store.sql.store import SqlStore

    patient = PostgresDatabase(address, statement_seconds=0)  # changing a large schema may take its time
    try:
        prepare(patient, artifact_root=artifact_root, now=clock.now_ms())
    finally:
        patient.close()
    return SqlStore(PostgresDatabase(address))


def _open_mysql(store_uri: str, *, artifact_root: str) -> Store:
    require("pymysql", extra="mysql")
    from assay.store.mysql.database import MysqlDatabase
    from assay.store.mysql.schema import prepare
    from assay.store.mysql.uri import address
    from assay.store.sql.store import SqlStore

    database = MysqlDatabase(address(store_uri))
    try:
        prepare(database, artifact_root=artifact_root, now=clock.now_ms())
    except BaseException:
        database.close()
        raise
    return SqlStore(database)
