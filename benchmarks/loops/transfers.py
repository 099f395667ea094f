"""Files up and down with one client; runs under each client's own Python, so it needs nothing but that client.

It is told what to do as JSON in its first argument and reports each phase as a line of JSON on its standard output. A
file counts as up when the run that logged it has ended: a client that delivers in the background waits for that then.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    """Log what `source` is, a file or a directory, and fetch it again where there is a `target` for it."""
    order = json.loads(sys.argv[1])
    report, sys.stdout = sys.stdout, sys.stderr  # clients print for people too
    os.environ.update(ASSAY_END_TIMEOUT="3600", ASSAY_SPOOL_MAX_BYTES=str(1 << 40), ASSAY_SPOOL_DIR=order["spool"])

    def tell(phase: str, **facts: Any) -> None:
        print(json.dumps({"phase": phase, **facts}), file=report, flush=True)

    tracker = import_module(order["client"])
    tracker.set_tracking_uri(order["uri"])
    source = Path(order["source"])
    with tracker.start_run() as run:
        tracker.log_text("x", "first.txt")  # whatever is set up at the first file
    with tracker.start_run() as run:
        begun = time.perf_counter()
        if source.is_dir():
            tracker.log_artifacts(str(source))
        else:
            tracker.log_artifact(str(source))
        called = time.perf_counter() - begun
    tell("up", seconds=time.perf_counter() - begun, call_seconds=called)
    if order["target"]:
        begun = time.perf_counter()
        tracker.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="", dst_path=order["target"])
        tell("down", seconds=time.perf_counter() - begun)


if __name__ == "__main__":
    main()
