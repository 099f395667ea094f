"""The library starts light."""

from __future__ import annotations

import json

import assay

HEAVY = {"asyncio", "click", "numpy", "pandas", "yaml", "uvicorn", "starlette"}


def loaded(script, source, **environment):
    done = script(f"{source}\nimport json, sys; print(json.dumps(list(sys.modules)))", **environment)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_loads_next_to_nothing(script):
    modules = loaded(script, "import assay")
    assert len(modules) <= 80
    assert not modules & {*HEAVY, "ssl", "sqlite3", "msgspec", "logging"}


def test_a_local_run_loads_neither_network_nor_frames(script):
    modules = loaded(script, "import assay\nwith assay.start_run(): assay.log_metric('m', 1)")
    assert not modules & {*HEAVY, "ssl", "http.client"}


def test_a_run_on_a_server_loads_no_database(script, shared_server):
    modules = loaded(
        script, "import assay\nwith assay.start_run(): assay.log_metric('m', 1)", ASSAY_TRACKING_URI=shared_server
    )
    assert not modules & {*HEAVY, "sqlite3"}


def test_every_public_name_is_there():
    for name in assay.__all__:
        assert getattr(assay, name) is not None
    assert set(assay.__all__) <= set(dir(assay))
