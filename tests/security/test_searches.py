"""S36: searches, pages, counts, orders and filters tell nothing of what may not be read."""

from __future__ import annotations

import secrets

import pytest

from .conftest import Person, add_user, basic

PAGES = [
    ("experiments/search", {"max_results": 1}, "experiments"),
    ("runs/search", {"experiment_ids": "all", "max_results": 1}, "runs"),
    ("logged-models/search", {"experiment_ids": "all", "max_results": 1}, "models"),
    ("registered-models/search", {"max_results": 1}, "registered_models"),
    ("model-versions/search", {"max_results": 1}, "model_versions"),
    ("/ajax-api/assay/1/views/runs", {"experiment_ids": "all", "max_results": 1}, "run_ids"),
    ("/ajax-api/assay/1/views/models", {"max_results": 1}, "models"),
    ("/api/assay/1/reports/search", {"max_results": 1}, "reports"),
    ("/ajax-api/assay/1/views/trash", {"max_results": 1}, "items"),
]
READING = {"registered-models/search", "model-versions/search", "/api/assay/1/reports/search"}
READING |= {"/ajax-api/assay/1/views/trash"}
OWN = 3


@pytest.fixture(scope="module")
def mixed(server):
    """Things of a new user, each between two of the administrator: who it is, all experiments, and a secret text."""
    admin, secret = Person(server, basic("admin", "the admin's own words")), f"canary-{secrets.token_hex(8)}"
    add_user(server, "searcher")
    searcher = Person(server, basic("searcher", "the words of searcher"), kept_from=[secret])
    experiments = []
    for number in range(OWN):
        for person, name in (
            (admin, f"{secret} {number}a"),
            (searcher, f"of searcher {number}"),
            (admin, f"{secret} {number}b"),
        ):
            experiment_id = person.done("experiments/create", name=name)["experiment_id"]
            run_id = person.done("runs/create", experiment_id=experiment_id, run_name=name)["run"]["info"]["run_id"]
            person.done("runs/log-parameter", run_id=run_id, key="p", value=name)
            person.done("runs/log-metric", run_id=run_id, key="m", value=number, timestamp=1)
            person.done("logged-models", experiment_id=experiment_id, name=name.replace(" ", "-"))
            person.done("registered-models/create", name=name)
            person.done("model-versions/create", name=name, source=f"runs:/{run_id}/m", run_id=run_id)
            report = {"experiment_id": experiment_id, "title": name}
            assert person.send("POST", "/api/assay/1/reports/create", report).status == 200
            gone = person.done("runs/create", experiment_id=experiment_id, run_name=name)["run"]["info"]["run_id"]
            person.done("runs/delete", run_id=gone)
            experiments.append(experiment_id)
    return searcher, experiments, secret


def ask(person, path, message):
    address = path if path.startswith("/") else f"/api/2.0/mlflow/{path}"
    if path in READING:
        query = "&".join(f"{name}={value}" for name, value in message.items())
        answer = person.send("GET", f"{address}?{query}")
    else:
        answer = person.send("POST", address, message)
    assert answer.status == 200, answer
    return answer.json


def filled(message, experiments):
    return {key: experiments if value == "all" else value for key, value in message.items()}


@pytest.mark.parametrize(("path", "message", "field"), PAGES, ids=[path for path, _, _ in PAGES])
def test_s36_pages_hold_what_may_be_read_and_no_gaps(mixed, path, message, field):
    searcher, experiments, _ = mixed
    found, asked, pages = [], filled(message, experiments), 0
    while True:
        page = ask(searcher, path, asked)
        pages += 1
        assert "total" not in page or page["total"] == OWN
        found += page.get(field, [])
        if not page.get("next_page_token"):
            break
        assert len(page[field]) == 1, "a page that is not full would tell of what was left out"
        asked = {**asked, "page_token": page["next_page_token"]}
    assert len(found) == OWN
    assert pages == OWN


@pytest.mark.parametrize(("path", "message", "field"), PAGES, ids=[path for path, _, _ in PAGES])
def test_s36_a_token_of_somebody_elses_page_leads_to_nothing_else(mixed, server, path, message, field):
    searcher, experiments, _ = mixed
    admin = Person(server, basic("admin", "the admin's own words"))
    asked = filled(message, experiments)
    token = ask(admin, path, asked)["next_page_token"]
    assert len(ask(searcher, path, {**asked, "page_token": token}).get(field, [])) <= 1


def test_s36_filters_and_orders_find_nothing_that_may_not_be_read(mixed):
    searcher, experiments, secret = mixed
    everywhere = {"experiment_ids": experiments}
    for wanted in (f"params.p LIKE '{secret}%'", f"attributes.run_name LIKE '{secret}%'", "metrics.m >= 0 "):
        found = ask(searcher, "runs/search", {**everywhere, "filter": wanted, "order_by": ["params.p DESC"]})
        assert len(found.get("runs", [])) == (OWN if "metrics" in wanted else 0)
        table = ask(searcher, "/ajax-api/assay/1/views/runs", {**everywhere, "filter": wanted})
        assert table["total"] == (OWN if "metrics" in wanted else 0)
    assert ask(searcher, "experiments/search", {"max_results": 9, "filter": f"name LIKE '{secret}%'"}) == {}
    for path in ("registered-models/search", "model-versions/search"):
        assert ask(searcher, path, {"filter": f"name%20LIKE%20'{secret}%25'"}) == {}
    assert ask(searcher, "/ajax-api/assay/1/views/models", {"filter": f"name LIKE '{secret}%'"}).get("models", []) == []
    named = {"filter": f"name LIKE '{secret}%'"}
    assert ask(searcher, "logged-models/search", {**everywhere, **named}) == {}


def test_s36_counts_are_of_what_may_be_read(mixed):
    searcher, experiments, _ = mixed
    home = searcher.send("GET", "/ajax-api/assay/1/views/home").json
    assert home["running_total"] == OWN
    summaries = searcher.send("GET", "/ajax-api/assay/1/views/experiments").json["experiments"]
    assert len([one for one in summaries if one["name"].startswith("of searcher")]) == OWN
    assert len(summaries) == OWN
    for path, message, field in (
        ("activity", {"experiment_ids": experiments, "since": 0, "days": 1}, "activity"),
        ("best", {"experiment_ids": experiments}, "best"),
        ("families", {"experiment_ids": experiments}, None),
        ("groups", {"experiment_ids": experiments, "by": ["params.p"]}, "groups"),
    ):
        told = ask(searcher, f"/ajax-api/assay/1/views/{path}", message)
        if field:
            assert len(told.get(field, [])) <= OWN, path
    for text in ("canary", "of searcher"):
        items = searcher.send("GET", f"/ajax-api/assay/1/views/find?text={text.replace(' ', '%20')}&max_results=50")
        assert all("searcher" in one["label"] for one in items.json["items"])
