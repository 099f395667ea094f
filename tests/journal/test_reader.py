"""What was appended is what is read, in any batching; damage costs only what it hit, and is reported."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue, StoreVersionError
from assay.journal.format import (
    FORMAT_VERSION,
    MAX_PAYLOAD,
    SEGMENT_HEADER_SIZE,
    SegmentHeader,
    decode_records,
    encode_record,
    encode_segment_header,
)
from assay.journal.reader import START, Damage, Position, read, segment_path, segments
from assay.journal.writer import JournalWriter

PAYLOADS = [b"alpha", b"", b"\xc1\xa5" * 9, b"a longer payload of some bytes", b"omega"]


@settings(max_examples=60, deadline=None)
@given(
    batches=st.lists(st.lists(st.binary(max_size=300), max_size=8), max_size=12),
    segment_bytes=st.integers(1, 2000),
    max_bytes=st.integers(1, 3000),
)
def test_every_payload_comes_back_in_order(read_everything, batches, segment_bytes, max_bytes):
    with tempfile.TemporaryDirectory() as root:
        writer = JournalWriter(Path(root), segment_bytes=segment_bytes)
        for batch in batches:
            if len(batch) == 1:
                writer.append(batch[0])
            else:
                writer.append_many(batch)
        expected = [payload for batch in batches for payload in batch]
        live = read_everything(writer.directory, final=False, max_bytes=max_bytes)
        writer.close()
        done = read_everything(writer.directory, final=True, max_bytes=max_bytes)
    assert live.payloads == done.payloads == expected
    assert [record.seq for record in done.records] == list(range(1, len(expected) + 1))
    assert not live.damages
    assert not done.damages
    assert done.end is bool(expected)


def test_a_reader_may_stop_anywhere_and_go_on(tmp_path, read_everything):
    directory = closed_journal(tmp_path, count=50, segment_bytes=400)
    batch = read(directory, START, max_bytes=1, final=False)
    assert [record.seq for record in batch.records] == [1]
    rest = read_everything(directory, position=batch.position)
    assert [record.seq for record in rest.records] == list(range(2, 51))
    assert rest.end


def test_a_batch_tells_whether_more_was_there(tmp_path):
    writer = JournalWriter(tmp_path, segment_bytes=200)
    writer.append_many([b"small", b"L" * 1000, b"small", b"M" * 100])
    position, seen = START, []
    while True:
        batch = read(writer.directory, position, max_bytes=64, final=False)
        seen += [record.seq for record in batch.records]
        position = batch.position
        assert batch.more is (len(seen) < 4)
        if not batch.more:
            break
    assert seen == [1, 2, 3, 4]
    assert not read(writer.directory, position, max_bytes=64, final=False).more
    writer.close()


def test_one_record_is_returned_even_above_max_bytes(tmp_path):
    writer = JournalWriter(tmp_path)
    writer.append(b"x" * 100_000)
    writer.append(b"y")
    batch = read(writer.directory, START, max_bytes=64, final=False)
    assert [len(record.payload) for record in batch.records] == [100_000]
    writer.close()


def test_the_largest_payload_fits_and_a_larger_one_is_refused(tmp_path, read_everything):
    writer = JournalWriter(tmp_path)
    writer.append(bytes(MAX_PAYLOAD))
    for refuse in (lambda: writer.append(bytes(MAX_PAYLOAD + 1)), lambda: writer.append_many([bytes(MAX_PAYLOAD + 1)])):
        with pytest.raises(InvalidParameterValue, match="at most"):
            refuse()
    writer.close()
    assert [len(payload) for payload in read_everything(writer.directory).payloads] == [MAX_PAYLOAD]


def test_truncation_at_every_offset_loses_only_the_cut_record(craft, read_everything):
    journal = craft(PAYLOADS)
    for cut in range(len(journal.data)):
        journal.write(journal.data[:cut])
        whole = sum(end <= cut for _, end in journal.spans[:-1])
        at_a_boundary = cut in (0, SEGMENT_HEADER_SIZE) or any(cut == end for _, end in journal.spans)
        done = read_everything(journal.directory)
        assert done.payloads == PAYLOADS[:whole], cut
        assert [damage.reason for damage in done.damages] == ([] if at_a_boundary else ["torn"]), cut
        assert not done.end
        assert done.position == Position(1, cut)


def test_an_incomplete_tail_of_a_live_writer_is_not_there_yet(craft, read_everything):
    journal = craft(PAYLOADS)
    for cut in range(len(journal.data)):
        journal.write(journal.data[:cut])
        before = read_everything(journal.directory, final=False)
        assert not before.damages, cut
        journal.write(journal.data)
        after = read_everything(journal.directory, final=False, position=before.position)
        assert before.payloads + after.payloads == PAYLOADS, cut
        assert after.end


def test_zeros_after_a_power_failure_are_a_torn_tail(craft, read_everything):
    journal = craft(PAYLOADS, end=False)
    journal.write(journal.data + bytes(4096))
    done = read_everything(journal.directory)
    assert done.payloads == PAYLOADS
    assert [damage.reason for damage in done.damages] == ["torn"]


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
@pytest.mark.parametrize("final", [True, False])
def test_a_flipped_byte_anywhere_loses_only_the_record_it_hit(craft, read_everything, flip, final):
    journal = craft(PAYLOADS)
    for at in range(len(journal.data)):
        journal.write(flipped(journal.data, at, flip))
        done = read_everything(journal.directory, final=final)
        hit = next((index for index, (start, end) in enumerate(journal.spans) if start <= at < end), None)
        expected = [(seq, payload) for seq, payload in enumerate(PAYLOADS, 1) if seq - 1 != hit]
        assert [(record.seq, record.payload) for record in done.records] == expected, at
        if not final and hit == len(PAYLOADS):  # the end marker, which may still be on its way
            assert not done.damages
            continue
        assert len(done.damages) == 1, at
        damage = done.damages[0]
        assert done.end is (hit != len(PAYLOADS))
        if hit is None:
            assert damage.reason == "header"
            continue
        start, end = journal.spans[hit]
        assert (damage.offset, damage.length, damage.after_seq) == (start, end - start, hit), at


def test_every_value_of_every_byte_of_a_length_is_survived(craft, read_everything):
    journal = craft([b"first record", b"second", b"third record", b"x" * 230, b"last"])
    length_at = journal.spans[1][0] + 8
    for at in range(length_at, length_at + 4):
        for flip in range(1, 256):
            journal.write(flipped(journal.data, at, flip))
            done = read_everything(journal.directory)
            assert [record.seq for record in done.records] == [1, 3, 4, 5]
            assert [(d.after_seq, d.before_seq, d.reason) for d in done.damages] == [(1, 3, "checksum")]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_random_damage_never_invents_or_reorders_records(data):
    payloads = data.draw(st.lists(st.binary(max_size=60), min_size=1, max_size=20))
    with tempfile.TemporaryDirectory() as root:
        writer = JournalWriter(Path(root))
        writer.append_many(payloads)
        writer.close()
        path = segment_path(writer.directory, 1)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(content) - 1))
            garbage = data.draw(st.binary(min_size=1, max_size=40))
            content[start : start + len(garbage)] = garbage
        path.write_bytes(content)
        batch = read(writer.directory, START, final=True)
    seqs = [record.seq for record in batch.records]
    assert seqs == sorted(set(seqs))
    assert all(record.payload == payloads[record.seq - 1] for record in batch.records)


def test_a_journal_inside_a_payload_is_never_taken_for_records(craft, read_everything, tmp_path):
    inner = b"".join(encode_record(seq, b"invented") for seq in range(1, 9))
    writer = JournalWriter(tmp_path)
    writer.append_many([b"one", inner, b"three"])
    writer.close()
    path = segment_path(writer.directory, 1)
    content = path.read_bytes()
    path.write_bytes(flipped(content, content.index(inner) - 12, 0xFF))  # the length of record 2
    done = read_everything(writer.directory)
    assert [(record.seq, record.payload) for record in done.records] == [(1, b"one"), (3, b"three")]


def test_a_lost_segment_is_reported_and_the_others_are_read(tmp_path, read_everything):
    directory = closed_journal(tmp_path, count=30, segment_bytes=300)
    numbers = segments(directory)
    segment_path(directory, 2).unlink()
    done = read_everything(directory)
    assert [(damage.segment, damage.reason) for damage in done.damages] == [(2, "missing")]
    assert done.records[-1].seq == 30
    assert len(numbers) > 3


def test_first_segments_that_were_dropped_are_no_damage(tmp_path, read_everything):
    directory = closed_journal(tmp_path, count=30, segment_bytes=300)
    segment_path(directory, 1).unlink()
    assert not read_everything(directory).damages


def test_a_newer_format_is_refused_with_advice(craft):
    journal = craft(PAYLOADS)
    header = encode_segment_header(SegmentHeader(bytes(16), 1, 0, version=FORMAT_VERSION + 1))
    journal.write(header + journal.data[SEGMENT_HEADER_SIZE:])
    for position in (START, Position(1, SEGMENT_HEADER_SIZE)):
        with pytest.raises(StoreVersionError, match="Upgrade Assay"):
            read(journal.directory, position, final=True)


def test_a_missing_directory_holds_nothing(tmp_path):
    batch = read(tmp_path / "nobody", START, final=True)
    assert (batch.records, batch.damages, batch.position, batch.end) == ([], [], START, False)


def test_damage_says_what_was_lost():
    assert str(Damage(2, 40, 30, "checksum", 6, 8)) == "segment 2, bytes 40 to 70: record 7: damaged"
    assert "records 7 to 9" in str(Damage(2, 40, 30, "checksum", 6, 10))
    assert "what followed record 6" in str(Damage(2, 40, 30, "torn", 6))
    assert "missing" in str(Damage(2, 0, 0, "missing", 6))


def test_encoding_and_decoding_agree():
    data = b"".join(encode_record(seq, payload, seed=7) for seq, payload in enumerate(PAYLOADS, 1))
    decoded = decode_records(data, seed=7)
    assert [record.payload for record in decoded.records] == PAYLOADS
    assert decoded.used == len(data)
    assert not decode_records(data, seed=8).records


def flipped(data: bytes, at: int, flip: int) -> bytes:
    return data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]


def closed_journal(root, *, count, segment_bytes):
    writer = JournalWriter(root, segment_bytes=segment_bytes)
    for number in range(count):
        writer.append(b"payload %d" % number)
    writer.close()
    return writer.directory
