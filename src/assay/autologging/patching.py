"""Wrap functions of a library so that what they do is recorded, and so that recording never breaks training.

The promises of every patch: the original is called exactly once, with the arguments as given; what it raises passes
unchanged; what goes wrong in recording is one warning. Patched functions keep their names, signatures and docstrings,
and can be pickled.
"""

from __future__ import annotations

import copy
import functools
import inspect
import re
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any

from assay.client.fluent import runs
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from types import FrameType, ModuleType

    from assay.client.run import ActiveRun

    Observer = Callable[["Call"], Generator[None, Any, None]]
    """Runs to its `yield` before training, which gives it the result, and to its end after it.

    When training fails, it is closed there.
    """
    Reader = Callable[["Call", Any], None]
    """Gets a call that is over, and its result."""

AUTOLOGGING_TAG = "mlflow.autologging"
_log = logger("autologging")


@dataclass(frozen=True)
class Options:
    """What every kind of autologging can be told."""

    log_models: bool = True
    log_datasets: bool = True
    log_input_examples: bool = False
    log_model_signatures: bool = True
    exclusive: bool = False
    disable_for_unsupported_versions: bool = False
    silent: bool = False
    registered_model_name: str | None = None
    extra_tags: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of autologging: its name, which tags the runs that it starts, and the library that it watches."""

    flavor: str
    library: str
    tested: tuple[tuple[int, int], tuple[int, int]]
    """The least and the greatest version tried, major and minor."""


@dataclass
class Call:
    """One call of a patched function."""

    kind: Kind
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    frame: FrameType | None
    options: Any
    run: ActiveRun | None = None

    @property
    def instance(self) -> Any:
        """The object whose method was called."""
        return self.args[0]

    @functools.cached_property
    def arguments(self) -> dict[str, Any]:
        """The arguments by name, as given; further keyword arguments among them."""
        bound = dict(inspect.signature(self.function).bind(*self.args, **self.kwargs).arguments)
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                bound |= bound.pop(parameter.name, {})
        return bound

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Try to record something: when it fails, that is a warning, and the block ends."""
        with guarded(what, silent=self.options.silent):
            yield


class _Session(threading.local):
    """Whether this thread is inside of a training that is recorded: what it calls is part of it."""

    def __init__(self) -> None:
        self.is_open = False
        self.training: Call | None = None


_session = _Session()
_options: dict[str, Options] = {}
_chosen: set[str] = set()
"""Flavors whose own `autolog` was called: the general one leaves them as they are."""
_patches: dict[tuple[Any, str], tuple[str, Any]] = {}
_lock = threading.RLock()


def turn_on(kind: Kind, options: Options) -> None:
    """Have the patches of a kind record, as the options say."""
    _options[kind.flavor] = options
    _chosen.add(kind.flavor)


def turn_off(kind: Kind) -> None:
    """Have the patches of a kind record nothing, and put the original methods back in their classes.

    Functions of modules stay wrapped, and pass straight through: others hold them by now, and pickle compares what
    they hold with what the module has.
    """
    _options.pop(kind.flavor, None)
    _chosen.add(kind.flavor)
    with _lock:
        for (owner, name), (flavor, original) in list(_patches.items()):
            if flavor == kind.flavor and isinstance(owner, type):
                setattr(owner, name, original)
                del _patches[owner, name]


def is_chosen(flavor: str) -> bool:
    """Whether the user has turned a flavor on or off by its own `autolog`."""
    return flavor in _chosen


def forget_choice(flavor: str) -> None:
    """Take a flavor's settings as those of the general `autolog`, which may change them again."""
    _chosen.discard(flavor)


def options_of(kind: Kind) -> Any:
    """What a kind was told, None while it is off."""
    return _options.get(kind.flavor)


def check_version(kind: Kind, version: str) -> None:
    """Warn of a version of a library that is not tested, and turn its autologging off where the user wishes that."""
    options = _options.get(kind.flavor)
    number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if options is None or kind.tested[0] <= number <= kind.tested[1]:
        return
    if options.disable_for_unsupported_versions:
        del _options[kind.flavor]
    if not options.silent:
        least, most = (".".join(map(str, one)) for one in kind.tested)
        state = "is not recorded" if options.disable_for_unsupported_versions else "is recorded all the same"
        _log.warning(
            "%s %s is not tested with autologging, %s to %s are; it %s.", kind.library, version, least, most, state
        )


