"""Images: what counts as one, how it is written, and how the files of images over steps are named."""

from __future__ import annotations

import io
import re
import uuid
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require
from assay.core.log import logger

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF"}
_COMPRESSED_SIDE = 256
_KEY = re.compile(r"[\w\-./ ]+")
_log = logger("client")


class UnacceptableImage(InvalidParameterValue, ValueError):
    """The pixels are none that an image can have."""


class NoImage(InvalidParameterValue, TypeError):
    """The value is no image, or the arguments do not say where it goes."""


class Image:
    """An image in memory, made of pixels: an array, nested lists, a PIL image, or the file at a path.

    Example:
        >>> import assay
        >>> assay.Image([[[255, 0, 0], [0, 0, 255]]]).size
        (2, 1)
    """

    def __init__(self, image: Any) -> None:
        """Take the pixels.

        Raises:
            NoImage: the value is no image.
            UnacceptableImage: the pixels are none that an image can have.
            ConfigurationError: Pillow or NumPy is not installed.
        """
        if isinstance(image, str | Path):
            image = require("PIL.Image", extra="images").open(io.BytesIO(Path(image).read_bytes()))
        elif isinstance(image, list):
            image = require("numpy", extra="images").array(image)
        self.image: PILImage = pil_image(image)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    def to_pil(self) -> PILImage:
        """The image as Pillow has it."""
        return self.image

    def to_array(self) -> Any:
        """The pixels as a NumPy array of height, width and channels."""
        return require("numpy", extra="images").array(self.image)

    def to_list(self) -> list[Any]:
        """The pixels row by row: a number or a tuple of channels each."""
        found: list[Any] = self.to_array().reshape(-1, *self.to_array().shape[2:]).tolist()
        return [tuple(pixel) if isinstance(pixel, list) else pixel for pixel in found]

    def resize(self, size: tuple[int, int]) -> Image:
        """The image scaled to a width and height in pixels."""
        return Image(self.image.resize(size))

    def save(self, path: str | Path) -> None:
        """Write a file, in the format of the name's extension."""
        Path(path).write_bytes(encode(self, path=str(path)))


def is_image(value: Any) -> bool:
    """Whether a value says of itself that it is an image; arrays may be anything."""
    return isinstance(value, Image) or (hasattr(value, "getbbox") and hasattr(value, "save"))


def pil_image(value: Any) -> PILImage:
    """An image of any kind as Pillow has it.

    Arrays have height, width and up to 4 channels. Truth values are black and white, whole numbers lie from 0 to 255,
    fractions from 0 to 1; fractions beyond are cut off, with a warning.

    Raises:
        NoImage: the value is no image.
        UnacceptableImage: the pixels are none that an image can have.
        ConfigurationError: Pillow is not installed.
    """
    if isinstance(value, Image) or hasattr(value, "to_pil"):
        value = value.to_pil()
    if hasattr(value, "getbbox"):
        picture: PILImage = value
        return picture
    if not hasattr(value, "dtype"):
        raise NoImage(f"A {type(value).__name__} is no image: give an array, a PIL image or an assay.Image.")
    drawn: PILImage = require("PIL.Image", extra="images").fromarray(_bytes(value))
    return drawn


def encode(value: Any, *, path: str) -> bytes:
    """The file of an image, in the format of the name's extension, PNG without one.

    Raises:
        InvalidParameterValue: the value is no image, or the format cannot hold it.
    """
    extension = PurePosixPath(path).suffix.lstrip(".").lower() or "png"
    picture = pil_image(value)
    buffer = io.BytesIO()
    try:
        picture.save(buffer, format=_FORMATS.get(extension, extension.upper()))
    except (OSError, KeyError) as error:
        raise UnacceptableImage(f"{path!r} cannot be written: {error}. Use another format, such as PNG.") from error
    return buffer.getvalue()


def compressed(value: Any) -> bytes:
    """A small WebP version of an image, of at most 256 pixels a side, for lists of many."""
    picture = pil_image(value)
    longer = max(picture.size)
    if longer > _COMPRESSED_SIDE:
        width, height = (max(1, side * _COMPRESSED_SIDE // longer) for side in picture.size)
        picture = picture.resize((width, height))
    buffer = io.BytesIO()
    picture.save(buffer, format="WEBP")
    return buffer.getvalue()


def names(key: str, *, step: int, timestamp: int) -> tuple[str, str]:
    """The artifact files of an image over steps, and of its compressed version, named as MLflow's pages expect.

    Raises:
        UnacceptableImage: the key has characters that it must not have.
    """
    if not _KEY.fullmatch(key):
        raise UnacceptableImage(
            f"The image key {key!r} may hold letters, digits, underscores, dashes, dots, spaces and slashes only."
        )
    name = f"images/{key.replace('/', '~')}+step+{step}+timestamp+{timestamp}+{uuid.uuid4()}"
    return f"{name}.png", f"{name}+compressed.webp"


def _bytes(array: Any) -> Any:
    kind, shape = array.dtype.kind, array.shape
    if kind not in "biuf":
        raise NoImage(f"Pixels cannot be of the type {array.dtype}: give truth values, whole numbers or fractions.")
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 3, 4)):
        raise UnacceptableImage(f"The shape {shape} is none of an image: give height, width and 1, 3 or 4 channels.")
    if len(shape) == 3 and shape[2] == 1:
        array = array[:, :, 0]
    if not array.size:
        raise UnacceptableImage(f"An image of the shape {shape} has no pixels.")
    if kind == "b":
        return array.astype("uint8") * 255
    low, high = array.min(), array.max()
    if kind in "iu":
        if low < 0 or high > 255:
            raise UnacceptableImage(f"Whole numbers for pixels lie from 0 to 255; these lie from {low} to {high}.")
        return array.astype("uint8")
    if not (low >= 0 and high <= 1):
        _log.warning("Fractions for pixels lie from 0 to 1; these lie from %s to %s and are cut off.", low, high)
        array = require("numpy", extra="images").nan_to_num(array).clip(0, 1)
    return (array * 255).astype("uint8")
