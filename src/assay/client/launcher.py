"""Start the helper process, and see whether it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client import spools
from assay.client.children import CAN_START, Children
from assay.core import settings, uri
from assay.journal.locks import is_held

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME = "helper.lock"
LOG_NAME = "helper.log"


class Launcher:
    """The helper of one spool directory, as the processes that log see it.

    Where none can be started, the process delivers itself, and `assay sync` what it leaves behind.
    """

    def __init__(self, directory: Path, address: str, *, artifact_root: str = "") -> None:
        self._directory = directory
        self._address = address
        self._artifact_root = artifact_root
        self._children = Children()

    def ensure(self) -> None:
        """Start the helper unless it runs.

        Raises:
            OSError: the spool directory cannot be used, or the process cannot be started.
        """
        if self._children.alive() or is_held(self._directory / LOCK_NAME) or not CAN_START:
            return
        spools.note_address(self._directory, self._address, artifact_root=self._artifact_root)
        variables = {settings.tracking_uri.variables[0]: self._address}
        if self._artifact_root:
            variables[settings.default_artifact_root.variables[0]] = self._artifact_root
        self._children.start(
            "assay.client.shipper",
            *(str(self._directory), uri.without_password(self._address)),
            variables=variables,
            log=self._directory / LOG_NAME,
        )
