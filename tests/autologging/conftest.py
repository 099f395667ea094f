"""A library whose state is as new for every test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _fresh(fresh_library):
    pass
