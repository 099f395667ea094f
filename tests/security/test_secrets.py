"""S41, S43, S44 and S46: what proves who somebody is, where it may not be read, and how long it does."""

from __future__ import annotations

import base64
import re
import secrets
import statistics
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

import assay
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.first_admin import ensure_first_admin
from assay.service import tokens
from assay.store.open import open_store
from assay.testing.processes import COMMAND

from .conftest import Person, add_user, basic

SESSION = "/ajax-api/assay/1/session"
TOKENS = "/api/assay/1/tokens"
ASKED = 8
"""Connections, each to one of two workers: that all go to the same one happens once in a hundred times."""


@pytest.fixture
def user(deployed):
    """A new user of the deployed server: its name and password."""
    return new_user(deployed)


def new_user(deployed):
    name, password = f"u-{secrets.token_hex(4)}", f"words of {secrets.token_hex(8)}"
    deployed.admin.done("users/create", username=name, password=password)
    return name, password


def proofs(deployed, name, password):
    """Two tokens and two sessions of a user, as headers, and the id of the first token."""
    person = Person(deployed, basic(name, password))
    made = [person.send("POST", f"{TOKENS}/create", {"name": "t"}).json for _ in range(2)]
    pages = [Person(deployed).send("POST", SESSION, {"username": name, "password": password}) for _ in range(2)]
    cookies = [{"Cookie": answer.headers["set-cookie"].partition(";")[0]} for answer in pages]
    return [{"Authorization": f"Bearer {one['token']}"} for one in made] + cookies, made[0]["info"]["token_id"]


def statuses(deployed, headers):
    person = Person(deployed)
    person.headers = headers
    return {person.send("GET", "/api/2.0/mlflow/users/current").status for _ in range(ASKED)}


def test_s44_what_is_taken_back_proves_nothing_within_a_second_on_any_worker(deployed, user):
    """Of one user a token and a session; another one is deleted."""
    gone = new_user(deployed)
    (held, token_id), (of_gone, _) = proofs(deployed, *user), proofs(deployed, *gone)
    of_gone.append({"Authorization": basic(*gone)})
    assert [statuses(deployed, one) for one in held + of_gone] == [{200}] * 9
    revoke = {"token_id": token_id}
    assert Person(deployed, basic(*user)).send("POST", f"{TOKENS}/revoke", revoke).status == 200
    assert Person(deployed).send("DELETE", SESSION, **held[2]).status == 200
    assert deployed.admin.send("DELETE", "/api/2.0/mlflow/users/delete", {"username": gone[0]}).status == 200
    time.sleep(1.05)
    assert [statuses(deployed, one) for one in held] == [{401}, {200}, {401}, {200}]
    assert set().union(*(statuses(deployed, one) for one in of_gone)) <= {401, 429}


