"""Write `src/assay/store/sql/schema/<dialect>.sql`: the schema that all migrations together give, to read in review."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from assay.store.sql import migrate

SCHEMA = Path(migrate.__file__).parent / "schema"


def sqlite_schema() -> str:
    """The statements that SQLite holds after all migrations, by name."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for migration in migrate.migrations("sqlite"):
            for statement in migration.statements:
                connection.execute(statement)
        rows = connection.execute(
            "select sql from sqlite_master where sql is not null and name not like 'sqlite_%' "
            "order by tbl_name, type desc, name"
        ).fetchall()
    return "-- Made from the migrations by tools/snapshot_schema.py; do not edit.\n\n" + "".join(
        f"{statement};\n\n" for (statement,) in rows
    ).replace("CREATE TABLE", "create table").replace("CREATE INDEX", "create index")


def main() -> None:
    """Write the snapshot of every dialect."""
    SCHEMA.mkdir(exist_ok=True)
    (SCHEMA / "sqlite.sql").write_text(sqlite_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
