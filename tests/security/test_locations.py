"""S08 to S11: no client names a place of the server's, and no id becomes one."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec
import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.testing.server import running_server
from assay.wire.operations import OPERATIONS, TRANSFERS

from .aliases import aliases
from .conftest import ADMIN, SECRET, Person, add_user, basic
from .lines import Line

PLACES = [
    "file:///tmp", "file:/tmp", "file://localhost/tmp", "/tmp", "//tmp", "./x", "x", "~/x", "C:/x", "http:///#/../x",
    "http://h/x?y", "https://h/x", "dbfs:/x", "ftp://h/x", "sftp://h/x", "hdfs://h/x", "mlflow-artifacts://other:1/x",
    "mlflow-artifacts:/../x", "mlflow-artifacts:/a/%2e%2e/x", "s3://b/../x", "s3://b/x;y", "s3://b/x?y", "s3://b/x#y",
    "s3://b//x", "s3:///x", "s3://", "s3://key:secret@b/x", "S3://b\\x", "s3://b/x\n", "javascript:alert(1)",
    "data:text/plain,x", "x" * 5000, "s3://b/" + "x" * 5000,
]  # fmt: skip
BUCKET = "s3://other-bucket/x"
TAGGED = [None, [{"key": "mlflow.prompt.is_prompt", "value": "true"}]]


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    """A server without users."""
    with running_server(tmp_path_factory.mktemp("open")) as running:
        yield running


@pytest.fixture(params=["with users", "without users"])
def asker(request, people, world, open_server):
    """Who may make experiments, where there are users and where there are none; with a model and a run."""
    if request.param == "with users":
        return people["manager"], world.model, world.run_id
    person = Person(open_server)
    run_id = person.done("runs/create", experiment_id="0")["run"]["info"]["run_id"]
    name = f"m {run_id}"
    person.done("registered-models/create", name=name)
    return person, name, run_id


def refusals(line, operation, messages):
    """The requests that were not refused with 400."""
    taken = []
    for alias in aliases(operation):
        for message in messages:
            answer = line.send("POST", alias, message)
            if (answer.status, answer.code) != (400, "INVALID_PARAMETER_VALUE"):
                taken.append((alias, message, answer))
    return taken


def test_s08_no_experiment_has_its_files_where_its_maker_says(asker):
    person, _, _ = asker
    places = PLACES if "Authorization" not in person.headers else [*PLACES, BUCKET]
    with Line(person) as line:
        asked = [{"name": f"s08 {number}", "artifact_location": place} for number, place in enumerate(places)]
        assert refusals(line, "2.0/mlflow/experiments/create", asked) == []
        found = line.send("POST", "/api/2.0/mlflow/experiments/search", {"max_results": 1000}).json["experiments"]
    assert not [one for one in found if one["name"].startswith("s08")]


def test_s09_no_version_comes_from_where_its_maker_says(asker):
    person, name, run_id = asker
    other = person.done("runs/create", experiment_id="0" if not person.headers else own_experiment(person))
    foreign = other["run"]["info"]
    messages = [
        {"name": name, "source": place, **({"tags": tags} if tags else {}), **run}
        for place in (*PLACES, f"{foreign['artifact_uri']}/m", f"runs:/{foreign['run_id']}/m", "runs:/../m")
        for tags in TAGGED
        for run in ({}, {"run_id": run_id}, {"run_id": "0" * 32})
    ]
    with Line(person) as line:
        before = versions(line, name)
        assert refusals(line, "2.0/mlflow/model-versions/create", messages) == []
        assert versions(line, name) == before


def own_experiment(person):
    return person.done("experiments/create", name=f"own {id(person)}")["experiment_id"]


def versions(line, name):
    query = urlencode({"filter": f"name = '{name}'"})
    return line.send("GET", f"/api/2.0/mlflow/model-versions/search?{query}").json.get("model_versions", [])


def test_s09_no_version_of_ones_own_opens_what_others_have_in_the_bucket(tmp_path, s3, monkeypatch):
    """The server reaches its whole bucket; what of it a version is made of must be its maker's to read."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    root = s3.bucket("shared")
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "store"),
        default_artifact_root=root,
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(tmp_path, config) as server:
        add_user(server, "mallory")
        admin, mallory = Person(server, basic(ADMIN, SECRET)), Person(server, basic("mallory", "the words of mallory"))
        run = admin.done("runs/create", experiment_id="0")["run"]["info"]
        upload = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run['run_id']}&path=f"
        assert admin.send("POST", upload, b"secret content").status == 200
        mallory.done("registered-models/create", name="mine")
        for source in (root, run["artifact_uri"], f"{root}/0"):
            for more in ({}, {"run_id": run["run_id"]}, {"run_id": "0" * 32}):
                answer = mallory.post("model-versions/create", name="mine", source=source, **more)
                assert answer.status in (400, 403, 404), answer
            refused = mallory.post("experiments/create", name=f"at {source}", artifact_location=f"{source}/deeper")
            assert refused.status == 403
        made = admin.done("model-versions/create", name="mine", source=run["artifact_uri"], run_id=run["run_id"])
        query = f"/model-versions/get-artifact?name=mine&version={made['model_version']['version']}&path=f"
        assert mallory.send("GET", query).body == b"secret content", "whoever may read both can share it"


