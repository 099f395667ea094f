"""Statements and messages of experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core import uri
from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.search import fields
from assay.store.base import ACTIVE, DELETED, Query, unknown
from assay.store.sql import filters
from assay.wire.experiments import Experiment, ExperimentTag
from assay.wire.views import ExperimentSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.sight import Sight

NOTE_TAG = "mlflow.note.content"
_COLUMNS = "e.experiment_id, e.name, e.artifact_location, e.stage, e.creation_time, e.last_update_time"


def experiment_no(experiment_id: str) -> int:
    """The number of an experiment's id.

    Raises:
        ResourceDoesNotExist: the text is no id at all.
    """
    numbers = filters.experiment_numbers([experiment_id])
    if not numbers:
        raise ResourceDoesNotExist(unknown("experiment", [experiment_id]))
    return numbers[0]


class SqlExperiments:
    """`base.Experiments` over a transaction."""

    __slots__ = ("_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight

    CREATE = """
    insert into experiments (name, artifact_location, stage, creation_time, last_update_time)
    values (?, ?, ?, ?, ?)
    returning experiment_id
    """
    LOCATE = "update experiments set artifact_location = ? where experiment_id = ?"
    ADD_TAG = "insert into experiment_tags (experiment_id, key, value) values (?, ?, ?)"

    def create(self, name: str, *, artifact_location: str | None, root: str, tags: dict[str, str], now: int) -> str:
        """Store an experiment and return its id; a location of None becomes `root/<id>`."""
        self._check_name(name)
        rows = self._transaction.all(self.CREATE, (name, artifact_location or "", ACTIVE, now, now))
        number: int = rows[0][0]
        if artifact_location is None:
            self._transaction.run(self.LOCATE, (uri.join(root, str(number)), number))
        if tags:
            self._transaction.many(self.ADD_TAG, [(number, key, value) for key, value in tags.items()])
        return str(number)

    NAME_HOLDER = "select experiment_id, stage from experiments where name = ?"

    def _check_name(self, name: str) -> None:
        taken = self._transaction.one(self.NAME_HOLDER, (name,))
        if taken is None:
            return
        if not self._sight.readable([str(taken[0])]):
            raise ResourceAlreadyExists(f"An experiment named {name!r} exists already. Choose another name.")
        hint = " It is deleted: restore it, or choose another name." if taken[1] == DELETED else ""
        raise ResourceAlreadyExists(f"An experiment named {name!r} exists already, with id {taken[0]}.{hint}")

    GET = f"select {_COLUMNS} from experiments e where e.experiment_id = ?"

    def get(self, experiment_id: str) -> Experiment:
        """The experiment with its tags, in whichever lifecycle stage."""
        row = self._transaction.one(self.GET, (experiment_no(experiment_id),))
        if row is None:
            raise ResourceDoesNotExist(unknown("experiment", [experiment_id]))
        return self._experiments([row])[0]

    NAMED = f"select {_COLUMNS} from experiments e where e.name = ?"

    def named(self, name: str) -> Experiment | None:
        """The experiment of this name, in whichever lifecycle stage."""
        row = self._transaction.one(self.NAMED, (name,))
        return self._experiments([row])[0] if row else None

    NAMES = "select experiment_id, name from experiments where experiment_id in ({integers})"

    def names(self, experiment_ids: Sequence[str]) -> dict[str, str]:
        """The names of those that are there, by id."""
        dialect = self._transaction.dialect
        numbers = filters.experiment_numbers(experiment_ids)
        rows = self._transaction.all(self.NAMES.format(integers=dialect.integers), (dialect.bound(numbers),))
        return {str(number): name for number, name in rows}

    def search(self, query: Query) -> list[Experiment]:
        """Experiments that match; by default newest first, then by id."""
        dialect = self._transaction.dialect
        wanted = filters.where(query, entity=filters.EXPERIMENTS, dialect=dialect)
        condition = filters.joined([wanted, self._sight.experiments("e.experiment_id")], " and ")
        keys = filters.complete(query.order_by, fields.EXPERIMENTS)
        joins, order = filters.order_by(keys, entity=filters.EXPERIMENTS)
        rows = self._transaction.all(
            f"select {_COLUMNS} from experiments e {joins.sql} where {condition.sql} order by {order.sql} "
            "limit ? offset ?",
            (*joins.values, *condition.values, query.limit, query.offset),
        )
        return self._experiments(rows)

    TAGS = "select experiment_id, key, value from experiment_tags where experiment_id in ({integers}) order by key"

    def _experiments(self, rows: list[tuple[Any, ...]]) -> list[Experiment]:
        tags: dict[int, list[ExperimentTag]] = {row[0]: [] for row in rows}
        dialect = self._transaction.dialect
        for number, key, value in self._transaction.all(
            self.TAGS.format(integers=dialect.integers), (dialect.bound(list(tags)),)
        ):
            tags[number].append(ExperimentTag(key=key, value=value))
        return [
            Experiment(
                experiment_id=str(number),
                name=name,
                artifact_location=location,
                lifecycle_stage=stage,
                creation_time=created,
                last_update_time=updated,
                tags=tags[number],
            )
            for number, name, location, stage, created, updated in rows
        ]

    RENAME = "update experiments set name = ?, last_update_time = ? where experiment_id = ?"

    def rename(self, experiment_id: str, *, name: str, now: int) -> None:
        """Change the name."""
        number = self._existing(experiment_id)
        holder = self._transaction.one(self.NAME_HOLDER, (name,))
        if holder is not None and holder[0] != number:
            self._check_name(name)
        self._transaction.run(self.RENAME, (name, now, number))

    SET_STAGE = "update experiments set stage = ?, last_update_time = ? where experiment_id = ?"
    SET_RUNS_STAGE = "update runs set stage = ?, deleted_at = ? where experiment_id = ? and stage <> ?"

    def set_stage(self, experiment_id: str, *, stage: str, now: int) -> None:
        """Delete or restore the experiment, and all its runs with it."""
        number = self._existing(experiment_id)
        deleted_at = now if stage == DELETED else None
        self._transaction.run(self.SET_STAGE, (stage, now, number))
        self._transaction.run(self.SET_RUNS_STAGE, (stage, deleted_at, number, stage))

    SET_TAG = "update experiment_tags set value = ? where experiment_id = ? and key = ?"

    def set_tag(self, experiment_id: str, *, key: str, value: str) -> None:
        """Set one tag, replacing its value."""
        number = self._existing(experiment_id)
        if not self._transaction.run(self.SET_TAG, (value, number, key)):
            self._transaction.run(self.ADD_TAG, (number, key, value))

    DELETE_TAG = "delete from experiment_tags where experiment_id = ? and key = ?"

    def delete_tag(self, experiment_id: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""
        return self._transaction.run(self.DELETE_TAG, (self._existing(experiment_id), key)) > 0

    EXISTS = "select experiment_id from experiments where experiment_id = ?"

    def _existing(self, experiment_id: str) -> int:
        number = experiment_no(experiment_id)
        if self._transaction.one(self.EXISTS, (number,)) is None:
            raise ResourceDoesNotExist(unknown("experiment", [experiment_id]))
        return number

    AT = "select experiment_id from experiments where artifact_location in ({texts}) order by experiment_id"

    def at(self, locations: Sequence[str]) -> list[str]:
        """The ids of the experiments whose artifact location is one of these."""
        dialect = self._transaction.dialect
        rows = self._transaction.all(self.AT.format(texts=dialect.texts), (dialect.bound(list(locations)),))
        return [str(number) for (number,) in rows]

    SUMMARIES = """
    select e.experiment_id, e.name, e.stage, e.creation_time, max(r.start_time), max(r.end_time), count(r.run_no),
      coalesce(sum(case when r.status = 'RUNNING' then 1 else 0 end), 0),
      coalesce(sum(case when r.status = 'FAILED' then 1 else 0 end), 0),
      max(n.value)
    from experiments e
    left join runs r on r.experiment_id = e.experiment_id and r.stage = ?
    left join experiment_tags n on n.experiment_id = e.experiment_id and n.key = ?
    where e.stage = ?{named} and {seen}
    group by e.experiment_id
    order by e.experiment_id
    """

    LAST_POINTS = """
    select r.experiment_id, max(m.last_time)
    from runs r join metrics m on m.run_no = r.run_no
    where r.stage = ? and r.status = 'RUNNING'{named}
    group by r.experiment_id
    """

    def summaries(self, experiment_ids: Sequence[str] | None = None) -> list[ExperimentSummary]:
        """All active experiments, or those named, with the counts of their active runs, the last active first.

        A run counts as active when it started, when it ended, and, while it is running, at its last points.
        """
        dialect = self._transaction.dialect
        named = ""
        values: tuple[Any, ...] = ()
        if experiment_ids is not None:
            named = f" and {{alias}}.experiment_id in ({dialect.integers})"
            values = (dialect.bound(filters.experiment_numbers(experiment_ids)),)
        seen = self._sight.experiments("e.experiment_id")
        last_points = self.LAST_POINTS.format(named=named.format(alias="r"))
        logged = dict(self._transaction.all(last_points, (ACTIVE, *values)))
        found = [
            ExperimentSummary(
                experiment_id=str(number),
                name=name,
                lifecycle_stage=stage,
                creation_time=created,
                last_activity=max(created, started or 0, ended or 0, logged.get(number, 0)),
                runs=runs,
                running=running,
                failed=failed,
                note=note or "",
            )
            for number, name, stage, created, started, ended, runs, running, failed, note in self._transaction.all(
                self.SUMMARIES.format(named=named.format(alias="e"), seen=seen.sql),
                (ACTIVE, NOTE_TAG, ACTIVE, *values, *seen.values),
            )
        ]
        return sorted(found, key=lambda summary: -summary.last_activity)
