"""Statements of what is granted to roles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from assay.core.errors import ResourceDoesNotExist
from assay.store.base import unknown
from assay.store.sql import filters
from assay.store.users import ALL, DENY, EVERYTHING, EXPERIMENT, MODEL, NOTHING, Grant, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.sql.database import Transaction
    from assay.store.users import Reader

_ALL_NO = -1
_COLUMNS = "x.grant_no, x.role_no, x.kind, x.experiment_no, g.name, x.level"
_FROM = f"select {_COLUMNS} from grants x left join registered_models g on g.model_no = x.model_no"


class SqlGrants:
    """`Grants` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    MODEL_NO = "select model_no from registered_models where name = ?"
    EXPERIMENT_NO = "select experiment_id from experiments where experiment_id = ?"

    def number(self, kind: str, target: str) -> int:
        """The number under which a target is stored.

        Raises:
            ResourceDoesNotExist: there is no such experiment or registered model.
        """
        if target == ALL:
            return _ALL_NO
        if kind == MODEL:
            found = self._transaction.one(self.MODEL_NO, (target,))
        else:
            numbers = filters.experiment_numbers([target])
            found = self._transaction.one(self.EXPERIMENT_NO, numbers) if numbers else None
        if found is None:
            if kind == MODEL:
                raise ResourceDoesNotExist(f"Registered Model with name={target} not found. Check the name.")
            raise ResourceDoesNotExist(unknown(kind, [target]))
        number: int = found[0]
        return number

    DELETE_SAME = "delete from grants where kind = ? and target = ? and role_no = ?"
    ADD = """
    insert into grants (role_no, kind, target, experiment_no, model_no, level) values (?, ?, ?, ?, ?, ?)
    returning grant_no
    """

    def set(self, role_no: int, *, kind: str, target: str, level: int) -> Grant:
        """Grant a level in place of what was granted there before."""
        number = self.number(kind, target)
        self._transaction.run(self.DELETE_SAME, (kind, number, role_no))
        known = None if target == ALL else number
        keys = (known if kind == EXPERIMENT else None, known if kind == MODEL else None)
        row = self._transaction.all(self.ADD, (role_no, kind, number, *keys, level))[0]
        return Grant(row[0], role_no, kind, target, level)

    CHANGE = "update grants set level = ? where grant_no = ?"

    def change(self, number: int, *, level: int) -> Grant:
        """Change the level of a grant, which is there."""
        self._transaction.run(self.CHANGE, (level, number))
        return self.get(number)

    SAME = f"{_FROM} where x.kind = ? and x.target = ? and x.role_no = ?"

    def find(self, role_no: int, *, kind: str, target: str) -> Grant | None:
        """What is granted to a role on exactly this, or None."""
        row = self._transaction.one(self.SAME, (kind, self.number(kind, target), role_no))
        return _grant(row) if row else None

    GET = f"{_FROM} where x.grant_no = ?"

    def get(self, number: int) -> Grant:
        """The grant with a number."""
        row = self._transaction.one(self.GET, (number,))
        if row is None:
            raise ResourceDoesNotExist(f"There is no permission with id {number}. Check the id.")
        return _grant(row)

    DELETE = "delete from grants where grant_no = ?"

    def delete(self, number: int) -> None:
        """Take back a grant."""
        if not self._transaction.run(self.DELETE, (number,)):
            self.get(number)

    OF = f"{_FROM} where x.role_no in ({{integers}}) order by x.role_no, x.kind, x.target, x.grant_no"

    def of(self, role_nos: Sequence[int]) -> list[Grant]:
        """All that is granted to some roles, by role, kind and target."""
        dialect = self._transaction.dialect
        rows = self._transaction.all(self.OF.format(integers=dialect.integers), (dialect.bound(list(role_nos)),))
        return [_grant(row) for row in rows]

    ON = f"{_FROM} where x.kind = ? and x.target = ? order by x.role_no"

    def on(self, *, kind: str, target: str) -> list[Grant]:
        """All that is granted on one experiment or registered model, to whichever role."""
        return [_grant(row) for row in self._transaction.all(self.ON, (kind, self.number(kind, target)))]

    WIDE = """
    select min(x.level), max(x.level) from grants x
    where x.kind in (?, ?) and x.target = -1 and x.role_no in ({roles})
    """

    def wide(self, reader: Reader, *, kind: str) -> int | None:
        """What a reader is granted on all of a kind; None where nothing is said."""
        if not reader.roles:
            return None
        row = self._transaction.one(self.WIDE.format(roles=_places(reader.roles)), (kind, EVERYTHING, *reader.roles))
        return None if row is None or row[0] is None else together(row[0], row[1])

    HELD = """
    select x.target, x.level from grants x
    where x.kind = ? and x.target in ({targets}) and +x.role_no in ({roles})
    union all
    select x.target, x.level from grants x
    where x.kind = ? and x.target = -1 and +x.role_no in ({roles})
    """
    """The `+` keeps roles out of the search by index: with two lists to look for, SQLite takes it step by step."""
    MODEL_NOS = "select name, model_no from registered_models where name in ({texts})"

    def levels(self, reader: Reader, *, kind: str, targets: Sequence[str]) -> dict[str, int]:
        """What a reader may do with each of the experiments, or of the registered models."""
        numbers = self._numbers(kind, targets)
        held = self._held(reader, kind, [_ALL_NO, *numbers.values()])
        only = reader.experiment if kind == EXPERIMENT else reader.model
        limited = bool(reader.experiment or reader.model)
        found: dict[str, int] = {}
        for target in targets:
            places = (_ALL_NO, numbers.get(target, _ALL_NO))
            said = [level for level in map(held.get, places) if level is not None]
            level = together(min(said), max(said)) if said else reader.default
            hidden = limited and only not in (ALL, target)
            found[target] = NOTHING if hidden or level == DENY else level
        return found

    def _numbers(self, kind: str, targets: Sequence[str]) -> dict[str, int]:
        if kind == EXPERIMENT:
            return {one: number for one in targets for number in filters.experiment_numbers([one])}
        dialect = self._transaction.dialect
        rows = self._transaction.all(
            self.MODEL_NOS.format(texts=dialect.texts), (dialect.bound(list(dict.fromkeys(targets))),)
        )
        return dict(rows)

    def _held(self, reader: Reader, kind: str, numbers: list[int]) -> dict[int, int]:
        """What the reader's roles are granted on each of these, by number, in one statement: each request asks."""
        if not reader.roles:
            return {}
        dialect = self._transaction.dialect
        sql = self.HELD.format(targets=dialect.integers, roles=_places(reader.roles))
        values = (kind, dialect.bound(numbers), *reader.roles, EVERYTHING, *reader.roles)
        said: dict[int, list[int]] = defaultdict(list)
        for number, level in self._transaction.all(sql, values):
            said[number].append(level)
        return {number: together(min(levels), max(levels)) for number, levels in said.items()}


def _places(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _grant(row: tuple[Any, ...]) -> Grant:
    number, role_no, kind, experiment_no, model, level = row
    target = model if experiment_no is None else str(experiment_no)
    return Grant(number, role_no, kind, ALL if target is None else target, level)
