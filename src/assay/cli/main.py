"""The table of nouns, the lazy group, and the one place where errors become exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

import assay
from assay.cli import environment
from assay.core.errors import AssayError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FAILED = 1
INTERRUPTED = 130

COMMANDS: Mapping[str, tuple[str, str]] = {
    "server": ("assay.cli.server:server", "Serve the web UI and MLflow's REST API."),
    "ui": ("assay.cli.server:server", "The same as server."),
    "experiments": ("assay.cli.experiments:experiments", "Create, find, rename, delete and restore experiments."),
    "runs": ("assay.cli.runs:runs", "List, describe, create, delete and restore runs."),
    "artifacts": ("assay.cli.artifacts:artifacts", "List, download and log the files of runs."),
    "models": ("assay.cli.models:models", "Serve a model, predict with it; what an alias stood for."),
    "views": ("assay.cli.views:views", "Keep the saved views of an experiment as text."),
    "gates": ("assay.cli.gates:gates", "Say what a version must show to be promoted."),
    "users": ("assay.cli.users:users", "Manage the users of a server."),
    "roles": ("assay.cli.roles:roles", "Manage groups of users."),
    "permissions": ("assay.cli.permissions:permissions", "Say who may do what with which experiments and models."),
    "tokens": ("assay.cli.tokens:tokens", "Make, list and revoke what programs log in with."),
    "audit": ("assay.cli.audit:audit", "See who changed what, and check that nobody changed that."),
    "gc": ("assay.cli.gc:gc", "Delete for good what is marked as deleted."),
    "sync": ("assay.cli.sync:sync", "Send records that still wait for their server."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by a table and imports one when it is used, so that help costs nothing."""

    def __init__(self, *arguments: object, table: Mapping[str, tuple[str, str]], **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        del ctx
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in self._table:
            return None
        module, name = self._table[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The names with their one line of help, from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._table.items()])


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    epilog="Example: assay runs list --experiment-name quickstart --filter 'metrics.loss < 0.1'",
    context_settings={"help_option_names": ["--help"]},
)
@click.version_option(assay.__version__, "--version", message="assay %(version)s")
def cli() -> None:
    """Record, find, compare and serve machine-learning runs.

    Commands that read or write runs use MLFLOW_TRACKING_URI (or ASSAY_TRACKING_URI), by default ./mlruns.
    """
    environment.check()


def main(arguments: Sequence[str] | None = None, *, program: str = "assay") -> NoReturn:
    """Run the command line and exit: 0 done, 1 it failed (one line on stderr says why), 2 wrong usage, 130 Ctrl-C."""
    code = 0
    try:
        result = cli.main(args=None if arguments is None else list(arguments), prog_name=program, standalone_mode=False)
        code = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except AssayError as error:
        click.echo(f"Error: {error.message}", err=True)
        code = FAILED
    except BrokenPipeError:
        _close_quietly()
        code = FAILED
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    sys.exit(code)


def _close_quietly() -> None:
    """Whoever read our output has gone: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
