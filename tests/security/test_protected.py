"""Protected aliases, and places of artifacts: what an EDIT user may not choose."""

import pytest

from .conftest import Person, basic


def test_a_protected_alias_is_moved_only_by_who_manages_the_model(people, admin, world):
    protect = {"name": world.model, "alias": "champion"}
    set_alias = {**protect, "version": "1"}
    assert people["editor"].send("POST", "/api/assay/1/registry/protect-alias", protect).status == 403
    assert people["manager"].send("POST", "/api/assay/1/registry/protect-alias", protect).status == 200
    path = f"/api/assay/1/registry/protected-aliases?name={world.model}".replace(" ", "%20")
    assert people["reader"].send("GET", path).json == {"aliases": ["champion"]}
    assert people["editor"].post("registered-models/alias", **set_alias).status == 403
    assert people["editor"].post("registered-models/alias", **{**set_alias, "alias": "shadow"}).status == 200
    assert people["manager"].post("registered-models/alias", **set_alias).status == 200
    for method, path, body in (
        ("DELETE", "/api/2.0/mlflow/registered-models/alias", protect),
        ("POST", "/api/assay/1/registry/rollback-alias", protect),
    ):
        assert people["editor"].send(method, path, body).status == 403
    unprotect = {**protect, "protected": False}
    assert people["manager"].send("POST", "/api/assay/1/registry/protect-alias", unprotect).status == 200
    assert people["editor"].post("registered-models/alias", **set_alias).status == 200


def test_an_approval_is_given_in_ones_own_name(people, admin, world):
    rules = f"model {world.model}\ngate @champion\napproved by manager"
    assert admin.send("POST", "/api/assay/1/registry/set-gates", {"rules": rules}).status == 200
    version = {"name": world.model, "version": "1"}
    approval = {**version, "key": "assay.approved_by.manager"}

    def promoted():
        return people["editor"].post("registered-models/alias", **version, alias="champion").status == 200

    for name in ("editor", "admin"):
        asker = admin if name == "admin" else people[name]
        assert asker.post("model-versions/set-tag", **approval, value="good").status == 403
        made = {"name": world.model, "source": f"runs:/{world.run_id}/m", "run_id": world.run_id}
        forged = {"tags": [{"key": approval["key"], "value": "good"}]}
        assert asker.post("model-versions/create", **made, **forged).status == 403
    assert not promoted()
    assert people["manager"].post("model-versions/set-tag", **approval, value="good").status == 200
    delete = ("DELETE", "/api/2.0/mlflow/model-versions/delete-tag", approval)
    assert people["editor"].send(*delete).status == 403
    assert promoted()
    assert admin.send(*delete).status == 200
    own = {**version, "key": "assay.approved_by.editor", "value": "good"}
    assert people["editor"].post("model-versions/set-tag", **own).status == 200


@pytest.mark.parametrize(
    ("location", "status"),
    [
        ("s3://other-bucket/x", 400),
        ("/tmp/x", 400),
        ("file:///tmp/x", 400),
        ("http://host/x", 400),
        ("mlflow-artifacts:/of-others", 403),
        ("mlflow-artifacts:/", 403),
        ("mlflow-artifacts://other:1/x", 400),
    ],
)
def test_users_choose_no_places_for_artifacts(people, location, status):
    name = f"at {location}"
    answer = people["manager"].post("experiments/create", name=name, artifact_location=location)
    assert answer.status == status, answer
    found = people["manager"].post("experiments/search", max_results=1000).json.get("experiments", [])
    assert name not in [one["name"] for one in found]


VALUES = {
    "Authorization": [basic("editor", "the words of editor"), basic("admin", "x")],
    "Host": ["localhost", "127.0.0.1"],
}


@pytest.mark.parametrize("name", VALUES)
def test_who_says_twice_who_asks_is_not_answered(server, name):
    connection = Person(server).connect()
    connection.putrequest("GET", "/api/2.0/mlflow/users/current", skip_host=name == "Host")
    for value in VALUES[name]:
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()
