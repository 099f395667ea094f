"""What autologging adds to a short scikit-learn script, its process's start and end included."""

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.field import Field
from benchmarks.processes import Sandbox, sandbox
from benchmarks.rivals import Contestant

SUMMARY = "a scikit-learn script of a second with `autolog()`, and without any tracker: the whole process"

_SCRIPT = Path(__file__).resolve().parents[1] / "loops" / "autolog.py"


def measure(field: Field) -> None:
    """Time whole processes, with and without, the contestants taking turns."""
    with ExitStack() as stack:
        places: dict[str, Sandbox] = {}
        for contestant in field.contestants:
            if contestant.has_local_mode:
                with field.trying(contestant):
                    place = stack.enter_context(sandbox())
                    _seconds(contestant, place, contestant.client)  # makes byte code, fonts, the store
                    places[contestant.key] = place

        def act(contestant: Contestant) -> None:
            place = places[contestant.key]
            alone = _seconds(contestant, place)
            with_autolog = _seconds(contestant, place, contestant.client)
            field.record("autolog.alone", contestant, alone * 1e3)
            field.record("autolog.beyond", contestant, (with_autolog - alone) * 1e3)

        field.take_turns(field.plan.processes, act, among=[one for one in field.contestants if one.key in places])


def _seconds(contestant: Contestant, place: Sandbox, *clients: str) -> float:
    begun = time.perf_counter()
    done = subprocess.run(
        [str(contestant.python), str(_SCRIPT), *clients],
        cwd=place.directory,
        env=place.environment | {"MLFLOW_TRACKING_URI": contestant.local_uri(place.directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"the script with {contestant.title} failed:\n{done.stderr[-1000:]}")
    return time.perf_counter() - begun
