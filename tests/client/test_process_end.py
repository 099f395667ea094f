"""How a run ends when its process does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

import assay
from assay.client import connection
from assay.client.fluent import runs

MULTIPROCESSING = """
import multiprocessing, sys
import assay

def work(number):
    for step in range(50):
        assay.log_metric("m", number, step=number * 1000 + step, run_id=run_id)

def start(given):
    global run_id
    run_id = given

if __name__ == "__main__":
    with assay.start_run() as run:
        context = multiprocessing.get_context(sys.argv[1])
        with context.Pool(2, initializer=start, initargs=(run.info.run_id,)) as pool:
            pool.map(work, range(4))
        print(run.info.run_id)
"""


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("assay.start_run(); assay.log_metric('m', 1)", "FINISHED"),
        ("assay.log_metric('m', 1)", "FINISHED"),
        ("assay.start_run(); assay.log_metric('m', 1); 1 / 0", "FAILED"),
        ("assay.start_run(); assay.log_metric('m', 1); assay.end_run('KILLED')", "KILLED"),
        ("with assay.start_run(): assay.log_metric('m', 1); sys.exit(3)", "FAILED"),
        ("assay.start_run(); assay.log_metric('m', 1); os._exit(0)", "KILLED"),
        ("import ctypes; assay.start_run(); assay.log_metric('m', 1); ctypes.string_at(0)", "KILLED"),
    ],
)
def test_the_end_of_a_process_ends_its_run(tmp_path, script, source, status):
    script(f"import assay, os, sys\n{source}")
    (run,) = assay.search_runs(output_format="list")
    assert run.info.status == status
    assert run.info.end_time >= run.info.start_time
    assert run.data.metrics == {"m": 1.0}


def test_a_terminated_process_leaves_a_killed_run(tmp_path):
    source = (
        "import assay, time\nassay.start_run(); assay.log_metric('m', 1); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", source], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        (run,) = assay.search_runs(output_format="list")
        assert (run.info.status, run.data.metrics) == ("RUNNING", {"m": 1.0})
        process.send_signal(signal.SIGTERM)
        process.wait()
    (run,) = assay.search_runs(output_format="list")
    assert run.info.status == "KILLED"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing_workers_log(tmp_path, method):
    (tmp_path / "train.py").write_text(MULTIPROCESSING)
    done = subprocess.run(
        [sys.executable, "train.py", method], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    history = assay.Client().get_metric_history(done.stdout.strip(), "m")
    assert sorted(one.step for one in history) == sorted(n * 1000 + s for n in range(4) for s in range(50))


def test_a_killed_client_run_that_was_left_open_on_purpose_stays_open(tmp_path, script):
    done = script("import assay\nprint(assay.Client().create_run('0').info.run_id)")
    assert assay.get_run(done.stdout.strip()).info.status == "RUNNING"


def test_a_forked_child_that_exits_does_not_end_the_run_of_its_parent(tracked):
    with assay.start_run() as run:
        pid = os.fork()
        if not pid:
            assay.log_metric("m", 1)
            runs._end_leftovers()
            run.__exit__(None, None, None)
            connection._close_all()
            os._exit(0)
        os.waitpid(pid, 0)
        found = assay.get_run(run.info.run_id)
        assert found.info.status == "RUNNING"
    assert assay.get_run(run.info.run_id).info.status == "FINISHED"
    assert assay.get_run(run.info.run_id).data.metrics == {"m": 1.0}
