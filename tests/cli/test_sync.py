"""`assay sync`: what waits in the spool of this machine is delivered."""

from __future__ import annotations

import json

import assay
from assay.client.spools import note_address, spool_for
from assay.core import ids
from assay.journal.writer import JournalWriter
from assay.testing.server import running_server
from assay.wire.journal import encode_payload
from assay.wire.metrics import LogMetric
from assay.wire.runs import CreateRun, UpdateRun


def leave_a_run(url, *, experiment_id="0"):
    """What a process leaves that logged a run while its server was out of reach."""
    run_id = ids.hex_id()
    directory = spool_for(url)
    note_address(directory, url)
    journal = JournalWriter(directory)
    journal.append_many(
        encode_payload(message)
        for message in (
            CreateRun(experiment_id=experiment_id, run_id=run_id, run_name="offline", start_time=1),
            LogMetric(run_id=run_id, key="loss", value=0.5, timestamp=2),
            UpdateRun(run_id=run_id, status="FINISHED", end_time=3),
        )
    )
    journal.close()
    return run_id


def test_nothing_waits(run):
    result = run("sync")
    assert (result.code, result.output) == (0, "Nothing waits on this machine.\n")
    assert json.loads(run("sync", "--output", "json").output) == []


def test_what_waits_is_delivered(run, tmp_path):
    with running_server(tmp_path / "server") as server:
        run_id = leave_a_run(server.url)
        (told,) = json.loads(run("sync", "--output", "json").output)
        assert told == {"server": server.url, "sent": 3, "refused": 0, "waiting": 0}
        found = assay.Client(server.url).get_run(run_id)
        assert (found.info.status, found.data.metrics) == ("FINISHED", {"loss": 0.5})
        again = run("sync")
        assert again.code == 0
        assert again.lines[-1].split() == [server.url, "0", "0", "0"]


def test_a_server_out_of_reach_is_told_and_everything_kept(run):
    leave_a_run("http://127.0.0.1:9")
    result = run("sync")
    assert result.code == 1
    assert "Error: " in result.error
    assert "127.0.0.1:9" in result.error
    server, sent, refused, waiting = result.lines[-1].split()
    assert (server, sent, refused) == ("http://127.0.0.1:9", "0", "0")
    assert int(waiting) > 0


def test_only_the_server_that_is_named(run):
    leave_a_run("http://127.0.0.1:9")
    assert run("sync", "--tracking-uri", "http://elsewhere.example").output == "Nothing waits on this machine.\n"


def test_refused_records_are_told(run, tmp_path):
    with running_server(tmp_path / "server") as server:
        leave_a_run(server.url, experiment_id="999")
        result = run("sync")
        assert result.code == 1
        assert "rejected.jsonl" in result.error
