"""What writers that died left is removed when it is old, and nothing else ever is."""

import os
import time

import pytest

from assay.blobs.leftovers import ABANDONED_SECONDS, sweep_tree
from assay.blobs.local import LocalBlobs
from assay.server.config import ServerConfig
from assay.testing.server import running_server

LEFT = ".assay-upload-" + "0a" * 16


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root" / "a" / "b").mkdir(parents=True)
    return tmp_path / "root"


def leave(path, *, age=ABANDONED_SECONDS + 60):
    path.write_bytes(b"half")
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def test_old_leftovers_go_at_every_depth(root):
    left = [leave(root / LEFT), leave(root / "a" / "b" / LEFT)]
    assert sweep_tree(root) == 2
    assert not any(path.exists() for path in left)


def test_nothing_else_goes(root, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    leave(outside / LEFT)
    (root / "link").symlink_to(outside)
    (root / "a" / LEFT).symlink_to(leave(outside / "file"))
    (root / ".assay-upload-parts").mkdir()
    (root / "a" / "b" / LEFT).mkdir()
    kept = [
        leave(root / LEFT, age=60),
        leave(root / "file"),
        leave(root / ".assay-upload-notes"),
        leave(root / f"x{LEFT}"),
        leave(root / f"{LEFT}x"),
        leave(root / ".assay-upload-parts" / LEFT),
        outside / LEFT,
        root / "a" / LEFT,
        root / "a" / "b" / LEFT,
    ]
    assert sweep_tree(root) == 0
    assert all(os.path.lexists(path) for path in kept)


def test_a_root_that_is_missing_has_no_leftovers(tmp_path):
    assert sweep_tree(tmp_path / "missing") == 0


def test_the_first_write_sweeps_where_it_writes(root):
    left, deeper = leave(root / "a" / LEFT), leave(root / "a" / "b" / LEFT)
    blobs = LocalBlobs(root)
    blobs.write("a/f", [b"x"])
    assert not left.exists()
    assert deeper.exists()
    again = leave(root / "a" / LEFT)
    blobs.write("a/g", [b"x"])
    assert again.exists()


def test_a_server_sweeps_when_it_starts(tmp_path, root):
    left = leave(root / "a" / LEFT)
    config = ServerConfig(backend_store_uri=str(tmp_path / "mlruns"), artifacts_destination=str(root), access_log=False)
    with running_server(tmp_path, config):
        deadline = time.monotonic() + 10
        while left.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not left.exists()
