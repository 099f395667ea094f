"""Records reach the server whatever happens to it, to the network, to the helper or to the disk: each exactly once."""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest

import assay
from assay.client import connection, launcher, spools
from assay.client.sync import sync
from assay.core.errors import ServerUnreachable, StorageFull
from assay.journal.locks import is_held
from assay.journal.spool import Spool


def spool() -> Path:
    return spools.spool_for(assay.get_tracking_uri())


def helper_pid() -> int:
    return int((spool() / launcher.LOCK_NAME).read_text() or 0)


def helper_runs() -> bool:
    return bool(is_held(spool() / launcher.LOCK_NAME)) and helper_pid() > 0


def steps(url: str, run_id: str, key: str = "m") -> list[int]:
    return [point.step for point in assay.Client(url).get_metric_history(run_id, key)]


def test_training_starts_without_its_server_and_everything_arrives_later(server_process, until, caplog, tmp_path):
    assay.set_tracking_uri(server_process.url)
    began = time.monotonic()
    experiment = assay.set_experiment("named-offline")
    assert (experiment.name, experiment.experiment_id) == ("named-offline", "")
    with assay.start_run(run_name="offline") as run:
        for step in range(1000):
            assay.log_metric("m", step, step=step)
        assay.log_param("p", 1)
        assay.log_text("hello", "a/b.txt")
        with pytest.raises(ServerUnreachable):
            assay.get_artifact_uri()
    assert time.monotonic() - began < 10
    warnings = [record.message for record in caplog.records if "helper process delivers" in record.message]
    assert len(warnings) == 1
    assert str(spool()) in warnings[0]

    server_process.start()
    until(lambda: not Spool(spool()).size(), seconds=40)
    client = assay.Client(server_process.url)
    found = client.get_run(run.info.run_id)
    assert (found.info.run_name, found.info.status) == ("offline", "FINISHED")
    assert client.get_experiment(found.info.experiment_id).name == "named-offline"
    assert found.data.params == {"p": "1"}
    assert steps(server_process.url, run.info.run_id) == list(range(1000))
    assert Path(client.download_artifacts(run.info.run_id, "a/b.txt")).read_text() == "hello"


def test_a_server_that_swallows_everything_does_not_hold_training_up(monkeypatch):
    monkeypatch.setenv("ASSAY_CONNECT_TIMEOUT", "0.3")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        assay.set_tracking_uri(f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with assay.start_run():
            assay.log_metric("m", 1)
        assert time.monotonic() - began < 3


def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(server_process, until):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        for step in range(6000):
            assay.log_metric("m", step, step=step)
            if step in (1000, 3000):
                time.sleep(0.15)
                server_process.kill()
            if step in (2000, 4000):
                server_process.start()
    until(lambda: not Spool(spool()).size(), seconds=40)
    assert steps(server_process.url, run.info.run_id) == list(range(6000))
    assert assay.get_run(run.info.run_id).info.status == "FINISHED"


class LosesReplies:
    """A proxy that forwards requests and, for the first few that match, drops the answer after the server gave it."""

    def __init__(self, port: int, *, lost: int, match: bytes) -> None:
        self._target = port
        self._match = match
        self.lost = lost
        self.dropped = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._target)) as server:
            matched = False
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(1 << 16)
                    if ready is client:
                        matched = matched or self._match in data
                        server.sendall(data)
                    elif matched and self.dropped < self.lost:
                        self.dropped += 1
                        return
                    else:
                        client.sendall(data)
                    if not data:
                        return

    def close(self) -> None:
        self._listener.close()


def test_a_reply_lost_after_the_commit_is_not_applied_twice(server_process, until):
    server_process.start()
    proxy = LosesReplies(server_process.port, lost=3, match=b"journal/apply")
    assay.set_tracking_uri(proxy.url)
    with assay.start_run(run_name="once") as run:
        for step in range(500):
            assay.log_metric("m", 1.0, step=step, timestamp=1000 + step)
    until(lambda: not Spool(spool()).size(), seconds=40)
    proxy.close()
    assert proxy.dropped == 3
    client = assay.Client(server_process.url)
    assert len(client.search_runs([run.info.experiment_id or "0"], "attributes.run_name = 'once'")) == 1
    assert steps(server_process.url, run.info.run_id) == list(range(500))