CARRYING = {"CreateExperiment.artifact_location", "CreateModelVersion.source"}
ELSEWHERE = {
    "artifact_location": "/etc",
    "artifact_uri": "/etc",
    "source": "/etc",
    "artifact_path": "../..",
    "uri": "/etc",
}


def test_s10_no_other_operation_says_a_place():
    named = {
        f"{message.__name__}.{field.name}"
        for message in (*OPERATIONS, *TRANSFERS)
        for field in msgspec.structs.fields(message)
        if re.search("location|uri|^source$|root|destination", field.name)
    }
    assert named == CARRYING, "a new one belongs into S08 to S10"


def test_s10_no_change_of_what_is_there_moves_it(people, world):
    manager = people["manager"]
    about = {"run_id": world.run_id, "experiment_id": world.experiment_id, "name": world.model, "version": "1"}

    def places():
        run = manager.get(f"runs/get?run_id={world.run_id}").json["run"]["info"]["artifact_uri"]
        experiment = manager.get(f"experiments/get?experiment_id={world.experiment_id}").json["experiment"]
        version = manager.get(f"model-versions/get?{urlencode({'name': world.model, 'version': '1'})}").json
        return run, experiment["artifact_location"], version["model_version"]["source"]

    before = places()
    changes = {
        "POST 2.0/mlflow/runs/update": {"run_name": "r"},
        "POST 2.0/mlflow/runs/set-tag": {"key": "mlflow.artifactUri", "value": "/etc"},
        "POST 2.0/mlflow/experiments/update": {"new_name": f"moved {world.experiment_id}"},
        "PATCH 2.0/mlflow/model-versions/update": {"description": "d"},
        "POST 2.0/mlflow/model-versions/transition-stage": {"stage": "Staging", "archive_existing_versions": False},
        "PATCH 2.0/mlflow/registered-models/update": {"description": "d"},
    }
    with Line(manager) as line:
        for operation, change in changes.items():
            for alias in aliases(operation):
                answer = line.send(operation.partition(" ")[0], alias, {**about, **ELSEWHERE, **change})
                assert answer.status == 200, (alias, answer)
                assert places() == before


IDS = {
    "run_id", "run_uuid", "model_id", "experiment_id", "experiment_ids", "run_ids", "model_ids", "source_run_id",
    "upload_id", "report_id", "token_id", "session_id", "webhook_id", "role_id", "role_permission_id",
}  # fmt: skip
HOSTILE = [
    "../x",
    "a/b",
    "a" * 33,
    "A" * 32,
    "\u0663" * 32,
    "..",
    "a\u0000b",
    "%2e%2e",
    "a" * 5000,
    "m-../../x",
    "' or 1=1 --",
]
KNOWN = {"size": 5, "sha256": "0" * 64, "part": 0, "path": "f", "directory": "d", "key": "k", "value": "1", "name": "n"}
BY_TYPE = {int: 1, float: 1.0, bool: True}
MAY_FIND_NOTHING = re.compile(r"search|view|list|MetricHistory|emptyTrash", re.IGNORECASE)


def asked(operation, method, field, given):
    """A request whose field says an id, under each alias: targets and bodies."""
    fields = {one.name: one for one in msgspec.structs.fields(operation.request)}
    message = {
        name: KNOWN.get(name, BY_TYPE.get(one.type, [] if "list" in str(one.type) else "x"))
        for name, one in fields.items()
        if one.required
    }
    message[field] = [given] if "list" in str(fields[field].type) else given
    variables = {name: quote(str(message.get(name, "x")), safe="") for name in operation.variables}
    rest = {name: value for name, value in message.items() if name not in operation.variables}
    carried = method in ("GET", "HEAD") or operation.request in TRANSFERS
    query = f"?{urlencode(rest, doseq=True)}" if carried else ""
    body = None if method in ("GET", "HEAD") else b"x" if carried else rest
    return [(f"{alias.format(**variables)}{query}", body) for alias in aliases(operation)]


@pytest.mark.parametrize("name", ["admin", "editor"])
def test_s11_an_id_that_is_none_is_refused_or_not_found(server, admin, people, name):
    root = Path(server.config.artifacts_destination).parent
    before = sorted(path.name for path in (*root.iterdir(), *root.parent.iterdir()))
    wrong = {}
    count = 0
    with Line({"admin": admin, **people}[name]) as line:
        for operation in (*OPERATIONS.values(), *TRANSFERS.values()):
            for field in IDS & {one.name for one in msgspec.structs.fields(operation.request)}:
                for method in operation.methods:
                    for given in HOSTILE:
                        for target, body in asked(operation, method, field, given)[: 2 if given == "../x" else 1]:
                            answer = line.send(method, target, body)
                            count += 1
                            found = answer.status == 200 and not MAY_FIND_NOTHING.search(operation.name)
                            if found or (answer.status >= 500 and answer.status != 501):
                                wrong[operation.name, field] = (given[:20], answer.status)
    assert wrong == {}
    assert count > 900
    assert sorted(path.name for path in (*root.iterdir(), *root.parent.iterdir())) == before
