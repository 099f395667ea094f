"""On a server with users, its files are its own: who could write them would need no login, nor a grant."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from assay.core import uri
from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assay.server.config import ServerConfig

_WRITING = stat.S_IWGRP | stat.S_IWOTH
_READING = stat.S_IRGRP | stat.S_IROTH
_OWNER_ALONE = 0o077


def keep_private(config: ServerConfig) -> None:
    """See to it that what a server with users writes from now on is for its own user alone; say what already is not.

    Raises:
        ConfigurationError: others on this machine can write the store or the artifacts; says where, and what to do.
    """
    if config.auth is None or os.name != "posix":
        return
    kept = list(_kept(config))
    for path, mode in kept:
        if mode & _WRITING:
            raise ConfigurationError(
                f"{path} can be changed by others on this machine (mode {stat.S_IMODE(mode):04o}): they would need no "
                f"login. Keep them out with chmod go-w {path}, or name a directory that is the server's alone."
            )
    os.umask(_OWNER_ALONE)
    for path, mode in kept:
        if mode & _READING:
            sys.stderr.write(f"Others on this machine can read {path}. chmod -R go= {path} keeps them out.\n")


def _kept(config: ServerConfig) -> Iterator[tuple[Path, int]]:
    """What a server keeps on this machine and is there already, each with its mode."""
    places: list[Path | None] = [uri.store_directory(config.backend_store_uri), config.journal_directory]
    if uri.scheme(config.backend_store_uri) in ("", "file", "sqlite"):
        places.append(uri.database_file(config.backend_store_uri))
    if config.serve_artifacts:
        places.append(uri.store_directory(config.artifacts_destination))
    for place in dict.fromkeys(places):
        if place is not None and place.exists():
            yield place, place.stat().st_mode
