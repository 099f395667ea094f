"""The route walk: whatever the server answers, by every method, at every address, as everybody."""

from __future__ import annotations

import pytest

from assay.server.routes import BESIDE, operation_routes
from assay.service.access import OF_LEVEL
from assay.service.needs import NEEDS
from assay.store.users import EDIT, MANAGE, READ

from .aliases import other_spellings
from .asks import ALL_OPERATIONS, asks, furnished
from .conftest import Person, basic, make_world
from .digests import changes, kept
from .lines import Line

OPEN = [
    ("GET", "/health"),
    ("HEAD", "/health"),
    ("GET", "/version"),
    ("HEAD", "/version"),
    ("POST", "/ajax-api/assay/1/session"),
    ("DELETE", "/ajax-api/assay/1/session"),
    ("GET", "/ajax-api/assay/1/session/oidc"),
    ("HEAD", "/ajax-api/assay/1/session/oidc"),
    ("GET", "/ajax-api/assay/1/session/oidc/callback"),
    ("HEAD", "/ajax-api/assay/1/session/oidc/callback"),
    ("GET", "/api/3.0/mlflow/server-info"),
    ("GET", "/ajax-api/3.0/mlflow/server-info"),
]
"""All that is answered without credentials, besides the pages of the UI."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def furniture(server):
    """A world that no test may change."""
    admin = Person(server, basic("admin", "the admin's own words"))
    return furnished(admin, make_world(server, admin, "secret furniture"))


@pytest.fixture
def line(server, kept_from, furniture):
    """A connection of somebody, who is told nothing of the furniture unless it was granted."""
    lines = []

    def line(name, *, reads=False):
        told = basic(name, f"the words of {name}") if name else None
        person = Person(server, told, kept_from=kept_from if reads else [*kept_from, furniture.mark])
        lines.append(Line(person))
        return lines[-1]

    yield line
    for one in lines:
        one.__exit__()


def walked(world):
    """Every request there is about a world."""
    return [ask for operation in ALL_OPERATIONS.values() for ask in asks(operation, world)]


STANDING = {
    "open": {""},
    "workspace": {"use", "manage"},
    "user": {"read", "self", "own", "manage"},
    "token": {"own"},
    "permission": {"manage"},
    "audit": {"manage"},
}
"""What depends on who asks alone; all else on what is granted on what is named."""


def test_every_route_has_a_policy_and_every_policy_a_route():
    found = {}
    for methods in operation_routes().values():
        for operation in methods.values():
            found.setdefault(operation.resource, set()).add(operation.level)
    assert {name: found[name] for name in STANDING} == STANDING
    assert found.keys() - STANDING.keys() == NEEDS.keys()
    assert set().union(*(found[name] for name in NEEDS)) <= {*OF_LEVEL, "search"}


def test_what_is_open_to_all_is_written_out_above():
    declared = {(method, path) for path, beside in BESIDE.items() if beside.is_open for method in beside.methods}
    for path, methods in operation_routes().items():
        declared |= {(method, path.decode()) for method, one in methods.items() if one.access == "open"}
    assert declared == set(OPEN)


def test_every_route_is_walked(furniture):
    walked_to = {(ask.method, one) for ask in walked(furniture) for one in ask.addresses}
    assert len(walked_to) > 300
    routes = sum(len(methods) for methods in operation_routes().values())
    assert len(walked_to) >= routes


def test_s30_who_has_no_credentials_is_told_to_bring_some(line, furniture):
    stranger = line(None)
    others = [(method, path, None) for path in BESIDE if not BESIDE[path].is_open for method in METHODS]
    others += [(method, path.decode(), None) for path in operation_routes() for method in METHODS]
    asked = [(ask.method, address, ask.body) for ask in walked(furniture) for address in ask.addresses]
    wrong = {}
    for method, address, body in asked + others:
        if (method, address.partition("?")[0]) not in OPEN:
            answer = stranger.send(method, address, body, Content_Type="application/json")
            if answer.status != 401 or (method != "HEAD" and answer.code != "UNAUTHENTICATED"):
                wrong[method, address] = answer.status
    assert wrong == {}


OF_ONESELF = {"getCurrentUser", "getCurrentPermissions", "listUsers", "getServerInfo"}
MAKES = {"createExperiment", "createRegisteredModel"}
"""What every user may do, and comes to manage."""
SEARCHES = {
    "searchExperiments", "searchRegisteredModels", "searchModelVersions", "searchDatasets", "searchRuns",
    "searchLoggedModels", "searchReports", "viewExperiments", "viewRuns", "viewFamilies", "viewGroups", "viewHome",
    "viewBest", "viewActivity", "viewModels", "viewTrash", "findAnything",
}  # fmt: skip
"""What every user may ask, and is told of what this one may read."""
NOTHING_FOUND = {"revokeToken": {404}, "endSession": {404}, "setGates": {404}}
"""What is told as if it were not there: what others have, and all registered models together."""


def test_s31_a_user_without_grants_is_refused_everywhere_and_changes_nothing(server, line, furniture):
    nobody, before, wrong = line("nobody"), kept(server), {}
    for ask in walked(furniture):
        name = ask.operation.name
        if name in MAKES:
            continue
        wanted = {200} if name in SEARCHES | OF_ONESELF | {"applyJournal"} else NOTHING_FOUND.get(name, {403, 404})
        for address in ask.addresses:
            answer = nobody.send(ask.method, address, ask.body, Content_Type="application/json")
            if answer.status not in wanted:
                wrong[name, ask.method, address] = answer.status
            if name == "applyJournal":
                assert len(answer.json.get("rejected", [])) == (address == ask.addresses[0])
    assert not wrong, "\n".join(f"{one} {status}" for one, status in wrong.items())
    assert changes(before, kept(server)) == set()


REFUSED_TO_READERS = {
    "createRun", "logMetric", "logBatch", "logParam", "logInputs", "logOutputs", "logModel", "setTag", "deleteTag",
    "updateRun", "changeRuns", "setExperimentTag", "updateExperiment", "createLoggedModel", "setLoggedModelTags",
    "createReport", "updateReport", "deleteReport", "setSavedView", "uploadArtifact", "uploadRunArtifact",
    "createMultipartUpload", "completeMultipartUpload", "abortMultipartUpload", "createPresignedUploadUrl",
    "proceedUpload", "uploadPart", "giveUpUpload", "createModelVersion", "setRegisteredModelAlias",
    "transitionModelVersionStage", "setModelVersionTag", "updateRegisteredModel", "rollbackAlias",
}  # fmt: skip
REFUSED_TO_EDITORS = {
    "deleteArtifact", "deleteRun", "restoreRun", "deleteExperiment", "restoreExperiment", "changeExperiments",
    "deleteLoggedModel", "restoreLoggedModel", "deleteRegisteredModel", "renameRegisteredModel", "deleteModelVersion",
    "protectAlias", "setResourceGrant", "removeResourceGrant", "listResourceHolders", "grantUserPermission",
    "revokeUserPermission", "createExperimentPermission", "updateExperimentPermission", "deleteExperimentPermission",
    "createRegisteredModelPermission", "updateRegisteredModelPermission", "deleteRegisteredModelPermission",
}  # fmt: skip
REFUSED_TO_MANAGERS = {
    "createUser", "deleteUser", "updateUserAdmin", "getUser", "createRole", "deleteRole", "addRolePermission",
    "assignRole", "createWebhook", "listWebhooks", "getWebhook", "updateWebhook", "deleteWebhook", "testWebhook",
    "emptyTrash", "searchAudit", "checkAudit", "setGates", "createToken", "listTokens", "listSessions",
}  # fmt: skip


def is_granted(operation, level):
    """Whether the table says that a level on all that is named is enough."""
    if operation.level == "search":
        return True
    return operation.resource in NEEDS and operation.name != "setGates" and OF_LEVEL[operation.level] <= level


@pytest.mark.parametrize(
    ("name", "level", "refused"),
    [
        ("reader", READ, REFUSED_TO_READERS | REFUSED_TO_EDITORS | REFUSED_TO_MANAGERS),
        ("editor", EDIT, REFUSED_TO_EDITORS | REFUSED_TO_MANAGERS),
        ("manager", MANAGE, REFUSED_TO_MANAGERS),
    ],
)
def test_s33_s34_what_a_level_does_not_allow_is_refused_and_changes_nothing(
    server, line, furniture, name, level, refused
):
    """`furniture.other` is `manager`, whom managers ask about by another name."""
    world = furniture._replace(other="reader" if name == "manager" else "manager")
    person, before, wrong, seen = line(name, reads=True), kept(server), {}, set()
    for ask in walked(world):
        operation = ask.operation
        if operation.name in MAKES | OF_ONESELF | {"applyJournal"} or is_granted(operation, level):
            continue
        seen.add(operation.name)
        for address in ask.addresses:
            answer = person.send(ask.method, address, ask.body, Content_Type="application/json")
            if answer.status not in NOTHING_FOUND.get(operation.name, {403}):
                wrong[operation.name, ask.method, address] = answer.status
    assert not wrong, "\n".join(f"{one} {status}" for one, status in wrong.items())
    assert refused <= seen
    assert changes(before, kept(server)) == set()


OTHERWISE = {
    "createMultipartUpload": 501,
    "completeMultipartUpload": 501,
    "abortMultipartUpload": 501,
    "getPresignedDownloadUrl": 501,
    "createPresignedUploadUrl": 400,
    "createPresignedDownloadUrl": 400,
    "uploadPart": 400,
    "giveUpUpload": 200,
}
"""Allowed, and not to be had: the files lie on the server's disk, and a part needs its checksum."""
LAST = (
    "deleteReport", "replaceSavedViews", "setSavedView", "deleteSavedView", "deleteTag", "deleteExperimentTag",
    "deleteModelVersionTag", "deleteRegisteredModelTag", "deleteLoggedModelTag", "deleteRegisteredModelAlias",
    "getExperimentPermission", "updateExperimentPermission", "deleteExperimentPermission",
    "getRegisteredModelPermission", "updateRegisteredModelPermission", "deleteRegisteredModelPermission",
    "grantUserPermission", "revokeUserPermission", "setResourceGrant", "removeResourceGrant", "deleteArtifact",
    "deleteLoggedModel", "restoreLoggedModel", "deleteRun", "restoreRun", "deleteExperiment", "restoreExperiment",
    "changeExperiments", "deleteModelVersion", "renameRegisteredModel", "deleteRegisteredModel",
)  # fmt: skip
"""Asked for in this order after all others: each undoes what the one before has done, or nothing needs it any more."""


