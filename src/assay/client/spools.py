"""Where records for remote servers wait on this machine, one directory for each server and user."""

from __future__ import annotations

import hashlib
import os
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


def spool_for(uri: str) -> Path:
    """The spool directory of a server, for the present user name."""
    user = settings.tracking_username.get() or ""
    digest = hashlib.sha256(f"{uri.rstrip('/')}\n{user}".encode()).hexdigest()
    return spools_root() / digest[:24]


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
        return
    for directory in sorted(root.iterdir()):
        try:
            yield directory, msgspec.json.decode((directory / _ADDRESS_NAME).read_bytes(), type=Address)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except msgspec.DecodeError as error:
            _log.warning("%s is left alone: its %s cannot be read (%s).", directory, _ADDRESS_NAME, error)
