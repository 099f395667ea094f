"""What no answer may tell of: the server's code, its statements, its places and its passwords."""

from __future__ import annotations

import re

_TOLD = re.compile(
    rb"Traceback|File \"|\.py\b|line \d+, in |\bselect .{1,300} from |insert into |sqlite|psycopg|pymysql|uvicorn|"
    rb"starlette|msgspec|assay\.(server|service|store|wire|core|blobs)|/site-packages/|(postgresql|mysql)(\+\w+)?://",
    re.IGNORECASE,
)


def leaks(server, body):
    """What an answer tells that it should not; empty when it tells nothing of it."""
    places = {server.config.backend_store_uri, server.config.artifacts_destination}
    return [found.group() for found in _TOLD.finditer(body)] + [place for place in places if place.encode() in body]
