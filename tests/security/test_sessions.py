"""Logging in with a page: the cookie, what it proves, and that it ends."""

import time

import pytest

from assay.server.cookies import Cookie

from .conftest import Person

PATH = "/ajax-api/assay/1/session"


@pytest.fixture
def log_in(server):
    def log_in(username, password=None, **headers):
        body = {"username": username, "password": password or f"the words of {username}"}
        return Person(server).send("POST", PATH, body, **headers)

    return log_in


def holder(server, answer):
    cookie = answer.headers["set-cookie"]
    person = Person(server)
    person.headers["Cookie"] = cookie.partition(";")[0]
    return person


def test_a_session_proves_who_asks_until_it_is_ended(server, log_in):
    answer = log_in("editor")
    assert answer.json == {"username": "editor", "is_admin": False}
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    page = holder(server, answer)
    assert page.get("users/current").json["user"]["username"] == "editor"
    [session] = [one for one in page.send("GET", "/api/assay/1/sessions/list").json["sessions"] if one["is_current"]]
    assert session["address"].startswith("127.0.")
    assert page.send("DELETE", PATH).status == 200
    assert page.get("users/current").status == 401


def test_logging_in_again_gives_another_session_and_ends_the_one_before(server, log_in):
    first = log_in("editor")
    second = log_in("editor", Cookie=first.headers["set-cookie"].partition(";")[0])
    assert first.headers["set-cookie"] != second.headers["set-cookie"]
    assert holder(server, first).get("users/current").status == 401
    assert holder(server, second).get("users/current").status == 200


def test_a_new_password_ends_sessions(server, admin, log_in):
    page = holder(server, log_in("reader"))
    assert page.get("users/current").status == 200
    same = {"username": "reader", "password": "the words of reader"}
    assert admin.send("PATCH", "/api/2.0/mlflow/users/update-password", same).status == 200
    deadline = time.monotonic() + 3
    while page.get("users/current").status != 401:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"username": "editor"}', "application/json", 400),
        ('{"username": "editor", "password": 1}', "application/json", 400),
        ("username=editor&password=x", "application/x-www-form-urlencoded", 400),
        ("x" * 10_000, "application/json", 400),
        ('{"username": "nobody-at-all", "password": "x"}', "application/json", 401),
    ],
)
def test_what_is_no_login_is_refused(server, body, kind, status):
    answer = Person(server).send("POST", PATH, body, Content_Type=kind)
    assert answer.status == status
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:3000", "http://127.0.0.1:1"])
def test_pages_of_others_change_nothing_as_a_user(server, log_in, world, origin):
    page = holder(server, log_in("manager"))
    answer = page.send("POST", "/api/2.0/mlflow/runs/delete", {"run_id": world.run_id}, Origin=origin)
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers
    wanted = {"cross-site": 403, "same-site": 403, "same-origin": 200}
    for site, status in wanted.items():
        answer = page.send("POST", "/api/2.0/mlflow/runs/delete", {"run_id": world.run_id}, Sec_Fetch_Site=site)
        assert answer.status == status


def test_a_cookie_that_is_none_proves_nothing(server):
    for cookie in ("assay=", "assay=x", "assay=" + "x" * 4000, "other=1; assay=%00"):
        person = Person(server)
        person.headers["Cookie"] = cookie
        assert person.get("users/current").status == 401


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("", ""),
        ("a=1", "1"),
        ("b=2; a=1; a=2", "1"),
        ("b=2;a=1;c", "1"),
        ("a=; b=2", ""),
        ("a =1; ba=2; A=3", ""),
        ("b=2 a=1", ""),
        ("b=2  a=1", ""),
        ("b=a=1", ""),
        ('b="; a=1"', '1"'),
        ("a=1=2", "1=2"),
    ],
)
def test_a_cookie_is_what_its_name_says(said, value):
    assert Cookie("a").value({b"cookie": said.encode()}) == value


def test_many_cookies_cost_less_than_taking_them_apart():
    said = b"b=;" * 300_000

    def cost(work):
        begun = time.thread_time()
        work()
        return time.thread_time() - begun

    found = min(cost(lambda: Cookie("__Host-assay").value({b"cookie": said})) for _ in range(5))
    assert found < min(cost(lambda: said.split(b";")) for _ in range(5))
