"""What may be recorded of one run: checked at the call, then kept in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.clock import now_ms
from assay.core.errors import InvalidParameterValue
from assay.service import model_rules, rules
from assay.wire.inputs import DatasetInput, LogInputs, LogOutputs, ModelInput, ModelOutput
from assay.wire.metrics import LogMetric
from assay.wire.runs import LogBatch, LogParam, Param, RunTag, SetTag, UpdateRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.client.writer import Outbox
    from assay.wire.inputs import Dataset


class Recorder:
    """Records of one run. Nothing here waits for a store or a server."""

    __slots__ = ("_append", "_datasets", "_models", "_outbox", "_params", "outputs", "run_id")

    def __init__(self, outbox: Outbox, run_id: str, *, params: Mapping[str, str] | None = None) -> None:
        self.run_id = run_id
        self._outbox = outbox
        self._append = outbox.append
        self._params = dict(params or {})
        self._datasets: set[tuple[str, str]] = set()
        self._models: set[str] = set()
        self.outputs: dict[int, list[str]] = {}
        """Models that the run made, as far as this process knows, by step."""

    def metric(
        self,
        key: str,
        value: Any,
        step: int | None = None,
        timestamp: int | None = None,
        **origin: str | None,
    ) -> None:
        """Record one point. `origin` may name `model_id`, `dataset_name` and `dataset_digest`.

        Raises:
            InvalidParameterValue: key, value, step or timestamp is not acceptable.
        """
        self._append(self._point(key, value, step or 0, timestamp or now_ms(), origin))

    def metrics(self, points: Iterable[tuple[str, Any, int, int]], **origin: str | None) -> None:
        """Record points given as (key, value, step, timestamp), all of them or, when one is not acceptable, none.

        Raises:
            InvalidParameterValue: a key, value, step or timestamp is not acceptable.
        """
        messages = [self._point(key, value, step, timestamp, origin) for key, value, step, timestamp in points]
        if messages:
            self._outbox.append_many(messages)

    def param(self, key: str, value: Any) -> None:
        """Record a param as text.

        Raises:
            InvalidParameterValue: the key is not acceptable, or the param has another value already.
        """
        text = self._checked_param(key, value)
        if self._params.get(key) == text:
            return
        self._append(LogParam(run_id=self.run_id, key=key, value=text))
        self._params[key] = text

    def params(self, values: Mapping[str, Any]) -> None:
        """Record params, all of them or, when one is not acceptable, none.

        Raises:
            InvalidParameterValue: a key is not acceptable, or a param has another value already.
        """
        texts = {key: self._checked_param(key, value) for key, value in values.items()}
        fresh = [Param(key=key, value=text) for key, text in texts.items() if self._params.get(key) != text]
        self._outbox.append_many(
            LogBatch(run_id=self.run_id, params=fresh[begin : begin + rules.MAX_PARAMS_PER_BATCH])
            for begin in range(0, len(fresh), rules.MAX_PARAMS_PER_BATCH)
        )
        self._params.update(texts)

    def tag(self, key: str, value: Any) -> None:
        """Set a tag.

        Raises:
            InvalidParameterValue: the key is not acceptable.
        """
        rules.key(key, "tag")
        self._append(SetTag(run_id=self.run_id, key=key, value=rules.tag_value(str(value), key)))

    def tags(self, values: Mapping[str, Any]) -> None:
        """Set tags, all of them or, when one is not acceptable, none.

        Raises:
            InvalidParameterValue: a key is not acceptable.
        """
        tags = [
            RunTag(key=rules.key(key, "tag"), value=rules.tag_value(str(value), key)) for key, value in values.items()
        ]
        self._outbox.append_many(
            LogBatch(run_id=self.run_id, tags=tags[begin : begin + rules.MAX_TAGS_PER_BATCH])
            for begin in range(0, len(tags), rules.MAX_TAGS_PER_BATCH)
        )

    def inputs(self, datasets: Iterable[DatasetInput] = (), models: Iterable[str] = ()) -> None:
        """Record what the run read: datasets, and logged models by id.

        Raises:
            InvalidParameterValue: a dataset or an id is not acceptable, or there are too many.
        """
        message = LogInputs(
            run_id=self.run_id, datasets=list(datasets), models=[ModelInput(model_id=one) for one in models]
        )
        model_rules.dataset_inputs(message.datasets)
        model_rules.models(message.models)
        self._append(message)
        self._datasets.update((one.dataset.name, one.dataset.digest) for one in message.datasets)
        self._models.update(one.model_id for one in message.models)

    def made(self, models: Iterable[ModelOutput]) -> None:
        """Record models that the run made, each at a step.

        Raises:
            InvalidParameterValue: a step or an id is not acceptable, or there are too many.
        """
        message = LogOutputs(run_id=self.run_id, models=list(models))
        model_rules.models(message.models)
        for one in message.models:
            rules.step(one.step)
        self._append(message)
        for one in message.models:
            self._models.add(one.model_id)
            self.outputs.setdefault(one.step, []).append(one.model_id)

    def refer(self, *, dataset: Dataset | None = None, model_id: str | None = None) -> None:
        """Record that the run read a dataset or a model, unless this process has done so."""
        if dataset is not None and (dataset.name, dataset.digest) not in self._datasets:
            self.inputs(datasets=[DatasetInput(dataset=dataset)])
        if model_id is not None and model_id not in self._models:
            self.inputs(models=[model_id])

    def update(self, *, status: str | None = None, end_time: int | None = None, name: str | None = None) -> None:
        """Change state, end time or name.

        Raises:
            InvalidParameterValue: there is no such state.
        """
        if status is not None and rules.status(status) is None:
            raise InvalidParameterValue(f"Invalid run status {status!r}: use one of {', '.join(rules.STATUSES)}.")
        self._outbox.check_journal()
        self._append(UpdateRun(run_id=self.run_id, status=status, end_time=end_time, run_name=name))

    def _point(self, key: str, value: Any, step: int, timestamp: int, origin: Mapping[str, str | None]) -> LogMetric:
        rules.key(key, "metric")
        message = LogMetric(
            key=key,
            value=value if type(value) is float else rules.number(value, key),
            timestamp=timestamp if type(timestamp) is int else _whole(timestamp, "timestamp", key),
            run_id=self.run_id,
            step=step if type(step) is int else _whole(step, "step", key),
        )
        rules.step(message.step)
        rules.timestamp(message.timestamp)
        for name, text in origin.items():
            setattr(message, name, text)
        return message

    def _checked_param(self, key: str, value: Any) -> str:
        rules.key(key, "param")
        text = rules.param_value(str(value), key)
        known = self._params.get(key)
        if known is not None and known != text:
            raise InvalidParameterValue(
                f"The param {key!r} of run {self.run_id} is {known!r:.200} and cannot become {text!r:.200}: params "
                "never change once logged. Use another name or run, a tag for what may change, or nested runs for "
                "trials."
            )
        return text


def _whole(given: Any, what: str, key: str) -> int:
    try:
        return int(given)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidParameterValue(
            f"Invalid {what} {given!r:.100} for metric {key!r}: give a whole number."
        ) from error
