"""Files up and down through breaks of the network, the server and the helper: whole, right, and exactly once."""

from __future__ import annotations

import hashlib
import io
import os
import resource
import select
import socket
import threading
import time
from pathlib import Path

import pytest

import assay
from assay.blobs.base import Below
from assay.blobs.local import LocalBlobs
from assay.client import downloads, launcher, spools
from assay.client.connection import connect
from assay.client.progress import Progress
from assay.client.sync import sync
from assay.core.errors import DataLoss, InvalidParameterValue, ServerUnreachable
from assay.journal.spool import Spool
from assay.wire.artifacts import FileInfo

LARGE = 70 << 20
NOTES = "mlartifacts/.assay-upload-parts/*.parts"


class Cutting:
    """A proxy that passes requests on, slowly if wanted, and breaks a connection after so many bytes of it."""

    def __init__(self, port: int, *, after: int, cuts: int, delay: float = 0.0) -> None:
        self._target = port
        self._after = after
        self._delay = delay
        self.cuts = cuts
        self.connections = 0
        self.passed = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:  # it was killed
            client.close()
            return
        with client, server:
            passed = 0
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    try:
                        data = ready.recv(1 << 18)
                        if ready is client and self._delay:
                            time.sleep(self._delay)
                        (server if ready is client else client).sendall(data)
                    except OSError:
                        return
                    passed += len(data)
                    self.passed += len(data)
                    if not data:
                        return
                    if passed > self._after and self.cuts > 0:
                        self.cuts -= 1
                        return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(LARGE))
    return path


def spool() -> Path:
    return spools.spool_for(assay.get_tracking_uri())


def helper_pid() -> int:
    return int((spool() / launcher.LOCK_NAME).read_text() or 0)


def stored(server_process, run_id: str, name: str = "large.bin") -> Path:
    (found,) = (server_process.directory / "mlartifacts").glob(f"*/{run_id}/artifacts/{name}")
    return found


def partials(server_process) -> list[Path]:
    return [path for path in server_process.directory.glob("mlartifacts/.assay-upload-parts/*") if path.suffix == ""]


def test_a_large_file_arrives_through_a_network_that_breaks(server_process, large, until):
    server_process.start()
    proxy = Cutting(server_process.port, after=9 << 20, cuts=3)
    assay.set_tracking_uri(proxy.url)
    with assay.start_run() as run:
        assay.log_metric("before", 1)
        assay.log_artifact(large)
        assay.log_metric("behind", 1)
    until(lambda: not Spool(spool()).size(), seconds=40)
    proxy.close()
    assert proxy.cuts == 0
    assert stored(server_process, run.info.run_id).read_bytes() == large.read_bytes()
    assert partials(server_process) == []
    assert proxy.passed < 2 * LARGE, "what had arrived was not sent again"
    found = assay.Client(server_process.url).get_run(run.info.run_id)
    assert found.data.metrics == {"before": 1.0, "behind": 1.0}
    assert not (spool() / "rejected.jsonl").exists()


def test_a_server_killed_and_a_helper_killed_in_the_middle(server_process, large, until, end, script):
    """The process that logged is gone; a server killed in the middle goes on with the parts that it had."""
    server_process.start()
    proxy = Cutting(server_process.port, after=1 << 62, cuts=0, delay=0.01)
    source = f"""
import assay, os
run = assay.start_run(run_id=None)
assay.log_artifact({str(large)!r})
print(run.info.run_id, flush=True)
os._exit(0)
"""
    done = script(source, ASSAY_TRACKING_URI=proxy.url, ASSAY_TRANSFER_THREADS="2")
    assert done.returncode == 0, done.stderr
    run_id = done.stdout.split()[0]
    assay.set_tracking_uri(proxy.url)
    until(lambda: any(b"\1" in note.read_bytes() for note in server_process.directory.glob(NOTES)))
    server_process.kill()
    end(helper_pid())
    proxy.passed = 0
    server_process.start()
    (result,) = sync(proxy.url)
    assert (result.error, result.waiting) == (None, 0)
    proxy.close()
    assert stored(server_process, run_id).read_bytes() == large.read_bytes()
    assert proxy.passed < LARGE, "what had arrived was not sent again"
    assert partials(server_process) == []


def test_many_small_files_go_side_by_side_and_before_what_stands_behind_them(server_process, tmp_path, until):
    server_process.start()
    source = tmp_path / "many"
    for number in range(300):
        path = source / f"d{number % 5}" / f"f{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(number))
    proxy = Cutting(server_process.port, after=1 << 62, cuts=0, delay=0.02)
    assay.set_tracking_uri(proxy.url)
    client = assay.Client()
    with assay.start_run() as run:
        began = time.monotonic()
        assay.log_artifacts(source)
        client.log_text(run.info.run_id, "first", "d0/twice")
        client.log_text(run.info.run_id, "second", "d0/twice")
        assay.log_metric("behind", 1)
        client.flush()
        took = time.monotonic() - began
    assert took < 300 * 0.02, "one after another they take longer"
    assert proxy.connections <= 20
    began = time.monotonic()
    fetched = Path(client.download_artifacts(run.info.run_id, "", str(tmp_path / "down")))
    assert time.monotonic() - began < 300 * 0.02
    proxy.close()
    for number in range(300):
        assert (fetched / f"d{number % 5}" / f"f{number}").read_text() == str(number)
    assert (fetched / "d0" / "twice").read_text() == "second"


