"""The history of aliases through the library, in a local store and on a server: who, when, and the way back."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

import assay
from assay.client.artifact_uris import load_text
from assay.client.model_uris import split
from assay.core.errors import InvalidParameterValue, InvalidState, ResourceConflict, ResourceDoesNotExist
from assay.service.model_sources import parse_model_uri

pytestmark = pytest.mark.usefixtures("tracked")


@pytest.fixture
def client(tracked):
    return assay.Client(tracked)


@pytest.fixture
def name(client):
    """A model of three versions, each with a file that says which it is."""
    name = f"fraud {os.urandom(4).hex()}"
    for number in (1, 2, 3):
        with assay.start_run() as run:
            assay.log_text(f"weights {number}", "model/weights.txt")
        assay.register_model(f"runs:/{run.info.run_id}/model", name)
    return name


def written(milliseconds, *, zone=timezone.utc):
    return datetime.fromtimestamp(milliseconds / 1000, tz=zone).isoformat(timespec="milliseconds")


def test_each_change_is_told_with_its_user_and_note(client, name, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
    began = int(time.time() * 1000)
    client.set_registered_model_alias(name, "champion", "1", note="first")
    client.set_registered_model_alias(name, "champion", "2")
    client.delete_registered_model_alias(name, "champion", note="wrong")
    found = client.get_alias_history(name, "champion")
    assert [(change.version, change.user, change.note) for change in found] == [
        (None, "ada", "wrong"),
        ("2", "ada", ""),
        ("1", "ada", "first"),
    ]
    assert {change.alias for change in found} == {"champion"}
    assert began - 60_000 < found[-1].timestamp <= found[0].timestamp < time.time() * 1000 + 60_000
    assert client.get_alias_history(name, "none") == []
    with pytest.raises(ResourceDoesNotExist, match="nothing"):
        client.get_alias_history("nothing", "champion")
    with pytest.raises(InvalidParameterValue, match="1001 characters"):
        client.set_registered_model_alias(name, "champion", "1", note="n" * 1001)
    assert client.get_registered_model(name).aliases == {}


def test_a_long_history_is_read_whole(client, name, monkeypatch):
    monkeypatch.setattr("assay.service.registry_rules.MAX_CHANGES_PAGE", 3)
    for number in range(8):
        client.set_registered_model_alias(name, "champion", "1", note=str(number))
    assert [change.note for change in client.get_alias_history(name, "champion")] == list("76543210")


def test_a_model_as_it_was_at_a_time(client, name):
    client.set_registered_model_alias(name, "champion", "1")
    time.sleep(0.01)
    client.set_registered_model_alias(name, "champion", "2")
    time.sleep(0.01)
    client.delete_registered_model_alias(name, "champion")
    gone, second, first = (change.timestamp for change in client.get_alias_history(name, "champion"))
    assert load_text(f"models:/{name}@champion/weights.txt?as_of={written(first)}") == "weights 1"
    assert load_text(f"models:/{name}@champion/weights.txt?as_of={written(second - 1)}") == "weights 1"
    east = timezone(timedelta(hours=5, minutes=30))
    assert load_text(f"models:/{name}@champion/weights.txt?as_of={written(second, zone=east)}") == "weights 2"
    for none in (written(first - 1), written(gone), "2001-01-01"):
        with pytest.raises(InvalidParameterValue, match="'champion' stood for no version then"):
            load_text(f"models:/{name}@champion/weights.txt?as_of={none}")
    copied = client.copy_model_version(f"models:/{name}@champion?as_of={written(first)}", f"{name} copy")
    assert copied.source == f"models:/{name}/1"
    made = client.create_model_version(name, f"models:/{name}@champion?as_of={written(second)}")
    assert made.source == f"models:/{name}/2"
    client.delete_model_version(name, "1")
    with pytest.raises(ResourceDoesNotExist, match="version 1"):
        load_text(f"models:/{name}@champion/weights.txt?as_of={written(first)}")


@pytest.mark.parametrize(
    "wrong",
    ["", "yesterday", "2026-13-01", "2026-11-01T10:00", "2026-11-01T25:00Z", "20261101", "2026-W44-1", "²026-11-01"],
)
def test_a_time_without_zone_and_what_is_no_time_are_refused(wrong):
    with pytest.raises(InvalidParameterValue, match="a time with its zone"):
        parse_model_uri(f"models:/fraud@champion?as_of={wrong}")


@pytest.mark.parametrize(
    ("moment", "milliseconds"),
    [
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01T01:00:01+01:00", 1000),
        ("1970-01-01T00:00:00.007Z", 7),
        ("1970-01-01T00:00:00-00:30", 1_800_000),
    ],
)
def test_a_date_begins_in_utc(moment, milliseconds):
    assert parse_model_uri(f"models:/fraud@champion?as_of={moment}").as_of == milliseconds


def test_a_time_stands_at_the_end_of_a_path():
    assert split("models:/fraud@champion/a/b.txt?as_of=2026-11-01") == (
        "models:/fraud@champion?as_of=2026-11-01",
        "a/b.txt",
    )
    assert split("models:/fraud@champion/a?b.txt") == ("models:/fraud@champion", "a?b.txt")
    assert split("models:/fraud/1/a?as_of=2026-11-01") == ("models:/fraud/1", "a?as_of=2026-11-01")


def test_one_step_back(client, name):
    with pytest.raises(InvalidState, match="no other version"):
        client.rollback_alias(name, "champion")
    for version in ("1", "2", "3"):
        client.set_registered_model_alias(name, "champion", version)
    assert client.rollback_alias(name, "champion", note="alarms").version == "2"
    assert client.get_model_version_by_alias(name, "champion").version == "2"
    assert client.get_alias_history(name, "champion")[0].note == "alarms"
    assert client.rollback_alias(name, "champion").version == "3"
    client.delete_model_version(name, "3")
    assert client.get_alias_history(name, "champion")[0].note == "version 3 was deleted"
    assert client.rollback_alias(name, "champion").version == "2"
    with pytest.raises(InvalidParameterValue, match="reserved"):
        client.rollback_alias(name, "latest")


def test_an_alias_that_somebody_else_moved_is_left(client, name):
    client.set_registered_model_alias(name, "champion", "1", expected_version="")
    with pytest.raises(ResourceConflict, match=r"stands for version 1, and no version was expected"):
        client.set_registered_model_alias(name, "champion", "2", expected_version="")
    client.set_registered_model_alias(name, "champion", "2", expected_version="1")
    with pytest.raises(ResourceConflict, match=r"stands for version 2, and version 1 was expected"):
        client.rollback_alias(name, "champion", expected_version="1")
    with pytest.raises(InvalidParameterValue, match="'version'"):
        client.set_registered_model_alias(name, "champion", "1", expected_version="two")
    assert len(client.get_alias_history(name, "champion")) == 2
    client.rollback_alias(name, "champion", expected_version="2")
    assert client.get_model_version_by_alias(name, "champion").version == "1"


def test_of_many_who_expect_the_same_one_wins(client, name):
    client.set_registered_model_alias(name, "champion", "1")

    def promote(version):
        try:
            client.set_registered_model_alias(name, "champion", version, expected_version="1")
        except ResourceConflict:
            return None
        return version

    with ThreadPoolExecutor(8) as pool:
        won = [version for version in pool.map(promote, ["2", "3"] * 8) if version]
    assert len(won) == 1
    assert client.get_model_version_by_alias(name, "champion").version == won[0]
    assert len(client.get_alias_history(name, "champion")) == 2
