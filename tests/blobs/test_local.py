"""A directory keeps the blob contract, and nothing leads out of it."""

import errno
import os
import threading
from pathlib import Path

import pytest

from assay.blobs.base import Below
from assay.blobs.local import PARTIAL_PREFIX, LocalBlobs
from assay.blobs.open import open_blobs
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, ResourceDoesNotExist, StorageFull
from assay.testing.blob_contract import BlobContract, content


class TestLocalDirectory(BlobContract):
    @pytest.fixture
    def blobs(self, tmp_path):
        return LocalBlobs(tmp_path / "root")


class TestBelowADirectory(BlobContract):
    @pytest.fixture
    def blobs(self, tmp_path):
        return Below(LocalBlobs(tmp_path / "root"), "some/where")


class TestFileUri(BlobContract):
    @pytest.fixture
    def blobs(self, tmp_path):
        return open_blobs((tmp_path / "root").as_uri())


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("marker")
    return tmp_path / "outside"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_links_are_neither_followed_nor_listed(root, outside):
    (root / "directory").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    blobs = LocalBlobs(root)
    assert blobs.list() == []
    assert blobs.list("directory") == []
    for path in ("file", "directory/secret", "directory/secret/x"):
        with pytest.raises(ResourceDoesNotExist):
            blobs.open(path)
    with pytest.raises(InvalidParameterValue):
        blobs.write("directory/secret", [b"x"])
    blobs.delete("directory/secret")
    blobs.delete("directory")
    assert (outside / "secret").read_text() == "marker"
    assert not (root / "directory").is_symlink()


def test_writing_onto_a_link_replaces_the_link(root, outside):
    (root / "file").symlink_to(outside / "secret")
    LocalBlobs(root).write("file", [b"new"])
    assert (root / "file").read_bytes() == b"new"
    assert (outside / "secret").read_text() == "marker"


def test_deleting_a_tree_does_not_reach_through_links(root, outside):
    (root / "tree").mkdir()
    (root / "tree" / "link").symlink_to(outside)
    LocalBlobs(root).delete("tree")
    assert not (root / "tree").exists()
    assert (outside / "secret").read_text() == "marker"


def test_a_directory_swapped_for_a_link_meanwhile_never_leads_out(root, outside):
    """The race that checks of the path's text cannot win."""
    (root / "d").mkdir()
    (root / "d" / "secret").write_text("inside")
    (root / "link").symlink_to(outside)
    stopped = threading.Event()

    def swap():
        while not stopped.is_set():
            (root / "d").rename(root / "away")
            (root / "link").rename(root / "d")
            (root / "d").rename(root / "link")
            (root / "away").rename(root / "d")

    swapper = threading.Thread(target=swap)
    swapper.start()
    blobs = LocalBlobs(root)
    try:
        for _ in range(1000):
            try:
                assert content(blobs, "d/secret") == b"inside"
            except ResourceDoesNotExist:
                continue
    finally:
        stopped.set()
        swapper.join()


def test_devices_and_pipes_are_no_artifacts(root):
    os.mkfifo(root / "pipe")
    blobs = LocalBlobs(root)
    assert blobs.list() == []
    with pytest.raises(ResourceDoesNotExist):
        blobs.open("pipe")


def test_files_being_written_by_others_are_hidden(root):
    (root / f"{PARTIAL_PREFIX}0123").write_bytes(b"half")
    blobs = LocalBlobs(root)
    assert blobs.list() == []
    with pytest.raises(InvalidParameterValue):
        blobs.write(f"{PARTIAL_PREFIX}0123", [b"x"])


def test_a_file_shortened_by_somebody_is_told(root):
    blobs = LocalBlobs(root)
    blobs.write("f", [b"x" * 100])
    blob = blobs.open("f")
    os.truncate(root / "f", 10)
    with pytest.raises(DataLoss, match="'f' became shorter"):
        list(blob.chunks())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_disk_that_refuses_changes_nothing(root, monkeypatch, code, call):
    blobs = LocalBlobs(root)
    blobs.write("f", [b"old"])

    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(StorageFull, match="free space"):
            blobs.write("f", [b"new"])
    assert [path.name for path in root.iterdir()] == ["f"]
    assert content(blobs, "f") == b"old"


def test_names_too_long_for_the_disk_are_the_callers_mistake(root):
    blobs = LocalBlobs(root)
    for path in ("x" * 256, f"{'x' * 256}/y"):
        with pytest.raises(InvalidParameterValue):
            blobs.write(path, [b""])
    with pytest.raises(InvalidParameterValue):
        blobs.open("x" * 256)


def test_no_descriptor_is_left_open(root):
    blobs = LocalBlobs(root)
    before = open_descriptors()
    for number in range(20):
        blobs.write(f"a/b/{number}", [b"x" * 10])
        blobs.list("a/b")
        list(blobs.open(f"a/b/{number}").chunks())
        with pytest.raises(ResourceDoesNotExist):
            blobs.open("a/b/none")
        with pytest.raises(InvalidParameterValue):
            blobs.open("a/b")
    blobs.open("a/b/0")  # never read
    blobs.delete("a")
    assert open_descriptors() == before


def test_other_schemes_are_refused_by_name():
    with pytest.raises(ConfigurationError, match="'ftp'"):
        open_blobs("ftp://host/x")
    assert isinstance(open_blobs(str(Path("relative"))), LocalBlobs)


def open_descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(os.name != "posix" or os.uname().sysname == "Darwin", reason="names are Unicode on this system")
def test_a_name_that_is_no_unicode_does_not_hide_the_others(tmp_path):
    (tmp_path / "ü").write_bytes(b"1")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe")).write_bytes(b"2")
    assert [file.path for file in LocalBlobs(tmp_path).list()] == ["ü"]
