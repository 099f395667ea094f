"""Gates through the library, in a local store and on a server: real promotions, refused and let pass."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

import assay
from assay.core.errors import InvalidParameterValue, InvalidState, ResourceConflict, ResourceDoesNotExist

pytestmark = pytest.mark.usefixtures("tracked")


@pytest.fixture
def client(tracked):
    return assay.Client(tracked)


@pytest.fixture
def name(client):
    name = f"fraud {os.urandom(4).hex()}"
    client.create_registered_model(name)
    return name


@pytest.fixture
def version(client, name, tmp_path):
    """Make a version of a logged model with these values on datasets, by digest."""

    def version(signature="signature:\n  inputs: '[]'\n", **measured):
        run = client.create_run("0").info.run_id
        model = client.create_logged_model("0", "forest", source_run_id=run).model_id
        (tmp_path / "MLmodel").write_text(f"flavors: {{}}\n{signature}run_id: x\n", encoding="utf-8")
        client.log_model_artifact(model, tmp_path / "MLmodel")
        client.log_metric(run, "val_auc", 0.99)  # of the run, which that of the model outranks
        for digest, value in measured.items():
            client.log_metric(run, "val_auc", value, dataset_name="val", dataset_digest=digest, model_id=model)
        client.flush()
        return client.create_model_version(name, f"models:/{model}", model_id=model).version

    return version


def gated(client, name, *rules, guards="@champion"):
    client.set_gates("\n".join([f"model {name}", f"gate {guards}", *rules]))


def test_every_failed_rule_is_told_and_nothing_is_changed(client, name, version):
    first, second = version(d1=0.93), version(signature="", d1=0.88)
    gated(client, name)
    client.set_registered_model_alias(name, "champion", first)
    rules = [
        "metrics.val_auc >= 0.9",
        "metrics.val_auc >= @champion - 0.01",
        "metrics.recall > 0.5",
        "tags.reviewed = 'yes'",
        "tags.blocked IS NULL",
        "signature",
        "evaluation",
        "approved by ada, bob",
    ]
    gated(client, name, *rules)
    client.set_model_version_tag(name, second, "assay.approved_by.ada", "")
    client.set_model_version_tag(name, second, "reviewed", "no")
    with pytest.raises(InvalidState) as refused:
        client.set_registered_model_alias(name, "champion", second)
    assert refused.value.message.split("\n") == [
        f"Version 2 of {name!r} does not pass the gate of @champion: 6 of 8 rules fail. Nothing was changed.",
        "  line 3: metrics.val_auc >= 0.9 (found 0.88; wanted >= 0.9)",
        (
            "  line 4: metrics.val_auc >= @champion - 0.01 "
            "(found 0.88 on d1; wanted >= 0.92 on d1 as version 1 is @champion)"
        ),
        "  line 5: metrics.recall > 0.5 (found no metric 'recall'; wanted > 0.5)",
        "  line 6: tags.reviewed = 'yes' (found 'no'; wanted = 'yes')",
        "  line 8: signature (found none in the MLmodel file; wanted a signature in the MLmodel file)",
        "  line 10: approved by ada, bob (found approval by ada; wanted tag assay.approved_by.bob)",
    ]
    assert client.get_registered_model(name).aliases == {"champion": first}
    assert len(client.get_alias_history(name, "champion")) == 1
    shown = client.check_gates(name, second, alias="champion")
    assert [one.line for one in shown if not one.passed] == [3, 4, 5, 6, 8, 10]
    assert {one.guards for one in shown} == {"@champion"}
    client.set_registered_model_alias(name, "challenger", second)
    assert client.get_registered_model(name).aliases == {"champion": first, "challenger": second}


def test_a_promotion_passes_once_the_version_shows_what_is_asked(client, name, version):
    gated(client, name, "metrics.val_auc >= 0.9", "metrics.val_auc >= @champion", "tags.ticket IN ('A-1', 'A-2')")
    promoted = version(d1=0.91)
    with pytest.raises(InvalidState, match=r"1 of 3 rules fail.*\n.*no tag 'ticket'"):
        client.set_registered_model_alias(name, "champion", promoted)
    client.set_model_version_tag(name, promoted, "ticket", "A-2")
    (first,) = (one for one in client.check_gates(name, promoted) if "@champion" in one.rule)
    assert (first.passed, first.found) == (True, "no version is @champion yet")
    client.set_registered_model_alias(name, "champion", promoted)
    assert client.get_model_version_by_alias(name, "champion").version == promoted


@pytest.mark.parametrize(
    ("rule", "measured", "passes"),
    [
        (">= @champion", {"d1": 0.9}, True),
        (">= @champion", {"d1": 0.89}, False),
        (">= @champion - 0.02", {"d1": 0.89}, True),
        ("<= @champion", {"d1": 0.89}, True),
        ("<= @champion", {"d1": 0.91}, False),
        ("<= @champion + 0.02", {"d1": 0.91}, True),
        (">= @champion", {"d1": float("nan")}, False),
        (">= @champion", {"d9": 0.99}, False),
        (">= @champion", {}, False),
        (">= @champion", {"d1": 0.95, "d2": 0.4}, False),
        (">= @champion", {"d1": 0.95, "d2": 0.5, "d9": 0.0}, True),
    ],
)
def test_not_worse_than_the_champion_on_the_same_data(client, name, version, rule, measured, passes):
    champion, other = version(d1=0.9, d2=0.5), version(**measured)
    client.set_registered_model_alias(name, "champion", champion)
    gated(client, name, f"metrics.val_auc {rule}")
    (outcome,) = client.check_gates(name, other, alias="champion")
    assert outcome.passed is passes, outcome
    if "d9" in measured and len(measured) == 1:
        assert outcome.found == "values on d9, where @champion has values on d1, d2"


def test_stages_have_gates_and_rollback_asks_none(client, name, version):
    first, second = version(d1=0.9), version(d1=0.8)
    for number in (first, second):
        client.set_registered_model_alias(name, "champion", number)
    client.set_gates(f"model {name}\ngate production\nevaluation\napproved by ada\ngate @champion\ntags.never = 'x'")
    with pytest.raises(InvalidState, match=r"gate of Production: 1 of 2 rules fail"):
        client.transition_model_version_stage(name, first, "Production")
    assert client.get_model_version(name, first).current_stage == "None"
    assert client.transition_model_version_stage(name, first, "Staging").current_stage == "Staging"
    client.set_model_version_tag(name, first, "assay.approved_by.ada", "2026-11-02")
    assert client.transition_model_version_stage(name, first, "production").current_stage == "Production"
    assert client.rollback_alias(name, "champion").version == first
    assert [one.passed for one in client.check_gates(name, second, stage="production")] == [True, False]


def test_the_metrics_of_a_run_count_where_there_is_no_logged_model(client, name):
    run = client.create_run("0").info.run_id
    client.log_metric(run, "val_auc", 0.5, timestamp=1)
    client.log_metric(run, "val_auc", 0.7, timestamp=2)
    client.log_text(run, "flavors: {}\nsignature:\n  inputs: '[]'\n", "model/MLmodel")
    made = assay.register_model(f"runs:/{run}/model", name)
    gated(client, name, "metrics.val_auc = 0.7", "signature", "evaluation")
    shown = {one.rule: (one.passed, one.found) for one in client.check_gates(name, made.version)}
    assert shown == {
        "metrics.val_auc = 0.7": (True, "0.7"),
        "signature": (True, "a signature"),
        "evaluation": (False, "no metric on a dataset"),
    }
    assay.register_model(f"runs:/{run}", name)
    assert client.check_gates(name, "2")[1].found == "no MLmodel file"


def test_gates_are_kept_as_written_and_taken_away(client, name, version):
    assert client.get_gates(name) == ""
    text = f"# é\nmodel {name}\n\ngate @champion\n  evaluation\n"
    assert client.set_gates(text) == name
    assert client.get_gates(name) == text
    client.rename_registered_model(name, f"{name} new")
    assert client.get_gates(f"{name} new") == text
    with pytest.raises(InvalidParameterValue, match="Line 2"):
        client.set_gates(f"model {name} new\nevaluation")
    assert client.get_gates(f"{name} new") == text
    client.set_gates(f"model {name} new\ngate @champion")
    assert client.get_gates(f"{name} new") == ""
    with pytest.raises(ResourceDoesNotExist, match="nothing"):
        client.set_gates("model nothing\ngate @champion\nevaluation")
    with pytest.raises(InvalidParameterValue, match="not both"):
        client.check_gates(f"{name} new", "1", alias="a", stage="Staging")


def test_of_two_who_promote_at_once_one_wins_and_the_other_is_told(client, name, version):
    champion, *better = version(d1=0.9), version(d1=0.95), version(d1=0.96)
    client.set_registered_model_alias(name, "champion", champion)
    gated(client, name, "metrics.val_auc >= @champion")

    def promote(number):
        try:
            client.set_registered_model_alias(name, "champion", number, expected_version=champion)
        except ResourceConflict as error:
            return error.message
        return number

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(promote, better))
    won = client.get_model_version_by_alias(name, "champion").version
    assert won in better
    assert sorted(one == won for one in told) == [False, True]
    assert any("somebody else changed it" in one for one in told)
