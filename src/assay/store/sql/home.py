"""Statements of the first page: a few rows by an index each, however many runs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.store.base import ACTIVE
from assay.store.home import DAY, MAIN_METRIC_TAG, Ends, MainMetric
from assay.store.sql import filters
from assay.wire.home import BestRun, HomeRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.sight import Sight

_MOST_KEYS = 20_000
_LARGEST = 1.7976931348623155e308
"""Some databases hold the infinities as the numbers beyond."""


class SqlOverview:
    """`Overview` over a transaction."""

    __slots__ = ("_dialect", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._dialect = transaction.dialect

    _RUNS = """
    select r.run_id, r.run_name, r.experiment_id, e.name, r.status, r.start_time, r.end_time
    from runs r cross join experiments e
    where r.stage = ? and r.status = ? and e.experiment_id = r.experiment_id {ended} and {{seen}}
    order by {order}
    limit ?
    """
    ENDED = _RUNS.format(ended="and r.end_time is not null", order="r.end_time desc, r.start_time desc")
    GOING = _RUNS.format(ended="", order="r.start_time desc")

    def runs(self, status: str, *, limit: int) -> list[HomeRun]:
        """Runs of a status, the latest first."""
        sql = self.GOING if status == "RUNNING" else self.ENDED
        seen = self._sight.experiments("e.experiment_id")
        return [
            HomeRun(
                run_id=run_id,
                run_name=name,
                experiment_id=str(number),
                experiment_name=experiment,
                status=state,
                start_time=started,
                end_time=ended,
            )
            for run_id, name, number, experiment, state, started, ended in self._transaction.all(
                sql.format(seen=seen.sql), (ACTIVE, status, *seen.values, limit)
            )
        ]

    COUNT = "select count(*) from runs r where r.stage = ? and r.status = ? and {seen}"

    def count(self, status: str) -> int:
        """How many runs have a status."""
        seen = self._sight.experiments("r.experiment_id")
        counted: int = self._transaction.all(self.COUNT.format(seen=seen.sql), (ACTIVE, status, *seen.values))[0][0]
        return counted

    TAGS = "select experiment_id, value from experiment_tags where key = ? and experiment_id in ({integers})"

    def main_metric_tags(self, experiment_ids: Sequence[str]) -> dict[str, str]:
        """The main metrics that people chose, as they are kept."""
        numbers = self._dialect.bound(filters.experiment_numbers(self._sight.readable(experiment_ids)))
        rows = self._transaction.all(self.TAGS.format(integers=self._dialect.integers), (MAIN_METRIC_TAG, numbers))
        return {str(number): value for number, value in rows}

    _NEWEST = """(
      select r.run_no from runs r
      where r.experiment_id = e.experiment_id and r.stage = ? {finished}
      order by r.start_time desc limit 1
    )"""
    NEWEST = f"""
    select coalesce({_NEWEST.format(finished="and r.status = 'FINISHED'")}, {_NEWEST.format(finished="")})
    from experiments e where e.experiment_id in ({{integers}})
    """
    KEYS = "select experiment_id, key from metrics where run_no in ({integers}) limit ?"

    def metric_keys(self, experiment_ids: Sequence[str]) -> dict[str, list[str]]:
        """What one run of each experiment has measured."""
        integers = self._dialect.integers
        numbers = self._dialect.bound(filters.experiment_numbers(self._sight.readable(experiment_ids)))
        rows = self._transaction.all(self.NEWEST.format(integers=integers), (ACTIVE, ACTIVE, numbers))
        newest = self._dialect.bound([run_no for (run_no,) in rows if run_no is not None])
        keys: dict[str, list[str]] = {}
        for number, key in self._transaction.all(self.KEYS.format(integers=integers), (newest, _MOST_KEYS)):
            keys.setdefault(str(number), []).append(key)
        return keys

    LAST = """
    select r.run_id, m.key, m.last_value from runs r cross join metrics m
    where r.run_id in ({texts}) and m.run_no = r.run_no and m.key in ({texts})
    """

    def last_values(self, keys: Mapping[str, str]) -> dict[str, float]:
        """The last value of one metric for each run."""
        bound = self._dialect.bound
        rows = self._transaction.all(
            self.LAST.format(texts=self._dialect.texts), (bound(list(keys)), bound(sorted(set(keys.values()))))
        )
        return {
            run_id: float("nan") if value is None else value for run_id, key, value in rows if keys.get(run_id) == key
        }

    _END = "(select r.{column} from {runs} order by r.start_time {direction}, r.run_id limit 1)"
    _OWN_RUNS = "runs r where r.experiment_id = e.experiment_id and r.stage = ?"
    ENDS = f"""
    select e.experiment_id, {_END.format(column="user_id", runs=_OWN_RUNS, direction="asc")},
      {_END.format(column="run_id", runs=_OWN_RUNS, direction="desc")}
    from experiments e where e.experiment_id in ({{integers}})
    """

    def ends(self, experiment_ids: Sequence[str]) -> dict[str, Ends]:
        """The two ends of an index for each experiment: one statement for all."""
        numbers = self._dialect.bound(filters.experiment_numbers(self._sight.readable(experiment_ids)))
        rows = self._transaction.all(self.ENDS.format(integers=self._dialect.integers), (ACTIVE, ACTIVE, numbers))
        return {str(number): Ends(owner or "", newest or "") for number, owner, newest in rows}

    STARTS = f"""
    select r.experiment_id, r.start_time - (r.start_time - ?) % {DAY}, count(*) from runs r
    where r.experiment_id in ({{integers}}) and r.stage = ? and r.start_time >= ? and r.start_time < ?
    group by 1, 2
    """

    def starts(self, experiment_ids: Sequence[str], *, since: int, days: int) -> dict[str, list[int]]:
        """Runs counted from an index, of which only the days asked for are read: one statement for all."""
        numbers = self._dialect.bound(filters.experiment_numbers(self._sight.readable(experiment_ids)))
        counts: dict[str, list[int]] = {}
        for number, begun, count in self._transaction.all(
            self.STARTS.format(integers=self._dialect.integers), (since, numbers, ACTIVE, since, since + days * DAY)
        ):
            counts.setdefault(str(number), [0] * days)[(begun - since) // DAY] = count
        return counts

    BEST = """
    select * from (
      select m.experiment_id, m.last_value, r.run_id, r.run_name from metrics m cross join runs r
      where m.experiment_id = ? and m.key = ? and m.last_value between ? and ?
        and r.run_no = m.run_no and r.stage = ?
      order by m.last_value {direction}, m.run_no {direction}
      limit 1
    ) b{place}
    """

    def best(self, metrics: Mapping[str, MainMetric]) -> list[BestRun]:
        """The best run of each experiment, found at the end of an index: one statement for all."""
        if not metrics:
            return []
        terms: list[str] = []
        values: list[Any] = []
        for place, (experiment_id, main) in enumerate(metrics.items()):
            terms.append(self.BEST.format(direction="asc" if main.ascending else "desc", place=place))
            values += (int(experiment_id), main.key, -_LARGEST, _LARGEST, ACTIVE)
        rows = self._transaction.all(" union all ".join(terms), values)
        return [
            BestRun(
                experiment_id=str(number),
                metric=metrics[str(number)].key,
                direction="min" if metrics[str(number)].ascending else "max",
                value=value,
                run_id=run_id,
                run_name=name,
            )
            for number, value, run_id, name in rows
        ]
