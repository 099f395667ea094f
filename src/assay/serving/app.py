"""The ASGI app around one model: MLflow's scoring protocol over HTTP."""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.core.errors import AssayError, EndpointNotFound
from assay.server.access_log import AccessLog, entry_of
from assay.server.answers import Answer
from assay.server.bodies import Bodies
from assay.server.errors import MethodNotAllowed, exception_of
from assay.server.handover import Handover, Workers
from assay.server.hosts import Guard, repeated
from assay.serving import inputs
from assay.wire.server import MLFLOW_VERSION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    from assay.server.answers import Send
    from assay.serving.config import ServingConfig
    from assay.serving.scorer import Scorer

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

INVOCATIONS = b"/invocations"
_FACTS = {b"/ping": b"\n", b"/health": b"\n", b"/version": MLFLOW_VERSION.encode()}
_READING = ("GET", "HEAD")
_WAITING = 256
"""How many requests may wait for a thread."""


class PredictionTimedOut(AssayError):
    """The model did not predict in time."""

    code = "TEMPORARILY_UNAVAILABLE"
    status = 504


class App:
    """The server of one model: an ASGI callable. Predictions are made in threads, so that `/ping` answers meanwhile."""

    def __init__(self, config: ServingConfig, scorer: Scorer) -> None:
        self._config = config
        self._scorer = scorer
        self._guard = Guard(bound=config.host, allowed=config.allowed_hosts)
        self._bodies = Bodies(limit=config.max_body_bytes)
        self._workers: Workers
        self._log: AccessLog | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the lifespan."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._live(receive, send)
            return
        begun = time.perf_counter()
        answer = Answer(send, [], ())
        error = await exception_of(self._answer(scope, dict(scope["headers"]), receive, answer))
        if error is not None:
            await answer.fail(error)
        if self._log is not None:
            self._log.add(entry_of(scope, answer, begun))

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, answer: Answer) -> None:
        method, path = scope["method"], scope["raw_path"]
        if repeated(scope["headers"], headers, frozenset((b"host",))):
            await answer.text(400, "The request names more than one host.")
        elif not self._guard.allows_host(headers.get(b"host", b"")):
            await answer.text(
                403,
                "This host name is not allowed. Reach the server under a name it knows, or start it with "
                "--allowed-hosts NAME.",
            )
        elif path == INVOCATIONS and method == "POST":
            await answer.json(200, await self._predict(headers, receive))
        elif path in _FACTS and method in _READING:
            await answer.json(200, _FACTS[path])
        elif path in _FACTS or path == INVOCATIONS:
            takes = "POST" if path == INVOCATIONS else "GET"
            raise MethodNotAllowed(f"{path.decode()} takes {takes}, not {method}.")
        else:
            known = ", ".join(one.decode() for one in (INVOCATIONS, *_FACTS))
            raise EndpointNotFound(f"There is no {scope['path'][:200]!r} here. There are: {known}.")

    async def _predict(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        content_type = inputs.media_type(headers.get(b"content-type", b"").decode("latin-1"))
        body = await self._bodies.read(headers, receive)
        deadline = time.monotonic() + self._config.timeout
        prediction = self._workers.run(partial(self._score, body, content_type, deadline=deadline))
        try:
            return await asyncio.wait_for(prediction, self._config.timeout)
        except asyncio.TimeoutError as error:
            raise self._too_late() from error

    def _score(self, body: bytes, content_type: str, *, deadline: float) -> bytes:
        """In a thread: the answer, unless it waited so long for the thread that nobody waits for it any more."""
        if time.monotonic() > deadline:
            raise self._too_late()
        return self._scorer.score(body, content_type)

    def _too_late(self) -> PredictionTimedOut:
        return PredictionTimedOut(
            f"The model did not predict within {self._config.timeout} seconds. Send less at once, or start the "
            "server with a longer --timeout."
        )

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        handover = Handover(asyncio.get_running_loop())
        self._workers = Workers(handover, threads=self._config.threads, waiting=_WAITING, name="assay-predict")
        self._log = AccessLog(sys.stderr) if self._config.access_log else None
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._log is not None:
            self._log.close()
        await send({"type": "lifespan.shutdown.complete"})
