"""Bodies of requests and answers that are too large to be held in memory."""

from __future__ import annotations

import http.client
import os
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20


class FileSlice:
    """The bytes of an open file from `start` up to, not including, `end`, as the body of a request."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._descriptor = file.fileno()
        self._start = self._position = start
        self._end = end

    def __len__(self) -> int:
        return self._end - self._start

    def read(self, size: int = CHUNK, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        data = os.pread(self._descriptor, max(0, min(size, self._end - self._position)), self._position)
        self._position += len(data)
        return data

    def seek(self, offset: int) -> None:
        """Go on from `offset` within the slice."""
        self._position = self._start + offset


class Incoming:
    """An answer whose body is still to be read: status, headers with lower-case names, and an iterator of chunks."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers = lower_headers(response)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._response.read(CHUNK):
            yield chunk
        if self._response.length:  # http.client ends such a body as if it were whole
            raise http.client.IncompleteRead(b"", self._response.length)


def lower_headers(response: http.client.HTTPResponse) -> dict[str, str]:
    """The headers of an answer by their lower-case names."""
    return {name.lower(): value for name, value in response.getheaders()}
