"""`assay permissions ...`."""

from __future__ import annotations

import json

import pytest

import assay


@pytest.fixture
def experiment(request, as_admin):
    """An experiment of this test: (id, name)."""
    name = f"p {request.node.name}"
    return assay.Client().create_experiment(name), name


def rows(run, *arguments):
    return json.loads(run("permissions", "list", *arguments, "--output", "json").output)


def test_a_user_gets_more_less_and_nothing(run, add_user, experiment):
    number, name = experiment
    add_user("p-ada")
    show = ("permissions", "show", "p-ada", "-x", number)
    assert run(*show).output == "NO_PERMISSIONS\n"
    given = run("permissions", "grant", "edit", "--user", "p-ada", "--experiment-name", name)
    assert (given.code, given.output) == (0, f"'p-ada' has EDIT on experiment '{number}'.\n")
    assert run(*show).output == "EDIT\n"
    for level in ("READ", "DENY", "MANAGE"):
        assert run("permissions", "grant", level, "--user", "p-ada", "-x", number).code == 0
        assert rows(run, "--user", "p-ada")[0]["permission"] == level
    assert run("permissions", "revoke", "--user", "p-ada", "-x", number).code == 0
    assert run(*show).output == "NO_PERMISSIONS\n"
    again = run("permissions", "revoke", "--user", "p-ada", "-x", number)
    assert again.code == 1
    assert "Nothing is granted" in again.error


def test_models_and_all_of_a_kind_too(run, add_user):
    add_user("p-eve")
    assay.Client().create_registered_model("p-fraud")
    for place in (("--model", "p-fraud"), ("--model", "*"), ("-x", "*")):
        for level in ("READ", "EDIT"):
            done = run("permissions", "grant", level, "--user", "p-eve", *place)
            assert done.code == 0, done.error
    found = {(one["resource_type"], one["resource_pattern"]): one["permission"] for one in rows(run, "--user", "p-eve")}
    assert found == {
        ("registered_model", "p-fraud"): "EDIT",
        ("registered_model", "*"): "EDIT",
        ("experiment", "*"): "EDIT",
    }
    for level in ("READ", "EDIT"):
        assert run("permissions", "grant", level, "--user", "p-eve", "--everything").code == 0
    assert "workspace         *        EDIT" in run("permissions", "list", "--user", "p-eve").output


def test_roles_too_and_the_resource_tells_of_both(run, add_user, experiment):
    number, name = experiment
    add_user("p-kim")
    run("roles", "create", "p-team")
    for level in ("EDIT", "READ"):
        assert run("permissions", "grant", level, "--role", "p-team", "-n", name).code == 0
    run("permissions", "grant", "manage", "--user", "p-kim", "-n", name)
    assert [(one["resource_pattern"], one["permission"]) for one in rows(run, "--role", "p-team")] == [(number, "READ")]
    found = {(one["username"], one["role_name"], one["permission"]) for one in rows(run, "-n", name)}
    assert {("p-kim", "", "MANAGE"), ("", "p-team", "READ")} <= found
    holders = run("permissions", "holders", "-n", name)
    assert ["p-kim", "MANAGE", "no"] in [line.split() for line in holders.lines]
    assert holders.lines[-1] == "All others: NO_PERMISSIONS."
    [kim] = [
        one
        for one in json.loads(run("permissions", "holders", "-n", name, "--output", "json").output)
        if one["username"] == "p-kim"
    ]
    assert (kim["permission"], kim["is_admin"]) == ("MANAGE", False)
    assert run("permissions", "revoke", "--role", "p-team", "-n", name).code == 0
    assert rows(run, "--role", "p-team") == []
    assert run("permissions", "revoke", "--role", "p-team", "-n", name).code == 1


def test_who_manages_an_experiment_grants_on_it(run, add_user, log_in, experiment):
    number, _ = experiment
    add_user("p-helper")
    password = add_user("p-owner")
    run("permissions", "grant", "MANAGE", "--user", "p-owner", "-x", number)
    log_in("p-owner", password)
    assert run("permissions", "grant", "READ", "--user", "p-helper", "-x", number).code == 0
    assert run("permissions", "grant", "EDIT", "--user", "p-helper", "-x", number).code == 0
    refused = run("permissions", "grant", "READ", "--user", "p-helper", "-x", "0")
    assert refused.code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("grant", "READ", "--user", "x"),
        ("grant", "READ", "--model", "x"),
        ("grant", "READ", "--user", "x", "--role", "y", "--everything"),
        ("grant", "READ", "--user", "x", "--model", "y", "--everything"),
        ("grant", "NO_PERMISSIONS", "--user", "x", "--everything"),
        ("revoke", "--role", "x"),
        ("show", "x"),
        ("holders",),
        ("list",),
        ("list", "--user", "x", "--model", "y"),
    ],
)
def test_what_says_too_little_or_too_much_is_wrong_usage(run, arguments):
    done = run("permissions", *arguments)
    assert done.code == 2
    assert done.error.startswith("Usage: ")
