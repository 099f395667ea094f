"""Work on several threads: all of it, or the first error."""

import threading
import time

import pytest

from assay.core.parallel import ahead, each


def test_every_item_is_done_side_by_side():
    done = []
    threads = set()

    def work(item):
        time.sleep(0.01)
        threads.add(threading.get_ident())
        done.append(item)

    each(work, range(40), threads=8)
    assert sorted(done) == list(range(40))
    assert 1 < len(threads) <= 8
    each(work, [], threads=8)


def test_the_first_error_ends_it():
    done = []

    def work(item):
        if item == 3:
            raise ValueError(item)
        time.sleep(0.01)
        done.append(item)

    with pytest.raises(ValueError, match="3"):
        each(work, range(1000), threads=4)
    assert len(done) < 20


def test_items_come_ahead_but_not_too_far():
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    coming = ahead(items(), most=4)
    assert next(coming) == 0
    time.sleep(0.1)
    assert len(made) <= 7
    assert list(coming) == list(range(1, 100))


def test_an_error_of_the_items_is_raised_where_they_are_used():
    def items():
        yield 1
        raise ValueError("broke")

    coming = ahead(items(), most=2)
    assert next(coming) == 1
    with pytest.raises(ValueError, match="broke"):
        next(coming)


def test_items_nobody_wants_are_not_made():
    alive = threading.active_count()
    coming = ahead(iter(range(1000)), most=2)
    next(coming)
    coming.close()
    assert threading.active_count() == alive
