"""Help, versions, errors and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import assay
from assay.cli.main import COMMANDS, cli
from assay.client import connection
from assay.testing.server import running_server


def commands(command=cli, path=("assay",)):
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    return [
        found
        for name in command.list_commands(context)
        for found in commands(command.get_command(context, name), (*path, name))
    ]


COMMANDS_FOUND = commands()


@pytest.mark.parametrize(("path", "command"), COMMANDS_FOUND, ids=[" ".join(path) for path, _ in COMMANDS_FOUND])
def test_every_command_has_a_sentence_and_an_example(path, command):
    assert command.help
    assert command.help.split("\n\n")[0].strip().endswith(".")
    assert command.epilog.startswith("Example: assay ")
    assert all(option.help for option in command.params if isinstance(option, click.Option)), path


def test_help_lists_every_noun_and_imports_no_command():
    code = "import sys\nfrom assay.cli.main import main\ntry: main(['--help'])\nfinally: print('LOADED', *sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    text, loaded = shown.split("LOADED")
    for name, (module, help_text) in COMMANDS.items():
        assert f"  {name}" in text
        assert help_text in text
        assert module.split(":")[0] not in loaded.split()
    assert not {"assay.client.api", "sqlite3", "ssl", "asyncio"} & set(loaded.split())


def test_version(run):
    assert run("--version").output == f"assay {assay.__version__}\n"


def test_it_is_a_module_too():
    shown = subprocess.run([sys.executable, "-m", "assay", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout == f"assay {assay.__version__}\n"


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("runs", "describe"), ("runs", "list", "--max-results", "0"), ("--nonsense",)]
)
def test_wrong_usage_exits_with_2(run, arguments):
    result = run(*arguments)
    assert result.code == 2
    assert result.error.startswith("Usage: assay")
    assert result.output == ""


def test_a_failure_is_one_line_and_exits_with_1(run):
    result = run("runs", "describe", "--run-id", "f" * 32)
    assert result.code == 1
    assert result.error.startswith("Error: ")
    assert "f" * 32 in result.error
    assert len(result.error.splitlines()) == 1


def test_a_server_that_does_not_answer_is_one_line(run, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    result = run("experiments", "search")
    assert result.code == 1
    assert result.error.startswith("Error: ")
    assert "127.0.0.1:9" in result.error
    assert "Traceback" not in result.error


def test_a_tracking_uri_of_no_known_kind(run, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "gopher://x")
    result = run("experiments", "search")
    assert result.code == 1
    assert "gopher" in result.error


def test_a_reader_that_goes_away_is_no_error(shell, sweep):
    result = shell("for n in $(seq 10); do assay runs search --output json; done | head -1 && echo ${PIPESTATUS[0]}")
    assert result.lines[0] == "["
    assert result.error == ""


def test_interruption_exits_with_130(run, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("assay.client.api.Client.search_experiments", interrupt)
    assert run("experiments", "search").code == 130


def test_remote_stores_work_the_same(run, monkeypatch, tmp_path):
    with running_server(tmp_path) as server:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
        created = json.loads(run("runs", "create", "--experiment-name", "far", "--run-name", "one").output)
        (tmp_path / "report.txt").write_text("fine")
        logged = run(
            "artifacts", "log-artifact", "--run-id", created["run_id"], "--local-file", tmp_path / "report.txt"
        )
        assert logged.code == 0, logged.error
        listed = json.loads(run("artifacts", "list", "--run-id", created["run_id"]).output)
        assert [file["path"] for file in listed] == ["report.txt"]
        fetched = run("artifacts", "download", "-u", f"runs:/{created['run_id']}/report.txt", "-d", tmp_path / "out")
        assert Path(fetched.output.strip()).read_text() == "fine"
        connection._close_all()


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("ASSAY_TRAKING_URI", "x", "Did you mean ASSAY_TRACKING_URI?"),
        ("ASSAY_NONSENSE", "", "Unset it"),
        ("ASSAY_HTTP_TIMEOUT", "-1", "'-1', which is not a number of seconds above 0"),
        ("ASSAY_HTTP_TIMEOUT", "nan", "number of seconds"),
        ("ASSAY_END_TIMEOUT", "inf", "number of seconds"),
        ("ASSAY_MAX_BODY_BYTES", "-1", "whole number"),
        ("ASSAY_HTTP_MAX_RETRIES", "many", "whole number"),
        ("ASSAY_LOG_LEVEL", "LOUD", "one of DEBUG"),
        ("ASSAY_SERVE_ARTIFACTS", "maybe", "true or false"),
    ],
)
@pytest.mark.parametrize("command", [("experiments", "search"), ("server", "--port", "0")])
def test_settings_that_are_none_or_cannot_be_are_one_line(run, monkeypatch, variable, text, said, command):
    monkeypatch.setenv(variable, text)
    result = run(*command)
    assert result.code == 1
    assert result.error.startswith(f"Error: {variable} is ")
    assert said in result.error
    assert len(result.error.splitlines()) == 1


def test_variables_that_kubernetes_sets_are_no_misspelt_settings(run, monkeypatch):
    for name in ("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT_5000_TCP", "PORT_5000_TCP_ADDR"):
        monkeypatch.setenv(f"ASSAY_{name}", "x")
    assert run("experiments", "search").code == 0


@pytest.mark.parametrize("address", ["http://h:abc", "http://h:99999", "http://h:0", "http://[::1", "http://u:pw@[::1"])
def test_what_is_no_address_of_a_server_is_one_line(run, monkeypatch, address):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    result = run("runs", "list", "--experiment-id", "0")
    assert result.code == 1
    assert "is not the address of a server" in result.error
    assert "pw" not in result.error
    assert len(result.error.splitlines()) == 1


def test_a_text_that_is_no_unicode_is_one_line(run, monkeypatch, tmp_path):
    with running_server(tmp_path) as server:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
        result = run("experiments", "create", "--experiment-name", "bad\udcff")
    assert result.code == 1
    assert "no valid Unicode" in result.error
    assert len(result.error.splitlines()) == 1