def test_a_large_file_comes_down_through_breaks_and_goes_on_later(server_process, large, tmp_path, monkeypatch):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        assay.log_artifact(large)
    proxy = Cutting(server_process.port, after=40 << 20, cuts=2)
    destination = tmp_path / "down"
    fetched = assay.Client(proxy.url).download_artifacts(run.info.run_id, "large.bin", str(destination))
    assert Path(fetched).read_bytes() == large.read_bytes()
    assert [path.name for path in destination.iterdir()] == ["large.bin"]
    proxy.close()

    proxy = Cutting(server_process.port, after=18 << 20, cuts=1000)
    monkeypatch.setenv("ASSAY_HTTP_MAX_RETRIES", "0")
    monkeypatch.setenv("ASSAY_TRANSFER_THREADS", "1")
    again = tmp_path / "again"
    with pytest.raises(ServerUnreachable):
        assay.Client(proxy.url).download_artifacts(run.info.run_id, "large.bin", str(again))
    assert not (again / "large.bin").exists()
    proxy.cuts = proxy.passed = 0
    fetched = assay.Client(proxy.url).download_artifacts(run.info.run_id, "large.bin", str(again))
    assert Path(fetched).read_bytes() == large.read_bytes()
    assert proxy.passed < LARGE
    assert [path.name for path in again.iterdir()] == ["large.bin"]
    proxy.close()


def test_a_file_replaced_between_two_tries_is_fetched_anew(server_process, large, tmp_path, monkeypatch):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        assay.log_artifact(large)
    proxy = Cutting(server_process.port, after=18 << 20, cuts=1000)
    monkeypatch.setenv("ASSAY_HTTP_MAX_RETRIES", "0")
    monkeypatch.setenv("ASSAY_TRANSFER_THREADS", "1")
    with pytest.raises(ServerUnreachable):
        assay.Client(proxy.url).download_artifacts(run.info.run_id, "large.bin", str(tmp_path / "down"))
    other = os.urandom(LARGE)
    large.write_bytes(other)
    assay.Client().log_artifact(run.info.run_id, large)
    assay.flush()
    proxy.cuts = 0
    fetched = assay.Client(proxy.url).download_artifacts(run.info.run_id, "large.bin", str(tmp_path / "down"))
    assert Path(fetched).read_bytes() == other
    proxy.close()


def test_a_file_damaged_where_it_lies_is_not_handed_out(server_process, large, tmp_path):
    server_process.start()
    assay.set_tracking_uri(server_process.url)
    with assay.start_run() as run:
        assay.log_artifact(large)
    path = stored(server_process, run.info.run_id)
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(30 << 20)
        file.write(b"flipped")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DataLoss, match="SHA-256"):
        assay.Client().download_artifacts(run.info.run_id, "large.bin", str(tmp_path / "down"))
    assert list((tmp_path / "down").iterdir()) == []


def test_memory_stays_flat(shared_server, large, tmp_path):
    assay.set_tracking_uri(shared_server)
    with assay.start_run() as run:
        assay.log_text("x", "warm.txt")
        assay.flush()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assay.log_artifact(large)
        with large.open("rb") as stream:
            assay.Client().log_stream(run.info.run_id, stream, "stream.bin")
        assay.flush()
        assay.Client().download_artifacts(run.info.run_id, "", str(tmp_path / "down"))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (tmp_path / "down" / "stream.bin").read_bytes() == large.read_bytes()
    assert grown * 1024 < 48 << 20, "client and server together"


class Lying:
    """A store whose list says what it likes."""

    def __init__(self, *files: FileInfo) -> None:
        self._files = files

    def list(self, path=""):
        return [] if path else list(self._files)

    def open(self, path):
        raise AssertionError(f"{path} was to be fetched")


@pytest.mark.parametrize(
    "path",
    ["../out", "/etc/passwd", "a/../../out", "..", "deep/file", "a\\..\\b", "C:x", ".assay-download-x", "a\0b", ""],
)
@pytest.mark.parametrize("is_dir", [True, False])
def test_a_list_cannot_lead_out_of_the_destination(tmp_path, path, is_dir):
    blobs = Lying(FileInfo(path=path, is_dir=is_dir, file_size=1))
    with pytest.raises(InvalidParameterValue):
        downloads.download(blobs, "", destination=tmp_path / "down")
    assert [found.name for found in tmp_path.rglob("*")] in ([], ["down"])


