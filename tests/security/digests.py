"""The digest guard: all that a server keeps, so that what was refused can be known to have changed nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

MOVING = {
    "audit": "what was refused is remembered",
    "audit_head": "likewise",
    "journals": "how far a writer was read, whatever became of its records",
}
"""Tables that may change all the same, and why."""
STAMPS = {"tokens": {"last_used"}, "sessions": {"last_used"}}
"""Columns that say when something was used last."""
SQLITE_COLUMNS = "select t.name, c.name from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'"
POSTGRES_COLUMNS = "select table_name, column_name from information_schema.columns where table_schema = 'public'"


def kept(server):
    """A digest of every table and of every file below the artifacts, by name."""
    uri = server.config.backend_store_uri
    if uri.startswith("postgresql:"):
        found = _tables(psycopg.connect(uri), POSTGRES_COLUMNS)
    else:
        found = _tables(sqlite3.connect(f"file:{uri}/assay.db?mode=ro", uri=True), SQLITE_COLUMNS)
    root = Path(server.config.artifacts_destination)
    for path in root.rglob("*"):
        content = path.read_bytes() if path.is_file() else b"/"
        found[str(path.relative_to(root))] = hashlib.sha256(content).hexdigest()
    return found


def _tables(connected, columns):
    found, tables = {}, {}
    with closing(connected) as connection:
        cursor = connection.cursor()
        cursor.execute(columns)
        for table, column in cursor.fetchall():
            tables.setdefault(table, []).append(column)
        for table in sorted(tables.keys() - MOVING.keys()):
            stable = ", ".join(f'"{one}"' for one in sorted(tables[table]) if one not in STAMPS.get(table, ()))
            cursor.execute(f"select {stable} from {table} order by {stable}")
            digest = hashlib.sha256()
            for row in cursor:
                digest.update(repr(row).encode())
            found[table] = digest.hexdigest()
    return found


def changes(before, after):
    """What is not as it was."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
