"""The audit log: what is remembered, what is not, and that a change of it shows."""

import json
import sqlite3
import time

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.refusals import MOST_OF_USER
from assay.testing.server import running_server

from .conftest import ADMIN, SECRET, Person, add_user, basic
from .lines import Line

SEARCH = "/api/assay/1/audit/search"
CHECK = "/api/assay/1/audit/check"


def entries(admin, **wanted):
    query = "&".join(f"{key}={value}" for key, value in wanted.items())
    return admin.send("GET", f"{SEARCH}?{query}").json["entries"]


def test_what_matters_is_remembered_with_who_did_it(server, admin, people, world):
    people["manager"].done("runs/delete", run_id=world.run_id)
    [entry] = entries(admin, resource=f"run%20{world.run_id}", action="deleteRun")
    assert (entry["actor"], entry["credential"], entry["outcome"]) == ("manager", "password", "done")
    assert entry["address"].startswith("127.0.")
    assert len(entry["request_id"]) == 16
    people["manager"].done("registered-models/alias", name=world.model, alias="champion", version="1")
    name = world.model.replace(" ", "%20")
    [entry] = entries(admin, action="setRegisteredModelAlias", resource=f"registered_model%20{name}")
    assert json.loads(entry["detail"])["alias"] == "champion"


@pytest.mark.parametrize("name", ["unknown", "local", "operator of the machine"])
def test_no_name_passes_for_nobody(server, admin, name):
    add_user(server, name)
    Person(server, basic(name, f"the words of {name}")).done("experiments/create", name=f"of {name}")
    [entry] = entries(admin, actor=name.replace(" ", "%20"))
    assert (entry["action"], entry["credential"]) == ("createExperiment", "password")


def test_what_runs_record_is_not(admin, people, world):
    people["editor"].done("runs/log-metric", run_id=world.run_id, key="a", value=1, timestamp=1)
    people["editor"].done("runs/set-tag", run_id=world.run_id, key="a", value="b")
    assert entries(admin, resource=f"run%20{world.run_id}") == []


def test_what_is_named_by_a_number_alone_is_told(admin, world):
    def ask(path, **message):
        return admin.send("POST", f"/api/3.0/mlflow/{path}", message).json

    name = f"trainers of {world.experiment_id}"
    role = ask("roles/create", name=name, workspace="default")["role"]["id"]
    on = {"resource_type": "experiment", "resource_pattern": world.experiment_id}
    grant = ask("roles/permissions/add", role_id=role, permission="EDIT", **on)["role_permission"]["id"]
    ask("roles/assign", username="reader", role_id=role)
    admin.send("DELETE", "/api/3.0/mlflow/roles/permissions/remove", {"role_permission_id": grant})
    admin.send("DELETE", "/api/3.0/mlflow/roles/delete", {"role_id": role})
    entries = admin.send("GET", "/api/assay/1/audit/search?max_results=3").json["entries"]
    details = {entry["action"]: json.loads(entry["detail"]) for entry in entries}
    assert [detail["role"] for detail in details.values()] == [name] * 3
    told = details["removeRolePermission"]
    assert (told["granted_on"], told["before"]) == (f"experiment {world.experiment_id}", "EDIT")


def test_secrets_are_not(admin):
    admin.done("users/create", username="u-audited", password="words that must not be kept")
    told = people_password = "other words that must not be kept"
    body = {"username": "u-audited", "password": people_password}
    assert admin.send("PATCH", "/api/2.0/mlflow/users/update-password", body).status == 200
    found = entries(admin, resource="user%20u-audited")
    assert {one["action"] for one in found} == {"createUser", "updateUserPassword"}
    assert "must not be kept" not in json.dumps(found)
    assert told not in json.dumps(entries(admin))


def test_what_was_refused_is_remembered(admin, people, world):
    assert people["editor"].post("runs/delete", run_id=world.run_id).status == 403
    deadline = time.monotonic() + 5
    wanted = {"actor": "editor", "outcome": "PERMISSION_DENIED", "action": "deleteRun"}
    while not entries(admin, **wanted):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_is_refused_on_and_on_does_not_fill_the_log(server, admin):
    add_user(server, "u-refused")
    person = Person(server, basic("u-refused", "the words of u-refused"))
    body = {"username": "x", "password": "y"}
    with Line(person) as line:
        for _ in range(MOST_OF_USER + 20):
            assert line.send("POST", "/api/2.0/mlflow/users/create", body).status == 403
    assert admin.send("GET", CHECK).json["broken"] == 0
    deadline = time.monotonic() + 10
    while len(found := entries(admin, actor="u-refused", max_results=1000)) < MOST_OF_USER:
        assert time.monotonic() < deadline  # what is refused is remembered when there is time
        time.sleep(0.05)
    assert len(found) == MOST_OF_USER
    assert "not kept" in found[0]["detail"]
    assert {one["detail"] for one in found[1:]} == {"{}"}


def test_wrong_logins_are_remembered(server, admin):
    assert Person(server, basic("u-unknown", "wrong words")).get("users/current").status == 401
    [entry] = entries(admin, actor="u-unknown")
    assert (entry["action"], entry["outcome"]) == ("logIn", "UNAUTHENTICATED")
    assert "wrong words" not in json.dumps(entry)


def test_it_is_for_administrators(people):
    for path in (SEARCH, CHECK):
        assert people["manager"].send("GET", path).status == 403


def test_pages_lead_to_all_entries(admin, world):
    for number in range(4):
        admin.done("experiments/create", name=f"page {number} beside {world.experiment_id}")
    first = admin.send("GET", f"{SEARCH}?max_results=2").json
    second = admin.send("GET", f"{SEARCH}?max_results=2&page_token={first['next_page_token']}").json
    numbers = [one["number"] for one in first["entries"] + second["entries"]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 4


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("select 1", 0),
        ("update audit set actor = 'eve' where entry_no = 2", 2),
        ("delete from audit where entry_no = 2", 3),
        ("delete from audit where entry_no = (select max(entry_no) from audit)", -1),
    ],
)
def test_a_change_of_the_log_shows(tmp_path, statement, broken):
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(tmp_path, config) as server:
        admin = Person(server, basic(ADMIN, SECRET))
        for number in range(4):
            admin.done("experiments/create", name=f"e{number}")
        with sqlite3.connect(tmp_path / "mlruns" / "assay.db") as database:
            database.execute(statement)
        assert admin.send("GET", CHECK).json["broken"] == broken


def test_a_log_that_was_shortened_with_care_shows_to_who_kept_its_head(tmp_path):
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(tmp_path, config) as server:
        admin = Person(server, basic(ADMIN, SECRET))
        admin.done("experiments/create", name="kept")
        before = admin.send("GET", CHECK).json["head"]
        admin.done("experiments/create", name="taken away")
        kept = admin.send("GET", CHECK).json["head"]
        assert [admin.send("GET", f"{CHECK}?head={head}").json["broken"] for head in (before, kept)] == [0, 0]
        with sqlite3.connect(tmp_path / "mlruns" / "assay.db") as database:
            database.execute("delete from audit where digest = ?", (kept,))
            database.execute("update audit_head set digest = ?", (before,))
        assert [admin.send("GET", f"{CHECK}?head={head}").json["broken"] for head in ("", before, kept)] == [0, 0, -1]
