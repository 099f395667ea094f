"""A server shows what processes beside it wrote to their journals, each record once."""

import os
import signal
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest

from assay.blobs.local import LocalBlobs
from assay.core.errors import ResourceDoesNotExist, StorageFull
from assay.journal.spool import Spool
from assay.journal.writer import JournalWriter
from assay.server.journals import JournalScanner
from assay.service.handlers import Context, dispatch
from assay.service.spooled import apply_spool
from assay.store.open import open_store
from assay.wire.journal import LogArtifact, encode_payload
from assay.wire.metrics import LogMetric
from assay.wire.runs import CreateRun, LogParam, UpdateRun

RUN = "a" * 32


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "journal")


@pytest.fixture
def context(tmp_path):
    store = open_store(str(tmp_path), artifact_root="mlflow-artifacts:/")
    yield Context(
        store=store,
        artifact_root="mlflow-artifacts:/",
        store_type="SqlStore",
        destination=LocalBlobs(tmp_path / "destination"),
    )
    store.close()


def create(run_id=RUN):
    return encode_payload(CreateRun(run_id=run_id, experiment_id="0", start_time=1))


def point(number, run_id=RUN):
    return encode_payload(LogMetric(run_id=run_id, key="m", value=float(number), timestamp=number, step=number))


def finished(run_id=RUN):
    return encode_payload(UpdateRun(run_id=run_id, status="FINISHED", end_time=5))


def values(context, run_id=RUN):
    return [one.value for one in context.store.read(lambda session: session.metrics.history(run_id, key="m"))]


def info(context, run_id=RUN):
    return context.store.read(lambda session: session.runs.info(run_id))


def test_a_live_journal_is_applied_as_it_grows(context, spool):
    writer = JournalWriter(spool.root)
    writer.append(create())
    writer.append(point(1))
    assert apply_spool(context, spool.root).records == 2
    assert apply_spool(context, spool.root).records == 0
    writer.append(point(2))
    assert apply_spool(context, spool.root, only=writer.writer_id).records == 1
    assert values(context) == [1, 2]
    assert info(context).status == "RUNNING"
    assert [journal.writer_id for journal in spool.writers()] == [writer.writer_id]
    writer.append(finished())
    writer.close()
    apply_spool(context, spool.root).check()
    assert info(context).status == "FINISHED"
    assert spool.writers() == []


def test_a_journal_closed_while_its_run_goes_on_leaves_it_running(context, spool):
    """A run is not lost because the process that began it ended in order: others may continue it."""
    writer = JournalWriter(spool.root)
    writer.append(create())
    writer.close()
    apply_spool(context, spool.root)
    assert info(context).status == "RUNNING"


def test_an_end_that_was_acknowledged_before_a_crash_still_counts(context, spool):
    writer = JournalWriter(spool.root)
    writer.append(create())
    writer.close()
    (journal,) = spool.writers()
    batch = journal.read()
    with journal.claim():
        journal.acknowledge(0, batch.position)
    assert apply_spool(context, spool.root).records == 0
    assert spool.writers() == []


