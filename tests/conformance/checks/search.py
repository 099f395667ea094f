"""Searches for runs: filters, orders, pages, views."""

import mlflow
from checks.setting import client, experiment, refused
from mlflow.entities import ViewType

LOSSES = (0.5, 0.1, 0.4, 0.2, 0.3)


def _sweep():
    where = experiment("sweep")
    ids = []
    for n, loss in enumerate(LOSSES):
        run_id = client().create_run(where, start_time=1000 + n, run_name=f"trial-{n}").info.run_id
        client().log_metric(run_id, "loss", loss)
        client().log_metric(run_id, "val/auc score", 1 - loss)
        client().log_param(run_id, "depth", n)
        client().log_param(run_id, "kind", "forest" if n % 2 else "linear")
        client().set_tag(run_id, "owner", f"user{n % 3}")
        ids.append(run_id)
    client().set_terminated(ids[0])
    client().set_terminated(ids[1], "FAILED")
    return where, ids


def _found(where, text="", **options):
    return [run.info.run_id for run in client().search_runs([where], text, **options)]


def check_filters():
    where, ids = _sweep()
    expected = {
        "": range(5),
        "metrics.loss < 0.35": (1, 3, 4),
        "metrics.loss >= 0.4 AND metrics.loss != 0.5": (2,),
        "metrics.`val/auc score` > 0.65": (1, 3, 4),
        'metrics."val/auc score" > 0.75': (1, 3),
        "params.kind = 'forest'": (1, 3),
        "params.kind != 'forest'": (0, 2, 4),
        "params.kind LIKE 'for%'": (1, 3),
        "params.kind ILIKE 'LIN%'": (0, 2, 4),
        "params.depth = '3'": (3,),
        "tags.owner = 'user1'": (1, 4),
        "tags.owner ILIKE 'USER%' AND tags.owner != 'user1'": (0, 2, 3),
        "tags.`mlflow.runName` = 'trial-2'": (2,),
        "tags.mlflow.runName = 'trial-2'": (2,),
        "attributes.status = 'RUNNING'": (2, 3, 4),
        "status = 'FAILED'": (1,),
        "attributes.run_name LIKE 'trial-%' and params.depth = '0'": (0,),
        "run_name = 'trial-4'": (4,),
        "attributes.start_time > 1002": (3, 4),
        f"attributes.run_id = '{ids[2]}'": (2,),
        f"run_id IN ('{ids[0]}', '{ids[4]}')": (0, 4),
        "params.absent IS NULL AND params.depth IS NOT NULL and metrics.loss < 0.15": (1,),
        "metrics.absent > 0": (),
    }
    for text, wanted in expected.items():
        found = _found(where, text)
        assert sorted(found) == sorted(ids[n] for n in wanted), (text, [ids.index(one) for one in found])


def check_bad_filters():
    where = experiment()
    for text in (
        "metrics.loss = 'a'",
        "params.depth = 3 OR",
        "colour = 'red'",
        "metrics.loss <",
        "params.kind > 'a'",
        "metrics.loss LIKE 'a'",
        "status IN 'a'",
    ):
        with refused("INVALID_PARAMETER_VALUE"):
            client().search_runs([where], text)
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_runs([where], order_by=["metrics.loss SIDEWAYS"])
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_runs([where], max_results=50_001)
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_runs(["abc"])


def check_orders():
    where, ids = _sweep()
    extra = client().create_run(where, start_time=5000).info.run_id
    by_loss = [ids[LOSSES.index(loss)] for loss in sorted(LOSSES)]
    assert _found(where) == [extra, *ids[::-1]]
    assert _found(where, order_by=["metrics.loss ASC"]) == [*by_loss, extra]
    assert _found(where, order_by=["metrics.loss DESC"]) == [*by_loss[::-1], extra]
    assert _found(where, order_by=["params.kind", "metrics.loss DESC"])[:2] == [ids[3], ids[1]]
    assert _found(where, order_by=["attributes.start_time ASC"]) == [*ids, extra]
    assert _found(where, "tags.owner LIKE 'user%'", order_by=["tags.owner DESC", "start_time ASC"]) == [
        ids[n] for n in (2, 1, 4, 0, 3)
    ]


def check_pages():
    where, ids = _sweep()
    found, token = [], None
    while True:
        page = client().search_runs([where], max_results=2, order_by=["params.depth ASC"], page_token=token)
        found += [run.info.run_id for run in page]
        token = page.token
        if not token:
            break
        assert len(page) == 2
    assert found == ids
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_runs([where], page_token="nonsense")


def check_views_and_experiments():
    where, ids = _sweep()
    elsewhere = experiment()
    other = client().create_run(elsewhere).info.run_id
    client().delete_run(ids[0])
    assert set(_found(where)) == set(ids[1:])
    assert _found(where, run_view_type=ViewType.DELETED_ONLY) == [ids[0]]
    assert set(_found(where, run_view_type=ViewType.ALL)) == set(ids)
    both = client().search_runs([where, elsewhere])
    assert {run.info.run_id for run in both} == {*ids[1:], other}
    assert list(client().search_runs([])) == []


def check_results_are_whole():
    where, ids = _sweep()
    found = client().search_runs([where], "params.depth = '1'")[0]
    assert found.data.metrics == {"loss": 0.1, "val/auc score": 0.9}
    assert found.data.params == {"depth": "1", "kind": "forest"}
    assert found.data.tags == {"owner": "user1", "mlflow.runName": "trial-1"}
    assert found.info.status == "FAILED"
    assert found.info.run_id == ids[1]


def check_fluent_search():
    where, ids = _sweep()
    found = mlflow.search_runs([where], "metrics.loss < 0.35", order_by=["metrics.loss"], output_format="list")
    assert [run.info.run_id for run in found] == [ids[1], ids[3], ids[4]]
