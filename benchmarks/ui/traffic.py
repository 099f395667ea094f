"""What a page asks for, as the browser's network stack counts it."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession

_CODE = {"Document", "Script", "Stylesheet", "Font", "Image", "Manifest", "Other"}


@dataclass
class Asked:
    """One request: its address, the kind of what it asked for, when, and the bytes that came over the wire."""

    address: str
    kind: str
    at: float
    arrived: float = 0.0
    total: float | None = None

    @property
    def bytes(self) -> float:
        """Headers and compressed body; of an answer that has not ended, what has come so far."""
        return self.arrived if self.total is None else self.total

    @property
    def is_data(self) -> bool:
        """Whether it asked for data rather than for a part of the app."""
        return self.kind not in _CODE


class Traffic:
    """All requests of one page, from when it was made."""

    def __init__(self, session: CDPSession) -> None:
        self.requests: dict[str, Asked] = {}
        self._changed = time.monotonic()
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.dataReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def all(self) -> list[Asked]:
        """The requests over the network, in order."""
        return [asked for asked in self.requests.values() if urlsplit(asked.address).scheme in ("http", "https")]

    def hosts(self) -> set[str]:
        """The hosts asked, but for this machine."""
        return {host for asked in self.all() if (host := urlsplit(asked.address).hostname) and host != "127.0.0.1"}

    def bytes(self, *, data: bool | None = None) -> float:
        """Bytes on the wire: of data, of the app, or of both."""
        return sum(asked.bytes for asked in self.all() if data is None or asked.is_data == data)

    def quiet_for(self) -> float:
        """Seconds since the last request or the end of one."""
        return time.monotonic() - self._changed

    def _sent(self, event: dict[str, Any]) -> None:
        self._changed = time.monotonic()
        # A redirect keeps the id; what it led to counts as one more request.
        key = event["requestId"] if "redirectResponse" not in event else f"{event['requestId']} {event['timestamp']}"
        self.requests[key] = Asked(event["request"]["url"], event.get("type", "Other"), event["wallTime"])

    def _answered(self, event: dict[str, Any]) -> None:
        asked = self.requests.get(event["requestId"])
        if asked:
            asked.kind = event["type"]
            asked.arrived += event["response"].get("encodedDataLength", 0)

    def _received(self, event: dict[str, Any]) -> None:
        asked = self.requests.get(event["requestId"])
        if asked:
            asked.arrived += event["encodedDataLength"] or event["dataLength"]

    def _finished(self, event: dict[str, Any]) -> None:
        self._changed = time.monotonic()
        asked = self.requests.get(event["requestId"])
        if asked:
            asked.total = event["encodedDataLength"]
