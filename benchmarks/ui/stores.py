"""Fill each product with the data, and serve it."""

import hashlib
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.processes import CACHE, Sandbox, log_tail
from benchmarks.server import free_port
from benchmarks.ui.data import Order
from benchmarks.ui.products import Loaded, Product

_KEPT = CACHE / "ui-benchmark"
_HERE = Path(__file__).resolve().parent
_SECONDS_TO_START = 240.0
_SECONDS_TO_SETTLE = 60.0
_SECONDS_TO_LOAD = 1800.0


@dataclass(frozen=True)
class Served:
    """A product's server over the data."""

    product: Product
    address: str
    loaded: Loaded


@contextmanager
def serving(product: Product, order: Order) -> Iterator[Served]:
    """Serve a product that holds the data; the data of a released version is put in once and kept.

    Raises:
        BenchmarkError: It could not be filled, or does not start.
    """
    port = free_port()
    directory = _KEPT / f"{product.key}-{_digest(product, order)}"
    if not product.is_released:
        shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True, exist_ok=True)
    place = Sandbox(directory)
    place.environment |= product.environment(directory, port=port)
    try:
        loaded = _load(product, order, place)
        log = directory / "server.log"
        process = place.start(product.server_command(directory, port=port), log=log)
        _wait(product, port, process, log)
        place.wait_until_quiet(seconds=_SECONDS_TO_SETTLE)
        yield Served(product, f"http://127.0.0.1:{port}", loaded)
    finally:
        place.end()


def _digest(product: Product, order: Order) -> str:
    loader = _HERE / "loaders" / f"{product.loader.rpartition('.')[2]}.py"
    told = [product.title, json.dumps(asdict(order)), (_HERE / "data.py").read_text(), loader.read_text()]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:12]


def _load(product: Product, order: Order, place: Sandbox) -> Loaded:
    known = place.directory / "loaded.json"
    if known.exists():
        loaded: Loaded = json.loads(known.read_text())
        return loaded
    for old in place.directory.iterdir():  # a load that was cut off
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    log = place.directory / "load.log"
    begun = time.monotonic()
    process = place.converse([str(product.python), "-m", product.loader, json.dumps(asdict(order))], log=log)
    try:
        told, _ = process.communicate(timeout=_SECONDS_TO_LOAD)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"it was not filled within {_SECONDS_TO_LOAD:.0f} s") from None
    if process.returncode:
        raise BenchmarkError(f"it could not be filled:\n{log_tail(log)}")
    loaded = {**json.loads(told), "seconds_to_load": round(time.monotonic() - begun, 1)}
    known.write_text(json.dumps(loaded))
    return loaded


def _wait(product: Product, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchmarkError(f"the server of {product.title} ended at once:\n{log_tail(log)}")
        if _answers(port):
            return
        time.sleep(0.1)
    raise BenchmarkError(f"the server of {product.title} gave no page in {_SECONDS_TO_START:.0f} s:\n{log_tail(log)}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
