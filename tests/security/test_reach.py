"""Ways round: what somebody may do with one thing leads to no other thing, however the request names both."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from assay.core import ids
from assay.store.users import MODEL, READ
from assay.wire.journal import encode_payload
from assay.wire.runs import CreateRun, LogParam, SetTag, UpdateRun

from .conftest import Person, grant
from .digests import changes, kept

JOURNAL = "/api/assay/1/journal/apply"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


@pytest.fixture
def mine(people):
    """An experiment, a run and a registered model that `nobody` made and manages."""
    person, name = people["nobody"], f"of nobody {ids.hex_id()}"
    experiment_id = person.done("experiments/create", name=name)["experiment_id"]
    run_id = person.done("runs/create", experiment_id=experiment_id)["run"]["info"]["run_id"]
    person.done("registered-models/create", name=name)
    return experiment_id, run_id, name


def test_a_run_is_made_where_its_maker_may_whatever_else_the_request_names(people, admin, world, mine):
    for name in (mine[2], f"new {ids.hex_id()}"):
        both = {"experiment_id": world.experiment_id, "experiment_name": name}
        assert people["nobody"].post("runs/create", **both).status == 404
        assert people["reader"].post("runs/create", **both).status == 403
    found = admin.post("runs/search", experiment_ids=[world.experiment_id], max_results=10).json["runs"]
    assert [run["info"]["run_id"] for run in found] == [world.run_id]


def test_a_logged_model_comes_from_a_run_that_its_maker_may_read(people, world, mine):
    """A version of it would be judged by the metrics of that run, and told to be from there."""
    made = people["nobody"].post("logged-models", experiment_id=mine[0], name="m", source_run_id=world.run_id)
    assert made.status == 404
    assert people["nobody"].post("logged-models", experiment_id=mine[0], name="m", source_run_id=mine[1]).status == 200


def test_a_name_that_is_taken_says_no_more_than_that(people, admin, world):
    admin.done("experiments/delete", experiment_id=world.experiment_id)
    for person, told in ((people["nobody"], False), (admin, True)):
        answer = person.post("experiments/create", name=world.model)
        assert answer.code == "RESOURCE_ALREADY_EXISTS"
        assert (f"id {world.experiment_id}." in answer.json["message"]) is told
        assert ("deleted" in answer.json["message"]) is told


def test_ids_that_are_taken_are_not_had_by_asking_for_them(people, world, mine):
    answer = people["nobody"].post("runs/create", experiment_id=mine[0], run_id=world.run_id)
    assert answer.status == 400
    assert b"secret" not in answer.body
    assert world.experiment_id.encode() not in answer.body.replace(world.run_id.encode(), b"")


def journal(person, writer, *messages, **more):
    body = {"writer": writer, "seqs": list(range(1, len(messages) + 1)), **more}
    packed = msgspec.msgpack.encode({**body, "payloads": [encode_payload(one) for one in messages]})
    return person.send("POST", JOURNAL, packed, Content_Type="application/msgpack")


def test_each_record_of_a_journal_is_asked_for(people, admin, world, mine):
    person = people["nobody"]
    before = admin.get(f"runs/get?run_id={world.run_id}").json
    records = [
        [LogParam(run_uuid=mine[1], key="a", value="b"), LogParam(run_uuid=world.run_id, key="a", value="b")],
        [SetTag(run_uuid="f" * 32, key="a", value="b"), SetTag(run_uuid=world.run_id, key="a", value="b")],
        [UpdateRun(run_uuid=mine[1], status="FAILED"), UpdateRun(run_uuid=world.run_id, status="FAILED")],
        [SetTag(run_id=mine[1], key="a", value="b"), SetTag(run_id=world.run_id, key="a", value="b")],
        [CreateRun(experiment_id=mine[0], experiment_name=""), CreateRun(experiment_id=world.experiment_id)],
        [CreateRun(experiment_id=world.experiment_id, experiment_name=mine[2], run_id="e" * 32)],
    ]
    for number, some in enumerate(records):
        answer = journal(person, f"w{number}{ids.hex_id()}", *some)
        assert answer.status == 200, answer
        assert len(some) in [one["seq"] for one in answer.json["rejected"]], some
    assert admin.get(f"runs/get?run_id={world.run_id}").json == before
    found = admin.post("runs/search", experiment_ids=[world.experiment_id], max_results=10).json["runs"]
    assert [run["info"]["run_id"] for run in found] == [world.run_id]


def test_a_run_whose_beginning_is_damaged_is_made_where_its_writer_may(server, people, admin):
    run_id = ids.hex_id()
    records = [SetTag(run_id=run_id, key="a", value="b"), LogParam(run_id=run_id, key="a", value="b")]
    answer = journal(people["nobody"], f"w{run_id}", *records, damaged=True)
    assert [one["seq"] for one in answer.json["rejected"]] == [1, 2]
    assert admin.get(f"runs/get?run_id={run_id}").status == 404
    home = admin.done("experiments/create", name=f"damaged {run_id}")["experiment_id"]
    for_one = {"name": "damaged", "scope": "append", "resource_type": "experiment", "resource_id": home}
    token = admin.send("POST", "/api/assay/1/tokens/create", for_one).json["token"]
    answer = journal(Person(server, f"Bearer {token}"), f"v{run_id}", *records, damaged=True)
    assert answer.json == {"seq": 2}
    assert admin.get(f"runs/get?run_id={run_id}").json["run"]["info"]["experiment_id"] == home


def test_a_model_called_as_all_models_are_is_nobodys(people, world):
    """Who makes a model manages what its name stands for."""
    person = people["nobody"]
    assert person.post("registered-models/create", name="*").status == 400
    own = f"own {ids.hex_id()}"
    person.done("registered-models/create", name=own)
    assert person.post("registered-models/rename", name=own, new_name="*").status == 400
    assert person.get(f"registered-models/get?name={world.model.replace(' ', '%20')}").status == 404


@pytest.mark.parametrize("scheme", ["models", "MODELS", "Models"])
@pytest.mark.parametrize("wanted", ["/1", "@champion", "/latest", "/None"])
def test_a_version_is_made_from_what_its_maker_may_read(people, admin, world, mine, scheme, wanted):
    foreign = f"m-{ids.hex_id()}"
    admin.done("registered-models/create", name=foreign)
    admin.done("model-versions/create", name=foreign, source=f"models:/{world.model}/1")
    admin.done("registered-models/alias", name=foreign, alias="champion", version="1")
    admin.done("registered-models/alias", name=world.model, alias="champion", version="1")
    for name in (foreign, world.model):
        source = f"{scheme}:/{name}{wanted}"
        answer = people["nobody"].post("model-versions/create", name=mine[2], source=source)
        assert answer.status in (403, 404), answer
    left = people["nobody"].get(f"model-versions/search?filter=name%3D'{mine[2].replace(' ', '%20')}'").json
    assert left == {}


@pytest.mark.parametrize("scheme", ["runs", "RUNS", "mlflow-artifacts", "MLFLOW-ARTIFACTS"])
def test_nor_from_a_run_that_its_maker_may_not_read(people, world, mine, scheme):
    place = {"runs": f"/{world.run_id}/m"}.get(scheme.lower(), f"/{world.experiment_id}/{world.run_id}/artifacts/m")
    for more in ({}, {"run_id": world.run_id}, {"run_id": mine[1]}):
        answer = people["nobody"].post("model-versions/create", name=mine[2], source=f"{scheme}:{place}", **more)
        assert answer.status in (400, 403, 404), answer


def test_who_may_edit_moves_no_run_away(people, admin, world):
    own = people["editor"].done("experiments/create", name=f"of editor {world.run_id}")["experiment_id"]
    move = {"run_ids": [world.run_id], "experiment_id": own}
    assert people["editor"].send("POST", "/api/assay/1/runs/change", move).status == 403
    info = admin.get(f"runs/get?run_id={world.run_id}").json["run"]["info"]
    assert info["experiment_id"] == world.experiment_id
    back = {"run_ids": [world.run_id], "experiment_id": own}
    assert people["manager"].send("POST", "/api/assay/1/runs/change", back).status == 404


def test_files_of_what_has_moved_are_not_deleted_with_what_it_came_from(people, admin, world):
    """They stay where they were, below the place of another experiment."""
    home = admin.done("experiments/create", name=f"home of {world.run_id}")["experiment_id"]
    move = {"run_ids": [world.run_id], "experiment_id": home}
    assert admin.send("POST", "/api/assay/1/runs/change", move).status == 200
    root = f"{FILES}/{world.experiment_id}"
    for path in (root, f"{root}/{world.run_id}", f"{root}/{world.run_id}/artifacts", f"{root}/{world.run_id}/x"):
        for name in ("manager", "nobody"):
            answer = people[name].send("DELETE", path)
            assert (answer.status, "of one run" in answer.json["message"]) == (404, True), path
    file = f"{root}/{world.run_id}/artifacts/m/f.txt"
    assert admin.send("GET", file).body == b"secret content"
    assert admin.send("POST", "/api/assay/1/runs/change", {**move, "experiment_id": world.experiment_id}).status == 200
    assert people["manager"].send("DELETE", file).status == 200
    assert admin.send("DELETE", f"{root}/{world.run_id}").status == 200


def test_a_run_for_which_no_token_is_made_tells_nothing_of_its_experiment(people, world):
    made = {"name": "a", "scope": "append", "resource_type": "run"}
    told = []
    for run_id in (world.run_id, "f" * 32):
        answer = people["nobody"].send("POST", "/api/assay/1/tokens/create", {**made, "resource_id": run_id})
        told.append((answer.status, answer.json["message"].replace(run_id, "")))
    assert told[0] == told[1]


def test_who_reads_a_model_learns_nothing_of_the_run_that_made_it(server, admin, people, world, kept_from):
    grant(server, "nobody", kind=MODEL, target=world.model, level=READ)
    kept_from.remove(world.mark)  # it is in the model, too
    person, name = people["nobody"], world.model.replace(" ", "%20")
    lineage = person.send("GET", f"/api/assay/1/registry/lineage?name={name}&version=1")
    assert lineage.status == 200
    assert set(lineage.json) <= {"model_version", "datasets", "code"}
    for method, address, body in (
        ("GET", f"/ajax-api/assay/1/views/model?name={name}", None),
        ("POST", "/ajax-api/assay/1/views/versions", {"name": world.model, "versions": ["1"]}),
        ("POST", "/ajax-api/assay/1/views/models", {}),
    ):
        answer = person.send(method, address, body)
        assert answer.status == 200
        assert b"secret-metric" not in answer.body
        assert b"secret-param" not in answer.body
    about = {"username": "nobody", "resource_type": "registered_model", "resource_id": world.model}
    assert admin.send("POST", "/api/3.0/mlflow/users/permissions/revoke", about).status == 200, "others find nothing"


def test_a_name_that_may_not_be_read_is_told_like_one_that_is_not_there(people, world):
    """By id and by name, for experiments and models; creating is the exception, for names are unique."""
    person, name = people["nobody"], world.model.replace(" ", "%20")
    for path, there, nowhere in (
        ("experiments/get?experiment_id={}", world.experiment_id, "987654321"),
        ("experiments/get-by-name?experiment_name={}", name, "nowhere"),
        ("registered-models/get?name={}", name, "nowhere"),
        ("model-versions/get?version=1&name={}", name, "nowhere"),
        ("runs/get?run_id={}", world.run_id, "f" * 32),
    ):
        told, wanted = person.get(path.format(there)), person.get(path.format(nowhere))
        assert (told.status, told.code) == (wanted.status, wanted.code), path
        assert told.json["message"].replace(there.replace("%20", " "), nowhere) == wanted.json["message"]


def test_a_stream_of_changes_ends_with_the_right_to_it(server, people, admin, world):
    made = people["reader"].send("POST", "/api/assay/1/tokens/create", {"name": "stream"}).json
    with closing(Person(server).connect()) as connection:
        connection.request("GET", "/ajax-api/assay/1/events", headers={"Authorization": f"Bearer {made['token']}"})
        answer = connection.getresponse()
        greeting = [answer.readline() for _ in range(3)]
        assert greeting[0] == b"event: hello\n"
        revoke = {"token_id": made["info"]["token_id"]}
        assert people["reader"].send("POST", "/api/assay/1/tokens/revoke", revoke).status == 200
        admin.done("runs/set-tag", run_id=world.run_id, key="a", value="b")
        assert answer.read() == b""


def test_a_token_for_a_run_is_told_of_no_changes(server, people, world):
    limits = {"scope": "append", "resource_type": "run", "resource_id": world.run_id}
    made = people["editor"].send("POST", "/api/assay/1/tokens/create", {"name": "run", **limits}).json
    assert Person(server, f"Bearer {made['token']}").send("GET", "/ajax-api/assay/1/events").status == 403


def bulk(mine, foreign):
    """Requests about several runs at once, the first of them one's own."""
    both, key = [mine, foreign], "secret-metric"
    change = {"set_tags": [{"key": "bulk", "value": "b"}]}
    return [
        ("GET", f"metrics/get-history-bulk?run_id={mine}&run_id={foreign}&metric_key={key}", None),
        ("GET", f"metrics/get-history-bulk-interval?run_ids={mine}&run_ids={foreign}&metric_key={key}", None),
        ("POST", "/ajax-api/assay/1/views/curves", {"run_ids": both, "keys": [key]}),
        ("POST", "/ajax-api/assay/1/views/metrics", {"run_ids": both}),
        ("POST", "/ajax-api/assay/1/views/bands", {"run_ids": both, "groups": [0, 0], "key": key}),
        ("POST", "/api/assay/1/runs/change", {"run_ids": both, **change}),
        ("POST", "/api/assay/1/runs/change", {"run_ids": both, "lifecycle_stage": "deleted"}),
    ]


