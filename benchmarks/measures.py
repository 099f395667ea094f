"""Everything that is measured, and the budget that Assay keeps for it."""

from dataclasses import dataclass
from enum import Enum


class Better(Enum):
    """Which way a measure improves."""

    LESS = "less"
    MORE = "more"


@dataclass(frozen=True)
class Budget:
    """What Assay promises: a limit of its own, or a factor by which it beats a rival in the same run."""

    limit: float | None = None
    factor: float | None = None
    rival: str = "fasttrackml"

    def text(self, measure: "Measure") -> str:
        """The budget as a reader sees it."""
        if self.limit is not None:
            sign = "<=" if measure.better is Better.LESS else ">="
            return f"{sign} {self.limit:,.10g} {measure.unit}".rstrip()
        return f">= {self.factor:g}x {self.rival}"


@dataclass(frozen=True)
class Measure:
    """One quantity: its key in the JSON file, what it is called, its unit, and what is wanted of it."""

    key: str
    title: str
    unit: str
    better: Better
    budget: Budget | None = None

    def advantage(self, ours: float, theirs: float) -> float:
        """How many times better `ours` is than `theirs`; below 1 it is worse."""
        better, worse = (theirs, ours) if self.better is Better.LESS else (ours, theirs)
        return better / worse if worse else float("inf")


def _less(key: str, title: str, unit: str, limit: float | None = None) -> Measure:
    return Measure(key, title, unit, Better.LESS, Budget(limit=limit) if limit is not None else None)


def _rate(key: str, title: str, factor: float | None = None) -> Measure:
    return Measure(key, title, "req/s", Better.MORE, Budget(factor=factor) if factor is not None else None)


_TABLE = (
    _less("import.wall", "`import`, whole process", "ms", 60),
    _less("import.memory", "`import`, peak resident memory", "MB", 30),
    _less("import.names.wall", "`import` and look up the fluent names, whole process", "ms", 100),
    _less("import.names.memory", "the same, peak resident memory", "MB"),
    _less("server.start.health", "server start to `GET /health`", "ms"),
    _less("server.start.search", "server start to `experiments/search`", "ms", 1000),
    _less("server.memory.resident", "server idle, resident memory of all processes", "MB", 90),
    _less("server.memory.proportional", "the same, shared pages counted once", "MB"),
    _less("train.local.p50", "`log_metric` call, local, p50", "us", 6),
    _less("train.local.p99", "`log_metric` call, local, p99", "us", 60),
    _less("train.local.start", "start of a run, local", "ms", 20),
    _less("train.local.end", "end of a run, local", "ms", 100),
    _less("train.local.memory", "training loop, local, peak resident memory", "MB", 30),
    _less("train.up.p50", "`log_metric` call, server up, p50", "us", 6),
    _less("train.up.p99", "`log_metric` call, server up, p99", "us", 60),
    _less("train.up.start", "start of a run, server up", "ms"),
    _less("train.up.end", "end of a run, server up", "ms"),
    _less("train.down.p50", "`log_metric` call, server gone, p50", "us", 6),
    _less("train.down.p99", "`log_metric` call, server gone, p99", "us", 60),
    _less("autolog.alone", "scikit-learn script without a tracker, whole process", "ms"),
    _less("autolog.beyond", "what `autolog()` adds to it, local", "ms", 500),
    _less("model.start", "`models serve`, start to the first prediction", "ms"),
    _less("model.memory", "the same, resident memory of all processes", "MB"),
    _rate("model.one.1", "predictions for 1 row, 1 connection"),
    _rate("model.one.8", "predictions for 1 row, 8 connections"),
    _rate("model.thousand.1", "predictions for 1,000 rows, 1 connection"),
    _rate("model.thousand.8", "predictions for 1,000 rows, 8 connections"),
    _rate("rest.create", "`runs/create`", 3),
    _rate("rest.log_metric", "`runs/log-metric`", 5),
    _rate("rest.batch.metrics_100", "`runs/log-batch`, 100 metrics of 10 keys", 8),
    _rate("rest.batch.keys_100", "`runs/log-batch`, 100 metrics of 100 keys"),
    _rate("rest.batch.metrics_1000", "`runs/log-batch`, 1,000 metrics of 10 keys", 20),
    _rate("rest.batch.params_100", "`runs/log-batch`, 100 params", 10),
    _rate("users.open", "`runs/log-batch`, 100 metrics of 10 keys, no users"),
    _rate("users.token", "the same, for a user with EDIT, by token"),
    Measure("users.token.share", "by token, of the rate without users", "%", Better.MORE, Budget(limit=80)),
    _rate("users.password", "the same, by password"),
    Measure("users.password.share", "by password, of the rate without users", "%", Better.MORE, Budget(limit=80)),
    _rate("rest.get", "`runs/get`", 1),
    Measure("search.p50", "`runs/search`, 100 of 2,000 runs, p50", "ms", Better.LESS, Budget(factor=4)),
    Measure("artifact.large.up", "`log_artifact` of a large file, until the server has it", "MB/s", Better.MORE),
    Measure(
        "artifact.large.share",
        "the same, of the speed of a plain copy over loopback",
        "%",
        Better.MORE,
        Budget(limit=60),
    ),
    _less("artifact.large.memory", "the same, growth of the server's peak memory", "MB"),
    Measure("artifact.large.down", "`download_artifacts` of it", "MB/s", Better.MORE),
    Measure("artifact.small.up", "`log_artifacts` of small files, until the server has them", "files/s", Better.MORE),
    Measure("artifact.small.down", "`download_artifacts` of them", "files/s", Better.MORE),
    Measure("artifact.small.local", "`log_artifacts` of small files, local", "files/s", Better.MORE),
    _less("search.p99", "`runs/search`, 100 of 2,000 runs, p99", "ms"),
)

MEASURES = {measure.key: measure for measure in _TABLE}
