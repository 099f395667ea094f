"""What every `Store` must do with metrics; part of `StoreContract`."""

from __future__ import annotations

import math
import random
import struct
from typing import TYPE_CHECKING, Any

import pytest

from assay.core.errors import InvalidParameterValue
from assay.store.metrics import MetricKey, Point
from assay.testing.store_content import add_run, append_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Store
    from assay.store.metrics import ThinCurve
    from assay.wire.metrics import Metric

NAN = math.nan
INF = math.inf
_EXTREME = 2**63 - 1


def chance(seed: int) -> random.Random:
    """The same numbers every time."""
    return random.Random(seed)  # noqa: S311 -- test data


def append(store: Store, points: Sequence[Point], *, run_id: str = "r", key: str = "loss") -> None:
    """Add points to one series."""
    append_all(store, run_id, {key: points})


def history(store: Store, *, limit: int | None = None, offset: int = 0) -> list[tuple[int, int, bytes]]:
    """The series `loss` of the run `r`: timestamp, step, and the bits of the value."""
    found = store.read(lambda session: session.metrics.history("r", key="loss", limit=limit, offset=offset))
    return [(point.timestamp, point.step, struct.pack("<d", point.value)) for point in found]


def expected(points: Sequence[Point]) -> list[tuple[int, int, bytes]]:
    """The same of points as they are to come back."""
    distinct = {(point[0], point[1], "nan" if math.isnan(point[2]) else point[2]): point for point in reversed(points)}
    rows = sorted(distinct.values(), key=lambda p: (p.timestamp, p.step, 0.0 if math.isnan(p.value) else p.value))
    return [(point.timestamp, point.step, struct.pack("<d", point.value)) for point in rows]


def last(store: Store) -> Metric:
    """The last value of the series `loss` of the run `r`, as the run shows it."""
    (found,) = store.read(lambda session: session.runs.get("r")).data.metrics
    return found


def curve(store: Store, buckets: int, steps: tuple[int | None, int | None] = (None, None)) -> ThinCurve:
    """The series `loss` of the run `r`, thinned."""
    (found,) = store.read(lambda session: session.metrics.curves(["r"], keys=["loss"], buckets=buckets, steps=steps))
    return found


def points_of(found: ThinCurve) -> list[Point]:
    """The points that a thinned curve keeps."""
    return list(map(Point, found.steps, found.timestamps, found.values))


