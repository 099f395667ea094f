"""The pages that are pictured."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tools.gallery import team
from tools.gallery.registry import LOGGED, MODEL, REPORT
from tools.gallery.world import BEST, FAILED, FLOWERS, RIVALS, SEARCH, run_id

if TYPE_CHECKING:
    from collections.abc import Mapping

PICTURES = Path(__file__).parents[2] / "docs/pictures"
"""Where the pictures are kept."""
WIDTHS = {1440: 900, 380: 800}
"""Widths in pixels, with the heights that go with them."""
SCHEMES = ("light", "dark")
TABLE = f"/experiments/{FLOWERS}"
VERSION = f"/models/{MODEL}/versions/4"


@dataclass(frozen=True)
class Page:
    """A page of the app, and when it is ready to be pictured.

    Attributes:
        name: What its pictures are called.
        title: What the gallery calls it.
        path: Its address.
        wait: A CSS selector of what stands there once it is ready.
        empty: Its address on a server without data, where it is worth a picture.
        empty_wait: A selector of what stands there then.
        acts: What is done then: keys, apart by spaces, and a selector of what they bring about.
        fixed: Text that depends on the machine, by CSS selector, and what stands there instead.
        reader: Who looks at it, on the server with users: a name, or nobody yet where it is empty. None elsewhere.
    """

    name: str
    title: str
    path: str
    wait: str
    empty: str = ""
    empty_wait: str = ".state"
    acts: tuple[tuple[str, str], ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    reader: str | None = None


@dataclass(frozen=True)
class Shot:
    """One picture: a page at a width, in a scheme, of the filled server or of the empty one."""

    page: Page
    width: int
    scheme: str
    empty: bool

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return f"{self.page.name}-{self.width}-{self.scheme}{'-empty' if self.empty else ''}"


ADMINISTRATION = "nav[aria-label=Main] a[href='/admin/users']"
"""The stream of changes has told that an administrator looks."""
IN_THE_BAR = (("", f"{ADMINISTRATION}[aria-current]"),)
ROWS = "[role=rowheader] a, .run-card a"
CARDS = "figure.chart-card canvas"
PAGES = (
    Page("home", "Experiments", "/", "[role=treegrid] a", empty="/", empty_wait="[role=treegrid] a"),
    Page("runs", "Runs", TABLE, ROWS, empty="/experiments/0"),
    Page(
        "runs-grouped",
        "Runs averaged over seeds",
        f"{TABLE}?group=params.backbone,params.lr&open=*&q=params.optimizer+%3D+'adamw'",
        ".grid-row.group, .group-card",
    ),
    Page("split", "Runs and charts", f"{TABLE}?view=split", CARDS, empty="/experiments/0?view=split"),
    Page(
        "charts",
        "Charts",
        f"{TABLE}?view=charts&q=params.optimizer+%3D+'adamw'",
        CARDS,
        empty="/experiments/0?view=charts",
    ),
    Page("analysis", "Analysis", f"{TABLE}/analyse", "figure [role=img]", empty="/experiments/0/analyse"),
    Page("sweep", "A sweep", f"/runs/{SEARCH}/sweep", "figure [role=img]"),
    Page(
        "compare",
        "Runs compared",
        f"/compare?runs={','.join(RIVALS)}&base={RIVALS[2]}",
        "[aria-label=Comparison] tbody td",
    ),
    Page("run", "A run", f"/runs/{BEST}", "[role=tab]"),
    Page("run-failed", "A run that failed", f"/runs/{FAILED}", "[role=tab]"),
    Page("run-charts", "Charts of a run", f"/runs/{BEST}?tab=charts", CARDS),
    Page("run-code", "Code of a run", f"/runs/{BEST}?tab=code", ".line-added"),
    Page("run-environment", "Environment of a run", f"/runs/{BEST}?tab=environment", ".pair-row"),
    Page("run-logs", "What a run printed", f"/runs/{FAILED}?tab=logs", ".text-line"),
    Page("run-files", "Files of a run", f"/runs/{BEST}?tab=files&path=mistakes.csv", "[role=treeitem]"),
    Page("run-media", "Images of a run", f"/runs/{BEST}?tab=media", "main img"),
    Page("models", "Models", "/models", "main table a", empty="/models"),
    Page("model", "A model", f"/models/{MODEL}", "tr[data-version]"),
    Page("version", "A version, and where it comes from", VERSION, ".lineage-name"),
    Page("versions-compared", "Versions compared", f"/models/{MODEL}/compare?versions=3,4", "main table"),
    Page("logged-models", "Models of an experiment", f"{TABLE}/models", "main table a", empty="/experiments/0/models"),
    Page("logged-model", "A logged model", f"/m/{LOGGED}", "main h1"),
    Page("reports", "Reports", "/reports", "main a", empty="/reports"),
    Page("report", "A report", f"/reports/{REPORT}", "figure canvas"),
    Page(
        "palette",
        "The search over everything",
        "/",
        "[role=treegrid] a",
        acts=(("Control+k", "dialog input:focus"), ("c o n v", "[role=option] mark:text-is('conv')")),
    ),
    Page("trash", "Trash", "/trash", "main li, main tr", empty="/trash"),
    Page(
        "settings",
        "Settings",
        "/settings",
        ".settings-facts",
        fixed={
            ".settings-facts dd:nth-of-type(1)": "Healthy, answered in 3 ms",
            ".settings-facts dd:nth-of-type(2)": "Assay 1.0",
        },
    ),
    Page(
        "permissions",
        "Permissions of a model",
        f"/models/{MODEL}/permissions",
        ".grants li",
        acts=(("", ADMINISTRATION),),
        reader=team.ADMIN,
    ),
    Page("sign-in", "Signing in", "/", ".sign-in", reader=""),
    Page("users", "Users", "/admin/users", ".people-rows a", acts=IN_THE_BAR, reader=team.ADMIN),
    Page("user", "A user", f"/admin/users/{team.USER}", "#user-sessions", acts=IN_THE_BAR, reader=team.ADMIN),
    Page("groups", "Groups", "/admin/groups", ".admin-groups a", acts=IN_THE_BAR, reader=team.ADMIN),
    Page("group", "A group", f"/admin/groups/{team.GROUP}", "#group-members", acts=IN_THE_BAR, reader=team.ADMIN),
    Page("audit", "The audit log", "/admin/audit?entry=10", ".audit-facts", acts=IN_THE_BAR, reader=team.ADMIN),
    Page("not-found", "What is not there", f"/runs/{run_id('nothing')}", "main h1, main h2"),
)
EVERY_DAY = frozenset(
    (
        "home-1440-light home-380-dark-empty runs-1440-dark runs-380-light split-1440-light charts-380-dark "
        "analysis-1440-dark sweep-1440-light compare-1440-light run-1440-dark run-files-1440-light model-380-light "
        "version-1440-light versions-compared-1440-dark report-1440-light settings-380-dark "
        "permissions-1440-light user-1440-dark audit-380-light"
    ).split()
)
"""Names of the pictures that the default suite compares; the others wait for the long one."""


def shots() -> list[Shot]:
    """Every picture, page by page."""
    return [
        Shot(page, width, scheme, empty)
        for page in PAGES
        for empty in (False, True)
        if page.empty or not empty
        for width in WIDTHS
        for scheme in SCHEMES
    ]
