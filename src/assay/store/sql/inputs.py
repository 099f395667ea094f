"""Statements of datasets, and of the edges between runs, datasets and logged models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assay.store.inputs import CONTEXT_TAG
from assay.store.sql import filters
from assay.wire.inputs import (
    Dataset,
    DatasetInput,
    DatasetSummary,
    InputTag,
    ModelInput,
    ModelOutput,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.runs import Located
    from assay.store.sql.sight import Sight
    from assay.wire.runs import Run

DatasetKey = tuple[str, str]
"""Name and digest: what makes two datasets of an experiment one."""

INPUT = "input"
OUTPUT = "output"


class SqlInputs:
    """`inputs.Inputs` over a transaction."""

    __slots__ = ("_locate", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, locate: Callable[[str], Located], sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._locate = locate

    READ = "select dataset_no from run_datasets where run_no = ?"
    ADD = "insert into run_datasets (run_no, dataset_no, experiment_id, context, tags) values (?, ?, ?, ?, ?)"

    def log_datasets(self, run_id: str, *, datasets: Sequence[DatasetInput]) -> None:
        """Note that the run read these. A dataset is one in its experiment by name and digest, as first described."""
        run_no, experiment_no = self._locate(run_id)
        numbers = self.numbers(experiment_no, {_key(given.dataset): given.dataset for given in reversed(datasets)})
        present = {number for (number,) in self._transaction.all(self.READ, (run_no,))}
        rows = []
        for given in datasets:
            number = numbers[_key(given.dataset)]
            if number not in present:
                present.add(number)
                tags = {tag.key: tag.value for tag in given.tags}
                rows.append((run_no, number, experiment_no, tags.get(CONTEXT_TAG), json.dumps(tags, sort_keys=True)))
        self._transaction.many(self.ADD, rows)

    KNOWN = "select name, digest, dataset_no, source_type from datasets where experiment_id = ? and name in ({texts})"
    CREATE = """
    insert into datasets (experiment_id, name, digest, source_type, source, dataset_schema, profile)
    values (?, ?, ?, ?, ?, ?, ?)
    """
    DESCRIBE = "update datasets set source_type = ?, source = ?, dataset_schema = ?, profile = ? where dataset_no = ?"

    def numbers(self, experiment_no: int, datasets: Mapping[DatasetKey, Dataset | None]) -> dict[DatasetKey, int]:
        """The numbers of datasets, stored where they are new; one that is only named so far takes its description."""
        known = self._known(experiment_no, datasets)
        missing = [key for key in datasets if key not in known]
        self._transaction.many(self.CREATE, [(experiment_no, *key, *_described(datasets[key])) for key in missing])
        self._transaction.many(
            self.DESCRIBE,
            [
                (*_described(dataset), known[key][0])
                for key, dataset in datasets.items()
                if dataset is not None and key in known and known[key][1] is None
            ],
        )
        if missing:
            known = self._known(experiment_no, datasets)
        return {key: known[key][0] for key in datasets}

    def _known(
        self, experiment_no: int, datasets: Mapping[DatasetKey, Dataset | None]
    ) -> dict[DatasetKey, tuple[int, str | None]]:
        dialect = self._transaction.dialect
        names = dialect.bound(sorted({name for name, _ in datasets}))
        rows = self._transaction.all(self.KNOWN.format(texts=dialect.texts), (experiment_no, names))
        return {(name, digest): (number, source_type) for name, digest, number, source_type in rows}

    def log_inputs(self, run_id: str, *, models: Sequence[ModelInput]) -> None:
        """Note that the run read these logged models; again changes nothing."""
        self._connect(run_id, INPUT, [(model.model_id, 0) for model in models])

    def log_outputs(self, run_id: str, *, models: Sequence[ModelOutput]) -> None:
        """Note that the run made these logged models; again keeps the first step."""
        self._connect(run_id, OUTPUT, [(model.model_id, model.step) for model in models])

    EDGES = "select model_id from run_models where run_no = ? and direction = ?"
    CONNECT = "insert into run_models (run_no, experiment_id, direction, model_id, step) values (?, ?, ?, ?, ?)"

    def _connect(self, run_id: str, direction: str, steps: Sequence[tuple[str, int]]) -> None:
        run_no, experiment_no = self._locate(run_id)
        present = {model_id for (model_id,) in self._transaction.all(self.EDGES, (run_no, direction))}
        rows = []
        for model_id, step in steps:
            if model_id not in present:
                present.add(model_id)
                rows.append((run_no, experiment_no, direction, model_id, step))
        self._transaction.many(self.CONNECT, rows)

    SUMMARIES = """
    select distinct d.experiment_id, d.name, d.digest, coalesce(i.context, '')
    from datasets d join run_datasets i on i.dataset_no = d.dataset_no
    where d.experiment_id in ({integers})
    order by 1, 2, 3, 4
    limit ?
    """

    def datasets(self, experiment_ids: Sequence[str], *, limit: int) -> list[DatasetSummary]:
        """Datasets that runs of these experiments read, once for each context."""
        dialect = self._transaction.dialect
        numbers = dialect.bound(filters.experiment_numbers(self._sight.readable(experiment_ids)))
        rows = self._transaction.all(self.SUMMARIES.format(integers=dialect.integers), (numbers, limit))
        return [
            DatasetSummary(experiment_id=str(experiment), name=name, digest=digest, context=context)
            for experiment, name, digest, context in rows
        ]


def _key(dataset: Dataset) -> DatasetKey:
    return dataset.name, dataset.digest


def _described(dataset: Dataset | None) -> tuple[str | None, str, str, str]:
    if dataset is None:
        return None, "", "", ""
    return dataset.source_type, dataset.source, dataset.schema, dataset.profile


EDGES_OF = """
select i.run_no, 'dataset', i.input_no, d.name, 0, d.digest, d.source_type, d.source, d.dataset_schema, d.profile,
  i.tags
from run_datasets i join datasets d on d.dataset_no = i.dataset_no
where i.run_no in ({integers})
union all
select run_no, direction, edge_no, model_id, step, null, null, null, null, null, null
from run_models where run_no in ({integers})
order by 1, 3
"""


def add_edges(transaction: Transaction, runs: Mapping[int, Run]) -> None:
    """Fill in what runs read and made: one statement, however many runs there are."""
    dialect = transaction.dialect
    numbers = dialect.bound(list(runs))
    for run_no, kind, _, name, step, *described in transaction.all(
        EDGES_OF.format(integers=dialect.integers), (numbers, numbers)
    ):
        run = runs[run_no]
        if kind == OUTPUT:
            run.outputs.model_outputs.append(ModelOutput(model_id=name, step=step))
        elif kind == INPUT:
            run.inputs.model_inputs.append(ModelInput(model_id=name))
        else:
            run.inputs.dataset_inputs.append(_dataset_input(name, *described))


def _dataset_input(name: str, *described: str) -> DatasetInput:
    digest, source_type, source, schema, profile, tags = described
    return DatasetInput(
        dataset=Dataset(
            name=name, digest=digest, source_type=source_type, source=source, schema=schema, profile=profile
        ),
        tags=[InputTag(key=key, value=value) for key, value in json.loads(tags).items()],
    )
