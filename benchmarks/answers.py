"""Put one HTTP/1.1 answer together from the pieces that a socket gives."""

from benchmarks.errors import BenchmarkError

_END_OF_HEAD = b"\r\n\r\n"


class Answer:
    """One answer under way; `feed` it until it says that it is whole."""

    __slots__ = ("_buffer", "_end", "_position", "_start", "status")

    def __init__(self) -> None:
        self.status = 0
        self._buffer = bytearray()
        self._start = 0  # of the body; 0 until the head is read
        self._end = 0  # of the body; 0 where it comes in chunks
        self._position = 0  # of the next chunk's size line

    def feed(self, data: bytes) -> bool:
        """Take more bytes.

        Returns:
            Whether the answer is whole.

        Raises:
            BenchmarkError: It has neither a length nor chunks, so its end cannot be known on an open connection.
        """
        self._buffer += data
        if not self._start and not self._read_head():
            return False
        if self._end:
            return len(self._buffer) >= self._end
        return self._skip_chunks()

    def body(self) -> bytes:
        """The body of a whole answer."""
        if self._end:
            return bytes(self._buffer[self._start : self._end])
        parts = []
        position = self._start
        while (size_end := self._buffer.index(b"\r\n", position)) and (
            size := int(self._buffer[position:size_end].split(b";")[0], 16)
        ):
            parts.append(bytes(self._buffer[size_end + 2 : size_end + 2 + size]))
            position = size_end + 2 + size + 2
        return b"".join(parts)

    def _read_head(self) -> bool:
        end = self._buffer.find(_END_OF_HEAD)
        if end < 0:
            return False
        head = bytes(self._buffer[:end]).lower()
        self.status = int(head[9:12])
        self._start = self._position = end + len(_END_OF_HEAD)
        length = head.find(b"\r\ncontent-length:")
        if length >= 0:
            self._end = self._start + int(head[length + 17 :].split(b"\r\n", 1)[0])
        elif b"\r\ntransfer-encoding: chunked" not in head:
            raise BenchmarkError(f"An answer has neither Content-Length nor chunks:\n{head.decode('latin-1')}")
        return True

    def _skip_chunks(self) -> bool:
        while True:
            size_end = self._buffer.find(b"\r\n", self._position)
            if size_end < 0:
                return False
            size = int(self._buffer[self._position : size_end].split(b";")[0], 16)
            following = size_end + 2 + size + 2
            if len(self._buffer) < following:
                return False
            if not size:
                return True
            self._position = following
