"""Pages learn what changed: through this server by id, by others at all, and not too often."""

import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from assay.server.changes import MOST_IDS, Change, everything, touched
from assay.store.open import open_store
from assay.wire.base import Empty
from assay.wire.experiments import ChangedExperiments, ChangeExperiments, CreateExperiment, CreateExperimentResponse
from assay.wire.gates import SetGates
from assay.wire.journal import ApplyJournal, encode_payload
from assay.wire.metrics import LogMetric
from assay.wire.registry import CreateModelVersion
from assay.wire.runs import CreateRun, LogBatch


class Stream:
    """The events of one connection, as they come."""

    def __init__(self, connection):
        self.connection = connection
        self.events = []
        self.head = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        rest = b""
        while True:
            try:
                data = self.connection.recv(65536)
            except OSError:
                return
            if not data:
                return
            rest += data
            if not self.head:
                self.head, _, rest = rest.partition(b"\r\n\r\n")
            while b"\n\n" in rest:
                block, _, rest = rest.partition(b"\n\n")
                lines = [line for line in block.split(b"\n") if line.startswith((b"event: ", b"data: "))]
                if len(lines) == 2:
                    self.events.append((lines[0][7:].decode(), json.loads(lines[1][6:])))

    @property
    def changes(self):
        return [data for name, data in self.events if name == "change"]


@contextmanager
def listening(port, eventually):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /ajax-api/assay/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stream = Stream(connection)
        eventually(lambda: stream.events)
        yield stream


def test_says_hello_and_names_what_was_touched(http_, eventually):
    with listening(http_.port, eventually) as stream:
        assert stream.events[0][0] == "hello"
        assert b"text/event-stream" in stream.head
        run_id = http_.new_run()
        change = eventually(lambda: stream.changes)[0]
        assert change == {"runs": [run_id], "experiments": ["0"]}
        http_.call("runs/log-metric", {"run_id": run_id, "key": "m", "value": 1, "timestamp": 1})
        eventually(lambda: {"runs": [run_id], "experiments": []} in stream.changes)


def test_is_told_at_most_four_times_a_second(http_, eventually):
    run_id = http_.new_run()
    with listening(http_.port, eventually) as stream:
        begun = time.monotonic()
        while time.monotonic() < begun + 1.2:
            http_.call("runs/set-tag", {"run_id": run_id, "key": "k", "value": "v"})
        assert 2 <= len(stream.changes) <= 7


def test_commits_of_other_processes_are_told_without_ids(server, http_, eventually):
    with listening(http_.port, eventually) as stream:
        time.sleep(1.2)
        del stream.events[:]
        store = open_store(server.config.backend_store_uri, artifact_root="x")
        store.write(lambda session: session.experiments.set_tag("0", key="a", value="b"))
        store.close()
        eventually(lambda: {"runs": [], "experiments": []} in stream.changes)


def test_uploads_name_their_run(http_, eventually):
    run_id = http_.new_run()
    with listening(http_.port, eventually) as stream:
        http_.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/f", b"x")
        eventually(lambda: any(run_id in change["runs"] for change in stream.changes))


def test_many_pages_come_and_go(http_, eventually):
    run_id = http_.new_run()
    with listening(http_.port, eventually) as first:
        for _ in range(50):
            with listening(http_.port, eventually):
                pass
        http_.call("runs/set-tag", {"run_id": run_id, "key": "k", "value": "v"})
        eventually(lambda: any(run_id in change["runs"] for change in first.changes))


def test_what_requests_touch():
    point = LogMetric(run_id="r", key="k", value=1.0, timestamp=1)
    assert touched(point, Empty()).runs == {"r"}
    assert touched(LogBatch(run_id="r"), Empty()).runs == {"r"}
    created = touched(CreateExperiment(name="x"), CreateExperimentResponse(experiment_id="7"))
    assert created.experiments == {"7"}
    gone = ChangeExperiments(experiment_ids=["1", "2"], lifecycle_stage="deleted")
    assert touched(gone, ChangedExperiments(changed=2)).experiments == {"1", "2"}
    payloads = [
        encode_payload(CreateRun(run_id="a", experiment_id="3")),
        encode_payload(LogMetric(run_id="b", key="k", value=1.0, timestamp=1)),
        b"\x02broken",
    ]
    journal = touched(ApplyJournal(writer="w", seqs=[1, 2, 3], payloads=payloads), Empty())
    assert (journal.runs, journal.experiments) == ({"a", "b"}, {"3"})
    assert touched(ApplyJournal(writer="w", lost=True), Empty()).everything


def test_changes_of_the_registry_name_the_model(http_, eventually):
    for name in ("a", "b"):
        http_.call("registered-models/create", {"name": name})
    http_.call("model-versions/create", {"name": "a", "source": "s3://b/m"})
    with listening(http_.port, eventually) as stream:
        http_.call("registered-models/alias", {"name": "a", "alias": "x", "version": "1"})
        eventually(lambda: {"runs": [], "experiments": [], "models": ["a"]} in stream.changes)
        http_.call("registered-models/rename", {"name": "b", "new_name": "c"})
        eventually(lambda: {"runs": [], "experiments": [], "models": ["b", "c"]} in stream.changes)
    version = touched(CreateModelVersion(name="a", source="runs:/r/m", run_id="r"), Empty())
    assert (version.models, version.runs) == ({"a"}, {"r"})
    assert touched(SetGates(rules="model a"), Empty()).everything


def test_too_many_ids_become_everything():
    change = Change()
    for number in range(MOST_IDS + 1):
        one = Change()
        one.runs.add(str(number))
        change.add(one)
    assert change.everything
    assert change
    assert json.loads(change.encode()) == {"runs": [], "experiments": []}
    assert not Change()
    assert everything()


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_events_are_only_read(http_, method):
    assert http_.send(method, "/ajax-api/assay/1/events").status == 405
