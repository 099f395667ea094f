"""An accepted record survives any death of its process; nothing blocks, nothing is glued, nothing is given twice."""

from __future__ import annotations

import errno
import gc
import itertools
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from assay.core.errors import InvalidState, StorageFull
from assay.journal import syncer as syncer_module
from assay.journal import writer as writer_module
from assay.journal.format import END, SEGMENT_HEADER_SIZE, encode_record
from assay.journal.reader import START, read, segment_path, segments
from assay.journal.spool import Spool, WriterJournal
from assay.journal.writer import JournalWriter

APPEND_FOREVER = """
import os, sys
from pathlib import Path
from assay.journal.writer import JournalWriter
writer = JournalWriter(Path(sys.argv[1]), segment_bytes=20_000, sync_interval=0.05)
while True:
    seq = writer.append(b"value %d" % (writer.seq + 1))
    os.write(1, b"%d\\n" % seq)
"""

LAST_WORDS = """
import os, sys
from pathlib import Path
from assay.journal.writer import JournalWriter
writer = JournalWriter(Path(sys.argv[1]))
for number in range(1000):
    writer.append(b"value %d" % (number + 1))
os._exit(0)
"""

FILE_LIMIT = """
import resource, signal, sys
from pathlib import Path
from assay.core.errors import StorageFull
from assay.journal.writer import JournalWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit, batch = int(sys.argv[2]), int(sys.argv[3])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
writer = JournalWriter(Path(sys.argv[1]))
refused = 0
for round in range(6):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit * (round + 1) if round < 5 else hard, hard))
    for number in range(40):
        payloads = [b"payload %d" % (writer.seq + index + 1) for index in range(batch)]
        before = writer.seq
        try:
            writer.append_many(payloads) if batch > 1 else writer.append(payloads[0])
        except StorageFull as error:
            assert str(writer.directory) in str(error), error
            refused += 1
        print(*range(before + 1, writer.seq + 1), sep="\\n")
assert refused, "the limit was never met"
writer.close()
"""


FORK_AND_WAIT = """
import os, sys
from pathlib import Path
from assay.journal.writer import JournalWriter
writer = JournalWriter(Path(sys.argv[1]))
writer.append(b"x")
pid = os.fork()
if pid == 0:
    os.write(1, b"%d\\n" % os.getpid())
os.read(0, 1)
"""