def test_a_killed_helper_is_replaced(server_process, until, end):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        assay.log_metric("m", 0, step=0)
        until(helper_runs)
        for round_number in range(1, 3):
            end(helper_pid())
            until(lambda: not helper_runs())
            assay.log_metric("m", round_number, step=round_number)
            until(helper_runs, seconds=5)
        other = assay.Client(server_process.url + "/")
        until(lambda: len(other.get_metric_history(run.info.run_id, "m")) == 3)
    assert steps(server_process.url, run.info.run_id) == [0, 1, 2]


def test_the_helper_leaves_when_nothing_is_left(server_process, script, until):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    source = "import assay\nwith assay.start_run(): assay.log_metric('m', 1)"
    done = script(source, ASSAY_TRACKING_URI=server_process.url)
    assert done.returncode == 0, done.stderr
    assert "View run" in done.stdout
    assert Spool(spool()).writers() == []
    until(helper_runs)
    until(lambda: not helper_runs(), seconds=15)


def test_sync_delivers_what_waits(server_process, script, until, end):
    source = "import assay, os\nassay.start_run()\nassay.log_metric('m', 1)\nassay.log_text('x', 'a.txt')\nos._exit(0)"
    done = script(source, ASSAY_TRACKING_URI=server_process.url)
    assert done.returncode == 0, done.stderr
    assay.set_tracking_uri(server_process.url)
    until(helper_runs)
    end(helper_pid())
    server_process.start()
    told = []
    (result,) = sync(progress=lambda *facts: told.append(facts))
    assert (result.uri, result.error, result.rejected, result.waiting) == (server_process.url, None, 0, 0)
    assert result.records == 3
    assert told
    (run,) = assay.search_runs(output_format="list")
    assert run.info.status == "KILLED"
    assert run.data.metrics == {"m": 1.0}
    assert [one.path for one in assay.Client().list_artifacts(run.info.run_id)] == ["a.txt"]


def test_the_helper_takes_no_modules_from_the_working_directory(server_process, script, until, tmp_path):
    for name in ("random", "queue"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError")
    source = "import sys; sys.path.pop(0)\nimport assay, os\nassay.log_metric('m', 1)\nos._exit(0)"
    done = script(source, ASSAY_TRACKING_URI=server_process.url)
    assert done.returncode == 0, done.stderr
    assay.set_tracking_uri(server_process.url)
    until(helper_runs)
    server_process.start()
    until(lambda: not Spool(spool()).size(), seconds=40)


def test_sync_delivers_what_stands_behind_a_large_record(server_process, script, until, end):
    source = """
import assay, os
assay.start_run()
assay.log_params({f"p{number}": "x" * 6000 for number in range(100)})
assay.log_metric("m", 1)
os._exit(0)
"""
    assert script(source, ASSAY_TRACKING_URI=server_process.url).returncode == 0
    assay.set_tracking_uri(server_process.url)
    until(helper_runs)
    end(helper_pid())
    server_process.start()
    (result,) = sync()
    assert (result.error, result.waiting, result.records) == (None, 0, 3)


def test_a_segment_that_the_helper_drops_while_it_is_read_here_is_no_error(shared_server, monkeypatch):
    assay.set_tracking_uri(shared_server)
    with assay.start_run() as run:
        courier = run.connection.transport._courier
        load, told = courier.load, []

        def dropped(journal):
            if not told:
                told.append(journal)
                raise FileNotFoundError(journal.directory / "00000001.log")
            return load(journal)

        monkeypatch.setattr(courier, "load", dropped)
        assay.log_metric("m", 1)
        assay.flush()
        assert told
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 1.0}


def test_a_removed_journal_is_told_and_the_next_run_is_whole(tracked, caplog):
    with assay.start_run() as lost:
        assay.log_metric("m", 1)
        shutil.rmtree(lost.connection.outbox._journal.directory.parent)
    assert [record for record in caplog.records if "was removed while this process logged" in record.message]
    with assay.start_run() as run:
        assay.log_metric("m", 2)
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 2.0}
    assert assay.get_run(run.info.run_id).info.status == "FINISHED"


def test_a_store_removed_between_two_runs_is_made_anew(tmp_path):
    assay.set_tracking_uri(str(tmp_path / "mlruns"))
    with assay.start_run():
        assay.log_metric("m", 1)
    assert len(assay.search_runs(output_format="list")) == 1
    shutil.rmtree(tmp_path / "mlruns")
    with assay.start_run() as run:
        assay.log_metric("m", 2)
    assert [one.info.run_id for one in assay.search_runs(output_format="list")] == [run.info.run_id]
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 2.0}


