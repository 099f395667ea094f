"""Records of one run put together, so that a server that takes them by requests gets few and large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.service import rules
from assay.wire.metrics import LogMetric, Metric
from assay.wire.runs import LogBatch, LogParam, Param, RunTag, SetTag

if TYPE_CHECKING:
    from collections.abc import Iterable

Mergeable = LogMetric | LogParam | SetTag | LogBatch
MERGEABLE = (LogMetric, LogParam, SetTag, LogBatch)
_POINT_FIELDS = Metric.__struct_fields__


class Merged:
    """Records of one run that fit one `log-batch` request, in order."""

    def __init__(self, records: Iterable[tuple[int, Mergeable]] = ()) -> None:
        self.records: list[tuple[int, Mergeable]] = []
        self._metrics: list[Metric] = []
        self._params: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        for seq, message in records:
            self.add(seq, message)

    def add(self, seq: int, message: Mergeable) -> bool:
        """Take a record along; False when it must go into the next request: no room, or a param changes."""
        metrics, params, tags = _parts(message)
        if self.records and not self._takes(metrics, params, tags):
            return False
        self.records.append((seq, message))
        self._metrics += metrics
        self._params.update((one.key, one.value) for one in params)
        self._tags.update((one.key, one.value) for one in tags)
        return True

    def request(self, run_id: str) -> LogBatch:
        """All records as one request. A param given twice alike stands once, of a tag the last value."""
        return LogBatch(
            run_id=run_id,
            metrics=self._metrics,
            params=[Param(key=key, value=value) for key, value in self._params.items()],
            tags=[RunTag(key=key, value=value) for key, value in self._tags.items()],
        )

    def _takes(self, metrics: list[Metric], params: list[Param], tags: list[RunTag]) -> bool:
        if any(self._params.get(one.key, one.value) != one.value for one in params):
            return False
        counts = (len(self._metrics) + len(metrics), len(self._params) + len(params), len(self._tags) + len(tags))
        return (
            counts[0] <= rules.MAX_METRICS_PER_BATCH
            and counts[1] <= rules.MAX_PARAMS_PER_BATCH
            and counts[2] <= rules.MAX_TAGS_PER_BATCH
            and sum(counts) <= rules.MAX_BATCH
        )


def _parts(message: Mergeable) -> tuple[list[Metric], list[Param], list[RunTag]]:
    if isinstance(message, LogBatch):
        return message.metrics, message.params, message.tags
    if isinstance(message, LogMetric):
        return [_point(message)], [], []
    if isinstance(message, LogParam):
        return [], [Param(key=message.key, value=message.value)], []
    return [], [], [RunTag(key=message.key, value=message.value)]


def _point(message: LogMetric) -> Metric:
    fields = msgspec.structs.asdict(message)
    return Metric(**{**{name: fields[name] for name in _POINT_FIELDS if name in fields}, "run_id": None})
