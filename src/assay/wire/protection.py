"""Protected aliases: those of a registered model that only who manages it may move. Messages and operations."""

from __future__ import annotations

from assay.wire.base import Message, operation


class ProtectedAliasesResponse(Message, omit_defaults=False):
    """The protected aliases of a model, by name."""

    aliases: list[str]


@operation("POST", "assay/1/registry/protect-alias", access="registered_model:manage")
class ProtectAlias(Message):
    """Have an alias be set, moved and deleted only by who manages the model, or, not `protected`, by who edits it.

    The alias need not be set yet. On a server without users it means nothing.
    """

    name: str
    alias: str
    protected: bool = True


@operation(
    "GET", "assay/1/registry/protected-aliases", returns=ProtectedAliasesResponse, access="registered_model:read"
)
class ListProtectedAliases(Message):
    """List the protected aliases of a model."""

    name: str
