"""Migrations on MariaDB and MySQL, where a statement that changes the schema cannot be undone.

One process migrates at a time, under `get_lock`, which ends with the connection. How many statements of a step are done
is noted beside it: whoever comes after an interrupted migration goes on where it ended. A statement that was done but
not noted is found by its complaint that the table, column or index exists.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from assay.core import uri
from assay.core.errors import AssayError, TemporarilyUnavailable
from assay.store.base import ACTIVE
from assay.store.mysql.connection import connected
from assay.store.mysql.database import READ, WRITE, MysqlTransaction
from assay.store.mysql.errors import ALREADY_DONE, number_of
from assay.store.mysql.sql import collated
from assay.store.sql import migrate

if TYPE_CHECKING:
    from assay.store.mysql.connection import Link
    from assay.store.mysql.database import MysqlDatabase
    from assay.store.sql.migrate import Migration

LOCK_SECONDS = 120
_LOCK = f"select get_lock(concat('assay ', md5(database())), {LOCK_SECONDS})"
_TABLE = "engine = innodb collate = utf8mb4_nopad_bin"
_CREATE_VERSION = f"{migrate.CREATE_VERSION.replace('create table', 'create table if not exists')} {_TABLE}"
_CREATE_PROGRESS = f"""
create table if not exists schema_progress (number integer primary key, done integer not null) {_TABLE}
"""
_DONE = "select done from schema_progress where number = {number}"
_NOTE_DONE = """
insert into schema_progress (number, done) values ({number}, {done}) on duplicate key update done = {done}
"""
_FORGET_DONE = "delete from schema_progress where number = ?"


def prepare(database: MysqlDatabase, *, artifact_root: str, now: int) -> None:
    """Create the schema, or bring it up to date; many processes may come at once, and any may be interrupted.

    Raises:
        StoreVersionError: the store was written by a newer version of Assay.
        ConfigurationError: the database holds something else.
        TemporarilyUnavailable: another process has been migrating for minutes.
    """
    steps = migrate.migrations(database.dialect.name)
    newest = steps[-1].number
    if database.read(lambda transaction: migrate.is_current(transaction, newest=newest)):
        return
    with contextlib.closing(connected(database.address.unhurried())) as link:
        link.send([_LOCK])
        if link.rows()[0][0] != 1:
            raise TemporarilyUnavailable(f"Another process has been migrating {database.place} for long. Try again.")
        for step in steps[_version(link, newest) or 0 :]:
            _apply(link, step)
            _finish(link, step, location=uri.join(artifact_root, "0"), now=now)


def _version(link: Link, newest: int) -> int | None:
    transaction = MysqlTransaction(link, READ)
    try:
        migrate.is_current(transaction, newest=newest)
        return migrate.stored_version(transaction)
    finally:
        transaction.undo()


def _apply(link: Link, step: Migration) -> None:
    """Run the statements of a step that are not done yet, and note each."""
    for table in (_CREATE_VERSION, _CREATE_PROGRESS):
        link.send([collated(table, is_mariadb=link.server.is_mariadb)])
    link.send([_DONE.format(number=step.number)])
    rows = link.rows()
    resumed = rows[0][0] if rows else 0
    for place in range(resumed, len(step.statements)):
        statement = collated(step.statements[place], is_mariadb=link.server.is_mariadb)
        note = _NOTE_DONE.format(number=step.number, done=place + 1)
        try:
            link.send(["start transaction", statement, note, "commit"])
        except AssayError as error:
            link.send(["rollback"])
            if place > resumed or number_of(error) not in ALREADY_DONE:
                raise _interrupted(error, link, step, statement) from error
            link.send([note])


def _interrupted(error: AssayError, link: Link, step: Migration, statement: str) -> AssayError:
    kind = type(error) if isinstance(error, TemporarilyUnavailable) else AssayError
    return kind(
        f"The step {step.name} of the schema of {link.place} was interrupted at the statement "
        f"{' '.join(statement.split())[:80]!r}: {error.message} The next start goes on from there."
    )


def _finish(link: Link, step: Migration, *, location: str, now: int) -> None:
    """Note that a step is done; the first one gives the store its experiment `Default`."""
    transaction = MysqlTransaction(link, WRITE)
    try:
        transaction.run(migrate.NOTE_VERSION, (step.number, step.name))
        transaction.run(_FORGET_DONE, (step.number,))
        if step.number == 1:
            transaction.run(migrate.CREATE_DEFAULT, (location, ACTIVE, now, now))
        transaction.commit()
    finally:
        transaction.undo()
