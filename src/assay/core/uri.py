"""Tracking and artifact URIs: what they mean, joining, and hiding of passwords."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from assay.core.errors import ConfigurationError

LOCAL_DIRECTORY = "mlruns"
STORE_FILE = "assay.db"
_HOSTED = ("databricks", "databricks-uc", "uc")
"""Words that MLflow takes for services, and that would name directories here."""
_PASSWORDS = re.compile(r"([?&]\w*(?:password|passwd|passphrase)=)[^&]*", re.IGNORECASE)
_USER_AND_PASSWORD = re.compile(r"(?<=://)([^:/?#@]*):(?!\d*(?:/|$))([^/]*|[^@]*)@")
"""Drivers of databases take passwords that hold the marks which end a host elsewhere, such as `#`."""


def scheme(uri: str) -> str:
    """The scheme in lower case, empty for a plain path (a drive letter is no scheme)."""
    head, colon, _ = uri.partition(":")
    if not colon or len(head) < 2 or not head[0].isalpha() or not all(c.isalnum() or c in "+-." for c in head):
        return ""
    return head.lower()


def is_remote(uri: str) -> bool:
    """Whether the URI names a server."""
    return scheme(uri) in ("http", "https")


def local_path(uri: str) -> Path:
    """The path behind a plain path or a `file:` URI.

    Raises:
        ConfigurationError: the URI is of another scheme, or names another host.
    """
    kind = scheme(uri)
    if not kind:
        return Path(uri).expanduser()
    parts = urlsplit(uri)
    if kind != "file" or parts.netloc not in ("", "localhost"):
        raise ConfigurationError(f"{redact(uri)!r} is not a local path. Give a directory or a file: URI.")
    return Path(unquote(parts.path))


def store_directory(uri: str) -> Path | None:
    """The directory that holds a local store, its journals and its artifacts; None when the store is not local.

    Raises:
        ConfigurationError: it is a word that stands for a hosted service.
    """
    kind = scheme(uri)
    if uri in _HOSTED:
        raise ConfigurationError(
            f"{uri!r} stands for MLflow's hosted service, which Assay does not speak to. Give a directory, "
            "sqlite:///file.db, or the address of a server (http://host:port)."
        )
    if kind in ("", "file"):
        return local_path(uri).absolute()
    if kind == "sqlite":
        return database_file(uri).parent
    return None


def database_file(uri: str) -> Path:
    """The file of a local store: `sqlite:///relative`, `sqlite:////absolute`, or a directory.

    Raises:
        ConfigurationError: the URI does not name a file.
    """
    if scheme(uri) != "sqlite":
        return local_path(uri).absolute() / STORE_FILE
    prefix = "sqlite:///"
    if not uri.startswith(prefix) or uri == prefix:
        raise ConfigurationError(
            f"{uri!r} names no file. Write sqlite:///relative/file.db or sqlite:////absolute/file.db."
        )
    return Path(uri[len(prefix) :]).expanduser().absolute()


def join(root: str, *parts: str) -> str:
    """`root` with path parts appended; query texts are kept at the end."""
    kind = scheme(root)
    if not kind:
        return posixpath.join(root, *parts)
    split = urlsplit(root)
    return urlunsplit(split._replace(path=posixpath.join(split.path or "/", *parts)))


def is_below(location: str, root: str) -> bool:
    """Whether a location is `root` or lies below it: told by their parts, never by how their texts begin."""
    place, limit = _place(location), _place(root)
    if place is None or limit is None or place[:2] != limit[:2]:
        return False
    return place[2][: len(limit[2])] == limit[2]


def _place(given: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Scheme, authority and path in parts; None for what can be read in two ways."""
    kind = scheme(given)
    if kind in ("", "file"):
        kind, authority, parts = "", "", local_path(given).absolute().parts
    else:
        split = urlsplit(given)
        if split.query or split.fragment:
            return None
        authority, parts = split.netloc, tuple(part for part in split.path.split("/") if part)
    return None if ".." in parts else (kind, authority, parts)


def redact(uri: str) -> str:
    """The URI without passwords."""
    uri = _PASSWORDS.sub(r"\1***", uri)
    if "@" not in uri or "://" not in uri:
        return uri
    uri = _USER_AND_PASSWORD.sub(r"\1:***@", uri)
    try:
        split = urlsplit(uri)
    except ValueError:  # no URI after all, which is for others to say
        return f"{uri.partition('://')[0]}://***"
    user, _, _ = split.netloc.rpartition("@")[0].partition(":")
    host = split.netloc.rpartition("@")[2]
    return urlunsplit(split._replace(netloc=f"{user}:***@{host}" if user else host))


def without_password(uri: str) -> str:
    """The URI with passwords left out, and else as it is: it says which place is meant, and may be told to anybody."""
    uri, mark, options = _USER_AND_PASSWORD.sub(r"\1@", uri).partition("?")
    kept = [option for option in options.split("&") if not _PASSWORDS.match(f"?{option}")]
    return f"{uri}{mark}{'&'.join(kept)}".rstrip("?")


def with_escaped_password(uri: str) -> str:
    """The URI with marks such as `#` and `/` in its password escaped, as SQLAlchemy accepts them and others do not."""
    return _USER_AND_PASSWORD.sub(lambda found: f"{found[1]}:{quote(found[2], safe='%')}@", uri)
