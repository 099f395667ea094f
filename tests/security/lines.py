"""Many requests of one person over one connection, each address sent byte for byte as it is given."""

from __future__ import annotations

import json

from .conftest import received


class Line:
    """A connection that is kept for the length of a block, and opened again where the server closed it."""

    def __init__(self, person):
        self.headers = person.headers
        self.looked_at = person.looked_at
        self._connection = person.connect()

    def send(self, method, target, body=None, **headers):
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if isinstance(body, dict | list):
            body = json.dumps(body)
            given.setdefault("Content-Type", "application/json")
        self._connection.request(method, target, body, given)
        return self.looked_at(received(self._connection.getresponse()), target, body)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()
