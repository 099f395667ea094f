"""The client's operation on what is marked as deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.wire import trash as wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.client.connection import Connection


class TrashOperations:
    """What a client can do with what is marked as deleted."""

    _connection: Connection

    def empty_trash(
        self,
        *,
        experiment_ids: Sequence[str] = (),
        run_ids: Sequence[str] = (),
        model_ids: Sequence[str] = (),
        deleted_before: int | None = None,
        dry_run: bool = False,
    ) -> wire.TrashReport:
        """Delete for good what is marked as deleted, rows and files, and tell what it was and how many bytes.

        Args:
            experiment_ids: only these experiments, with all in them.
            run_ids: only these runs.
            model_ids: only these logged models.
            deleted_before: only what was marked before this time, in milliseconds since the epoch.
            dry_run: only tell; change nothing.

        Returns:
            What went, or would go, in `items`, and in `kept` what could not, with the reason.

        Raises:
            ResourceDoesNotExist: something named does not exist.
            InvalidParameterValue: something named is not marked as deleted, or was so later.
        """
        request = wire.EmptyTrash(
            experiment_ids=list(experiment_ids),
            run_ids=list(run_ids),
            model_ids=list(model_ids),
            deleted_before=deleted_before,
            dry_run=dry_run,
        )
        whole = wire.TrashReport()
        while True:
            report = self._connection.ask(request, wire.TrashReport)
            whole.items += report.items
            whole.kept += report.kept
            if not report.next_page_token:
                return whole
            request.page_token = report.next_page_token
