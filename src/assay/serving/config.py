"""What the server of a model is told at its start."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServingConfig:
    """Which model is served, where, and how.

    Attributes:
        model_uri: A `models:` or `runs:` URI, another artifact URI, or a path.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        timeout: Seconds that a prediction may take before its request is answered by 504.
        workers: How many processes answer; each has its own copy of the model.
        threads: How many predictions a process makes at once.
        allowed_hosts: Host names under which it may be reached, besides this machine's own; `*` allows any.
        max_body_bytes: Largest request body in bytes.
        access_log: Whether each request is logged on stderr.
    """

    model_uri: str
    host: str = "127.0.0.1"
    port: int = 5000
    timeout: int = 60
    workers: int = 1
    threads: int = 4
    allowed_hosts: tuple[str, ...] = ()
    max_body_bytes: int = 64 << 20
    access_log: bool = False