@pytest.mark.parametrize(("name", "level"), [("reader", READ), ("editor", EDIT), ("manager", MANAGE)])
def test_what_a_level_allows_is_done(server, line, name, level):
    """So that no refusal above is for want of a well-formed request."""
    admin = Person(server, basic("admin", "the admin's own words"))
    world = furnished(admin, make_world(server, admin, f"secret of {name}"))._replace(other="nobody")
    person, wrong = line(name, reads=True), {}
    allowed = [one for one in ALL_OPERATIONS.values() if is_granted(one, level)]
    for operation in sorted(allowed, key=lambda one: LAST.index(one.name) if one.name in LAST else -1):
        ask = next(iter(asks(operation, world)))
        answer = person.send(ask.method, ask.addresses[0], ask.body, Content_Type="application/json")
        if answer.status != OTHERWISE.get(operation.name, 200):
            wrong[operation.name] = (answer.status, answer.body[:200])
    assert not wrong, "\n".join(f"{one} {status}" for one, status in wrong.items())


def test_the_guards_see_what_they_guard(server, admin, people, world, kept_from):
    before = kept(server)
    admin.done("runs/set-tag", run_id=world.run_id, key="a", value="b")
    path = f"/api/2.0/mlflow-artifacts/artifacts/{world.experiment_id}/{world.run_id}/artifacts/n.txt"
    assert admin.send("PUT", path, b"n").status == 200
    assert changes(before, kept(server)) == {"tags", path.partition("artifacts/artifacts/")[2]}
    people["reader"].kept_from = kept_from
    with pytest.raises(AssertionError, match=world.mark):
        people["reader"].get(f"runs/get?run_id={world.run_id}")