class MetricContract:
    """Points, histories, last values and curves."""

    def test_every_double_comes_back_bit_for_bit(self, store: Store) -> None:
        """NaN, infinities, the smallest, negative zero; steps and times of 64 bits."""
        add_run(store, "r")
        values = [NAN, INF, -INF, -0.0, 5e-324, 1.7976931348623157e308, 0.1, -1e-300]
        points = [Point(step, step, value) for step, value in enumerate(values)]
        points += [Point(-_EXTREME - 1, 0, 1.0), Point(_EXTREME, _EXTREME, 2.0)]
        append(store, points)
        assert history(store) == expected(points)

    @pytest.mark.parametrize("point", [(2**63, 0, 1.0), (0, 2**63, 1.0), (-(2**63) - 1, 0, 1.0), (0, 0, 10**400)])
    def test_numbers_beyond_64_bits_are_refused(self, store: Store, point: tuple[int, int, Any]) -> None:
        """And nothing is stored."""
        add_run(store, "r")
        with pytest.raises(InvalidParameterValue, match="64 bits"):
            append(store, [Point(0, 0, 1.0), Point(*point)])
        assert history(store) == []

    def test_history_is_by_timestamp_step_value(self, store: Store) -> None:
        """Whatever the order of arrival."""
        add_run(store, "r")
        points = [Point(2, 40, 9.0), Point(1, 50, 5.0), Point(1, 50, -5.0), Point(0, 50, 7.0), Point(9, 10, NAN)]
        append(store, points)
        assert history(store) == expected(points)
        assert [step for _, step, _ in history(store)] == [9, 2, 0, 1, 1]

    def test_an_unknown_series_has_no_points(self, store: Store) -> None:
        """Nor has an unknown run."""
        add_run(store, "r")
        assert store.read(lambda session: session.metrics.history("r", key="none")) == []
        assert store.read(lambda session: session.metrics.history("no", key="loss")) == []
        assert store.read(lambda session: session.metrics.curves(["r", "no"], keys=[], buckets=5, steps=(0, 1))) == []

    def test_an_identical_point_counts_once(self, store: Store) -> None:
        """In one request, in the next, long after, and for a NaN; a differing one counts."""
        add_run(store, "r")
        points = [Point(0, 5, 1.0), Point(0, 5, 1.0), Point(0, 5, NAN), Point(0, 5, NAN), Point(0, 5, 2.0)]
        append(store, points)
        append(store, points)
        append(store, [Point(step, 5 + step, 1.0) for step in range(10_000)])
        append(store, [*points, Point(0, 6, 1.0), Point(9_000, 9_005, 1.0), Point(9_000, 9_005, 1.5)])
        found = history(store)
        assert len(found) == 10_000 + 2 + 1 + 1
        assert len(set(found)) == len(found)
        assert curve(store, 1).count == len(found)

    def test_a_replay_of_everything_changes_nothing(self, store: Store) -> None:
        """In other pieces, in another order."""
        add_run(store, "r")
        points = [Point(step, 1000 + step // 3, math.sin(step)) for step in range(9_000)]
        for start in range(0, len(points), 700):
            append(store, points[start : start + 700])
        before = history(store)
        assert before == expected(points)
        shuffled = chance(1).sample(points, len(points))
        for start in range(0, len(points), 3_000):
            append(store, shuffled[start : start + 3_000])
        assert history(store) == before

    def test_points_in_any_order_and_size_of_request_come_back(self, store: Store) -> None:
        """Single ones, hundreds, thousands, shuffled."""
        add_run(store, "r")
        source = chance(2)
        points = [Point(source.randrange(-500, 5_000), source.randrange(9_000), source.random()) for _ in range(9_000)]
        position = 0
        while position < len(points):
            size = source.choice([1, 1, 7, 100, 900, 5_000])
            append(store, points[position : position + size])
            position += size
        assert history(store) == expected(points)
        pages = [history(store, limit=1_111, offset=offset) for offset in range(0, len(points), 1_111)]
        assert [row for page in pages for row in page] == expected(points)
        assert history(store, limit=5, offset=len(points)) == []
        assert history(store, limit=0) == []

    @pytest.mark.parametrize(
        ("points", "wanted"),
        [
            ([Point(1, 50, 5.0), Point(2, 40, 9.0)], (2, 40, 9.0)),
            ([Point(2, 40, 9.0), Point(1, 50, 5.0)], (2, 40, 9.0)),
            ([Point(1, 10, 3.0), Point(1, 10, 4.0), Point(1, 10, -9.0)], (1, 10, 4.0)),
            ([Point(1, 10, -1.0), Point(1, 10, NAN)], (1, 10, NAN)),
            ([Point(1, 10, NAN), Point(1, 10, 1.0)], (1, 10, 1.0)),
            ([Point(-5, 10, 1.0), Point(-7, 99, 2.0)], (-5, 10, 1.0)),
            ([Point(1, 10, INF), Point(2, 10, -INF)], (2, 10, -INF)),
        ],
    )
    def test_the_last_value_is_the_greatest_by_step_time_value(
        self, store: Store, points: list[Point], wanted: tuple[int, int, float]
    ) -> None:
        """In one request and one by one; a NaN compares as 0."""
        add_run(store, "r")
        for part in ([points], [[point] for point in points]):
            for piece in part:
                append(store, piece)
            found = last(store)
            assert (found.step, found.timestamp) == wanted[:2]
            assert found.value == wanted[2] or math.isnan(found.value) == math.isnan(wanted[2])

    def test_many_series_in_one_request(self, store: Store) -> None:
        """All stored, sorted by key in the run."""
        add_run(store, "r")
        keys = [f"k/{number:03d} ü" for number in range(300)]
        for step in range(3):
            append_all(store, "r", {key: [Point(step, step, float(step))] for key in reversed(keys)} | {"none": []})
        metrics = store.read(lambda session: session.runs.get("r")).data.metrics
        assert [(metric.key, metric.value) for metric in metrics] == [(key, 2.0) for key in keys]

    def test_a_short_curve_is_whole(self, store: Store) -> None:
        """By step, then timestamp; both ends of a range belong to it."""
        add_run(store, "r")
        append(store, [Point(step, 100 - step, float(step)) for step in range(10)])
        assert curve(store, 5).steps == list(range(10))
        found = curve(store, 5, (3, 6))
        assert (found.run_id, found.key, found.count) == ("r", "loss", 4)
        assert found.steps == [3, 4, 5, 6]
        assert curve(store, 5, (50, 60)).count == 0

    @pytest.mark.parametrize("count", [300, 5_000, 60_000])
    @pytest.mark.parametrize("steps", [(None, None), (100, 250), (7, 44_000)])
    def test_a_long_curve_keeps_its_extremes(
        self, store: Store, count: int, steps: tuple[int | None, int | None]
    ) -> None:
        """First, last, every spike near its place; at most two points a bucket."""
        add_run(store, "r")
        source = chance(count)
        points = [Point(step, step, source.gauss(0, 1)) for step in range(count)]
        for spike in range(50, count, 997):
            points[spike] = Point(spike, spike, 100.0 + spike if spike % 2 else -100.0 - spike)
        append(store, points)
        inside = [point for point in points if (steps[0] or 0) <= point.step <= (steps[1] or count)]
        for buckets in (20, 100, 700):
            found = curve(store, buckets, steps)
            kept = set(points_of(found))
            assert found.count == len(inside)
            assert len(found.steps) <= 2 * buckets or len(found.steps) == found.count
            assert points_of(found) == sorted(kept)
            assert kept <= set(inside)
            assert {inside[0], inside[-1]} <= kept
            assert max(inside, key=lambda point: point.value) in kept
            assert min(inside, key=lambda point: point.value) in kept
            width = max(1, 2 * len(inside) // buckets + 128)
            for start in range(0, len(inside) - width, width):
                window = inside[start : start + width]
                near = [
                    point.value for point in kept if window[0].step - width <= point.step <= window[-1].step + width
                ]
                assert max(near) >= max(point.value for point in window)
                assert min(near) <= min(point.value for point in window)

    @pytest.mark.parametrize("count", [1_000, 60_000])
    def test_a_thinned_curve_shows_where_values_are_not_finite(self, store: Store, count: int) -> None:
        """Infinities do not hide the greatest number beside them."""
        add_run(store, "r")
        points = [Point(step, step, 1.0) for step in range(count)]
        for place, value in ((0, NAN), (count // 2, INF), (count // 2 + 1, 50.0), (count - 300, -INF)):
            points[place] = Point(place, place, value)
        append(store, points)
        found = curve(store, 100)
        assert len(found.steps) <= 200
        odd = {point.step for point in points_of(found) if not math.isfinite(point.value)}
        assert odd == {0, count // 2, count - 300}
        assert 50.0 in found.values

    def test_curves_come_in_the_order_asked_for(self, store: Store) -> None:
        """Runs first, then keys; without keys all of them, sorted; what does not exist is left out."""
        for run_id in ("a", "b"):
            add_run(store, run_id, metrics={key: [Point(0, 0, 1.0)] for key in ("x", "y", "z")})
        asked = store.read(
            lambda session: session.metrics.curves(
                ["b", "none", "a"], keys=["z", "q", "x"], buckets=9, steps=(None, None)
            )
        )
        assert [(one.run_id, one.key) for one in asked] == [("b", "z"), ("b", "x"), ("a", "z"), ("a", "x")]
        every = store.read(lambda session: session.metrics.curves(["a"], keys=[], buckets=9, steps=(None, None)))
        assert [one.key for one in every] == ["x", "y", "z"]

    def test_metrics_are_told_without_their_points(self, store: Store) -> None:
        """By key: how many of the runs have it, the most points of one, the steps of all."""
        add_run(store, "a", metrics={"x": [Point(step, 0, 1.0) for step in range(3, 103)], "y": [Point(7, 0, NAN)]})
        add_run(store, "b", metrics={"x": [Point(-2, 0, 1.0)]})
        add_run(store, "c", metrics={"z": [Point(0, 0, 1.0)]})
        found = store.read(lambda session: session.metrics.keys(["b", "none", "a"]))
        assert found == [MetricKey("x", 2, 100, -2, 102), MetricKey("y", 1, 1, 7, 7)]
        assert store.read(lambda session: session.metrics.keys([])) == []

    def test_joined_curves_share_their_steps(self, store: Store) -> None:
        """The spike of one is kept in the other, with its own value there; short curves stay whole."""
        add_run(store, "r")
        long = 9_000
        points = {key: [Point(step, step, float(step % 7)) for step in range(long)] for key in ("x", "y")}
        points["x"][4_321] = Point(4_321, 4_321, 99.0)
        points["y"][6_543] = Point(6_543, 6_543, -99.0)
        points["short"] = [Point(step, step, 0.5) for step in range(0, long, 3_000)]
        append_all(store, "r", points)
        joined = store.read(
            lambda session: session.metrics.curves(
                ["r"], keys=["x", "y", "short"], buckets=20, steps=(None, None), joined=True
            )
        )
        x, y, short = joined
        assert x.steps == y.steps
        assert len(x.steps) <= 3 * 2 * 20
        assert {*x.steps} >= {0, 4_321, 6_543, long - 1, *short.steps}
        assert all(point in points["y"] for point in points_of(y))
        assert (x.count, y.count, short.count) == (long, long, 3)

    def test_bands_sum_up_every_stored_point(self, store: Store) -> None:
        """Mean, deviation and extremes at every step; what is not finite counts nowhere."""
        for place, run_id in enumerate(("a", "b", "c")):
            values = [Point(step, step, float(step + 10 * place)) for step in range(place, 200)]
            values[50 - place] = Point(50, 50, (NAN, INF, 70.0)[place])
            add_run(store, run_id, metrics={"loss": values})
        groups = {"a": 1, "b": 1, "c": 0, "none": 2}
        found = store.read(lambda session: session.metrics.bands(groups, key="loss", buckets=500, steps=(None, 120)))
        assert [(band.group, band.runs, band.points, band.finite) for band in found] == [
            (0, 1, 119, 119),
            (1, 2, 241, 239),
        ]
        alone, pair = found
        assert list(pair.steps) == [step for step in range(121) if step != 50]
        assert list(pair.counts) == [1] + [2] * 119
        assert (pair.means[60], pair.lows[60], pair.highs[60]) == (66.0, 61.0, 71.0)
        assert pair.deviations[60] == pytest.approx(50**0.5)
        assert pair.deviations[0] is None
        assert set(alone.deviations) == {None}
        assert alone.means[list(alone.steps).index(50)] == 70.0

    def test_bands_of_long_curves_are_by_stretches_of_steps(self, store: Store) -> None:
        """A run counts once in a stretch, by the mean of its values; extremes are of all values."""
        for place, run_id in enumerate(("a", "b")):
            add_run(store, run_id, metrics={"loss": [Point(s, s, float(s + 1_000 * place)) for s in range(10_000)]})
        (found,) = store.read(
            lambda session: session.metrics.bands({"a": 0, "b": 0}, key="loss", buckets=100, steps=(None, None))
        )
        assert (found.runs, found.points) == (2, 20_000)
        assert list(found.steps) == list(range(0, 10_000, 100))
        assert found.means[3] == pytest.approx(300 + 49.5 + 500)
        assert (found.lows[3], found.highs[3], found.counts[3]) == (300.0, 1_399.0, 2)
