"""Who is asked about users and what they did: the server in use, or its store by the operator of the machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from assay.client.connection import connect
from assay.client.tracking import get_tracking_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.wire.base import Message

T = TypeVar("T", bound="Message")


class Ask(Protocol):
    """Answers requests."""

    def __call__(self, request: Message, returns: type[T], /) -> T:
        """The answer to a request.

        Raises:
            AssayError: it was refused, or the server does not answer.
        """


def store_option(*, required: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that goes past the server to its store."""
    return click.option(
        "--backend-store-uri",
        required=required,
        help="The store of the server, for the operator of its machine: nobody logs in, and it need not run.",
    )


def ask(request: Message, returns: type[T]) -> T:
    """The answer of the server in use to a request.

    Raises:
        AssayError: it was refused, or the server does not answer.
    """
    return connect(get_tracking_uri()).ask(request, returns)


@contextmanager
def asking(backend_store_uri: str | None) -> Iterator[Ask]:
    """What answers requests: the store, where one is given, else the server in use.

    Raises:
        ConfigurationError: there is no such store.
    """
    if backend_store_uri is None:
        yield ask
        return
    from assay.server.operator import operating

    with operating(backend_store_uri) as operator:
        yield operator.ask
