"""Many small files at once, and digests kept with files."""

import hashlib
import os

import pytest

from assay.blobs.local import LocalBlobs
from assay.core import force
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / "root")


def names(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("count", [3, 1500])
@pytest.mark.parametrize("together", [True, False])
def test_many_files_are_stored(blobs, tmp_path, count, together, monkeypatch):
    if not together:
        monkeypatch.setattr(force, "_system", lambda: None)
    blobs.write_many((f"d/{number % 7}/f{number}", [b"%d" % number]) for number in range(count))
    assert names(tmp_path / "root") == sorted(f"d/{number % 7}/f{number}" for number in range(count))
    assert b"".join(blobs.open("d/2/f2").chunks()) == b"2"


def test_a_failure_among_many_leaves_no_half_file(blobs, tmp_path):
    def broken():
        yield b"x"
        raise RuntimeError("broke off")

    blobs.write("d", [b"a file"])
    with pytest.raises(RuntimeError):
        blobs.write_many([(f"n/{number}", [b"x"]) for number in range(40)] + [("n/broken", broken())])
    assert names(tmp_path / "root") == ["d"]
    with pytest.raises(InvalidParameterValue):
        blobs.write_many([("ok", [b"x"]), ("d/below", [b"x"])])
    with pytest.raises(InvalidParameterValue):
        blobs.write_many([(".assay-upload-x/y", [b"x"])])
    assert b"".join(blobs.open("d").chunks()) == b"a file"


def test_names_that_are_not_whole_are_not_to_be_had(blobs, tmp_path):
    (tmp_path / "root" / ".assay-upload-parts").mkdir(parents=True)
    (tmp_path / "root" / ".assay-upload-parts" / "x").write_text("partial")
    (tmp_path / "root" / ".assay-upload-y").write_text("partial")
    assert blobs.list() == blobs.list(".assay-upload-parts") == []
    for path in (".assay-upload-parts/x", ".assay-upload-y"):
        with pytest.raises(ResourceDoesNotExist):
            blobs.open(path)
        blobs.delete(path)
    assert (tmp_path / "root" / ".assay-upload-parts" / "x").exists()


def test_a_digest_is_told_until_the_file_is_changed(blobs, tmp_path):
    digest = hashlib.sha256(b"content").hexdigest()
    blobs.write("kept", [b"content"], sha256=digest)
    blobs.write("none", [b"content"])
    if not hasattr(os, "setxattr"):
        pytest.skip("no extended attributes here")
    assert blobs.open("kept").sha256 == digest
    assert blobs.open("none").sha256 is None
    (tmp_path / "root" / "kept").write_bytes(b"CONTENT")
    assert blobs.open("kept").sha256 is None
