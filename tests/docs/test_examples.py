"""What the documentation shows works as written, and what can be used is documented."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import assay
from assay.cli.main import cli
from assay.core.settings import SETTINGS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[re.Match[str]]:
    return [match for match in BLOCK.finditer(page.read_text(encoding="utf-8")) if match["language"] == language]


def script(page: Path) -> str:
    """The Python blocks of a page, each on the lines where it stands there, so that a traceback points to the page."""
    text = page.read_text(encoding="utf-8")
    code = ""
    for block in blocks(page, "python"):
        line = text.count("\n", 0, block.start("code"))
        code += "\n" * (line - code.count("\n")) + block["code"]
    return code


WITH_PYTHON = [page for page in PAGES if blocks(page, "python")]
COMMANDS = [
    (name_of(page), line.split("#")[0].strip())
    for page in PAGES
    for block in blocks(page, "sh")
    for line in block["code"].replace("\\\n", " ").splitlines()
    if line.startswith("assay ")
]


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name_of)
def test_python_runs_as_written(page: Path, tmp_path: Path) -> None:
    (tmp_path / page.name).write_text(script(page), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", page.name], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_commands_have_the_options_shown(page: str, line: str) -> None:
    command: click.Command = cli
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found, f"{page} shows a command that does not exist: {line}"
        command = found
    command.make_parser(click.Context(command)).parse_args(words)


def test_filters_of_the_search_page_are_understood(tmp_path: Path) -> None:
    page = ROOT / "docs/guide/search.md"
    for line in blocks(page, "text")[0]["code"].splitlines():
        assay.search_runs(["0"], filter_string=line, output_format="list")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert not missing


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md", ROOT / "docs/index.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page.is_dir():
            waiting += page.glob("*.md")
        elif page not in seen and page.suffix == ".md":
            seen.add(page)
            waiting += [page.parent / link for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert not set(PAGES) - seen


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    assert not [name for name in assay.__all__ if not re.search(rf"^- `assay\.{name}\b", page, re.MULTILINE)]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    variables = [variable for setting in SETTINGS.values() for variable in setting.variables]
    assert not [variable for variable in variables if f"`{variable}`" not in page]


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    assert not [path for path in commands(cli, "assay") if f"## `{path}`" not in page]


def commands(command: click.Command, path: str) -> list[str]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    inner = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [found for name, one in inner if one for found in commands(one, f"{path} {name}")]


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/gen_docs.py"), "--check"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
