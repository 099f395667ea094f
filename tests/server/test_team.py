"""Two servers over one PostgreSQL database and one S3 bucket serve one team at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import assay
from assay.testing.processes import ServerProcess

TRAINERS = 3
"""How many processes log through each server."""
STEPS = 150
TRAINER = """
import os, sys
from pathlib import Path
import assay
from assay.testing.processes import ServerProcess

number, shared = int(sys.argv[1]), sys.argv[2]
assay.set_experiment("team")  # all of them at once: one makes it
with assay.start_run(run_name=f"trainer {number}") as run:
    assay.log_params({"number": number, "rate": 0.1 * number})
    for step in range(int(sys.argv[3])):
        assay.log_metrics({"loss": 1 / (step + 1), "own": number * step}, step=step)
        assay.log_metric("together", number, step=step, run_id=shared)
    Path("weights.bin").write_bytes(bytes([number]) * 3_000_000)
    assay.log_artifact("weights.bin", "model")
print(run.info.run_id)
"""


@pytest.fixture
def servers(tmp_path, new_postgres_uri, s3):
    bucket = s3.bucket(f"team{os.getpid()}")
    store = ("--backend-store-uri", new_postgres_uri(), "--artifacts-destination", f"{bucket}/artifacts")
    both = [ServerProcess(tmp_path, *store, "--workers", workers, environment=s3.environment) for workers in ("2", "1")]
    for server in both:
        server.start()
    yield both
    for server in both:
        server.kill()


def test_two_servers_serve_one_team(servers, tmp_path, eventually):
    first, second = (assay.Client(server.url) for server in servers)
    shared = first.create_run("0").info.run_id
    trainers = []
    for number in range(2 * TRAINERS):
        directory = tmp_path / f"trainer{number}"
        directory.mkdir()
        environment = {**os.environ, "MLFLOW_TRACKING_URI": servers[number % 2].url}
        environment["ASSAY_SPOOL_DIR"] = str(directory / "spool")
        trainers.append(
            subprocess.Popen(
                [sys.executable, "-c", TRAINER, str(number), shared, str(STEPS)],
                cwd=directory,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    time.sleep(1.0)
    servers[1].kill()  # half of the trainers lose their server in the middle
    servers[1].start()
    run_ids = [trainer.communicate(timeout=120)[0].split()[-1] for trainer in trainers]
    assert [trainer.returncode for trainer in trainers] == [0] * len(trainers)
    experiment = second.get_experiment_by_name("team")

    def runs_seen_by(client):
        runs = client.search_runs([experiment.experiment_id], "status = 'FINISHED'", order_by=["params.number"])
        return [run.info.run_id for run in runs]

    # Who ended while the server was away has left the rest to a helper process.
    eventually(lambda: len(runs_seen_by(first)) == len(run_ids), seconds=60)
    assert runs_seen_by(first) == runs_seen_by(second) == run_ids
    for number, run_id in enumerate(run_ids):
        other = (second, first)[number % 2]
        assert [point.value for point in other.get_metric_history(run_id, "own")] == [
            number * step for step in range(STEPS)
        ]
        weights = other.download_artifacts(run_id, "model/weights.bin", str(tmp_path / f"got{number}"))
        assert Path(weights).read_bytes() == bytes([number]) * 3_000_000
    together = first.get_metric_history(shared, "together")
    assert sorted((point.step, point.value) for point in together) == [
        (step, number) for step in range(STEPS) for number in range(2 * TRAINERS)
    ]
