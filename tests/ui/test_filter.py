"""The filter of the run table, completed by keyboard alone, and the list of keys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assay.testing.server import RunningServer, running_server

sys.path.insert(0, str(Path(__file__).parent))
from table_content import fill, seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filter")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningServer]:
    with running_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def trials(server: RunningServer, folder: Path) -> str:
    del server
    return fill(folder, "seeds", seeds)


@pytest.fixture
def box(page: Page, trials: str) -> Locator:
    page.goto(f"/experiments/{trials}")
    page.locator("[role=rowheader]").first.wait_for()
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Filter runs")
    expect(box).to_be_focused()
    return box


def options(page: Page) -> list[str]:
    return page.get_by_role("listbox", name="Completions").get_by_role("option").all_inner_texts()


def take(page: Page, option: str, key: str = "Enter") -> None:
    """Choose a completion with the arrows, and take it."""
    chosen = page.get_by_role("listbox", name="Completions").locator("[aria-selected=true]")
    for _ in options(page):
        page.keyboard.press("ArrowDown")
        if chosen.inner_text() == option:
            break
    active = page.get_by_role("combobox", name="Filter runs").get_attribute("aria-activedescendant")
    assert active == chosen.get_attribute("id")
    page.keyboard.press(key)


def test_a_filter_is_written_by_completions_alone(page: Page, box: Locator) -> None:
    page.keyboard.type("par")
    assert {"params.lr", "params.seed"} <= set(options(page))
    take(page, "params.lr")
    expect(box).to_have_value("params.lr ")
    assert options(page)[:2] == ["=", "!="]
    take(page, "=", "Tab")
    expect(box).to_have_value("params.lr = ")
    assert {"'0.001'", "'0.01'", "'10'"} <= set(options(page))
    take(page, "'0.01'")
    assert options(page) == ["AND", "OR"]
    take(page, "AND")
    page.keyboard.type("metrics.l")
    take(page, "metrics.loss")
    assert options(page) == ["=", "!=", "<", "<=", ">", ">="], "a number is not compared as text"
    page.keyboard.type("< 1")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="4 runs").wait_for()
    page.wait_for_url("**q=*")


def test_the_middle_of_a_filter_is_completed(page: Page, box: Locator) -> None:
    text = "params.lr = '10' AND metrics.loss < 1"
    page.keyboard.type(text)
    for _ in range(len(text) - len("params.lr")):
        page.keyboard.press("ArrowLeft")
    for _ in "lr":
        page.keyboard.press("Backspace")
    page.keyboard.type("se")
    assert options(page) == ["params.seed"]
    take(page, "params.seed")
    expect(box).to_have_value("params.seed = '10' AND metrics.loss < 1")
    assert box.evaluate("input => input.selectionStart") == len("params.seed ")


def test_escape_closes_completions_and_then_leaves(page: Page, box: Locator) -> None:
    page.keyboard.type("par")
    page.get_by_role("listbox", name="Completions").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("listbox", name="Completions").wait_for(state="hidden")
    expect(box).to_have_value("par")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()


def test_the_list_of_keys_gives_the_focus_back(page: Page, box: Locator) -> None:
    page.keyboard.type("?")
    assert page.get_by_role("dialog").count() == 0, "a question mark in a filter is text"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    button = page.get_by_role("button", name="Choose columns")
    button.focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    keys.get_by_text("Search everything").wait_for()
    page.keyboard.press("Escape")
    keys.wait_for(state="hidden")
    expect(button).to_be_focused()
    del box
