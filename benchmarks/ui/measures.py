"""What is measured in the browser, and the budget that Assay keeps for it."""

from benchmarks.measures import Better, Budget, Measure


def _less(key: str, title: str, unit: str, limit: float | None = None) -> Measure:
    return Measure(key, title, unit, Better.LESS, None if limit is None else Budget(limit=limit))


def _more(key: str, title: str, unit: str, limit: float) -> Measure:
    return Measure(key, title, unit, Better.MORE, Budget(limit=limit))


_TABLE = (
    _less("visit.app", "first visit to the run table, without data", "KB", 170),
    _less("visit.all", "the same, with the data of 40 runs", "KB"),
    _less("visit.requests", "requests to first rows", "", 8),
    _less("visit.hosts", "other hosts asked, on any page", "", 0),
    _less("rows.few", "first rows of 40 runs", "ms", 250),
    _less("rows.many", "first rows of the sweep", "ms", 300),
    _less("sort.many", "sort the sweep by a metric, to paint", "ms", 100),
    _less("filter.many", "filter the sweep, to paint", "ms", 100),
    _less("heap.many", "JavaScript heap, run table of the sweep", "MB", 25),
    _less("nodes.many", "DOM nodes, the same", "", 3500),
    _less("curve.drawn", "the long curve, until drawn", "ms", 600),
    _less("curve.app", "what its page loads beyond the run table, without data", "KB", 60),
    _less("curve.data", "data of its page", "KB", 40),
    _more("curve.spikes", "spikes of it to be seen, of 3", "", 3),
    _less("curves.drawn", "3 curves of 40 runs, until drawn", "ms", 700),
    _less("curves.data", "data of that page", "KB", 500),
    _more("curves.shown", "curves drawn there, of 120", "", 120),
    _less("curves.heap", "JavaScript heap of that page", "MB", 40),
    _less("parallel.drawn", "parallel coordinates of the sweep, to draw", "ms", 400),
    _less("axe.rules", "axe-core, A and AA, run table: rules broken", "", 0),
    _less("axe.nodes", "the same, elements that break one", "", 0),
    _less("idle.requests", "requests in 30 s at rest, run table", "", 1),
    _less("idle.bytes", "bytes in 30 s at rest", "KB", 0.5),
)

MEASURES = {measure.key: measure for measure in _TABLE}
