"""Who may do what with an experiment or a model: told to who manages it, and changed by them."""

import json
from urllib.parse import quote

import pytest

from .conftest import add_user
from .test_users import eventually

ON = "/api/assay/1/permissions"


def holders(person, kind, target):
    return person.send("GET", f"{ON}/holders?resource_type={kind}&resource_id={quote(target)}")


def put(person, verb="set", **message):
    return person.send("POST", f"{ON}/{verb}", message)


@pytest.fixture(scope="module")
def ben(server):
    return add_user(server, "ben")


@pytest.fixture
def team(request, admin, ben):
    """A role that Ben has; gone after the test."""
    name = f"team {request.node.name}"[:200]
    role = admin.send("POST", "/api/3.0/mlflow/roles/create", {"name": name, "workspace": "default"}).json["role"]
    admin.send("POST", "/api/3.0/mlflow/roles/assign", {"username": ben.username, "role_id": role["id"]})
    yield role
    admin.send("DELETE", "/api/3.0/mlflow/roles/delete", {"role_id": role["id"]})


@pytest.mark.parametrize("kind", ["experiment", "registered_model"])
def test_who_manages_something_sees_who_may_do_what_and_why(admin, people, world, team, kind):
    target = world.experiment_id if kind == "experiment" else world.model
    everywhere = {"role_id": team["id"], "resource_type": kind, "resource_pattern": "*", "permission": "READ"}
    admin.send("POST", "/api/3.0/mlflow/roles/permissions/add", everywhere)
    assert (
        put(people["manager"], resource_type=kind, resource_id=target, username="ben", permission="EDIT").status == 200
    )
    told = holders(people["manager"], kind, target)
    assert told.status == 200, told
    assert (told.json["permission"], told.json["default_permission"]) == ("MANAGE", "NO_PERMISSIONS")
    found = {one["username"]: one for one in told.json["holders"]}
    assert {name: one["permission"] for name, one in found.items()} == {
        "admin": "MANAGE",
        "ben": "EDIT",
        "editor": "EDIT",
        "manager": "MANAGE",
        "reader": "READ",
    }
    assert told.json["total"] == 5
    assert [name for name, one in found.items() if one["is_admin"]] == ["admin"]
    of_role = {}
    for one in told.json["grants"]:
        of_role[one["role_id"]] = (one["resource_pattern"], one["role_name"] or one["username"], one["members"])
    why = [of_role[number] for number in found["ben"]["role_ids"]]
    assert sorted(why) == sorted([(target, "ben", 1), ("*", team["name"], 1)])
    here = [one["username"] for one in told.json["grants"] if one["resource_pattern"] == target]
    assert here == ["admin", "ben", "editor", "manager", "reader"]
    assert [one["resource_pattern"] for one in told.json["grants"]] == [*[target] * 5, "*"]
    for name, one in found.items():
        asked = f"username={name}&resource_type={kind}&resource_id={quote(target)}"
        answer = admin.send("GET", f"/api/3.0/mlflow/users/permissions/get?{asked}").json
        assert answer["permission"] == one["permission"]


def test_a_denial_by_a_role_leaves_nothing(people, world, team, server):
    on = {"resource_type": "experiment", "resource_id": world.experiment_id}
    put(people["manager"], **on, username="ben", permission="MANAGE")
    put(people["manager"], **on, role_name=team["name"], permission="DENY")
    told = holders(people["manager"], "experiment", world.experiment_id).json["holders"]
    assert [one["permission"] for one in told if one["username"] == "ben"] == ["DENY"]
    assert put(people["manager"], "remove", **on, role_name=team["name"]).status == 200
    told = holders(people["manager"], "experiment", world.experiment_id).json["holders"]
    assert [one["permission"] for one in told if one["username"] == "ben"] == ["MANAGE"]


