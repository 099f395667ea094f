"""MLflow's UI."""

import re
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.processes import REPOSITORY
from benchmarks.rivals.mlflow import MLflow
from benchmarks.ui.products.base import Loaded


class MLflowPages(MLflow):
    """MLflow's pages for model training; its tables are ag-Grid's, its charts Plotly's."""

    loader = "benchmarks.ui.loaders.mlflow_api"
    most_runs = 10_000
    is_released = True
    sorts = True
    first_row = (
        "[...document.querySelectorAll('.ag-row[row-index=\"0\"]')].map(benchmark.runName).find((name) => name) ?? ''"
    )
    spikes = "benchmark.spikesOfPath('.scatterlayer path.js-line')"
    curves_shown = "benchmark.paths('.scatterlayer path.js-line')"

    def environment(self, directory: Path, *, port: int) -> dict[str, str]:
        """Its store."""
        del port
        return {
            "PYTHONPATH": str(REPOSITORY),
            "UI_BENCHMARK_CLIENT": "mlflow",
            "UI_BENCHMARK_STORE": self.local_uri(directory),
        }

    def table(self, loaded: Loaded, experiment: str) -> str:
        """The runs of an experiment."""
        return f"/#/experiments/{loaded[experiment]}/runs"

    def curve(self, loaded: Loaded) -> str:
        """The model metrics of the run."""
        return f"/#/experiments/{loaded['long']}/runs/{loaded['long_run']}/model-metrics"

    def curves(self, loaded: Loaded) -> str:
        """The chart view of the experiment, which draws 10 runs until more are ticked."""
        return f"/#/experiments/{loaded['few']}/runs?compareRunsMode=CHART"

    def lines_drawn(self, charts: int) -> str:
        """Each chart draws all its lines at once."""
        return f"document.querySelectorAll('.scatterlayer:has(path.js-line)').length >= {charts}"

    def ask_for_curves(self, page: Page) -> None:
        """Nothing: names are such that the curves come first."""

    def sort(self, page: Page) -> None:
        """Choose from the menu of orders."""
        page.get_by_role("button", name="Sort").click()
        page.locator("[role^=menuitem]").filter(has_text=re.compile("^m0$")).click()

    def filter(self, page: Page, *, param: int, name: str) -> None:
        """Type into the search and press Enter."""
        del name
        box = page.get_by_placeholder("metrics.rmse < 1")
        box.fill(f"params.p0 = '{param}'")
        box.press("Enter")
