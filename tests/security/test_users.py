"""Users, roles and permissions over HTTP, in both generations of MLflow's API."""

import time

import pytest

from .conftest import Person, basic

PASSWORD = "a dozen words or fewer"
NEW = "other words, as many as that"


@pytest.fixture
def user(request, server, admin):
    """A new user, as told by the server, and what acts as it."""
    name = f"u-{request.node.name}"[:200]
    told = admin.done("users/create", username=name, password=PASSWORD)["user"]
    return told, Person(server, basic(name, PASSWORD))


def v3(person, path, method="POST", **message):
    query = "&".join(f"{key}={value}" for key, value in message.items())
    if method == "GET":
        return person.send("GET", f"/api/3.0/mlflow/{path}?{query}")
    return person.send(method, f"/api/3.0/mlflow/{path}", message)


def test_users_are_made_found_and_deleted(server, admin, user, people):
    told, person = user
    name = told["username"]
    assert told["is_admin"] is False
    assert admin.get(f"users/get?username={name}").json["user"]["id"] == told["id"]
    assert person.get("users/current").json["user"]["username"] == name
    assert name in [one["username"] for one in people["reader"].get("users/list").json["users"]]
    again = admin.post("users/create", username=name, password=PASSWORD)
    assert (again.status, again.code) == (400, "RESOURCE_ALREADY_EXISTS")
    assert PASSWORD not in again.body.decode()
    assert people["reader"].post("users/create", username="x", password=PASSWORD).status == 403
    assert people["reader"].get(f"users/get?username={name}").status == 403
    assert people["reader"].send("DELETE", "/api/2.0/mlflow/users/delete", {"username": name}).status == 403
    assert admin.send("DELETE", "/api/2.0/mlflow/users/delete", {"username": "admin"}).status == 400
    assert admin.send("DELETE", "/api/2.0/mlflow/users/delete", {"username": name}).status == 200
    assert admin.get(f"users/get?username={name}").status == 404


@pytest.mark.parametrize(
    "password", ["", "eleven char", "password1234", "aaaaaaaaaaaaaaaa", "u-weak-u-weak", "x" * 1025]
)
def test_weak_passwords_are_refused(admin, password):
    answer = admin.post("users/create", username="u-weak", password=password)
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert admin.get("users/get?username=u-weak").status == 404


@pytest.mark.parametrize("name", ["", " x", "x ", "a:b", "a\x00b", "a\u200bb", "x" * 251])
def test_names_that_cannot_be_told_apart_are_refused(admin, name):
    assert admin.post("users/create", username=name, password=PASSWORD).status == 400


def test_a_password_is_changed_by_its_user_and_by_administrators(server, admin, user, people):
    told, person = user
    name = told["username"]

    def change(who, **message):
        return who.send("PATCH", "/api/2.0/mlflow/users/update-password", {"username": name, **message})

    assert change(person, password=NEW).status == 400
    assert change(person, password=NEW, current_password="wrong").status == 400
    assert change(people["reader"], password=NEW, current_password=PASSWORD).status == 403
    assert change(person, password=NEW, current_password=PASSWORD).status == 200
    renewed = Person(server, basic(name, NEW))
    assert renewed.get("users/current").status == 200
    assert change(admin, password=PASSWORD).status == 200
    assert Person(server, basic(name, PASSWORD)).get("users/current").status == 200


def test_the_last_administrator_stays(admin, user):
    told, person = user
    set_admin = ("PATCH", "/api/2.0/mlflow/users/update-admin")
    assert admin.send(*set_admin, {"username": "admin", "is_admin": False}).status == 400
    assert person.send(*set_admin, {"username": told["username"], "is_admin": True}).status == 403
    assert admin.send(*set_admin, {"username": told["username"], "is_admin": True}).status == 200
    assert admin.send(*set_admin, {"username": told["username"], "is_admin": False}).status == 200


def test_roles_carry_what_is_granted(admin, user, world):
    told, person = user
    assert person.get(f"runs/get?run_id={world.run_id}").status == 404
    role = v3(admin, "roles/create", name=f"role {told['id']}", workspace="default", description="d").json["role"]
    grant = {"role_id": role["id"], "resource_type": "experiment", "resource_pattern": world.experiment_id}
    added = v3(admin, "roles/permissions/add", **grant, permission="READ").json["role_permission"]
    assert v3(admin, "roles/permissions/add", **grant, permission="EDIT").code == "RESOURCE_ALREADY_EXISTS"
    v3(admin, "roles/assign", username=told["username"], role_id=role["id"])
    assert v3(admin, "roles/users/list", "GET", role_id=role["id"]).json["assignments"][0]["user_id"] == told["id"]
    eventually(lambda: person.get(f"runs/get?run_id={world.run_id}").status == 200)
    assert person.post("runs/set-tag", run_id=world.run_id, key="a", value="b").status == 403
    changed = v3(admin, "roles/permissions/update", "PATCH", role_permission_id=added["id"], permission="EDIT")
    assert changed.json["role_permission"]["permission"] == "EDIT"
    assert person.post("runs/set-tag", run_id=world.run_id, key="a", value="b").status == 200
    mine = v3(person, "users/current/permissions", "GET").json["permissions"]
    assert [(one["resource_pattern"], one["permission"]) for one in mine] == [(world.experiment_id, "EDIT")]
    listed = v3(admin, "users/roles/list", "GET", username=told["username"]).json["roles"]
    assert [one["name"] for one in listed] == [role["name"]]
    assert v3(person, "roles/list", "GET").status == 403
    assert v3(admin, "roles/unassign", "DELETE", username=told["username"], role_id=role["id"]).status == 200
    eventually(lambda: person.get(f"runs/get?run_id={world.run_id}").status == 404)