@contextmanager
def guarded(what: str, *, silent: bool = False) -> Iterator[None]:
    """End the block at an exception, which becomes a warning."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- nothing of ours may stop a training
        if not silent:
            _log.warning("%s; training goes on. %s: %s", what, type(error).__name__, error)
        _log.debug("%s", what, exc_info=True)


@contextmanager
def quiet(training: Call | None = None) -> Iterator[None]:
    """Record nothing of what this thread calls in the block, but the parts of a training that are watched."""
    before = _session.is_open, _session.training
    _session.is_open, _session.training = True, training
    try:
        yield
    finally:
        _session.is_open, _session.training = before


def patch_training(
    kind: Kind,
    owner: type | ModuleType,
    name: str,
    observer: Observer,
    *,
    applies: Callable[[tuple[Any, ...]], bool] | None = None,
) -> None:
    """Have an observer watch a function that trains; without a run, one is started and ended with it.

    What a training calls itself is part of it, and not recorded again. `applies` may choose by positional arguments.
    """

    def through(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def patched(*args: Any, **kwargs: Any) -> Any:
            frame = sys._getframe(1)  # noqa: SLF001 -- inspect's own is slower by far
            options = _listening(kind, frame)
            if (
                options is None
                or (applies is not None and not applies(args))
                or (options.exclusive and runs.active_run() is not None)
            ):
                return original(*args, **kwargs)
            call = Call(kind, original, args, kwargs, frame, options)
            with quiet(call):
                return _train(call, observer)

        return patched

    _patch(kind, owner, name, through)


def patch_part(kind: Kind, owner: type | ModuleType, name: str, observer: Observer) -> None:
    """Have an observer watch a function where a training that is recorded, of the same kind, calls it; in its run."""

    def through(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def patched(*args: Any, **kwargs: Any) -> Any:
            whole = _session.training
            if whole is None or whole.kind != kind:
                return original(*args, **kwargs)
            with quiet():
                return _observed(Call(kind, original, args, kwargs, None, whole.options, whole.run), observer)

        return patched

    _patch(kind, owner, name, through)


def patch_reading(kind: Kind, owner: type | ModuleType, name: str, reader: Reader) -> None:
    """Have a reader see each call that the user makes of a function, after it, with its result.

    What the function calls itself is part of it, and not read again.
    """

    def through(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def patched(*args: Any, **kwargs: Any) -> Any:
            frame = sys._getframe(1)  # noqa: SLF001
            options = _listening(kind, frame)
            if options is None:
                return original(*args, **kwargs)
            with quiet():
                result = original(*args, **kwargs)
                call = Call(kind, original, args, kwargs, frame, options)
                with call.attempt(f"The result of {name} is not logged"):
                    reader(call, result)
            return result

        return patched

    _patch(kind, owner, name, through)


def _listening(kind: Kind, frame: FrameType) -> Options | None:
    """What a kind was told, when a call is the user's own; None for what a library or a training calls."""
    options = _options.get(kind.flavor)
    if options is None or _session.is_open:
        return None
    caller = str(frame.f_globals.get("__name__", ""))
    return None if caller.partition(".")[0] == kind.library else options


def _patch(
    kind: Kind, owner: type | ModuleType, name: str, through: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    with _lock:
        original = vars(owner).get(name)
        if (owner, name) in _patches or original is None:
            return
        if isinstance(original, FunctionType):
            patched: Any = through(original)
            if not isinstance(owner, type):
                patched.__module__ = owner.__name__  # where pickle finds it
        elif isinstance(getattr(original, "fn", None), FunctionType):  # a method that is there under a condition
            patched = copy.copy(original)
            patched.fn = through(original.fn)
        else:
            return
        setattr(owner, name, patched)
        _patches[owner, name] = (kind.flavor, original)


def _train(call: Call, observer: Observer) -> Any:
    managed = _started(call)
    status = "FAILED"
    try:
        result = _observed(call, observer)
        status = "FINISHED"
        return result
    finally:
        if managed:
            with call.attempt("The run that autologging started could not be ended"):
                runs.end(managed, status)


def _observed(call: Call, observer: Observer) -> Any:
    args, kwargs = call.args, call.kwargs
    steps = _begun(call, observer)
    try:
        if steps is not None:  # an observer that has begun may have added callbacks
            args, kwargs = call.args, call.kwargs
        result = call.function(*args, **kwargs)
        if steps is not None:
            with call.attempt(f"A call of {call.function.__qualname__} is not logged in full"):
                _finish(steps, result)
        return result
    finally:
        if steps is not None:
            with call.attempt(f"What was begun for a call of {call.function.__qualname__} could not be ended"):
                steps.close()


def _started(call: Call) -> ActiveRun | None:
    """Find the run that a training goes to; gives it when it is a new one, to be ended by the caller."""
    active = runs.active_run()
    if active is not None:
        call.run = active
        return None
    with call.attempt("No run could be started, so nothing is logged"):
        call.run = runs.start_run(tags={**(call.options.extra_tags or {}), AUTOLOGGING_TAG: call.kind.flavor})
    return call.run


def _begun(call: Call, observer: Observer) -> Generator[None, Any, None] | None:
    if call.run is None:
        return None
    with call.attempt(f"A call of {call.function.__qualname__} is not logged"):
        steps = observer(call)
        next(steps)
        return steps
    return None


def _finish(steps: Generator[None, Any, None], result: Any) -> None:
    try:
        steps.send(result)
    except StopIteration:
        return
    steps.close()
