"""Connections to MariaDB and MySQL over PyMySQL, which is imported here and nowhere else."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pymysql
from pymysql.constants import CLIENT, FIELD_TYPE
from pymysql.converters import conversions

from assay.core.errors import AssayError, ConfigurationError
from assay.core.log import logger
from assay.store.mysql import numbers
from assay.store.mysql.errors import Lost, too_large, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

    from assay.store.mysql.uri import Address

LOCK_WAIT_SECONDS = 5
LONGEST_SORTED = 32_768
"""Bytes of a text that decide its place in an order: more than the longest value of a param or tag has."""
SLOTS = 1024
_SILENT = 2003
OLDEST_MARIADB = (10, 5)
OLDEST_MYSQL = (8, 0)
_CONVERSIONS: Any = {
    **conversions,
    float: lambda value, _mapping=None: numbers.literal(value),
    FIELD_TYPE.DOUBLE: numbers.double,
    FIELD_TYPE.FLOAT: numbers.double,
    FIELD_TYPE.DECIMAL: numbers.decimal,
    FIELD_TYPE.NEWDECIMAL: numbers.decimal,
}
_SESSION = (
    "set session sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO', "
    f"innodb_lock_wait_timeout = {LOCK_WAIT_SECONDS}, max_sort_length = {LONGEST_SORTED}"
)
_SNAPSHOTS = "innodb_snapshot_isolation = on"
_ISOLATION = "set session transaction isolation level repeatable read"
_ABOUT = "select version(), @@max_allowed_packet, @@innodb_flush_log_at_trx_commit"
_HAS_SNAPSHOTS = "show variables like 'innodb_snapshot_isolation'"
_log = logger("store")


@dataclass(frozen=True)
class Server:
    """What a server says about itself."""

    is_mariadb: bool
    has_snapshots: bool
    largest_packet: int


class Link:
    """A connection that one thread uses at a time."""

    def __init__(
        self,
        connection: Connection[Cursor],
        server: Server,
        place: str,
        *,
        on_statement: Callable[[str], object] | None = None,
    ) -> None:
        self._on_statement = on_statement
        self.server = server
        self.place = place
        self.is_sound = True
        self.is_serializable = False
        self.connection = connection
        self.cursor = connection.cursor()
        self.slot = _slot(connection)

    def send(self, statements: Sequence[str]) -> None:
        """Run statements in one packet; the cursor then holds the result of the last.

        Raises:
            AssayError: one of them failed, and those after it were not run.
        """
        packet = ";".join(statements)
        limit = self.server.largest_packet
        if len(packet) * 4 >= limit and len(packet.encode()) >= limit:
            raise too_large(len(packet.encode()), limit, place=self.place)
        if self._on_statement is not None:
            for statement in statements:
                self._on_statement(statement)
        try:
            self.is_sound = False
            self.cursor.execute(packet)
            for _ in statements[1:]:
                self.cursor.nextset()
            self.is_sound = True
        except pymysql.MySQLError as error:
            explained = _explained(error, self.place)
            self.is_sound = not isinstance(explained, Lost)
            raise explained from error

    def rows(self) -> list[tuple[Any, ...]]:
        """All rows of the last statement."""
        return list(self.cursor.fetchall())

    def close(self) -> None:
        """Let go of the connection."""
        with contextlib.suppress(pymysql.MySQLError):
            self.connection.close()


def _slot(connection: Any) -> int:
    """Where this connection counts its commits: no other one that lives does so, or hardly ever."""
    number: int = connection.thread_id()
    return number % SLOTS


def connected(address: Address, *, snapshots: bool = True, on_statement: Callable[[str], object] | None = None) -> Link:
    """A new connection; write transactions are serializable on it unless there are `snapshots`, and they are wanted.

    Raises:
        TemporarilyUnavailable: the server cannot be reached, or takes no more connections.
        ConfigurationError: it refuses user, password or database, or is too old; a file for TLS cannot be read.
    """
    place = address.place
    try:
        connection: Any = pymysql.connect(
            **{**address.arguments, "read_timeout": address.arguments["connect_timeout"]},
            charset="utf8mb4",
            autocommit=True,
            client_flag=CLIENT.FOUND_ROWS | CLIENT.MULTI_STATEMENTS,
            conv=_CONVERSIONS,
        )
    except pymysql.MySQLError as error:
        if isinstance(error.__context__, TimeoutError):  # it says nothing, and will not do so at the next try
            raise translated(_SILENT, "it took the connection and says nothing", place=place) from error
        raise _explained(error, place) from error
    except (OSError, RuntimeError, ValueError) as error:  # a file for TLS, or a way to log in that needs a library
        raise ConfigurationError(f"The store {place} cannot be opened: {error}.") from error
    connection._read_timeout = address.arguments["read_timeout"]  # noqa: SLF001 -- the greeting belongs to connecting
    try:
        server = _asked(connection, place)
        link = Link(connection, server, place, on_statement=on_statement)
        link.is_serializable = not (snapshots and server.has_snapshots)
        link.send([_SESSION if link.is_serializable else f"{_SESSION}, {_SNAPSHOTS}"])
        link.send([_ISOLATION])
    except BaseException:
        connection.close()
        raise
    return link


def _asked(connection: Connection[Cursor], place: str) -> Server:
    """What the server says about itself."""
    link = Link(connection, Server(is_mariadb=False, has_snapshots=False, largest_packet=1 << 20), place)
    link.send([_ABOUT])
    ((version, largest_packet, flushing),) = link.rows()
    is_mariadb = "mariadb" in version.lower()
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if number < (OLDEST_MARIADB if is_mariadb else OLDEST_MYSQL):
        raise ConfigurationError(f"{place} runs version {version}: Assay needs MariaDB 10.5 or MySQL 8.0, or newer.")
    if flushing != 1:
        _warn(place, flushing)
    link.send([_HAS_SNAPSHOTS])
    return Server(is_mariadb=is_mariadb, has_snapshots=bool(link.rows()), largest_packet=largest_packet)


@cache
def _warn(place: str, flushing: int) -> None:
    _log.warning(
        "The store %s has innodb_flush_log_at_trx_commit = %s: what was stored may be lost when its machine fails. "
        "Set it to 1.",
        place,
        flushing,
    )


def _explained(error: pymysql.MySQLError, place: str) -> AssayError:
    number = error.args[0] if error.args and isinstance(error.args[0], int) else -1
    text = str(error.args[1]) if len(error.args) > 1 else str(error)
    return translated(number, text, place=place)
