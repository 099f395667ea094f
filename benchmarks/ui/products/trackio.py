"""Trackio's dashboard."""

from pathlib import Path

from playwright.sync_api import Page

from benchmarks.processes import REPOSITORY
from benchmarks.rivals.environment import environment, install
from benchmarks.ui.data import CURVES
from benchmarks.ui.products.base import Loaded

_VERSION = "0.43.0"


class TrackioPages:
    """Trackio's pages; an experiment is a project there, and charts are Vega's."""

    key = "trackio"
    title = f"Trackio {_VERSION}"
    python = environment("trackio") / "python"
    loader = "benchmarks.ui.loaders.trackio_store"
    most_runs = 2000
    is_released = True
    sorts = False
    first_row = "benchmark.runName(document.querySelector('.runs-table tbody tr .run-name-cell'))"
    spikes = "benchmark.spikesOfCanvas('canvas.marks')"
    curves_shown = None

    def install(self) -> None:
        """Install it on first use."""
        install("trackio", requirement=f"trackio=={_VERSION}")

    def environment(self, directory: Path, *, port: int) -> dict[str, str]:
        """Its folder and port, and no browser of its own."""
        return {
            "PYTHONPATH": str(REPOSITORY),
            "TRACKIO_DIR": str(directory / "trackio"),
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_NUM_PORTS": "1",
            "BROWSER": "true",
        }

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """`trackio show`."""
        del directory, port
        return [str(environment("trackio") / "trackio"), "show"]

    def table(self, loaded: Loaded, experiment: str) -> str:
        """The runs of a project."""
        return f"/runs?project={loaded[experiment]}"

    def curve(self, loaded: Loaded) -> str:
        """The metrics of the project that holds nothing else."""
        return f"/?project={loaded['long']}"

    def curves(self, loaded: Loaded) -> str:
        """The metrics of the project, only the curves."""
        return f"/?project={loaded['few']}&metric_filter={'|'.join(CURVES)}"

    def lines_drawn(self, charts: int) -> str:
        """Each chart draws all its lines at once."""
        return f"benchmark.canvases('canvas.marks') >= {charts}"

    def ask_for_curves(self, page: Page) -> None:
        """Nothing: the choice is in the address."""

    def sort(self, page: Page) -> None:
        """It cannot."""
        raise NotImplementedError(page.url)

    def filter(self, page: Page, *, param: int, name: str) -> None:
        """Only names can be filtered."""
        del param
        page.get_by_placeholder("baseline|exp").fill(name)
