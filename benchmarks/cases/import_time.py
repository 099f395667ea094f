"""How long a process takes, and how much memory, to import the client and do nothing else."""

import subprocess
import time

from benchmarks.errors import BenchmarkError
from benchmarks.field import Field
from benchmarks.processes import Sandbox, sandbox
from benchmarks.rivals import Contestant

SUMMARY = "import of the client: the whole process, its wall time and its peak memory"

_IMPORT = "import {client} as mlflow"
# A package may put off its work until a name is asked for: this asks for those of every training script.
_NAMES = _IMPORT + "; (mlflow.set_experiment, mlflow.start_run, mlflow.log_param, mlflow.log_metric, mlflow.set_tag)"
_PEAK = "; print([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM:')][0])"


def measure(field: Field) -> None:
    """Time whole processes, the contestants taking turns."""

    def act(contestant: Contestant) -> None:
        with sandbox() as place:
            for measure_key, code in (("import", _IMPORT), ("import.names", _NAMES)):
                _record(field, contestant, place, measure_key=measure_key, code=code)

    own_clients = [contestant for contestant in field.contestants if contestant.has_local_mode]
    for contestant in own_clients:  # byte code and disk caches, before anything counts
        with field.trying(contestant), sandbox() as place:
            _run(contestant, place, _NAMES)
    field.take_turns(field.plan.processes, act, among=own_clients)


def _record(field: Field, contestant: Contestant, place: Sandbox, *, measure_key: str, code: str) -> None:
    begun = time.perf_counter()
    _run(contestant, place, code)
    field.record(f"{measure_key}.wall", contestant, (time.perf_counter() - begun) * 1e3)
    field.record(f"{measure_key}.memory", contestant, int(_run(contestant, place, code + _PEAK)) * 1024 / 1e6)


def _run(contestant: Contestant, place: Sandbox, code: str) -> str:
    done = subprocess.run(
        [str(contestant.python), "-c", code.format(client=contestant.client)],
        cwd=place.directory,
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"importing {contestant.client} failed:\n{done.stderr[-1000:]}")
    return str(done.stdout)
