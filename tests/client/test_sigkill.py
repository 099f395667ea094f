"""A script that logs is killed at a random moment: what it had logged is stored, once, and its run does not stay open.

The oracle is outside the system: the script writes each call that returned to a pipe that the test holds.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import assay

if TYPE_CHECKING:
    from pathlib import Path

POINTS = 20_000
KEYS = 8
KILLS = 20
AT_ONCE = 4
SCRIPT = f"""
import os, sys
import assay
pipe = int(sys.argv[1])
run = assay.start_run(run_name=sys.argv[2])
os.write(pipe, run.info.run_id.encode() + b"\\n")
for number in range({POINTS}):
    assay.log_metric(f"key-{{number % {KEYS}}}", number, step=number)
    os.write(pipe, b"%d\\n" % number)
os.write(pipe, b"done\\n")
os.kill(os.getpid(), 9)
"""


def killed_script(seed: int, uri: str, directory: Path) -> tuple[str, list[int], bool]:
    """Kill the script after a time that the seed says; its run id, the accepted calls, whether it was cut off."""
    chance = random.Random(seed)
    reading, writing = os.pipe()
    environment = {**os.environ, "ASSAY_TRACKING_URI": uri}
    command = [sys.executable, "-c", SCRIPT, str(writing), f"seed-{seed}"]
    with subprocess.Popen(command, env=environment, cwd=directory, pass_fds=[writing]) as process:
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            run_id = pipe.readline().decode().strip()
            assert run_id, "the script did not start its run"
            time.sleep(chance.uniform(0, 0.35))
            process.send_signal(signal.SIGKILL)
            told = pipe.read().split(b"\n")
    assert process.returncode == -signal.SIGKILL
    accepted = [int(line) for line in told if line and line != b"done"]
    return run_id, accepted, b"done" not in told


def check(client: assay.Client, seed: int, run_id: str, accepted: list[int]) -> str | None:
    """What is wrong with the stored run, or None."""
    stored = Counter(
        int(point.value) for key in range(KEYS) for point in client.get_metric_history(run_id, f"key-{key}")
    )
    lost = set(accepted) - set(stored)
    doubled = [number for number, count in stored.items() if count > 1]
    # One call may have returned in the moment before the script could tell of it.
    never_made = [number for number in stored if number > len(accepted)]
    status = client.get_run(run_id).info.status
    if lost or doubled or never_made or status != "KILLED":
        return f"seed {seed}: {len(lost)} lost, {len(doubled)} doubled, {len(never_made)} never made, {status}"
    return None


@pytest.mark.parametrize("where", ["local", "server", "database"])
def test_every_accepted_point_is_stored_once_after_a_kill(where, request, tmp_path, until, capsys):
    uri = str(tmp_path / "mlruns")
    if where == "server":
        uri = request.getfixturevalue("server_process").start().url
    elif where == "database":
        uri = request.getfixturevalue("new_postgres_uri")()
    first = random.SystemRandom().randrange(1 << 30)
    seeds = range(first, first + KILLS)
    with capsys.disabled():
        print(f" seeds {first}..{first + KILLS - 1}", end="")

    assay.Client(uri).search_experiments()  # the store exists before many processes want to make it
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda seed: (seed, *killed_script(seed, uri, tmp_path)), seeds))
    client = assay.Client(uri)
    until(lambda: all(client.get_run(run_id).info.status != "RUNNING" for _, run_id, _, _ in results), seconds=60)
    found = [check(client, seed, run_id, accepted) for seed, run_id, accepted, _ in results]
    assert [one for one in found if one] == []
    assert any(cut_off for _, _, _, cut_off in results)
