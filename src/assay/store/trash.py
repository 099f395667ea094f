"""What is marked as deleted, and its removal: part of the contract in `store/base.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.wire.trash import DeletedItem

RUN, MODEL, EXPERIMENT = KINDS = ("run", "model", "experiment")
"""What can be removed, in this order: an experiment goes after all that is in it."""


@dataclass(frozen=True)
class Doomed:
    """Something that is marked as deleted; an experiment has no files of its own."""

    kind: str
    id: str
    artifact_uri: str = ""


@dataclass(frozen=True)
class Choice:
    """What is to go: all that was deleted before a time (milliseconds), or only what is named."""

    before: int
    experiment_ids: Sequence[str] = ()
    run_ids: Sequence[str] = ()
    model_ids: Sequence[str] = ()

    @property
    def named(self) -> bool:
        """Whether only what is named is to go."""
        return bool(self.experiment_ids or self.run_ids or self.model_ids)


class Trash(Protocol):
    """Removal for good, each thing with all that belongs to it."""

    def check(self, choice: Choice) -> None:
        """Return when everything named is marked as deleted, and was so before the time.

        Raises:
            ResourceDoesNotExist: there is no such thing.
            InvalidParameterValue: it is not deleted, or was deleted later; names it.
        """

    def deleted(self, *, limit: int, offset: int) -> list[DeletedItem]:
        """Deleted experiments, and deleted runs and logged models of active ones; the last deleted first."""

    def find(self, choice: Choice, *, after: Doomed | None, limit: int) -> list[Doomed]:
        """What is to go after one of them, by kind and id. A model goes with its experiment, deleted or not."""

    def check_removable(self, doomed: Doomed, *, choice: Choice) -> None:
        """Return when it could be removed after all else that was chosen.

        Raises:
            InvalidState: an experiment that holds runs that stay, or the one with the id 0.
        """

    def remove(self, doomed: Doomed) -> int | None:
        """Remove it; the number under which its files are noted as left over, 0 where it has none.

        None when it is not there, or not deleted any more.

        Raises:
            InvalidState: an experiment that holds anything, or the one with the id 0.
        """

    def leftovers(self) -> list[tuple[int, str]]:
        """Where files lie of what was removed, each with a number."""

    def forget(self, number: int) -> None:
        """Note that these files are gone, too."""