def test_a_writer_that_died_ends_its_runs_as_killed(context, spool):
    code = f"""
import os, signal, pathlib
from assay.journal.writer import JournalWriter
writer = JournalWriter(pathlib.Path({str(spool.root)!r}))
writer.append({create()!r}); writer.append({point(1)!r})
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    (journal,) = spool.writers()
    os.utime(journal.directory / "00000001.log", (1000.5, 1000.5))
    apply_spool(context, spool.root).check()
    assert info(context).status == "KILLED"
    assert info(context).end_time == 1_000_500
    assert values(context) == [1]
    assert spool.writers() == []


def test_many_records_go_in_several_transactions_and_once_each(context, spool):
    writer = JournalWriter(spool.root)
    writer.append(create())
    writer.append_many([point(number) for number in range(20_000)])
    requests = []

    def perform(context, request):
        requests.append(len(request.seqs))
        return dispatch(context, request)

    assert apply_spool(context, spool.root, perform=perform).records == 20_001
    assert len(requests) > 2
    assert sum(requests) == 20_001
    assert values(context) == list(range(20_000))


def test_a_writer_that_never_pauses_does_not_hold_its_reader(context, spool):
    writer = JournalWriter(spool.root)
    writer.append(create())
    time.sleep(0.005)  # the older journal comes first
    other = JournalWriter(spool.root)
    other.append(create("b" * 32))

    def perform(context, request):
        writer.append(point(writer.seq))
        return dispatch(context, request)

    assert apply_spool(context, spool.root, perform=perform).records == 2
    assert apply_spool(context, spool.root).records == writer.seq - 1
    assert len(values(context)) == writer.seq - 1


def test_refused_records_and_damage_are_told_and_the_rest_goes_on(context, spool, caplog):
    writer = JournalWriter(spool.root)
    for payload in (
        create(),
        encode_payload(LogParam(run_id=RUN, key="p", value="1")),
        encode_payload(LogParam(run_id=RUN, key="p", value="2")),
        point(1),
        point(2),
        point(3),
    ):
        writer.append(payload)
    path = writer.directory / "00000001.log"
    data = bytearray(path.read_bytes())
    data[data.index(point(2)) + 5] ^= 0xFF
    path.write_bytes(data)
    applied = apply_spool(context, spool.root)
    assert [(name, one.seq) for name, one in applied.rejected] == [(writer.writer_id, 3)]
    assert len(applied.damages) == 1
    assert "damaged" in caplog.text
    assert values(context) == [1, 3]


def test_damage_to_the_record_that_begins_a_run_loses_only_that(context, spool, caplog):
    writer = JournalWriter(spool.root)
    writer.append_many([create(), *(point(number) for number in range(100)), finished()])
    writer.close()
    path = spool.root / writer.writer_id / "00000001.log"
    data = bytearray(path.read_bytes())
    data[data.index(create()) + 5] ^= 0xFF
    path.write_bytes(data)
    applied = apply_spool(context, spool.root)
    assert applied.rejected == []
    assert [damage.split(": ")[1] for damage in applied.damages] == ["record 1"]
    assert values(context) == list(range(100))
    assert info(context).status == "FINISHED"
    assert f"record that began run {RUN} is damaged" in caplog.text


def artifact(spool, content, path="d/f.txt", run_id=RUN):
    blob = spool.stage(BytesIO(content))
    record = LogArtifact(run_id=run_id, path=path, blob=blob.name, size=blob.size, sha256=blob.sha256)
    return blob, encode_payload(record)


def test_files_are_stored_where_they_stand_among_the_records(context, spool):
    blob, record = artifact(spool, b"hello")
    writer = JournalWriter(spool.root)
    for payload in (create(), record, finished()):
        writer.append(payload)
    apply_spool(context, spool.root).check()
    stored = context.destination.open(f"0/{RUN}/artifacts/d/f.txt")
    assert b"".join(stored.chunks()) == b"hello"
    assert not spool.blob_path(blob.name).exists()
    assert info(context).status == "FINISHED"


def test_a_stored_file_whose_note_was_lost_is_not_missed(context, spool):
    """Killed between storing the file and acknowledging: the second time its bytes are gone from the spool."""
    blob, record = artifact(spool, b"hello")
    writer = JournalWriter(spool.root)
    writer.append(create())
    writer.append(record)
    apply_spool(context, spool.root).check()
    assert not spool.blob_path(blob.name).exists()
    (writer.directory / "ack").unlink()
    again = apply_spool(context, spool.root)
    assert (again.records, again.rejected) == (2, [])


def test_files_that_cannot_be_stored_are_refused_alone(context, spool):
    blob, damaged = artifact(spool, b"hello", path="damaged")
    spool.blob_path(blob.name).write_bytes(b"jello")
    gone_blob, gone = artifact(spool, b"gone", path="gone")
    spool.drop_blob(gone_blob.name)
    writer = JournalWriter(spool.root)
    for payload in (
        create(),
        damaged,
        gone,
        artifact(spool, b"x", path="../out")[1],
        artifact(spool, b"x", run_id="b" * 32)[1],
        point(1),
    ):
        writer.append(payload)
    applied = apply_spool(context, spool.root)
    assert [one.seq for _, one in applied.rejected] == [2, 3, 4, 5]
    assert values(context) == [1]
    with pytest.raises(ResourceDoesNotExist):
        context.destination.open(f"0/{RUN}/artifacts/damaged")


def test_a_disk_that_is_full_keeps_the_records_for_later(context, spool, monkeypatch):
    _, record = artifact(spool, b"hello")
    writer = JournalWriter(spool.root)
    for payload in (create(), record, point(1)):
        writer.append(payload)

    def full(*_, **__):
        raise StorageFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(LocalBlobs, "write", full)
        applied = apply_spool(context, spool.root)
        with pytest.raises(StorageFull):
            applied.check()
        assert values(context) == []
    apply_spool(context, spool.root).check()
    assert values(context) == [1]


def test_a_journal_that_another_process_works_on_is_left_to_it(context, spool):
    writer = JournalWriter(spool.root)
    writer.append(create())
    (journal,) = spool.writers()
    with journal.claim() as mine:
        assert mine
        assert apply_spool(context, spool.root).busy == [writer.writer_id]
    assert apply_spool(context, spool.root, only="0" * 32).busy == ["0" * 32]


def test_waits_for_another_process_when_told_to(context, spool):
    writer = JournalWriter(spool.root)
    writer.append(create())
    (journal,) = spool.writers()
    held = threading.Event()
    release = threading.Event()

    def hold():
        with journal.claim():
            held.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    threading.Timer(0.1, release.set).start()
    applied = apply_spool(context, spool.root, only=writer.writer_id, wait=10)
    holder.join()
    assert applied.records == 1


def test_records_wait_for_an_older_journal_that_another_process_works_on(context, spool, eventually):
    """The journal of a forked child goes on about a run that its parent's journal begins."""
    parent, child = JournalWriter(spool.root), JournalWriter(spool.root)
    parent.append(create())
    time.sleep(0.005)  # the older journal comes first
    child.append(point(1))
    scanner = JournalScanner(context, spool.root, tell=lambda _: None)
    with next(one for one in spool.writers() if one.writer_id == parent.writer_id).claim():
        scanner.start()
        time.sleep(0.2)
    eventually(lambda: values(context) == [1])
    scanner.stop()


