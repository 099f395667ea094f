"""When something is tried again, and how long that waits."""

from __future__ import annotations

import pytest

from assay.core.errors import (
    AssayError,
    InvalidParameterValue,
    InvalidState,
    RequestLimitExceeded,
    ServerUnreachable,
    StorageFull,
)
from assay.core.retry import Backoff, is_temporary, retry


def failing(*errors):
    left = list(errors)

    def work():
        if left:
            raise left.pop(0)
        return "done"

    return work


def test_temporary_errors_are_tried_again():
    pauses = []
    work = failing(ServerUnreachable(), RequestLimitExceeded(), StorageFull())
    assert retry(work, retries=3, sleep=pauses.append) == "done"
    assert len(pauses) == 3


def test_the_last_error_is_raised_when_the_tries_are_used_up():
    with pytest.raises(RequestLimitExceeded):
        retry(failing(ServerUnreachable(), RequestLimitExceeded()), retries=1, sleep=lambda seconds: None)


@pytest.mark.parametrize("error", [InvalidParameterValue(), InvalidState()])
def test_what_would_fail_again_is_not_tried_again(error):
    assert not is_temporary(error)
    with pytest.raises(AssayError):
        retry(failing(error), retries=5, sleep=lambda seconds: pytest.fail("waited"))


def test_waits_double_up_to_the_cap_and_differ_by_chance():
    backoff = Backoff(base=1.0, cap=8.0)
    for attempt, most in enumerate([1, 2, 4, 8, 8, 8]):
        waits = [backoff.seconds(attempt) for _ in range(50)]
        assert all(most / 2 <= wait <= most for wait in waits)
        assert len(set(waits)) > 1
    assert backoff.seconds(10_000) <= 8


def test_a_server_that_says_how_long_is_obeyed_up_to_the_cap():
    backoff = Backoff(base=0.1, cap=8.0)
    assert 3 <= backoff.seconds(0, retry_after=3) <= 3.1
    assert backoff.seconds(0, retry_after=3600) <= 8.1
    error = RequestLimitExceeded()
    error.retry_after = 2.0
    pauses = []
    retry(failing(error), retries=1, backoff=backoff, sleep=pauses.append)
    assert 2 <= pauses[0] <= 2.1


def test_nothing_is_tried_after_the_deadline():
    with pytest.raises(ServerUnreachable):
        retry(failing(ServerUnreachable()), retries=5, deadline=0.0, sleep=lambda seconds: pytest.fail("waited"))
