"""Parquet files in the browser: every codec, every kind of value, and files that lie."""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from file_kinds import new_run, parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from assay.testing.server import RunningServer

UTC = dt.timezone.utc
ROWS = 3000
COLUMNS: dict[str, tuple[pa.DataType, Any, str]] = {
    "big": (pa.int64(), 2**53 + 1, "9007199254740993"),
    "unsigned": (pa.uint64(), 2**64 - 1, "18446744073709551615"),
    "money": (pa.decimal128(38, 9), Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
    "small": (pa.decimal128(9, 2), Decimal("-0.05"), "-0.05"),
    "day": (pa.date32(), dt.date(1899, 12, 31), "1899-12-31"),
    "micros": (pa.timestamp("us"), 1_793_527_200_123_456, "2026-11-01 10:00:00.123456"),
    "nanos": (pa.timestamp("ns"), 1_700_000_000_123_456_789, "2023-11-14 22:13:20.123456789"),
    "zoned": (pa.timestamp("ms", tz="UTC"), dt.datetime(2026, 11, 1, 10, tzinfo=UTC), "2026-11-01 10:00:00Z"),
    "clock": (pa.time64("us"), dt.time(10, 20, 30, 500000), "10:20:30.500"),
    "raw": (pa.binary(), b"\x00\xff\x10", "00 ff 10"),
    "category": (pa.dictionary(pa.int32(), pa.string()), "red", "red"),
    "list": (pa.list_(pa.int64()), [1, None, 2**60], '[1,null,"1152921504606846976"]'),
    "group": (
        pa.struct([("at", pa.date32()), ("deep", pa.list_(pa.decimal128(5, 1)))]),
        {"at": dt.date(2026, 1, 2), "deep": [Decimal("1.5")]},
        '{"at":"2026-01-02","deep":["1.5"]}',
    ),
    "map": (pa.map_(pa.string(), pa.int32()), [("k", 1)], '{"k":1}'),
    "nothing": (pa.null(), None, ""),
    "float": (pa.float64(), float("nan"), "NaN"),
}
CODECS = ("none", "snappy", "gzip", "brotli", "zstd", "lz4")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("parquet")) as running:
        yield running


def all_types(codec: str, **options: Any) -> bytes:
    """A file whose rows are one value of each type, then none of any."""
    table = pa.table({name: pa.array([value, None] * (ROWS // 2), kind) for name, (kind, value, _) in COLUMNS.items()})
    out = io.BytesIO()
    pq.write_table(table, out, compression=codec, **options)
    return out.getvalue()


def row(preview: Locator, number: int) -> list[str]:
    """The cells of a row, which are in the page only while they are in view."""
    grid = preview.get_by_role("table", name="Table of the file")
    cells = grid.locator(f".grid-body [aria-rowindex='{number + 1}'] [role=cell]")
    found: dict[int, str] = {}
    for left in range(0, 6000, 400):
        grid.evaluate("(grid, left) => { grid.scrollLeft = left; return new Promise(requestAnimationFrame); }", left)
        seen = cells.evaluate_all("cells => cells.map(cell => [+cell.ariaColIndex, cell.innerText])")
        found.update(dict(seen))
    return [text for _, text in sorted(found.items())]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_every_codec_and_type_is_read_to_the_last_digit(
    page: Page, server: RunningServer, show: Callable[..., Locator], version: str
) -> None:
    files = new_run(server, {f"{codec}.parquet": all_types(codec, data_page_version=version) for codec in CODECS})
    for codec in CODECS:
        preview = show(files, f"{codec}.parquet")
        preview.get_by_text(f"First 1,000 of {ROWS:,} rows, {len(COLUMNS)} columns").wait_for()
        preview.get_by_role("heading", name=f"{codec}.parquet").wait_for()
        assert row(preview, 1) == [shown for _, _, shown in COLUMNS.values()], codec
        assert row(preview, 2) == [""] * len(COLUMNS), codec
    preview.get_by_role("button", name="Schema").click()
    for name, words in (("money", "decimal(38, 9)"), ("zoned", "timestamp, ms, UTC"), ("list", "list of int64")):
        preview.get_by_role("row", name=name).get_by_text(words).wait_for()


def test_only_the_pages_of_the_first_rows_are_fetched(
    page: Page, server: RunningServer, show: Callable[..., Locator]
) -> None:
    """Of a file of many megabytes; the column that does not shrink is cut short after some pages."""
    out = io.BytesIO()
    noise = pa.array([os.urandom(1000) for _ in range(20_000)], pa.binary())
    table = pa.table({"number": pa.array(range(20_000)), "noise": noise})
    pq.write_table(table, out, compression="zstd")
    files = new_run(server, {"large.parquet": out.getvalue()})
    fetched: list[int] = []
    page.on(
        "response",
        lambda answer: fetched.append(
            int(answer.headers.get("content-length", "0")) if answer.request.method == "GET" else 0
        ),
    )
    preview = show(files, "large.parquet")
    preview.get_by_text("First 1,000 of 20,000 rows, 2 columns").wait_for()
    assert row(preview, 1)[0] == "0"
    assert len(out.getvalue()) > 20_000_000
    assert sum(fetched) < 10_000_000


def bomb() -> bytes:
    """A column of one page that unpacks to a gigabyte of zeros from a few kilobytes."""
    out = io.BytesIO()
    zeros = pa.array([bytes(1 << 28)] * 2, pa.binary())
    pq.write_table(pa.table({"zeros": zeros}), out, compression="zstd", use_dictionary=False)
    return out.getvalue()


def test_a_file_that_lies_or_swells_is_told_in_words(
    page: Page, server: RunningServer, show: Callable[..., Locator]
) -> None:
    good = parquet(rows=5000)
    files = new_run(
        server,
        {
            "cut.parquet": good[: len(good) // 2],
            "scrambled.parquet": good[:4] + b"\xa5" * 20_000 + good[20_004:],
            "bomb.parquet": bomb(),
            "short.parquet": b"PAR1",
        },
    )
    for path, words in (
        ("cut.parquet", "cannot be read"),
        ("scrambled.parquet", "1 column left out"),
        ("bomb.parquet", "unpack to more than 256 MB"),
        ("short.parquet", "too short to be one"),
    ):
        preview = show(files, path)
        preview.get_by_text(words).wait_for()
        assert preview.get_by_text("could not be shown").count() == 0, path
    assert page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(true)))")