def test_a_store_reached_directly_gives_parts_too(tmp_path, large, monkeypatch):
    monkeypatch.setenv("ASSAY_DOWNLOAD_PART_BYTES", str(10 << 20))
    whole = LocalBlobs(tmp_path / "store")
    whole.write("root/large.bin", [large.read_bytes()], sha256=hashlib.sha256(large.read_bytes()).hexdigest())
    fetched = downloads.download(Below(whole, "root"), "large.bin", destination=tmp_path / "down")
    assert fetched.read_bytes() == large.read_bytes()
    assert [path.name for path in (tmp_path / "down").iterdir()] == ["large.bin"]


def test_trees_hold_what_can_be_kept(tracked, tmp_path, caplog):
    source = tmp_path / "tree"
    (source / "empty").mkdir(parents=True)
    (source / "deep" / "er").mkdir(parents=True)
    (source / "deep" / "er" / "file").write_text("file")
    (source / "linked").symlink_to(source / "deep" / "er" / "file")
    (source / "linked-directory").symlink_to(source / "deep")
    (source / "nowhere").symlink_to(source / "missing")
    os.mkfifo(source / "pipe")
    with assay.start_run() as run:
        assay.log_artifacts(source, "tree/")
    fetched = Path(assay.Client().download_artifacts(run.info.run_id, "tree"))
    names = sorted(path.relative_to(fetched).as_posix() for path in fetched.rglob("*") if path.is_file())
    assert names == ["deep/er/file", "linked"]
    assert (fetched / "linked").read_text() == "file"
    assert not (fetched / "linked").is_symlink()
    assert [record for record in caplog.records if "link to nothing" in record.message]


def test_files_that_cannot_be_read_are_told_and_those_that_vanish_left_out(tracked, tmp_path, caplog, monkeypatch):
    source = tmp_path / "tree"
    source.mkdir()
    (source / "a").write_text("a")
    (source / "b").write_text("b")
    opened = Path.open

    def vanish(path, *arguments, **options):
        if path == source / "a":
            (source / "a").unlink(missing_ok=True)
        if path == source / "secret":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", vanish)
    with assay.start_run() as run:
        assay.log_artifacts(source)
        os.close(os.open(source / "secret", os.O_CREAT))
        with pytest.raises(InvalidParameterValue, match="Permission denied"):
            assay.log_artifact(source / "secret")
    assert [file.path for file in assay.list_artifacts(run.info.run_id)] == ["b"]
    assert [record for record in caplog.records if "somebody deleted it" in record.message]


def test_streams_are_kept(tracked):
    class Slow(io.RawIOBase):
        rest = 5_000_000

        def readable(self):
            return True

        def readinto(self, buffer):
            size = min(len(buffer), self.rest, 70_000)
            buffer[:size] = b"x" * size
            self.rest -= size
            return size

    with assay.start_run() as run:
        client = assay.Client()
        client.log_stream(run.info.run_id, Slow(), "stream.bin")
        with pytest.raises(InvalidParameterValue, match="binary mode"):
            client.log_stream(run.info.run_id, io.StringIO("text"), "text.bin")
    assert Path(client.download_artifacts(run.info.run_id, "stream.bin")).read_bytes() == b"x" * 5_000_000
    assert [file.path for file in client.list_artifacts(run.info.run_id)] == ["stream.bin"]


def test_a_file_too_large_for_the_spool_is_told_and_training_goes_on(shared_server, large, caplog, monkeypatch):
    assay.set_tracking_uri(shared_server)
    monkeypatch.setenv("ASSAY_SPOOL_MAX_BYTES", str(LARGE - 1))
    with assay.start_run() as run:
        assay.log_artifact(large)
        assay.log_metric("m", 1)
        assert connect(shared_server).outbox.dropped == 1
    (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "large.bin" in told.message
    assert "ASSAY_SPOOL_MAX_BYTES" in told.message
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 1.0}
    assert assay.list_artifacts(run.info.run_id) == []


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_shows_on_a_terminal_only_and_leaves_nothing(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    terminal = Terminal()
    with Progress("Uploading", size=4_000_000_000, files=3, stream=terminal) as progress:
        progress.add(100)
        assert terminal.getvalue() == ""
        now[0] = 2.0
        progress.add(1_000_000_000 - 100, files=1)
    shown = terminal.getvalue()
    assert "Uploading · 1 of 3 files · 1.0 GB of 4.0 GB · 500.0 MB/s · 6 s left" in shown
    assert shown.endswith("\r\033[K")
    for stream, switch in ((io.StringIO(), "true"), (Terminal(), "false")):
        monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", switch)
        now[0] = 0.0
        with Progress("Uploading", stream=stream) as progress:
            now[0] = 5.0
            progress.add(5)
        assert stream.getvalue() == ""