def test_s32_no_other_spelling_of_an_address_is_answered_otherwise(server, line, furniture):
    nobody, before, wrong, asked = line("nobody"), kept(server), {}, 0
    for ask in walked(furniture):
        if ask.operation.name in MAKES | {"applyJournal"}:
            continue
        said = nobody.send(ask.method, ask.addresses[0], ask.body, Content_Type="application/json").status
        for spelling in other_spellings(ask.addresses[0]):
            asked += 1
            status = nobody.send(ask.method, spelling, ask.body, Content_Type="application/json").status
            if status != said and not 400 <= status < 500 and status != 501:
                wrong[ask.method, spelling] = status
    assert not wrong, "\n".join(f"{one} {status}" for one, status in wrong.items())
    assert asked > 3000
    assert changes(before, kept(server)) == set()


@pytest.mark.parametrize("method", METHODS)
def test_s38_s39_what_is_not_there_asks_for_credentials_first(line, method):
    for prefix in ("/api/", "/ajax-api/"):
        for path in ("2.0/mlflow/nonsense", "9.0/x", "assay/1/", "", "2.0/mlflow/traces", "3.0/mlflow/jobs"):
            assert line(None).send(method, prefix + path).status == 401
            assert line("nobody").send(method, prefix + path).status in (404, 501)
    for path in ("/graphql", "/v1/traces", "/metrics", "/signup"):
        assert line("nobody").send(method, path).status in (404, 501)
        assert line(None).send(method, path).status in (401, 404, 501)


