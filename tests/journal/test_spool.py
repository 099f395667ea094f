"""Journals are found, worked off by one claimer at a time, and removed only when nothing can be lost by it."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from io import BytesIO, StringIO

import pytest

from assay.core.errors import InvalidParameterValue, StorageFull
from assay.journal import locks, spool, staging
from assay.journal.reader import START, Position, segment_path, segments
from assay.journal.spool import Spool, WriterJournal
from assay.journal.writer import JournalWriter

CLAIM_AND_WAIT = """
import os, sys
from pathlib import Path
from assay.journal.spool import WriterJournal
with WriterJournal(Path(sys.argv[1])).claim() as mine:
    os.write(1, b"%d" % mine)
    os.read(0, 1)
"""

APPEND_AND_WAIT = """
import os, sys
from pathlib import Path
from assay.journal.writer import JournalWriter
writer = JournalWriter(Path(sys.argv[1]))
writer.append(b"x")
os.write(1, b".")
os.read(0, 1)
writer.close()
os.write(1, b".")
os.read(0, 1)
"""


def running(code, argument):
    return subprocess.Popen([sys.executable, "-c", code, argument], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def closed(root, payloads=(b"one", b"two"), **options):
    writer = JournalWriter(root, **options)
    writer.append_many(payloads)
    writer.close()
    return WriterJournal(writer.directory)


def apply_everything(journal):
    batch = journal.read()
    journal.acknowledge(batch.records[-1].seq, batch.position)
    return batch


def test_writers_are_listed_oldest_first_and_nothing_else_is(tmp_path, monkeypatch):
    clock = iter(range(1000, 9000, 1000))
    monkeypatch.setattr("assay.journal.writer.now_ms", lambda: next(clock))
    journals = [closed(tmp_path) for _ in range(3)]
    (tmp_path / "notes").mkdir()
    Spool(tmp_path).stage(BytesIO(b"blob"))
    assert [journal.writer_id for journal in Spool(tmp_path).writers()] == [each.writer_id for each in journals]
    assert not Spool(tmp_path / "missing").writers()


def test_a_forked_writer_is_younger_than_its_parent_on_any_clock(tmp_path, monkeypatch):
    parent = JournalWriter(tmp_path)
    parent.append(b"1")
    pid = os.fork()
    if not pid:
        monkeypatch.setattr("assay.journal.writer.now_ms", lambda: 1000)
        parent.append(b"2")
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    assert [one.alive() for one in Spool(tmp_path).writers()] == [True, False]


def test_a_writer_is_alive_until_it_closes(tmp_path):
    writer = JournalWriter(tmp_path)
    writer.append(b"x")
    journal = WriterJournal(writer.directory)
    assert journal.alive()
    assert not journal.read().end
    writer.close()
    assert not journal.alive()
    assert journal.read().end


@pytest.mark.parametrize("killed", [True, False])
def test_liveness_of_another_process(tmp_path, killed):
    with running(APPEND_AND_WAIT, tmp_path) as child:
        child.stdout.read(1)
        (journal,) = Spool(tmp_path).writers()
        assert journal.alive()
        if killed:
            child.kill()
            child.wait()
        else:
            child.stdin.write(b".")
            child.stdin.flush()
            child.stdout.read(1)
        assert not journal.alive()
        assert journal.read().end is not killed


def test_asking_never_disturbs_a_writer_that_is_just_beginning(tmp_path):
    stop = threading.Event()
    seen_dead = []

    def ask():
        while not stop.is_set():
            seen_dead.extend(each for each in Spool(tmp_path).writers() if not each.alive())

    thread = threading.Thread(target=ask)
    thread.start()
    writers = [JournalWriter(tmp_path) for _ in range(100)]
    try:
        for writer in writers:
            writer.append(b"x")
    finally:
        stop.set()
        thread.join()
    assert not seen_dead
    for writer in writers:
        writer.close()


def test_without_kernel_locks_silence_decides(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_lock", lambda _, **__: None)
    writer = JournalWriter(tmp_path)
    writer.append(b"x")
    assert WriterJournal(writer.directory).alive()
    long_ago = 1_600_000_000
    for path in writer.directory.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert not WriterJournal(writer.directory).alive()
    writer.close()


def test_acknowledging_is_remembered_and_reading_goes_on_from_there(tmp_path):
    writer = JournalWriter(tmp_path, segment_bytes=300)
    for number in range(100):
        writer.append(b"%d" % number)
    writer.close()
    journal = WriterJournal(writer.directory)
    assert journal.acknowledged() == (0, START)
    seen, sizes = [], [journal.size()]
    while (batch := journal.read(max_bytes=500)).records:
        seen += [record.seq for record in batch.records]
        journal.acknowledge(seen[-1], batch.position, sync=True)
        journal.drop_segments_before(batch.position)
        journal = WriterJournal(journal.directory)  # as another process would
        assert journal.acknowledged() == (seen[-1], batch.position)
        assert segments(journal.directory)[0] == batch.position.segment
        sizes.append(journal.size())
    assert batch.end
    assert seen == list(range(1, 101))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


def test_reading_from_a_position_of_ones_own(tmp_path):
    journal = closed(tmp_path)
    first = journal.read(START, max_bytes=1)
    assert [record.payload for record in first.records] == [b"one"]
    assert [record.payload for record in journal.read(first.position).records] == [b"two"]


@pytest.mark.parametrize("content", [b"", b"7 1 300", b"7 1 300 00000000", b"\xff\xfe", b"7 1 400 nonsense"])
def test_an_unreadable_acknowledgement_means_applying_again(tmp_path, content):
    journal = closed(tmp_path)
    (journal.directory / "ack").write_bytes(content)
    assert journal.acknowledged() == (0, START)
    assert len(journal.read().records) == 2


def test_a_full_disk_keeps_the_earlier_acknowledgement(tmp_path, monkeypatch):
    journal = closed(tmp_path)
    journal.acknowledge(1, Position(1, 63))

    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(spool, "write_all", refuse)
    with pytest.raises(StorageFull, match="No space left"):
        journal.acknowledge(2, Position(1, 86))
    assert journal.acknowledged() == (1, Position(1, 63))
    assert not list(journal.directory.glob("ack.*"))


def test_one_claimer_at_a_time_within_a_process(tmp_path):
    journal, other = closed(tmp_path), WriterJournal(next(tmp_path.iterdir()))
    with journal.claim() as mine:
        assert mine
        for another in (journal, other):
            with another.claim() as theirs:
                assert not theirs
    with other.claim() as mine:
        assert mine


def test_one_claimer_at_a_time_across_processes_and_death_releases(tmp_path):
    journal = closed(tmp_path)
    with running(CLAIM_AND_WAIT, journal.directory) as first:
        assert first.stdout.read(1) == b"1"
        with running(CLAIM_AND_WAIT, journal.directory) as second:
            assert second.stdout.read(1) == b"0"
        with journal.claim() as mine:
            assert not mine
        assert not journal.prune()
        first.kill()
        first.wait()
    with journal.claim() as mine:
        assert mine


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_does_not_share_the_claim(tmp_path):
    journal = closed(tmp_path)
    ours, theirs = os.pipe()
    with journal.claim():
        pid = os.fork()
        if pid == 0:
            with journal.claim() as mine:
                os.write(theirs, b"1" if mine else b"0")
            os._exit(0)
        assert os.read(ours, 1) == b"0"
        os.waitpid(pid, 0)
        with WriterJournal(journal.directory).claim() as theirs_still:
            assert not theirs_still
    os.close(ours)
    os.close(theirs)


def test_pruning_waits_for_the_writer_and_for_every_record(tmp_path):
    writer = JournalWriter(tmp_path)
    writer.append(b"x")
    journal = WriterJournal(writer.directory)
    apply_everything(journal)
    assert not journal.prune()
    writer.append(b"y")
    writer.close()
    assert not journal.prune()
    apply_everything(journal)
    assert journal.size() == 0
    assert journal.prune()
    assert not list(tmp_path.iterdir())
    assert not journal.prune()


def test_pruning_waits_until_damage_was_acknowledged(tmp_path):
    journal = closed(tmp_path)
    path = segment_path(journal.directory, 1)
    path.write_bytes(path.read_bytes()[:-30])  # the end marker and a part of record 2
    batch = journal.read(max_bytes=1)
    journal.acknowledge(1, batch.position)
    assert not journal.prune()
    batch = journal.read()
    assert [damage.reason for damage in batch.damages] == ["torn"]
    journal.acknowledge(1, batch.position)
    assert journal.prune()


def test_a_claim_won_after_pruning_is_refused(tmp_path, monkeypatch):
    journal, late = closed(tmp_path), WriterJournal(next(tmp_path.iterdir()))
    apply_everything(journal)
    real = locks._lock

    def prune_first(descriptor, **options):
        monkeypatch.setattr(locks, "_lock", real)
        assert journal.prune()  # between the late claimer's opening and locking
        return real(descriptor, **options)

    monkeypatch.setattr(locks, "_lock", prune_first)
    with late.claim() as mine:
        assert not mine
    with late.claim() as mine:
        assert not mine


def test_many_pruners_remove_a_journal_once(tmp_path):
    for _ in range(20):
        journal = closed(tmp_path)
        apply_everything(journal)
        removed = []
        barrier = threading.Barrier(4)

        def work(directory=journal.directory, barrier=barrier, removed=removed):
            barrier.wait()
            removed.append(WriterJournal(directory).prune())

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert removed.count(True) == 1
        assert not list(tmp_path.iterdir())


def test_staging_copies_and_hashes(tmp_path):
    source = tmp_path / "model.bin"
    content = os.urandom(3_000_001)
    source.write_bytes(content)
    area = Spool(tmp_path / "spool")
    with source.open("rb") as file:
        blob = area.stage(file)
    with source.open("r+b") as file:  # in place: the same file, as a hard link to it would be
        file.write(b"changed since")
    assert area.blob_path(blob.name).read_bytes() == content
    assert blob.size == len(content)
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert area.blob_path(blob.name).stat().st_mode & 0o777 == 0o600
    again = area.stage(BytesIO(content))
    assert again.sha256 == blob.sha256
    assert again.name != blob.name
    area.flush_blobs()
    assert area.size() == 2 * len(content)
    area.drop_blob(again.name)
    area.drop_blob(again.name)
    assert [path.name for path in (tmp_path / "spool" / "blobs").iterdir()] == [blob.name]


def test_flushing_blobs_skips_those_already_delivered(tmp_path):
    area = Spool(tmp_path)
    area.drop_blob(area.stage(BytesIO(b"x")).name)
    area.flush_blobs()
    area.flush_blobs()


@pytest.mark.parametrize("name", ["", ".", "../x", "a/b", "0" * 64, "0" * 64 + "-" + "0" * 16 + "\n", ".part"])
def test_only_names_of_blobs_are_accepted(tmp_path, name):
    area = Spool(tmp_path)
    for use in (area.blob_path, area.drop_blob):
        with pytest.raises(InvalidParameterValue, match="not the name"):
            use(name)


def test_a_full_disk_keeps_no_part_of_a_blob(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(staging, "write_all", refuse)
    with pytest.raises(StorageFull, match="stage a file"):
        Spool(tmp_path).stage(BytesIO(b"x"))
    assert not list((tmp_path / "blobs").iterdir())


def test_a_stream_that_unpacks_a_file_is_staged_as_what_it_gives(tmp_path):
    with gzip.open(tmp_path / "x.gz", "wb") as packed:
        packed.write(b"content" * 1000)
    area = Spool(tmp_path / "spool")
    with gzip.open(tmp_path / "x.gz", "rb") as stream:
        blob = area.stage(stream)
    assert area.blob_path(blob.name).read_bytes() == b"content" * 1000
    with (tmp_path / "x.gz").open("rb") as file:
        file.seek(10)
        blob = area.stage(file)
    assert area.blob_path(blob.name).read_bytes() == (tmp_path / "x.gz").read_bytes()[10:]
    with pytest.raises(InvalidParameterValue, match="binary mode"):
        area.stage(StringIO("text"))


def test_a_clone_is_hashed_as_a_copy_is(tmp_path, monkeypatch):
    """Few file systems clone; here the request for it is answered as they would."""

    def clone(descriptor, request, origin):
        assert request == 0x40049409
        os.pwrite(descriptor, os.pread(origin, 1 << 20, 0), 0)

    monkeypatch.setattr(staging.fcntl, "ioctl", clone)
    monkeypatch.setattr(staging, "write_all", None)
    (tmp_path / "source").write_bytes(b"content")
    with (tmp_path / "source").open("rb") as file:
        blob = Spool(tmp_path / "spool").stage(file)
    assert (blob.size, blob.sha256) == (7, hashlib.sha256(b"content").hexdigest())


def test_a_large_file_without_room_is_refused_before_it_is_copied(tmp_path, monkeypatch):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(100 << 20)
    area = Spool(tmp_path / "spool")
    with (tmp_path / "large").open("rb") as file, pytest.raises(StorageFull, match="ASSAY_SPOOL_MAX_BYTES"):
        area.stage(file, room=99 << 20)
    free = shutil.disk_usage(tmp_path)._replace(free=120 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    with (tmp_path / "large").open("rb") as file, pytest.raises(StorageFull, match="ASSAY_SPOOL_DIR"):
        area.stage(file)
    assert not list((tmp_path / "spool" / "blobs").iterdir())


def test_sweeping_removes_old_leftovers_only(tmp_path):
    area = Spool(tmp_path)
    journal, blob = closed(tmp_path), area.stage(BytesIO(b"x"))
    leftovers = [tmp_path / f".{'a' * 32}.new", tmp_path / f".{'b' * 32}.gone"]
    for leftover in leftovers:
        shutil.copytree(journal.directory, leftover)
    part = tmp_path / "blobs" / ".0123.part"
    part.write_bytes(b"half")
    area.sweep()
    assert all(path.exists() for path in [*leftovers, part])
    area.sweep(older_than_s=-1)
    assert not any(path.exists() for path in [*leftovers, part])
    assert area.blob_path(blob.name).exists()
    assert len(journal.read().records) == 2
