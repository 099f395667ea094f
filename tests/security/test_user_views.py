"""What the pages of administrators ask: users, roles and grants at a glance, and the audit log."""

import json

import pytest

from .conftest import USERS
from .test_users import eventually

VIEWS = "/api/assay/1/views"
SET = "/api/assay/1/permissions/set"
V3 = "/api/3.0/mlflow"


@pytest.fixture
def role(request, admin):
    """The id of a new role."""
    body = {"name": request.node.name, "workspace": "default", "description": "for a test"}
    return admin.send("POST", f"{V3}/roles/create", body).json["role"]["id"]


def view(person, name, query=""):
    answer = person.send("GET", f"{VIEWS}/{name}?{query}")
    assert answer.status == 200, answer
    return answer.json


def grants(page):
    return {(one["resource_type"], one["name"]): one["permission"] for one in page["grants"]}


def test_they_are_for_administrators(people, anonymous, world, role):
    asked = ["users", "user?username=manager", "roles", f"role?role_id={role}"]
    for path in asked:
        assert people["manager"].send("GET", f"{VIEWS}/{path}").status == 403
        assert anonymous.send("GET", f"{VIEWS}/{path}").status == 401


def test_users_are_told_with_what_belongs_to_them(admin, people, world, role):
    assert admin.send("POST", f"{V3}/roles/assign", {"username": "reader", "role_id": role}).status == 200
    made = people["reader"].send("POST", "/api/assay/1/tokens/create", {"name": "ci", "days": 1}).json
    told = view(admin, "users")
    found = {one["username"]: one for one in told["users"]}
    assert told["total"] == len(found) > len(USERS)
    assert found["admin"]["is_admin"]
    assert (found["reader"]["origin"], role in found["reader"]["role_ids"]) == ("password", True)
    assert found["reader"]["tokens"] >= 1
    assert found["reader"]["grants"] >= 2
    assert "hash" not in json.dumps(told)
    page = view(admin, "user", "username=reader")
    assert (role, "manual") in [(one["id"], one["origin"]) for one in page["roles"]]
    assert grants(page)["registered_model", world.model] == "READ"
    [experiment] = [one for one in page["grants"] if one["resource_id"] == world.experiment_id]
    assert experiment["name"].startswith("secret ")
    assert experiment["role_id"] == page["own_role_id"]
    revoked = admin.send("POST", "/api/assay/1/tokens/revoke", {"token_id": made["info"]["token_id"]})
    assert revoked.status == 200
    assert admin.send("GET", f"{VIEWS}/user?username=no-such-user").status == 404
    assert admin.send("GET", f"{VIEWS}/role?role_id={page['own_role_id']}").status == 404


def test_roles_are_told_with_members_and_grants(admin, world, role):
    admin.send("POST", f"{V3}/roles/assign", {"username": "nobody", "role_id": role})
    page = view(admin, "role", f"role_id={role}")
    for kind, target in (("experiment", world.experiment_id), ("registered_model", "*"), ("workspace", "*")):
        body = {"role_name": page["name"], "resource_type": kind, "resource_id": target, "permission": "READ"}
        assert admin.send("POST", SET, body).status == 200
    page = view(admin, "role", f"role_id={role}")
    assert page["members"] == [{"username": "nobody", "origin": "manual"}]
    assert page["description"] == "for a test"
    assert {kind for kind, _ in grants(page)} == {"experiment", "registered_model", "workspace"}
    [summary] = [one for one in view(admin, "roles")["roles"] if one["id"] == role]
    assert (summary["members"], summary["grants"]) == (1, 3)
    assert admin.send("DELETE", f"{V3}/roles/delete", {"role_id": role}).status == 200


def refused(admin):
    """What was refused of making users."""
    return admin.send("GET", "/api/assay/1/audit/search?refused=true&action=createUser").json["entries"]


def test_the_audit_log_tells_its_actions_and_what_was_refused(admin, people):
    actions = admin.send("GET", "/api/assay/1/audit/actions").json["actions"]
    assert {"createUser", "setResourceGrant", "logIn", "deleteArtifact"} <= set(actions)
    assert not {"searchRuns", "logMetric", "viewUsers"} & set(actions)
    assert people["manager"].send("GET", "/api/assay/1/audit/actions").status == 403
    assert people["editor"].post("users/create", username="u-refused", password="a dozen words").status == 403
    admin.done("users/create", username="u-not-refused", password="a dozen words")
    eventually(lambda: refused(admin))
    assert {one["outcome"] for one in refused(admin)} == {"PERMISSION_DENIED"}


@pytest.mark.parametrize(("name", "is_admin"), [("admin", True), ("reader", False)])
def test_the_stream_of_changes_tells_whether_an_administrator_looks(admin, people, name, is_admin):
    person = {**people, "admin": admin}[name]
    connection = person.connect()
    try:
        connection.request("GET", "/ajax-api/assay/1/events", headers=person.headers)
        answer = connection.getresponse()
        assert answer.readline() == b"event: hello\n"
        assert json.loads(answer.readline()[6:])["is_admin"] is is_admin
    finally:
        connection.close()