def test_only_who_manages_it_asks_and_grants(people, world):
    on = {"resource_type": "experiment", "resource_id": world.experiment_id}
    for name, status in (("nobody", 404), ("reader", 403), ("editor", 403)):
        assert holders(people[name], "experiment", world.experiment_id).status == status
        assert put(people[name], **on, username=name, permission="MANAGE").status == status
        assert put(people[name], "remove", **on, username="manager").status == status
    assert holders(people["manager"], "experiment", "*").status in (403, 404)
    everything = {"resource_type": "workspace", "resource_id": "*", "username": "manager", "permission": "MANAGE"}
    assert put(people["manager"], **everything).status in (403, 404)
    for name, level in (("reader", "READ"), ("editor", "EDIT")):
        path = f"/ajax-api/assay/1/views/experiment?experiment_id={world.experiment_id}"
        assert people[name].send("GET", path).json["permission"] == level


def test_a_grant_is_replaced_taken_back_and_remembered(admin, people, world, kept_from):
    kept_from.remove(world.mark)
    on = {"resource_type": "experiment", "resource_id": world.experiment_id}
    manager, nobody = people["manager"], people["nobody"]
    assert put(manager, **on, username="nobody", permission="READ").status == 200
    eventually(lambda: nobody.get(f"runs/get?run_id={world.run_id}").status == 200)
    assert put(manager, **on, username="nobody", permission="EDIT").status == 200
    assert nobody.post("runs/set-tag", run_id=world.run_id, key="a", value="b").status == 200
    assert put(manager, "remove", **on, username="nobody").status == 200
    assert put(manager, "remove", **on, username="nobody").status == 404
    assert nobody.get(f"runs/get?run_id={world.run_id}").status == 404
    query = f"resource=experiment%20{world.experiment_id}&action=setResourceGrant"
    entries = admin.send("GET", f"/api/assay/1/audit/search?{query}").json["entries"]
    assert [json.loads(one["detail"])["permission"] for one in entries] == ["EDIT", "READ"]
    assert {one["actor"] for one in entries} == {"manager"}


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        ({"username": "nobody at all"}, 404, "nobody at all"),
        ({"role_name": "no such role"}, 404, "no such role"),
        ({"role_name": "__user_1__"}, 404, "__user_1__"),
        ({}, 400, "username"),
        ({"username": "reader", "role_name": "x"}, 400, "role_name"),
        ({"username": "reader", "permission": "OWN"}, 400, "OWN"),
        ({"username": "reader", "permission": "NO_PERMISSIONS"}, 400, "NO_PERMISSIONS"),
    ],
)
def test_what_cannot_be_granted_is_told(people, world, wrong, status, told):
    message = {"resource_type": "experiment", "resource_id": world.experiment_id, "permission": "READ", **wrong}
    answer = put(people["manager"], **message)
    assert (answer.status, told in answer.json["message"]) == (status, True), answer


def test_pages_tell_their_reader_the_own_level(people, admin, world):
    for name, level in (("reader", "READ"), ("editor", "EDIT"), ("manager", "MANAGE")):
        person = people[name]
        summaries = person.send("GET", "/ajax-api/assay/1/views/experiments").json["experiments"]
        assert [one["permission"] for one in summaries if one["experiment_id"] == world.experiment_id] == [level]
        assert person.send("GET", f"/ajax-api/assay/1/views/run?run_id={world.run_id}").json["permission"] == level
        page = person.send("GET", f"/ajax-api/assay/1/views/model?name={quote(world.model)}").json
        assert (page["permission"], page["protected"]) == (level, [])
        listed = person.send("POST", "/ajax-api/assay/1/views/models", {}).json
        levels = dict(zip([one["name"] for one in listed["models"]], listed["permissions"], strict=True))
        assert levels[world.model] == level
    experiments = admin.send("GET", "/ajax-api/assay/1/views/experiments").json["experiments"]
    assert {one["permission"] for one in experiments} == {"MANAGE"}
    gone = {"experiment_id": world.experiment_id}
    assert admin.post("experiments/delete", **gone).status == 200
    deleted = people["reader"].send("GET", "/ajax-api/assay/1/views/trash?max_results=1000").json["items"]
    assert [one["permission"] for one in deleted if one["id"] == world.experiment_id] == ["READ"]
