"""Write the pages of `docs/` that are made from where the facts stand. `--check` fails when one is stale."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

import click

import assay
from assay.cli.main import cli
from assay.core.settings import SETTINGS
from assay.wire.operations import OPERATIONS, TRANSFERS
from assay.wire.server import MLFLOW_VERSION

sys.path.insert(0, str(Path(__file__).parents[1]))
from tools.gallery import document

DOCS = Path(__file__).parents[1] / "docs"
ENDPOINTS = Path(__file__).parent / "mlflow_endpoints.txt"
"""Every endpoint of MLflow's server, its own names of variables; twins under `/ajax-api/` are left out."""
ABSENT = {
    "out of scope: generative AI": r"trace|/issues|label-schemas|3\.0/mlflow/datasets|scorer|gateway|prompt|"
    r"review-queues|/jobs|/demo|genai|/mcp",
    "out of scope: how MLflow's own pages ask": r"graphql|ui-telemetry",
    "later: users and permissions": r"/users|/roles|/signup",
    "later: workspaces": r"/workspaces",
    "later: figures for Prometheus": r"^/metrics$",
}
_VARIABLE = re.compile(r"\{\w+\}")
HANDED_OUT = (assay.ActiveRun,)  # classes whose objects people get and never make
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
    """Every operation with its route and permission, and every endpoint of MLflow with what became of it."""
    declared = (*OPERATIONS.values(), *TRANSFERS.values())
    rows = [
        f"| `{' '.join(operation.methods)}` | `{_whole(operation.path)}` | {_sentence(operation.request.__doc__)} "
        f"| {operation.access} |"
        for operation in sorted(declared, key=lambda operation: operation.path)
    ]
    head = (
        "# REST API\n\nEvery route below `/api/` stands under `/ajax-api/` too. Requests and answers are JSON in "
        "MLflow's dialect; routes under `assay/` also take MessagePack. An error answers "
        '`{"error_code": ..., "message": ...}`. A running server gives the same as an OpenAPI document at '
        "`/api/assay/1/openapi.json`.\n"
    )
    table = ["| Method | Path | What it does | Access |", "| --- | --- | --- | --- |"]
    return "\n".join([NOTE + head, *table, *rows, "", *_endpoints_of_mlflow(), ""])


def _whole(path: str) -> str:
    return path.replace("*}", "}") if path.startswith("/") else f"/api/{path.replace('*}', '}')}"


def _endpoints_of_mlflow() -> list[str]:
    """Each endpoint of MLflow as done, or why it is not."""
    done = {
        (method, _VARIABLE.sub("{}", _whole(operation.path)))
        for operation in (*OPERATIONS.values(), *TRANSFERS.values())
        for method in operation.methods
    } | {("GET", path) for path in ("/", "/health", "/version")}
    rows = []
    for line in ENDPOINTS.read_text(encoding="utf-8").splitlines():
        method, path = line.split(" ")
        bare = _VARIABLE.sub("{}", path)
        state = "done"
        if not {(method, bare), (method, bare.replace("/ajax-api/", "/api/"))} & done:
            state = next(reason for reason, pattern in ABSENT.items() if re.search(pattern, path))
        rows.append(f"| `{method}` | `{path}` | {state} |")
    head = (
        f"## Endpoints of MLflow {MLFLOW_VERSION}\n\nWhat is out of scope, or comes later, answers 501 with "
        "`NOT_IMPLEMENTED`, as MLflow does for what a store cannot do.\n"
    )
    return [head, "| Method | Path | In Assay |", "| --- | --- | --- |", *rows]


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


def cli_page() -> str:
    """Every command with its options."""
    parts = [NOTE + "# Command line\n"]
    shown: dict[int, str] = {}
    for path, command in _commands(cli, ("assay",)):
        first = shown.setdefault(id(command), " ".join(path))
        if first != " ".join(path):
            parts.append(f"## `{' '.join(path)}`\n\nThe same as `{first}`.\n")
            continue
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


def api_page() -> str:
    """Every public name with its signature and first sentence, and the methods of the client."""
    public = {name: getattr(assay, name) for name in assay.__all__}
    aliases = {"MlflowClient": "Client", "MlflowException": "AssayError"}
    parts = [
        NOTE + "# Python API\n\n`import assay` offers these names, with MLflow's meaning. The docstrings "
        "(`help(assay.start_run)`) tell of arguments and errors.\n\n## Functions\n"
    ]
    parts += [_entry(f"assay.{name}", one) for name, one in public.items() if inspect.isfunction(one)]
    parts.append("\n## Classes\n")
    for name, one in public.items():
        if name in aliases:
            parts.append(f"- `assay.{name}`: MLflow's name for `assay.{aliases[name]}`.")
        elif inspect.isclass(one):
            parts.append(_entry(f"assay.{name}", one))
    parts.append("\n## Methods of `assay.Client`\n")
    methods = inspect.getmembers(public["Client"], inspect.isfunction)
    parts += [_entry(name, one, method=True) for name, one in methods if not name.startswith("_")]
    parts.append("\n## Modules\n")
    modules = [(name, one) for name, one in public.items() if isinstance(one, ModuleType)]
    parts += [f"- `assay.{name}`: {_first_sentence(one)}" for name, one in modules]
    return "\n".join([*parts, ""])


def _entry(name: str, documented: object, *, method: bool = False) -> str:
    signature = "" if documented in HANDED_OUT else _signature(documented, method=method)
    return f"- `{name}{signature}`\\\n  {_first_sentence(documented)}"


def _signature(documented: object, *, method: bool) -> str:
    """The arguments as they are written, without types: a reader looks for names and defaults."""
    signature = inspect.signature(documented)  # type: ignore[arg-type]
    parameters = list(signature.parameters.values())[1 if method else 0 :]
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def _first_sentence(documented: object) -> str:
    return re.split(r"(?<=[.])\s+(?=[A-Z])", _sentence(inspect.getdoc(documented)), maxsplit=1)[0]


def main() -> None:
    """Write the pages, or compare them."""
    stale = []
    pages = {
        "reference/settings": settings_page(),
        "reference/rest": rest_page(),
        "reference/cli": cli_page(),
        "reference/api": api_page(),
        "ui-pages": document.text(),
    }
    for name, text in pages.items():
        page = DOCS / f"{name}.md"
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            stale.append(page.name)
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"Stale: {', '.join(stale)}. Run `make gen`.")


if __name__ == "__main__":
    main()
