"""`assay users ...`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from assay.cli.asking import ask
from assay.server.operator import OPERATOR
from assay.wire.users import CurrentUserResponse, GetCurrentUser

WORDS = "a dozen words or so"
IN_A_TERMINAL = "import pty, sys; sys.exit(pty.spawn([sys.executable, '-m', 'assay', *sys.argv[1:]]) >> 8)"


def whoami():
    return ask(GetCurrentUser(), CurrentUserResponse).user.username


def listed(run, name):
    return next(one for one in json.loads(run("users", "list", "--output", "json").output) if one["username"] == name)


def at_the_keyboard(*arguments, types):
    """What a command says in a terminal, where each of these lines is typed when it asks for a password."""
    process = subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    said = b""
    try:
        for line in types:
            while not said.endswith((b"assword: ", b"confirmation: ")):
                said += process.stdout.read(1) or pytest.fail(f"{arguments} ended: {said!r}")
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            said += b"\n"
        rest, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    return process.returncode, (said + rest).decode()


def test_a_password_comes_from_a_file(run, as_admin, log_in, tmp_path):
    (tmp_path / "password.txt").write_text(WORDS + "\n")
    made = run("users", "create", "of-file", "--password-file", tmp_path / "password.txt")
    assert (made.code, made.output) == (0, "User 'of-file' was made.\n")
    log_in("of-file", WORDS)
    assert whoami() == "of-file"


def test_or_from_standard_input(shell, as_admin, log_in):
    made = shell(f"echo '{WORDS}' | assay users create of-stdin --password-file - --admin")
    assert (made.code, made.output, made.error) == (0, "User 'of-stdin' was made, an administrator.\n", "")
    log_in("of-stdin", WORDS)
    assert whoami() == "of-stdin"


def test_or_is_made_and_printed_alone(run, as_admin, log_in):
    made = run("users", "create", "of-chance", "--generate")
    [password] = made.lines
    assert len(password) == 24
    assert password not in made.error
    log_in("of-chance", password)
    assert whoami() == "of-chance"


def test_or_is_asked_for_twice_and_not_shown(as_admin, log_in):
    code, said = at_the_keyboard("users", "create", "of-keys", types=["not the same at all", WORDS, WORDS, WORDS])
    assert code == 0, said
    assert "The two entered values do not match" in said
    assert WORDS not in said
    log_in("of-keys", WORDS)
    assert whoami() == "of-keys"


@pytest.mark.parametrize("options", [(), ("--generate", "--password-file", "-"), ("--password-file", "none.txt")])
def test_without_a_way_to_a_password_nothing_is_made(run, as_admin, options):
    done = run("users", "create", "of-nothing", *options)
    assert done.code == 2
    assert "--password-file" in done.error
    assert "of-nothing" not in run("users", "list").output


def test_a_file_that_is_no_text_is_wrong_usage(run, as_admin, tmp_path):
    (tmp_path / "password.txt").write_bytes(b"\xff" * 20)
    assert run("users", "create", "of-bytes", "--password-file", tmp_path / "password.txt").code == 2


def test_a_password_that_is_too_short_is_refused(shell, as_admin):
    done = shell("echo short | assay users create of-few --password-file -")
    assert done.code == 1
    assert "at least 12 characters" in done.error


def test_users_are_listed_with_what_they_are(run, add_user):
    add_user("u-listed", "--admin")
    run("roles", "create", "r-listed")
    run("roles", "assign", "r-listed", "u-listed")
    found = listed(run, "u-listed")
    assert (found["is_admin"], found["origin"], found["roles"]) == (True, "password", ["r-listed"])
    [line] = [line for line in run("users", "list").lines if line.startswith("u-listed")]
    assert line.split() == ["u-listed", "yes", "password", "r-listed"]


def test_administrators_are_made_and_unmade(run, add_user):
    add_user("u-risen")
    assert run("users", "set-admin", "u-risen").output == "User 'u-risen' is an administrator.\n"
    assert listed(run, "u-risen")["is_admin"]
    assert run("users", "set-admin", "u-risen", "--no-admin").output == "User 'u-risen' is no administrator.\n"
    assert not listed(run, "u-risen")["is_admin"]


def test_users_are_deleted(run, add_user):
    add_user("u-gone")
    assert run("users", "delete", "u-gone").output == "User 'u-gone' was deleted.\n"
    again = run("users", "delete", "u-gone")
    assert again.code == 1
    assert "u-gone" in again.error


def test_administrators_set_the_passwords_of_others(run, add_user, log_in):
    add_user("u-forgot")
    changed = run("users", "set-password", "u-forgot", "--generate")
    log_in("u-forgot", changed.output.strip())
    assert whoami() == "u-forgot"


def test_users_set_their_own_with_the_one_they_log_in_by(run, add_user, log_in):
    log_in("u-own", add_user("u-own"))
    changed = run("users", "set-password", "u-own", "--generate")
    log_in("u-own", changed.output.strip())
    assert whoami() == "u-own"
    assert run("users", "set-password", "admin", "--generate").code == 1


def test_the_present_one_is_asked_for_when_the_address_holds_it(server_with_users, add_user, log_in, monkeypatch):
    password = add_user("u-address")
    for name in ("USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"MLFLOW_TRACKING_{name}")
    address = f"http://u-address:{password}@{server_with_users.host}:{server_with_users.port}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    code, said = at_the_keyboard("users", "set-password", "u-address", types=[password, WORDS, WORDS])
    assert code == 0, said
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server_with_users.url)
    log_in("u-address", WORDS)
    assert whoami() == "u-address"


def test_the_operator_finds_the_way_back_in(run, add_user, log_in, server_with_users, monkeypatch):
    store = server_with_users.config.backend_store_uri
    add_user("u-locked-out", "--admin")
    log_in("u-locked-out", "not what it was, long ago")
    assert run("users", "list").code == 1
    assert "u-locked-out" in run("users", "list", "--backend-store-uri", store).output
    changed = run("users", "reset-password", "u-locked-out", "--backend-store-uri", store, "--generate")
    assert changed.code == 0, changed.error
    log_in("u-locked-out", changed.output.strip())
    assert whoami() == "u-locked-out"
    [entry] = json.loads(
        run(
            "audit", "search", "--action", "updateUserPassword", "--resource", "user u-locked-out", "--output", "json"
        ).output
    )
    assert (entry["actor"], entry["credential"], entry["outcome"]) == ("", OPERATOR, "done")
    assert run("audit", "verify").code == 0


def test_where_no_administrator_has_a_password_the_operator_makes_one(run, as_admin, log_in, server_with_users):
    store = server_with_users.config.backend_store_uri
    made = run("users", "create", "u-rescue", "--admin", "--generate", "--backend-store-uri", store)
    assert made.code == 0, made.error
    log_in("u-rescue", made.output.strip())
    assert listed(run, "u-rescue")["is_admin"]


def test_the_operator_makes_no_store_by_mistake(run, tmp_path):
    for place in (tmp_path / "typo", f"sqlite:///{tmp_path}/typo.db"):
        done = run("users", "reset-password", "admin", "--backend-store-uri", place, "--generate")
        assert done.code == 1
        assert "There is no store" in done.error
        assert done.output == ""
    assert not list(tmp_path.glob("typo*"))


def test_without_users_it_is_said(run):
    for command in (("users", "list"), ("roles", "list"), ("tokens", "list"), ("audit", "search")):
        done = run(*command)
        assert done.code == 1
        assert "Start it with --auth" in done.error
