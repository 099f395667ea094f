"""Metric series: adding points, histories, curves."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from assay.store.metrics import MetricKey, ThinCurve
from assay.store.sql.bands import Grid, band
from assay.store.sql.growth import Growth, Stored
from assay.store.sql.series import Series
from assay.store.sql.summary import Summary
from assay.wire.metrics import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.store.metrics import Band, Spot
    from assay.store.sql.database import Transaction
    from assay.store.sql.runs import Located


class SqlMetrics:
    """`base.Metrics` over a transaction."""

    __slots__ = ("_locate", "_transaction")

    def __init__(self, transaction: Transaction, locate: Callable[[str], Located]) -> None:
        self._transaction = transaction
        self._locate = locate

    def append(self, run_id: str, *, points: Mapping[str, Sequence[Spot]]) -> None:
        """Add points by key. A point identical in step, timestamp and value to a stored one is counted once."""
        run_no, experiment_no = self._locate(run_id)
        stored = self._stored(run_no, list(points))
        growth = Growth(self._transaction, run_no=run_no, experiment_no=experiment_no)
        for key, given in points.items():
            if given:
                growth.add(key, given, stored.get(key) or Stored(Summary()))
        growth.write()

    STORED = """
    select m.key, t.loose, t.points, m.count, m.last_step, m.last_time, m.last_value,
      m.first_step, m.first_time, m.first_value, m.min_step, m.min_time, m.min_value,
      m.max_step, m.max_time, m.max_value
    from metrics m join metric_tails t on t.run_no = m.run_no and t.key = m.key
    where m.run_no = ? and m.key
    """
    STORED_ONE = f"{STORED} = ?"
    STORED_MANY = f"{STORED} in ({{texts}})"

    def _stored(self, run_no: int, keys: list[str]) -> dict[str, Stored]:
        if len(keys) == 1:
            rows = self._transaction.all(self.STORED_ONE, (run_no, keys[0]))
        else:
            dialect = self._transaction.dialect
            sql = self.STORED_MANY.format(texts=dialect.texts)
            rows = self._transaction.all(sql, (run_no, dialect.bound(keys)))
        return {row[0]: Stored(Summary(row[3:]), row[1], row[2], is_new=False) for row in rows}

    RUN_NO = "select run_no from runs where run_id = ?"

    def history(self, run_id: str, *, key: str, limit: int | None = None, offset: int = 0) -> list[Metric]:
        """Points by timestamp, step, value; empty for an unknown run or key."""
        row = self._transaction.one(self.RUN_NO, (run_id,))
        if row is None:
            return []
        series = Series(self._transaction, run_no=row[0], key=key)
        return [
            Metric(key=key, value=value, timestamp=timestamp, step=step)
            for columns in series.in_time(limit=limit, offset=offset)
            for step, timestamp, value in zip(*columns, strict=True)
        ]

    SERIES_OF = """
    select r.run_id, m.run_no, m.key from runs r join metrics m on m.run_no = r.run_no
    where r.run_id in ({texts})
    """

    def curves(
        self,
        run_ids: Sequence[str],
        *,
        keys: Sequence[str],
        buckets: int,
        steps: tuple[int | None, int | None],
        joined: bool = False,
    ) -> list[ThinCurve]:
        """Thinned curves for drawing, by run and key as asked for; no `keys` means all of them, sorted."""
        run_places = {run_id: place for place, run_id in enumerate(run_ids)}
        key_places = {key: place for place, key in enumerate(keys)}
        found = sorted(
            self._series_of(run_ids, keys), key=lambda row: (run_places[row[0]], key_places.get(row[2], 0), row[2])
        )
        curves: list[ThinCurve] = []
        for run_id, rows in groupby(found, key=itemgetter(0)):
            series = [Series(self._transaction, run_no=run_no, key=key) for _, run_no, key in rows]
            thin = [one.curve(run_id, buckets=buckets, steps=steps) for one in series]
            curves += _joined(series, thin) if joined else thin
        return curves

    def _series_of(self, run_ids: Sequence[str], keys: Sequence[str]) -> list[tuple[str, int, str]]:
        dialect = self._transaction.dialect
        sql = self.SERIES_OF.format(texts=dialect.texts)
        values = [dialect.bound(list(run_ids))]
        if keys:
            sql += f" and m.key in ({dialect.texts})"
            values.append(dialect.bound(list(keys)))
        return [(run_id, run_no, key) for run_id, run_no, key in self._transaction.all(sql, values)]

    KEYS = """
    select m.key, count(*), max(m.count), min(m.first_step), max(m.last_step)
    from runs r join metrics m on m.run_no = r.run_no
    where r.run_id in ({texts}) group by m.key order by m.key
    """

    def keys(self, run_ids: Sequence[str]) -> list[MetricKey]:
        """The metrics that some runs have, by key."""
        dialect = self._transaction.dialect
        rows = self._transaction.all(self.KEYS.format(texts=dialect.texts), (dialect.bound(list(run_ids)),))
        return [MetricKey(*row) for row in rows]

    def bands(
        self, groups: Mapping[str, int], *, key: str, buckets: int, steps: tuple[int | None, int | None]
    ) -> list[Band]:
        """One metric of groups of runs, by group."""
        members: dict[int, list[Series]] = {}
        for run_id, run_no, _ in self._series_of(list(groups), [key]):
            members.setdefault(groups[run_id], []).append(Series(self._transaction, run_no=run_no, key=key))
        extents = [extent for series in members.values() for one in series if (extent := one.extent(steps))]
        if not extents:
            return []
        least, greatest = min(first for first, _ in extents), max(last for _, last in extents)
        grid = Grid(buckets=buckets, steps=(least, greatest))
        return [band(group, (one.within(steps) for one in members[group]), grid) for group in sorted(members)]


def _joined(series: list[Series], thin: list[ThinCurve]) -> list[ThinCurve]:
    """Curves of one run that keep the same steps; those that were not thinned have all of them anyway."""
    wanted = sorted({step for curve in thin for step in curve.steps})
    if not any(len(curve.steps) < curve.count for curve in thin):
        return thin
    return [
        ThinCurve(curve.run_id, curve.key, curve.count, *one.at(wanted)) if len(curve.steps) < curve.count else curve
        for one, curve in zip(series, thin, strict=True)
    ]
