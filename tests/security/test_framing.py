"""Requests whose end could be read in two ways: a proxy must not be made to see other ones than the server does."""

from __future__ import annotations

import socket

import pytest

HEAD = b"POST /api/2.0/mlflow/experiments/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
HIDDEN = b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"
AMBIGUOUS = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}",
    "a list of lengths": b"Content-Length: 2, 2\r\n\r\n{}",
    "a sign": b"Content-Length: +2\r\n\r\n{}",
    "a negative length": b"Content-Length: -2\r\n\r\n{}",
    "a length beyond 64 bits": b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "a length of many digits": b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    "another coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": b"X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
    "a chunk beyond 64 bits": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "a negative chunk": b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "NUL in a header": b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "a lone CR in a header": b"X: a\rb\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_ends_in_two_ways_is_refused_and_what_stands_behind_it_not_read(server, people, name):
    login = b"Authorization: " + people["reader"].headers["Authorization"].encode() + b"\r\n"
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(HEAD + login + AMBIGUOUS[name] + HIDDEN)
        told = b""
        while piece := connection.recv(65536):
            told += piece
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1, "one answer, and the connection is closed"
