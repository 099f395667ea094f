"""`assay audit ...`."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

STORE = "--backend-store-uri"


def entries(run, *wanted):
    return json.loads(run("audit", "search", *wanted, "--output", "json").output)


def test_entries_are_found_by_what_they_say(run, add_user):
    for name in ("a-ada", "a-eve"):
        add_user(name)
    run("users", "delete", "a-eve")
    [deleted, made] = entries(run, "--resource", "user a-eve")
    assert (deleted["action"], made["action"]) == ("deleteUser", "createUser")
    assert {one["outcome"] for one in entries(run, "--actor", "admin", "--action", "createUser")} == {"done"}
    assert entries(run, "--resource", "user a-eve", "--address", "10.0.0.1") == []
    assert entries(run, "--outcome", "PERMISSION_DENIED", "--resource", "user a-eve") == []
    assert len(entries(run, "--max-results", "2")) == 2


def test_times_are_dates_or_ages(run, add_user):
    add_user("a-kim")
    wanted = ("--resource", "user a-kim")
    for since in ("1h", "2026-01-01", "2026-01-01T09:30:00+01:00"):
        assert len(entries(run, *wanted, "--since", since)) == 1
        assert entries(run, *wanted, "--until", since) == []
    for wrong in ("yesterday", "", "2026-13-01", "-1d"):
        done = run("audit", "search", f"--since={wrong}")
        assert done.code == 2
        assert "2026-11-01" in done.error


def test_they_are_shown_as_a_table_and_as_csv(run, add_user):
    add_user("a-zoe")
    table = run("audit", "search", "--resource", "user a-zoe").lines
    assert table[0].split("  ")[0] == "Time (UTC)"
    assert table[2].split()[2:] == ["admin", "password", "127.0.0.1", "createUser", "user", "a-zoe", "done"]
    [row] = csv.DictReader(io.StringIO(run("audit", "search", "--resource", "user a-zoe", "--output", "csv").output))
    assert json.loads(row["detail"]) == {"username": "a-zoe"}
    assert len(row["digest"]) == 64


def test_more_than_a_page_is_read(run, as_admin, monkeypatch):
    for number in range(3):
        run("roles", "create", f"a-role-{number}")
    whole = entries(run, "--action", "createRole")
    monkeypatch.setattr("assay.cli.options.PAGE", 2)
    assert entries(run, "--action", "createRole") == whole
    assert len(whole) >= 3


def test_it_is_for_administrators(run, add_user, log_in):
    log_in("a-lay", add_user("a-lay"))
    for command in ("search", "verify"):
        assert run("audit", command).code == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update audit set actor = 'eve' where entry_no = 1", "Entry 1 is not as it was written"),
        ("delete from audit where entry_no = (select max(entry_no) from audit)", "entries are missing"),
    ],
)
def test_a_change_is_told_with_its_place(run, as_admin, server_with_users, tmp_path, statement, said):
    for name in ("one", "two"):
        run("roles", "create", f"a-{name}-{said.partition(' ')[0]}")
    assert "entries, all as they were written.\n" in run("audit", "verify").output
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(Path(server_with_users.config.backend_store_uri) / "assay.db")) as database:
        database.execute("vacuum into ?", (str(copy),))
    assert run("audit", "verify", STORE, f"sqlite:///{copy}").code == 0
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute(statement)
    done = run("audit", "verify", STORE, f"sqlite:///{copy}")
    assert done.code == 1
    assert said in done.output
