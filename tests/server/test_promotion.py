"""Promotions over HTTP on every kind of store: two people at once, gates that refuse and let pass, and bad input."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise

import pytest

import assay
from assay.client.artifact_uris import download_artifacts
from assay.core.errors import AssayError, InvalidParameterValue, InvalidState, ResourceDoesNotExist
from assay.server.config import ServerConfig
from assay.testing.server import running_server

CHANGES = 12
PROMOTER = """
import json, sys, time
from pathlib import Path
import assay
from assay.core.errors import ResourceConflict
url, name, start, me, expecting, changes = sys.argv[1:]
client = assay.Client(url, url)
print("ready", flush=True)
while not Path(start).exists():
    time.sleep(0.001)
told = []
for number in range(int(changes)):
    present = client.get_registered_model(name).aliases.get("champion", "")
    version = "2" if present == "1" else "1"
    try:
        client.set_registered_model_alias(
            name, "champion", version, expected_version=present if expecting == "yes" else None, note=f"{me} {number}"
        )
    except ResourceConflict as error:
        told.append([present, None, error.message])
    else:
        told.append([present, version, f"{me} {number}"])
print(json.dumps(told))
"""
GATES = """model {name}
gate @champion
  metrics.auc >= 0.9
  metrics.auc >= @champion
  tags.ticket IS NOT NULL
  signature
  evaluation
  approved by ada
gate Production
  metrics.auc >= @champion
