"""`assay tokens ...`."""

from __future__ import annotations

import json

import pytest

import assay
from assay.client import connection
from assay.core.errors import PermissionDenied


@pytest.fixture
def use(monkeypatch):
    """Log in by a token from now on."""

    def use(token):
        connection._close_all()
        for name in ("USERNAME", "PASSWORD"):
            monkeypatch.delenv(f"MLFLOW_TRACKING_{name}", raising=False)
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)

    return use


def test_the_token_is_alone_on_stdout_and_works(run, as_admin, use):
    made = run("tokens", "create", "t-script")
    [token] = made.lines
    assert token.startswith("assay_")
    assert token not in made.error
    assert "shown this once" in made.error
    use(token)
    assert assay.Client().search_experiments()
    refused = run("tokens", "create", "t-child")
    assert refused.code == 1
    assert refused.output == ""


def test_it_may_be_good_for_one_experiment_or_run_only(run, as_admin, use):
    client = assay.Client()
    client.create_experiment("t-churn")
    run_id = client.create_run("0", run_name="t-run").info.run_id
    client.flush()
    for options in (("-n", "t-churn"), ("-r", run_id), ("--model", "t-none")):
        made = run("tokens", "create", "t-limited", "--scope", "append", "--days", "300", *options)
        assert made.code == ("--model" in options), made.error
    of_run = run("tokens", "create", "t-of-run", "--scope", "append", "--run-id", run_id).output.strip()
    found = [one for one in json.loads(run("tokens", "list", "--output", "json").output) if one["name"] == "t-limited"]
    assert [(one["resource_type"], one["scope"]) for one in found] == [("run", "append"), ("experiment", "append")]
    assert f"run {run_id}" in run("tokens", "list").output
    use(of_run)
    client = assay.Client()
    client.log_metric(run_id, "loss", 0.5)
    assert client.get_run(run_id).data.metrics == {"loss": 0.5}
    with pytest.raises(PermissionDenied):
        client.delete_run(run_id)


def test_they_are_of_others_and_revoked(run, add_user):
    add_user("t-ada")
    assert run("tokens", "create", "t-hers", "--user", "t-ada", "--scope", "read").code == 0
    [token] = json.loads(run("tokens", "list", "--user", "t-ada", "--output", "json").output)
    assert (token["username"], token["created_by"], token["last_used"]) == ("t-ada", "admin", 0)
    assert run("tokens", "revoke", token["token_id"]).code == 0
    assert json.loads(run("tokens", "list", "--user", "t-ada", "--output", "json").output) == []
    assert run("tokens", "revoke", token["token_id"]).code == 1


@pytest.mark.parametrize(
    "options", [("--scope", "all"), ("--days", "0"), ("-x", "1", "--model", "m"), ("-x", "1", "-r", "2")]
)
def test_wrong_usage(run, options):
    assert run("tokens", "create", "t-wrong", *options).code == 2


def test_what_the_server_refuses_prints_no_token(run, as_admin):
    for options in (("--days", "300"), ("--scope", "append")):
        done = run("tokens", "create", "t-refused", *options)
        assert (done.code, done.output) == (1, "")
        assert done.error.startswith("Error: ")
