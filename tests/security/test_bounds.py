"""Whatever operation is given a text of megabytes, in whichever field: it is refused, or nothing of it is kept."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from assay.wire.operations import TRANSFERS

from .asks import ALL_OPERATIONS, asks, furnished
from .conftest import add_user
from .lines import Line

HUGE = "x" * 1_500_000
CPU_SECONDS = 0.5
ENDING = ("delete", "remove", "revoke", "restore", "end", "empty")


def used(server):
    """Bytes of the database that hold something."""
    database = Path(server.config.backend_store_uri) / "assay.db"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        pages, free, size = (
            connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def texts(operation):
    """The fields of an operation's request that are texts."""
    fields = msgspec.structs.fields(operation.request)
    return [one.name for one in fields if "str" in str(one.type) and "list" not in str(one.type)]


def test_no_text_of_megabytes_is_kept(server, admin, world):
    if not Path(server.config.backend_store_uri).is_dir():
        pytest.skip("how much of a database is used is told by SQLite alone")
    other = f"bounded-{world.run_id}"  # whose password is changed, and who is deleted in the end
    add_user(server, other)
    here, kept, slow, count = furnished(admin, world)._replace(other=other), {}, {}, 0
    operations = sorted(ALL_OPERATIONS.values(), key=lambda one: one.name.startswith(ENDING))
    with Line(admin) as line:
        for operation in operations:
            ask = next(iter(asks(operation, here)))
            if ask.method == "GET" or operation.request in TRANSFERS:
                continue
            for field in texts(operation):
                if field in operation.variables:
                    continue
                body = json.dumps({**json.loads(ask.body), field: HUGE})
                before, begun = used(server), time.process_time()
                answer = line.send(ask.method, ask.addresses[0], body, Content_Type="application/json")
                took, grown = time.process_time() - begun, used(server) - before
                count += 1
                assert answer.status < 500 or answer.status == 501, (operation.name, field, answer)
                if grown > len(HUGE) // 2:
                    kept[operation.name, field] = (answer.status, grown)
                if took > CPU_SECONDS:
                    slow[operation.name, field] = took
    assert (kept, slow) == ({}, {})
    assert count > 150
