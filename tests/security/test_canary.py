"""The egress canary: tests that make servers speak to addresses run where every packet to anybody is heard."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")
OUTBOUND = {
    "security/test_outbound.py": "s20 or s21",
    "security/test_locations.py": "maker_says or s10",
    "security/test_walk.py": "manager and is_done",
    "server/test_webhooks.py": "spoken_to or went_wrong or no_longer_allowed",
}
"""Tests by what their names hold: whatever makes a server connect somewhere, but for logging in elsewhere."""


def test_nothing_that_a_server_is_asked_to_do_reaches_an_address_that_is_not_its_own(tmp_path):
    if not all(map(shutil.which, ("unshare", "ip"))):
        pytest.skip("there is no unshare, or no ip: apt-get install util-linux iproute2")
    tried = subprocess.run([*NAMESPACE, "ip", "link", "set", "lo", "up"], check=False, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"this machine gives nobody a network of their own: {tried.stderr.strip()}")
    report = tmp_path / "heard"
    chosen = " or ".join(f"({Path(file).stem} and ({names}))" for file, names in OUTBOUND.items())
    command = [*NAMESPACE, sys.executable, str(TESTS / "security" / "canary.py"), str(report)]
    done = subprocess.run(
        [*command, f"--basetemp={tmp_path / 'inside'}", "-k", chosen, *(str(TESTS / file) for file in OUTBOUND)],
        check=False, cwd=TESTS.parent, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert report.read_text() == "", done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
