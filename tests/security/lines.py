"""Many requests of one person over one connection, each address sent byte for byte as it is given."""

from __future__ import annotations

import json

from .conftest import Answer


class Line:
    """A connection that is kept for the length of a block, and opened again where the server closed it."""

    def __init__(self, person):
        self.headers = person.headers
        self._connection = person.connect()

    def send(self, method, target, body=None, **headers):
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if isinstance(body, dict | list):
            body = json.dumps(body)
            given.setdefault("Content-Type", "application/json")
        self._connection.request(method, target, body, given)
        answer = self._connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()
