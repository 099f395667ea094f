"""A level of very many objects is told by parts, for as many requests as the part needs."""

from itertools import count

import pytest
from obstore.store import MemoryStore

from assay.blobs import object_pages
from assay.blobs.base import PARTIAL_PREFIX, Below
from assay.blobs.object import ObjectBlobs
from assay.blobs.open import open_blobs
from assay.blobs.pages import Asked, below, page


class Counted:
    """A bucket that counts the answers it gives to lists."""

    def __init__(self, store):
        self._store = store
        self.answers = 0

    def __getattr__(self, name):
        return getattr(self._store, name)

    def list(self, *args, **options):
        for keys in self._store.list(*args, **options):
            self.answers += 1
            yield keys


@pytest.fixture(params=["memory", "s3"])
def bucket(request, monkeypatch):
    """An empty bucket of either kind."""
    if request.param == "memory":
        return ObjectBlobs(MemoryStore(), name="memory:")
    s3 = request.getfixturevalue("s3")
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return open_blobs(s3.bucket("pages"))


def read_on(blobs, path, most):
    """Every entry of a level, part by part."""
    after = ""
    for number in count():
        part = page(blobs, path, Asked(number * most, most, after=after))
        assert part.start == number * most
        yield from part.files
        if part.complete:
            return
        assert part.total == part.start + most
        last = part.files[-1]
        after = last.path.rpartition("/")[2] + ("/" if last.is_dir else "")


@pytest.mark.parametrize("root", ["", "some/root"])
def test_a_large_level_is_read_part_by_part(bucket, root, monkeypatch):
    monkeypatch.setattr(object_pages, "PEEKED", 10)
    monkeypatch.setattr(object_pages, "_REQUEST", 5)
    blobs = Below(bucket, root) if root else bucket
    wanted = []
    for number in range(30):
        blobs.write(f"d/f{number:02}", [b"x" * number])
        wanted.append((f"d/f{number:02}", number))
    for number in range(12):
        blobs.write(f"d/f05-folder/{number:02}", [b""])
    for name in ("d/f05.txt", "d/f05-folder0", f"d/{PARTIAL_PREFIX}x", "other/f99"):
        blobs.write(name, [b"1"])
    wanted += [("d/f05-folder", None), ("d/f05.txt", 1), ("d/f05-folder0", 1)]
    for most in (1, 4, 7, 100):
        found = [(file.path, file.file_size) for file in read_on(blobs, "d", most)]
        assert len(found) == len(set(found))
        assert sorted(found, key=str) == sorted(wanted, key=str), most
    first = page(blobs, "d", Asked(0, 4))
    assert (first.total, first.complete, first.bytes) == (4, False, None)
    assert [file.path for file in page(blobs, "d", Asked(2, 2)).files] == [file.path for file in first.files[2:]]
    assert len(list(below(blobs, "d"))) == 44


def test_a_part_costs_what_it_shows():
    store = Counted(MemoryStore())
    blobs = ObjectBlobs(store, name="memory:")
    for number in range(40_000):
        store.put(f"d/f{number:05}", b"")
        if number < 20_000:
            store.put(f"d/f00500-folder/{number:05}", b"")
    first = page(blobs, "d", Asked(0, 1000))
    assert (len(first.files), first.complete) == (1000, False)
    before = store.answers
    second = page(blobs, "d", Asked(1000, 1000, after="f00998"))
    assert second.files[0].path == "d/f00999"
    assert store.answers - before <= 2
    assert before <= 10


def test_a_level_of_folders_is_told_whole(monkeypatch):
    monkeypatch.setattr(object_pages, "PEEKED", 10)
    monkeypatch.setattr(object_pages, "_REQUEST", 5)
    blobs = ObjectBlobs(MemoryStore(), name="memory:")
    for number in range(40):
        blobs.write(f"d/{number:02}/file", [b"x"])
    blobs.write("d/00a", [b"x"])
    found = page(blobs, "d", Asked(0, 50))
    assert (found.total, found.folders, found.complete, found.files[-1].path) == (41, 40, True, "d/00a")
