"""Which run of an MLflow server each run of ours is, and whose process keeps it open: a file in the spool.

MLflow's server chooses run ids itself. A run that started while it was away has an id of ours until its creation is
delivered, and keeps it as a second name afterwards. What is read here is what any process of this user has written.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.core.clock import now_ms
from assay.core.log import logger
from assay.journal.disk import force_data, force_directory, storage_full, write_all

if TYPE_CHECKING:
    from pathlib import Path

    from assay.wire.base import Message

M = TypeVar("M", bound="Message")

NAME = "runs.jsonl"
_RUN_FIELDS = ("run_id", "run_uuid", "source_run_id")
_log = logger("client")


class Entry(msgspec.Struct, omit_defaults=True):
    """One thing learned of a run.

    Attributes:
        run_id: The run's id, ours or the server's.
        server_id: The server's id of a run of ours; empty when its creation was only begun.
        writer: The journal's writer that keeps the run open; empty when it has ended, None when nothing is said.
        time_ms: When this was noted, in milliseconds since the epoch.
    """

    run_id: str
    server_id: str = ""
    writer: str | None = None
    time_ms: int = 0


_decoder = msgspec.json.Decoder(Entry)


class RunLedger:
    """The ids and open runs of one spool; what other processes add is seen at the next look."""

    def __init__(self, spool: Path) -> None:
        self._path = spool / NAME
        self._offset = 0
        self._server_ids: dict[str, str] = {}
        self._begun: dict[str, int] = {}
        self._writers: dict[str, str] = {}
        self._lock = threading.Lock()

    def server_id(self, run_id: str) -> str | None:
        """The server's id of a run of ours; None when there is none, or none yet."""
        self._refresh()
        return self._server_ids.get(run_id)

    def begun_ms(self, run_id: str) -> int | None:
        """When the creation of a run was last tried, in milliseconds since the epoch; None when it never was."""
        self._refresh()
        return self._begun.get(run_id)

    def kept_open_by(self, writer: str) -> list[str]:
        """The server's ids of the runs that a writer started or resumed, and has not ended."""
        self._refresh()
        return [run_id for run_id, one in self._writers.items() if one == writer]

    def note(self, run_id: str, *, server_id: str = "", writer: str | None = None, sync: bool = False) -> None:
        """Write down what is known of a run now; with `sync`, a power failure does not forget it either.

        Raises:
            StorageFull: the disk is full or failed.
        """
        entry = Entry(run_id, server_id, writer, now_ms())
        # A line that a dying process left half written ends here: the line break in front keeps it apart.
        line = b"\n" + msgspec.json.encode(entry) + b"\n"
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                write_all(descriptor, line)
                if sync:
                    force_data(descriptor)
            finally:
                os.close(descriptor)
            if sync:
                force_directory(self._path.parent)
        except OSError as error:
            raise storage_full("note the id of a run", self._path.parent, error) from error

    def resolve(self, request: M) -> M:
        """The request with ids of ours replaced by those that the server knows."""
        self._refresh()
        if not self._server_ids:
            return request
        changes: dict[str, Any] = {}
        for name in _RUN_FIELDS:
            known = self._server_ids.get(getattr(request, name, None) or "")
            if known:
                changes[name] = known
        if any(one in self._server_ids for one in getattr(request, "run_ids", None) or ()):
            changes["run_ids"] = [self._server_ids.get(one, one) for one in request.run_ids]  # type: ignore[attr-defined]
        return msgspec.structs.replace(request, **changes) if changes else request

    def _refresh(self) -> None:
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            size = 0
        if size == self._offset:
            return
        with self._lock:
            if size < self._offset:  # the spool was removed, and made anew
                self._offset = 0
                for known in (self._server_ids, self._begun, self._writers):
                    known.clear()
            self._read()

    def _read(self) -> None:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in filter(None, whole.split(b"\n")):
            try:
                self._take(_decoder.decode(line))
            except msgspec.DecodeError:
                _log.warning("A line of %s cannot be read.", self._path)

    def _take(self, entry: Entry) -> None:
        if entry.server_id:
            self._server_ids[entry.run_id] = entry.server_id
        elif entry.writer is None:
            self._begun[entry.run_id] = entry.time_ms
        target = entry.server_id or entry.run_id
        if entry.writer:
            self._writers[target] = entry.writer
        elif entry.writer is not None:
            self._writers.pop(target, None)
