"""Statements of logged models: their state, params, tags and points. Finding many at once is in `model_search`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from assay.core.errors import BadRequest, InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from assay.search.numbers import number_in
from assay.store.base import ACTIVE, DELETED, unknown
from assay.store.models import PENDING, ModelPoint, ModelQuery, NewModel
from assay.store.sql import model_search
from assay.store.sql.experiments import experiment_no
from assay.store.sql.model_search import MODEL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.inputs import DatasetKey, SqlInputs
    from assay.store.sql.runs import SqlRuns
    from assay.store.sql.sight import Sight
    from assay.wire.inputs import Dataset
    from assay.wire.models import LoggedModel

_CLIPPED = 200


class _Place(NamedTuple):
    """The numbers under which a model's data is stored."""

    model_no: int
    experiment_no: int


class SqlModels:
    """`models.Models` over a transaction. Remembers where models are that points were logged with."""

    __slots__ = ("_inputs", "_known", "_runs", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, *, runs: SqlRuns, inputs: SqlInputs, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._runs = runs
        self._inputs = inputs
        self._known: dict[str, _Place] = {}

    CREATE = """
    insert into logged_models (model_id, experiment_id, name, artifact_uri, model_type, source_run_id, status,
      status_message, stage, creation_time, last_update_time)
    select ?, experiment_id, ?, ?, ?, ?, ?, '', ?, ?, ? from experiments where experiment_id = ?
    on conflict (model_id) do nothing
    """

    def create(self, model: NewModel, *, params: Mapping[str, str], tags: Mapping[str, str]) -> LoggedModel:
        """Store a model, pending, and return it."""
        created = self._transaction.run(
            self.CREATE,
            (
                *(model.model_id, model.name, model.artifact_uri, model.model_type, model.source_run_id, PENDING),
                *(ACTIVE, model.now, model.now, experiment_no(model.experiment_id)),
            ),
        )
        if not created and self._find(model.model_id) is not None:
            raise ResourceAlreadyExists(f"A logged model with id {model.model_id!r} exists already. Choose another id.")
        if not created:
            raise ResourceDoesNotExist(unknown("experiment", [model.experiment_id]))
        place = self._locate(model.model_id)
        self._add_params(place, params)
        self._put_tags(place, tags)
        return self.get(model.model_id)

    PLACE = "select model_no, experiment_id from logged_models where model_id = ?"

    def _find(self, model_id: str) -> _Place | None:
        row = self._transaction.one(self.PLACE, (model_id,))
        return None if row is None else _Place(*row)

    def _locate(self, model_id: str) -> _Place:
        place = self._find(model_id)
        if place is None:
            raise ResourceDoesNotExist(unknown("logged model", [model_id]))
        return place

    GET = f"select {MODEL_COLUMNS} from logged_models l where l.model_id = ? and (l.stage = 'active' or ? = 1)"

    def get(self, model_id: str, *, deleted: bool = False) -> LoggedModel:
        """The model with params and tags, each sorted by key, and its points in the order logged."""
        rows = self._transaction.all(self.GET, (model_id, int(deleted)))
        if not rows:
            raise ResourceDoesNotExist(unknown("logged model", [model_id]))
        return model_search.with_data(self._transaction, rows)[0]

    SET_STATUS = "update logged_models set status = ?, last_update_time = ? where model_no = ?"

    def set_status(self, model_id: str, *, status: int, now: int) -> None:
        """Change the state, also of a deleted model."""
        self._transaction.run(self.SET_STATUS, (status, now, self._locate(model_id).model_no))

    SET_STAGE = """
    update logged_models set stage = ?, deleted_at = ?, last_update_time = ? where model_no = ? and stage <> ?
    """

    def set_stage(self, model_id: str, *, stage: str, now: int) -> None:
        """Delete or restore the model."""
        deleted_at = now if stage == DELETED else None
        self._transaction.run(self.SET_STAGE, (stage, deleted_at, now, self._locate(model_id).model_no, stage))

    PARAMS_NAMED = "select key, value from logged_model_params where model_no = ? and key in ({texts})"

    def log_params(self, model_id: str, *, params: Mapping[str, str]) -> None:
        """Store params; equal values again are accepted."""
        place = self._locate(model_id)
        dialect = self._transaction.dialect
        sql = self.PARAMS_NAMED.format(texts=dialect.texts)
        stored = dict(self._transaction.all(sql, (place.model_no, dialect.bound(list(params)))))
        for key, value in stored.items():
            if params[key] != value:
                raise InvalidParameterValue(
                    f"Param {key!r} of logged model {model_id!r} is {_clipped(value)} already and cannot become "
                    f"{_clipped(params[key])}. Log the new value under another key, or with another model."
                )
        self._add_params(place, {key: value for key, value in params.items() if key not in stored})

    ADD_PARAM = "insert into logged_model_params (model_no, key, experiment_id, value, number) values (?, ?, ?, ?, ?)"

    def _add_params(self, place: _Place, params: Mapping[str, str]) -> None:
        model_no, experiment = place
        rows = [(model_no, key, experiment, value, number_in(value)) for key, value in params.items()]
        self._transaction.many(self.ADD_PARAM, rows)

    def set_tags(self, model_id: str, *, tags: Mapping[str, str]) -> None:
        """Set tags, replacing values."""
        self._put_tags(self._locate(model_id), tags)

    PUT_TAG = """
    insert into logged_model_tags (model_no, key, experiment_id, value) values (?, ?, ?, ?)
    on conflict (model_no, key) do update set value = excluded.value
    """

    def _put_tags(self, place: _Place, tags: Mapping[str, str]) -> None:
        model_no, experiment = place
        self._transaction.many(self.PUT_TAG, [(model_no, key, experiment, value) for key, value in tags.items()])

    DELETE_TAG = "delete from logged_model_tags where model_no = ? and key = ?"

    def delete_tag(self, model_id: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""
        return self._transaction.run(self.DELETE_TAG, (self._locate(model_id).model_no, key)) > 0

    ADD_POINT = """
    insert into logged_model_points (model_no, key, experiment_id, run_no, dataset_no, step, time, value)
    values (?, ?, ?, ?, ?, ?, ?, ?)
    """

    def append(self, run_id: str, *, points: Sequence[ModelPoint]) -> None:
        """Add points that a run logged. One that is identical in everything to a stored one is counted once."""
        run_no, experiment = self._runs.locate(run_id)
        places = self._places({point.model_id for point in points})
        named: dict[DatasetKey, Dataset | None] = {point.dataset: None for point in points if point.dataset}
        datasets = self._inputs.numbers(experiment, named) if named else {}
        present = self._present(run_no, points, places=places)
        rows = []
        for point in points:
            model_no, experiment_of_model = places[point.model_id]
            dataset_no = 0 if point.dataset is None else datasets[point.dataset]
            value = None if math.isnan(point.value) else point.value
            identity = (model_no, point.key, dataset_no, point.step, point.timestamp, value)
            if identity not in present:
                present.add(identity)
                rows.append((*identity[:2], experiment_of_model, run_no, *identity[2:]))
        self._transaction.many(self.ADD_POINT, rows)

    def check(self, model_ids: Collection[str]) -> None:
        """Return when there are such models, deleted ones too."""
        self._places(model_ids)

    EXPERIMENTS_OF = "select model_id, experiment_id from logged_models where model_id in ({texts})"

    def experiments_of(self, model_ids: Sequence[str]) -> dict[str, str]:
        """The experiment of each of these models, deleted ones too; unknown ones are left out."""
        if not model_ids:
            return {}
        dialect = self._transaction.dialect
        bound = (dialect.bound(list(model_ids)),)
        rows = self._transaction.all(self.EXPERIMENTS_OF.format(texts=dialect.texts), bound)
        return {model_id: str(number) for model_id, number in rows}

    PLACES = "select model_id, model_no, experiment_id from logged_models where model_id in ({texts})"

    def _places(self, model_ids: Collection[str]) -> dict[str, _Place]:
        wanted = sorted({model_id for model_id in model_ids if model_id not in self._known})
        if wanted:
            dialect = self._transaction.dialect
            rows = self._transaction.all(self.PLACES.format(texts=dialect.texts), (dialect.bound(wanted),))
            self._known.update((model_id, _Place(*numbers)) for model_id, *numbers in rows)
        missing = [model_id for model_id in wanted if model_id not in self._known]
        if missing:
            raise BadRequest(unknown("logged model", missing))
        return self._known

    PRESENT = """
    select model_no, key, dataset_no, step, time, value from logged_model_points
    where model_no in ({integers}) and key in ({texts}) and time in ({integers}) and run_no = ?
    """

    def _present(
        self, run_no: int, points: Sequence[ModelPoint], *, places: Mapping[str, _Place]
    ) -> set[tuple[object, ...]]:
        """The stored points that one of these might repeat."""
        dialect = self._transaction.dialect
        rows = self._transaction.all(
            self.PRESENT.format(integers=dialect.integers, texts=dialect.texts),
            (
                dialect.bound(sorted({places[point.model_id].model_no for point in points})),
                dialect.bound(sorted({point.key for point in points})),
                dialect.bound(sorted({point.timestamp for point in points})),
                run_no,
            ),
        )
        return set(rows)

    def search(self, query: ModelQuery) -> list[LoggedModel]:
        """Models that match, with what they recorded; by default newest first, then by id."""
        found = model_search.rows(self._transaction, self._sight.among(query))
        return model_search.with_data(self._transaction, found)


def _clipped(text: str) -> str:
    return repr(text if len(text) <= _CLIPPED else f"{text[:_CLIPPED]}...")
