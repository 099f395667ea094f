"""What a `mysql:` or `mariadb:` URI says about reaching the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from assay.core import settings
from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_PORT = 3306
TIMEOUTS = {"connect_timeout": 10, "read_timeout": 90, "write_timeout": 60}
"""Seconds after which a server that says nothing counts as lost."""
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class Address(NamedTuple):
    """Where the database is: for messages, and as the driver's arguments."""

    place: str
    """Host, port and database; no user, no password."""
    arguments: dict[str, Any]

    def unhurried(self) -> Address:
        """The same for statements that may take hours."""
        return Address(self.place, {**self.arguments, "read_timeout": None})


def _truth(text: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise ValueError(text)
    return text.lower() in _TRUE


def _seconds(text: str) -> int:
    if not 1 <= int(text) <= 86_400:
        raise ValueError(text)
    return int(text)


def _charset(text: str) -> str:
    if text.lower() != "utf8mb4":
        raise ValueError(text)
    return "utf8mb4"


_OPTIONS: dict[str, Callable[[str], Any]] = {
    "ssl_ca": str,
    "ssl_cert": str,
    "ssl_key": str,
    "ssl_key_password": str,
    "ssl_verify_cert": _truth,
    "ssl_verify_identity": _truth,
    "ssl_disabled": _truth,
    "unix_socket": str,
    "connect_timeout": _seconds,
    "read_timeout": _seconds,
    "write_timeout": _seconds,
    "charset": _charset,
}


def address(store_uri: str) -> Address:
    """The address in a URI `mysql://user:password@host:port/database?option=value`.

    Files for TLS that the URI does not name are those of the settings `mysql_ssl_ca`, `_cert` and `_key`. Without any,
    TLS is used where the server offers it, unless it runs on this machine.

    Raises:
        ConfigurationError: the URI names no database, or an option that there is not.
    """
    try:
        parts = urlsplit(store_uri)
        port = parts.port or DEFAULT_PORT
    except ValueError as error:
        raise ConfigurationError("The URI of the store is malformed: its port must be a number.") from error
    database = unquote(parts.path).strip("/")
    host = parts.hostname or "localhost"
    place = f"{parts.scheme}://{host}:{port}/{database}"
    if not database or "/" in database:
        raise ConfigurationError(f"{place} names no database. Write {parts.scheme}://user:password@{host}/database.")
    arguments: dict[str, Any] = {"host": host, "port": port, "database": database, **TIMEOUTS, **_tls()}
    if parts.username is not None:
        arguments["user"] = unquote(parts.username)
    if parts.password is not None:
        arguments["password"] = unquote(parts.password).encode()
    arguments.update(_options(parts.query, place))
    if host in _THIS_MACHINE and not any(name.startswith("ssl_") for name in arguments):
        arguments["ssl_disabled"] = True  # the driver would read all certificates there are for each connection
    return Address(place, arguments)


def _tls() -> dict[str, str]:
    files = {
        "ssl_ca": settings.mysql_ssl_ca.get(),
        "ssl_cert": settings.mysql_ssl_cert.get(),
        "ssl_key": settings.mysql_ssl_key.get(),
    }
    return {name: file for name, file in files.items() if file is not None}


def _options(query: str, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS:
            raise ConfigurationError(
                f"The URI of the store {place} has an option {name!r}. Accepted are {', '.join(_OPTIONS)}."
            )
        try:
            found[name] = _OPTIONS[name](text)
        except ValueError as error:
            raise ConfigurationError(
                f"The option {name} of the store {place} cannot be {text!r}. Give "
                f"{_EXPECTED.get(_OPTIONS[name], 'a text')}."
            ) from error
    return found


_EXPECTED: dict[Callable[[str], Any], str] = {
    _truth: "true or false",
    _seconds: "a whole number of seconds, 1 to 86400",
    _charset: "utf8mb4",
}
