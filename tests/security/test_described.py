"""S84: what the description of the API allows, asked for by everybody in turn, fails nowhere and tells no secret."""

from __future__ import annotations

import json
import os
import warnings
from contextlib import ExitStack
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what other packages say while they are loaded
    import schemathesis
    from schemathesis.generation import GenerationMode

from assay import __version__
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.routes import Routes
from assay.store.users import EXPERIMENT, MODEL
from assay.testing.server import running_server
from assay.wire.schema import openapi

from .conftest import ADMIN, SECRET, USERS, Person, add_user, basic, grant
from .leaks import leaks
from .lines import Line

DOCUMENT = openapi(version=__version__)
ENDING = ("delete", "revoke", "end", "trash", "abort")
CASES = sorted(
    ((path, method) for path, entry in DOCUMENT["paths"].items() for method in entry),
    key=lambda case: (case[1] == "delete" or any(word in case[0] for word in ENDING), case),
)
"""What ends something comes last, so that the others find it."""
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
NOT_NOW = (501, 503, 507)
ROUTES = Routes()
ABOUT_MODELS = ("registered-models", "model-versions", "registry")
REFUSED = {400, 401, 403, 404, 405, 409, 413, 415, 429, 501}


class Thing(NamedTuple):
    """An experiment with a run, a logged model, a file and a report, and a registered model with a version."""

    values: dict[str, object]
    words: tuple[bytes, ...]


