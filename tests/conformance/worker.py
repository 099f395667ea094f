"""Runs in the environment of MLflow's client: checks named on stdin, one JSON line of result for each on stdout."""

import importlib
import json
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def main():
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        module, name = json.loads(line)
        try:
            getattr(importlib.import_module(f"checks.{module}"), name)()
            result = None
        except BaseException:
            result = traceback.format_exc()
        print(json.dumps(result), file=answers, flush=True)


main()
