"""`assay models serve` and `assay models predict` as processes: how they start, what they refuse, how they end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.flavors import pyfunc
from assay.testing.processes import COMMAND

pytestmark = pytest.mark.xdist_group("serving")

ROW = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
SLOW = """
import time
from assay.flavors.pyfunc import set_model

def slow(model_input):
    print("printed by the model")
    time.sleep(1.5)
    return [float(model_input["x"].sum())]

set_model(slow)
"""


@pytest.fixture
def slow(tmp_path):
    """The directory of a model that takes its time, and prints."""
    Path("slow.py").write_text(SLOW)
    pyfunc.save_model(tmp_path / "slow", python_model="slow.py", pip_requirements=["numpy"])
    return tmp_path / "slow"


def process(*options, command="predict", program=COMMAND, **more):
    environment = {**os.environ, **more.pop("environment", {})}
    return subprocess.run(
        [*program, "models", command, *map(str, options)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
        **more,
    )


def in_process(capsys, *arguments):
    """Exit status and errors of a command."""
    with pytest.raises(SystemExit) as ended:
        main(["models", *arguments])
    return ended.value.code, capsys.readouterr().err


def refused(*options, command="serve", **more):
    """What the one line of an error says; nothing listened, nothing was answered."""
    done = process(*options, command=command, **more)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.strip().splitlines()
    return line.removeprefix("Error: ")


def test_serves_says_so_and_finishes_what_is_under_way(start, slow):
    process, http = start(slow)
    assert re.match(rf"Assay \S+ at http://127\.0\.0\.1:{process.port} · model {slow}", process.log.read_text())
    answers = []
    thread = threading.Thread(target=lambda: answers.append(http.predict({"dataframe_records": [{"x": 2.0}]})))
    thread.start()
    time.sleep(0.5)
    begun = time.monotonic()
    process.stop(signal.SIGTERM)
    thread.join(timeout=10)
    assert answers[0].json == {"predictions": [2.0]}
    assert time.monotonic() - begun < 10
    log = process.log.read_text()
    assert "Traceback" not in log
    assert "POST /invocations 200" not in log, "requests are logged only when asked for"


def test_several_processes_serve_one_port(start, models):
    process, http = start(models / "iris", "--workers", "2", "--access-log")
    for _ in range(8):
        assert http.predict({"dataframe_records": [ROW]}).json == {"predictions": [1]}
    process.stop()
    assert process.log.read_text().count("POST /invocations 200") == 8


def test_a_model_that_cannot_be_loaded_ends_the_command(models, tmp_path):
    changed = shutil.copytree(models / "iris", tmp_path / "changed")
    with (changed / "model.pkl").open("ab") as file:
        file.write(b"!")
    assert "has changed since the model was saved" in refused("-m", changed)
    assert "has changed since the model was saved" in refused("-m", changed, "-w", 2, "-p", 0)
    rule = {"ASSAY_ALLOW_PICKLE_DESERIALIZATION": "false"}
    assert "is a pickle" in refused("-m", models / "iris", environment=rule)
    assert "'nothing'" in refused("-m", "models:/nothing@champion")


def test_a_missing_library_is_named_with_what_installs_it(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "MLmodel").write_text("flavors: {python_function: {loader_module: absent_library}}\n")
    line = refused("-m", tmp_path / "mine")
    assert "'absent_library', which is not installed" in line
    assert "pip install" in line


def test_a_port_in_use_is_told(models):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port}" in refused("-m", models / "told", "-p", port)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--env-manager", "virtualenv"), "env/bin/pip install 'assay[server]' -r model/requirements.txt"),
        (("--env-manager", "uv"), "uv pip install"),
        (("--env-manager", "conda"), "conda env create"),
        (("--env-manager", "nix"), "nix is not known"),
        (("--install-mlflow",), "without MLflow"),
        (("--enable-mlserver",), "--workers and --threads"),
    ],
)
def test_environments_are_not_made_but_explained(options, said, capsys):
    code, error = in_process(capsys, "serve", "-m", "models:/fraud@champion", *options)
    assert code == 1
    assert said in error


@pytest.mark.parametrize("name", ["prepare-env", "build-docker", "generate-dockerfile"])
def test_commands_that_are_not_there_say_what_to_do(name, capsys):
    code, error = in_process(capsys, name, "-m", "models:/fraud@champion", "--name", "x")
    assert code == 1
    assert f"assay models {name} is not supported. " in error


@pytest.mark.parametrize("program", [COMMAND, (sys.executable, "-m", "mlflow")], ids=["assay", "mlflow"])
def test_predicts_from_stdin_to_stdout_and_nothing_else_goes_there(slow, program):
    done = process("-m", slow, "--env-manager", "local", program=program, input='{"dataframe_records": [{"x": 2.5}]}')
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"predictions": [2.5]}
    assert "printed by the model" in done.stderr


def test_predicts_from_csv_into_a_file(models, capsys):
    Path("in.csv").write_text("a,b,c,d\n1,2,3,4\n-1,-2,3,4\n")
    options = ("-m", str(models / "iris"), "-i", "in.csv", "-t", "csv", "-o", "out.json")
    code, error = in_process(capsys, "predict", *options)
    assert code == 0, error
    assert json.loads(Path("out.json").read_text()) == {"predictions": [1, 0]}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-i", "none.csv"), "'none.csv'"),
        (("-i", "in.csv", "-t", "xml"), "'xml'"),
        (("-i", "in.csv", "-t", "csv"), "['b', 'c', 'd']"),
        (("-i", "in.csv"), "no JSON"),
        (("-r", "numpy==1.0"), "numpy==1.0"),
        (("--env", "A=b"), "A=b assay models"),
    ],
)
def test_what_cannot_be_predicted_is_told(models, options, said, capsys):
    Path("in.csv").write_text("a\n1\n")
    code, error = in_process(capsys, "predict", "-m", str(models / "iris"), *options)
    assert code == 1
    assert said in error


def test_requirements_of_a_model_are_changed(models, tmp_path, capsys):
    copied = shutil.copytree(models / "told", tmp_path / "copied")
    code, error = in_process(capsys, "update-pip-requirements", "-m", str(copied), "add", "numpy>=2")
    assert code == 0, error
    assert "numpy>=2" in (copied / "requirements.txt").read_text().splitlines()