def made(admin, word):
    """Something to be known or not; `word` stands in whatever of it is text."""
    experiment_id = admin.done("experiments/create", name=f"{word} experiment")["experiment_id"]
    run = admin.done("runs/create", experiment_id=experiment_id, run_name=f"{word} run")["run"]["info"]["run_id"]
    metrics = [{"key": f"{word}-metric", "value": 1.0, "timestamp": 1}]
    params, tags = [{"key": f"{word}-param", "value": word}], [{"key": f"{word}-tag", "value": word}]
    admin.done("runs/log-batch", run_id=run, metrics=metrics, params=params, tags=tags)
    file = f"{experiment_id}/{run}/artifacts/{word}"
    assert admin.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{file}/f", word.encode()).status == 200
    admin.done("registered-models/create", name=f"{word} model", description=word)
    admin.done("model-versions/create", name=f"{word} model", source=f"runs:/{run}/{word}", run_id=run)
    logged = admin.done("logged-models", experiment_id=experiment_id, name=f"{word}-logged", source_run_id=run)
    report = admin.send(
        "POST", "/api/assay/1/reports/create", {"experiment_id": experiment_id, "title": word, "text": word}
    ).json
    values = {
        **dict.fromkeys(("run_id", "run_uuid", "source_run_id"), run),
        **dict.fromkeys(("path", "directory", "artifact_path"), file),
        "run_ids": [run], "experiment_id": experiment_id, "experiment_ids": [experiment_id], "version": "1",
        "experiment_name": f"{word} experiment", "name": f"{word} model", "metric_key": f"{word}-metric",
        "model_id": logged["model"]["info"]["model_id"], "report_id": report["report"]["report_id"],
    }  # fmt: skip
    return Thing(values, (word.encode(), run.encode(), str(values["model_id"]).encode()))


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A server of these tests alone: what it is asked at random may change anything."""
    directory = tmp_path_factory.mktemp("described")
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(directory, config) as running:
        yield running


@pytest.fixture(scope="module")
def secret(described):
    """What only the administrator may know of."""
    return made(Person(described, basic(ADMIN, SECRET)), f"canary{os.urandom(6).hex()}")


@pytest.fixture(scope="module")
def shared(described):
    """What users have grants on, each the one that they are named for."""
    admin = Person(described, basic(ADMIN, SECRET))
    thing = made(admin, f"shared{os.urandom(6).hex()}")
    for name, level in USERS.items():
        add_user(described, name)
        if level is not None:
            grant(described, name, kind=EXPERIMENT, target=thing.values["experiment_id"], level=level)
            grant(described, name, kind=MODEL, target=thing.values["name"], level=level)
    return thing


@pytest.fixture(scope="module")
def lines(described, shared):
    """A connection of everybody: strangers, users, those with tokens, and the administrator."""
    people = {name: Person(described, basic(name, f"the words of {name}")) for name in USERS}
    everybody = {"anonymous": Person(described), **people, "admin": Person(described, basic(ADMIN, SECRET))}
    for scope, owner in (("read", "manager"), ("append", "editor")):
        more = {"resource_type": "run", "resource_id": shared.values["run_id"]} if scope == "append" else {}
        made = people[owner].send("POST", "/api/assay/1/tokens/create", {"name": scope, "scope": scope, **more})
        everybody[f"{scope} token"] = Person(described, f"Bearer {made.json['token']}")
    with ExitStack() as stack:
        yield {name: stack.enter_context(Line(person)) for name, person in everybody.items()}


@pytest.fixture(scope="module")
def api():
    return schemathesis.openapi.from_dict(DOCUMENT)


def request_of(case, values):
    """A request as it goes over the wire: method, target and body; `values` fill what is of that name."""
    query = {**(case.query or {})}
    body = case.body
    for name, value in values.items():
        if isinstance(body, dict):
            body = {**body, name: value}
        else:
            query[name] = value
    path = case.path_parameters or {}
    case.path_parameters = {name: values.get(name, value) for name, value in path.items()}
    target = case.formatted_path
    if query:
        target += "?" + urlencode(query, doseq=True, encoding="utf-8", errors="surrogatepass")
    content = json.dumps(body) if isinstance(body, dict | list | str | int | float) else None
    return case.method.upper(), target, content


def names_of(path, method):
    """The names of what an operation takes."""
    entry = DOCUMENT["paths"][path][method]
    found = {one["name"] for one in entry.get("parameters", []) if one["in"] in ("path", "query")}
    content = entry.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        schema = content["application/json"]["schema"]
        schema = DOCUMENT["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
        found |= set(schema.get("properties", {}))
    return found


def about(operation, things):
    """What an operation is told of each of some things: whatever it takes by the name of that."""
    names = names_of(operation.path, operation.method)
    if not any(word in operation.path for word in ABOUT_MODELS):
        names.discard("name")  # of something that is made, or of something else
    return [{name: value for name, value in thing.values.items() if name in names} for thing in things]


def check_secret(secret, name, answer, *, sent, declared):
    """Nothing of the secret is told; where `declared` names the operation that was asked about it, that is refused."""
    said = (name, sent[:300], answer)
    assert not [word for word in secret.words if word in answer.body and word not in sent.encode()], said
    if declared is not None and declared.level != "search" and declared.access != "open":
        assert answer.status in REFUSED, said


def ask_everybody(described, lines, things, operation, examples):
    """Send what is described, by itself, about what is shared, and about what is secret, as each of all."""
    told = [{}, *about(operation, things)] if about(operation, things)[-1] else [{}]

    @seed(1)
    @settings(max_examples=examples, deadline=None, database=None, phases=(Phase.generate,),
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=st.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES]))
    def ask(case):
        for number, values in enumerate(told):
            asked, target, body = request_of(case, values)
            found = ROUTES.find(target.partition("?")[0].encode())
            declared = found[0].get(asked) if found else None
            for name, line in lines.items():
                if name == "admin" and values:
                    continue  # may do everything with it, and would
                answer = line.send(asked, target, body, Content_Type="application/json")
                said = (name, asked, target[:300], (body or "")[:300], answer)
                assert answer.status < 500 or answer.status in NOT_NOW, said
                assert leaks(described, answer.body) == [], said
                if name == "anonymous" and declared is not None and declared.access != "open":
                    assert answer.status == 401, said
                if name != "admin":
                    sent = target + (body or "")
                    check_secret(things[-1], name, answer, sent=sent, declared=declared if number == 2 else None)

    ask()


def state(admin, thing):
    """Everything that could have been changed of something, as the administrator sees it."""
    run = f"run_id={thing.values['run_id']}"
    name = urlencode({"name": thing.values["name"]})
    paths = (
        f"/api/2.0/mlflow/runs/get?{run}",
        f"/api/2.0/mlflow/experiments/get?experiment_id={thing.values['experiment_id']}",
        f"/api/2.0/mlflow/artifacts/list?{run}",
        f"/api/2.0/mlflow/metrics/get-history?{run}&metric_key={thing.values['metric_key']}",
        f"/api/2.0/mlflow/registered-models/get?{name}",
        f"/api/2.0/mlflow/model-versions/get?{name}&version=1",
        f"/api/2.0/mlflow/logged-models/{thing.values['model_id']}",
        f"/api/assay/1/reports/get?report_id={thing.values['report_id']}",
    )
    answers = [admin.send("GET", path) for path in paths]
    assert {answer.status for answer in answers} == {200}, answers
    return [answer.body for answer in answers]


@pytest.fixture(scope="module")
def untouched(described, secret):
    admin = Person(described, basic(ADMIN, SECRET))
    before = state(admin, secret)
    yield
    assert state(admin, secret) == before


@pytest.mark.parametrize(("path", "method"), CASES, ids=[f"{method}-{path}" for path, method in CASES])
def test_s84_nobody_gets_or_breaks_what_was_not_granted(described, lines, api, shared, secret, untouched, path, method):
    ask_everybody(described, lines, (shared, secret), api[path][method], examples=2)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), CASES, ids=[f"{method}-{path}" for path, method in CASES])
def test_s84_nobody_gets_or_breaks_it_at_length(described, lines, api, shared, secret, untouched, path, method):
    ask_everybody(described, lines, (shared, secret), api[path][method], examples=100)
