"""Which store or server is used where none is named."""

from __future__ import annotations

from pathlib import Path

from assay.core import settings
from assay.core.uri import LOCAL_DIRECTORY


def set_tracking_uri(uri: str | Path | None) -> None:
    """Use this directory, `sqlite:///file.db` or server from now on, here and in processes started from here.

    None goes back to the default.
    """
    if isinstance(uri, Path):
        uri = uri.absolute().as_uri()
    settings.tracking_uri.set(uri or None)


def get_tracking_uri() -> str:
    """Where runs are kept: as set by call or environment, else the directory `mlruns` below the present one."""
    return settings.tracking_uri.get() or str(Path.cwd() / LOCAL_DIRECTORY)


def is_tracking_uri_set() -> bool:
    """Whether a tracking URI was set, by call or environment."""
    return settings.tracking_uri.get() is not None


def set_registry_uri(uri: str | None) -> None:
    """Keep registered models with this store or server from now on, here and in processes started from here.

    None goes back to the tracking URI.
    """
    settings.registry_uri.set(uri or None)


def get_registry_uri() -> str:
    """Where registered models are kept: as set by call or environment, else where runs are."""
    return settings.registry_uri.get() or get_tracking_uri()
