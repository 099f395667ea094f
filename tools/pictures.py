"""Write the pictures of the web UI to `docs/pictures/`: every page, wide and narrow, light and dark, full and empty.

With names as arguments, only the pictures whose names begin so. Pictures that show what they showed before stay as they
are, so that a commit holds only those that changed. The UI must be built: `make ui`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tools.gallery.camera import camera
from tools.gallery.likeness import difference
from tools.gallery.pages import PICTURES, Shot, shots


def write(shot: Shot, new: Image.Image) -> bool:
    """Keep a picture, unless it shows what the kept one shows; tells whether it was written."""
    file = PICTURES / f"{shot.name}.webp"
    if file.is_file():
        with Image.open(file) as kept:
            if difference(kept, new).share == 0:
                return False
    new.save(file, "WEBP", lossless=True, method=6)
    return True


def main(*beginnings: str) -> None:
    """Take the pictures, and remove those of no page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    every = shots()
    wanted = [shot for shot in every if shot.name.startswith(beginnings or "")]
    with sync_playwright() as playwright, camera(playwright.chromium) as taking:
        written = [shot.name for shot in wanted if write(shot, taking.take(shot))]
    names = {shot.name for shot in every}
    for file in PICTURES.glob("*.webp"):
        if file.stem not in names:
            file.unlink()
    print(f"{len(wanted)} pictures taken, {len(written)} of them new:", *written)


if __name__ == "__main__":
    main(*sys.argv[1:])
