"""Assay's UI, as it is built in this checkout."""

import re
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.errors import BenchmarkError
from benchmarks.processes import REPOSITORY
from benchmarks.rivals.assay import Assay
from benchmarks.ui.products.base import Loaded

_STATIC = REPOSITORY / "src/assay/server/static/index.html"


class AssayPages(Assay):
    """Assay's pages."""

    loader = "benchmarks.ui.loaders.mlflow_api"
    most_runs = 10_000
    is_released = False
    sorts = True
    first_row = "benchmark.runName(document.querySelector('[role=row][aria-rowindex=\"2\"] [role=rowheader]'))"
    spikes = "benchmark.spikesOfCanvas('figure canvas')"
    # A chart says in its name how many lines it shows.
    curves_shown = (
        "[...document.querySelectorAll('figure [aria-label]')]"
        ".map((chart) => chart.ariaLabel.match(/ of (\\d+) (?:runs|lines)/)?.[1] ?? 0)"
        ".reduce((sum, lines) => sum + Number(lines), 0)"
    )

    def install(self) -> None:
        """Check that it is installed and its UI built."""
        super().install()
        if not _STATIC.is_file():
            raise BenchmarkError("The UI is not built: run `make ui`.")

    def environment(self, directory: Path, *, port: int) -> dict[str, str]:
        """The sources of this checkout, and its store."""
        del port
        return {
            "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'src'}",
            "UI_BENCHMARK_CLIENT": "assay",
            "UI_BENCHMARK_STORE": self.local_uri(directory),
        }

    def table(self, loaded: Loaded, experiment: str) -> str:
        """The table is an experiment's first page."""
        return f"/experiments/{loaded[experiment]}"

    def curve(self, loaded: Loaded) -> str:
        """The charts of the run."""
        return f"/runs/{loaded['long_run']}?tab=charts"

    def curves(self, loaded: Loaded) -> str:
        """The charts of the experiment."""
        return f"/experiments/{loaded['few']}?view=charts"

    def lines_drawn(self, charts: int) -> str:
        """Each chart draws all its lines at once."""
        return f"benchmark.canvases('figure canvas') >= {charts}"

    def ask_for_curves(self, page: Page) -> None:
        """Nothing: all runs are drawn."""

    def sort(self, page: Page) -> None:
        """Click the heading."""
        page.get_by_role("columnheader").filter(has_text=re.compile("^m0")).get_by_role("button").first.click()

    def filter(self, page: Page, *, param: int, name: str) -> None:
        """Type into the filter and press Enter."""
        del name
        box = page.get_by_role("combobox", name="Filter runs")
        box.fill(f"params.p0 = '{param}'")
        box.press("Enter")
