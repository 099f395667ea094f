"""What the operator of the machine asks of a store directly: the way back in when nobody can log in any more.

Whoever may open the database may do everything anyway; asked here, it is done by the rules, and the audit log tells it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from assay.core import uri
from assay.core.errors import ConfigurationError
from assay.server.passwords import open_passwords
from assay.service.access import Caller, UserPolicy
from assay.service.handlers import Context, dispatch
from assay.store.open import is_database, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.wire.base import Message

T = TypeVar("T", bound="Message")

OPERATOR = "operator of the machine"
"""How the audit log tells by what right it was done."""


class Operator:
    """Asks a store by the rules of a server with users, and may do everything."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def ask(self, request: Message, returns: type[T]) -> T:
        """The answer to a request.

        Raises:
            AssayError: it was refused.
        """
        answer = dispatch(self._context, request)
        if not isinstance(answer, returns):
            raise TypeError(f"{type(request).__name__} was answered with {type(answer).__name__}.")
        return answer


@contextmanager
def operating(backend_store_uri: str) -> Iterator[Operator]:
    """The operator of a store that is there, whether or not a server runs over it.

    Raises:
        ConfigurationError: there is no store; none is made here.
    """
    if not is_database(backend_store_uri) and not uri.database_file(backend_store_uri).exists():
        raise ConfigurationError(
            f"There is no store at {uri.redact(backend_store_uri)!r}. Give the --backend-store-uri of the server."
        )
    passwords = open_passwords()
    store = open_store(backend_store_uri, artifact_root="mlflow-artifacts:/")
    try:
        yield Operator(
            Context(
                store=store,
                artifact_root="mlflow-artifacts:/",
                store_type="SqlStore",
                passwords=passwords,
                policy=UserPolicy(),
                caller=Caller(name="", local=True, is_admin=True, credential=OPERATOR),
            )
        )
    finally:
        store.close()