def eventually(holds):
    """Who asks is remembered for a second, with the roles."""
    deadline = time.monotonic() + 3
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_manages_something_grants_on_it(people, admin, user, world):
    told, person = user
    grant = {"username": told["username"], "resource_type": "experiment", "resource_id": world.experiment_id}
    assert v3(people["editor"], "users/permissions/grant", **grant, permission="READ").status == 403
    assert v3(people["manager"], "users/permissions/grant", **grant, permission="READ").status == 200
    assert v3(people["manager"], "users/permissions/grant", **grant, permission="EDIT").status == 400
    eventually(lambda: person.get(f"runs/get?run_id={world.run_id}").status == 200)
    told_level = v3(admin, "users/permissions/get", "GET", **grant).json
    assert told_level == {"allowed": False, "permission": "READ"}, "as MLflow has it, which means USE"
    assert v3(people["manager"], "users/permissions/revoke", **grant).status == 200
    assert v3(people["manager"], "users/permissions/revoke", **grant).status == 404
    assert v3(
        people["manager"], "users/permissions/grant", **{**grant, "resource_id": "*"}, permission="READ"
    ).status in (403, 404)
    assert v3(admin, "users/permissions/grant", **{**grant, "resource_type": "prompt"}, permission="READ").status == 400


@pytest.mark.parametrize("kind", ["experiments", "registered-models"])
def test_permissions_as_mlflow_had_them_before(people, admin, user, world, kind):
    told, _ = user
    key, value = ("experiment_id", world.experiment_id) if kind == "experiments" else ("name", world.model)
    path = f"/api/2.0/mlflow/{kind}/permissions"
    about = {key: value, "username": told["username"]}
    inner = "experiment_permission" if kind == "experiments" else "registered_model_permission"
    made = people["manager"].send("POST", f"{path}/create", {**about, "permission": "READ"}).json[inner]
    more = {} if kind == "experiments" else {"workspace": "default"}
    assert made == {key: value, "user_id": told["id"], "permission": "READ", **more}
    again = people["manager"].send("POST", f"{path}/create", {**about, "permission": "READ"})
    assert again.code == "RESOURCE_ALREADY_EXISTS"
    assert people["manager"].send("PATCH", f"{path}/update", {**about, "permission": "EDIT"}).status == 200
    query = f"?{key}={value}&username={told['username']}".replace(" ", "%20")
    assert people["manager"].send("GET", f"{path}/get{query}").json[inner]["permission"] == "EDIT"
    granted = admin.get(f"users/get?username={told['username']}").json["user"][f"{inner}s"]
    assert granted == [{key: value, "user_id": told["id"], "permission": "EDIT", **more}]
    assert people["editor"].send("DELETE", f"{path}/delete", about).status == 403
    assert people["manager"].send("PATCH", f"{path}/update", {**about, "permission": "OWN"}).status == 400
    assert people["manager"].send("DELETE", f"{path}/delete", about).status == 200
    assert people["manager"].send("GET", f"{path}/get{query}").status == 404


def test_who_makes_something_manages_it(user):
    told, person = user
    one = person.done("experiments/create", name=f"of {told['username']}")["experiment_id"]
    person.done("experiments/delete", experiment_id=one)
    name = f"of {told['username']}"
    person.done("registered-models/create", name=name)
    assert person.send("DELETE", "/api/2.0/mlflow/registered-models/delete", {"name": name}).status == 200


def test_a_change_of_users_and_roles_counts_at_once(admin, user, world):
    told, person = user
    role = v3(admin, "roles/create", name=f"at once {told['username']}"[:200], workspace="default").json["role"]
    level = {"resource_type": "experiment", "resource_pattern": world.experiment_id, "permission": "EDIT"}
    assert v3(admin, "roles/permissions/add", role_id=role["id"], **level).status == 200
    for action, method, status in (("assign", "POST", 200), ("unassign", "DELETE", 404)):
        assert person.get("users/current").status == 200
        assert v3(admin, f"roles/{action}", method, username=told["username"], role_id=role["id"]).status == 200
        assert person.get(f"runs/get?run_id={world.run_id}").status == status
    assert admin.send("DELETE", "/api/2.0/mlflow/users/delete", {"username": told["username"]}).status == 200
    assert person.get("users/current").status == 401


def test_a_grant_says_something_that_it_can_mean(admin, user, world):
    told, _ = user
    on = {"username": told["username"], "resource_type": "experiment", "resource_id": world.experiment_id}
    assert v3(admin, "users/permissions/grant", **on, permission="NO_PERMISSIONS").status == 400
    everything = {**on, "resource_type": "workspace", "resource_id": "*"}
    assert v3(admin, "users/permissions/grant", **everything, permission="USE").status == 400
    assert v3(admin, "users/permissions/get", "GET", **on).json["permission"] == "NO_PERMISSIONS"


def test_a_password_counts_in_either_form_of_its_letters(server, admin):
    composed, decomposed = "fünf schöne Wörter", "fu\u0308nf scho\u0308ne Wo\u0308rter"
    admin.done("users/create", username="zoe", password=decomposed)
    assert [Person(server, basic("zoe", form)).get("users/current").status for form in (composed, decomposed)] == [
        200
    ] * 2
