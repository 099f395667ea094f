"""The part of the `Store` contract that the first page and the search over everything read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.wire.home import BestRun, FoundItem, HomeRun

MAIN_METRIC_TAG = "assay.main_metric"
"""The tag of an experiment that keeps its main metric, as `max val_accuracy`."""


class MainMetric(NamedTuple):
    """The metric by which the runs of an experiment are judged."""

    key: str
    ascending: bool


DAY = 86_400_000
"""Milliseconds."""


class Ends(NamedTuple):
    """Who started the first run of an experiment, and the run that started last; empty without such."""

    owner: str
    newest_run: str


class Overview(Protocol):
    """What goes on across all active experiments. Only active runs count."""

    def runs(self, status: str, *, limit: int) -> list[HomeRun]:
        """Runs of a status, those that ended by the time of their end, the others by that of their start, latest first.

        Their metrics are not filled in.
        """

    def count(self, status: str) -> int:
        """How many runs have a status."""

    def main_metric_tags(self, experiment_ids: Sequence[str]) -> dict[str, str]:
        """The values of the tag `MAIN_METRIC_TAG` by experiment; those without are left out."""

    def metric_keys(self, experiment_ids: Sequence[str]) -> dict[str, list[str]]:
        """The metrics of the newest finished run of each experiment, else of its newest; without such runs left out."""

    def last_values(self, keys: Mapping[str, str]) -> dict[str, float]:
        """The last value of one metric for each run id, NaN included; runs without are left out."""

    def ends(self, experiment_ids: Sequence[str]) -> dict[str, Ends]:
        """The two ends of each experiment's list of runs; those that do not exist are left out."""

    def starts(self, experiment_ids: Sequence[str], *, since: int, days: int) -> dict[str, list[int]]:
        """How many runs of each experiment started on each of some days, of `DAY` each; those without are left out."""

    def best(self, metrics: Mapping[str, MainMetric]) -> list[BestRun]:
        """The best run by experiment; where none has a finite number, the experiment is left out."""


class Finding(Protocol):
    """Finding by a part of a text, whatever the case of its letters.

    Each method gives candidates, the newest first, at most `limit` for each way of looking;
    a `%` in `pattern` is any text.
    """

    def runs(self, text: str, pattern: str, *, limit: int) -> list[FoundItem]:
        """Runs whose id or name begins with the text, and of the newest those with the pattern in name or tag."""

    def experiments(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Active experiments by name."""

    def models(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Registered models by name, and versions by alias."""

    def pages(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Reports by title, saved views by name."""

    def keys(self, pattern: str, *, limit: int) -> list[FoundItem]:
        """Keys of metrics and params that the newest runs have."""
