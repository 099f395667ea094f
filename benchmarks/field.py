"""The field of contestants: what a case measures on, and where it writes its figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeVar

from benchmarks.errors import BenchmarkError
from benchmarks.measures import MEASURES, Measure
from benchmarks.rivals import Contestant, Named

N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        rounds: How often each load and loop is repeated, the contestants taking turns; the median counts.
        seconds: How long each load lasts in a round.
        warm_up: How long it runs before that without being counted, in seconds.
        processes: How often a process is started where whole processes are timed.
        starts: How often a server is started.
        calls: How many `log_metric` calls a loop makes, unless they take more than a few seconds.
        searched: How many runs the search has to go through.
        megabytes: Size of the large file that goes up and down.
        files: How many small files do.
    """

    rounds: int = 3
    seconds: float = 3.0
    warm_up: float = 0.7
    processes: int = 7
    starts: int = 3
    calls: int = 3000
    searched: int = 2000
    megabytes: int = 5000
    files: int = 10_000


QUICK = Plan(
    rounds=1, seconds=1.0, warm_up=0.3, processes=3, starts=1, calls=1000, searched=400, megabytes=200, files=1000
)


@dataclass(frozen=True)
class Figure:
    """One measured value: the median of what each round gave, with further details of the last round."""

    measure: str
    contestant: str
    value: float
    rounds: list[float]
    details: dict[str, Any]


@dataclass
class Notes:
    """What is under way, and what came out."""

    measures: Mapping[str, Measure] = field(default_factory=lambda: MEASURES)
    troubles: list[str] = field(default_factory=list)
    doing: str = ""
    _values: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    _details: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def record(self, measure: str, contestant: Named, value: float, **details: Any) -> None:
        """Add the value of one round to a measure."""
        known = self.measures[measure]
        self._values[measure, contestant.key].append(value)
        self._details[measure, contestant.key] = details
        self.say(f"    {contestant.title:<28} {known.title:<58} {value:>12,.2f} {known.unit}")

    def say(self, text: str) -> None:
        """Show progress."""
        print(text, flush=True)

    @contextmanager
    def trying(self, contestant: Named) -> Iterator[None]:
        """Note the failure of one contestant and let the others go on."""
        try:
            yield
        except BenchmarkError as error:
            self.troubles.append(f"{contestant.title}, {self.doing}: {error}")
            self.say(f"    {self.troubles[-1]}")

    def take_turns(self, times: int, act: Callable[[N], None], *, among: Iterable[N]) -> None:
        """Let each of these contestants act in turn, `times` times over; one that fails once stays out."""
        contestants = tuple(among)
        out: set[str] = set()
        for _ in range(times):
            for contestant in contestants:
                if contestant.key in out:
                    continue
                before = len(self.troubles)
                with self.trying(contestant):
                    act(contestant)
                if len(self.troubles) > before:
                    out.add(contestant.key)

    def figures(self) -> list[Figure]:
        """The median of every measure of every contestant."""
        return [
            Figure(measure, key, median(values), values, self._details[measure, key])
            for (measure, key), values in self._values.items()
        ]


@dataclass
class Field(Notes):
    """Who takes part in the loads and loops, and how much of them is measured."""

    contestants: Sequence[Contestant] = ()
    plan: Plan = field(default_factory=Plan)
