"""A real OpenID provider on this machine, for tests, and somebody who logs in with it as a browser would."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_STOP_SECONDS = 10.0
_MOST_STEPS = 12


class RunningProvider:
    """A provider that answers.

    Attributes:
        issuer: Its address.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._requests, self._answers = _piped(process)
        self.issuer: str = json.loads(self._answers.readline())["issuer"]

    def register(self, client_id: str, *, secret: str, redirect_uri: str) -> None:
        """Let a server ask for logins."""
        self._ask(
            client={"client_id": client_id, "client_secret": secret, "redirect_uris": [redirect_uri]},
        )

    def tell(self, account: str, **claims: Any) -> None:
        """Say this of a user from now on; whoever logs in under the name is this user."""
        self._ask(account=account, claims=claims)

    def rotate(self) -> None:
        """Sign by another key from now on; the one before is forgotten."""
        self._ask(rotate=True)

    def _ask(self, **change: Any) -> None:
        self._requests.write(json.dumps(change) + "\n")
        self._requests.flush()
        assert self._answers.readline() == "{}\n"


def _piped(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


@contextmanager
def running_provider(command: Sequence[str]) -> Iterator[RunningProvider]:
    """A provider for the length of the block; `command` starts it, and speaks as `RunningProvider` expects."""
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield RunningProvider(process)
        finally:
            _piped(process)[0].close()
            process.wait(_STOP_SECONDS)


class Answer(NamedTuple):
    """An answer: `location` is where it leads, in full; empty where it leads nowhere."""

    status: int
    headers: dict[str, str]
    text: str
    location: str


class UserAgent:
    """A browser without scripts: it keeps cookies, and follows nothing by itself.

    Attributes:
        cookies: Their values by host and name.
    """

    def __init__(self, *, address: str = "127.0.0.1", headers: Mapping[str, str] | None = None) -> None:
        """Ask from an address of this machine, with more headers."""
        self.cookies: dict[str, dict[str, str]] = {}
        self._address = address
        self._headers = headers or {}

    def open(self, url: str, *, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Get a page, or send a form."""
        parts = urlsplit(url)
        jar = self.cookies.setdefault(parts.netloc, {})
        sent = {**self._headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        body = None
        if form is not None:
            body, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(parts.netloc, timeout=30, source_address=(self._address, 0))
        try:
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            connection.request("GET" if form is None else "POST", path, body, sent)
            response = connection.getresponse()
            found = response.getheaders()
            text = response.read().decode()
        finally:
            connection.close()
        for name, value in found:
            if name.lower() == "set-cookie":
                _keep(jar, value)
        named = {name.lower(): value for name, value in found}
        return Answer(response.status, named, text, urljoin(url, named["location"]) if "location" in named else "")

    def log_in(self, url: str, account: str, *, until: str) -> str:
        """Go where a login leads, log in to a provider as somebody, and go on until an address that begins so.

        Raises:
            AssertionError: it does not lead there.
        """
        for _ in range(_MOST_STEPS):
            if url.startswith(until):
                return url
            answer = self.open(url)
            if not answer.location:
                action = re.search(r'action="([^"]+)"', answer.text)
                assert action, answer
                form = {"prompt": "login", "login": account, "password": "any"}
                answer = self.open(urljoin(url, action[1]), form=form)
            url = answer.location
        raise AssertionError(f"It leads to {url}, not to {until}.")


def _keep(jar: dict[str, str], cookie: str) -> None:
    pair, *attributes = cookie.split(";")
    name, _, value = pair.partition("=")
    if any(part.strip().lower() == "max-age=0" for part in attributes) or "1970" in cookie:
        jar.pop(name, None)
    else:
        jar[name] = value
