"""Loaded by child processes at their start: host names of the post lead to ports of this machine."""

import os
import socket

_ROUTES = dict(route.split("=") for route in os.environ.get("POST_ROUTES", "").split())
_resolve = socket.getaddrinfo


def _resolve_here(host, port, *arguments, **options):
    here = _ROUTES.get(f"{host}:{port}")
    if here is not None:
        host, port = here.split(":")
    return _resolve(host, port, *arguments, **options)


socket.getaddrinfo = _resolve_here
