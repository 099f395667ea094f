"""Callbacks for a trainer of Lightning, under either of the two names that Lightning is imported by."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from assay.autologging import patching
from assay.client.connection import connect
from assay.core import settings
from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.client.recorder import Recorder

LIBRARIES = ("lightning.pytorch", "pytorch_lightning")


def library_of(trainer: Any) -> str:
    """The name that a trainer's Lightning is imported by."""
    names = (kind.__module__ for kind in type(trainer).__mro__)
    return next(name.removesuffix(".trainer.trainer") for name in names if name.endswith(".trainer.trainer"))


def library_at_hand() -> str:
    """The name that Lightning is imported by in this process, or can be.

    Raises:
        ConfigurationError: it is not installed.
    """
    loaded = [name for name in LIBRARIES if name in sys.modules]
    found = loaded or [name for name in LIBRARIES if find_spec(name.partition(".")[0])]
    if not found:
        raise ConfigurationError("Lightning is not installed. Install it with: pip install lightning")
    return found[0]


def hook(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A method that a trainer calls: at its first fault the callback has warned of `what`, and does no more."""

    def around(method: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(method)
        def called(self: Attached, *args: Any, **kwargs: Any) -> None:
            if self.is_broken:
                return
            self.is_broken = True
            with patching.guarded(what, silent=self.silent):
                method(self, *args, **kwargs)
                self.is_broken = False

        return called

    return around


class Attached:
    """What a callback that records has in common with others: a run, by which it is known in other processes too.

    A strategy may start processes that get a copy of the callback. All of them call it, as some metrics are computed by
    all together; the one of rank zero records.
    """

    kind: ClassVar[type]
    library: ClassVar[str]

    def __init__(self, run_id: str | None, uri: str, *, silent: bool) -> None:
        self.run_id = run_id
        self.uri = uri
        self.silent = silent
        self.is_broken = False
        self.process = os.getpid()

    @property
    def recorder(self) -> Recorder:
        """What records of the run."""
        return connect(self.uri).recorder(str(self.run_id))

    @hook("What a process of its own recorded is delivered later")
    def teardown(self, *_: Any, **__: Any) -> None:
        """Wait for what a process of its own has recorded, before Lightning ends it."""
        if self.run_id is not None and os.getpid() != self.process:
            connect(self.uri).outbox.try_wait(seconds=settings.end_timeout.get())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.kind, self.library, self.__dict__)


def _again(kind: type, library: str, state: dict[str, Any]) -> Any:
    made = object.__new__(callback_class(kind, library))
    made.__dict__.update(state)
    return made


@functools.cache
def callback_class(kind: type, library: str) -> Any:
    """A kind of callback, as a class that is also one of Lightning's callbacks."""
    base = importlib.import_module(library).Callback
    return type(kind.__name__, (kind, base), {"kind": kind, "library": library, "__module__": kind.__module__})
