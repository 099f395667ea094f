"""What may not be read is answered as if it were not there, by every operation, to the letter."""

from __future__ import annotations

import re

import pytest

from assay.service.needs import NEEDS

from .asks import ALL_OPERATIONS, asks, furnished
from .lines import Line

UNKNOWN = {
    "experiment_id": "987654321",
    "run_id": "0123456789abcdef" * 2,
    "model": "a model that nobody has made",
    "model_id": "m-" + "fedcba9876543210" * 2,
    "report_id": "fedcba9876543210",
}
MADE = {"createExperiment", "createRegisteredModel", "createRun"}
"""What makes something new, which everybody may."""
LISTS = {"getMetricHistoryBulk", "getMetricHistoryBulkInterval", "viewCurves", "viewMetrics", "viewBands"}
"""Of many runs at once, those that are gone are left out, and others' refuse the whole. Nobody guesses their ids."""


def told(line, ask, world):
    """An answer, with what it repeats of the request replaced by what kind of thing that is."""
    answer = line.send(ask.method, ask.addresses[0], ask.body, Content_Type="application/json")
    text = answer.body.decode("utf-8", "replace")
    for field in UNKNOWN:
        text = re.sub(rf"(?<=['/]){re.escape(getattr(world, field))}(?=['/])", f"<{field}>", text)
    return answer.status, text


@pytest.fixture
def here(admin, world):
    return furnished(admin, world)


def test_what_may_not_be_read_is_answered_as_if_it_were_not_there(people, here):
    nowhere, differ, compared = here._replace(**UNKNOWN), {}, 0
    with Line(people["nobody"]) as line:
        for name, operation in ALL_OPERATIONS.items():
            if operation.resource not in NEEDS or operation.level == "search" or name in MADE | LISTS:
                continue
            for real, unreal in zip(asks(operation, here), asks(operation, nowhere), strict=True):
                answers = told(line, real, here), told(line, unreal, nowhere)
                compared += 1
                if answers[0] != answers[1]:
                    differ[name] = answers
    assert compared > 100
    assert not differ, "\n".join(f"{name}: {there}\n  {gone}" for name, (there, gone) in differ.items())
