"""What the charts of the web UI ask, over a real socket."""

from functools import partial

import pytest


@pytest.fixture
def ask(http_):
    return partial(http_.post, prefix="/ajax-api/")


@pytest.fixture
def runs(http_):
    """Three runs of 20 steps; the loss of each is a third, a NaN at step 5 of the last."""
    found = []
    for number in range(3):
        run_id = http_.new_run()
        values = [number + 1 / 3 if (number, step) != (2, 5) else "NaN" for step in range(20)]
        points = [{"key": "loss", "value": value, "timestamp": 9, "step": step} for step, value in enumerate(values)]
        points += [{"key": "tokens", "value": step * 100, "timestamp": 9, "step": step} for step in range(0, 20, 2)]
        http_.call("runs/log-batch", {"run_id": run_id, "metrics": points})
        found.append(run_id)
    return found


def test_metrics_are_listed_without_points(ask, runs):
    found = ask("assay/1/views/metrics", {"run_ids": runs}).json["metrics"]
    assert found == [
        {"key": "loss", "runs": 3, "points": 20, "first_step": 0, "last_step": 19},
        {"key": "tokens", "runs": 3, "points": 10, "first_step": 0, "last_step": 18},
    ]
    assert ask("assay/1/views/metrics", {"run_ids": ["none"]}).json == {"metrics": []}


def test_a_picture_is_given_no_more_than_it_needs(ask, runs):
    request = {"run_ids": runs[:1], "keys": ["loss", "tokens"], "buckets": 4, "joined": True}
    plain = ask("assay/1/views/curves", request).json["curves"]
    short = ask("assay/1/views/curves", {**request, "digits": 3, "times": False}).json["curves"]
    assert plain[0]["values"][0] == 1 / 3
    assert set(short[0]["values"]) == {0.333}
    assert short[0]["timestamps"] == []
    assert short[0]["steps"] == plain[0]["steps"]
    assert set(plain[1]["steps"]) <= set(plain[0]["steps"])
    assert (plain[0]["count"], plain[1]["count"]) == (20, 10)


def test_groups_of_runs_are_summed_up(ask, runs):
    request = {"run_ids": runs, "groups": [7, 4, 4], "key": "loss", "start_step": 4, "end_step": 6}
    four, seven = ask("assay/1/views/bands", request).json["bands"]
    assert (four["group"], four["runs"], four["points"], four["finite"]) == (4, 2, 6, 5)
    assert (four["steps"], four["counts"]) == ([4, 5, 6], [2, 1, 2])
    assert four["means"] == pytest.approx([11 / 6, 4 / 3, 11 / 6])
    assert four["deviations"] == [pytest.approx(0.5**0.5), None, pytest.approx(0.5**0.5)]
    assert (seven["group"], seven["lows"], seven["highs"]) == (7, [1 / 3] * 3, [1 / 3] * 3)
    assert ask("assay/1/views/bands", {**request, "key": "none"}).json == {"bands": []}


@pytest.mark.parametrize(
    ("path", "request_", "told"),
    [
        ("bands", {"run_ids": ["a"], "groups": [], "key": "loss"}, "Every run needs a group"),
        ("bands", {"run_ids": ["a"], "groups": [1], "key": "loss", "buckets": 0}, "buckets"),
        ("curves", {"run_ids": ["a"], "digits": 0}, "digits"),
        ("metrics", {"run_ids": ["a"] * 501}, "at most 500 runs"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ask, path, request_, told):
    answer = ask(f"assay/1/views/{path}", request_)
    assert answer.status == 400
    assert told in answer.json["message"]