def test_refused_records_are_kept_and_told_and_the_rest_flows(shared_server, caplog):
    assay.set_tracking_uri(shared_server)
    with assay.start_run() as run:
        run_id = run.info.run_id
        recorder = connection.connect(shared_server).recorder(run_id)
        assay.log_param("p", "one")
        assay.flush()
        recorder._params.clear()
        recorder.param("p", "two")
        assay.log_metric("m", 1)
    assert assay.get_run(run_id).data.params == {"p": "one"}
    assert assay.get_run(run_id).data.metrics == {"m": 1.0}
    (line,) = (spool() / "rejected.jsonl").read_text().splitlines()
    assert json.loads(line)["error_code"] == "INVALID_PARAMETER_VALUE"
    assert [record for record in caplog.records if "was refused" in record.message and record.name == "assay.client"]


def test_forked_children_log_to_the_run(tracked, until):
    with assay.start_run() as run:
        assay.log_metric("m", 0, step=0)
        children = []
        for number in range(1, 5):
            pid = os.fork()
            if not pid:
                status = 1
                try:
                    for step in range(50):
                        assay.log_metric("m", number, step=number * 1000 + step)
                    assay.flush()
                    status = 0
                finally:
                    os._exit(status)
            children.append(pid)
        assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0, 0]
        expected = sorted([0, *(number * 1000 + step for number in range(1, 5) for step in range(50))])
        client = assay.Client()
        until(lambda: sorted(one.step for one in client.get_metric_history(run.info.run_id, "m")) == expected)
    assert assay.get_run(run.info.run_id).info.status == "FINISHED"


def test_children_forked_while_the_server_is_away_arrive_after_the_run_they_log_to(server_process, until):
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        pid = os.fork()
        if not pid:
            for step in range(20):
                assay.log_metric("m", step, step=step)
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        assay.log_metric("parent", 1)
        server_process.start()
        until(lambda: not Spool(spool()).size(), seconds=40)
    assert steps(server_process.url, run.info.run_id) == list(range(20))
    assert not (spool() / "rejected.jsonl").exists()


def test_a_full_disk_does_not_stop_training(tracked, caplog):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with assay.start_run() as run:
        assay.log_metric("m", 0, step=0)
        written = connection.connect(tracked).outbox._journal
        size = sum(path.stat().st_size for path in written.directory.glob("*.log"))
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 2000, hard))
            for step in range(1, 3000):
                assay.log_metric("m", step, step=step)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        for step in range(3000, 3100):
            assay.log_metric("m", step, step=step)
    assert [point.step for point in assay.Client().get_metric_history(run.info.run_id, "m")] == list(range(3100))
    assert len([record for record in caplog.records if "Training goes on" in record.message]) == 1


def test_a_flush_tells_what_the_disk_has_not_taken(tracked, monkeypatch):
    def refuse(_):
        raise StorageFull("full")

    with assay.start_run() as run:
        assay.log_metric("m", 0, step=0)
        with monkeypatch.context() as patch:
            journal = run.connection.outbox._journal
            patch.setattr(journal, "append", refuse)
            patch.setattr(journal, "append_many", refuse)
            assay.log_metric("m", 1, step=1)
            with pytest.raises(StorageFull, match="1 wait in memory"):
                assay.flush()
        assay.flush()
    assert [point.step for point in assay.Client().get_metric_history(run.info.run_id, "m")] == [0, 1]


def test_a_spool_that_cannot_be_written_is_replaced(shared_server, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASSAY_SPOOL_DIR", str(tmp_path / "file" / "spool"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    assay.set_tracking_uri(shared_server)
    assay.set_experiment("scratch")
    with assay.start_run() as run:
        assay.log_metric("m", 1)
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 1.0}
    assert [record for record in caplog.records if "Set ASSAY_SPOOL_DIR" in record.message]


def test_a_spool_at_its_limit_is_reported(shared_server, monkeypatch, caplog):
    assay.set_tracking_uri(shared_server)
    with assay.start_run() as run:
        outbox = run.connection.outbox
        assay.log_metric("m", 0, step=0)
        monkeypatch.setenv("ASSAY_SPOOL_MAX_BYTES", "10")
        outbox.look_after()
        assay.log_metric("m", 1, step=1)
        assert outbox.dropped == 1
        monkeypatch.delenv("ASSAY_SPOOL_MAX_BYTES")
        outbox.look_after()
        assay.log_metric("m", 2, step=2)
    assert steps(shared_server, run.info.run_id) == [0, 2]
    assert [record for record in caplog.records if "ASSAY_SPOOL_MAX_BYTES" in record.message]
