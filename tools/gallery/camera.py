"""Takes the pictures: three servers, and a browser in which nothing depends on the machine or the hour.

Fonts are those that come with Chromium and, for what those lack, with Matplotlib; the page's clock stands still; motion
is off; the servers answer under an address that does not change.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import matplotlib as mpl
from PIL import Image
from playwright.sync_api import TimeoutError  # noqa: A004 -- what Playwright raises
from tools.gallery import team, world
from tools.gallery.pages import WIDTHS

from assay.core import clock
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.identity import COOKIE
from assay.testing.server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request
    from tools.gallery.pages import Shot

ROOT = Path(__file__).parents[2]
FULL, EMPTY, TEAM = 5000, 5001, 5002
"""The ports that pages see, whichever the servers have."""
PATIENCE_MS = 15_000
LOOKS = 40
SETTLED = """() => document.fonts.status === 'loaded'
  && !document.querySelector('.skeleton, [aria-busy=true]')
  && [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight)"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{chromium}</dir>
  <dir>{matplotlib}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


class Unsettled(Exception):
    """A page does not come to rest, or does not show what it should; names it."""


class Camera:
    """Pictures pages of a server with data, of one without, and of one with users."""

    def __init__(self, browser: Browser) -> None:
        """Take pictures in a browser that `camera` launched."""
        self._browser = browser
        self._pages: dict[tuple[int, str, str | None], Page] = {}
        self._asked: set[Request] = set()
        self.faults: list[str] = []

    def take(self, shot: Shot) -> Image.Image:
        """The picture.

        Raises:
            Unsettled: the page does not come to rest, or does not show what it should.
        """
        page = self._page(shot.width, shot.scheme, shot.page.reader)
        self._asked.clear()
        try:
            _visit(page, shot)
        except TimeoutError as error:
            raise Unsettled(f"The page {shot.name!r} does not show what it should. Is its selector right?") from error
        return self._resting(page, shot)

    def _page(self, width: int, scheme: str, reader: str | None) -> Page:
        key = (width, scheme, reader)
        if key not in self._pages:
            context = self._context(width, scheme)
            if reader:
                context.add_cookies([{"name": COOKIE, "value": team.secret(reader), "url": f"http://localhost:{TEAM}"}])
            self._pages[key] = context.new_page()
        return self._pages[key]

    def _context(self, width: int, scheme: Any) -> BrowserContext:
        context = self._browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=scheme,
            reduced_motion="reduce",
            timezone_id="UTC",
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.clock.set_fixed_time(world.NOW)
        context.add_init_script("if (origin !== 'null') { localStorage.clear(); sessionStorage.clear(); }")
        context.on("request", self._began)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._ended)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        return context

    def _began(self, request: Request) -> None:
        if request.resource_type != "eventsource":  # that one never ends
            self._asked.add(request)

    def _ended(self, request: Request) -> None:
        self._asked.discard(request)

    def _resting(self, page: Page, shot: Shot) -> Image.Image:
        """What the page looks like once it waits for no answer and looks the same twice."""
        before = b""
        for _ in range(LOOKS):
            waits = bool(self._asked)
            now = page.screenshot(animations="disabled", caret="hide")
            if now == before and not waits and not self._asked:
                return Image.open(io.BytesIO(now)).convert("RGB")
            before = now
        asked = ", ".join(request.url for request in self._asked)
        raise Unsettled(f"The page {shot.name!r} goes on changing, or waits for an answer: {asked or 'none'}.")


def _visit(page: Page, shot: Shot) -> None:
    port = EMPTY if shot.empty else FULL if shot.page.reader is None else TEAM
    address = f"http://localhost:{port}"
    page.goto(address + (shot.page.empty if shot.empty else shot.page.path))
    page.locator(shot.page.empty_wait if shot.empty else shot.page.wait).first.wait_for()
    for keys, outcome in shot.page.acts:
        for key in keys.split():
            page.keyboard.press(key)
        page.locator(outcome).first.wait_for()
    page.wait_for_function(SETTLED)
    for selector, text in shot.page.fixed.items():
        page.locator(selector).evaluate("(element, text) => { element.textContent = text; }", text)


@contextmanager
def camera(browsers: BrowserType) -> Iterator[Camera]:
    """A camera over a server filled with `world`, an empty one, and one with users, for the length of the block."""
    answer = subprocess.run(
        [sys.executable, str(ROOT / "hatch_build.py"), "browser"], check=True, stdout=subprocess.PIPE, text=True
    )
    launch = json.loads(answer.stdout)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(clock, "now_ms", return_value=world.NOW_MS))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="assay-pictures-")))
        (folder / "empty").mkdir()
        world.build(folder / "full")
        shutil.copytree(folder / "full", folder / "team")
        team.build(folder / "team")
        servers = {FULL: ("full", None), EMPTY: ("empty", None), TEAM: ("team", Auth())}
        rules = []
        for seen, (name, auth) in servers.items():
            config = ServerConfig(
                backend_store_uri=str(folder / name / "mlruns"),
                artifacts_destination=str(folder / name / "mlartifacts"),
                access_log=False,
                auth=auth,
            )
            port = stack.enter_context(running_server(folder / name, config)).port
            rules.append(f"MAP localhost:{seen} 127.0.0.1:{port}")
        browser = browsers.launch(
            executable_path=launch["executable"],
            args=[*launch["arguments"], f"--host-resolver-rules={', '.join(rules)}", "--force-color-profile=srgb"],
            env={**os.environ, **launch["environment"], "FONTCONFIG_FILE": str(_fonts(folder, launch))},
        )
        stack.callback(browser.close)
        yield Camera(browser)


def _fonts(folder: Path, launch: dict[str, Any]) -> Path:
    """Settings that know no font of the machine."""
    file = folder / "fonts.conf"
    packed = Path(launch["environment"]["FONTCONFIG_FILE"]).parent / "fonts"
    own = Path(mpl.get_data_path()) / "fonts/ttf"
    file.write_text(FONTS.format(chromium=packed, matplotlib=own, cache=folder / "fonts-cache"), encoding="utf-8")
    return file
