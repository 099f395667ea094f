"""Hooks that run when a library is imported, so that `autolog()` covers what is imported after it.

Nothing is on `sys.meta_path` until the first hook is set, and nothing stays there after the last is taken back.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Hook = Callable[[ModuleType], None]

_hooks: dict[str, list[Hook]] = {}
_lock = threading.Lock()


class _Searching(threading.local):
    """The module that this thread looks for, so that the finder asks the others for it and not itself."""

    def __init__(self) -> None:
        self.names: set[str] = set()


class _HookLoader:
    """Loads a module as its own loader does, then runs the hooks of its library."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        for hook in _hooks_of(module.__name__):
            hook(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class _HookFinder:
    """Finds what the other finders find, for the libraries that have hooks."""

    def __init__(self) -> None:
        self._searching = _Searching()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if name in self._searching.names or not _hooks_of(name):
            return None
        self._searching.names.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._searching.names.discard(name)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _HookLoader(spec.loader)  # type: ignore[assignment]  # all that the import system asks of one
        return spec


_finder = _HookFinder()


def watch(library: str, hook: Hook) -> None:
    """Run `hook` with each module of a library: now with those that are loaded, later with others when they are.

    `library` may also be the full name of one module. A hook raises nothing: what it raises would break the import.
    """
    with _lock:
        hooks = _hooks.setdefault(library, [])
        if hook in hooks:
            return
        hooks.append(hook)
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
    for name, module in sorted(sys.modules.copy().items()):
        if library in (name, _library(name)) and module is not None:
            hook(module)


def unwatch(library: str, hook: Hook) -> None:
    """Take a hook back; without one, do nothing."""
    with _lock:
        hooks = _hooks.get(library, [])
        if hook in hooks:
            hooks.remove(hook)
        if not hooks:
            _hooks.pop(library, None)
        if not _hooks and _finder in sys.meta_path:
            sys.meta_path.remove(_finder)


def _library(name: str) -> str:
    return name.partition(".")[0]


def _hooks_of(name: str) -> tuple[Hook, ...]:
    return tuple(hook for watched in {name, _library(name)} for hook in _hooks.get(watched, ()))
