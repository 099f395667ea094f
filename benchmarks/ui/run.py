"""Measure web UIs beside each other: `python benchmarks/ui/run.py --help`."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    sys.exit(import_module("benchmarks.ui.command").main())
