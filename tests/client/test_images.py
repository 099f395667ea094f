"""Images: which arrays are one, and the files of images over steps."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import assay
from assay.core.errors import InvalidParameterValue

NAME = re.compile(
    r"images/a~b c\+step\+3\+timestamp\+1700000000000\+[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"(\.png|\+compressed\.webp)"
)


def test_images_over_steps(tracked):
    with assay.start_run() as run:
        assay.log_image(np.zeros((300, 500, 3), np.uint8), key="a/b c", step=3, timestamp=1700000000000)
        assay.log_image(np.ones((3, 5)), key="small", synchronous=False)
    client = assay.Client()
    names = [one.path for one in client.list_artifacts(run.info.run_id, "images")]
    assert len(names) == 4
    assert all(NAME.fullmatch(name) for name in names[:2])
    assert "+step+0+timestamp+" in names[2]
    sizes = {name: assay.Image(client.download_artifacts(run.info.run_id, name)).size for name in names}
    assert sorted(sizes.values()) == [(5, 3), (5, 3), (256, 153), (500, 300)]
    assert assay.get_run(run.info.run_id).data.tags["mlflow.loggedImages"] == "True"


ACCEPTED = {
    "ones": (np.ones((4, 4), bool), "L", 255),
    "one channel": (np.zeros((4, 4, 1)), "L", 0),
    "rgb": (np.full((4, 4, 3), 7, np.int64), "RGB", 7),
    "rgba": (np.zeros((4, 4, 4), np.uint8), "RGBA", 0),
    "wide integers": (np.full((4, 4), 255, np.uint16), "L", 255),
    "half precision": (np.full((4, 4), 0.5, np.float16), "L", 127),
    "too bright": (np.full((4, 4), 1.5), "L", 255),
    "negative": (np.full((4, 4), -0.5), "L", 0),
    "nothing": (np.full((4, 4), np.nan), "L", 0),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_arrays_that_are_images(name, tmp_path):
    array, mode, value = ACCEPTED[name]
    picture = assay.Image(array)
    assert (picture.image.mode, picture.size) == (mode, (4, 4))
    assert np.asarray(picture.to_pil()).flatten()[0] == value


REFUSED = {
    "integers above 255": (np.full((4, 4), 300), ValueError),
    "integers below 0": (np.full((4, 4), -1), ValueError),
    "five channels": (np.zeros((4, 4, 5)), ValueError),
    "one dimension": (np.zeros(4), ValueError),
    "four dimensions": (np.zeros((2, 2, 3, 1)), ValueError),
    "empty": (np.zeros((0, 4)), ValueError),
    "complex": (np.zeros((4, 4), complex), TypeError),
    "objects": (np.zeros((4, 4), object), TypeError),
    "text": ("x", TypeError),
    "list": ([[1, 2], [3, 4]], TypeError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_image_is_refused_as_mlflow_refuses_it(name):
    value, kind = REFUSED[name]
    with assay.start_run() as run:
        with pytest.raises(kind) as caught:
            assay.log_image(value, "x.png")
        assert isinstance(caught.value, InvalidParameterValue)
        assert assay.Client().list_artifacts(run.info.run_id) == []


@pytest.mark.parametrize(
    "arguments",
    [{}, {"artifact_file": "a.png", "key": "k"}, {"artifact_file": "a.png", "step": 1}],
)
def test_an_image_goes_to_one_place(arguments):
    with assay.start_run(), pytest.raises(TypeError, match="key"):
        assay.log_image(np.zeros((2, 2)), **arguments)


def test_keys_have_few_characters():
    with assay.start_run(), pytest.raises(ValueError, match="bad#key"):
        assay.log_image(np.zeros((2, 2)), key="bad#key")


def test_images_by_themselves(tmp_path):
    picture = assay.Image(np.arange(12, dtype=np.uint8).reshape(2, 2, 3))
    assert picture.to_list() == [(0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10, 11)]
    assert picture.to_array().shape == (2, 2, 3)
    assert picture.resize((1, 1)).size == (1, 1)
    picture.save(tmp_path / "a.png")
    assert assay.Image(tmp_path / "a.png").to_list() == picture.to_list()
    assert assay.Image([[[1, 2, 3]]]).to_list() == [(1, 2, 3)]
    with pytest.raises(TypeError):
        assay.Image(5)


def test_a_format_that_cannot_hold_the_image():
    with assay.start_run(), pytest.raises(ValueError, match=r"pil\.jpg"):
        assay.log_image(Image.new("RGBA", (4, 4)), "pil.jpg")
    with assay.start_run() as run:
        assay.log_image(assay.Image(np.zeros((4, 4, 3), np.uint8)), "deep/im.jpg")
    path = Path(assay.Client().download_artifacts(run.info.run_id, "deep/im.jpg"))
    assert path.read_bytes().startswith(b"\xff\xd8\xff")
