"""`assay roles ...`."""

from __future__ import annotations

import json


def test_a_role_is_made_given_taken_and_deleted(run, add_user):
    add_user("r-ada")
    made = run("roles", "create", "r-trainers", "--description", "they train")
    assert (made.code, made.output) == (0, "Role 'r-trainers' was made.\n")
    assert run("roles", "assign", "r-trainers", "r-ada").output == "User 'r-ada' has the role 'r-trainers'.\n"
    members = json.loads(run("roles", "members", "r-trainers", "--output", "json").output)
    assert [one["username"] for one in members] == ["r-ada"]
    assert run("roles", "members", "r-trainers").lines[2].split() == ["r-ada", "manual"]
    assert run("roles", "unassign", "r-trainers", "r-ada").code == 0
    assert run("roles", "members", "r-trainers").lines[2:] == []
    run("permissions", "grant", "read", "--role", "r-trainers", "--model", "*")
    run("permissions", "grant", "edit", "--role", "r-trainers", "--everything")
    [line] = [line for line in run("roles", "list").lines if line.startswith("r-trainers")]
    assert line.split(maxsplit=3)[1:] == ["they", "train", "READ registered_model *, EDIT workspace *"]
    assert run("roles", "delete", "r-trainers").code == 0
    assert "r-trainers" not in run("roles", "list").output


def test_a_role_that_is_none_is_named(run, as_admin):
    for command in (("delete", "r-none"), ("members", "r-none"), ("assign", "r-none", "admin")):
        done = run("roles", *command)
        assert done.code == 1
        assert "'r-none'" in done.error
