"""The server as taker of journals, whichever API it speaks: Assay's own endpoint, or MLflow's requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from assay.client.ledger import RunLedger
from assay.client.mlflow_server import MlflowServer
from assay.client.requests import apply
from assay.core.errors import EndpointNotFound, ServerUnreachable
from assay.core.log import logger
from assay.wire.base import OPERATIONS
from assay.wire.server import GetServerInfo

if TYPE_CHECKING:
    from pathlib import Path

    from assay.core.http import Connections, Timeouts
    from assay.wire.journal import AppliedResponse, ApplyJournal

_INFO_PATH = f"/api/{OPERATIONS[GetServerInfo].path}"
_VERSION_PATH = "/version"
_VERSION = re.compile(rb"\s*\d+\.\d+[\w.+-]*\s*")
_log = logger("client")


class Receiver:
    """Takes journal records for a server. What the server speaks is learned with the first delivery, and kept."""

    def __init__(self, connections: Connections, spool: Path) -> None:
        self.ledger = RunLedger(spool)
        self._connections = connections
        self._mlflow: MlflowServer | None = None

    def apply(self, request: ApplyJournal, *, timeouts: Timeouts | None = None) -> AppliedResponse:
        """Hand over records, in order and each with effect once; those refused are told.

        Raises:
            ServerUnreachable: the server does not answer, or what answers is no tracking server.
            AssayError: the request was refused, or cannot be carried out now.
        """
        if self._mlflow is None:
            try:
                return apply(self._connections, request, timeouts=timeouts)
            except EndpointNotFound as error:
                self._check_speaks_mlflow(error, timeouts)
            _log.info("%s speaks MLflow's API only: records go there as its requests.", self._connections.base_url)
            self._mlflow = MlflowServer(self._connections, self.ledger)
        return self._mlflow.apply(request, timeouts=timeouts)

    def _check_speaks_mlflow(self, missing: EndpointNotFound, timeouts: Timeouts | None) -> None:
        """Return when MLflow's server answers: a missing endpoint alone may be a proxy's, or of any web server."""
        address = self._connections.base_url
        info = self._info(timeouts)
        if info is None and not self._tells_version(timeouts):
            raise ServerUnreachable(
                f"What answers at {address} is no tracking server: it takes no journals and tells no version. Check "
                "the address, and the proxies before it."
            ) from missing
        if info is not None and info.get("journal"):
            raise ServerUnreachable(
                f"The Assay server {address} takes journals, but what is before it does not let them pass: "
                f"{missing.message} Let requests below /api/assay/ through."
            ) from missing

    def _info(self, timeouts: Timeouts | None) -> dict[str, Any] | None:
        """What the server says of itself; None when it says nothing, as MLflow's did before 3.9."""
        try:
            answer = self._connections.request("GET", _INFO_PATH, timeouts=timeouts)
            found = msgspec.json.decode(answer.body)
        except (EndpointNotFound, msgspec.DecodeError):
            return None
        return found if isinstance(found, dict) and isinstance(found.get("store_type"), str) else None

    def _tells_version(self, timeouts: Timeouts | None) -> bool:
        try:
            answer = self._connections.request("GET", _VERSION_PATH, timeouts=timeouts)
        except EndpointNotFound:
            return False
        return _VERSION.fullmatch(answer.body) is not None
