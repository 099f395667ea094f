"""Write `docs/reference/{settings,rest,cli}.md` from the tables they come from. `--check` fails when one is stale."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assay.cli.main import cli
from assay.core.settings import SETTINGS
from assay.wire.operations import OPERATIONS

REFERENCE = Path(__file__).parents[1] / "docs/reference"
NOTE = "<!-- Made by `make gen`; edits are lost. -->\n"


def settings_page() -> str:
    """Every setting with its variables, default and meaning."""
    rows = [
        f"| `{'`, `'.join(setting.variables)}` | {_default(setting.default)} | {setting.help} |"
        for setting in SETTINGS.values()
    ]
    head = "# Settings\n\nEvery setting is an environment variable; the first one that is set wins.\n"
    return "\n".join([NOTE + head, "| Variable | Default | Meaning |", "| --- | --- | --- |", *rows, ""])


def _default(value: object) -> str:
    if value is None:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def rest_page() -> str:
    """Every operation with its route and permission."""
    rows = [
        f"| `{' '.join(operation.methods)}` | `/api/{operation.path}` | {_sentence(operation.request.__doc__)} "
        f"| {operation.access} |"
        for operation in sorted(OPERATIONS.values(), key=lambda operation: operation.path)
    ]
    head = (
        "# REST API\n\nEvery route stands under `/api/` and `/ajax-api/` alike. Requests and answers are JSON in "
        "MLflow's dialect; routes under `assay/` also take MessagePack. An error answers "
        '`{"error_code": ..., "message": ...}`.\n'
    )
    return "\n".join([NOTE + head, "| Method | Path | What it does | Access |", "| --- | --- | --- | --- |", *rows, ""])


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


def cli_page() -> str:
    """Every command with its options."""
    parts = [NOTE + "# Command line\n"]
    for path, command in _commands(cli, ("assay",)):
        context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
        parts.append(f"## `{' '.join(path)}`\n\n```text\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)


def _commands(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    found = []
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            found += _commands(inner, (*path, name))
    return found


def main() -> None:
    """Write the pages, or compare them."""
    stale = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in (("settings", settings_page()), ("rest", rest_page()), ("cli", cli_page())):
        page = REFERENCE / f"{name}.md"
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            stale.append(page.name)
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"Stale: {', '.join(stale)}. Run `make gen`.")


if __name__ == "__main__":
    main()