def bearer(server, username, world, **limits):
    """A connection with a token that this user makes, within these limits."""
    person = Person(server, basic(username, f"the words of {username}"))
    made = person.send("POST", "/api/assay/1/tokens/create", {"name": "walk", **limits})
    assert made.status == 200, made
    kept_from = [world.mark] if limits.get("resource_id", world.run_id) != world.run_id else []
    return Line(Person(server, f"Bearer {made.json['token']}", kept_from=kept_from))


def test_s45_a_token_that_reads_does_nothing_else(server, furniture):
    """What its user may read is asked for above; the rest is refused before it is looked at."""
    with bearer(server, "manager", furniture, scope="read") as token:
        before, wrong, refused = kept(server), {}, 0
        for ask in walked(furniture):
            name, level = ask.operation.name, ask.operation.level
            wanted = {200} if name in SEARCHES | OF_ONESELF else {403}
            if level == "read" and name not in OF_ONESELF:
                continue
            refused += wanted == {403}
            for address in ask.addresses:
                answer = token.send(ask.method, address, ask.body, Content_Type="application/json")
                if answer.status not in wanted:
                    wrong[name, ask.method, address] = answer.status
        assert not wrong, "\n".join(f"{one} {status}" for one, status in wrong.items())
        assert refused > 90
        assert changes(before, kept(server)) == set()


def test_s45_a_token_for_something_else_is_good_for_nothing_here(server, furniture):
    """Of the manager of both; an experiment, a registered model or a run that is not the one in the walk."""
    admin = Person(server, basic("admin", "the admin's own words"))
    other = make_world(server, admin, f"secret other {furniture.run_id}")
    limits = [
        {"scope": "write", "resource_type": "experiment", "resource_id": other.experiment_id},
        {"scope": "write", "resource_type": "registered_model", "resource_id": other.model},
        {"scope": "append", "resource_type": "run", "resource_id": other.run_id},
    ]
    before, wrong = kept(server), {}
    for limit in limits:
        with bearer(server, "manager", furniture, **limit) as token:
            before["tokens"] = kept(server)["tokens"]
            for ask in walked(furniture):
                name = ask.operation.name
                wanted = {200, 403} if name in SEARCHES | {"applyJournal"} else {403, 404}
                wanted = {200} if name in {"getCurrentUser", "getServerInfo"} else wanted
                answer = token.send(ask.method, ask.addresses[0], ask.body, Content_Type="application/json")
                if answer.status not in wanted:
                    wrong[limit["resource_type"], name] = (answer.status, answer.body[:200])
    assert not wrong, "\n".join(f"{one} {status}" for one, status in wrong.items())
    assert changes(before, kept(server)) == set()
