"""Aim's UI."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page

from benchmarks.processes import REPOSITORY
from benchmarks.rivals.environment import environment, install
from benchmarks.ui.data import CURVES, FEW
from benchmarks.ui.products.base import Loaded

_VERSION = "3.29.1"


class AimPages:
    """Aim's explorers, whose run table shows the runs of all experiments, the last ones first."""

    key = "aim"
    title = f"Aim {_VERSION}"
    python = environment("aim") / "python"
    loader = "benchmarks.ui.loaders.aim_client"
    most_runs = 2000
    is_released = True
    sorts = False
    first_row = "benchmark.runName(document.querySelector('.RunNameColumn__runName'))"
    spikes = "benchmark.spikesOfPath('path.Line')"
    curves_shown = "benchmark.paths('path.Line')"

    def install(self) -> None:
        """Install it on first use."""
        install("aim", requirement=f"aim=={_VERSION}")

    def environment(self, directory: Path, *, port: int) -> dict[str, str]:
        """Its repository."""
        del port
        return {"PYTHONPATH": str(REPOSITORY), "UI_BENCHMARK_STORE": str(directory / "repository")}

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """`aim up`."""
        return [
            *(str(environment("aim") / "aim"), "up", "--host", "127.0.0.1", "--port", str(port), "--yes"),
            *("--repo", str(directory / "repository")),
        ]

    def table(self, loaded: Loaded, experiment: str) -> str:
        """The runs explorer, which has no address for one experiment."""
        del loaded, experiment
        return "/runs"

    def curve(self, loaded: Loaded) -> str:
        """The metrics of the run."""
        return f"/runs/{loaded['long_run']}/metrics"

    def curves(self, loaded: Loaded) -> str:
        """The metrics explorer with a query."""
        del loaded
        query = f"run.experiment == '{FEW}' and metric.name in {list(CURVES)}"
        return f"/metrics?select={_encoded({'options': [], 'query': '', 'advancedMode': True, 'advancedQuery': query})}"

    def lines_drawn(self, charts: int) -> str:
        """Lines come one by one: 40 for each chart, where there are several."""
        return f"benchmark.paths('path.Line') >= {1 if charts == 1 else 40 * charts}"

    def ask_for_curves(self, page: Page) -> None:
        """Nothing: the query is in the address."""

    def sort(self, page: Page) -> None:
        """It cannot."""
        raise NotImplementedError(page.url)

    def filter(self, page: Page, *, param: int, name: str) -> None:
        """Type into the editor and press its button."""
        del name
        page.locator(".monaco-editor").first.click()
        page.keyboard.type(f"run.p0 == {param}", delay=20)  # its editor loses what comes at once
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Search").last.click()


def _encoded(state: dict[str, object]) -> str:
    # As its UI writes it: what encodeURI leaves as it is must be left so, for it is read back by decodeURI.
    text = quote(json.dumps(state), safe=";,/?:@&=+$-_.!~*'()#")
    return "O-" + base64.b64encode(text.encode()).decode().rstrip("=").replace("+", "-").replace("/", "_")
