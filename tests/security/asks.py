"""A request for every operation, about one furnished world: well-formed, so that only permission can be missing."""

from __future__ import annotations

import base64
import json
import re
from typing import NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from assay.wire.journal import encode_payload
from assay.wire.operations import OPERATIONS, TRANSFERS
from assay.wire.runs import SetTag

from .aliases import aliases

KEPT = "secret-tag"
DIGEST = "0" * 64
ALL_OPERATIONS = {one.name: one for one in (*OPERATIONS.values(), *TRANSFERS.values())}


class Furnished(NamedTuple):
    """A world with one of everything in it; `other` is somebody, and `token_id` and `session_id` are not theirs."""

    experiment_id: str
    run_id: str
    model: str
    mark: str
    model_id: str
    report_id: str
    token_id: str
    role_id: int
    other: str = "manager"

    @property
    def directory(self):
        return f"{self.experiment_id}/{self.run_id}/artifacts"


class Ask(NamedTuple):
    """One request: the operation, a method of it, each of its addresses filled in, and a body."""

    operation: object
    method: str
    addresses: list[str]
    body: str | None


def furnished(admin, world):
    """Put one of everything into a world."""
    tag = {"key": KEPT, "value": world.mark}
    admin.done("experiments/set-experiment-tag", experiment_id=world.experiment_id, **tag)
    admin.done("runs/set-tag", run_id=world.run_id, **tag)
    admin.done("runs/set-tag", run_id=world.run_id, key="mlflow.note.content", value=world.mark)
    data = {"name": f"data {world.mark}", "digest": "d", "source_type": "local", "source": world.mark}
    admin.done("runs/log-inputs", run_id=world.run_id, datasets=[{"dataset": data}])
    logged = {"experiment_id": world.experiment_id, "name": "lm", "source_run_id": world.run_id, "tags": [tag]}
    model_id = admin.done("logged-models", **logged)["model"]["info"]["model_id"]
    file = f"/api/2.0/mlflow-artifacts/artifacts/{world.experiment_id}/models/{model_id}/artifacts/f.txt"
    assert admin.send("PUT", file, world.mark).status == 200
    report = {"experiment_id": world.experiment_id, "title": f"report {world.mark}", "text": world.mark}
    report_id = sent(admin, "/api/assay/1/reports/create", report)["report"]["report_id"]
    view = {"experiment_id": world.experiment_id, "name": "view", "address": {"a": world.mark}}
    sent(admin, "/api/assay/1/saved-views/set", view)
    named = {"name": world.model}
    admin.done("model-versions/create", **named, source=f"models:/{model_id}", model_id=model_id)
    admin.done("registered-models/set-tag", **named, **tag)
    admin.done("model-versions/set-tag", **named, version="1", **tag)
    for version in ("1", "2"):
        admin.done("registered-models/alias", **named, alias="champion", version=version)
    token = sent(admin, "/api/assay/1/tokens/create", {"name": "of the administrator"})["info"]
    role = sent(admin, "/api/3.0/mlflow/roles/create", {"name": f"role of {world.run_id}", "workspace": "default"})
    return Furnished(
        *world, model_id=model_id, report_id=report_id, token_id=token["token_id"], role_id=role["role"]["id"]
    )


def sent(person, address, body):
    answer = person.send("POST", address, body)
    assert answer.status == 200, answer
    return answer.json


def common(world):
    """What fields say, by their name; of those that are not required, only those of `IDENTIFYING` are sent."""
    return {
        "experiment_id": world.experiment_id, "experiment_ids": [world.experiment_id], "experiment_name": world.model,
        "run_id": world.run_id, "run_ids": [world.run_id], "model_id": world.model_id, "report_id": world.report_id,
        "name": world.model, "new_name": f"new {world.model}"[:200], "version": "1", "versions": ["1"],
        "alias": "champion", "key": KEPT, "tag_key": KEPT, "value": "1", "timestamp": 1, "metric_key": "secret-metric",
        "keys": ["secret-metric"], "stage": "Staging", "status": "READY", "lifecycle_stage": "active", "title": "t",
        "username": world.other, "password": "words that nobody can guess", "is_admin": True, "permission": "READ",
        "resource_type": "experiment", "resource_id": world.experiment_id, "resource_pattern": world.experiment_id,
        "role_id": world.role_id, "role_permission_id": 1, "token_id": world.token_id, "session_id": "0" * 16,
        "webhook_id": "0" * 32, "url": "https://hooks.example/x",
        "events": [{"entity": "MODEL_VERSION", "action": "CREATED"}],
        "size": 5, "sha256": DIGEST, "part": 0, "path": "m/f.txt", "artifact_file_path": "f.txt", "text": "secret",
        "since": 0, "by": ["params.secret-param"], "groups": [0], "address": {}, "views": [],
        "source": f"runs:/{world.run_id}/m", "upload_id": "u", "directory": f"{world.directory}/m", "writer": "w",
        "model_json": json.dumps({"run_id": world.run_id, "artifact_path": "m", "flavors": {}, "utc_time_created": ""}),
        "rules": json.dumps({"model": world.model}), "run_uuid": world.run_id,
    }  # fmt: skip