def test_s35_one_thing_that_is_forbidden_forbids_all_that_are_asked_for_with_it(server, admin, people, world, mine):
    nobody, reader = people["nobody"], people["reader"]
    own = reader.done("experiments/create", name=f"of reader {ids.hex_id()}")["experiment_id"]
    of_reader = reader.done("runs/create", experiment_id=own)["run"]["info"]["run_id"]
    model = admin.done("logged-models", experiment_id=world.experiment_id, name="m")["model"]["info"]["model_id"]
    point = {"key": "a", "value": 1, "timestamp": 1, "step": 0}
    before = kept(server)
    for method, path, body in bulk(mine[1], world.run_id):
        address = path if path.startswith("/") else f"/api/2.0/mlflow/{path}"
        assert nobody.send(method, address, body).status == 404, path
    both = {"experiment_ids": [mine[0], world.experiment_id], "lifecycle_stage": "deleted"}
    assert nobody.send("POST", "/api/assay/1/experiments/change", both).status == 404
    for method, path, body in bulk(of_reader, world.run_id)[-2:]:
        assert reader.send(method, path, body).status == 403
    metrics = [point, {**point, "model_id": model}]
    assert nobody.post("runs/log-batch", run_id=mine[1], metrics=metrics).status == 404
    assert nobody.post("runs/log-metric", run_id=mine[1], model_id=model, **point).status == 404
    assert changes(before, kept(server)) == set()


def test_s37_histories_of_foreign_runs_are_not_found(people, world):
    for path in ("get-history?run_id={}", "get-history?run_uuid={}", "get-history-bulk?run_id={}"):
        for key in ("secret-metric", "nothing"):
            answer = people["nobody"].get(f"metrics/{path.format(world.run_id)}&metric_key={key}")
            assert (answer.status, answer.code) == (404, "RESOURCE_DOES_NOT_EXIST")
