"""Schemes and what is behind them: loaded when used, named when missing, added by packages."""

import importlib.metadata
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from assay.blobs import open as opening
from assay.blobs import places
from assay.blobs.local import LocalBlobs
from assay.blobs.open import open_blobs
from assay.core.errors import ConfigurationError


def test_obstore_is_loaded_only_for_a_bucket(tmp_path):
    code = (
        "import sys, assay\n"
        f"assay.set_tracking_uri({str(tmp_path)!r})\n"
        "with assay.start_run(): assay.log_text('x', 'f')\n"
        "assert 'obstore' not in sys.modules and 'assay.blobs.places' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def test_the_extra_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(ConfigurationError, match=r"assay\[objects\]"):
        open_blobs("s3://bucket/x")


def test_the_table_of_schemes_is_that_of_the_places():
    assert set(opening.OBJECT_SCHEMES) == set(places.PLACES)


def test_a_package_may_add_a_scheme(tmp_path, monkeypatch):
    (tmp_path / "vault_blobs.py").write_text(
        "from pathlib import Path\n"
        "from assay.blobs.local import LocalBlobs\n"
        "def opened(location):\n"
        f"    return LocalBlobs(Path({str(tmp_path)!r}) / location.partition('://')[2])\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint(name="vault", value="vault_blobs:opened", group=opening.GROUP)
    known = {(entry.group, entry.name): [entry]}
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group, name: known.get((group, name), []))
    blobs = open_blobs("vault://inner")
    blobs.write("f", [b"x"])
    assert isinstance(blobs, LocalBlobs)
    assert (tmp_path / "inner" / "f").read_bytes() == b"x"
    with pytest.raises(ConfigurationError, match="'ftp' is none of file, s3"):
        open_blobs("ftp://host/x")
