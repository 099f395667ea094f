"""Address to receiver: what is loaded for a server is not for a database, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import uri

if TYPE_CHECKING:
    from pathlib import Path

    from assay.client.receiver import Receiver


def open_receiver(
    address: str, spool: Path, *, connect_seconds: float | None = None, artifact_root: str = ""
) -> Receiver:
    """The server or database whose records are in a spool; nothing is connected yet.

    Args:
        address: of a server, or the URI of a database.
        spool: the directory of the spool.
        connect_seconds: how long a connection to a database may take, unless its URI says so.
        artifact_root: where the artifacts of experiments go that are created in a database, unless a setting says so;
            by default `mlruns` in the present directory.

    Raises:
        ConfigurationError: the address is malformed.
    """
    if uri.is_remote(address):
        from assay.client.server import TrackingServer

        return TrackingServer(address, spool)
    from assay.client.database import TrackingDatabase

    return TrackingDatabase(address, connect_seconds=connect_seconds, artifact_root=artifact_root)
