"""Every page looks as its picture in `docs/pictures/` does; `make pictures` takes new ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFilter

sys.path.insert(0, str(Path(__file__).parents[2]))
from tools.gallery.camera import camera
from tools.gallery.likeness import difference
from tools.gallery.pages import EVERY_DAY, PICTURES, Shot, shots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from tools.gallery.camera import Camera

FAILED = Path(__file__).parents[2] / "build/pictures"
EVERY = [
    pytest.param(shot, id=shot.name, marks=[] if shot.name in EVERY_DAY else [pytest.mark.slow]) for shot in shots()
]


@pytest.fixture(scope="module")
def taking(browser: Browser) -> Iterator[Camera]:
    with camera(browser.browser_type) as one:
        yield one


def kept(shot: Shot) -> Image.Image:
    with Image.open(PICTURES / f"{shot.name}.webp") as picture:
        return picture.convert("RGB")


@pytest.mark.parametrize("shot", EVERY)
def test_a_page_looks_as_it_is_kept(taking: Camera, shot: Shot) -> None:
    new = taking.take(shot)
    found = difference(kept(shot), new)
    if found.is_one:
        FAILED.mkdir(parents=True, exist_ok=True)
        new.save(FAILED / f"{shot.name}.png")
        found.picture.save(FAILED / f"{shot.name}-difference.png")
        pytest.fail(
            f"{found.share:.2%} of {shot.name} is not as in docs/pictures. See {FAILED}/{shot.name}.png, and "
            f"{shot.name}-difference.png for where; run `make pictures` if this is meant."
        )
    assert taking.faults == []


def test_the_pictures_are_those_of_the_pages() -> None:
    names = {shot.name for shot in shots()}
    assert {file.stem for file in PICTURES.iterdir()} == names
    assert names >= EVERY_DAY
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) < 6e6


def test_what_a_difference_is() -> None:
    """The smoothing of letters is none; a word that is missing, text that moved by a line and another colour are."""
    (shot,) = (one for one in shots() if one.name == "runs-1440-light")
    page = kept(shot)
    assert difference(page, page).share == 0
    smoothed = Image.blend(page, page.filter(ImageFilter.GaussianBlur(0.6)), 0.5)
    assert not difference(page, smoothed).is_one

    wordless = page.copy()
    ImageDraw.Draw(wordless).rectangle((270, 108, 330, 130), fill=page.getpixel((345, 128)))
    assert difference(page, wordless).is_one
    moved = page.copy()
    moved.paste(page.crop((0, 130, 1440, 600)), (0, 134))
    assert difference(page, moved).is_one
    assert difference(page, page.point(lambda level: max(0, level - 24))).is_one
    assert difference(page, page.crop((0, 0, 1440, 899))).is_one