IDENTIFYING = frozenset(("experiment_id", "experiment_ids", "run_id", "run_ids", "model_id", "name", "path", "keys"))


def special(world):
    """What single operations say otherwise; None for nothing."""
    record = base64.b64encode(encode_payload(SetTag(run_id=world.run_id, key="a", value="b"))).decode()
    file = f"{world.directory}/m/f.txt"
    proxied = {"path": file}
    return {
        "searchExperiments": {"max_results": 1000},
        "createExperiment": {"name": f"made {world.run_id}"},
        "createRegisteredModel": {"name": f"made {world.run_id}"},
        "createRun": {"run_id": None},
        "updateRun": {"status": "RUNNING"},
        "logMetric": {"model_id": None},
        "createLoggedModel": {"model_id": None, "name": "another"},
        "createModelVersion": {"model_id": None},
        "getModelLineage": {"version": "1"},
        "viewActivity": {"days": 1},
        "createPresignedUploadUrl": {"model_id": None},
        "changeRuns": {"experiment_id": None, "set_tags": [{"key": "a", "value": "b"}]},
        "viewRuns": {"run_ids": None},
        "listArtifacts": {"path": None},
        "viewRunFiles": {"path": None},
        "viewModelFiles": {"path": None},
        "getRunArchive": {"path": None},
        "getModelArchive": {"path": None},
        "uploadRunArtifact": {"path": "new.txt"},
        "listProxiedArtifacts": {"path": f"{world.directory}/m"},
        "downloadArtifact": proxied,
        "deleteArtifact": proxied,
        "getPresignedDownloadUrl": proxied,
        "uploadArtifact": {"path": f"{world.directory}/g.txt"},
        **{one: {"path": f"{world.directory}/h.txt"} for one in ("proceedUpload", "uploadPart", "giveUpUpload")},
        **{one: {"name": "view"} for one in ("setSavedView", "deleteSavedView", "renameSavedView")},
        "applyJournal": {"seqs": [1], "payloads": [record], "writer": f"w{world.run_id}"},
        "createRole": {"name": "a role"},
        "createUser": {"username": "a user"},
        "createToken": {"name": "t", "username": world.other},
        "listTokens": {"username": world.other},
        "listSessions": {"username": world.other},
        "setResourceGrant": {"username": world.other},
        "removeResourceGrant": {"username": world.other},
        "updateUserPassword": {"current_password": "wrong"},
        "createWebhook": {"name": "w"},
        "emptyTrash": {"dry_run": True},
        "getModelVersionArtifact": {"path": "f.txt"},
        "renameRegisteredModel": {"new_name": world.model},
    }


def message(operation, world):
    """What an operation's request says; fails where a required field is new here: say in `common` what it holds."""
    values, more = common(world), special(world).get(operation.name, {})
    said = {}
    for field in msgspec.structs.fields(operation.request):
        value = more.get(field.name)
        if field.name not in more and (field.required or field.name in IDENTIFYING):
            value = values[field.name]
        if value is not None:
            said[field.name] = [value] if "list" in str(field.type) and not isinstance(value, list) else value
    return said


def asks(operation, world):
    """The requests for an operation, one by each of its methods."""
    said = message(operation, world)
    filled = {name: quote(str(said[name]), safe="/" if "path" in name or name == "directory" else "") for name in said}
    addresses = [re.sub(r"{(\w+)}", lambda found: filled[found[1]], one) for one in aliases(operation)]
    rest = {name: value for name, value in said.items() if name not in operation.variables}
    for method in operation.methods:
        if operation.request in TRANSFERS or method == "GET":
            query = f"?{urlencode(rest, doseq=True)}" if rest else ""
            body = None if method in ("GET", "HEAD", "DELETE") else "bytes"
            yield Ask(operation, method, [one + query for one in addresses], body)
        else:
            yield Ask(operation, method, addresses, json.dumps(rest))
