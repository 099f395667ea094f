"""`Client`: one plain method per operation, with MLflow's signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client.connection import connect
from assay.client.experiments import ExperimentOperations
from assay.client.files import FileOperations
from assay.client.gates import GateOperations
from assay.client.models import LoggedModelOperations
from assay.client.pages import PageOperations
from assay.client.registry import RegistryOperations
from assay.client.runs import RunRecording
from assay.client.tables import TableOperations
from assay.client.tracking import get_tracking_uri
from assay.client.trash import TrashOperations
from assay.client.webhooks import WebhookOperations
from assay.core import settings

if TYPE_CHECKING:
    from pathlib import Path

    from assay.client.connection import Connection


class Client(
    ExperimentOperations,
    RunRecording,
    FileOperations,
    TableOperations,
    LoggedModelOperations,
    RegistryOperations,
    WebhookOperations,
    GateOperations,
    PageOperations,
    TrashOperations,
):
    """Everything that can be asked of a store or a server, by id; it neither uses nor changes the active run.

    Example:
        >>> import assay, tempfile
        >>> client = assay.Client(tempfile.mkdtemp())
        >>> run = client.create_run("0", run_name="first")
        >>> client.log_metric(run.info.run_id, "loss", 0.5)
        >>> client.get_run(run.info.run_id).data.metrics
        {'loss': 0.5}
    """

    def __init__(self, tracking_uri: str | Path | None = None, registry_uri: str | None = None) -> None:
        """Use the store or server at `tracking_uri`; by default, the one that `assay.get_tracking_uri` says.

        Registered models are at `registry_uri`; by default, at the one set by `assay.set_registry_uri`, else there too.

        Raises:
            ConfigurationError: the URI is of no known kind.
        """
        self._tracking_uri = str(tracking_uri) if tracking_uri else get_tracking_uri()
        self._connection: Connection = connect(self._tracking_uri)
        registry = registry_uri or settings.registry_uri.get()
        self._registry: Connection = connect(registry) if registry else self._connection

    @property
    def tracking_uri(self) -> str:
        """The store or server that this client speaks to."""
        return self._tracking_uri

    def flush(self, *, seconds: float | None = None) -> None:
        """Wait until everything that this process wrote there is committed, at most `seconds`.

        Raises:
            ServerUnreachable: the server does not answer; the records are kept, and delivered later.
            TemporarilyUnavailable: it was not done in time; the rest is kept, and delivered later.
        """
        self._connection.settle(seconds=seconds)


MlflowClient = Client
"""The client under the name that MLflow gives it."""
