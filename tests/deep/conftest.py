"""The tests in `inside` are for the environment that `test_deep.py` makes."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["inside"]