def accepted_by(code, root, *arguments, kill_after=None):
    """Run a writer in a process of its own; returns the numbers that it said were accepted."""
    with subprocess.Popen(
        [sys.executable, "-c", code, root, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        if kill_after is not None:
            first = child.stdout.readline()
            time.sleep(kill_after)
            child.kill()
            rest = child.stdout.read()
            return [int(line) for line in (first + rest).split(b"\n")[:-1]]
        output, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors.decode()
        return [int(line) for line in output.split()]


def only_writer(root):
    (journal,) = Spool(root).writers()
    return journal


@pytest.mark.parametrize("seed", range(6))
def test_sigkill_loses_nothing_that_was_accepted(tmp_path, read_everything, seed):
    accepted = accepted_by(APPEND_FOREVER, tmp_path, kill_after=random.Random(seed).uniform(0, 0.3))
    journal = only_writer(tmp_path)
    assert not journal.alive()
    done = read_everything(journal.directory)
    assert accepted == list(range(1, len(accepted) + 1))
    assert len(done.records) >= len(accepted)
    assert [(r.seq, r.payload) for r in done.records] == [
        (seq, b"value %d" % seq) for seq in range(1, len(done.records) + 1)
    ]
    assert not done.end
    assert [damage.reason for damage in done.damages] in ([], ["torn"])


def test_os_exit_right_after_the_last_append_loses_nothing(tmp_path, read_everything):
    accepted_by(LAST_WORDS, tmp_path)
    done = read_everything(only_writer(tmp_path).directory)
    assert done.payloads == [b"value %d" % seq for seq in range(1, 1001)]
    assert not done.damages


@pytest.mark.parametrize(("limit", "batch"), [(700, 1), (711, 1), (1500, 5), (30, 1), (41, 3)])
def test_a_full_disk_tears_nothing_and_appends_work_again_later(tmp_path, read_everything, limit, batch):
    accepted = accepted_by(FILE_LIMIT, tmp_path, limit, batch)
    done = read_everything(only_writer(tmp_path).directory)
    assert [(r.seq, r.payload) for r in done.records] == [(seq, b"payload %d" % seq) for seq in accepted]
    assert accepted == list(range(1, len(accepted) + 1))
    assert len(accepted) > 40 * batch
    assert not done.damages
    assert done.end


@pytest.mark.parametrize("torn", [0, 1, 7, 30])
@pytest.mark.parametrize("mendable", [True, False])
def test_a_failing_write_leaves_no_glued_record(tmp_path, read_everything, monkeypatch, torn, mendable):
    writer = JournalWriter(tmp_path)
    writer.append(b"before")

    def failing_write(descriptor, data):
        if torn:
            os.write(descriptor, bytes(data)[:torn])
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def refuse(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "_write", failing_write)
        if not mendable:
            patch.setattr(os, "ftruncate", refuse)
        with pytest.raises(StorageFull):
            writer.append(b"never accepted, and long enough to tear")
    after = [writer.append(b"after"), writer.append(b"and on")]
    writer.close()
    done = read_everything(writer.directory)
    assert done.payloads == [b"before", b"after", b"and on"]
    assert [record.seq for record in done.records] == [1, *after]
    assert [damage.reason for damage in done.damages] == (["torn"] if torn and not mendable else [])


def test_an_interrupt_after_the_write_keeps_the_record_and_its_number(tmp_path, read_everything, monkeypatch):
    writer = JournalWriter(tmp_path)
    writer.append(b"one")

    def interrupted_write(descriptor, data):
        os.write(descriptor, data)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "_write", interrupted_write)
        with pytest.raises(KeyboardInterrupt):
            writer.append(b"two")
    assert writer.append(b"three") == 3
    writer.close()
    assert read_everything(writer.directory).payloads == [b"one", b"two", b"three"]


@pytest.mark.parametrize("raises", [False, True])
def test_a_signal_handler_may_append_in_the_middle_of_an_append(tmp_path, read_everything, monkeypatch, raises):
    writer = JournalWriter(tmp_path)

    def write_with_signal(descriptor, data):
        monkeypatch.setattr(writer_module, "_write", os.write)
        assert writer.append(b"from the handler") == 2
        assert writer.append_many([b"again", b"and again"]) == 4
        writer.close()
        if raises:
            raise SystemExit
        return os.write(descriptor, data)

    monkeypatch.setattr(writer_module, "_write", write_with_signal)
    if raises:
        with pytest.raises(SystemExit):
            writer.append(b"interrupted")
    else:
        assert writer.append(b"interrupted") == 1
    done = read_everything(writer.directory)
    expected = [b"from the handler", b"again", b"and again"]
    assert done.payloads == (expected if raises else [b"interrupted", *expected])
    assert [record.seq for record in done.records] == list(range(1, len(done.records) + 1))
    assert done.end
    assert not WriterJournal(writer.directory).alive()


def test_real_signals_during_appends_lose_and_repeat_nothing(tmp_path, read_everything):
    writer = JournalWriter(tmp_path)
    from_handler = []
    previous = signal.signal(signal.SIGALRM, lambda *_: from_handler.append(writer.append(b"handler")))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        deadline = time.monotonic() + 0.7
        while time.monotonic() < deadline:
            writer.append(b"loop")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    writer.close()
    done = read_everything(writer.directory)
    assert [record.seq for record in done.records] == list(range(1, len(done.records) + 1))
    assert done.payloads.count(b"handler") == len(from_handler) > 50
    assert len(set(from_handler)) == len(from_handler)


def test_many_threads_append_without_loss(tmp_path, read_everything):
    writer = JournalWriter(tmp_path, segment_bytes=10_000)
    numbers = [[] for _ in range(8)]

    def work(mine, name):
        for index in range(300):
            mine.append((writer.append(b"%d:%d" % (name, index)), b"%d:%d" % (name, index)))

    threads = [threading.Thread(target=work, args=(mine, name)) for name, mine in enumerate(numbers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    done = read_everything(writer.directory)
    assert [(record.seq, record.payload) for record in done.records] == sorted(itertools.chain(*numbers))


def test_files_are_private_and_appear_only_when_needed(tmp_path):
    writer = JournalWriter(tmp_path / "spool")
    assert not (tmp_path / "spool").exists()
    writer.append(b"x")
    assert writer.directory == tmp_path / "spool" / writer.writer_id
    assert writer.directory.stat().st_mode & 0o777 == 0o700
    assert segment_path(writer.directory, 1).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "spool").iterdir()] == [writer.writer_id]
    writer.close()


def test_closing_marks_the_end_once_and_refuses_more(tmp_path, read_everything):
    writer = JournalWriter(tmp_path)
    writer.append(b"x")
    writer.close()
    writer.close()
    assert writer.seq == 1
    assert read_everything(writer.directory).end
    for refuse in (lambda: writer.append(b"y"), lambda: writer.append_many([b"y"])):
        with pytest.raises(InvalidState, match="closed"):
            refuse()
    marker = encode_record(2, b"", kind=END)
    assert segment_path(writer.directory, 1).stat().st_size == SEGMENT_HEADER_SIZE + 21 + len(marker)


def test_a_writer_that_wrote_nothing_leaves_nothing(tmp_path):
    writer = JournalWriter(tmp_path)
    writer.flush()
    writer.close()
    assert not list(tmp_path.iterdir())


def test_a_writer_tells_that_its_journal_was_removed(tmp_path):
    writer = JournalWriter(tmp_path)
    assert not writer.is_gone()
    writer.append(b"1")
    assert not writer.is_gone()
    shutil.rmtree(writer.directory)
    assert writer.is_gone()


def test_a_dropped_writer_releases_its_files_and_its_lock(tmp_path):
    writer = JournalWriter(tmp_path, sync_interval=0.01)
    writer.append(b"x")
    journal = WriterJournal(writer.directory)
    assert journal.alive()
    del writer
    deadline = time.monotonic() + 5  # the syncer may hold it for one sync
    while journal.alive() and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert not journal.alive()


def test_data_is_forced_to_disk_within_the_interval_and_the_thread_parks(tmp_path, monkeypatch):
    forced = []
    monkeypatch.setattr(syncer_module, "_PARK_AFTER", 3)
    monkeypatch.setattr(writer_module, "force_data", forced.append)
    writer = JournalWriter(tmp_path, sync_interval=0.01)
    for _ in range(3):
        del forced[:]
        writer.append(b"x")
        wait_for(lambda: forced)
        wait_for(lambda: writer._syncer.parked)
    writer.close()


def test_full_segments_are_forced_to_disk_too(tmp_path, monkeypatch):
    forced = []
    real = os.fdatasync
    monkeypatch.setattr(
        writer_module, "force_data", lambda descriptor: (forced.append(os.fstat(descriptor).st_ino), real(descriptor))
    )
    writer = JournalWriter(tmp_path, segment_bytes=200, sync_interval=60)
    for _ in range(20):
        writer.append(b"x" * 50)
    writer.flush()
    inodes = {segment_path(writer.directory, number).stat().st_ino for number in segments(writer.directory)}
    assert len(inodes) > 3
    assert set(forced) == inodes
    writer.close()


def test_a_background_failure_is_raised_by_the_next_flush(tmp_path, monkeypatch):
    def fail(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    writer = JournalWriter(tmp_path, sync_interval=0.01)
    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "force_data", fail)
        writer.append(b"x")
        wait_for(lambda: writer._sync_error)
    with pytest.raises(StorageFull, match="force data to disk"):
        writer.flush()
    writer.flush()
    writer.close()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("how", ["os", "multiprocessing"])
def test_a_forked_child_writes_a_journal_of_its_own_even_when_the_lock_was_held(tmp_path, read_everything, how):
    writer = JournalWriter(tmp_path)
    writer.append(b"parent before")
    release = holding_the_lock(writer)

    def child():
        for number in range(5):
            assert writer.append(b"child %d" % number) == number + 1
        writer.close()

    exit_code = run_forked(child, how)
    release()
    assert exit_code == 0
    assert writer.append(b"parent after") == 2
    assert WriterJournal(writer.directory).alive()
    writer.close()
    journals = {journal.writer_id: read_everything(journal.directory) for journal in Spool(tmp_path).writers()}
    parent = journals.pop(writer.writer_id)
    (other,) = journals.values()
    assert parent.payloads == [b"parent before", b"parent after"]
    assert other.payloads == [b"child %d" % number for number in range(5)]
    assert parent.end
    assert other.end


def test_a_living_child_does_not_keep_a_dead_parent_alive(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", FORK_AND_WAIT, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        child = int(parent.stdout.readline())
        journal = only_writer(tmp_path)
        assert journal.alive()
        parent.kill()
        parent.wait()
        assert not journal.alive()
        os.kill(child, 0)  # it still lives, and ends when its standard input does


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_closed_writer_stays_closed_in_a_child(tmp_path):
    writer = JournalWriter(tmp_path)
    writer.close()

    def child():
        with pytest.raises(InvalidState):
            writer.append(b"x")

    assert run_forked(child, "os") == 0


def test_a_live_journal_can_be_followed(tmp_path):
    writer = JournalWriter(tmp_path, segment_bytes=100)
    position, seen = START, []
    for number in range(30):
        writer.append(b"%d" % number)
        batch = read(writer.directory, position, final=False)
        position = batch.position
        seen += [record.payload for record in batch.records]
        assert seen == [b"%d" % index for index in range(number + 1)]
    writer.close()
    assert read(writer.directory, position, final=False).end


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


def holding_the_lock(writer):
    """Let another thread take the writer's lock; returns what makes it let go."""
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with writer._lock:
            held.set()
            let_go.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)

    def release():
        let_go.set()
        thread.join()

    return release


def run_forked(work, how):
    if how == "multiprocessing":
        process = multiprocessing.get_context("fork").Process(target=work)
        process.start()
        process.join(15)
        if process.is_alive():
            process.kill()
            process.join()
            return "deadlock"
        return process.exitcode
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        finished, status = os.waitpid(pid, os.WNOHANG)
        if finished:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "deadlock"
