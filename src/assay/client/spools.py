"""Where records for remote servers wait on this machine, one directory for each server and user."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assay.core import settings
from assay.core.errors import StorageFull
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS_NAME = "server.json"
_log = logger("client")


class Address(msgspec.Struct, frozen=True):
    """What a spool directory says of the server that its records are for."""

    uri: str
    user: str = ""


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


def spool_for(uri: str) -> Path:
    """The spool directory of a server, for the present user name."""
    user = settings.tracking_username.get() or ""
    digest = hashlib.sha256(f"{uri.rstrip('/')}\n{user}".encode()).hexdigest()
    return usable_root() / digest[:24]


def note_address(directory: Path, uri: str) -> None:
    """Write down whom the records in a spool are for, so that they can be delivered without this process."""
    path = directory / _ADDRESS_NAME
    address = Address(uri=uri, user=settings.tracking_username.get() or "")
    try:
        if path.exists():
            return
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{_ADDRESS_NAME}.{os.getpid()}")
        draft.write_bytes(msgspec.json.encode(address))
        draft.replace(path)
    except OSError as error:
        raise StorageFull(f"Cannot write {path}: {error.strerror}. Free space, or set ASSAY_SPOOL_DIR.") from error


def known_spools() -> Iterator[tuple[Path, Address]]:
    """Every spool of this user, and the server it is for."""
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
