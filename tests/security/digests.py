"""The digest guard: all that a server keeps, so that what was refused can be known to have changed nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

MOVING = {
    "audit": "what was refused is remembered",
    "audit_head": "likewise",
    "journals": "how far a writer was read, whatever became of its records",
}
"""Tables that may change all the same, and why."""
STAMPS = {"tokens": {"last_used"}, "sessions": {"last_used"}}
"""Columns that say when something was used last."""


def kept(server):
    """A digest of every table and of every file below the artifacts, by name."""
    found = {}
    database = Path(server.config.backend_store_uri) / "assay.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for name in sorted(set(names) - set(MOVING)):
            columns = [row[1] for row in connection.execute(f"pragma table_info({name})")]
            stable = ", ".join(f'"{one}"' for one in columns if one not in STAMPS.get(name, ()))
            digest = hashlib.sha256()
            for row in connection.execute(f"select {stable} from {name} order by {stable}"):
                digest.update(repr(row).encode())
            found[name] = digest.hexdigest()
    connection.close()
    root = Path(server.config.artifacts_destination)
    for path in root.rglob("*"):
        content = path.read_bytes() if path.is_file() else b"/"
        found[str(path.relative_to(root))] = hashlib.sha256(content).hexdigest()
    return found


def changes(before, after):
    """What is not as it was."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