def test_an_empty_or_missing_spool_is_fine(context, spool):
    assert apply_spool(context, spool.root).records == 0


def test_the_server_shows_what_is_written_beside_it(server, http_, eventually):
    root = Path(server.config.backend_store_uri) / "journal"
    run_id = "c" * 32
    writer = JournalWriter(root)
    writer.append(create(run_id))
    eventually(lambda: http_.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").status == 200)
    writer.append(point(7, run_id))
    eventually(lambda: http_.run(run_id)["data"].get("metrics"))
    writer.append(finished(run_id))
    writer.close()
    eventually(lambda: not writer.directory.exists())
    assert http_.run(run_id)["info"]["status"] == "FINISHED"


def test_the_server_goes_on_after_a_journal_of_a_newer_version(server, http_, eventually, caplog):
    root = Path(server.config.backend_store_uri) / "journal"
    newer = JournalWriter(root)
    newer.append(create("d" * 32))
    newer.close()
    path = newer.directory / "00000001.log"
    from assay.journal.format import SEGMENT_HEADER_SIZE, SegmentHeader, encode_segment_header

    header = encode_segment_header(SegmentHeader(bytes.fromhex(newer.writer_id), 1, 1, version=99))
    path.write_bytes(header + path.read_bytes()[SEGMENT_HEADER_SIZE:])
    other = JournalWriter(root)
    other.append(create("e" * 32))
    eventually(lambda: http_.get(f"/api/2.0/mlflow/runs/get?run_id={'e' * 32}").status == 200)
    other.close()
