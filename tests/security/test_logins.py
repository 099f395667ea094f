"""Wrong passwords and tokens: how often, and what is told."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.identity import Identity, Origin
from assay.server.passwords import Argon2Passwords
from assay.server.proxies import TrustedProxies
from assay.store.open import open_store
from assay.testing.server import running_server

from .conftest import ADMIN, SECRET, Person, add_user, basic


@pytest.fixture
def fresh(tmp_path):
    """A server on which nobody was wrong yet."""
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(tmp_path, config) as server:
        add_user(server, "ada")
        yield server


def test_five_wrong_passwords_shut_out_one_name_from_one_address(fresh):
    wrong = Person(fresh, basic("ada", "not the password"))
    assert [wrong.get("users/current").status for _ in range(5)] == [401] * 5
    refused = wrong.get("users/current")
    assert refused.status == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 300
    assert Person(fresh, basic("ada", "the words of ada")).get("users/current").status == 200
    neighbour = Person(fresh, basic(ADMIN, SECRET))
    neighbour.address = wrong.address
    assert neighbour.get("users/current").status == 200


def test_a_right_password_does_not_help_after_five_wrong_ones(fresh):
    person = Person(fresh, basic("ada", "not the password"))
    assert [person.get("users/current").status for _ in range(5)] == [401] * 5
    person.headers["Authorization"] = basic("ada", "the words of ada")
    assert person.get("users/current").status == 429


def test_nor_while_somebody_else_is_known_by_it(fresh):
    """Who asks is remembered for a moment: not for who guesses elsewhere."""
    known, guesser = Person(fresh, basic("ada", "the words of ada")), Person(fresh, basic("ada", "not the password"))
    assert [guesser.get("users/current").status for _ in range(5)] == [401] * 5
    assert known.get("users/current").status == 200
    guesser.headers["Authorization"] = known.headers["Authorization"]
    assert guesser.get("users/current").status == 429
    assert known.get("users/current").status == 200


def test_a_program_with_an_old_password_shuts_its_user_out_once(fresh, monkeypatch):
    monkeypatch.setattr("assay.service.logins.WINDOW_MS", 1000)
    person = Person(fresh, basic("ada", "the old password"))
    assert [person.get("users/current").status for _ in range(6)] == [401] * 5 + [429]
    deadline = time.monotonic() + 20
    while person.get("users/current").status == 429:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert [person.get("users/current").status for _ in range(10)] == [401] * 10
    person.headers["Authorization"] = basic("ada", "the words of ada")
    assert person.get("users/current").status == 200


def test_a_flood_of_wrong_tokens_does_not_fill_the_log(fresh):
    flood = Person(fresh)
    statuses = []
    for number in range(40):
        flood.headers["Authorization"] = f"Bearer assay_{number}"
        statuses.append(flood.get("users/current").status)
    assert statuses == [401] * 30 + [429] * 10
    assert Person(fresh, basic(ADMIN, SECRET)).get("users/current").status == 200


def test_nor_does_it_let_anybody_guess_on(fresh):
    """What is not logged any more is counted all the same: of one name, and of no other."""
    flood = Person(fresh)
    for number in range(30):
        flood.headers["Authorization"] = f"Bearer assay_{number}"
        assert flood.get("users/current").status == 401
    for number in range(5):
        flood.headers["Authorization"] = basic("ada", f"the wrong words {number}")
        assert flood.get("users/current").status == 429
    flood.headers["Authorization"] = basic("ada", "the words of ada")
    assert flood.get("users/current").status == 429
    flood.headers["Authorization"] = basic(ADMIN, SECRET)
    assert flood.get("users/current").status == 200


def test_who_has_a_network_guesses_no_more_than_who_has_an_address(tmp_path):
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET, proxies=TrustedProxies.configured(["127.0.0.0/8"])),
    )
    with running_server(tmp_path, config) as server:
        wrong, right = Person(server, basic(ADMIN, "not the password")), Person(server, basic(ADMIN, SECRET))

        def ask(person, address):
            return person.send("GET", "/api/2.0/mlflow/users/current", X_Forwarded_For=address).status

        assert [ask(wrong, f"2001:db8:1:2::{number}") for number in range(5)] == [401] * 5
        assert ask(right, "2001:db8:1:2:ffff:1:2:3") == 429
        assert ask(right, "2001:db8:1:3::1") == 200
        wrong.headers["Authorization"] = basic(ADMIN, "another wrong one")
        assert [ask(wrong, "::ffff:192.0.2.1"), *(ask(wrong, "192.0.2.1") for _ in range(4))] == [401] * 5
        assert ask(right, "192.0.2.1") == 429
        found = right.send("GET", "/api/assay/1/audit/search?action=logIn", X_Forwarded_For="192.0.2.2").json["entries"]
        assert (found[-1]["address"], json.loads(found[-1]["detail"])) == (
            "2001:db8:1:2::/64",
            {"address": "2001:db8:1:2::0"},
        )


class SlowPasswords:
    """Takes any password, when it is told to."""

    def __init__(self):
        self.asked, self.free = threading.Event(), threading.Event()

    def proves(self, password, kept):
        self.asked.set()
        return bool(password and kept) and self.free.wait(20)

    def is_dated(self, kept):
        return not kept


def test_who_is_shut_out_while_being_looked_up_is_not_remembered(tmp_path):
    store, passwords = open_store(str(tmp_path / "mlruns"), artifact_root="mlflow-artifacts:/"), SlowPasswords()
    headers, origin = {b"authorization": basic("ada", "any words").encode()}, Origin("192.0.2.1", "r")
    identity = Identity(store, passwords, TrustedProxies())
    with closing(store), ThreadPoolExecutor(1) as pool:
        store.write(lambda session: session.users.create("ada", password_hash="x", is_admin=False, origin="", now=1))
        passwords.free.set()
        assert identity.caller(headers, origin, peer="") == identity.remembered(headers, origin, peer="")
        identity.forget()
        another = {b"authorization": basic("ada", "other words").encode()}
        passwords.free.clear()
        passwords.asked.clear()
        looked_up = pool.submit(identity.caller, another, origin, peer="")
        assert passwords.asked.wait(20)
        store.write(lambda session: session.users.delete("ada"))
        identity.forget()
        passwords.free.set()
        assert looked_up.result().name == "ada"
        assert identity.remembered(another, origin, peer="") is None


def test_wrong_names_and_wrong_passwords_are_told_alike(fresh):
    answers = [Person(fresh, basic(name, "wrong" * 4)).get("users/current") for name in ("ada", "nobody-here")]
    assert answers[0].body == answers[1].body
    assert answers[0].headers["www-authenticate"].startswith("Basic")


def test_a_page_is_not_asked_for_a_password_by_the_browser(fresh):
    answer = Person(fresh).send("GET", "/ajax-api/2.0/mlflow/users/current", Sec_Fetch_Site="same-origin")
    assert answer.status == 401
    assert "www-authenticate" not in answer.headers


def test_who_holds_a_session_guesses_no_password_with_it(fresh):
    page = Person(fresh)
    login = {"username": "ada", "password": "the words of ada"}
    answer = page.send("POST", "/ajax-api/assay/1/session", login)
    page.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]

    def change(present):
        body = {"username": "ada", "password": "words that nobody guesses", "current_password": present}
        return page.send("PATCH", "/api/2.0/mlflow/users/update-password", body).status

    assert [change(f"guess {number}") for number in range(5)] == [400] * 5
    assert change("the words of ada") == 429
    assert page.get("users/current").status == 200


def test_who_guesses_passwords_keeps_nobody_else_waiting(fresh, monkeypatch):
    """As many as want to guess, while what a password costs takes as long as it may."""
    made = Person(fresh, basic(ADMIN, SECRET)).send("POST", "/api/assay/1/tokens/create", {"name": "t"}).json
    free, asked = threading.Event(), threading.Semaphore(0)

    def prove(_self, _password, _kept):
        asked.release()
        return not free.wait(20)

    monkeypatch.setattr(Argon2Passwords, "proves", prove)
    body = {"username": "ada", "password": "not the password"}
    guesses = [lambda: Person(fresh, basic("ada", "no")).get("users/current")] * 10
    guesses += [lambda: Person(fresh).send("POST", "/ajax-api/assay/1/session", body)] * 10
    with ThreadPoolExecutor(len(guesses)) as pool:
        waiting = [pool.submit(guess) for guess in guesses]
        try:
            asked.acquire()
            for _ in range(3):
                assert Person(fresh, f"Bearer {made['token']}").get("users/current").status == 200
            assert Person(fresh, f"Bearer {made['token']}").send("GET", "/ajax-api/assay/1/views/home").status == 200
        finally:
            free.set()
    assert {guess.result().status for guess in waiting} <= {401, 429}
