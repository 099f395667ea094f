"""Identifiers and random run names."""

from __future__ import annotations

import os
import random

_ADJECTIVES = (
    "able agile amber apt arctic astral azure bold brave bright brisk calm candid clean clear clever cobalt cosmic "
    "crisp curious deft eager early earnest fair fleet fluent frank fresh gentle glad golden grand honest humble "
    "indigo ivory jade jolly keen kind lively lucid lunar mellow merry mild modest neat nimble noble olive patient "
    "placid plucky polite proud prime quick quiet rapid ready robust rustic sage serene sharp silver sincere smooth "
    "solar solid stately steady still stoic subtle sunny swift tidy tranquil true upbeat valiant warm wise witty zesty"
).split()
_NOUNS = (
    "alloy anchor anvil arch aspen badger basin beacon beaker birch bison brook canyon cedar cliff cobalt comet condor "
    "copper coral crane crater crucible cypress delta dune eagle elm ember falcon fern finch fjord flask forge fox "
    "garnet glacier grove gull harbor hare hawk heron hill ibis iris island jay juniper kelp lagoon lake larch lark "
    "lynx maple marble marsh meadow mesa mica moor moss nebula nickel oak orbit orca osprey otter owl pebble pine "
    "plover prism quartz quail raven reef ridge river robin sable shoal shore sparrow spruce stone stork swan "
    "thistle tide topaz tundra valley vole walnut willow wren zinc"
).split()


def hex_id() -> str:
    """A new run id: 32 random hexadecimal digits, as MLflow makes them."""
    return os.urandom(16).hex()


def request_id() -> str:
    """What one request is called in its answer and in the server's log: 16 random hexadecimal digits."""
    return os.urandom(8).hex()


def run_name() -> str:
    """A name such as `brisk-heron-417`, for a run that was given none."""
    return f"{random.choice(_ADJECTIVES)}-{random.choice(_NOUNS)}-{random.randrange(1000)}"  # noqa: S311 -- no secret # nosec B311
