"""Logs to the experiment that is named, and waits for a line before it begins and before it goes on."""

import sys

import assay

input()
with assay.start_run(experiment_id=sys.argv[1]) as run:
    assay.log_metric("before", 1.0)
    assay.log_text("hello", "notes.txt")
    assay.flush()
    print(run.info.run_id, flush=True)
    input()
    assay.log_metric("after", 2.0)
    print("logged", flush=True)
