"""Uploads in parts into stores that keep whole files only."""

import hashlib
import os
from zlib import crc32

import pytest

from assay.blobs import uploads
from assay.blobs.local import LocalBlobs
from assay.blobs.uploads import DIRECTORY, PART_BYTES, Wanted, is_stored, open_upload, sweep
from assay.core.errors import InvalidParameterValue, TemporarilyUnavailable

obstore = pytest.importorskip("obstore")

from assay.blobs.object import ObjectBlobs  # noqa: E402 -- needs obstore

CONTENT = os.urandom(PART_BYTES + 1000)
PARTS = [CONTENT[:PART_BYTES], CONTENT[PART_BYTES:]]


@pytest.fixture
def blobs():
    return ObjectBlobs(obstore.store.MemoryStore(), name="memory")


def wanted(digest=None):
    return Wanted("a/b.bin", len(CONTENT), digest or hashlib.sha256(CONTENT).hexdigest())


def test_another_process_goes_on_with_the_parts(blobs):
    first = open_upload(blobs, wanted())
    assert first.missing() == [0, 1]
    first.write(1, [PARTS[1]], checksum=crc32(PARTS[1]))
    for damaged in (PARTS[0][:-1], PARTS[0] + b"x", b"x" + PARTS[0][1:]):
        with pytest.raises(InvalidParameterValue):
            first.write(0, [damaged], checksum=crc32(PARTS[0]))
    second = open_upload(blobs, wanted())
    assert second.missing() == [0]
    second.write(0, [PARTS[0]], checksum=crc32(PARTS[0]))
    assert second.missing() == []
    assert not is_stored(blobs, wanted())
    second.finish()
    assert b"".join(blobs.open("a/b.bin").chunks()) == CONTENT
    assert blobs.list(DIRECTORY) == []


def test_a_whole_of_another_digest_is_dropped(blobs):
    upload = open_upload(blobs, wanted("0" * 64))
    for number, part in enumerate(PARTS):
        upload.write(number, [part], checksum=crc32(part))
    with pytest.raises(InvalidParameterValue, match="announced"):
        upload.finish()
    assert blobs.list("a") == []
    assert upload.missing() == [0, 1]


def test_a_part_of_what_is_cleared_away_meanwhile_is_told_to_come_again(tmp_path):
    upload = open_upload(LocalBlobs(tmp_path), wanted())

    def chunks():
        yield PARTS[1]
        upload.discard()

    with pytest.raises(TemporarilyUnavailable, match="cleared away"):
        upload.write(1, chunks(), checksum=crc32(PARTS[1]))
    assert upload.missing() == [0, 1]


def test_abandoned_parts_are_swept(blobs):
    open_upload(blobs, wanted()).write(1, [PARTS[1]], checksum=crc32(PARTS[1]))
    assert sweep(blobs) == 1
    assert sweep(blobs, idle_seconds=-1) == 0
    assert blobs.list(DIRECTORY) == []


def test_huge_files_have_larger_parts():
    plan = Wanted("x", 5 << 40, "0" * 64).plan
    assert plan.count <= uploads.MOST_PARTS
    assert plan.span(plan.count - 1)[1] == 5 << 40
    assert Wanted("x", 5 << 30, "0" * 64).plan.part_bytes == PART_BYTES
