"""Statements that find and remove what is marked as deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, InvalidState, ResourceDoesNotExist
from assay.store.base import ACTIVE, DELETED, unknown
from assay.store.sql import filters
from assay.store.sql.filters import Fragment
from assay.store.trash import EXPERIMENT, KINDS, MODEL, RUN, Choice, Doomed
from assay.wire.trash import DeletedItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.sight import Sight

_DEFAULT_EXPERIMENT = "0"
_EVER = 2**63 - 1
_OLD_EXPERIMENTS = "select e.experiment_id from experiments e where e.stage = 'deleted' and e.last_update_time < ?"


class SqlTrash:
    """`trash.Trash` over a transaction."""

    __slots__ = ("_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight

    LISTED = """
    select d.kind, d.id, d.name, d.moment, d.experiment, d.place, d.held from (
      select 'experiment' as kind, '' as id, '' as name, e.last_update_time as moment, e.experiment_id as experiment,
        e.name as place, (select count(*) from runs r where r.experiment_id = e.experiment_id) as held
      from experiments e where e.stage = ?
      union all
      select 'run', r.run_id, r.run_name, coalesce(r.deleted_at, 0), e.experiment_id, e.name, 0
      from runs r join experiments e on e.experiment_id = r.experiment_id where r.stage = ? and e.stage = ?
      union all
      select 'model', l.model_id, l.name, coalesce(l.deleted_at, 0), e.experiment_id, e.name, 0
      from logged_models l join experiments e on e.experiment_id = l.experiment_id where l.stage = ? and e.stage = ?
    ) d where {seen} order by d.moment desc, d.kind, d.experiment, d.id limit ? offset ?
    """

    def deleted(self, *, limit: int, offset: int) -> list[DeletedItem]:
        """Deleted experiments, and deleted runs and logged models of active ones; the last deleted first."""
        stages = (DELETED, DELETED, ACTIVE, DELETED, ACTIVE)
        seen = self._sight.experiments("d.experiment")
        return [
            DeletedItem(
                kind=kind,
                id=one or str(number),
                name=name or place,
                deleted_at=moment,
                experiment_id=str(number),
                experiment_name=place,
                runs=held,
            )
            for kind, one, name, moment, number, place, held in self._transaction.all(
                self.LISTED.format(seen=seen.sql), (*stages, *seen.values, limit, offset)
            )
        ]

    RUN_STATES = "select run_id, stage, coalesce(deleted_at, 0) from runs where run_id in ({texts})"
    MODEL_STATES = "select model_id, stage, coalesce(deleted_at, 0) from logged_models where model_id in ({texts})"
    EXPERIMENT_STATES = (
        "select experiment_id, stage, last_update_time from experiments where experiment_id in ({integers})"
    )

    def check(self, choice: Choice) -> None:
        """Return when everything named is marked as deleted, and was so before the time."""
        numbers = filters.experiment_numbers(choice.experiment_ids)
        self._check("run", choice.run_ids, self._states(self.RUN_STATES, choice.run_ids), choice.before)
        self._check("logged model", choice.model_ids, self._states(self.MODEL_STATES, choice.model_ids), choice.before)
        self._check("experiment", choice.experiment_ids, self._states(self.EXPERIMENT_STATES, numbers), choice.before)

    def _states(self, sql: str, ids: Sequence[str] | Sequence[int]) -> dict[str, tuple[str, int]]:
        if not ids:
            return {}
        dialect = self._transaction.dialect
        rows = self._transaction.all(sql.format(texts=dialect.texts, integers=dialect.integers), (dialect.bound(ids),))
        return {str(one): (stage, deleted_at) for one, stage, deleted_at in rows}

    def _check(self, kind: str, ids: Sequence[str], states: dict[str, tuple[str, int]], before: int) -> None:
        missing = [one for one in ids if one not in states]
        if missing:
            raise ResourceDoesNotExist(unknown(kind, missing))
        for one in ids:
            stage, deleted_at = states[one]
            if stage != DELETED:
                raise InvalidParameterValue(f"The {kind} {one!r} is not in the deleted stage. Delete it first.")
            if deleted_at >= before:
                raise InvalidParameterValue(f"The {kind} {one!r} was deleted later than that. Give a shorter time.")

    def find(self, choice: Choice, *, after: Doomed | None, limit: int) -> list[Doomed]:
        """What is to go after one of them, by kind and id."""
        found: list[Doomed] = []
        for kind in KINDS[KINDS.index(after.kind) if after else 0 :]:
            last = after.id if after and after.kind == kind else None
            columns, key, condition = getattr(self, f"_{kind}s")(choice)
            if last is not None:
                beyond = Fragment(f"{key} > ?", (int(last) if kind == EXPERIMENT else last,))
                condition = filters.joined([Fragment(f"({condition.sql})", condition.values), beyond], " and ")
            rows = self._transaction.all(
                f"select {columns} where {condition.sql} order by {key} limit ?",
                (*condition.values, limit - len(found)),
            )
            found += [Doomed(kind, str(one), uri) for one, uri in rows]
            if len(found) >= limit:
                break
        return found

    def _runs(self, choice: Choice) -> tuple[str, str, Fragment]:
        condition = Fragment("r.stage = 'deleted' and coalesce(r.deleted_at, 0) < ?", (choice.before,))
        if choice.named:
            named = self._named("r", "r.run_id", choice.run_ids, choice.experiment_ids)
            condition = Fragment(f"r.stage = 'deleted' and ({named.sql})", named.values)
        return "r.run_id, r.artifact_uri from runs r", "r.run_id", condition

    def _models(self, choice: Choice) -> tuple[str, str, Fragment]:
        old = "l.stage = 'deleted' and coalesce(l.deleted_at, 0) < ?"
        condition = Fragment(f"({old}) or l.experiment_id in ({_OLD_EXPERIMENTS})", (choice.before, choice.before))
        if choice.named:
            condition = self._named("l", "l.model_id", choice.model_ids, choice.experiment_ids)
        return "l.model_id, l.artifact_uri from logged_models l", "l.model_id", condition

    def _experiments(self, choice: Choice) -> tuple[str, str, Fragment]:
        condition = Fragment("e.stage = 'deleted' and e.last_update_time < ?", (choice.before,))
        if choice.named:
            numbers = filters.experiment_numbers(choice.experiment_ids)
            condition = filters.among("e.experiment_id", numbers, self._transaction.dialect)
        return "e.experiment_id, '' from experiments e", "e.experiment_id", condition

    def _named(self, alias: str, column: str, ids: Sequence[str], experiment_ids: Sequence[str]) -> Fragment:
        dialect = self._transaction.dialect
        by_id = filters.among(column, ids, dialect)
        within = filters.among(f"{alias}.experiment_id", filters.experiment_numbers(experiment_ids), dialect)
        return filters.joined([by_id, within], " or ")

    REMOVE_RUN = "delete from runs where run_id = ? and stage = 'deleted'"
    REMOVE_MODEL = """
    delete from logged_models where model_id = ? and (
      stage = 'deleted' or experiment_id in (select experiment_id from experiments where stage = 'deleted')
    )
    """
    REMOVE_EXPERIMENT = "delete from experiments where experiment_id = ? and stage = 'deleted'"
    NOTE = "insert into removals (artifact_uri) values (?) returning removal_no"

    def remove(self, doomed: Doomed) -> int | None:
        """Remove it; the number under which its files are noted as left over, 0 where it has none."""
        if doomed.kind == EXPERIMENT:
            self._check_held(doomed.id, self.HELD, (int(doomed.id), int(doomed.id)))
        sql = {RUN: self.REMOVE_RUN, MODEL: self.REMOVE_MODEL, EXPERIMENT: self.REMOVE_EXPERIMENT}[doomed.kind]
        one: Any = int(doomed.id) if doomed.kind == EXPERIMENT else doomed.id
        if not self._transaction.run(sql, (one,)):
            return None
        if not doomed.artifact_uri:
            return 0
        number: int = self._transaction.all(self.NOTE, (doomed.artifact_uri,))[0][0]
        return number

    HELD = """
    select (select count(*) from runs where experiment_id = ?)
      + (select count(*) from logged_models where experiment_id = ?)
    """
    STAYING = (
        "select count(*) from runs where experiment_id = ? and (stage <> 'deleted' or coalesce(deleted_at, 0) >= ?)"
    )

    def check_removable(self, doomed: Doomed, *, choice: Choice) -> None:
        """Return when it could be removed after all else that was chosen."""
        if doomed.kind == EXPERIMENT:
            before = _EVER if choice.named else choice.before
            self._check_held(doomed.id, self.STAYING, (int(doomed.id), before))

    def _check_held(self, experiment_id: str, sql: str, values: tuple[int, int]) -> None:
        if experiment_id == _DEFAULT_EXPERIMENT:
            raise InvalidState("The experiment with the id 0 stays: clients log there when they name none.")
        held = self._transaction.one(sql, values)
        if held is not None and held[0]:
            raise InvalidState(f"Experiment {experiment_id!r} holds {held[0]} runs or models that stay. Delete them.")

    LEFTOVERS = "select removal_no, artifact_uri from removals order by removal_no"

    def leftovers(self) -> list[tuple[int, str]]:
        """Where files lie of what was removed, each with a number."""
        return [(number, artifact_uri) for number, artifact_uri in self._transaction.all(self.LEFTOVERS)]

    FORGET = "delete from removals where removal_no = ?"

    def forget(self, number: int) -> None:
        """Note that these files are gone, too."""
        self._transaction.run(self.FORGET, (number,))
