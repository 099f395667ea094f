"""Who makes an experiment or a registered model may manage it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.store.users import MANAGE

if TYPE_CHECKING:
    from assay.service.access import Caller
    from assay.store.base import Session


def own(session: Session, caller: Caller, *, kind: str, target: str) -> None:
    """Grant everything on something new to who made it; on a server without users nobody is known."""
    user = session.users.numbered(caller.number) if caller.number else None
    if user is not None:
        role = session.roles.own(user)
        session.grants.set(role.number, kind=kind, target=target, level=MANAGE)
