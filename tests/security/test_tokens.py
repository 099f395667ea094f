"""Tokens: what each scope is good for, and that they end."""

import time

import pytest

from assay.service import tokens
from assay.store.open import open_store

from .conftest import Person, basic

OWN = "/api/assay/1/tokens"


def make(person, **message):
    answer = person.send("POST", f"{OWN}/create", {"name": "ci", **message})
    assert answer.status == 200, answer
    return answer.json


def bearer(server, text):
    return Person(server, f"Bearer {text}")


def test_a_token_is_known_again_and_never_kept(server, people):
    told = make(people["editor"])
    text = told["token"]
    assert tokens.parse(text)
    assert tokens.parse(text[:-1] + ("0" if text[-1] != "0" else "1")) is None
    for credentials in (f"Bearer {text}", basic("editor", text), basic("", text), basic("token", text)):
        assert Person(server, credentials).get("users/current").json["user"]["username"] == "editor"
    assert Person(server, basic("reader", text)).get("users/current").status == 401
    listed = {one["token_id"]: one for one in people["editor"].send("GET", f"{OWN}/list").json["tokens"]}
    assert "token" not in listed[told["info"]["token_id"]]
    store = open_store(server.config.backend_store_uri, artifact_root="/")
    try:
        kept = store.read(lambda session: session.tokens.find(told["info"]["token_id"]))
    finally:
        store.close()
    assert tokens.parse(text)[1] not in repr(kept)


def test_a_token_that_reads_changes_nothing(server, people, world):
    reading = bearer(server, make(people["manager"], scope="read")["token"])
    assert reading.get(f"runs/get?run_id={world.run_id}").status == 200
    assert reading.post("runs/search", experiment_ids=[world.experiment_id]).status == 200
    for path, message in (
        ("runs/set-tag", {"run_id": world.run_id, "key": "a", "value": "b"}),
        ("runs/delete", {"run_id": world.run_id}),
        ("experiments/create", {"name": "by a token that reads"}),
    ):
        assert reading.post(path, **message).status == 403


@pytest.mark.parametrize("scope", ["read", "write"])
def test_a_token_makes_no_tokens_and_changes_no_passwords(server, people, world, scope):
    person = bearer(server, make(people["manager"], scope=scope)["token"])
    assert person.send("POST", f"{OWN}/create", {"name": "more"}).status == 403
    password = {"username": "manager", "password": "a new long password", "current_password": "the words of manager"}
    assert person.send("PATCH", "/api/2.0/mlflow/users/update-password", password).status == 403
    grant = {"experiment_id": world.experiment_id, "username": "nobody", "permission": "READ"}
    assert person.post("experiments/permissions/create", **grant).status == 403


def test_a_token_for_a_run_only_adds_to_it(server, people, admin, world):
    text = make(people["editor"], scope="append", resource_type="run", resource_id=world.run_id)["token"]
    person = bearer(server, text)
    other = admin.done("runs/create", experiment_id=world.experiment_id)["run"]["info"]["run_id"]
    point = {"key": "loss", "value": 1, "timestamp": 1}
    assert person.post("runs/log-metric", run_id=world.run_id, **point).status == 200
    assert person.get(f"runs/get?run_id={world.run_id}").status == 200
    file = f"/api/2.0/mlflow-artifacts/artifacts/{world.experiment_id}/{world.run_id}/artifacts/of-the-token.txt"
    assert person.send("PUT", file, b"x").status == 200
    assert person.post("runs/log-metric", run_id=other, **point).status == 403
    assert person.get(f"runs/get?run_id={other}").status == 403
    assert person.post("runs/delete", run_id=world.run_id).status == 403
    assert person.post("runs/delete-tag", run_id=world.run_id, key="mlflow.runName").status == 403
    assert person.post("runs/create", experiment_id=world.experiment_id).status == 403
    assert person.post("runs/search", experiment_ids=[world.experiment_id]).status == 403
    assert person.send("PUT", file.replace(world.run_id, other), b"x").status == 403
    assert person.send("DELETE", file).status == 403


def test_a_token_for_an_experiment_sees_no_other(server, admin, world):
    text = make(admin, scope="append", resource_type="experiment", resource_id=world.experiment_id)["token"]
    person = bearer(server, text)
    run = person.done("runs/create", experiment_id=world.experiment_id)["run"]["info"]["run_id"]
    assert person.post("runs/log-parameter", run_id=run, key="a", value="b").status == 200
    assert person.post("runs/create", experiment_id="0").status == 404
    assert person.post("experiments/create", name="by a token for another").status == 403
    found = person.post("experiments/search", max_results=1000).json["experiments"]
    assert [one["experiment_id"] for one in found] == [world.experiment_id]


def test_tokens_end(server, people):
    told = make(people["reader"])
    person = bearer(server, told["token"])
    assert person.get("users/current").status == 200
    revoke = {"token_id": told["info"]["token_id"]}
    assert people["editor"].send("POST", f"{OWN}/revoke", revoke).status == 404
    assert people["reader"].send("POST", f"{OWN}/revoke", revoke).status == 200
    deadline = time.monotonic() + 3
    while person.get("users/current").status != 401:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_expired_token_proves_nothing(server, people, monkeypatch):
    told = make(people["reader"], days=1)
    store = open_store(server.config.backend_store_uri, artifact_root="/")
    try:
        store.write(lambda session: session.tokens.expire(told["info"]["token_id"], now=1))
    finally:
        store.close()
    assert bearer(server, told["token"]).get("users/current").status == 401


@pytest.mark.parametrize(
    "message",
    [
        {"scope": "everything"},
        {"scope": "append"},
        {"days": 0},
        {"days": 366},
        {"resource_type": "experiment", "resource_id": "*"},
        {"resource_type": "prompt", "resource_id": "x"},
        {"name": ""},
    ],
)
def test_tokens_that_make_no_sense_are_refused(people, message):
    answer = people["reader"].send("POST", f"{OWN}/create", {"name": "ci", **message})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_token_names_only_what_its_maker_may_read(people, world):
    for kind, name in (("run", world.run_id), ("experiment", world.experiment_id), ("registered_model", world.model)):
        answer = people["nobody"].send(
            "POST", f"{OWN}/create", {"name": "x", "resource_type": kind, "resource_id": name}
        )
        assert answer.status == 404