def files_of(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_s46_no_secret_stands_in_a_log_an_entry_an_error_or_the_database(deployed, user):
    name, password = user
    wrong, changed = f"wrong {secrets.token_hex(8)}", f"changed {secrets.token_hex(8)}"
    person = Person(deployed, basic(name, password))
    token = person.send("POST", f"{TOKENS}/create", {"name": "t"}).json["token"]
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    page = Person(deployed).send("POST", SESSION, {"username": name, "password": password})
    cookie = page.headers["set-cookie"].partition(";")[0]
    told = []
    bearing = [f"{kind} {one}" for kind in ("Bearer", "Digest") for one in (token, forged)]
    for credentials in (*bearing, basic(name, token), basic(name, wrong)):
        one = Person(deployed, credentials)
        told.append(one.get("users/current"))
        one.get(f"runs/get?run_id={token}")  # who says it as an id is told that there is no such run
    told += [
        Person(deployed).send("POST", SESSION, {"username": name, "password": wrong}),
        Person(deployed).send("POST", SESSION, {"username": wrong, "password": [password]}),
        Person(deployed).send("GET", f"/api/2.0/mlflow/users/current?access_token={token}", Cookie=cookie),
        Person(deployed).send("GET", f"/health?password={quote(password)}", Referer=f"http://x/?{token}"),
        person.send("PATCH", "/api/2.0/mlflow/users/update-password", {"username": name, "password": "short"}),
        person.send(
            "PATCH", "/api/2.0/mlflow/users/update-password",
            {"username": name, "password": changed, "current_password": wrong},
        ),
        person.send(
            "PATCH", "/api/2.0/mlflow/users/update-password",
            {"username": name, "password": changed, "current_password": password},
        ),
        deployed.admin.send("GET", "/api/assay/1/audit/search?max_results=1000"),
    ]  # fmt: skip
    assert told[-2].status == told[-1].status == 200
    held = {"answers": b"".join(answer.body for answer in told), **files_of(deployed.process.directory)}
    assert len(held) > 3
    whole = [password, wrong, changed, token, forged, tokens.parse(token)[1], cookie.partition("=")[2]]
    spelled = [*whole, *(base64.b64encode(f"{name}:{one}".encode()).decode() for one in whole), *map(quote, whole)]
    for text in spelled:
        assert [place for place, content in held.items() if text.encode() in content] == [], text


def test_s43_how_long_a_login_takes_does_not_tell_whether_there_is_the_user(server):
    """A password costs some 20 ms, the rest less than one: who skipped it would be told from the others at once."""
    add_user(server, "keyless")
    store = open_store(server.config.backend_store_uri, artifact_root="/")
    try:
        store.write(lambda session: session.users.set_password("keyless", password_hash="", now=1))
    finally:
        store.close()
    spent = {"reader": [], "keyless": [], "unknown": []}
    for number in range(3):
        for kind, taken in spent.items():
            name = f"unknown {number}" if kind == "unknown" else kind
            for message in ({"Authorization": basic(name, "wrong words")}, None):
                person = Person(server)
                person.headers = message or {}
                begun = time.perf_counter()
                if message:
                    status = person.get("users/current").status
                else:
                    status = person.send("POST", SESSION, {"username": name, "password": "wrong words"}).status
                taken.append(time.perf_counter() - begun)
                assert status == 401
    medians = {kind: statistics.median(taken) for kind, taken in spent.items()}
    assert max(medians.values()) < 3 * min(medians.values()), medians


def started(directory, **environment):
    """How a server with users ends that should not start."""
    command = [*COMMAND, "server", "--auth", "--port", "0"]
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(directory), "PYTHONPATH": python_path()}
    return subprocess.run(
        command, check=False, cwd=directory, env={**clean, **environment}, capture_output=True, text=True, timeout=30
    )


def python_path():
    return str(Path(assay.__file__).parents[1])


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ASSAY_ADMIN_PASSWORD": "password1234"}, "ASSAY_ADMIN_PASSWORD"),
        ({"ASSAY_ADMIN_PASSWORD": "short"}, "ASSAY_ADMIN_PASSWORD"),
        ({"ASSAY_ADMIN_PASSWORD_FILE": "/nowhere"}, "ASSAY_ADMIN_PASSWORD_FILE"),
        ({"ASSAY_TRUSTED_PROXIES": "*"}, "Trusted proxy '*'"),
        ({"ASSAY_TRUSTED_PROXIES": "::/0"}, "takes in everybody"),
    ],
)
def test_s41_s48_a_server_that_everybody_could_enter_does_not_start(tmp_path, environment, said):
    ended = started(tmp_path, **environment)
    assert ended.returncode != 0
    assert said in ended.stderr
    assert " at http" not in ended.stderr


def test_s41_the_first_administrator_has_a_password_that_nobody_knows_and_that_is_shown_once(tmp_path, capsys):
    config = ServerConfig(backend_store_uri=str(tmp_path / "mlruns"), access_log=False, auth=Auth())
    shown = []
    for place in ("one", "two", "two"):
        ensure_first_admin(replace(config, backend_store_uri=str(tmp_path / place)))
        shown.append(capsys.readouterr().err)
    found = [re.findall(r"with the password (\S+)\n", text) for text in shown]
    assert [len(passwords) for passwords in found] == [1, 1, 0]
    assert found[0] != found[1]
    assert len(found[0][0]) >= 16
