"""What a product has to tell: how it is filled and served, where its pages are, and how its parts are found there."""

from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page

Loaded = dict[str, Any]
"""What a loader printed: the names or ids of experiments and runs, by `few`, `few_runs`, `many`, `long`, `long_run`."""


class Product(Protocol):
    """One web UI under measurement. Script expressions may use `benchmark`, see in_page.js."""

    @property
    def key(self) -> str:
        """Its name on the command line and in the JSON file."""

    @property
    def title(self) -> str:
        """Its name and version, for readers."""

    @property
    def python(self) -> Path:
        """The Python interpreter that has its client."""

    @property
    def loader(self) -> str:
        """The module that puts the data in."""

    @property
    def most_runs(self) -> int:
        """How many runs of the sweep it can be given in reasonable time."""

    @property
    def is_released(self) -> bool:
        """Whether it is the same each time, so that a store of it can be kept from run to run."""

    @property
    def first_row(self) -> str:
        """Script: the name of the run in the first row that is painted, or an empty text."""

    def install(self) -> None:
        """Make sure it can run; raises BenchmarkError."""

    def environment(self, directory: Path, *, port: int) -> dict[str, str]:
        """Variables for its loader and its server."""

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """The command that serves 127.0.0.1:`port`."""

    def table(self, loaded: Loaded, experiment: str) -> str:
        """The path of the run table of `few` or `many`."""

    def curve(self, loaded: Loaded) -> str:
        """The path of the page with the long curve."""

    def curves(self, loaded: Loaded) -> str:
        """The path of the page with the three curves of all 40 runs."""

    def lines_drawn(self, charts: int) -> str:
        """Script: whether so many charts are drawn, with all the lines they will get."""

    @property
    def spikes(self) -> str:
        """Script: how many spikes the long curve shows."""

    @property
    def curves_shown(self) -> str | None:
        """Script: how many of the 120 curves are drawn; None where the page does not tell."""

    def ask_for_curves(self, page: Page) -> None:
        """Do what a user has to do on the page of curves, once it is there, to see them."""

    @property
    def sorts(self) -> bool:
        """Whether its run table can be sorted by a metric."""

    def sort(self, page: Page) -> None:
        """Sort the run table by the metric `m0`, in either direction."""

    def filter(self, page: Page, *, param: int, name: str) -> None:
        """Filter the run table by `p0 = param`, or where only names can be filtered, by this one."""