"""


@pytest.fixture(scope="module", params=["sqlite", "postgres", "mariadb"])
def server(request, tmp_path_factory):
    """A server on a store of this kind."""
    directory = tmp_path_factory.mktemp("promotion")
    if request.param == "sqlite":
        store = str(directory / "mlruns")
    else:
        store = request.getfixturevalue(f"new_{request.param}_uri")()
    config = ServerConfig(
        backend_store_uri=store,
        artifacts_destination=str(directory / "files"),
        default_artifact_root="mlflow-artifacts:/",
        access_log=False,
    )
    with running_server(directory, config) as running:
        yield running.url


@pytest.fixture
def client(server, fresh_library):
    """A client of the server, whose experiment has its files there."""
    assay.set_tracking_uri(server)
    return assay.Client(server, server)


@pytest.fixture
def name(client, request):
    """A model of two versions; the first is the champion."""
    name = request.node.name
    client.create_registered_model(name)
    for number in (1, 2):
        client.create_model_version(name, f"s3://bucket/{number}")
    client.set_registered_model_alias(name, "champion", "1")
    return name


def known(client, name):
    """All that the registry says of a model."""
    versions = client.search_model_versions(f"name = '{name}'")
    return client.get_registered_model(name), list(versions), client.get_alias_history(name, "champion")


@pytest.mark.parametrize("expecting", ["yes", "no"])
def test_two_people_promote_at_once(server, client, name, tmp_path, expecting):
    start = tmp_path / "start"
    people = [
        subprocess.Popen(
            [sys.executable, "-c", PROMOTER, server, name, str(start), me, expecting, str(CHANGES)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for me in ("ada", "bob")
    ]
    assert [one.stdout.readline() for one in people] == ["ready\n"] * 2
    start.touch()
    told = [change for one in people for change in json.loads(one.communicate(timeout=60)[0])]
    history = client.get_alias_history(name, "champion")[::-1]
    done = {note: (present, version) for present, version, note in told if version}
    assert len(told) == 2 * CHANGES
    assert {change.note for change in history[1:]} == set(done)
    assert len(history) == 1 + len(done), "each change once"
    assert client.get_registered_model(name).aliases == {"champion": history[-1].version}
    assert client.get_model_version_by_alias(name, "champion").version == history[-1].version
    assert [change.timestamp for change in history] == sorted(change.timestamp for change in history)
    if expecting == "yes":
        for before, change in pairwise(history):
            assert done[change.note] == (before.version, change.version)
        assert all("somebody else changed it" in said for _, version, said in told if not version)
    else:
        assert len(done) == 2 * CHANGES


def test_what_cannot_be_leaves_the_registry_as_it_is(client, name):
    before = known(client, name)
    began = before[2][-1].timestamp
    earlier = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began / 1000 - 5))
    for uri, error, says in [
        (f"models:/{name}@nobody", InvalidParameterValue, "'nobody'"),
        (f"models:/{name}@champion?as_of={earlier}", InvalidParameterValue, "stood for no version then"),
        (f"models:/{name}/3", ResourceDoesNotExist, "version 3|3"),
        (f"models:/{name}/Staging", InvalidParameterValue, "Staging"),
        ("models:/none@champion", ResourceDoesNotExist, "'none'"),
    ]:
        for use in (download_artifacts, lambda uri: assay.register_model(uri, name), client.get_model_lineage):
            with pytest.raises(error, match=says):
                use(uri)
    for change in (
        lambda: client.set_registered_model_alias(name, "champion", "3"),
        lambda: client.set_registered_model_alias(name, "champion", "two"),
        lambda: client.set_registered_model_alias(name, "v3", "1"),
        lambda: client.set_registered_model_alias("none", "champion", "1"),
        lambda: client.transition_model_version_stage(name, "3", "Production"),
        lambda: client.transition_model_version_stage(name, "1", "Live"),
        lambda: client.rollback_alias(name, "champion"),
        lambda: client.delete_model_version(name, "3"),
        lambda: client.create_model_version(name, "/etc"),
    ):
        with pytest.raises(AssayError):
            change()
    assert known(client, name) == before


def test_a_deleted_version_takes_its_alias_along(client, name):
    client.delete_model_version(name, "1")
    for uri in (f"models:/{name}@champion", f"models:/{name}/1"):
        with pytest.raises(AssayError, match=r"champion|version 1"):
            download_artifacts(uri)
    assert client.get_registered_model(name).aliases == {}
    history = client.get_alias_history(name, "champion")
    assert (history[0].version, history[0].note) == (None, "version 1 was deleted")
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5))
    with pytest.raises(InvalidParameterValue, match="stood for no version"):
        download_artifacts(f"models:/{name}@champion?as_of={moment}")
    with pytest.raises(InvalidState, match="no other version"):
        client.rollback_alias(name, "champion")
    client.set_registered_model_alias(name, "champion", "2")
    assert client.get_model_version_by_alias(name, "champion").version == "2"


def measured(client, name, tmp_path, *, auc, signature=True):
    """A version of a logged model whose run was measured on the dataset of this digest."""
    found = client.get_experiment_by_name(name)
    experiment = found.experiment_id if found else client.create_experiment(name)
    run = client.create_run(experiment).info.run_id
    model = client.create_logged_model(experiment, "forest", source_run_id=run).model_id
    signed = "signature:\n  inputs: '[]'\n" if signature else ""
    (tmp_path / "MLmodel").write_text(f"flavors: {{}}\n{signed}")
    client.log_model_artifact(model, tmp_path / "MLmodel")
    for digest, value in auc.items():
        client.log_metric(run, "auc", value, model_id=model, dataset_name="val", dataset_digest=digest)
    client.flush()
    return client.create_model_version(name, f"models:/{model}", run, model_id=model).version


def test_a_gate_refuses_and_then_lets_pass(client, name, tmp_path):
    first = measured(client, name, tmp_path, auc={"d1": 0.92})
    client.set_registered_model_alias(name, "champion", first)
    client.set_gates(GATES.format(name=name))
    poor = measured(client, name, tmp_path, auc={"d1": 0.85}, signature=False)
    good = measured(client, name, tmp_path, auc={"d1": 0.93})
    before = known(client, name)
    with pytest.raises(InvalidState) as refused:
        client.set_registered_model_alias(name, "champion", poor)
    said = refused.value.message.splitlines()
    assert "5 of 6 rules fail" in said[0]
    assert [line.split(":")[0].strip() for line in said[1:]] == [f"line {number}" for number in (3, 4, 5, 6, 8)]
    with pytest.raises(InvalidState, match="gate of Production: 1 of 1 rules fail"):
        client.transition_model_version_stage(name, poor, "Production")
    with pytest.raises(InvalidState, match="2 of 6 rules fail"):
        client.set_registered_model_alias(name, "champion", good)
    assert known(client, name) == before
    client.set_model_version_tag(name, good, "ticket", "A-1")
    client.set_model_version_tag(name, good, "assay.approved_by.ada", "yes")
    client.set_registered_model_alias(name, "champion", good)
    assert client.transition_model_version_stage(name, good, "Production").current_stage == "Production"
    found = client.get_model_lineage(f"models:/{name}@champion")
    assert (found.version.version, found.version.run_id) == (good, found.run.run_id)
    assert [(data.name, data.digest, data.metrics) for data in found.datasets] == [("val", "d1", ["auc"])]
    assert client.rollback_alias(name, "champion").version == first
