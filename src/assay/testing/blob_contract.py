"""What every `BlobStore` must do. Subclass `BlobContract` in a test module and give it the fixture `blobs`."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from assay.blobs.pages import Asked, below, page
from assay.core.errors import InvalidParameterValue, ResourceConflict, ResourceDoesNotExist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.blobs.base import BlobStore

BIG = bytes(range(256)) * 20_000


class BlobContract:
    """The promises of `blobs.base.BlobStore`, as tests; `blobs` is an empty store."""

    def test_an_empty_store_lists_nothing(self, blobs: BlobStore) -> None:
        """Also for paths that do not exist."""
        assert blobs.list() == []
        assert blobs.list("no/such") == []

    def test_a_file_comes_back_byte_for_byte(self, blobs: BlobStore) -> None:
        """Size, content, and every part of it."""
        assert blobs.write("a/b/c.bin", [BIG[:1_000_000], b"", BIG[1_000_000:]]) == len(BIG)
        assert blobs.open("a/b/c.bin").size == len(BIG)
        assert content(blobs, "a/b/c.bin") == BIG
        assert b"".join(blobs.open("a/b/c.bin").chunks(start=1_048_570, end=1_048_590)) == BIG[1_048_570:1_048_590]
        assert b"".join(blobs.open("a/b/c.bin").chunks(start=len(BIG) - 1)) == BIG[-1:]

    def test_an_empty_file_is_a_file(self, blobs: BlobStore) -> None:
        """Listed with size 0."""
        assert blobs.write("empty", []) == 0
        assert [(file.path, file.is_dir, file.file_size) for file in blobs.list()] == [("empty", False, 0)]
        assert content(blobs, "empty") == b""

    def test_lists_one_level_sorted_with_paths_from_the_root(self, blobs: BlobStore) -> None:
        """Directories have no size; a file lists nothing."""
        for path in ("d/z", "d/a", "d/sub/x", "other", "d/B"):
            blobs.write(path, [path.encode()])
        assert [file.path for file in blobs.list("d")] == ["d/B", "d/a", "d/sub", "d/z"]
        assert [(file.path, file.is_dir, file.file_size) for file in blobs.list()] == [
            ("d", True, None),
            ("other", False, 5),
        ]
        assert blobs.list("other") == []

    def test_a_page_of_a_level_is_told_with_its_directories_first(self, blobs: BlobStore) -> None:
        """By number, around a name, and beyond the end; a file or a missing path has an empty one."""
        for path in ("d/z/deep", "d/y/deep", "d/c", "d/a", "d/b"):
            blobs.write(path, [path.encode()])
        first = page(blobs, "d", Asked(0, 3))
        assert [(file.path, file.file_size) for file in first.files] == [("d/y", None), ("d/z", None), ("d/a", 3)]
        assert first[1:] == (0, 5, 2, 9, True)
        second = page(blobs, "d", Asked(0, 3, around="c"))
        assert ([file.path for file in second.files], second.start) == (["d/b", "d/c"], 3)
        assert page(blobs, "d", Asked(9, 3)).files == []
        assert [page(blobs, path, Asked(0, 3)).total for path in ("d/a", "none")] == [0, 0]
        assert sorted(below(blobs, "d")) == [("d/a", 3), ("d/b", 3), ("d/c", 3), ("d/y/deep", 8), ("d/z/deep", 8)]

    def test_names_are_kept_as_given(self, blobs: BlobStore) -> None:
        """Spaces, marks, other scripts, leading dots."""
        names = sorted(["ü ñ.txt", "日本.bin", "a b", "q?x=1&y", "#hash", ".hidden", "a+b=c;d", "x" * 200])
        for name in names:
            blobs.write(f"n/{name}", [name.encode()])
        assert [file.path for file in blobs.list("n")] == [f"n/{name}" for name in names]
        for name in names:
            assert content(blobs, f"n/{name}") == name.encode()

    def test_missing_files_and_directories_cannot_be_opened(self, blobs: BlobStore) -> None:
        """Each with its own error."""
        blobs.write("d/f", [b"x"])
        for missing in ("no", "d/no", "d/f/below"):
            with pytest.raises(ResourceDoesNotExist):
                blobs.open(missing)
        with pytest.raises(InvalidParameterValue):
            blobs.open("d")

    def test_a_file_cannot_take_the_place_of_a_directory(self, blobs: BlobStore) -> None:
        """What was there stays."""
        blobs.write("d/f", [b"x"])
        with pytest.raises(InvalidParameterValue):
            blobs.write("d", [b"y"])
        assert content(blobs, "d/f") == b"x"

    def test_an_open_reader_never_gets_the_content_that_came_after(self, blobs: BlobStore) -> None:
        """It gets the old one, or is told of the change; and the etag changes."""
        blobs.write("f", [b"old " * 1000])
        reader = blobs.open("f")
        before = reader.etag
        blobs.write("f", [b"new"])
        with suppress(ResourceConflict):
            assert b"".join(reader.chunks()) == b"old " * 1000
        after = blobs.open("f")
        assert after.etag != before
        after.close()
        assert content(blobs, "f") == b"new"

    def test_a_write_that_fails_leaves_nothing(self, blobs: BlobStore) -> None:
        """Neither a part of the file, nor a change of the old one, nor a name in the list."""
        blobs.write("kept", [b"old"])
        for path in ("kept", "d/new"):
            with pytest.raises(RuntimeError, match="broke off"):
                blobs.write(path, broken_off())
        assert content(blobs, "kept") == b"old"
        assert blobs.list("d") == []

    def test_a_file_is_invisible_until_it_is_whole(self, blobs: BlobStore) -> None:
        """Not in lists, not to be opened."""
        seen: list[list[str]] = []

        def chunks() -> Iterator[bytes]:
            yield b"x" * 3_000_000
            seen.append([file.path for file in blobs.list("d")])
            with pytest.raises(ResourceDoesNotExist):
                blobs.open("d/f")
            yield b"y"

        blobs.write("d/f", chunks())
        assert seen == [[]]
        assert blobs.open("d/f").size == 3_000_001

    def test_deletes_files_and_trees_and_accepts_missing_ones(self, blobs: BlobStore) -> None:
        """And nothing beside them."""
        for path in ("t/a", "t/u/b", "t/u/v/c", "stays"):
            blobs.write(path, [b"x"])
        blobs.delete("t/a")
        assert [file.path for file in blobs.list("t")] == ["t/u"]
        blobs.delete("t")
        blobs.delete("t")
        blobs.delete("no/such")
        blobs.delete("stays/below")
        assert [file.path for file in blobs.list()] == ["stays"]

    def test_many_writers_of_one_name_leave_one_whole_file(self, blobs: BlobStore) -> None:
        """Of one of them; a list made meanwhile may lag behind for a moment.

        rclone, which is the bucket here, may go on to list such a name twice, from its cache.
        """
        contents = [bytes([number]) * 300_000 for number in range(8)]
        threads = [threading.Thread(target=blobs.write, args=("same/f", [one])) for one in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert content(blobs, "same/f") in contents
        deadline = time.monotonic() + 5
        while (found := {file.path for file in blobs.list("same")}) != {"same/f"} and time.monotonic() < deadline:
            time.sleep(0.05)
        assert found == {"same/f"}


def content(blobs: BlobStore, path: str) -> bytes:
    """All bytes of a file."""
    return b"".join(blobs.open(path).chunks())


def broken_off() -> Iterator[bytes]:
    """A content that fails in the middle."""
    yield b"x" * 100_000
    raise RuntimeError("broke off")
