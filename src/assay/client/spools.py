"""Where records for servers and databases wait on this machine, one directory for each of them and each user."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assay.core import settings, uri
from assay.core.errors import StorageFull
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS_NAME = "server.json"
_log = logger("client")


class Address(msgspec.Struct, frozen=True):
    """What a spool directory says of the server or database that its records are for.

    Attributes:
        uri: Where it is, without a password.
        user: The user name in the settings.
        has_password: Whether a password belongs into `uri`.
        artifact_root: Where the artifacts of experiments go that are created in a database.
    """

    uri: str
    user: str = ""
    has_password: bool = False
    artifact_root: str = ""


def spools_root() -> Path:
    """The directory of all spools of this user."""
    given = settings.spool_dir.get()
    if given:
        return Path(given).expanduser().absolute()
    return Path(settings.state_dir.get()).expanduser().absolute() / "assay" / "spool"


def usable_root() -> Path:
    """The directory of all spools, or, where it cannot be written (a read-only home), one among temporary files."""
    root = spools_root()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(root, os.W_OK | os.X_OK):
            return root
        reason = "it cannot be written"
    except (OSError, RuntimeError) as error:
        reason = str(error)
    scratch = _scratch()
    _log.warning("%s cannot hold what waits for servers (%s); using %s. Set ASSAY_SPOOL_DIR.", root, reason, scratch)
    return scratch


def _scratch() -> Path:
    """A private directory among temporary files, the same one each time unless somebody else took its name."""
    path = Path(tempfile.gettempdir()) / f"assay-spool-{getattr(os, 'getuid', int)()}"
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != getattr(os, "getuid", int)() or found.st_mode & 0o077:
            return Path(tempfile.mkdtemp(prefix="assay-spool-"))
    return path


def spool_for(address: str) -> Path:
    """The spool directory of a server or database, for the present user name, whatever the password is."""
    user = settings.tracking_username.get() or ""
    digest = hashlib.sha256(f"{_place(address)}\n{user}".encode()).hexdigest()
    return usable_root() / digest[:24]


def with_password(address: str, *given: str | None) -> str:
    """The address with its password, where `given` or else the tracking URI in force has it; otherwise as it is."""
    for known in (*given, settings.tracking_uri.get()):
        if known and is_same(known, address):
            return known
    return address


def is_same(address: str, other: str) -> bool:
    """Whether two addresses differ in nothing but their passwords."""
    return _place(address) == _place(other)


def _place(address: str) -> str:
    return uri.without_password(address).rstrip("/")


def note_address(directory: Path, address: str, *, artifact_root: str = "") -> None:
    """Write down whom the records in a spool are for, so that they can be delivered without this process."""
    path = directory / _ADDRESS_NAME
    bare = uri.without_password(address)
    noted = Address(bare, settings.tracking_username.get() or "", bare != address, artifact_root)
    try:
        if path.exists():
            return
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{_ADDRESS_NAME}.{os.getpid()}")
        draft.write_bytes(msgspec.json.encode(noted))
        draft.replace(path)
    except OSError as error:
        raise StorageFull(f"Cannot write {path}: {error.strerror}. Free space, or set ASSAY_SPOOL_DIR.") from error


def known_spools() -> Iterator[tuple[Path, Address]]:
    """Every spool of this user, and whom it is for."""
    root = spools_root()
    if not root.is_dir():
        root = usable_root()
    for directory in sorted(root.iterdir()):
        try:
            yield directory, msgspec.json.decode((directory / _ADDRESS_NAME).read_bytes(), type=Address)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except msgspec.DecodeError as error:
            _log.warning("%s is left alone: its %s cannot be read (%s).", directory, _ADDRESS_NAME, error)
