"""How alike two pictures of a page are, whatever a machine does to the edges of its letters.

Both are made four times smaller, in which the smoothing of edges is averaged away; what is compared are the small
squares that are left. A picture is another one when more than a few of them differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SQUARE = 4
"""Pixels along the edge of a square."""
TOLERANCE = 16
"""By how much a square may differ in red, green or blue, of 255."""
LIMIT = 0.0002
"""The share of squares that may differ: of a page of 1440 by 900 pixels the room of a short word."""


@dataclass(frozen=True)
class Difference:
    """What sets a picture apart from the kept one; `picture` is the new one, with all that is as before made pale."""

    share: float
    picture: Image.Image

    @property
    def is_one(self) -> bool:
        """Whether the pictures show different pages."""
        return self.share > LIMIT


def difference(kept: Image.Image, new: Image.Image) -> Difference:
    """Compare a picture with the kept one."""
    if kept.size != new.size:
        return Difference(1.0, new)
    off = np.abs(_squares(kept) - _squares(new)).max(axis=2) > TOLERANCE
    veil = Image.fromarray(np.where(off, 0, 200).astype(np.uint8)).resize(new.size, Image.Resampling.NEAREST)
    return Difference(float(off.mean()), Image.composite(Image.new("RGB", new.size, "#d0d0d0"), new, veil))


def _squares(picture: Image.Image) -> NDArray[np.int16]:
    return np.asarray(picture.convert("RGB").reduce(SQUARE), dtype=np.int16)
