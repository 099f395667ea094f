"""How the shared SQL is rewritten for MariaDB and MySQL, how its numbers are spelled, and what addresses say."""

from __future__ import annotations

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import AssayError, ConfigurationError, StorageFull, TemporarilyUnavailable
from assay.store.mysql import numbers
from assay.store.mysql.errors import Conflict, Lost, translated
from assay.store.mysql.sql import Listed, collated, expanded, inserts, rewritten
from assay.store.mysql.uri import TIMEOUTS, address
from assay.store.open import open_store

OUTERMOST = sys.float_info.max
doubles = st.floats(allow_nan=False)


@pytest.mark.parametrize(
    ("shared", "wanted"),
    [
        (
            "select key from t where m.key = ? and a like '%?'",
            "select `key` from t where m.`key` = %s and a like '%%?'",
        ),
        ("select 'it''s a key ?', `key`", "select 'it''s a key ?', `key`"),
        ("create table t (a int, primary key (a), foreign key (a) references u)",) * 2,
        (
            "insert into t (run_no, key, v) values (?, ?, ?) on conflict (run_no, key) do update set v = excluded.v",
            "insert into t (run_no, `key`, v) values (%s, %s, %s) on duplicate key update v = values(v)",
        ),
        ("insert into t (a)\nselect ? from u\non conflict (a) do nothing\n", "insert into t (a)\nselect %s from u\n"),
        ("insert into t (a) values (?)\nreturning t_id\n", "insert into t (a) values (%s)"),
        ("order by r.end_time asc nulls last, id asc", "order by r.end_time is null, r.end_time asc, id asc"),
        ("order by r.end_time desc nulls last, id desc", "order by r.end_time desc, id desc"),
        ("order by m.key asc nulls last", "order by m.`key` is null, m.`key` asc"),
        (
            "order by (select v from t where (a = ?) order by v desc nulls last limit 1) asc nulls last, b",
            "order by -(select v from t where (a = %s) order by v desc limit 1) desc, b",
        ),
        ("from a cross join b where monkey = 1", "from a straight_join b where monkey = 1"),
    ],
)
def test_a_statement_is_rewritten(shared, wanted):
    assert rewritten(shared).text == wanted


def test_what_an_insert_gives_is_noted():
    assert rewritten("insert into t (a) values (?) returning id").gives_id
    assert not rewritten("insert into t (a) values (?)").gives_id
    ignoring = rewritten("insert into t (key, a) values (?, ?) on conflict (key, a) do nothing")
    assert ignoring.unless_exists == " on duplicate key update `key` = `key`"
    assert ignoring.insert == ("insert into t (`key`, a) values ", "(%s, %s)", ignoring.unless_exists)
    replacing = rewritten("insert into t (a, b) values (?, ?) on conflict (a) do update set b = excluded.b")
    assert replacing.insert == ("insert into t (a, b) values ", "(%s, %s)", " on duplicate key update b = values(b)")
    assert rewritten("insert into t (a) select 1").insert is None


