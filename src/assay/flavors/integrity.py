"""Whether the files of a model are those that were saved.

The MLmodel file holds the SHA-256 of every other file. Its own is a tag of the logged model, set when the model is
logged: who can change files where they are kept cannot thereby change what the tracking store says of them.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from assay.blobs.digests import sha256_of
from assay.core.errors import DataLoss
from assay.flavors.mlmodel import MLMODEL_FILE, Model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DIGEST_TAG = "assay.mlmodel_sha256"
"""Of a logged model: the SHA-256 of its MLmodel file, in hexadecimal digits."""
CODE_DIRECTORY = "code"
_BYTECODE = "__pycache__"


def description_tags(directory: Path) -> dict[str, str]:
    """The tags by which a logged model whose files are those of a directory is known again."""
    return {DIGEST_TAG: sha256_of(directory / MLMODEL_FILE)}


def verify(directory: Path, model_uri: str, *, tags: Mapping[str, str]) -> None:
    """Return when a model's files are as they were saved; `tags` are those of its logged model, empty for none.

    MLflow says nothing of the files of its models: without digests, they are taken as they are.

    Raises:
        DataLoss: a file has changed, is missing, or lies among the model's code without belonging to it; names it, with
            the digest that is found and the one that is expected.
    """
    if expected := tags.get(DIGEST_TAG):
        _verify_file(directory, MLMODEL_FILE, model_uri, expected=expected)
    digests = Model.load(directory).file_digests or {}
    for name, sha256 in digests.items():
        _verify_file(directory, name, model_uri, expected=sha256)
    if digests:
        _verify_code(directory, model_uri, known=digests)


def _verify_file(directory: Path, name: str, model_uri: str, *, expected: str) -> None:
    file = directory / name
    found = sha256_of(file) if file.is_file() else ""
    if found != expected:
        raise DataLoss(
            f"The file {name!r} of the model at {model_uri!r} has changed since the model was saved, or is missing: "
            f"its SHA-256 is {found or 'none'}, and {expected} is expected. Nothing is loaded. Fetch the model again; "
            "if that does not help, somebody changed it where it is kept: log it anew."
        )


def _verify_code(directory: Path, model_uri: str, *, known: Mapping[str, str]) -> None:
    """Modules put beside a model's own would be imported like them; so would bytecode, which is thrown away."""
    for cache in list((directory / CODE_DIRECTORY).rglob(_BYTECODE)):
        shutil.rmtree(cache, ignore_errors=True)
    for file in (directory / CODE_DIRECTORY).rglob("*"):
        name = file.relative_to(directory).as_posix()
        if name not in known and not file.is_dir():
            raise DataLoss(
                f"The file {name!r} lies among the code of the model at {model_uri!r}, and was not saved with it. "
                "Nothing is loaded. Somebody put it where the model is kept: remove it, or log the model anew."
            )
