"""Connections to PostgreSQL: what an address means, limits so that nothing waits for ever, types as Python has them."""

from __future__ import annotations

import select
from typing import Any, TypeAlias

import psycopg
from psycopg import RawCursor, conninfo
from psycopg.types.numeric import FloatBinaryDumper, Int8BinaryDumper, Int8Dumper, NumericBinaryLoader
from psycopg.types.string import StrBinaryDumper

from assay.core import uri
from assay.core.errors import ConfigurationError
from assay.store.postgres.errors import translated

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

OLDEST_SERVER = 130000
STATEMENT_SECONDS = 60
_LOCK_SECONDS = 10
_CONNECT_SECONDS = 10
_SILENCE_SECONDS = 30
_PREPARED_STATEMENTS = 512


def parameters(address: str, *, statement_seconds: int) -> dict[str, Any]:
    """What libpq is told: the address, and limits so that nothing waits for ever; the address wins."""
    scheme, _, rest = address.partition("://")
    try:
        given = conninfo.conninfo_to_dict(f"postgresql://{rest}")
    except psycopg.Error as error:
        reason = str(error).strip().replace(f"postgresql://{rest}", uri.redact(address))
        raise ConfigurationError(
            f"{uri.redact(address)!r} is not the address of a database: {reason}. "
            f"Write {scheme}://user:password@host:port/database."
        ) from error
    options = (
        f"-c statement_timeout={statement_seconds}s -c lock_timeout={min(_LOCK_SECONDS, statement_seconds)}s "
        f"-c idle_in_transaction_session_timeout={STATEMENT_SECONDS}s -c synchronous_commit=on -c jit=off "
        f"{given.get('options') or ''}"
    )
    limits = {
        "application_name": "assay",
        "connect_timeout": _CONNECT_SECONDS,
        "keepalives_idle": _SILENCE_SECONDS,
        "tcp_user_timeout": _SILENCE_SECONDS * 1000,
    }
    return {**limits, **given, "options": options.strip(), "client_encoding": "utf8"}


def is_alive(connection: Connection) -> bool:
    """Whether an idle connection is still there: a server that goes says so, or closes, which makes it readable."""
    if connection.broken:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def connect(given: dict[str, Any], *, name: str) -> Connection:
    """A new connection, in autocommit; `name` is the store in messages.

    Raises:
        TemporarilyUnavailable: the server does not answer.
        ConfigurationError: it does not let us in, or is not fit for a store.
    """
    try:
        connection: Connection = psycopg.connect(
            **given, autocommit=True, cursor_factory=RawCursor, prepare_threshold=2
        )
    except psycopg.Error as error:
        raise translated(error, name) from error
    if connection.info.server_version < OLDEST_SERVER:
        connection.close()
        raise ConfigurationError(f"The server of the store {name} is older than PostgreSQL 13. Upgrade it.")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        connection.close()
        raise ConfigurationError(f"The database {name} is not in UTF-8. Create one with encoding 'UTF8'.")
    connection.prepared_max = _PREPARED_STATEMENTS
    connection.adapters.register_dumper(int, Int8Dumper)  # in lists, where the first would decide for the others
    for kind, dumper in ((int, Int8BinaryDumper), (float, FloatBinaryDumper), (str, StrBinaryDumper)):
        connection.adapters.register_dumper(kind, dumper)
    connection.adapters.register_loader("numeric", _NumberLoader)
    return connection


class _NumberLoader(NumericBinaryLoader):
    """Sums of integers are integers, in Python too."""

    def load(self, data: Any) -> Any:
        """The number as int, or float if it has decimals."""
        value = super().load(data)
        return int(value) if value == value.to_integral_value() else float(value)