@pytest.mark.parametrize(
    "shared",
    [
        "insert into t (a) values (?) on conflict do nothing",
        "update t set a = 1 returning a, b",
        "select a from t order by a nulls first",
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(shared):
    with pytest.raises(AssayError, match="Reword the statement"):
        rewritten(shared)


def test_a_list_becomes_values_of_its_own():
    text, values = expanded("a = %s and b in (%s) and c in (%s)", [1, Listed((2, 3)), Listed(())])
    assert text == "a = %s and b in (%s, %s) and c in (select 1 from dual where 1 = 0)"
    assert list(values) == [1, 2, 3]
    assert expanded("a like '100%%s' and b = %s", [1]) == ("a like '100%%s' and b = %s", [1])


def test_rows_are_inserted_together_up_to_a_size():
    rows = [f"({place:06d}{'x' * 60_000})" for place in range(20)]
    statements = list(inserts(("insert into t values ", "(?)", " tail"), rows))
    assert len(statements) == 3
    assert all(one.endswith(" tail") and len(one) < 520_000 for one in statements)
    assert [row for one in statements for row in one[len("insert into t values ") : -len(" tail")].split(",")] == rows
    assert list(inserts(("insert", "(?)", ""), [])) == []


def test_mysql_has_another_name_for_the_collation():
    assert collated("collate = utf8mb4_nopad_bin", is_mariadb=True) == "collate = utf8mb4_nopad_bin"
    assert collated("collate = utf8mb4_nopad_bin", is_mariadb=False) == "collate = utf8mb4_0900_bin"


@given(doubles, doubles)
def test_numbers_keep_their_order_and_come_back(one, other):
    first, second = (float(numbers.literal(value)) for value in (one, other))
    assert math.isfinite(first)
    assert first <= second or one > other
    if abs(one) != OUTERMOST:
        assert numbers.double(repr(first)) == one


def test_the_edges_of_doubles():
    inner = math.nextafter(OUTERMOST, 0)
    spelled = [numbers.literal(value) for value in (-math.inf, -OUTERMOST, inner, OUTERMOST, math.inf, math.nan, 1)]
    assert spelled == [repr(-OUTERMOST), repr(-inner), repr(inner), repr(inner), repr(OUTERMOST), "null", "1e0"]
    assert [numbers.double(text) for text in (repr(OUTERMOST), repr(-OUTERMOST))] == [math.inf, -math.inf]
    assert [numbers.decimal(text) for text in ("9007199254740993", "1.5000")] == [2**53 + 1, 1.5]


def test_an_address_is_taken_apart():
    found = address("mysql+pymysql://ada:s%40crt%2F@db.example:3307/lab?ssl_verify_cert=true&connect_timeout=3")
    assert found.place == "mysql+pymysql://db.example:3307/lab"
    assert found.arguments == {
        **TIMEOUTS,
        "host": "db.example",
        "port": 3307,
        "database": "lab",
        "user": "ada",
        "password": b"s@crt/",
        "ssl_verify_cert": True,
        "connect_timeout": 3,
    }
    assert address("mariadb://host/lab").arguments == {
        "host": "host",
        "port": 3306,
        "database": "lab",
        **TIMEOUTS,
    }
    assert found.unhurried().arguments["read_timeout"] is None


def test_tls_is_for_the_network_unless_it_is_asked_for():
    assert address("mysql://127.0.0.1/lab").arguments["ssl_disabled"] is True
    assert "ssl_disabled" not in address("mysql://db.example/lab").arguments
    assert "ssl_disabled" not in address("mysql://127.0.0.1/lab?ssl_verify_cert=true").arguments
    assert address("mysql://127.0.0.1/lab?ssl_disabled=false").arguments["ssl_disabled"] is False


def test_files_for_tls_come_from_the_address_or_the_settings(monkeypatch):
    monkeypatch.setenv("MLFLOW_MYSQL_SSL_CA", "/etc/ca.pem")
    monkeypatch.setenv("ASSAY_MYSQL_SSL_CERT", "/etc/cert.pem")
    monkeypatch.setenv("MLFLOW_MYSQL_SSL_KEY", "/etc/key.pem")
    found = address("mysql://host/lab?ssl_ca=/other.pem").arguments
    assert (found["ssl_ca"], found["ssl_cert"], found["ssl_key"]) == ("/other.pem", "/etc/cert.pem", "/etc/key.pem")


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("mysql://u:secret@host", "names no database"),
        ("mysql://u:secret@host:x/lab", "port must be a number"),
        ("mysql://u:secret@host/lab?colour=red", r"option 'colour'.*ssl_ca"),
        ("mysql://u:secret@host/lab?ssl_verify_cert=perhaps", "true or false"),
        ("mysql://u:secret@host/lab?connect_timeout=0", "whole number of seconds"),
        ("mysql://u:secret@host/lab?charset=latin1", "utf8mb4"),
    ],
)
def test_an_address_that_is_wrong_is_explained_without_its_password(uri, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        address(uri)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql", "mysql+mysqldb"])
def test_a_missing_driver_is_named_with_its_extra(monkeypatch, scheme):
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(ConfigurationError, match=r"pymysql is not installed.*assay\[mysql\]"):
        open_store(f"{scheme}://host/lab", artifact_root="/")


@pytest.mark.parametrize(
    ("number", "text", "kind"),
    [
        (1213, "Deadlock found", Conflict),
        (1020, "Record has changed since last read", Conflict),
        (2013, "Lost connection", Lost),
        (1021, "Disk full", StorageFull),
        (1030, 'Got error 28 "No space left on device" from storage engine', StorageFull),
        (1836, "Running in read-only mode", StorageFull),
        (1040, "Too many connections", TemporarilyUnavailable),
    ],
)
def test_errors_are_told_apart(number, text, kind):
    error = translated(number, text, place="mysql://host/lab")
    assert type(error) is kind
    assert "mysql://host/lab" in str(error)
