"""A tracking server, whichever API it speaks: Assay's own endpoint for journals, or MLflow's requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.blobs.open import open_blobs
from assay.client.ledger import RunLedger
from assay.client.mlflow_server import MlflowServer
from assay.client.proxied import proxied_blobs
from assay.client.requests import apply, perform
from assay.core.errors import EndpointNotFound, ServerUnreachable
from assay.core.http import Connections
from assay.core.log import logger
from assay.wire.base import OPERATIONS
from assay.wire.server import GetServerInfo

if TYPE_CHECKING:
    from pathlib import Path

    from assay.blobs.base import BlobStore
    from assay.core.http import Timeouts
    from assay.wire.base import Message
    from assay.wire.journal import AppliedResponse, ApplyJournal

T = TypeVar("T", bound="Message")

_INFO_PATH = f"/api/{OPERATIONS[GetServerInfo].path}"
_VERSION_PATH = "/version"
_VERSION = re.compile(rb"\s*\d+\.\d+[\w.+-]*\s*")
_log = logger("client")


class TrackingServer:
    """A server as the receiver of a spool. What it speaks is learned with the first delivery, and kept."""

    artifact_root = ""

    def __init__(self, address: str, spool: Path) -> None:
        self._connections = Connections(address)
        self._ledger = RunLedger(spool)
        self._mlflow: MlflowServer | None = None

    @property
    def name(self) -> str:
        """The address, without a password."""
        return self._connections.base_url

    def ask(self, request: Message, returns: type[T], *, timeouts: Timeouts | None = None) -> T:
        """The answer of the server; one try."""
        return perform(self._connections, self._ledger.resolve(request), returns, timeouts=timeouts)

    def apply(self, request: ApplyJournal, *, timeouts: Timeouts | None = None) -> AppliedResponse:
        """Hand over records, in order and each with effect once; those refused are told."""
        if self._mlflow is None:
            try:
                return apply(self._connections, request, timeouts=timeouts)
            except EndpointNotFound as error:
                self._check_speaks_mlflow(error, timeouts)
            _log.info("%s speaks MLflow's API only: records go there as its requests.", self._connections.base_url)
            self._mlflow = MlflowServer(self._connections, self._ledger)
        return self._mlflow.apply(request, timeouts=timeouts)

    def blobs(self, artifact_uri: str) -> BlobStore:
        """The artifacts below a URI: through the server, or directly where they are."""
        return proxied_blobs(self._connections, artifact_uri) or open_blobs(artifact_uri)

    def close(self) -> None:
        """Close idle connections."""
        self._connections.close()

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
