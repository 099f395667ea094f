"""What each level allows, over HTTP, for runs, files and registered models."""

import pytest

ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"
ORDER = ["nobody", "reader", "editor", "manager"]


def requests(world):
    """Requests by the least user who may make them; those that are refused leave no trace, so that all can be tried."""
    run, experiment, model = world.run_id, world.experiment_id, world.model
    file = f"{experiment}/{run}/artifacts/m/f.txt"
    reading = [
        ("GET", f"experiments/get?experiment_id={experiment}", None),
        ("GET", f"runs/get?run_id={run}", None),
        ("GET", f"metrics/get-history?run_id={run}&metric_key=secret-metric", None),
        ("GET", f"metrics/get-history-bulk?run_id={run}&metric_key=secret-metric", None),
        ("GET", f"artifacts/list?run_id={run}", None),
        ("GET", f"/get-artifact?run_id={run}&path=m/f.txt", None),
        ("GET", f"{ARTIFACTS}/{file}", None),
        ("GET", f"{ARTIFACTS}?path={experiment}/{run}/artifacts", None),
        ("GET", f"registered-models/get?name={model}", None),
        ("GET", f"model-versions/get?name={model}&version=1", None),
        ("GET", f"/model-versions/get-artifact?name={model}&version=1&path=f.txt", None),
        ("POST", "/ajax-api/assay/1/views/curves", {"run_ids": [run], "keys": ["secret-metric"]}),
        ("POST", "/ajax-api/assay/1/views/metrics", {"run_ids": [run]}),
        ("GET", f"/ajax-api/assay/1/views/experiment?experiment_id={experiment}", None),
        ("GET", f"/ajax-api/assay/1/views/run-files?run_id={run}", None),
        ("GET", f"/api/assay/1/registry/lineage?name={model}&version=1", None),
    ]
    editing = [
        ("POST", "runs/create", {"experiment_id": experiment}),
        ("POST", "runs/log-metric", {"run_id": run, "key": "a", "value": 1, "timestamp": 1}),
        ("POST", "runs/log-batch", {"run_id": run, "metrics": [], "params": [], "tags": []}),
        ("POST", "runs/log-inputs", {"run_id": run, "datasets": []}),
        ("POST", "runs/set-tag", {"run_id": run, "key": "a", "value": "b"}),
        ("POST", "runs/update", {"run_id": run, "status": "RUNNING"}),
        ("POST", "experiments/set-experiment-tag", {"experiment_id": experiment, "key": "a", "value": "b"}),
        ("PUT", f"{ARTIFACTS}/{experiment}/{run}/artifacts/g.txt", "x"),
        ("POST", "/api/assay/1/saved-views/set", {"experiment_id": experiment, "name": "v", "address": {}}),
        ("POST", "/api/assay/1/runs/change", {"run_ids": [run], "set_tags": [{"key": "a", "value": "b"}]}),
        ("POST", "registered-models/set-tag", {"name": model, "key": "a", "value": "b"}),
        ("POST", "registered-models/alias", {"name": model, "alias": "champion", "version": "1"}),
        ("POST", "model-versions/create", {"name": model, "source": f"runs:/{run}/m", "run_id": run}),
    ]
    managing = [
        ("DELETE", f"{ARTIFACTS}/{experiment}/{run}/artifacts/g.txt", None),
        ("POST", "runs/delete", {"run_id": run}),
        ("POST", "runs/restore", {"run_id": run}),
        ("POST", "/api/assay/1/runs/change", {"run_ids": [run], "lifecycle_stage": "active"}),
        ("DELETE", "model-versions/delete", {"name": model, "version": "2"}),
        ("POST", "experiments/delete", {"experiment_id": experiment}),
        ("POST", "experiments/restore", {"experiment_id": experiment}),
        ("DELETE", "registered-models/delete", {"name": model}),
    ]
    return {"reader": reading, "editor": editing, "manager": managing}


def send(person, method, path, body):
    path = path.replace(" ", "%20")
    return person.send(method, path if path.startswith("/") else f"/api/2.0/mlflow/{path}", body)


def test_each_level_allows_its_own_and_those_below(people, world):
    for least, asked in requests(world).items():
        for method, path, body in asked:
            for name in ORDER:
                answer = send(people[name], method, path, body)
                allowed = ORDER.index(name) >= ORDER.index(least)
                if allowed:
                    assert answer.status == 200, (name, method, path, answer.body)
                else:
                    wanted = {403} if name != "nobody" else {403, 404}
                    assert answer.status in wanted, (name, method, path, answer.status, answer.body)


@pytest.mark.parametrize("credentials", [None, "Basic !", "Basic ZXZlOndyb25n", "Bearer assay_x", "Digest x"])
def test_who_proves_nothing_is_told_nothing(server, anonymous, world, credentials):
    if credentials:
        anonymous.headers["Authorization"] = credentials
    for asked in requests(world).values():
        for method, path, body in asked:
            answer = send(anonymous, method, path, body)
            assert answer.status in (401, 429), (path, answer)
            assert b"secret" not in answer.body


SEARCHES = [
    ("experiments/search", {"max_results": 1000}),
    ("runs/search", {"experiment_ids": ["{experiment_id}"]}),
    ("logged-models/search", {"experiment_ids": ["{experiment_id}"]}),
    ("experiments/search-datasets", {"experiment_ids": ["{experiment_id}"]}),
    ("/ajax-api/assay/1/views/runs", {"experiment_ids": ["{experiment_id}"]}),
    ("/ajax-api/assay/1/views/runs", {"run_ids": ["{run_id}"]}),
    ("/ajax-api/assay/1/views/families", {"experiment_ids": ["{experiment_id}"]}),
    ("/ajax-api/assay/1/views/groups", {"experiment_ids": ["{experiment_id}"], "by": ["params.secret-param"]}),
    ("/ajax-api/assay/1/views/best", {"experiment_ids": ["{experiment_id}"]}),
    ("/ajax-api/assay/1/views/models", {}),
    ("registered-models/search", None),
    ("model-versions/search", None),
    ("/ajax-api/assay/1/views/home", None),
    ("/ajax-api/assay/1/views/find?text=secret", None),
    ("/ajax-api/assay/1/views/experiments", None),
    ("/ajax-api/assay/1/views/trash", None),
    ("/api/assay/1/reports/search", None),
]


@pytest.mark.parametrize(("path", "body"), SEARCHES, ids=[path for path, _ in SEARCHES])
def test_searches_find_what_may_be_read(people, admin, world, path, body):
    admin.done(
        "runs/delete", run_id=admin.done("runs/create", experiment_id=world.experiment_id)["run"]["info"]["run_id"]
    )
    view = {"experiment_id": world.experiment_id, "title": "secret report", "text": ""}
    assert send(admin, "POST", "/api/assay/1/reports/create", view).status == 200
    filled = None
    if body is not None:
        filled = {
            key: [one.format(**world._asdict()) for one in value] if isinstance(value, list) else value
            for key, value in body.items()
        }
    method = "GET" if body is None else "POST"
    nothing = send(people["nobody"], method, path, filled)
    assert nothing.status == 200, nothing
    for name in (b"secret", world.run_id.encode(), f'"{world.experiment_id}"'.encode()):
        assert name not in nothing.body, nothing.body
    assert send(people["reader"], method, path, filled).status == 200
