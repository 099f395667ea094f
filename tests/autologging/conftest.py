"""A library whose state is as new for every test, and pictures that are drawn at once."""

from __future__ import annotations

import pytest

from assay.autologging import artist


@pytest.fixture(autouse=True)
def _fresh(fresh_library):
    pass


@pytest.fixture(autouse=True)
def _drawn_here(monkeypatch):
    """A process that loads Matplotlib for each test's pictures would cost the suite minutes; `test_artist` has it."""
    monkeypatch.setattr(artist, "CAN_START", False)
